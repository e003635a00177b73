"""Random games: whatever is reported passes a check that shares no code with the solver.

The checker walks every pure strategy of a player in every subgame, found by comparing sets of
nodes; it is exponential and exact.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.errors import UserError
from nl2efg.solve import certify, solve
from nl2efg.tree import CHANCE, NO_SET, BehaviourProfile, GameTree
from tests.trees import game_trees, probabilities

PAYOFFS = st.one_of(
    st.integers(-2, 2).map(Fraction),
    st.sampled_from([Fraction(10**19), Fraction(-(10**19)), Fraction(1, 10**12), Fraction(7, 3)]),
)
MOST_STRATEGIES = 600
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def subgame_roots(tree: GameTree) -> list[int]:
    """Roots of subgames, by the definition."""
    below: list[set[int]] = [{node} for node in range(len(tree))]
    for node in range(len(tree) - 1, 0, -1):
        below[tree.parents[node]] |= below[node]
    found = []
    for root in range(len(tree)):
        if tree.set_of[root] == NO_SET:
            continue
        closed = all(
            set(members) <= below[root] or not set(members) & below[root]
            for number, members in enumerate(tree.members)
            if tree.information_sets[number].player != CHANCE
        )
        if closed:
            found.append(root)
    return found


def payoff(tree: GameTree, rows: list[tuple[Fraction, ...]], root: int, player: int) -> Fraction:
    """Expected payoff of a player when play starts at a node."""
    total = Fraction(0)
    stack = [(root, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        number = tree.set_of[node]
        if number == NO_SET:
            total += weight * tree.path_payoffs[node][player]
            continue
        for child, p in zip(tree.children[node], rows[number], strict=True):
            if p:
                stack.append((child, weight * p))
    return total


def best_pure_gain(profile: BehaviourProfile, root: int, player: int) -> Fraction:
    """What the best pure strategy of a player gains over the profile in a subgame."""
    tree = profile.tree
    rows = [tuple(Fraction(p) for p in row) for row in profile.probabilities]
    inside = {tree.set_of[node] for node in range(root, tree.subtree_end[root])} - {NO_SET}
    own = [n for n in sorted(inside) if tree.information_sets[n].player == player]
    kept = payoff(tree, rows, root, player)
    best = Fraction(0)
    for choice in product(*(range(len(rows[n])) for n in own)):
        changed = list(rows)
        for n, action in zip(own, choice, strict=True):
            changed[n] = tuple(Fraction(int(a == action)) for a in range(len(rows[n])))
        best = max(best, payoff(tree, changed, root, player) - kept)
    return best


def small(tree: GameTree) -> bool:
    return all(
        prod(len(tree.information_sets[n].actions) for n in tree.sets_of_player(player))
        <= MOST_STRATEGIES
        for player in range(len(tree.players))
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


@given(game_trees(max_players=5, payoffs=PAYOFFS, absent_minded=False))
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


@given(game_trees(max_players=2, max_moves=5, absent_minded=False))
@SETTINGS
def test_all_pure_equilibria_are_all_of_them(tree: GameTree) -> None:
    own = [n for n, s in enumerate(tree.information_sets) if s.player != CHANCE]
    assume(prod(len(tree.information_sets[n].actions) for n in own) <= 64)
    try:
        solution = solve(tree, all=True, budget=0.5)
    except UserError:
        return
    if str(solution.completeness) != "all pure subgame-perfect equilibria":
        return
    listed = {found.profile.probabilities for found in solution.equilibria}
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


@given(game_trees(max_players=3, payoffs=PAYOFFS, absent_minded=False), st.data())
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
        for root in roots:
            gains = any(best_pure_gain(profile, root, i) for i in range(len(tree.players)))
            assert bool(certificate.subgame_regrets[root]) == gains


@st.composite
def random_rows(draw: st.DrawFn, count: int) -> list[Fraction]:
    return probabilities(draw, count)


@given(game_trees(max_players=3, payoffs=PAYOFFS, absent_minded=False), st.data())
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
