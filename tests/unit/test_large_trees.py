"""What works on a whole tree is near-linear: twice the tree, twice the work and twice the text.

Work is counted in executed lines, so that nothing here depends on a clock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.checks import check
from nl2efg.cli import main
from nl2efg.cli.show import tree_lines
from nl2efg.comparison import compare
from nl2efg.drawing import draw_dot, draw_html, draw_svg
from nl2efg.equilibria.wording import profile_words
from nl2efg.formats import write_efg
from nl2efg.formats.english import describe
from nl2efg.gambit import to_code
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.prose.text import Prose
from nl2efg.provenance import provenance
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.sketch import Sketch

SIZE = 150
GROWTH = 2.4  # of what is at most n log n, from one size to twice that size
PACKAGE = str(Path(nl2efg.__file__).parent)
TEXT = (
    "Ann moves first and goes or stops. Ben does not see what Ann did. A coin is tossed with "
    "probability 1/3. If Ann stops, both get 2. If Ben goes, Ann gets 3 and Ben gets 0."
)
SKETCH = Sketch.model_validate(
    {
        "is_game": True,
        "players": [{"name": "Ann", "quote": "Ann"}, {"name": "Ben", "quote": "Ben"}],
        "information_sets": [
            {"player": "Ben", "histories": [["go", "up"], ["up", "go", "go"]], "actions": ["go"]}
        ],
    }
)


def wide(size: int) -> GameTree:
    """One move with many actions."""
    builder = TreeBuilder(["Ann", "Ben"])
    actions = [f"a{number}" for number in range(size)]
    for number, end in enumerate(builder.move(0, builder.information_set(0, actions))):
        builder.pay(end, [number, -number])
    return builder.build()


def hidden(size: int) -> GameTree:
    """One move with many actions, of which the second player sees none."""
    builder = TreeBuilder(["Ann", "Ben"])
    own = builder.information_set(1, ["L", "R"])
    actions = [f"a{number}" for number in range(size // 2)]
    for number, node in enumerate(builder.move(0, builder.information_set(0, actions))):
        for place, end in enumerate(builder.move(node, own)):
            builder.pay(end, [number, place])
    return builder.build()


def deep(size: int, players: int = 2, actions: tuple[str, ...] = ("stop", "go")) -> GameTree:
    """One move after the other, in information sets of their own."""
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(size):
        own = builder.information_set(stage % players, actions)
        *ends, node = builder.move(node, own)
        for end in ends:
            builder.pay(end, [stage, stage % 5])
    builder.pay(node, [3, 3])
    return builder.build()


def deep_alone(size: int) -> GameTree:
    """A deep tree of one player."""
    return deep(size, 1)


def unary(size: int) -> GameTree:
    """One move without a choice after the other."""
    return deep(size, 1, ("go",))


def flawed(size: int) -> GameTree:
    """A deep tree with a flaw at every move."""
    return deep(size, 2, ("go", "go"))


def forgetful(size: int) -> GameTree:
    """One information set that every node of a deep tree is in."""
    builder = TreeBuilder(["Ann"])
    own = builder.information_set(0, ["stop", "go"])
    node = 0
    for stage in range(size):
        end, node = builder.move(node, own)
        builder.pay(end, [stage])
    builder.pay(node, [0])
    return builder.build()


def draws(size: int) -> GameTree:
    """Two branches with a row of draws of one outcome, called differently in each."""
    builder = TreeBuilder(["Ann", "Ben"])
    for branch, node in enumerate(builder.move(0, builder.information_set(0, ["L", "R"]))):
        for stage in range(size // 2):
            (node,) = builder.move(node, builder.chance([f"{branch}.{stage}"], [1]))
        for end in builder.move(node, builder.information_set(1, ["go", "stop"])):
            builder.pay(end, [branch, 2])
    return builder.build()


def coins(size: int) -> GameTree:
    """A coin after the other, each of which may end the game."""
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(size):
        chances = [Fraction(1, 3 + stage), Fraction(2 + stage, 3 + stage)]
        end, node = builder.move(node, builder.chance(["heads", "tails"], chances))
        builder.pay(end, [stage, 1])
    for end in builder.move(node, builder.information_set(0, ["go", "stop"])):
        builder.pay(end, [0, 2])
    return builder.build()


SHAPES = (wide, hidden, deep, deep_alone, unary, flawed, forgetful, draws, coins)


def lines_run(function: Callable[[GameTree], str], tree: GameTree) -> tuple[int, int]:
    """How many lines of the package run, every turn of a loop counted; the length of the text."""
    count = 0

    def within(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return within

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return within if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        text = function(tree)
    finally:
        sys.settrace(before)
    return count, len(text)


def shown(tree: GameTree) -> str:
    """A tree in the terminal."""
    return "\n".join(line.plain for line in tree_lines(tree))


def same(tree: GameTree, structure: str) -> str:
    """What tells a tree from one that pays something else at its last end."""
    outcomes = list(tree.outcomes)
    payoffs = tuple(value + 1000 for value in outcomes[-1].payoffs)
    outcomes[-1] = type(outcomes[-1])(payoffs)
    other = GameTree(
        tree.players,
        tree.information_sets,
        tuple(outcomes),
        tree.parents,
        tree.set_of,
        tree.outcome_of,
        tree.node_labels,
    )
    return compare(tree, other, structure).difference


def uniform(tree: GameTree) -> BehaviourProfile:
    """Every action as likely as any other of its information set."""
    return BehaviourProfile(
        tree,
        tuple(
            own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
            for own in tree.information_sets
        ),
    )


TASKS: dict[str, Callable[[GameTree], str]] = {
    "check": lambda tree: "\n".join(map(str, check(tree))),
    "check the text": lambda tree: "\n".join(map(str, check(tree, text=TEXT, sketch=SKETCH))),
    "provenance": lambda tree: str(len(provenance(tree, text=TEXT, sketch=SKETCH))),
    "describe": describe,
    "diff": lambda tree: same(tree, "isomorphic"),
    "diff as written": lambda tree: same(tree, "identical"),
    "show": shown,
    "code": to_code,
    "dot": draw_dot,
    "svg": draw_svg,
    "html": draw_html,
    "strategies": lambda tree: "\n".join(profile_words(uniform(tree))),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("task", TASKS)
def test_twice_the_tree_is_twice_the_work(
    task: str, shape: Callable[[int], GameTree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lines that run and in characters that are written."""
    monkeypatch.setattr("nl2efg.gambit.code.program.READABLE_NODES", 0)
    monkeypatch.setattr("nl2efg.drawing.svg.NODES_WITH_TITLES", 0)
    monkeypatch.setattr("nl2efg.drawing.html.report.TABLE_ROWS", 5)
    function = TASKS[task]
    function(shape(10))  # fills caches of word lists and templates
    (work, length), (more_work, more_length) = (
        lines_run(function, shape(size)) for size in (SIZE, 2 * SIZE)
    )
    assert 0 < more_work <= GROWTH * work
    assert more_length <= GROWTH * length + 200


class Counted(str):
    """A label that counts how often it is compared."""

    compared = 0
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize("task", ["check", "check the text", "describe", "provenance"])
def test_labels_are_not_compared_with_each_other(task: str) -> None:
    """Comparisons of one tuple's labels run in C, where no lines are counted."""
    builder = TreeBuilder(["Ann", "Ben"])
    labels = [Counted(f"a{number}") for number in range(2 * SIZE)]
    for number, end in enumerate(builder.move(0, builder.information_set(0, labels))):
        builder.pay(end, [number, -number])
    tree = builder.build()
    Counted.compared = 0
    TASKS[task](tree)
    assert Counted.compared < 50 * len(labels)


def test_findings_of_one_kind_are_counted_in_the_end() -> None:
    """Every set of a deep tree has the same flaw."""
    found = [one for one in check(flawed(300)) if one.code == "C106"]
    assert len(found) == 20
    assert "(and 280 more like this)" in found[-1].message
    assert "more like this" not in found[0].message


def test_a_short_list_of_findings_says_nothing_of_more() -> None:
    """As many as are told."""
    found = [one for one in check(flawed(20)) if one.code == "C106"]
    assert len(found) == 20
    assert not any("more like this" in one.message for one in found)


def test_probabilities_with_many_denominators_are_summed_exactly() -> None:
    """To one, or to nearly one, whose digits nobody wants to read."""
    parts = [Fraction(1, number * (number + 1)) for number in range(1, 2000)]
    for rest, flawless in ((1 - sum(parts), True), (Fraction(1, 10**1000), False)):
        builder = TreeBuilder(["Ann"])
        labels = [f"a{number}" for number in range(2000)]
        for end in builder.move(0, builder.chance(labels, [*parts, rest])):
            builder.pay(end, [1])
        found = [one for one in check(builder.build()) if one.code == "C301"]
        assert bool(found) != flawless
        assert all("sum to about 0.9995" in one.message for one in found)
        assert all("and 1,960 more" in one.message for one in found)


def test_actions_in_another_order_are_found() -> None:
    """Whatever came first, as often as it came."""
    builder = TreeBuilder(["Ann", "Ben"])
    for node in builder.move(0, builder.information_set(0, ["Up!", "down"])):
        builder.move(node, builder.information_set(1, ["left", "up"]))
    tree = builder.build()
    sketch = SKETCH.model_copy(
        update={
            "information_sets": [
                SKETCH.information_sets[0].model_copy(update={"histories": [["left", "up"]]})
            ]
        }
    )
    match = SketchMatch(tree, sketch)
    assert match.nodes(["left", "up"]) == (tree.find(["Up!", "left"]),)
    assert match.nodes(["left", "left"]) == ()


def test_a_long_row_of_own_moves_is_given_up_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An action of the coalesced move stands for all moves that lead to it."""
    assert compare(deep_alone(60), deep_alone(60), "strategic").same
    monkeypatch.setattr("nl2efg.comparison.reduction._MAX_WORDS", 1000)
    assert compare(deep_alone(60), deep_alone(60), "strategic").verdict == "undecided"


class _EverythingProse(Prose):
    """Looks for every name, whatever words the text holds."""

    def _may_hold(self, part: str) -> bool:
        return True


@settings(max_examples=300)
@given(
    st.text(st.sampled_from("aAbIiİıſsSKkKßẞµμﬅt -_'.日"), max_size=12),
    st.text(st.sampled_from("aAbIiİıſsSKkKßẞµμﬅt -_'.日"), min_size=1, max_size=3),
)
def test_names_are_found_as_without_the_short_cut(text: str, name: str) -> None:
    """Which leaves out the search for names that the text cannot hold."""
    assert list(Prose(text).mentions(name)) == list(_EverythingProse(text).mentions(name))


def test_telling_stops_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless all is asked for."""
    path = tmp_path / "deep.efg"
    path.write_text(write_efg(deep(3000)), encoding="ascii")
    for options, lines in (([], 2000), (["--all"], 6000)):
        with pytest.raises(SystemExit):
            main(["describe", str(path), *options])
        out, err = capsys.readouterr()
        assert (len(out.splitlines()) == 2000) == (lines == 2000)
        assert len(out.splitlines()) >= lines
        assert ("--all" in err) == (lines == 2000)


def test_long_lines_of_a_telling_are_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A move with very many actions is one sentence."""
    path = tmp_path / "wide.efg"
    path.write_text(write_efg(wide(1900)), encoding="ascii")
    with pytest.raises(SystemExit):
        main(["describe", str(path)])
    out, err = capsys.readouterr()
    assert "more characters)" in out
    assert max(map(len, out.splitlines())) < 6000
    assert "--all" in err


def test_show_numbers_the_moves_of_a_deep_tree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And shows as many lines as are asked for."""
    path = tmp_path / "deep.efg"
    path.write_text(write_efg(deep(3000)), encoding="ascii")
    with pytest.raises(SystemExit):
        main(["show", str(path), "--lines", "100"])
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 100
    assert "31: " in out
    assert max(map(len, out.splitlines())) < 150
    assert "--lines 6001 shows all" in err


def test_a_picture_too_deep_to_be_looked_at_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """But not its top."""
    path = tmp_path / "deep.efg"
    path.write_text(write_efg(unary(5001)), encoding="ascii")
    out = tmp_path / "deep.svg"
    for options, code in (([], 2), (["--depth", "50"], 0)):
        with pytest.raises(SystemExit) as left:
            main(["draw", str(path), "-o", str(out), *options])
        assert (left.value.code or 0) == code
        assert ("--depth" in capsys.readouterr().err) == (code == 2)
        assert out.exists() == (code == 0)
