"""Targets that read games, and what is written beside them: numbers, letters, profiles, edits.

A target takes bytes that anybody may have sent. What it may raise is an error of nl2efg's own;
beside that it holds what is read against what is written of it. The first byte of some chooses the
game.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from nl2efg.comparison.changes import game_changes
from nl2efg.dialect.execution import execute
from nl2efg.equilibria.wording import profile_words
from nl2efg.errors import FormatError, UserError
from nl2efg.families import family_of, read_expression
from nl2efg.families.conditions import read_conditions
from nl2efg.families.expression_text import value_of
from nl2efg.families.note_writing import END, START, with_note
from nl2efg.formats import read_efg, read_game, read_nfg, write_efg
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.effort import EffortError
from nl2efg.library.profiles import as_profile
from nl2efg.revision.edit_list import EditList
from nl2efg.sweeps.axes import read_axis
from tests.random_families import random_family

GAMES = Path(__file__).parents[2] / "fixtures/games"
NODES = 10_000
_FEW = 400
"""Nodes of a game that is written and read again."""

_SMALL = ("kuhn_poker", "entry_deterrence", "absent_minded_driver", "five_players")


@cache
def bundled(names: tuple[str, ...] = _SMALL) -> tuple[GameTree, ...]:
    """The games of some folders."""
    files = [file for name in names for file in sorted((GAMES / name).glob("*.efg"))[:1]]
    return tuple(read_efg(file.read_text(encoding="utf-8")) for file in files)


def chosen(data: bytes, trees: tuple[GameTree, ...]) -> tuple[GameTree, str]:
    """The game that the first byte chooses, and the rest as text."""
    first = data[0] if data else 0
    return trees[first % len(trees)], data[1:].decode("utf-8", "replace")


def efg(data: bytes) -> None:
    """A game file. What is read of it must survive being written and read again."""
    with suppress(FormatError):
        tree = read_efg(data.decode("utf-8", "replace"), notices=[])
        if read_efg(write_efg(tree), notices=[]) != tree:
            raise AssertionError("what was written reads as another game")


def nfg(data: bytes) -> None:
    """A file of a strategic game."""
    with suppress(FormatError):
        read_nfg(data.decode("utf-8", "replace"))


def game(data: bytes) -> None:
    """A file of any kind, such as GTE's XML, an .ef drawing or a workspace."""
    with suppress(FormatError):
        tree = read_game(data.decode("utf-8", "replace"), "f.txt", notices=[])
        if len(tree) < _FEW and read_efg(write_efg(tree), notices=[]) != tree:
            raise AssertionError("what was written reads as another game")


def expression(data: bytes) -> None:
    """An expression. Its text must read as the same one, with the same values."""
    text = data.decode("utf-8", "replace")
    with suppress(ValueError):
        found = read_expression(text)
        if read_expression(found.text) != found:
            raise AssertionError(f"{found.text!r:.80} reads as another expression")
        values = {letter: Fraction(n + 2, 3) for n, letter in enumerate(sorted(found.letters))}
        with suppress(ZeroDivisionError):
            there = found.at(values)
            if value_of(text, values) not in (None, there):
                raise AssertionError(f"{text!r:.80} has two values")
    with suppress(ValueError):
        read_conditions(text)


@cache
def _families() -> tuple[GameTree, ...]:
    return tuple(with_note(random_family(seed)) for seed in range(4))


def note(data: bytes) -> None:
    """The note of a game with letters. What is taken of it fits the game."""
    tree, text = chosen(data, _families())
    family = family_of(replace(tree, comment=f"{START}{text}{END}"))
    if family is None:
        return
    for number, player in family.payoffs:
        if not (0 <= number < len(tree.outcomes) and 0 <= player < len(tree.players)):
            raise AssertionError("an expression of an outcome that is not there")
    with suppress(UserError):
        family.with_values({each.symbol: each.value + 1 for each in family.parameters})


def axis(data: bytes) -> None:
    """``--over`` and ``--set``: an axis of a sweep, and values of letters."""
    tree, text = chosen(data, _families())
    family = family_of(tree)
    assert family is not None
    if sum(map(str.isdigit, text)) < 60:  # ten million points take their time
        with suppress(UserError):
            read_axis(text.replace("00000", ""), family)
    symbol, _, value = text.partition("=")
    with suppress(UserError):
        family.with_values({symbol: value})


def profile(data: bytes) -> None:
    """A profile in words, a table or JSON. What is read is told in words that mean the same."""
    tree, text = chosen(data, bundled())
    with suppress(UserError):
        found = as_profile(tree, text)
        told = "\n".join(profile_words(found))
        exact = all(isinstance(each, Fraction) for row in found.probabilities for each in row)
        if exact and as_profile(tree, told).probabilities != found.probabilities:
            raise AssertionError("what was told reads as another profile")


def edits(data: bytes) -> None:
    """Edits by hand: a word each for what is done, then its arguments, on lines of their own."""
    tree, text = chosen(data, (*bundled(), *_families()))
    kinds: dict[str, list[tuple[str, ...]]] = {}
    for line in text.split("\n")[:8]:
        kind, *words = line.split("|")
        kinds.setdefault(kind, []).append(tuple(words))
    wanted = {"payoff": 3, "probability": 3, "join": 2, "split": 1, "rename": 2}
    kept = {
        kind: [words for words in kinds.get(kind, ()) if len(words) == count]
        for kind, count in wanted.items()
    }
    listed = EditList(
        kept["payoff"],
        kept["probability"],
        kept["join"],
        [words[0] for words in kept["split"]],
        kept["rename"],
    )
    with suppress(UserError):
        changed = listed.done(tree)
        game_changes(tree, changed)
        if read_efg(write_efg(changed), notices=[]) != changed:
            raise AssertionError("what was written reads as another game")


_STEPS = (
    "g.append_move({0}, {1}, {2})",
    "g.append_event({0}, {{{1}: '1/2', {2}: '1/2'}})",
    "g.append_infoset({0}, {3})",
    "g.make_outcome({0}, {{'Ann': {4}, 'Ben': {5}}}, {1})",
    "g.make_infoset({0}, {1})",
    "g.make_infoset({0})",
    "g.set_outcome({0}, g.outcomes[{4}])",
    "g.delete_tree({0})",
    "g.insert_move({0}, {1}, {4})",
    "g.leave_infoset({0})",
    "g.relabel_actions({0}, {{{1}: {2}}})",
    "g.set_chance_probs({0}, [{4}, {5}])",
    "x = {0}",
    "x = [len(g.{6}), {0}]",
    "g.reveal({0}, {1})",
    "g.copy_tree({0}, {3})",
    "g.move_tree({0}, {3})",
    "g.set_move_actions({0}, [{1}, {2}])",
)
_SELECTED = (
    "H.path()", "H.path({1})", "H.path(...)", "H.path({1}, {2})", "H.path(..., {1})", "H.plays",
    "H.plays.after({1})", "H.after({1})", "H.after()", "H.path({1}).plays",
    "H.plays.filter(lambda h: len(h) > {4})", "H.plays.by(lambda h: h[-1].action)",
    "H.plays.by(lambda h: h.last_action({1}))", "H.plays.by(lambda h: 0).by_last_action({1}).plays",
    "H.path(...).by(lambda h: h[{4}]).after({2})", "g.root", "g.root.children[{4}]", "None", "g",
    "H.plays.by(lambda h: [h.last_action({1})])", "H.path(...).path({1}).filter(lambda h: h)",
    "H.plays.filter(lambda h: 1/0)", "H.plays.after(...)", "H()",
)  # fmt: skip
_LABELS = ('"Ann"', '"Ben"', '"stop"', '"go"', '"left"', '""', '"x"', "['x', 'y']", "None", "3",
           "'Chance'", "g.players.chance", "g.players[0]", "...", "{}", "H.plays")  # fmt: skip
_NUMBERS = ("0", "1", "-1", "'1/2'", "0.5", "None", "'x'", "2", "10**30", "float('nan')")
_PARTS = ("nodes", "players", "outcomes", "infosets", "actions", "root.children", "title")
_BEGIN = (
    'import pygambit as gbt\nfrom pygambit import H\ng = gbt.ExtensiveGame(["Ann", "Ben"], "T")\n'
    'g.append_move(H.path(), "Ann", ["stop", "go"])\n'
)


def selectors(data: bytes) -> None:
    """Programs of pygambit 17, drawn from a grammar, so that nothing but the dialect runs."""
    bytes_left = iter(data)

    def pick(items: tuple[str, ...]) -> str:
        return items[next(bytes_left, 0) % len(items)]

    lines = []
    while len(lines) < 12 and (first := next(bytes_left, None)) is not None:
        words = [pick(_LABELS), pick(_LABELS)]
        numbers = [pick(_NUMBERS), pick(_NUMBERS)]
        one, other = (pick(_SELECTED).format("", *words, "", *numbers) for _ in range(2))
        step = _STEPS[first % len(_STEPS)]
        lines.append(step.format(one, *words, other, *numbers, pick(_PARTS)))
    done = execute(_BEGIN + "\n".join(lines) + "\n", max_nodes=NODES)
    for found in done.diagnostics:
        if "internal" in found.message or found.code == "B100":
            raise AssertionError(f"{found} in {lines}")
    if done.game is not None:
        with suppress(ValueError, EffortError):
            done.game.to_tree()


def bundled_games() -> Iterator[bytes]:
    """Every bundled game."""
    for file in sorted(GAMES.rglob("*.efg")):
        yield file.read_bytes()


def strategic_games() -> Iterator[bytes]:
    """Both forms of a strategic game's file."""
    yield b'NFG 1 R "t" { "A" "B" } { 2 2 } 1 -1 2/3 0 0.5 1 1e2 0'
    yield (
        b'NFG 1 R "t" { "A" "B" } { { "l" "r" } { "x" "y" } } "c"\n'
        b'{ { "o" 1, -2 } { "p" 1/2 3 } } 1 2 0 1'
    )


def other_games() -> Iterator[bytes]:
    """Games of other programs."""
    yield from strategic_games()
    yield (
        b'<gte><gameDescription>t</gameDescription><players><player playerId="1">A</player>'
        b'<player playerId="2">B</player></players><extensiveForm><node player="A" iset="1">'
        b'<node move="l" player="B"><outcome move="x"><payoff player="A" value="1"/></outcome>'
        b'<outcome move="y"/></node><node move="r"><outcome prob="1/2"/><outcome prob="0.5">'
        b'<payoff player="B">3</payoff></outcome></node></node></extensiveForm></gte>'
    )
    yield (
        b'<gte><players><player playerId="1">A</player><player playerId="2">B</player></players>'
        b'<strategicForm size="{2,2}"><strategy player="A">{"u" "d"}</strategy>'
        b'<strategy player="B">{"l" "r"}</strategy><payoffs player="A">1 2 3 4</payoffs>'
        b'<payoffs player="B">4 3 2 1</payoffs></strategicForm></gte>'
    )
    yield (
        b"player 1 name A\nplayer 2 name B\nlevel 0 node 1 player 0\n"
        b"level 1 node 1 player 1 xshift -2a=1.5 from 0,1 move \\frac{1}{2}\n"
        b"level 1 node 2 player 1 xshift 2a from 0,1 move Deal~(1/2)\n"
        b"level 2 node 1 xshift -1 from 1,1 move L payoffs 1 2\n"
        b"level 2 node 2 xshift 1 from 1,1 move R payoffs 3 $-4$\n"
        b"level 2 node 3 xshift -1 from 1,2 move L payoffs 1 2\n"
        b"level 2 node 4 xshift 1 from 1,2 move R payoffs 0 0\niset 1,1 1,2 player 1\n"
    )
    yield b'<gambit:document><game><efgfile>EFG 2 R "t" { "A" } t "" 0</efgfile></game>'


def expressions() -> Iterator[bytes]:
    """Expressions and conditions."""
    for text in ("delta*(1 - p) - c", "2**3/(a + b)^2 - .5", "D2 > 0 >= P2 - 1/3", "-x·y × (−3)"):
        yield text.encode()


def notes() -> Iterator[bytes]:
    """Notes of games with letters."""
    for number, tree in enumerate(_families()):
        inner = tree.comment[tree.comment.index(START) + len(START) :]
        yield bytes([number]) + inner[: inner.rindex(END)].encode()


def axes() -> Iterator[bytes]:
    """Axes and values."""
    for number, tree in enumerate(_families()):
        family = family_of(tree)
        assert family is not None
        symbol = family.parameters[0].symbol
        for rest in ("0:1:11", "1/4,1/2", "1/3", "1:12"):
            yield bytes([number]) + f"{symbol}={rest}".encode()


def profiles() -> Iterator[bytes]:
    """Profiles in several forms."""
    for number, tree in enumerate(bundled()):
        rows = tuple(
            own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
            for own in tree.information_sets
        )
        yield bytes([number]) + "\n".join(profile_words(BehaviourProfile(tree, rows))).encode()
    for text in (
        '{"profile": {"0": {"Bet": "1/3"}, "Ann with K": "check"}}',
        "[[1, 0], [0.5, 0.5]]",
        "player,history,action,probability\nAlice,,Bet,1/3\n",
        "Alice bets with K, checks with Q or J with probability 2/3; otherwise calls half the time",
    ):
        yield b"\0" + text.encode()


def edit_lines() -> Iterator[bytes]:
    """Edits of the bundled games."""
    yield b"\0payoff|*, Bet, Fold|Alice|7/2\nrename|Bet|Raise\nsplit|King, Check"
    yield b"\1rename|player:Entrant|E\njoin|In|Out\npayoff|#1|#2|-1\nprobability||#1|1/3"


def selector_choices() -> Iterator[bytes]:
    """Some choices of the grammar."""
    for start in range(0, 256, 16):
        yield bytes((start + 7 * n) % 256 for n in range(64))
