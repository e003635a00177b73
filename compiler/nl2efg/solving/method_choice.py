"""Which method for which stage.

A method may only propose: whatever it finds is verified as a profile of the stage, and is dropped
if anybody could gain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from time import perf_counter

from nl2efg.solving.methods.imperfect_recall import best_behaviour, leaf_paths, terms_of
from nl2efg.solving.methods.pure_strategies import TREMBLE, PureStrategies, average_play, pure_rows
from nl2efg.solving.methods.support_refinement import polished
from nl2efg.solving.methods.two_player import complementary, constant_sum, linear_program, two_mix
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.sequence_form import Row, Value, best_response, common, exact_gains
from nl2efg.solving.stage_problem import Proposal, Rows, StageProblem


def solve_stage(problem: StageProblem) -> Proposal | None:
    """A verified equilibrium of a stage, by the methods that suit it in turn."""
    for method in _methods(problem):
        if perf_counter() > problem.deadline:
            problem.tried.append("the budget is used up")
            return None
        found = method(problem)
        if found is not None:
            return found
    return None


def _methods(problem: StageProblem) -> Sequence[Callable[[StageProblem], Proposal | None]]:
    stage = problem.stage
    if not stage.sides:
        return (forced,)
    if not stage.has_perfect_recall:
        return (forgetful, gambit("logit", 0.5))
    if len(stage.sides) == 1:
        return (alone,)
    if len(stage.sides) == 2:
        if constant_sum(stage, problem.leaves) is not None:
            return (linear_program, complementary, gambit("lcp", 0.9))
        return (complementary, dynamics, gambit("lcp", 0.9))
    return (
        dynamics,
        two_mix,
        fictitious_play,
        gambit("ipa", 0.3),
        gambit("logit", 0.4),
        gambit("gnm", 0.3),
        gambit("simpdiv", 0.5),
        gambit("enumpoly", 0.9),
    )


def forced(problem: StageProblem) -> Proposal | None:
    """Nothing: every information set of the stage has one action."""
    return problem.accept({}, "nobody has a choice")


def alone(problem: StageProblem) -> Proposal | None:
    """The best response of the only player who moves."""
    side = problem.stage.sides[0]
    payoffs, _ = common([row[side.player] for row in problem.leaves])
    gains, _ = exact_gains(problem.stage, 0, [([], 1)], payoffs)
    response = best_response(side, gains)
    return problem.accept(pure_rows(side, response.choices), "best response")


def dynamics(problem: StageProblem) -> Proposal | None:
    """Best-response dynamics in pure strategies.

    First against opponents who tremble, so that threats that nobody would carry out fall away;
    then, if that does not settle on an equilibrium, without trembles.
    """
    for tremble, method in (
        (TREMBLE, "best-response dynamics with trembles"),
        (0, "best-response dynamics"),
    ):
        choices = PureStrategies(problem.stage, problem.leaves, tremble).search(
            problem.until(PURE_SHARE)
        )
        rows: Rows = {}
        for side, own in zip(problem.stage.sides, choices or (), strict=bool(choices)):
            rows.update(pure_rows(side, own))
        found = problem.accept(rows or None, method)
        if found is not None:
            return found
    return None


FORGETFUL_ROUNDS = 40


def forgetful(problem: StageProblem) -> Proposal | None:
    """Ex-ante best responses in turn, from uniform play, without perfect recall.

    Raises:
        UserError: a best response is out of reach.
    """
    flat, stage = problem.flat, problem.stage
    paths = leaf_paths(flat, stage)
    sets = flat.tree.information_sets
    table: list[Row] = list(flat.given_rows)
    for side in stage.sides:
        for number in side.sets:
            width = len(sets[number].actions)
            table[number] = (Fraction(1, width),) * width
    for _ in range(FORGETFUL_ROUNDS):
        moved = False
        for side in stage.sides:
            payoffs = [row[side.player] for row in problem.leaves]
            terms = terms_of(flat, paths, table, side.player, payoffs)
            worth, response = best_behaviour(flat, side.sets, terms)
            if worth > _worth(terms, table):
                moved = True
                for number, row in response.items():
                    table[number] = row
        if not moved:
            break
    rows = {number: table[number] for side in stage.sides for number in side.sets}
    return problem.accept(rows, "ex-ante best responses")


def _worth(terms: Sequence[tuple[Value, tuple[tuple[int, int], ...]]], rows: list[Row]) -> Value:
    total: Value = Fraction(0)
    for weight, path in terms:
        for number, action in path:
            weight = weight * rows[number][action]
        total += weight
    return total


PLAY_ROUNDS = (30, 300, 3000)

PLAY_SHARE = 0.25
"""How much of the time that is left fictitious play gets."""

PURE_SHARE = 0.25
"""How much of the time that is left best-response dynamics gets, with trembles and without."""


def fictitious_play(problem: StageProblem) -> Proposal | None:
    """Best responses to the average of past play (Brown 1951), polished now and then."""
    best: Proposal | None = None
    until = problem.until(PLAY_SHARE)
    for rows in average_play(problem.stage, problem.leaves, PLAY_ROUNDS, until):
        for candidate in polished(problem.stage, problem.leaves, rows):
            found = problem.check(candidate, "fictitious play")
            if found is not None and found.exact:
                problem.tried.append("fictitious play: certified")
                return found
            best = best or found
        if best is not None:
            break
    problem.tried.append(
        f"fictitious play: {'certified in floating point' if best else 'no answer'}"
    )
    return best


def gambit(method: str, share: float) -> Callable[[StageProblem], Proposal | None]:
    """One of pygambit's methods, in its process; what it finds is polished first.

    Args:
        share: how much of the time that is left it gets.
    """

    def propose(problem: StageProblem) -> Proposal | None:
        try:
            profiles = stage_profiles(
                problem.flat, problem.stage, problem.leaves, method, share, problem.deadline
            )
        except ProcessFailedError as failure:
            problem.tried.append(f"pygambit {method}: {failure}")
            return None
        best: Proposal | None = None
        for rows in profiles:
            for candidate in (rows, *polished(problem.stage, problem.leaves, rows)):
                found = problem.check(candidate, f"pygambit {method}")
                if found is not None and found.exact:
                    problem.tried.append(f"pygambit {method}: certified")
                    return found
                best = best or found
        outcome = "certified in floating point" if best else "rejected"
        problem.tried.append(f"pygambit {method}: {outcome}")
        return best

    return propose
