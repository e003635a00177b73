"""pygambit.Game there and back, and pygambit's own reading beside ours."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.errors import UserError
from nl2efg.formats import load_efg, load_game, read_efg, write_efg
from nl2efg.gambit import from_gambit, to_gambit
from nl2efg.game import NO_OUTCOME, GameTree, TreeBuilder, has_perfect_recall, is_constant_sum
from tests.pygambit_view import (
    GENERATION,
    cell_payoffs,
    player_labels,
    read_by_pygambit,
    seen_nodes,
    strategy_labels,
    table,
)
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

pygambit = pytest.importorskip("pygambit")
CATALOGUE = Path(pygambit.__file__).parent / "catalog_data"
REFERENCES = Path(__file__).parents[2] / "../shared/gameinterpreter/references"
EFG_FILES = sorted(CATALOGUE.rglob("*.efg")) + sorted(REFERENCES.glob("*.efg"))
NFG_FILES = sorted(CATALOGUE.rglob("*.nfg"))


def assert_same(tree: GameTree, game: Any) -> None:
    """Compare through what pygambit says, not through our reader of its games."""
    assert player_labels(game) == list(tree.players)
    nodes = seen_nodes(game)
    assert len(nodes) == len(tree)
    seen: dict[Any, int] = {}
    for place, node in enumerate(nodes):
        own = tree.outcome_of[place]
        assert node.payoffs == (None if own == NO_OUTCOME else tree.outcomes[own].payoffs)
        assert len(node.history) == tree.depth[place]
        for shown, label, step in zip(
            node.history, tree.history(place), tree.path(place), strict=False
        ):
            siblings = tree.information_sets[tree.set_of[step]].actions
            repeated = not label or siblings.count(label) > 1  # pygambit numbers these
            assert repeated or shown == label
        if tree.is_terminal(place):
            assert node.player is None
            continue
        own_set = tree.information_sets[tree.set_of[place]]
        assert seen.setdefault(node.infoset, tree.set_of[place]) == tree.set_of[place]
        assert node.player == tree.player_name(own_set.player)
        assert len(node.actions) == len(own_set.actions)
        assert node.probabilities == (own_set.probabilities or ())
    assert len(set(seen.values())) == len(seen)


@settings(max_examples=60)
@given(game_trees(labels=ANY_LABELS))
def test_there_and_back(tree: GameTree) -> None:
    assert from_gambit(to_gambit(tree)) == tree


@settings(max_examples=60)
@given(game_trees())
def test_pygambit_holds_the_same_game(tree: GameTree) -> None:
    game = to_gambit(tree)
    assert_same(tree, game)
    assert has_perfect_recall(tree) == game.is_perfect_recall
    assert is_constant_sum(tree) == game.is_const_sum


@settings(max_examples=60)
@given(game_trees(labels=ANY_LABELS))
def test_pygambit_reads_what_we_write(tree: GameTree) -> None:
    game = read_by_pygambit(write_efg(tree))
    assert from_gambit(game) == tree
    assert read_efg(game.to_efg()) == tree


@pytest.mark.parametrize("path", EFG_FILES, ids=lambda path: path.stem)
def test_files_are_read_as_pygambit_reads_them(path: Path) -> None:
    tree = load_efg(path)
    if len(set(filter(None, tree.node_labels))) < len(list(filter(None, tree.node_labels))):
        with pytest.raises(ValueError, match="unique"):  # it refuses what older ones wrote
            pygambit.read_efg(path)
        game = read_by_pygambit(write_efg(tree))
    else:
        game = pygambit.read_efg(path)
    assert_same(tree, game)
    assert has_perfect_recall(tree) == game.is_perfect_recall
    assert is_constant_sum(tree) == game.is_const_sum
    assert from_gambit(to_gambit(tree)) == tree
    assert from_gambit(read_by_pygambit(write_efg(tree))) == tree


def test_labels_in_any_script_stay_where_pygambit_takes_them() -> None:
    builder = TreeBuilder(["张三", "René"], "Ça")
    builder.move(0, builder.information_set(0, ["左", 'a "b"'], "ℵ"))
    game = to_gambit(builder.build())
    assert player_labels(game) == (["张三", "René"] if GENERATION == 17 else ["u5f20u4e09", "Rene"])
    assert from_gambit(game) == builder.build()


def test_there_are_files_to_read() -> None:
    assert len(EFG_FILES) >= 30
    assert len(NFG_FILES) >= 5


@pytest.mark.parametrize("path", NFG_FILES, ids=lambda path: path.stem)
def test_strategic_games_pay_as_pygambit_says(path: Path) -> None:
    assert_pays(load_game(path), pygambit.read_nfg(path))


def assert_pays(tree: GameTree, game: Any) -> None:
    """Each strategy profile leads to the same payoffs."""
    assert player_labels(game) == list(tree.players)
    assert len(tree.information_sets) == len(tree.players)
    strategies = strategy_labels(game)
    for leaf in tree.terminals:
        profile = tuple(tree.action_of[node] for node in tree.path(leaf)[1:])
        assert tree.path_payoffs[leaf] == cell_payoffs(game, profile)
        assert tree.history(leaf) == tuple(
            own[choice] for own, choice in zip(strategies, profile, strict=True)
        )


def test_tables_become_simultaneous_moves() -> None:
    game = table(
        [[[1, 2], [3, 4], [5, 6]]], [[[7, 8], [9, 10], [11, "1/3"]]], [[[0, 0], [0, 1], [0, 2]]]
    )
    assert_pays(from_gambit(game), game)
    empty = pygambit.StrategicGame([2, 2]) if GENERATION == 17 else pygambit.Game.new_table([2, 2])
    assert_pays(from_gambit(empty), empty)


def test_outcomes_without_a_name_stay_without() -> None:
    tree = kuhn()
    assert {outcome.label for outcome in tree.outcomes} == {""}
    game = to_gambit(tree)
    labels = game.get_outcomes() if GENERATION == 17 else [own.label for own in game.outcomes]
    assert all(labels)
    assert from_gambit(game) == tree


def test_display_labels_survive_an_edit_in_pygambit() -> None:
    builder = TreeBuilder(["René", "Chance"], "Ça")
    stop, go = builder.move(0, builder.information_set(0, ["arrêt", "aller"], "début"))
    builder.pay(stop, [1, 2], "fin")
    game = to_gambit(builder.build())
    if GENERATION == 17:
        second = pygambit.H.path(game.get_actions(pygambit.H.path())[1])
        game.append_move(second, next(iter(game.players)), ["x"])
    else:
        game.append_move(list(game.root.children)[1], next(iter(game.players)), ["x"])
    tree = from_gambit(read_by_pygambit(game.to_efg()))
    assert tree.players == ("René", "Chance")
    assert tree.history(stop) == ("arrêt",)
    assert tree.information_sets[0].label == "début"
    assert tree.information_sets[tree.set_of[go]].actions == ("x",)


def test_probabilities_must_be_a_distribution() -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.chance(["a", "b"], [Fraction(1, 2), Fraction(1, 3)]))
    with pytest.raises(UserError, match="no distribution"):
        to_gambit(builder.build())


def test_absent_mindedness() -> None:
    game = to_gambit(absent_minded_driver())
    assert not game.is_perfect_recall
    assert from_gambit(game) == absent_minded_driver()


@pytest.mark.slow
def test_100_000_nodes_in_one_path() -> None:
    builder = TreeBuilder(["Ann"])
    moves = builder.information_set(0, ["stop", "go"])
    end = builder.outcome([1])
    node = 0
    for _ in range(50_000):
        stop, node = builder.move(node, moves)
        builder.set_outcome(stop, end)
    tree = builder.build()
    if GENERATION == 17:
        with pytest.raises(UserError, match="too deep for pygambit 17"):
            to_gambit(tree)
    else:
        assert from_gambit(to_gambit(tree)) == tree
