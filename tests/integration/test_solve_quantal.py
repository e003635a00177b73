"""Logit quantal responses, and sequential equilibria."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import exp

import pytest
from hypothesis import HealthCheck, assume, given, settings

from nl2efg.game import GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import solve
from nl2efg.solving.pygambit import process
from tests.brute_force import payoff, small
from tests.trees import game_trees, kuhn

SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True, scope="module")
def gambit() -> Iterator[None]:
    pytest.importorskip("pygambit")
    yield
    process.GAMBIT.kill()


def pennies() -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    second = builder.information_set(1, ["H", "T"])
    for i, node in enumerate(builder.move(0, builder.information_set(0, ["H", "T"]))):
        for j, leaf in enumerate(builder.move(node, second)):
            builder.pay(leaf, [1, -1] if i == j else [-1, 1])
    return builder.build()


def horse() -> GameTree:
    """Selten's horse (1975, IJGT 4, p. 33)."""
    builder = TreeBuilder(["One", "Two", "Three"])
    down, across = builder.move(0, builder.information_set(0, ["D", "C"]))
    third = builder.information_set(2, ["l", "r"])
    below, end = builder.move(across, builder.information_set(1, ["d", "c"]))
    builder.pay(end, [1, 1, 1])
    for node, table in ((down, ([3, 2, 2], [0, 0, 0])), (below, ([4, 4, 0], [0, 0, 1]))):
        for leaf, payoffs in zip(builder.move(node, third), table, strict=True):
            builder.pay(leaf, payoffs)
    return builder.build()


def test_the_horse_is_sequential_only_where_two_would_not_go_down() -> None:
    solution = solve(horse(), concept="sequential", budget=60)
    assert [found.values for found in solution.equilibria] == [(1, 1, 1)]
    assert str(solution.completeness) == "all pure sequential equilibria"


@SLOW
@given(game_trees(max_players=3, max_moves=5, absent_minded=False, inner_outcomes=False))
def test_quantal_responses_are_logit_responses_in_the_games_own_payoffs(tree: GameTree) -> None:
    assume(small(tree) and not tree.is_terminal(0) and has_perfect_recall(tree))
    for found in solve(tree, concept="qre", budget=2).equilibria:
        precision = float(found.method.rsplit(" ", 1)[1])
        for number, own in enumerate(tree.information_sets):
            row = found.profile.probabilities[number]
            if own.is_chance or not any(found.profile.reach[n] for n in tree.members[number]):
                continue
            values = []
            for action in range(len(row)):
                rows = [tuple(Fraction(p) for p in r) for r in found.profile.probabilities]
                total = Fraction(0)
                weight = Fraction(0)
                for node in tree.members[number]:
                    reach = Fraction(found.profile.reach[node])
                    weight += reach
                    total += reach * payoff(tree, rows, tree.children[node][action], own.player)
                values.append(float(total / weight))
            odds = [exp(precision * (v - max(values))) for v in values]
            for p, o in zip(row, odds, strict=True):
                assert abs(float(p) - o / sum(odds)) < 2e-2  # lambda is told with three digits


def test_precision_grows_until_the_profile_has_settled() -> None:
    found = solve(kuhn(3), concept="qre", budget=60).equilibria
    regrets = [float(e.certificate.max_regret) for e in found]
    assert len(found) > 3
    assert regrets[-1] < regrets[0] / 100


def test_uniform_play_is_the_logit_response_of_pennies_at_any_precision() -> None:
    (found,) = solve(pennies(), concept="qre", budget=60).equilibria
    assert found.profile.probabilities == ((0.5, 0.5), (0.5, 0.5))


def test_one_precision_holds_for_all_payoffs_of_asymmetric_pennies() -> None:
    builder = TreeBuilder(["Row", "Column"])
    second = builder.information_set(1, ["H", "T"])
    for i, node in enumerate(builder.move(0, builder.information_set(0, ["H", "T"]))):
        for j, leaf in enumerate(builder.move(node, second)):
            builder.pay(leaf, [9 if i == j == 0 else int(i == j), int(i != j)])
    near = min(
        solve(builder.build(), concept="qre", budget=60).equilibria,
        key=lambda found: abs(float(found.method.rsplit(" ", 1)[1]) - 1.08),
    )
    first, second_row = near.profile.probabilities
    assert (round(float(first[0]), 3), round(float(second_row[0]), 3)) == (0.895, 0.299)


def table(cells: list[list[tuple[int, int]]]) -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    columns = builder.information_set(1, [f"c{j}" for j in range(len(cells[0]))])
    rows = builder.information_set(0, [f"r{i}" for i in range(len(cells))])
    for i, node in enumerate(builder.move(0, rows)):
        for j, leaf in enumerate(builder.move(node, columns)):
            builder.pay(leaf, list(cells[i][j]))
    return builder.build()


def test_the_dilemma_has_a_closed_form() -> None:
    """Defection always pays 1 more: its odds are exp(lambda) (McKelvey and Palfrey 1995)."""
    found = solve(table([[(2, 2), (0, 3)], [(3, 0), (1, 1)]]), concept="qre", budget=60).equilibria
    assert len(found) > 2
    for entry in found:
        precision = float(entry.method.rsplit(" ", 1)[1])
        for row in entry.profile.probabilities:
            assert abs(float(row[1]) - 1 / (1 + exp(-precision))) < 1e-2


def test_rock_paper_scissors_stays_uniform() -> None:
    cells = [[(0, 0), (-1, 1), (1, -1)], [(1, -1), (0, 0), (-1, 1)], [(-1, 1), (1, -1), (0, 0)]]
    for entry in solve(table(cells), concept="qre", budget=60).equilibria:
        assert all(abs(float(p) - 1 / 3) < 1e-6 for row in entry.profile.probabilities for p in row)


def test_the_branch_from_uniform_play_ends_in_the_risk_dominant_equilibrium() -> None:
    """Of symmetric 2 by 2 games (Turocy 2005, Games and Economic Behavior 51, p. 243)."""
    last = solve(table([[(4, 4), (0, 3)], [(3, 0), (3, 3)]]), concept="qre", budget=60).equilibria[
        -1
    ]
    assert all(row[1] > 0.99 for row in last.profile.probabilities)
