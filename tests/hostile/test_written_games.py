"""Profiles, drawings and notes that somebody wrote so that reading them never ends, or breaks."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from nl2efg.dialect.execution import execute
from nl2efg.errors import UserError
from nl2efg.families import family_of
from nl2efg.families.note_writing import with_note
from nl2efg.formats import read_game
from nl2efg.game import TreeBuilder
from nl2efg.library.profiles import as_profile
from nl2efg.revision.edits import rename
from tests.hostile.bounded import run_python
from tests.random_families import random_family

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

_WIDE = """
from nl2efg.formats import read_game
from nl2efg.library.profiles import as_profile
def wide(labels):
    builder = TreeBuilder(["Ann"])
    for end in builder.move(0, builder.information_set(0, labels)):
        builder.pay(end, [1])
    return builder.build()
def deep(count):
    builder = TreeBuilder(["Ann"])
    at = 0
    for number in range(count):
        at, _ = builder.move(at, builder.information_set(0, ["a", f"b{number}"]))
    return builder.build()
try:
"""

PROFILES = {
    "a cell without end": "wide(['x']), 'action,probability\\n' + 'x' * 200_000 + ',1'",
    "brackets": "wide(['x']), '(' * 900_000",
    "pairs of brackets": "wide(['x']), '()' * 450_000",
    "colons": "wide(['x']), ': ' * 450_000",
    "heads of lines": "wide([': ' * 40_000, 'x']), (': ' * 4_000 + '\\n') * 110",
    "commas": "wide(['x', 'y', 'z']), 'Ann at the start: x ' + ', ' * 400_000",
    "an ambiguous line": "wide(['x always, ' * n + 'x' for n in range(1000)]), "
    "'Ann at the start: ' + 'x always, ' * 2000",
    "long names": "wide(['a ' * 20_000 + str(n) for n in range(2)]), 'Ann. ' + 'a ' * 450_000",
    "names of each length": "wide(['a ' * n + 'b' for n in range(2000)]), 'Ann. ' + 'a ' * 450_000",
    "phrases of every set": "deep(3000), 'Ann. ' + 'a. ' * 300_000",
    "places of every set": "deep(3000), 'Ann. ' + 'a after b1. ' * 80_000",
    "histories of every set": "deep(3000), 'Ann. ' + 'a after (b1). ' * 70_000",
    "rows of every set": "deep(3000), 'player,action,probability\\n' + 'Ann,a,1\\n' * 100_000",
}


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_read_or_refused_in_time(name: str) -> None:
    found = run_python(
        f"{_WIDE}    as_profile({PROFILES[name]})\n"
        "    print('read')\n"
        "except nl2efg.Nl2efgError as error:\n"
        "    print('refused:', str(error)[:200])\n",
        seconds=30,
    )
    assert found.losses == []
    assert found.output.startswith(("read", "refused"))


@pytest.mark.parametrize(
    "text",
    [
        "infoset,action,probability\n0\n",
        "[" + "1" * 5000 + "]",
        '{"' + "1" * 5000 + '": "x"}',
        '{"-1": "x"}',
        "action,probability\nx," + "1" * 5000,
        "[[NaN]]",
        "[[Infinity]]",
    ],
)
def test_numbers_and_rows_of_no_profile_are_refused(text: str) -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.information_set(0, ["x", "y"]))
    with pytest.raises(UserError):
        as_profile(builder.build(), text)


def test_many_actions_told_in_one_line_are_read() -> None:
    builder = TreeBuilder(["Ann"])
    labels = [f"a{number}" for number in range(3000)]
    builder.move(0, builder.information_set(0, labels))
    line = ", ".join(f"{label} with probability 1/3000" for label in labels)
    (row,) = as_profile(builder.build(), f"Ann at the start: {line}").probabilities
    assert len(set(row)) == 1


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "'<gambit:document>' + '<efgfile>' * 1_000_000",
        "'<gambit:document>' + '<efgfile></nfgfile>' * 1_000_000",
        "'#x\\n' * 8_000_000 + 'node'",
        "' ' * 20_000_000",
    ],
)
def test_a_game_of_some_program_is_known_in_time(text: str) -> None:
    found = run_python(
        f"{_WIDE}    read_game({text})\nexcept nl2efg.Nl2efgError:\n    print('refused')\n",
        seconds=20,
    )
    assert found.losses == []
    assert found.output == "refused\n"


def test_a_player_of_a_number_without_end_is_refused() -> None:
    with pytest.raises(UserError, match="a player must be a number"):
        read_game("player " + "1" * 5000 + " name x")


@pytest.mark.parametrize(
    "text",
    [
        "player 1 name \x1b[31mred\nlevel 0 node 1 player 1\n"
        "level 1 node 1 from 0,1 move \u202el payoffs 1\nlevel 1 node 2 from 0,1 payoffs 2\n",
        '<gte><players><player playerId="1">A\u009b31m</player></players><extensiveForm>'
        '<node player="1"><outcome move="\u202el"><payoff player="1" value="1"/></outcome></node>'
        "</extensiveForm></gte>",
    ],
)
def test_names_in_drawings_steer_no_terminal(text: str) -> None:
    tree = read_game(text)
    shown = "".join((*tree.players, *tree.information_sets[0].actions))
    assert "\ufffd" in shown
    assert not set("\x1b\x9b\u202e").intersection(shown)


def test_a_new_name_steers_no_terminal() -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.information_set(0, ["x"]))
    with pytest.raises(UserError, match="control characters"):
        rename(builder.build(), "x", "\x1b[2J")


def test_an_expression_of_an_outcome_from_behind_is_not_taken() -> None:
    tree = with_note(random_family(0))
    number = tree.comment.index("payoff ") + len("payoff ")
    assert family_of(tree) is not None
    comment = f"{tree.comment[:number]}-{tree.comment[number:]}"
    assert family_of(replace(tree, comment=comment)) is None


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("g.insert_move(g.root, 'Ann', 10**30)", "nodes"),
        ("g.append_move(g.root, 'Ann', 10**12)", "nodes"),
        ("h = gbt.Game.new_tree(players=10**12)", "nodes"),
        ("h = gbt.Game.new_table([-10**30])", "no player has"),
    ],
)
def test_what_is_counted_is_foreseen(step: str, words: str) -> None:
    start = "import pygambit as gbt\ng = gbt.Game.new_tree(players=['Ann'])\n"
    found = execute(f"{start}{step}\n", max_nodes=1000).diagnostics
    assert any(words in one.message for one in found), found
