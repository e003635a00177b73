"""Two players: a linear program where their interests are opposed, else Lemke's algorithm.

With more players, two of them who mix while the others play pure strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import prod

from nl2efg.equilibria.deadline import OutOfTimeError, check_clock, share_of_time
from nl2efg.equilibria.sequence_form import (
    PlayerSequences,
    Row,
    Stage,
    Value,
    best_response,
    common,
    exact_gains,
    uniform_plan,
)
from nl2efg.solving.methods.bimatrix import (
    Support,
    TwoPlayers,
    behaviour_of,
    exact_plan,
    reaches_all,
    two_players,
)
from nl2efg.solving.methods.lemke import solve_lemke
from nl2efg.solving.methods.pure_strategies import TREMBLE, pure_plan, pure_rows
from nl2efg.solving.methods.sequence_form_lp import exact_plans, solve_linear
from nl2efg.solving.stage_problem import Proposal, Rows, StageProblem

Plans = list[list[Fraction]]
Answer = tuple[tuple[list[float], list[float]], tuple[Support, Support]]

MAX_TREMBLED = 5000
"""Most leaves of a stage for which trembles decide what is done where a plan does not come."""

EXACT_SHARE = 0.5
"""How much of the time that is left may go into making a floating-point solution exact."""


def constant_sum(stage: Stage, leaves: Sequence[Row]) -> Fraction | None:
    """The positive weight of the second mover's payoff that makes the sum constant, or None.

    Leaves that chance never reaches are left out.
    """
    first, second = (side.player for side in stage.sides)
    pairs = {
        (row[first], row[second])
        for row, weight in zip(leaves, stage.chance, strict=True)
        if weight
    }
    low = min(pairs)
    high = max(pairs)
    if low[0] == high[0]:
        return Fraction(1) if low[1] == max(pairs, key=lambda pair: pair[1])[1] else None
    if low[1] <= high[1]:
        return None
    ratio = Fraction(high[0] - low[0]) / Fraction(low[1] - high[1])
    total = low[0] + ratio * low[1]
    return ratio if all(a + ratio * b == total for a, b in pairs) else None


def linear_program(problem: StageProblem) -> Proposal | None:
    """The sequence form as a linear program; exact from the optimal basis."""
    game = two_players(problem.stage, problem.leaves)
    found = solve_linear(game)
    if found is None:
        return problem.accept(None, "linear program")
    return made_exact(
        problem, game, found.plans, "linear program", lambda: exact_plans(game, found)
    )


def complementary(problem: StageProblem) -> Proposal | None:
    """Lemke's algorithm on the sequence form; exact from the last basis."""
    game = two_players(problem.stage, problem.leaves)
    found = solve_lemke(game)
    if found is None:
        return problem.accept(None, "Lemke")
    plans, supports = found
    return made_exact(problem, game, plans, "Lemke", lambda: plans_of_supports(game, supports))


def made_exact(
    problem: StageProblem,
    game: TwoPlayers,
    plans: tuple[list[float], list[float]],
    method: str,
    exactly: Callable[[], Plans | None],
) -> Proposal | None:
    """The exact plans behind approximate ones, else an exact pivoting, else these."""
    with suppress(OutOfTimeError), share_of_time(EXACT_SHARE):
        exact = exactly()
        if exact is not None:
            accepted = problem.accept(completed(problem, exact), f"{method}, exact")
            if accepted is not None:
                return accepted
    with suppress(OutOfTimeError), share_of_time(EXACT_SHARE):
        pivoted = solve_lemke(game, exact=True)
        if pivoted is not None:
            accepted = problem.accept(completed(problem, pivoted[0]), "Lemke in exact arithmetic")
            if accepted is not None:
                return accepted
    return problem.accept(completed(problem, plans), f"{method}, floating point")


def plans_of_supports(game: TwoPlayers, supports: tuple[Support, Support]) -> Plans | None:
    """Both exact plans, or None as soon as one is missing."""
    found = []
    for place, support in enumerate(supports):
        plan = exact_plan(game, place, support)
        if plan is None:
            return None
        found.append(plan)
    return found


def completed(problem: StageProblem, plans: Sequence[Sequence[Value]]) -> Rows:
    """Behaviour from plans; sets that a plan does not reach play a best response.

    There the others are taken to tremble, so that the response is a good one wherever play may
    come by their mistakes.
    """
    rows: Rows = {}
    stage = problem.stage
    if all(reaches_all(side, plan) for side, plan in zip(stage.sides, plans, strict=True)):
        for side, plan in zip(stage.sides, plans, strict=True):
            rows.update(behaviour_of(side, plan, ()))
        return rows
    whole = [common([Fraction(weight) for weight in plan]) for plan in plans]
    if len(stage.leaves) <= MAX_TREMBLED:
        whole = [_trembled(side, plan) for side, plan in zip(stage.sides, plans, strict=True)]
    for place, side in enumerate(stage.sides):
        payoffs, _ = common([row[side.player] for row in problem.leaves])
        gains, _ = exact_gains(stage, place, whole, payoffs)
        response = best_response(side, gains)
        rows.update(behaviour_of(side, plans[place], response.choices))
    return rows


def _trembled(side: PlayerSequences, plan: Sequence[Value]) -> tuple[list[int], int]:
    """A plan that follows uniform behaviour once in ``TREMBLE`` times, as integers."""
    noise = uniform_plan(side)
    often = Fraction(TREMBLE - 1, TREMBLE)
    return common(
        [often * Fraction(p) + Fraction(q) / TREMBLE for p, q in zip(plan, noise, strict=True)]
    )


MAX_REDUCED = 2000
"""Most two-player games, one for each pair and pure profile of the others, that are solved."""


def two_mix(problem: StageProblem) -> Proposal | None:
    """Two players mix, the others are pure: such equilibria are rational, and can be exact."""
    method = "two who mix among pure others"
    widths = [_widths(problem.stage, place) for place in range(len(problem.stage.sides))]
    counts = [prod(own) for own in widths]
    total = sum(
        prod(counts) // (counts[a] * counts[b]) for a, b in combinations(range(len(counts)), 2)
    )
    if total > MAX_REDUCED:
        return None
    for rows in _reduced_solutions(problem, widths):
        found = problem.check(rows, method)
        if found is not None:
            problem.tried.append(f"{method}: certified")
            return found
    return problem.accept(None, method)


def _widths(stage: Stage, place: int) -> list[int]:
    side = stage.sides[place]
    return [end - start for start, end in zip(side.start, side.ends, strict=True)]


def _reduced_solutions(problem: StageProblem, widths: Sequence[Sequence[int]]) -> Iterator[Rows]:
    """Exact equilibria of two players against each pure profile of the others."""
    stage = problem.stage
    for pair in combinations(range(len(stage.sides)), 2):
        others = [place for place in range(len(stage.sides)) if place not in pair]
        spaces = [list(product(*map(range, widths[place]))) for place in others]
        for chosen in product(*spaces):
            check_clock()
            plans = [
                pure_plan(stage.sides[place], choice)
                for place, choice in zip(others, chosen, strict=True)
            ]
            reduced = _against(problem, pair, others, plans)
            game = two_players(reduced.stage, reduced.leaves)
            found = solve_lemke(game)
            exact = found and plans_of_supports(game, found[1])
            if not exact:
                continue
            rows = completed(reduced, exact)
            for place, choice in zip(others, chosen, strict=True):
                rows.update(pure_rows(stage.sides[place], choice))
            yield rows


def _against(
    problem: StageProblem,
    pair: tuple[int, int],
    others: Sequence[int],
    plans: Sequence[Sequence[int]],
) -> StageProblem:
    """The stage of two players that is left when the others' pure plans are fixed."""
    stage = problem.stage
    kept = [
        leaf
        for leaf in range(len(stage.leaves))
        if all(
            plan[stage.sequences[place][leaf]] for place, plan in zip(others, plans, strict=True)
        )
    ]
    reduced = replace(
        stage,
        sides=tuple(stage.sides[place] for place in pair),
        leaves=tuple(stage.leaves[leaf] for leaf in kept),
        chance=tuple(stage.chance[leaf] for leaf in kept),
        sequences=tuple(tuple(stage.sequences[place][leaf] for leaf in kept) for place in pair),
    )
    return replace(problem, stage=reduced, leaves=[problem.leaves[leaf] for leaf in kept])
