"""Histories as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given

from nl2efg.game import GameTree, TreeBuilder, find_history, match_label
from nl2efg.game.history import loose
from tests.trees import game_trees, kuhn


@pytest.mark.slow
@given(game_trees())
def test_every_node_is_found_by_its_own_history(tree: GameTree) -> None:
    for node in range(len(tree)):
        assert find_history(tree, tree.history(node)) == (node,)


@pytest.mark.slow
@given(game_trees())
def test_a_wildcard_stands_for_any_action(tree: GameTree) -> None:
    for depth in range(max(tree.depth) + 1):
        at_depth = tuple(node for node, own in enumerate(tree.depth) if own == depth)
        assert find_history(tree, ["*"] * depth) == at_depth


def test_labels_match_loosely() -> None:
    tree = kuhn()
    exact = find_history(tree, ["0", "*", "Check", "Bet", "Fold"])
    assert len(exact) == 2
    assert find_history(tree, ["0", "*", "check ", "«BET»", "fold!"]) == exact
    assert find_history(tree, ["0", "0"]) == ()
    assert find_history(tree, ["0", "1", "Check", "Check", "Check"]) == ()


def test_an_exact_match_goes_before_loose_ones() -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.information_set(0, ["Stop", "stop", "STOP!", "Go"]))
    tree = builder.build()
    assert find_history(tree, ["stop"]) == (2,)
    assert find_history(tree, ["sToP"]) == (1, 2, 3)
    assert find_history(tree, []) == (0,)


def test_numbers_keep_their_sign_and_parts() -> None:
    labels = ["-1", "1", "1/2", "12", "1.2", "1 2", "+", "-", "offer 1", "Straße"]
    for place, label in enumerate(labels):
        assert match_label(label, labels) == (place,)
        assert [loose(other) == loose(label) for other in labels].count(True) == 1
    assert match_label("Offer-1", labels) == (8,)
    assert match_label("STRASSE", labels) == (9,)
    assert match_label("−1", labels) == (0,)
