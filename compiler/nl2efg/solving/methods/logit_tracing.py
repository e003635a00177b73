"""Equilibria at the end of logit paths, certified from points on the way.

A path need not be followed to its end: from some precision on, the support of the equilibrium
that it leads to can be read off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nl2efg.solving.methods.action_values import ActionValues
from nl2efg.solving.methods.float_play import FloatPlay, Rows
from nl2efg.solving.methods.logit_path import LogitPath
from nl2efg.solving.methods.near_priors import through_priors
from nl2efg.solving.methods.settled_support import SupportSearch
from nl2efg.solving.methods.support_refinement import DENOMINATORS, rounded
from nl2efg.solving.stage_problem import STAGE_TOLERANCE, Proposal, StageProblem

FIRST_LOOK = 30.0
"""The first precision at which a support is read, for payoffs between 0 and 1."""

NEXT_LOOK = 1.3
"""How much greater each further one is."""

MOSTLY_PURE = 0.5
"""At most so many of the sets may mix when a support is read."""

READINGS = (0.1, 1e-2, 1e-3)
"""What is played with a greater probability counts as used."""

LATE_READINGS = (1e-4, 1e-5, 1e-6)
LATE = 1000.0
"""The precision from which these are tried too."""

STARTS = 40
"""Most paths: from uniform play, then from random behaviour."""

SPREAD = 1.0
"""The shape of the gamma distribution of random behaviour."""


def logit_tracing(problem: StageProblem) -> Proposal | None:
    """The equilibrium of a support that is read off a logit path, for any number of players.

    Raises:
        OutOfTimeError: time is up.
    """
    method = "logit path"
    play = FloatPlay(problem.stage, problem.leaves)
    values = ActionValues(play)
    if not values.fits:
        return problem.accept(None, method)
    search = SupportSearch(values)
    for precision, point in _looks(values, FIRST_LOOK, NEXT_LOOK):
        problem.note(values.regret(point), values.rows(point), method)
        if _mixing(values, point) > MOSTLY_PURE:
            continue
        for used in _supports(point, precision):
            settled = search.from_point(point, used)
            if settled is None or values.regret(settled) > STAGE_TOLERANCE:
                continue
            for rows in _precise(values, settled):
                found = problem.check(rows, method)
                if found is not None:
                    how = "" if found.exact else " in floating point"
                    problem.tried.append(f"{method}: certified{how}")
                    return found
    return problem.accept(None, method)


def _looks(values: ActionValues, first: float, growth: float) -> Iterator[tuple[float, Any]]:
    """Points of paths from several starts, at growing precision on each."""
    import numpy as np

    draw = np.random.default_rng(0)
    for number in range(STARTS):
        prior = None
        if number:
            prior = values.normal(draw.gamma(SPREAD, size=values.count) + 1e-3)
        look = first
        for precision, point in LogitPath(values, prior).points():
            if precision >= look:
                look = growth * precision
                yield precision, point


def _mixing(values: ActionValues, point: Any) -> float:
    """Which share of the sets mixes."""
    import numpy as np

    played = (point > READINGS[-1]).astype(int)
    return float((np.add.reduceat(played, values.starts) > 1).mean())


def _supports(point: Any, precision: float) -> Iterator[Any]:
    """Different readings of a point's support."""
    known = set()
    for least in (*READINGS, *(LATE_READINGS if precision > LATE else ())):
        used = point > least
        if used.tobytes() not in known:
            known.add(used.tobytes())
            yield used


def _precise(values: ActionValues, point: Any) -> Iterator[Rows]:
    """The point's rows, first as small fractions if these are as good."""
    rows = values.rows(point)
    used = {number: tuple(p > 0 for p in row) for number, row in rows.items()}
    for denominator in DENOMINATORS:
        simple = rounded(rows, denominator, used)
        if simple is None:
            continue
        profile = values.play.profile_of(simple)
        if max(values.play.regrets(profile)) < STAGE_TOLERANCE / 1000:
            yield simple
    yield rows


FIRST_PRIOR = 50.0
NEXT_PRIOR = 1.7
"""The first precision whose point is a prior for Lemke's algorithm, and how much greater each
further one is."""

LEAST_PRIOR = 1e-5
"""The least probability in a prior."""


def near_logit(problem: StageProblem) -> Proposal | None:
    """Two players: Lemke's algorithm from points of a logit path, until its own path is short.

    Raises:
        OutOfTimeError: time is up.
    """
    return through_priors(problem, "Lemke from a logit path", _points)


def _points(problem: StageProblem, play: FloatPlay) -> Iterator[list[Any]]:
    """Points of logit paths, where every action has some probability."""
    import numpy as np

    values = ActionValues(play)
    if not values.fits:
        return
    for _, point in _looks(values, FIRST_PRIOR, NEXT_PRIOR):
        problem.note(values.regret(point), values.rows(point), "logit path")
        yield values.profile(values.normal(np.maximum(point, LEAST_PRIOR)))
