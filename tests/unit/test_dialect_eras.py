"""The dialect takes pygambit's building API as each of its versions has it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from nl2efg.dialect.execution import execute
from nl2efg.dialect.from_efg import from_tree
from nl2efg.dialect.modules import installed
from nl2efg.dialect.session import Session, begin, end
from nl2efg.dialect.snapshot import snapshot
from nl2efg.formats import read_efg, write_efg
from nl2efg.gambit import to_code
from nl2efg.game import CHANCE, GameTree
from nl2efg.schema.diagnostics import Diagnostic
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn


def run(code: str, max_nodes: int = 100_000) -> tuple[GameTree | None, tuple[Diagnostic, ...]]:
    done = execute(code, max_nodes=max_nodes)
    return (None if done.game is None else done.game.to_tree()), done.diagnostics


def clean(code: str) -> GameTree:
    """The tree of a program that must give a game and no finding."""
    tree, found = run(code)
    assert found == ()
    assert tree is not None
    return tree


def payoffs(tree: GameTree, *history: str) -> tuple[Fraction, ...]:
    node = tree.find(history)
    assert node is not None
    return tree.path_payoffs[node]


def shared(tree: GameTree, *histories: tuple[str, ...]) -> bool:
    """Whether the histories are in one information set."""
    nodes = [tree.find(history) for history in histories]
    assert None not in nodes
    return len({tree.set_of[node] for node in nodes if node is not None}) == 1


MATCHING_PENNIES = {
    "16.0": """
import pygambit
g = pygambit.Game.new_tree()
g.title = "Pennies"
a = g.players.add("Ann")
b = g.players.add("Bob")
move = g.root.append_move(a, 2)
move.actions[0].label = "heads"
move.actions[1].label = "tails"
second = g.root.children[0].append_move(b, 2)
second.actions[0].label = "heads"
second.actions[1].label = "tails"
g.root.children[1].append_move(g.root.children[0].infoset)
same = g.outcomes.add("same")
same[0] = 1
same[1] = -1
other = g.outcomes.add("other")
other[a], other[b] = -1, 1
for i in range(2):
    for j in range(2):
        g.root.children[i].children[j].outcome = same if i == j else other
""",
    "16.1": """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"], title="Pennies")
g.append_move(g.root, g.players["Ann"], ["heads", "tails"])
g.append_move(g.root.children[0], "Bob", ["heads", "tails"])
g.append_move(g.root.children[1], "Bob", ["heads", "tails"])
g.set_infoset(g.root.children[1], g.root.children[0].infoset)
same = g.add_outcome([1, -1], label="same")
for child in g.root.children:
    for grandchild in child.children:
        won = child.prior_action.label == grandchild.prior_action.label
        g.set_outcome(grandchild, same if won else g.add_outcome([-1, 1]))
efg = g.write(format="native")
""",
    "16.2": """
import pygambit as gbt
g = gbt.Game.new_tree(["Ann", "Bob"], "Pennies")
g.append_move(g.root, "Ann", ["heads", "tails"])
g.append_move(g.root.children, "Bob", ["heads", "tails"])
same = g.add_outcome(payoffs=[1, -1], label="same")
other = g.add_outcome(payoffs=[-1, 1], label="other")
for i in range(2):
    for j in range(2):
        g.set_outcome(g.root.children[i].children[j], same if i == j else other)
""",
    "16.7": """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"], title="Pennies")
g.append_move(g.root, "Ann", ["heads", "tails"])
g.append_move(g.root.children["heads"], "Bob", ["heads", "tails"])
g.append_infoset(g.root.children["tails"], g.root.children["heads"].infoset)
g.add_outcome("same", [1, -1])
g.add_outcome("other", [-1, 1])
for one in ("heads", "tails"):
    for two in ("heads", "tails"):
        node = g.root.children[one].children[two]
        g.set_outcome(node, "same" if one == two else "other")
text = g.to_efg()
""",
    "17 alpha": """
import pygambit as gbt
g = gbt.Game.new_tree(title="Pennies")
g.set_players(["Ann", "Bob"])
g.append_move(g.root, "Ann", ["heads", "tails"])
for child in g.root.children:
    g.append_move(child, "Bob", ["heads", "tails"])
g.make_infoset(g.root.children, "Bob", label="Bob's")
for one in g.root.children:
    for two in one.children:
        same = one.prior_action.label == two.prior_action.label
        payoffs = {"Ann": 1, "Bob": -1} if same else {"Ann": -1, "Bob": 1}
        g.make_outcome(two, payoffs, f"{one.prior_action.label}-{two.prior_action.label}")
""",
    "17 beta": """
import pygambit as gbt
from pygambit import H
g = gbt.ExtensiveGame(["Ann", "Bob"], "Pennies")
g.append_move(H.path(), "Ann", ["heads", "tails"])
g.append_move(H.path(...), "Bob", ["heads", "tails"])
g.make_outcome(H.path(..., ...).filter(lambda h: h.actions[0] == h.actions[1]),
               {"Ann": 1, "Bob": -1}, "same")
g.make_outcome(H.plays.filter(lambda h: h.actions[0] != h.actions[1]),
               {"Ann": -1, "Bob": 1}, "other")
""",
    "table": """
import pygambit as gbt
g = gbt.Game.new_table([2, 2], title="Pennies")
for player, name in zip(g.players, ["Ann", "Bob"]):
    player.label = name
    player.strategies[0].label = "heads"
    player.strategies[1].label = "tails"
for i, j in g.contingencies:
    g[i, j]["Ann"] = 1 if i == j else -1
    g[i, j][1] = -1 if i == j else 1
""",
    "arrays": """
import pygambit as gbt
import numpy as np
m = np.array([[1, -1], [-1, 1]])
g = gbt.Game.from_arrays(m, -m, title="Pennies")
for player, name in zip(g.players, ["Ann", "Bob"]):
    player.label = name
    for strategy, label in zip(player.strategies, ["heads", "tails"]):
        strategy.label = label
""",
}


@pytest.mark.parametrize("era", MATCHING_PENNIES)
def test_one_game_in_the_words_of_every_version(era: str) -> None:
    tree = clean(MATCHING_PENNIES[era])
    assert tree.title == "Pennies"
    assert tree.players == ("Ann", "Bob")
    assert len(tree) == 7
    assert shared(tree, ("heads",), ("tails",))
    assert payoffs(tree, "heads", "heads") == payoffs(tree, "tails", "tails") == (1, -1)
    assert payoffs(tree, "heads", "tails") == payoffs(tree, "tails", "heads") == (-1, 1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[gbt.Rational(1, 4), gbt.Rational(3, 4)]", (Fraction(1, 4), Fraction(3, 4))),
        ("[gbt.Rational('1/4'), gbt.Rational(0.75)]", (Fraction(1, 4), Fraction(3, 4))),
        ("['1/4', '0.75']", (Fraction(1, 4), Fraction(3, 4))),
        ("[gbt.Decimal('0.25'), 0.75]", (Fraction(1, 4), Fraction(3, 4))),
        ("[Fraction(1, 4), np.float64(0.75)]", (Fraction(1, 4), Fraction(3, 4))),
        ("np.array([0.25, 0.75])", (Fraction(1, 4), Fraction(3, 4))),
        ("{'b': '75%', 'a': '25%'}", (Fraction(1, 4), Fraction(3, 4))),
    ],
)
def test_probabilities_in_any_kind_of_number(words: str, expected: tuple[Fraction, ...]) -> None:
    tree = clean(
        f"""
import pygambit as gbt
import numpy as np
from fractions import Fraction
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, g.players.chance, ["a", "b"])
g.set_chance_probs(g.root.infoset, {words})
"""
    )
    assert tree.information_sets[0].player == CHANCE
    assert tree.information_sets[0].probabilities == expected


def test_events_of_version_17() -> None:
    tree = clean(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_event(g.root, {"a": gbt.Rational(1, 3), "b": gbt.Rational(2, 3)})
g.append_move(g.root.children["a"], "Ann", ["x", "y"])
g.append_move(g.root.children["b"], "Ann", ["x", "y"])
g.make_event(list(g.root.children), {"x": 1}, "rigged")
g.relabel_actions(g.root.infoset, {"a": "b", "b": "a"})
g.insert_event(g.root, {"rain": "1/2", "sun": "1/2"})
"""
    )
    assert tree.information_sets[0].actions == ("rain", "sun")
    assert tree.information_sets[1].actions == ("b", "a")
    rigged = tree.information_sets[2]
    assert (rigged.label, rigged.probabilities) == ("rigged", (1, 0))
    assert len(tree.members[2]) == 2


def test_groups_of_histories_make_one_information_set_each() -> None:
    tree = clean(
        """
import pygambit as gbt
from pygambit import H
g = gbt.ExtensiveGame(["Ann", "Bob"])
g.append_event(H.path(), {"J": "1/2", "K": "1/2"})
g.append_event(H.plays, {"j": "1/2", "k": "1/2"})
g.append_move(H.plays.by(lambda h: h.actions[0]), "Ann", ["bet", "fold"])
g.append_move(H.after("bet").by(lambda h: h.actions[1]), "Bob", ["call", "fold"])
"""
    )
    assert shared(tree, ("J", "j"), ("J", "k"))
    assert not shared(tree, ("J", "j"), ("K", "j"))
    assert shared(tree, ("J", "j", "bet"), ("K", "j", "bet"))
    assert not shared(tree, ("J", "j", "bet"), ("J", "k", "bet"))


def test_editing() -> None:
    tree = clean(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
g.append_move(g.root, "Ann", ["l", "r"])
left, right = g.root.children
g.append_move(left, "Bob", ["x", "y", "z"])
g.copy_tree(left, right)
assert right.infoset == left.infoset
g.leave_infoset(right)
g.reveal(g.root.infoset, "Bob")
g.delete_action(left.infoset.actions["z"])
g.add_action(left.infoset).label = "w"
g.insert_move(g.root, "Bob", 1)
g.move_tree(left, right.children[0])
g.set_player(right.infoset, "Ann")
"""
    )
    assert tree.history(tree.terminals[0]) == ("1", "l")
    assert tree.information_sets[tree.set_of[tree.find(("1", "r"))]].player == 0  # type: ignore[index]
    assert tree.find(("1", "r", "x", "w")) is not None


def test_reveal_splits_what_the_player_could_not_tell_apart() -> None:
    tree = clean(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
g.append_move(g.root, "Ann", ["l", "m", "r"])
g.append_move(list(g.root.children), "Bob", ["x", "y"])
g.root.infoset.reveal(g.players["Bob"])
"""
    )
    assert len({tree.set_of[node] for node in tree.children[0]}) == 3


def test_deleting_a_tree_and_a_parent() -> None:
    tree = clean(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, "Ann", ["l", "r"])
g.append_move(g.root.children[1], "Ann", ["x", "y"])
g.append_move(g.root.children[1].children[0], "Ann", ["p", "q"])
g.delete_tree(g.root.children[1].children[0])
g.root.children[1].delete_parent()
"""
    )
    assert [tree.history(leaf) for leaf in tree.terminals] == [("x",), ("y",)]


def test_lines_of_the_code_are_recorded() -> None:
    done = execute(
        """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
def move(node, who):
    g.append_move(node, who, ["l", "r"])
move(g.root, "Ann")
for child in g.root.children:
    move(child, "Bob")
g.set_infoset(g.root.children[1],
              g.root.children[0].infoset)
g.set_outcome(g.root.children[0].children[0], g.add_outcome([1, 2]))
""",
        max_nodes=100,
    )
    assert done.game is not None
    lines = done.game.source_map()
    assert lines.move == {0: 4, 1: 4, 4: 4}
    assert lines.information_set == {0: 4, 1: 4, 4: 8}
    assert lines.outcome == {2: 10}


def test_the_game_is_the_last_one_bound_or_the_only_one_built() -> None:
    make = "gbt.Game.new_tree(players=['Ann'], title={!r})"
    move = "append_move({0}.root, 'Ann', ['l', 'r'])"
    both = f"import pygambit as gbt\na = {make.format('a')}\na.{move.format('a')}\n"
    both += f"b = {make.format('b')}\nb.{move.format('b')}\n"
    tree, found = run(both)
    assert tree is not None
    assert tree.title == "b"
    assert [one.code for one in found] == ["B314"]
    inside = "import pygambit as gbt\ndef main():\n    g = " + make.format("inner")
    inside += "\n    g." + move.format("g") + "\nif __name__ == '__main__':\n    main()\n"
    assert clean(inside).title == "inner"


def test_nothing_is_left_of_a_run() -> None:
    import sys

    before = {name for name in sys.modules if name.split(".")[0] in ("pygambit", "gambit")}
    run("import pygambit\npygambit.Game.append_move = None\npygambit.Game.new = 1\n")
    assert {name for name in sys.modules if name.split(".")[0] in ("pygambit", "gambit")} == before
    assert len(clean(MATCHING_PENNIES["16.1"])) == 7


def test_every_way_to_import_it() -> None:
    for line, name in (
        ("import pygambit", "pygambit.Game"),
        ("import gambit", "gambit.Game"),
        ("import pygambit.gambit as gg", "gg.Game"),
        ("from pygambit.gambit import Game", "Game"),
        ("from pygambit import *", "Game"),
    ):
        code = f"{line}\ng = {name}.new_tree(players=['A'])\ng.append_move(g.root, 'A', ['l'])\n"
        assert len(clean(code)) == 2


def test_game_text_inside_a_program() -> None:
    text = write_efg(absent_minded_driver())
    tree = clean(f"import pygambit as gbt\nimport io\ng = gbt.read_efg(io.StringIO({text!r}))\n")
    assert write_efg(tree) == text
    assert clean(f"import pygambit as gbt\ng = gbt.Game.parse_game({text!r})\n") == tree


def test_a_game_in_strategic_form_may_be_written_before_it_is_finished() -> None:
    done = execute(
        """import pygambit as gbt
g = gbt.Game.new_table([2, 2])
g.to_efg()
g[1, 1][0] = 5
g.players[0].strategies[1].label = "down"
g.add_strategy(g.players[1], "wait")
g["down", "wait"]["2"] = 7
""",
        max_nodes=40,
    )
    assert done.diagnostics == ()
    assert done.game is not None
    tree = done.game.to_tree()
    assert len(tree) == 9
    assert payoffs(tree, "down", "2") == (5, 0)
    assert payoffs(tree, "down", "wait") == (0, 7)
    lines = done.game.source_map()
    assert set(lines.move.values()) == {2}
    assert sorted(lines.outcome.values()) == [4, 7]


@given(game_trees())
def test_a_tree_comes_back_from_the_dialect(tree: GameTree) -> None:
    begin(Session(10_000))
    try:
        with installed():
            back = snapshot(from_tree(tree)).to_tree()
    finally:
        end()
    assert back == tree


@pytest.mark.slow
@given(game_trees(labels=ANY_LABELS))
def test_the_code_that_nl2efg_writes_gives_the_tree_back(tree: GameTree) -> None:
    if len(tree) == 1:
        return
    back = clean(to_code(tree))
    assert back.players == tree.players
    assert (back.parents, back.set_of) == (tree.parents, tree.set_of)
    assert back.path_payoffs == tree.path_payoffs
    assert [(one.player, one.actions, one.probabilities) for one in back.information_sets] == [
        (one.player, one.actions, one.probabilities) for one in tree.information_sets
    ]


def test_a_program_of_loops_builds_kuhn_poker() -> None:
    tree = clean(
        """
import pygambit as gbt
from itertools import permutations
g = gbt.Game.new_tree(players=["Alice", "Bob"], title="Kuhn poker with 3 cards")
cards = ["0", "1", "2"]
g.append_move(g.root, g.players.chance, cards)
sets = {}
def move(node, player, card, kind, actions):
    key = (card, kind)
    if key in sets:
        g.append_infoset(node, sets[key])
    else:
        g.append_move(node, player, actions)
        sets[key] = node.infoset
        sets[key].label = f"{card}-{kind}"
def pay(node, amount):
    g.set_outcome(node, g.add_outcome([amount, -amount]))
for card, node in zip(cards, g.root.children):
    rest = [c for c in cards if c != card]
    g.append_move(node, g.players.chance, rest)
    for other, opening in zip(rest, node.children):
        sign = 1 if card > other else -1
        move(opening, "Alice", card, "open", ["Check", "Bet"])
        check, bet = opening.children
        move(check, "Bob", other, "checked", ["Check", "Bet"])
        pay(check.children["Check"], sign)
        move(check.children["Bet"], "Alice", card, "raised", ["Fold", "Call"])
        pay(check.children["Bet"].children["Fold"], -1)
        pay(check.children["Bet"].children["Call"], 2 * sign)
        move(bet, "Bob", other, "bet", ["Fold", "Call"])
        pay(bet.children["Fold"], 1)
        pay(bet.children["Call"], 2 * sign)
"""
    )
    assert write_efg(tree) == write_efg(read_efg(write_efg(kuhn(3))))


@pytest.mark.slow
def test_a_hundred_thousand_levels() -> None:
    tree, found = run(
        """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"])
node = g.root
for i in range(50_000):
    g.append_move(node, ["Ann", "Bob"][i % 2], ["take", "pass"])
    g.set_outcome(node.children[0], g.add_outcome([i, i + 1], label=f"take {i}"))
    node = node.children[1]
g.set_outcome(node, g.add_outcome([0, 0]))
""",
        max_nodes=200_000,
    )
    assert found == ()
    assert tree is not None
    assert max(tree.depth) == 50_000
