r"""Reading the ``.ef`` files of draw_tree (gtdraw), which place a game tree for TikZ.

The format: https://github.com/gambitproject/draw_tree. A line is a node, with its level, the node
that it comes from and the move that leads to it, or an information set, or a player's name. Names
are TeX. Moves of one node are ordered from left to right, as they are drawn; probabilities of
chance stand in the text of its moves (``\frac{1}{2}``, or behind a name in brackets).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from nl2efg.errors import FormatError
from nl2efg.formats.loose_tree import LooseNode, tree_of
from nl2efg.formats.safe_labels import steady_game
from nl2efg.formats.tex_text import plain_text
from nl2efg.game.model import CHANCE, GameTree
from nl2efg.game.numbers import exact_number

_START = re.compile(
    r"(?:[ \t\r]*(?:%[^\n]*)?\n)*+[ \t]*(?:player\s+\d+\s+name\b|level\s+[\d.]+\s+node\b)"
)
_SHIFT = re.compile(r"(-?)([\d.]*)([A-Za-z]\w*)?(?:=([\d.]+))?")
_PROBABILITY = re.compile(r"\d*\.?\d+(?: ?/ ?\d+)?")
MAX_PLAYERS = 99
"""Far more than can be drawn."""


def is_ef(text: str) -> bool:
    """Whether a text starts as an ``.ef`` file does."""
    return bool(_START.match(text.removeprefix("\ufeff")))


def read_ef(text: str, source: str = "") -> GameTree:
    """The game that a text in the .ef format draws.

    Args:
        text: the whole file.
        source: its name, for messages.

    Raises:
        FormatError: with the line, if it draws no game.
    """
    return steady_game(_Reader(source).game(text))


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._line = 0
        self._names: dict[int, str] = {}
        self._nodes: dict[tuple[Fraction, str], LooseNode] = {}
        self._roots: list[LooseNode] = []
        self._moves: dict[int, str] = {}  # the TeX of the move to a node, by its id()
        self._shifts: dict[str, Fraction] = {}
        self._right: dict[int, Fraction] = {}  # how far right of its parent a node is drawn

    def game(self, text: str) -> GameTree:
        for self._line, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            words = line.split()
            if not words or words[0].startswith("%"):
                continue
            reader = {"player": self._player, "level": self._level, "iset": self._set}
            if words[0] not in reader:
                self._fail(f"a line starts with player, level or iset, but here is {words[0]:.30}")
            reader[words[0]](words)
        inner = [node for node in self._roots if node.children]
        roots = inner or self._roots[:1]  # what stands by itself is there for its space
        if not roots:
            self._fail("the file draws no nodes")
        if len(roots) > 1:
            self._line = roots[1].line
            self._fail(f"this node comes from no other, as the one at line {roots[0].line}")
        for node in self._nodes.values():
            node.children.sort(key=lambda child: self._right[id(child)])
            for child in node.children:
                self._name_move(child, by_chance=node.player == CHANCE)
        count = max(self._names, default=0)
        players = [self._names.get(number, str(number)) for number in range(1, count + 1)]
        return tree_of(roots[0], players, source=self._source)

    def _fail(self, message: str, hint: str = "") -> NoReturn:
        raise FormatError(message, source=self._source, line=self._line, hint=hint)

    def _number(self, word: str, what: str) -> Fraction:
        found = exact_number(plain_text(word).replace("−", "-").replace(" ", ""))
        if found is None:
            self._fail(f"{what} must be a number, but is {word:.30}")
        return found

    def _player(self, words: list[str]) -> int:
        """``player 1 name Ann``; its number, counted as our players are."""
        number = self._number(words[1], "a player") if len(words) > 1 else -1
        if number not in range(MAX_PLAYERS + 1):
            self._fail("the number of a player must follow")
        number = int(number)
        if words[2:3] == ["name"] and len(words) > 3 and number:
            self._names[number] = plain_text(words[3])
        elif number:
            self._names.setdefault(number, str(number))
        return number - 1 if number else CHANCE

    def _key(self, level: str, name: str) -> tuple[Fraction, str]:
        return self._number(level, "a level"), name

    def _level(self, words: list[str]) -> None:
        if len(words) < 4 or words[2] != "node":
            self._fail("a node is written as: level 2 node 1 …")
        key = self._key(words[1], words[3])
        if key in self._nodes:
            self._fail(f"there is a node {words[1]},{words[3]} already")
        node = self._nodes[key] = LooseNode(self._line)
        parent: LooseNode | None = None
        place, right = 4, Fraction(0)
        while place < len(words):
            word, following = words[place], words[place + 1 : place + 2]
            kind = word.partition(":")[0]
            if kind == "payoffs":
                node.payoffs = tuple(self._number(p, "a payoff") for p in words[place + 1 :])
                break
            if kind not in ("player", "xshift", "from", "move", "arrow") or not following:
                self._fail(f"{word:.30} is no word of the format, or nothing follows it")
            value = following[0]
            if kind == "player":
                node.player = self._player(words[place : place + 2])
                place += 2 * (words[place + 2 : place + 3] == ["name"])
            elif kind == "xshift":
                right = self._shift(value)
            elif kind == "from":
                parent = self._named(value)
            elif kind == "move":
                self._moves[id(node)] = value
            place += 2
        self._right[id(node)] = right
        (self._roots if parent is None else parent.children).append(node)

    def _shift(self, word: str) -> Fraction:
        """``-2a=1.5``: twice the length a, which is 1.5 from here on, to the left."""
        found = _SHIFT.fullmatch(word)
        if found is None:
            self._fail(f"{word:.30} is no length")
        sign, times, name, value = found.groups()
        length = self._number(times, "a length") if times else Fraction(1)
        if name:
            if value:
                self._shifts[name] = self._number(value, "a length")
            if name not in self._shifts:
                self._fail(f"the length {name:.30} is not said")
            length *= self._shifts[name]
        return -length if sign else length

    def _named(self, word: str) -> LooseNode:
        level, _, name = word.partition(",")
        found = self._nodes.get(self._key(level, name))
        if found is None:
            self._fail(f"there is no node {word:.30} above")
        return found

    def _set(self, words: list[str]) -> None:
        members: list[LooseNode] = []
        player: int | None = None
        place = 1
        while place < len(words):
            if words[place] == "player":
                player = self._player(words[place : place + 2])
                place += 2
            else:
                members.append(self._named(words[place]))
                place += 1
        said = [node.player for node in members if node.player is not None]
        owner = player if player is not None else said[0] if said else None
        for node in members:
            if node.infoset is not None:
                self._fail(f"the node of line {node.line} is in another information set already")
            node.infoset = self._line
            node.player = owner if node.player is None else node.player

    def _name_move(self, node: LooseNode, *, by_chance: bool) -> None:
        self._line = node.line
        node.label = plain_text(self._moves.get(id(node), ""))
        if not by_chance:
            return
        name, probability = _with_probability(node.label)
        if not probability:
            self._fail("the probability of this move of chance is not given")
        node.probability = self._number(probability, "a probability")
        node.label = name


def _with_probability(text: str) -> tuple[str, str]:
    """A chance move's name and its probability: ``Deal (1/3)``, ``Deal 1/3``, or ``1/3`` alone."""
    if _PROBABILITY.fullmatch(text):
        return text, text
    name, bracket, rest = text.rpartition("(")
    inner = rest.rstrip().removesuffix(")").strip()
    if bracket and _PROBABILITY.fullmatch(inner):
        return name.rstrip(), inner
    name, _, last = text.rpartition(" ")
    return (name.rstrip(), last) if "/" in last and _PROBABILITY.fullmatch(last) else (text, "")
