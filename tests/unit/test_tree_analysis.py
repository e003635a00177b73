"""Properties of trees, against their definitions by brute force."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given

from nl2efg.game import (
    NO_OUTCOME,
    NO_SET,
    GameTree,
    TreeBuilder,
    absent_minded_sets,
    facts,
    has_perfect_information,
    has_perfect_recall,
    is_constant_sum,
    payoffs_at_leaves,
)
from tests.trees import absent_minded_driver, game_trees, kuhn


def own_sequence(tree: GameTree, node: int, player: int) -> list[tuple[int, int]]:
    """The player's information sets and actions on the path to a node."""
    path = tree.path(node)
    return [
        (tree.set_of[above], tree.action_of[below])
        for above, below in pairwise(path)
        if tree.player_of(above) == player
    ]


def same_set_pairs(tree: GameTree) -> list[tuple[int, int]]:
    return [
        pair
        for number, members in enumerate(tree.members)
        if not tree.information_sets[number].is_chance
        for pair in combinations(members, 2)
    ]


@given(game_trees(max_moves=10))
def test_perfect_recall_is_equal_own_sequences(tree: GameTree) -> None:
    def agree(first: int, second: int) -> bool:
        player = tree.player_of(first)
        assert player is not None
        return own_sequence(tree, first, player) == own_sequence(tree, second, player)

    assert has_perfect_recall(tree) == all(agree(*pair) for pair in same_set_pairs(tree))


@given(game_trees(max_moves=10))
def test_absent_minded_sets_meet_a_path_twice(tree: GameTree) -> None:
    expected = {
        tree.set_of[second] for first, second in same_set_pairs(tree) if first in tree.path(second)
    }
    assert set(absent_minded_sets(tree)) == expected


@given(game_trees(max_moves=6))
def test_perfect_information_and_constant_sum(tree: GameTree) -> None:
    assert has_perfect_information(tree) == (not same_set_pairs(tree))
    sums = {sum(tree.path_payoffs[node]) for node in range(len(tree)) if tree.is_terminal(node)}
    assert is_constant_sum(tree) == (len(sums) == 1)


@given(game_trees(max_moves=6))
def test_payoffs_move_to_the_leaves(tree: GameTree) -> None:
    moved = payoffs_at_leaves(tree)
    for node in range(len(tree)):
        assert (moved.outcome_of[node] == NO_OUTCOME) == (moved.set_of[node] != NO_SET)
        if moved.is_terminal(node):
            assert moved.path_payoffs[node] == tree.path_payoffs[node]
    assert payoffs_at_leaves(moved) == moved


def test_facts_of_kuhn_poker() -> None:
    found = facts(kuhn())
    assert found.players == ("Alice", "Bob")
    assert found.information_sets == {"Alice": 6, "Bob": 6}
    assert (found.nodes, found.terminals, found.depth, found.chance_sets) == (58, 30, 5, 4)
    assert found.perfect_recall
    assert not found.perfect_information
    assert found.constant_sum


def test_the_absent_minded_driver_forgets() -> None:
    tree = absent_minded_driver()
    assert not has_perfect_recall(tree)
    assert absent_minded_sets(tree) == (0,)


def test_forgetting_an_own_action_is_imperfect_recall() -> None:
    builder = TreeBuilder(["Ann"])
    first = builder.move(0, builder.information_set(0, ["a", "b"]))
    second = builder.information_set(0, ["c", "d"])
    for node in first:
        builder.move(node, second)
    assert not has_perfect_recall(builder.build())


@pytest.mark.slow
def test_100_000_nodes_deep() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(50_000):
        stop, node = builder.move(node, builder.information_set(stage % 2, ["stop", "go"]))
        builder.pay(stop, [stage, -stage])
    builder.pay(node, [0, 0])
    found = facts(builder.build())
    assert found.perfect_recall
    assert found.perfect_information
    assert found.constant_sum
    assert found.depth == 50_000
