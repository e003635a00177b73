"""All extreme equilibria of two players, against pygambit's enumeration of the strategic form."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.deadline import time_limit
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage, flat_game_of, full_profile
from nl2efg.equilibria.sequence_form import plan_of, stage_at
from nl2efg.game import CHANCE, GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import Claim, solve
from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.extreme import ExtremeEquilibria, extreme_equilibria
from nl2efg.solving.methods.two_player import completed
from nl2efg.solving.pygambit import process
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.stage_problem import StageProblem
from tests.brute_force import best_pure_gain, small
from tests.trees import game_trees

pytestmark = pytest.mark.process

SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TIES = st.integers(0, 3).map(Fraction)
Plan = tuple[Fraction, ...]


@pytest.fixture(autouse=True, scope="module")
def gambit() -> Iterator[None]:
    pytest.importorskip("pygambit")
    yield
    process.GAMBIT.kill()


def bimatrix(first: list[list[int]], second: list[list[int]]) -> GameTree:
    builder = TreeBuilder(["Row", "Column"])
    columns = builder.information_set(1, [f"c{j}" for j in range(len(first[0]))])
    rows = builder.information_set(0, [f"r{i}" for i in range(len(first))])
    for i, node in enumerate(builder.move(0, rows)):
        for j, leaf in enumerate(builder.move(node, columns)):
            builder.pay(leaf, [first[i][j], second[i][j]])
    return builder.build()


@st.composite
def bimatrices(draw: st.DrawFn) -> GameTree:
    m, n = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    table = st.lists(st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=m, max_size=m)
    return bimatrix(draw(table), draw(table))


def listed(tree: GameTree) -> tuple[FlatGame, ExtremeEquilibria, list[list[Plan]]]:
    """The extreme equilibria as plans, and those that pygambit finds."""
    whole = as_one_stage(flat_game_of(tree))
    stage = stage_at(whole, 0)
    assume(len(stage.sides) == 2 and stage.has_perfect_recall)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    found = extreme_equilibria(two_players(stage, leaves))
    assert found is not None
    with time_limit(perf_counter() + 60):
        profiles = stage_profiles(whole, stage, leaves, "enummixed", 1.0)
    theirs = [
        [
            tuple(Fraction(p) for p in plan_of(side, [rows[n] for n in side.sets]))
            for side in stage.sides
        ]
        for rows in profiles
    ]
    problem = StageProblem(whole, stage, leaves, [])
    for a, b in found.pairs:
        rows = completed(problem, [list(found.plans[0][a]), list(found.plans[1][b])])
        profile = full_profile(whole, rows)
        assert not any(best_pure_gain(profile, 0, player) for player in range(len(tree.players)))
    return whole, found, theirs


def is_mixture(plan: Plan, corners: list[Plan]) -> bool:
    equal = [(list(column), x) for column, x in zip(zip(*corners, strict=True), plan, strict=True)]
    return maximise([0] * len(corners), equal=[*equal, ([1] * len(corners), 1)]) is not None


@SLOW
@given(
    st.one_of(
        bimatrices(),
        game_trees(
            max_players=2, max_moves=6, absent_minded=False, inner_outcomes=False, payoffs=TIES
        ),
    )
)
def test_extreme_equilibria_span_all_that_the_strategic_form_has(tree: GameTree) -> None:
    assume(has_perfect_recall(tree) and small(tree))
    assume(sum(s.player != CHANCE for s in tree.information_sets) > 1)
    whole, found, theirs = listed(tree)
    del whole
    pairs = {(found.plans[0][a], found.plans[1][b]) for a, b in found.pairs}
    if all(all(s.probabilities or (1,)) for s in tree.information_sets):
        # Behind a branch of probability 0 pygambit does not tell plans apart.
        assert pairs <= {(first, second) for first, second in theirs}
    parts = found.convex_parts()
    for first, second in theirs:
        assert any(
            is_mixture(first, [found.plans[0][a] for a in mine])
            and is_mixture(second, [found.plans[1][b] for b in others])
            for mine, others in parts
        )
    numbered = [set(entry) for entry in found.components()]
    assert sum(map(len, numbered)) == len(found.pairs)


def test_battle_of_the_sexes_shows_three() -> None:
    solution = solve(bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    assert [found.values for found in solution.equilibria] == [
        (2, 1),
        (1, 2),
        (Fraction(2, 3), Fraction(2, 3)),
    ]
    assert solution.completeness.claim is Claim.ALL_EXTREME_PERFECT
    assert [entry.equilibria for entry in solution.components] == [(1,), (2,), (3,)]


def test_pennies_has_no_pure_equilibrium_and_nobody_says_so() -> None:
    solution = solve(bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 0]]), all=True)
    (found,) = solution.equilibria
    assert not found.is_pure
    assert "all pure equilibria" not in str(solution.completeness)


def test_a_continuum_is_told_by_its_ends() -> None:
    # Column is indifferent: any mixture of hers in which Row's first row stays best.
    solution = solve(bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 0]]))
    (component,) = [entry for entry in solution.components if len(entry.equilibria) > 1][:1]
    assert component.convex_parts
    assert "continuum" in component.words
