"""Reading the XML of Game Theory Explorer (GTE), of both its generations.

The format, as its programs write it (https://github.com/gambitproject/gte): ``<gte>`` with
``<players>`` and an ``<extensiveForm>`` of nested ``<node>`` and ``<outcome>`` elements, or a
``<strategicForm>``. Who moves is a player's name or number; a node whose children have
probabilities is one of chance; members of an information set share ``iset``.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from nl2efg.errors import FormatError
from nl2efg.formats.efg_tokens import NUMBER, TEXT, Scanner
from nl2efg.formats.loose_tree import LooseNode, tree_of
from nl2efg.formats.nfg import simultaneous_game
from nl2efg.formats.safe_labels import steady_game
from nl2efg.formats.xml_reader import Element, read_xml
from nl2efg.game.model import CHANCE, GameTree, Outcome
from nl2efg.game.numbers import exact_number

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:gte|extensiveForm)\b", re.DOTALL
)
_NODES = ("node", "outcome")


def is_gte(text: str) -> bool:
    """Whether a text starts as GTE's XML does."""
    return bool(_START.match(text[:4096]))


def read_gte(text: str, source: str = "") -> GameTree:
    """The game that a text in GTE's XML describes.

    Args:
        text: the whole file.
        source: its name, for messages.

    Raises:
        FormatError: with the line, if it describes no game.
    """
    root = read_xml(text, source)
    tree = root if root.name == "extensiveForm" else root.first("extensiveForm")
    reader = _Reader(root, source)
    if tree is not None:
        return steady_game(reader.extensive(tree))
    table = root.first("strategicForm")
    if table is None:
        reader.fail(root, "there is neither an <extensiveForm> nor a <strategicForm>")
    return steady_game(reader.strategic(table))


class _Reader:
    def __init__(self, root: Element, source: str) -> None:
        self._source = source
        told = root.first("gameDescription")
        self._title = told.text if told is not None else ""
        named = root.first("players")
        players = named.children if named is not None else []
        self._players = [player.text for player in players]
        self._numbers = {
            player.attributes.get("playerId", ""): place for place, player in enumerate(players)
        }
        self._numbers |= {name: place for place, name in enumerate(self._players)}
        self._owners: dict[str, int] = {}  # of information sets, by their name

    def fail(self, at: Element, message: str) -> NoReturn:
        """Raise a FormatError that points at an element."""
        raise FormatError(message, source=self._source, line=at.line)

    def _player(self, name: str) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self._players)
            self._players.append(name)
        return self._numbers[name]

    def _number(self, at: Element, written: str, what: str) -> Fraction:
        found = exact_number(written.strip())
        if found is None:
            self.fail(at, f"{what} must be a number, but is {written.strip()[:30]!r}")
        return found

    def extensive(self, form: Element) -> GameTree:
        """The game of an ``<extensiveForm>``."""
        tops = [child for child in form.children if child.name in _NODES]
        if len(tops) != 1:
            self.fail(form, f"a tree has one root, but here are {len(tops)} nodes")
        root = LooseNode(tops[0].line)
        paid: list[tuple[LooseNode, dict[int, Fraction]]] = []
        stack = [(tops[0], root)]
        while stack:
            element, node = stack.pop()
            payoffs = self._payoffs(element)
            if payoffs:
                paid.append((node, payoffs))
            node.node_label = element.attributes.get("nodeName", "")
            node.outcome_label = element.attributes.get("outcomeName", "")
            below = [child for child in element.children if child.name in _NODES]
            node.children = [self._child(child) for child in below]
            if below:
                self._mover(element, node)
            stack.extend(reversed(list(zip(below, node.children, strict=True))))
        for node, payoffs in paid:
            count = range(len(self._players))
            node.payoffs = tuple(payoffs.get(player, Fraction(0)) for player in count)
        return tree_of(root, self._players, title=self._title, source=self._source)

    def _child(self, element: Element) -> LooseNode:
        given = element.attributes.get("prob")
        probability = None if given is None else self._number(element, given, "a probability")
        label = element.attributes.get("move", given or "")
        return LooseNode(element.line, label, probability)

    def _mover(self, element: Element, node: LooseNode) -> None:
        name, owner = element.attributes.get("iset"), element.attributes.get("player")
        node.infoset_label = element.attributes.get("isetName", "")
        if any(child.probability is not None for child in node.children):
            node.player = CHANCE
            return
        if owner is not None:
            node.player = self._player(owner)
        elif name is not None:
            node.player = self._owners.get(name)
        if node.player is None:
            self.fail(element, "it is not said who moves at this node")
        if name is not None:
            self._owners.setdefault(name, node.player)
            node.infoset = node.player, name

    def _payoffs(self, element: Element) -> dict[int, Fraction]:
        found = {}
        for child in element.children:
            if child.name == "payoff":
                player = self._player(child.attributes.get("player", ""))
                written = child.attributes.get("value", child.text)
                found[player] = self._number(child, written, "a payoff")
        return found

    def strategic(self, form: Element) -> GameTree:
        """The game of a ``<strategicForm>`` of two players; rows are the first one's strategies."""
        tables: dict[int, list[Fraction]] = {}
        labels: dict[int, list[str]] = {}
        for child in form.children:
            player = self._player(child.attributes.get("player", ""))
            scan = Scanner(child.text, f"{self._source}:{child.line}".removeprefix(":"))
            if child.name == "strategy":
                labels[player] = scan.texts("around the strategies")
            elif child.name == "payoffs":
                tables[player] = []
                while scan.kind == NUMBER:
                    tables[player].append(scan.number("a payoff"))
                if scan.kind == TEXT or scan.value:
                    scan.expected("a payoff")
        if len(self._players) != 2 or len(tables) != 2:
            self.fail(form, "of GTE's strategic forms only those of two players are read")
        columns = len(labels.get(1, ())) or self._columns(form)
        size = len(tables[0])
        if not columns or not size or size % columns or len(tables[1]) != size:
            self.fail(form, "the payoffs of the two players do not fill one table")
        rows = size // columns
        names = [labels.get(0) or _numbered(rows), labels.get(1) or _numbered(columns)]
        if [len(names[0]), len(names[1])] != [rows, columns]:
            self.fail(form, f"{size} payoffs are no table of {len(names[0])} by {columns}")
        outcomes = [Outcome(pair) for pair in zip(tables[0], tables[1], strict=True)]
        by_column = [row * columns + column for column in range(columns) for row in range(rows)]
        return simultaneous_game(self._players, names, outcomes, by_column, title=self._title)

    def _columns(self, form: Element) -> int:
        sizes = re.findall(r"\d{1,6}", form.attributes.get("size", ""))
        return int(sizes[1]) if len(sizes) == 2 else 0


def _numbered(count: int) -> list[str]:
    return [str(number + 1) for number in range(count)]
