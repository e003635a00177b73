"""The logit path: its derivatives, where it leads, and what is read off it."""

from __future__ import annotations

from math import exp
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.deadline import OutOfTimeError, time_limit
from nl2efg.equilibria.flat_game import as_one_stage, flat_game_of
from nl2efg.equilibria.sequence_form import stage_at
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve
from nl2efg.solving.methods import logit_tracing as tracing
from nl2efg.solving.methods import near_priors
from nl2efg.solving.methods.action_values import ActionValues
from nl2efg.solving.methods.float_play import FloatPlay
from nl2efg.solving.methods.logit_path import LogitPath
from nl2efg.solving.methods.logit_tracing import logit_tracing, near_logit
from nl2efg.solving.methods.settled_support import SupportSearch
from nl2efg.solving.stage_problem import StageProblem
from tests.bench.solve_scale import bayesian, kuhn_of_three


def problem_of(tree: GameTree) -> StageProblem:
    """The game as one stage."""
    whole = as_one_stage(flat_game_of(tree))
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    return StageProblem(whole, stage, leaves, [])


def values_of(tree: GameTree) -> ActionValues:
    problem = problem_of(tree)
    return ActionValues(FloatPlay(problem.stage, problem.leaves))


def table(rows: list[list[tuple[int, int]]]) -> GameTree:
    """Two players who move at once."""
    builder = TreeBuilder(["Row", "Column"])
    own = builder.information_set(0, [f"r{i}" for i in range(len(rows))])
    other = builder.information_set(1, [f"c{j}" for j in range(len(rows[0]))])
    for row, node in zip(rows, builder.move(0, own), strict=True):
        for pay, leaf in zip(row, builder.move(node, other), strict=True):
            builder.pay(leaf, list(pay))
    return builder.build()


@given(st.integers(0, 50), st.sampled_from([(2, 2, True), (2, 3, False), (1, 4, False)]))
def test_values_and_derivatives_are_those_of_a_tree(seed: int, kind: tuple[int, int, bool]) -> None:
    types, players, last = kind
    values = values_of(bayesian(types, players, seed, last=last))
    draw = np.random.default_rng(seed)
    point = values.normal(draw.exponential(size=values.count) + 0.05)
    worth, reach, slopes = values.at(point)
    profile = values.profile(point)
    plans = values.play.plans(profile)
    for place, mover in enumerate(values.movers):
        known = values.play.conditional(place, profile, plans)[0, 1:]
        assert worth[mover.span] == pytest.approx(known)
    nudge = 1e-6
    for action in range(values.count):
        ahead, behind = point.copy(), point.copy()
        ahead[action] *= exp(nudge)
        behind[action] *= exp(-nudge)
        change = values.at(ahead, slopes=False)[0] - values.at(behind, slopes=False)[0]
        same = np.arange(values.count)[values.set_of == values.set_of[action]]
        others = np.setdiff1d(np.arange(values.count), same)
        assert change[others] / (2 * nudge) == pytest.approx(slopes[others, action], abs=1e-7)
    assert (reach > 0).all()


def test_points_of_the_path_are_logit_responses() -> None:
    values = values_of(bayesian(2, 3, 4))
    path = LogitPath(values)
    seen = 0
    for precision, point in path.points():
        if precision > 200:
            break
        worth, _, _ = values.at(point, slopes=False)
        odds = np.exp(precision * (worth - worth.max()))
        assert point == pytest.approx(values.normal(odds), abs=5e-3)
        seen += 1
    assert seen > 5


def test_the_path_of_a_coordination_game_leads_to_the_safer_equilibrium() -> None:
    values = values_of(table([[(9, 9), (0, 8)], [(8, 0), (7, 7)]]))
    *_, (precision, point) = LogitPath(values).points()
    assert precision > 1e5
    assert point == pytest.approx([0, 1, 0, 1], abs=1e-6)


def test_another_prior_leads_to_the_other_equilibrium() -> None:
    values = values_of(table([[(9, 9), (0, 8)], [(8, 0), (7, 7)]]))
    *_, (_, point) = LogitPath(values, np.array([0.99, 0.01, 0.99, 0.01])).points()
    assert point == pytest.approx([1, 0, 1, 0], abs=1e-6)


def test_newton_finds_the_equilibrium_of_a_support() -> None:
    values = values_of(table([[(3, 0), (0, 2), (0, 0)], [(0, 1), (1, 0), (0, 0)]]))
    point = np.array([0.5, 0.5, 0.3, 0.3, 0.4])
    found = SupportSearch(values).from_point(point, np.array([1, 1, 1, 1, 0], dtype=bool))
    assert found == pytest.approx([1 / 3, 2 / 3, 1 / 4, 3 / 4, 0])


@given(st.integers(0, 200))
def test_whatever_support_is_tried_first_only_equilibria_come_out(seed: int) -> None:
    values = values_of(bayesian(2, 3, seed % 20))
    draw = np.random.default_rng(seed)
    point = values.normal(draw.exponential(size=values.count))
    used = draw.random(values.count) < 0.6
    used[values.starts] = True
    found = SupportSearch(values).from_point(point, used)
    if found is not None:
        assert values.regret(found) < 1e-9


def test_most_supports_with_one_action_wrong_are_mended() -> None:
    problem = problem_of(bayesian(2, 3, 0))
    values = ActionValues(FloatPlay(problem.stage, problem.leaves))
    proposal = logit_tracing(problem)
    assert proposal is not None
    right = values.point(values.play.profile_of(proposal.rows))
    blurred = values.normal(np.maximum(right, 0.01))
    mended = 0
    for action in range(values.count):
        used = right > 0
        used[action] = not used[action]
        found = SupportSearch(values).from_point(blurred, used)
        if found is not None:
            assert values.regret(found) < 1e-9
            mended += 1
    assert mended > values.count / 2


@pytest.mark.parametrize("seed", range(6))
def test_games_of_three_and_four_players_are_certified(seed: int) -> None:
    for types, players in ((3, 3), (2, 4)):
        problem = problem_of(bayesian(types, players, seed))
        found = logit_tracing(problem)
        assert found is not None
        assert found.method == "logit path"
        assert problem.tried[-1].startswith("logit path: certified")


def test_poker_of_three_players_is_certified_exactly() -> None:
    found = logit_tracing(problem_of(kuhn_of_three()))
    assert found is not None
    assert found.exact


@pytest.mark.parametrize("seed", range(3))
def test_two_players_are_exact_from_a_point_of_the_path(seed: int) -> None:
    found = near_logit(problem_of(bayesian(6, 2, seed, last=True)))
    assert found is not None
    assert found.exact
    assert found.method == "Lemke from a logit path, exact"


def test_paths_are_followed_until_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_priors, "PIVOTS", 0)
    for types, players, method in ((3, 2, near_logit), (3, 3, logit_tracing)):
        monkeypatch.setattr(SupportSearch, "from_point", lambda *_: None)
        monkeypatch.setattr(tracing, "STARTS", 10**6)
        problem = problem_of(bayesian(types, players, 0, last=players == 2))
        with time_limit(perf_counter() + 0.3), pytest.raises(OutOfTimeError):
            method(problem)
        assert problem.nearest is not None  # the best point is kept
        with time_limit(0.0), pytest.raises(OutOfTimeError):
            method(problem)


def test_a_game_whose_matrices_would_be_too_large_is_left_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nl2efg.solving.methods.action_values.MAX_ACTIONS", 3)
    problem = problem_of(bayesian(2, 3, 0))
    assert logit_tracing(problem) is None
    assert problem.tried == ["logit path: no answer"]


def test_solving_three_players_without_a_pure_equilibrium_uses_the_path() -> None:
    found = solve(bayesian(9, 3, 0), budget=60, all=False).equilibria[0]
    assert found.method == "logit path"
    assert found.certificate.is_subgame_perfect
