"""Beliefs that support an equilibrium, consistent ones, and profiles that are brought."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.assessment import assess
from nl2efg.equilibria.beliefs import best_gain, supporting_beliefs
from nl2efg.equilibria.consistency import consistent_assessment
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.equilibria.refinements import judged
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import Equilibrium, certify, solve, verify_profile
from tests.brute_force import payoff, small
from tests.references.textbook import beer_quiche
from tests.trees import game_trees

HALF = Fraction(1, 2)
SLOW = settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    deadline=None,
)


def pure(width: int, action: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(a == action)) for a in range(width))


def two_ways_in(twin_payoff: int) -> GameTree:
    """A set of the second player behind two unused actions, whose trembles the third cannot tell.

    The third player's belief between L and R is one and the same behind both ways in.
    """
    builder = TreeBuilder(["Ann", "Ben", "Cleo"])
    ways = builder.move(0, builder.information_set(0, ["out", "left", "right"]))
    builder.pay(ways[0], [5, 0, 0])
    ben, cleo = builder.information_set(1, ["L", "R"]), builder.information_set(2, ["l", "r"])
    for way in ways[1:]:
        for side, node in enumerate(builder.move(way, ben)):
            for reply, leaf in enumerate(builder.move(node, cleo)):
                pay = (twin_payoff if way == ways[1] else 1) if side == reply else 0
                builder.pay(leaf, [0, 1 - (side == reply), pay])
    return builder.build()


@st.composite
def profiles(draw: st.DrawFn) -> BehaviourProfile:
    """A pure or mixed profile of a small game of perfect recall."""
    tree = draw(
        game_trees(max_players=3, max_moves=7, absent_minded=False).filter(
            lambda tree: has_perfect_recall(tree) and small(tree)
        )
    )
    rows = []
    for infoset in tree.information_sets:
        width = len(infoset.actions)
        weights = draw(st.lists(st.integers(0, 2), min_size=width, max_size=width).filter(any))
        row = tuple(Fraction(w, sum(weights)) for w in weights)
        rows.append(infoset.probabilities or row)
    return BehaviourProfile(tree, tuple(rows))


def gains_from(profile: BehaviourProfile, infoset: int, belief: tuple[Fraction, ...]) -> Fraction:
    """What the best pure strategy pays more from an information set on, by trying each one."""
    tree = profile.tree
    player = tree.information_sets[infoset].player
    own = list(tree.sets_of_player(player))

    def worth(rows: list[tuple[Fraction, ...]]) -> Fraction:
        members = zip(belief, tree.members[infoset], strict=True)
        return sum((p * payoff(tree, rows, node, player) for p, node in members), Fraction(0))

    rows = list(profile.probabilities)
    kept = worth(rows)
    best = Fraction(0)
    for choice in product(*(range(len(tree.information_sets[n].actions)) for n in own)):
        for number, action in zip(own, choice, strict=True):
            rows[number] = pure(len(tree.information_sets[number].actions), action)
        best = max(best, worth(rows) - kept)
    return best


@SLOW
@given(profiles(), st.data())
def test_supporting_beliefs_are_those_without_a_better_strategy(
    profile: BehaviourProfile, data: st.DataObject
) -> None:
    tree = profile.tree
    for number, infoset in enumerate(tree.information_sets):
        if infoset.is_chance:
            continue
        found = supporting_beliefs(profile, number)
        assert found is not None
        count = len(tree.members[number])
        weights = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count).filter(any))
        belief = tuple(Fraction(w, sum(weights)) for w in weights)
        gain = gains_from(profile, number, belief)
        assert best_gain(profile, number, belief) == gain
        assert found.contains(belief) == (gain == 0)
        for corner in found.vertices:
            assert gains_from(profile, number, corner) == 0


@SLOW
@given(profiles(), st.data())
def test_beliefs_that_trembles_bring_about_are_never_refuted(
    profile: BehaviourProfile, data: st.DataObject
) -> None:
    tree = profile.tree
    rows = []
    for infoset, row in zip(tree.information_sets, profile.probabilities, strict=True):
        orders = [data.draw(st.integers(1, 3)) for _ in row]
        sizes = [data.draw(st.integers(1, 4)) for _ in row]
        small_ones = [Fraction(size, 10 ** (9 * k)) for k, size in zip(orders, sizes, strict=True)]
        mixed = [p or t for p, t in zip(row, small_ones, strict=True)]
        near = tuple(Fraction(p) / sum(mixed) for p in mixed)
        rows.append(infoset.probabilities or near)
    beliefs = BehaviourProfile(tree, tuple(rows))
    assessment = assess(flat_game_of(tree), profile)
    inside = assessment.supported
    for entry in assessment.beliefs:
        if entry.supporting is not None:
            belief = beliefs.beliefs(entry.infoset)
            if belief is None:  # behind a chance move of probability 0
                continue
            exact = tuple(Fraction(p) for p in belief)
            margin = Fraction(1, 10**6)
            inside = inside and all(
                sum(c * p for c, p in zip(side, exact, strict=True)) > margin * max(map(abs, side))
                for side in entry.supporting.inequalities
            )
    found, proved = consistent_assessment(profile, assessment)
    if inside:
        assert found is not None or not proved


def witness(profile: BehaviourProfile, beliefs: dict[int, tuple[Fraction, ...]]) -> bool:
    """Whether trembles can be written down whose beliefs come near to given ones.

    Orders by a linear program, sizes by least squares of logarithms, and then beliefs at a tiny
    ``e``, all in logarithms: nothing of how the solver decides is used.
    """
    tree = profile.tree
    column: dict[tuple[int, int], int] = {}
    paths: dict[int, list[tuple[float, list[int]] | None]] = {}
    for number in beliefs:
        paths[number] = []
        for member in tree.members[number]:
            weight, steps, node = 1.0, [], member
            while node:
                parent = tree.parents[node]
                at, action = tree.set_of[parent], tree.action_of[node]
                p = profile.probabilities[at][action]
                if p:
                    weight *= float(p)
                elif tree.information_sets[at].is_chance:
                    weight = 0.0
                else:
                    steps.append(column.setdefault((at, action), len(column)))
                node = parent
            paths[number].append((weight, steps) if weight else None)
    rows_equal, rows_less, logs, right = [], [], [], []
    for number, belief in beliefs.items():
        entries = [(p, entry) for p, entry in zip(belief, paths[number], strict=True) if entry]
        on = [entry for p, entry in entries if p]
        if not on:
            continue
        share = [p for p, entry in entries if p]
        for p, (_, steps) in entries:
            row = [0] * len(column)
            for step in steps:
                row[step] += 1
            for step in on[0][1]:
                row[step] -= 1
            if p:
                rows_equal.append((row, -sum(row)))
            else:
                rows_less.append(([-c for c in row], -1 + sum(row)))
        for (weight, steps), p in zip(on, share, strict=True):
            line = [0.0] * len(column)
            for step in steps:
                line[step] += 1
            for step in on[0][1]:
                line[step] -= 1
            logs.append(line)
            right.append(log(float(p / share[0])) - log(weight / on[0][0]))
    orders = maximise([-1] * len(column), at_most=rows_less, equal=rows_equal)
    if orders is None:
        return False
    sizes = np.zeros(len(column))
    if logs and column:
        sizes = np.linalg.lstsq(np.array(logs), np.array(right), rcond=None)[0]
    for number, belief in beliefs.items():
        weights = []
        for entry in paths[number]:
            if entry is None:
                weights.append(-inf)
                continue
            weight, steps = entry
            power = sum(float(orders.point[s]) + 1 for s in steps)
            weights.append(log(weight) - 60 * power + sum(sizes[s] for s in steps))
        if max(weights) == -inf:
            continue
        odds = [exp(w - max(weights)) for w in weights]
        if any(abs(o / sum(odds) - float(p)) > 1e-6 for o, p in zip(odds, belief, strict=True)):
            return False
    return True


@SLOW
@given(profiles())
def test_consistent_beliefs_are_brought_about_by_trembles(profile: BehaviourProfile) -> None:
    found, _ = consistent_assessment(profile, assess(flat_game_of(profile.tree), profile))
    if found is None:
        return
    for entry in found.beliefs:
        assert entry.belief is not None
        assert gains_from(profile, entry.infoset, entry.belief) == 0
    beliefs = {e.infoset: e.belief for e in found.beliefs if e.belief is not None}
    assert witness(profile, beliefs)


def test_beer_and_quiche_by_the_receivers_belief() -> None:
    solution = solve(beer_quiche(), all=True)
    words = [
        entry.record(beer_quiche()).words
        for found in solution.equilibria
        for entry in (found.assessment.beliefs if found.assessment else ())
        if entry.supporting
    ]
    assert words == [
        "supported if P(Surly, Quiche) ≤ 1/2",
        "supported if P(Surly, Beer) ≤ 1/2",
        "supported if P(Surly, Quiche) = 1/2",
        "supported if P(Surly, Beer) = 1/2",
    ]


def test_beliefs_at_two_sets_have_to_agree() -> None:
    solution = solve(two_ways_in(3), all=True)
    assert len(solution.equilibria) == 4
    assert not any(found.claim("sequential").holds for found in solution.equilibria)
    kept = [found.claim("pbe").holds for found in solution.equilibria]
    assert kept == [True, True, False, False]


def test_a_profile_that_is_brought_gets_the_best_deviation() -> None:
    tree = beer_quiche()
    rows = [own.probabilities or pure(len(own.actions), 0) for own in tree.information_sets]
    found = verify_profile(tree, rows)
    assert not found
    assert found.certificate.max_regret > 0
    assert found.record().deviation
    assert found.record().subgame == 0


def test_given_beliefs_are_held_to_bayes_and_to_rationality() -> None:
    tree = beer_quiche()
    pooled = solve(tree, all=True).equilibria[0].profile
    off = next(
        entry.infoset for entry in assess(flat_game_of(tree), pooled).beliefs if entry.supporting
    )
    on = next(n for n in (2, 3) if n != off)
    for concept in ("pbe", "sequential"):
        assert verify_profile(tree, pooled, concept=concept, beliefs={off: (HALF, HALF)})
        wrong = verify_profile(tree, pooled, concept=concept, beliefs={off: (1, 0)})
        assert wrong.holds is False
        assert wrong.reason.startswith("given the belief ")
        assert "Bully gains 1 by " in wrong.reason
        assert wrong.deviation
        assert wrong.reason.endswith(wrong.deviation)
        bayes = verify_profile(tree, pooled, concept=concept, beliefs={on: (HALF, HALF)})
        assert "Bayes" in bayes.reason
    with pytest.raises(UserError, match="no distribution"):
        verify_profile(tree, pooled, concept="pbe", beliefs={off: (1, 1)})
    with pytest.raises(UserError, match="cannot be verified"):
        verify_profile(tree, pooled, concept="fair")


def test_a_rounded_profile_is_never_called_sequential() -> None:
    flat = flat_game_of(beer_quiche())
    exact = solve(beer_quiche()).equilibria[0]
    rows = tuple(tuple(map(float, row)) for row in exact.profile.probabilities)
    rough = BehaviourProfile(beer_quiche(), rows)
    found = judged(flat, Equilibrium(rough, certify(rough, flat), "spe", "rounded", 0.0))
    assert found.claim("pbe").holds is True
    assert found.claim("sequential").holds is None


def horse(payoffs: list[tuple[int, int, int]]) -> GameTree:
    """Selten's (1975) tree: the third player cannot tell who of the other two went down."""
    builder = TreeBuilder(["Ann", "Ben", "Cal"])
    moves = [builder.information_set(player, ["down", "on"]) for player in range(3)]
    down, on = builder.move(0, moves[0])
    later, end = builder.move(on, moves[1])
    leaves = [*builder.move(down, moves[2]), *builder.move(later, moves[2]), end]
    for leaf, paid in zip(leaves, payoffs, strict=True):
        builder.pay(leaf, list(paid))
    return builder.build()


@pytest.mark.parametrize(
    "payoffs",
    [
        [(2, 0, 4), (4, 3, 0), (4, 4, 1), (4, 0, 2), (2, 2, 4)],
        [(1, 1, 0), (3, 0, 1), (0, 0, 3), (4, 3, 0), (0, 2, 0)],
        [(1, 3, 0), (3, 2, 2), (0, 4, 3), (4, 4, 0), (1, 2, 2)],
    ],
)
def test_where_no_belief_supports_a_pure_equilibrium_a_mixed_one_is_shown_first(
    payoffs: list[tuple[int, int, int]],
) -> None:
    solution = solve(horse(payoffs))
    holds = [(claim := found.claim("pbe")) and claim.holds for found in solution.equilibria]
    assert holds == [True, False]
    assert [found.is_pure for found in solution.equilibria] == [False, True]
    assert str(solution.completeness).endswith("and 1 mixed, not exhaustive")
