"""The game as OpenSpiel's, where it is installed (``pip install open_spiel``)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.equilibria.certificate import certify
from nl2efg.game import GameTree, payoffs_at_leaves
from tests.layout_properties import uniform
from tests.trees import absent_minded_driver, game_trees, kuhn

pyspiel = pytest.importorskip("pyspiel")

from nl2efg.playing.openspiel import profile_of  # noqa: E402


def labels(state: Any) -> Sequence[str]:
    """What may be done, in words."""
    return [state.action_to_string(action) for action in state.legal_actions()]


def play_both(tree: GameTree, chance: random.Random, names: dict[str, str]) -> None:
    """One random play, side by side with OpenSpiel's own reading of the .efg."""
    at_leaves = payoffs_at_leaves(tree)  # OpenSpiel's reader takes payoffs nowhere else
    theirs = pyspiel.load_efg_game(nl2efg.write_efg(at_leaves)).new_initial_state()
    ours = nl2efg.to_openspiel(tree).new_initial_state()
    while not ours.is_terminal():
        assert not theirs.is_terminal()
        assert ours.current_player() == theirs.current_player()
        assert len(theirs.legal_actions()) == len(tree.children[ours.node])
        if ours.is_chance_node():
            own = dict(ours.chance_outcomes())
            given_there = [p for _, p in theirs.chance_outcomes()]
            assert [own.get(n, 0.0) for n in range(len(given_there))] == pytest.approx(given_there)
            place = chance.choice(sorted(own))
        else:
            player = ours.current_player()
            name = ours.information_state_string(player)
            known = theirs.information_state_string(player)
            assert names.setdefault(name, known) == known
            assert names.setdefault(f"theirs {known}", name) == name
            assert ours.observation.actions == tuple(labels(ours))
            assert sum(ours.information_state_tensor(player)) == 2
            place = chance.choice(ours.legal_actions())
        if chance.random() < 0.2:
            ours = ours.clone()
        theirs.apply_action(theirs.legal_actions()[place])
        ours.apply_action(place)
    assert theirs.is_terminal()
    assert ours.returns() == pytest.approx(theirs.returns())


@settings(max_examples=60)
@given(game_trees(max_moves=10), st.integers(0, 1000))
def test_random_plays_are_those_of_openspiels_own_game(tree: GameTree, seed: int) -> None:
    chance, names = random.Random(seed), dict[str, str]()
    for _ in range(5):
        play_both(tree, chance, names)


@pytest.mark.parametrize("tree", [kuhn(), absent_minded_driver(), nl2efg.as_tree("five_players")])
def test_known_games(tree: GameTree) -> None:
    names: dict[str, str] = {}
    for seed in range(30):
        play_both(tree, random.Random(seed), names)
    game = nl2efg.to_openspiel(tree)
    assert game.num_players() == len(tree.players)
    assert game.max_game_length() == max(tree.depth)
    policy = pyspiel.TabularPolicy({}) if not hasattr(pyspiel, "UniformRandomPolicy") else None
    policy = policy or pyspiel.UniformRandomPolicy(game)
    profile = profile_of(tree, policy)
    expected = [[float(p) for p in row] for row in uniform(tree).probabilities]
    assert [list(map(float, row)) for row in profile.probabilities] == expected


def test_what_regret_matching_learns_is_nearly_an_equilibrium() -> None:
    cfr = pytest.importorskip("open_spiel.python.algorithms.cfr")
    tree = kuhn()
    solver = cfr.CFRSolver(nl2efg.to_openspiel(tree))
    for _ in range(200):
        solver.evaluate_and_update_policy()
    profile = profile_of(tree, solver.average_policy())
    assert 0 < certify(profile).max_regret < 0.02
    assert not nl2efg.verify(tree, profile).holds


def test_players_who_wait_know_their_own_moves() -> None:
    state = nl2efg.to_openspiel("kuhn_poker").new_initial_state()
    state.apply_action(0)
    assert state.information_state_string(1) == "Ben waits, after no move"
    state.apply_action(1)
    assert state.information_state_string(0).startswith("Ann waits, after ")
    assert str(state) == "JQ, Bet"
