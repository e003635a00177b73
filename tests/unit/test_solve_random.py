"""Random games: whatever is reported passes a check that shares no code with the solver."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.errors import UserError
from nl2efg.game import CHANCE, NO_SET, BehaviourProfile, GameTree
from nl2efg.solving import Claim, certify, solve
from tests.brute_force import best_pure_gain, small, subgame_roots
from tests.trees import game_trees, probabilities

PAYOFFS = st.one_of(
    st.integers(-2, 2).map(Fraction),
    st.sampled_from([Fraction(10**19), Fraction(-(10**19)), Fraction(1, 10**12), Fraction(7, 3)]),
)
FEW = st.integers(0, 1).map(Fraction)


def any_payoffs(players: int) -> st.SearchStrategy[GameTree]:
    """Games whose payoffs are few, so that there are ties and least gains, or of any size."""
    return st.one_of(
        game_trees(max_players=players, payoffs=FEW, absent_minded=False),
        game_trees(max_players=players, payoffs=PAYOFFS, absent_minded=False),
    )


SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def assert_equilibrium(profile: BehaviourProfile, *, perfect: bool) -> None:
    tree = profile.tree
    for number, row in enumerate(profile.probabilities):
        given_row = tree.information_sets[number].probabilities
        assert min(row) >= 0
        assert abs(sum(row) - 1) <= (0 if profile.is_exact else 1e-9)
        if given_row is not None and profile.is_exact:
            assert row == given_row
    if tree.is_terminal(0):
        return
    for root in subgame_roots(tree) if perfect else [0]:
        leaves = [
            tree.path_payoffs[node]
            for node in range(root, tree.subtree_end[root])
            if tree.set_of[node] == NO_SET
        ]
        for player in range(len(tree.players)):
            column = [row[player] for row in leaves]
            gain = best_pure_gain(profile, root, player)
            if profile.is_exact:
                assert gain == 0
            else:
                assert gain <= Fraction(1, 10**8) * (max(column) - min(column))


@pytest.mark.slow
@given(any_payoffs(5))
@SETTINGS
def test_what_is_reported_is_an_equilibrium_of_every_subgame(tree: GameTree) -> None:
    assume(small(tree))
    try:
        solution = solve(tree, budget=0.5)
    except UserError:
        return
    for found in solution.equilibria:
        assert_equilibrium(found.profile, perfect=True)
        assert found.certificate.is_subgame_perfect


ALL_PURE = (Claim.ALL_PURE_PERFECT, Claim.ALL_EXTREME_PERFECT, Claim.UNIQUE)


@given(game_trees(max_players=3, max_moves=5, absent_minded=False))
@SETTINGS
def test_all_pure_equilibria_are_all_of_them(tree: GameTree) -> None:
    own = [n for n, s in enumerate(tree.information_sets) if s.player != CHANCE]
    assume(prod(len(tree.information_sets[n].actions) for n in own) <= 64)
    try:
        solution = solve(tree, all=True, budget=0.5)
    except UserError:
        return
    if solution.completeness.claim not in ALL_PURE:
        return
    listed = {found.profile.probabilities for found in solution.equilibria}
    assert len(listed) == len(solution.equilibria)
    roots = subgame_roots(tree)
    for choice in product(*(range(len(tree.information_sets[n].actions)) for n in own)):
        rows = [s.probabilities or () for s in tree.information_sets]
        for n, action in zip(own, choice, strict=True):
            width = len(tree.information_sets[n].actions)
            rows[n] = tuple(Fraction(int(a == action)) for a in range(width))
        profile = BehaviourProfile(tree, tuple(rows))
        is_equilibrium = not any(
            best_pure_gain(profile, root, player)
            for root in roots
            for player in range(len(tree.players))
        )
        assert is_equilibrium == (profile.probabilities in listed)


@given(any_payoffs(3), st.data())
@SETTINGS
def test_the_certificate_of_any_profile_is_what_brute_force_finds(
    tree: GameTree, data: st.DataObject
) -> None:
    assume(small(tree))
    rows = [
        own.probabilities or tuple(data.draw(random_rows(len(own.actions))))
        for own in tree.information_sets
    ]
    profile = BehaviourProfile(tree, tuple(rows))
    certificate = certify(profile)
    for entry in certificate.players:
        assert entry.value == profile.values[entry.player]
        if not tree.is_terminal(0):
            assert entry.regret == best_pure_gain(profile, 0, entry.player)
    if not tree.is_terminal(0):
        roots = subgame_roots(tree)
        assert sorted(certificate.subgame_regrets) == roots
        players = range(len(tree.players))
        gains = {root: any(best_pure_gain(profile, root, i) for i in players) for root in roots}
        assert {root: bool(r) for root, r in certificate.subgame_regrets.items()} == gains
        assert certificate.is_nash == (not any(best_pure_gain(profile, 0, i) for i in players))
        assert certificate.is_subgame_perfect == (not any(gains.values()))


@st.composite
def random_rows(draw: st.DrawFn, count: int) -> list[Fraction]:
    return probabilities(draw, count)


@given(any_payoffs(3), st.data())
@SETTINGS
def test_a_float_certificate_agrees_with_the_exact_one(tree: GameTree, data: st.DataObject) -> None:
    assume(small(tree))
    rows = [
        own.probabilities or tuple(data.draw(random_rows(len(own.actions))))
        for own in tree.information_sets
    ]
    exact = certify(BehaviourProfile(tree, tuple(rows)))
    rough = certify(BehaviourProfile(tree, tuple(tuple(map(float, row)) for row in rows)))
    assert rough.exact == (not tree.information_sets)
    assert abs(exact.relative_regret - rough.relative_regret) < 1e-9


@given(game_trees(max_players=2))
@SETTINGS
def test_absent_minded_players_gain_by_no_pure_strategy_either(tree: GameTree) -> None:
    assume(small(tree))
    try:
        solution = solve(tree, budget=0.5)
    except UserError:
        return
    for found in solution.equilibria:
        assert_equilibrium(found.profile, perfect=True)
