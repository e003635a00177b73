"""OpenSpiel reads what we write, where it is installed (``pip install open_spiel``)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.formats import write_efg
from nl2efg.game import GameTree, payoffs_at_leaves
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

pyspiel = pytest.importorskip("pyspiel")


def assert_same(tree: GameTree, game: Any) -> None:
    """Walk both trees side by side."""
    assert game.num_players() == len(tree.players)
    names: dict[str, int] = {}
    stack = [(0, game.new_initial_state())]
    while stack:
        node, state = stack.pop()
        assert state.is_terminal() == tree.is_terminal(node)
        if state.is_terminal():
            expected = [float(payoff) for payoff in tree.path_payoffs[node]]
            assert state.returns() == pytest.approx(expected)
            continue
        own = tree.information_sets[tree.set_of[node]]
        assert state.is_chance_node() == own.is_chance
        if own.probabilities is not None:
            given_here = [probability for _, probability in state.chance_outcomes()]
            assert given_here == pytest.approx([float(value) for value in own.probabilities])
        else:
            assert state.current_player() == own.player
            name = state.information_state_string()
            assert names.setdefault(name, tree.set_of[node]) == tree.set_of[node]
        for action, child in zip(state.legal_actions(), tree.children[node], strict=True):
            stack.append((child, state.child(action)))
    assert len(set(names.values())) == len(names)


@settings(max_examples=100, deadline=None)
@given(game_trees(labels=ANY_LABELS))
def test_random_trees(tree: GameTree) -> None:
    at_leaves = payoffs_at_leaves(tree)
    assert_same(at_leaves, pyspiel.load_efg_game(write_efg(at_leaves)))


@pytest.mark.parametrize("tree", [kuhn(), absent_minded_driver()])
def test_known_games(tree: GameTree) -> None:
    assert_same(tree, pyspiel.load_efg_game(write_efg(tree)))
