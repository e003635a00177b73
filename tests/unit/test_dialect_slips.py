"""Slips with one plain reading are taken in it, and said."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nl2efg.dialect.execution import execute
from nl2efg.game import CHANCE, GameTree
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Severity

TWO_MOVES = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"], title="t")
g.append_move(g.root, "Ann", ["l", "r"])
g.append_move(g.root.children[0], "Bob", ["x", "y"])
g.append_move(g.root.children[1], "Bob", ["x", "y"])
"""


def mended(code: str, *codes: str) -> GameTree:
    """The game of a program that gives exactly these codes, none of them an error."""
    done = execute(code, max_nodes=10_000)
    assert done.game is not None, done.diagnostics
    assert [one.code for one in done.diagnostics] == list(codes)
    assert all(one.severity is not Severity.ERROR for one in done.diagnostics)
    assert all(one.code in known_codes() and one.line for one in done.diagnostics)
    return done.game.to_tree()


def set_at(tree: GameTree, *history: str) -> int:
    node = tree.find(history)
    assert node is not None
    return tree.set_of[node]


def test_set_infoset_before_the_moves() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
g.set_infoset(g.root.children[0], g.root.children[1].infoset)
g.append_move(g.root, "Ann", ["l", "r"])
g.append_move(g.root.children[0], "Bob", ["x", "y"])
g.append_move(g.root.children[1], "Bob", ["x", "y"])
""",
        "B301",
    )
    assert set_at(tree, "l") == set_at(tree, "r") != -1


def test_set_infoset_one_level_too_deep() -> None:
    tree = mended(
        TWO_MOVES
        + """
g.set_infoset(g.root.children[0].children[0], g.root.children[1].children[0].infoset)
g.set_infoset(g.root.children[0].children[1], g.root.children[1].children[1].infoset)
""",
        "B302",
        "B304",
    )
    assert set_at(tree, "l") == set_at(tree, "r") != -1


def test_a_terminal_operand_whose_parent_is_meant() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Driver"])
g.append_move(g.root, "Driver", ["Exit", "Continue"])
g.append_move(g.root.children[1], "Driver", ["Exit", "Continue"])
g.set_infoset(g.root.children[0], g.root.children[1].infoset)
""",
        "B302",
    )
    assert set_at(tree) == set_at(tree, "Continue")


def test_of_two_readings_the_one_in_which_nobody_forgets() -> None:
    # Bob's nodes after l and r are meant; by the end their children are Ann's.
    tree = mended(
        TWO_MOVES
        + """
g.set_infoset(g.root.children[0].children[0], g.root.children[1].children[0].infoset)
for child in g.root.children:
    g.append_move(child.children[0], "Ann", ["p", "q"])
""",
        "B302",
    )
    assert set_at(tree, "l") == set_at(tree, "r")
    assert set_at(tree, "l", "x") != set_at(tree, "r", "x")


def test_set_infoset_with_nodes_lists_and_labels() -> None:
    tree = mended(TWO_MOVES + "g.set_infoset(g.root.children[1], g.root.children[0])")
    assert set_at(tree, "l") == set_at(tree, "r")
    tree = mended(TWO_MOVES + "g.set_infoset(list(g.root.children), g.root.children[0].infoset)")
    assert set_at(tree, "l") == set_at(tree, "r")
    tree = mended(
        TWO_MOVES + "for child in g.root.children:\n    g.set_infoset(child, 'blind')", "B311"
    )
    assert set_at(tree, "l") == set_at(tree, "r")
    assert tree.information_sets[set_at(tree, "l")].label == "blind"


def test_set_infoset_that_changes_the_player_is_done_as_pygambit_does() -> None:
    tree = mended(
        TWO_MOVES.replace('[1], "Bob"', '[1], "Ann"')
        + "g.set_infoset(g.root.children[1], g.root.children[0].infoset)",
        "B303",
    )
    assert tree.player_of(4) == 1


def test_append_move_gives_back_the_node() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
first = g.append_move(g.root, "Ann", ["l", "r"])
second = g.append_move(first.children[0], "Bob", ["x", "y"])
left, right = first
g.append_move(right, "Bob", ["x", "y"])
g.set_infoset(right, second)
assert [child for child in right.children[1]] == []
both = g.append_move(list(second.children), "Ann", ["p", "q"])
g.append_infoset(right.children[0], both.infoset)
"""
    )
    assert set_at(tree, "l") == set_at(tree, "r")
    assert set_at(tree, "l", "x") == set_at(tree, "l", "y") == set_at(tree, "r", "x")


def test_a_move_on_a_move_without_a_choice_goes_to_its_child() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
offer = g.append_move(g.root, "Ann", ["offer"])
g.append_move(offer, "Bob", ["accept", "refuse"])
""",
        "B312",
    )
    assert tree.find(("offer", "accept")) is not None


def test_the_same_move_twice() -> None:
    tree = mended(TWO_MOVES + 'g.append_move(g.root, "Ann", ["l", "r"])', "B306")
    assert len(tree) == 7


def test_a_second_outcome_on_a_leaf() -> None:
    twice = (
        TWO_MOVES
        + """
leaf = g.root.children[0].children[0]
g.set_outcome(leaf, g.add_outcome([1, 2]))
g.set_outcome(leaf, g.add_outcome([{}, 2]))
"""
    )
    tree = mended(twice.format(3), "B305")
    assert tree.path_payoffs[2] == (3, 2)
    done = execute(twice.format(3), max_nodes=100)
    found = done.diagnostics[0]
    assert found.severity is Severity.WARNING
    assert (found.history, found.line) == (("l", "x"), 10)
    assert "(1, 2)" in found.message
    assert "line 9" in found.message
    same = execute(twice.format(1), max_nodes=100).diagnostics
    assert [one.severity for one in same] == [Severity.NOTE]


@pytest.mark.parametrize("name", ["Nature", "chance", "CHANCE"])
def test_chance_by_name(name: str) -> None:
    tree = mended(
        f"""
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, {name!r}, ["h", "t"])
""",
        "B307",
    )
    assert tree.player_of(0) == CHANCE
    assert tree.information_sets[0].probabilities == (Fraction(1, 2), Fraction(1, 2))


def test_a_listed_player_called_nature_is_a_player() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Nature"])
g.append_move(g.root, "Nature", ["h", "t"])
"""
    )
    assert tree.player_of(0) == 1


def test_payoffs_for_an_outcome() -> None:
    tree = mended(TWO_MOVES + "g.set_outcome(g.root.children[0].children[0], [1, '2/3'])", "B308")
    assert tree.path_payoffs[2] == (1, Fraction(2, 3))
    tree = mended(
        "import pygambit as gbt\ng = gbt.Game.new_table([1, 2])\ng[0, 1] = (3, 4)", "B308"
    )
    assert tree.path_payoffs[3] == (3, 4)


def test_decimals_and_weights() -> None:
    tree = mended(TWO_MOVES + "g.set_outcome(g.root, g.add_outcome([1/3, 0.1]))", "B309")
    assert tree.path_payoffs[0] == (Fraction(1, 3), Fraction(1, 10))
    for probabilities, expected in (
        ("[0.33, 0.33, 0.33]", [Fraction(1, 3)] * 3),
        ("[0.17, 0.33, 0.5]", None),
        ("[1, 2, 1]", [Fraction(1, 4), Fraction(1, 2), Fraction(1, 4)]),
        ("[0.1667, 0.3333, 0.5]", None),
        ("[0.667, 0.167, 0.167]", [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]),
    ):
        tree = mended(
            f"""
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, g.players.chance, ["a", "b", "c"])
g.set_chance_probs(g.root.infoset, {probabilities})
""",
            *(["B310"] if expected else []),
        )
        found = tree.information_sets[0].probabilities
        assert found is not None
        assert sum(found) == 1
        assert expected is None or list(found) == expected


def test_labels_that_are_no_text() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, "Ann", [(0, 1), 5])
""",
        "B315",
        "B315",
    )
    assert tree.information_sets[0].actions == ("(0, 1)", "5")


def test_outcomes_and_probabilities_before_their_nodes() -> None:
    tree = mended(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.set_outcome(g.root.children[0], g.add_outcome([7]))
g.set_chance_probs(g.root.infoset, [0.25, 0.75])
g.append_move(g.root, g.players.chance, ["a", "b"])
""",
        "B316",
        "B316",
    )
    assert tree.path_payoffs[1] == (7,)
    assert tree.information_sets[0].probabilities == (Fraction(1, 4), Fraction(3, 4))


def test_solving_and_writing_are_left_for_later() -> None:
    mended(
        TWO_MOVES
        + """
result = gbt.nash.lcp_solve(g, rational=True)
for equilibrium in result.equilibria:
    print(equilibrium["Ann"])
print(f"{result.equilibria[0]['Ann']:.3f}", len(g.players))
g.to_efg("game.efg")
""",
        "B313",
        "B313",
    )


def test_a_failure_after_the_game_is_built() -> None:
    tree = mended(TWO_MOVES + "print(g.title)\ndisplay(g)\n", "B107")
    assert len(tree) == 7


def test_a_function_that_is_never_called() -> None:
    body = TWO_MOVES.strip().replace("\n", "\n    ")
    tree = mended(f"def build_game():\n    {body}\n    return g\n", "B317")
    assert len(tree) == 7
