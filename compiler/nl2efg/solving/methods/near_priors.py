"""Lemke's algorithm from priors near an equilibrium, for larger general-sum games of two players.

From uniform play the path of a random game with 300 information sets has tens of thousands of
steps. From averages of regret minimisation it has some thousand in a good part of the cases, and
else is about as long; so many priors get a short attempt each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.float_play import FloatPlay
from nl2efg.solving.methods.lemke import MAX_SIZE, solve_lemke
from nl2efg.solving.methods.regret_minimisation import averages
from nl2efg.solving.methods.two_player import made_exact, plans_of_supports
from nl2efg.solving.stage_problem import Proposal, StageProblem

AVERAGES = 4
"""How many averages are the start of paths."""

FIRST_NOISE = 0.01
"""How much of a prior is uniform play at first."""

NOISE = 0.2
"""How much of a prior is random behaviour later on."""

SPREAD = 0.5
"""The shape of the gamma distribution of random behaviour: below 1 actions differ a lot."""

PIVOTS = 3
"""Most steps of a path, as a multiple of the number of sequences."""


def near_priors(problem: StageProblem) -> Proposal | None:
    """The equilibrium at the end of the first path that is short enough.

    Raises:
        OutOfTimeError: time is up.
    """
    return through_priors(problem, "Lemke from averages", _priors)


def through_priors(
    problem: StageProblem,
    method: str,
    priors: Callable[[StageProblem, FloatPlay], Iterable[list[Any]]],
) -> Proposal | None:
    """The equilibrium that Lemke's algorithm reaches from the first prior that is near enough.

    Args:
        problem: a stage of two players.
        method: how it is told.
        priors: profiles to begin at; asked only where the game is small enough.

    Raises:
        OutOfTimeError: time is up.
    """
    game = two_players(problem.stage, problem.leaves)
    size = sum(side.size for side in game.sides)
    if size > MAX_SIZE:
        return problem.accept(None, method)
    play = FloatPlay(problem.stage, problem.leaves)
    for profile in priors(problem, play):
        prior = [plan[0].tolist() for plan in play.plans(profile)]
        found = solve_lemke(game, prior=prior, pivots=PIVOTS * size)
        if found is None:
            continue
        near, supports = found
        exactly = partial(plans_of_supports, game, supports)
        proposal = made_exact(problem, game, near, method, exactly)
        if proposal is not None:
            return proposal
    return problem.accept(None, method)


def _priors(problem: StageProblem, play: FloatPlay) -> Iterator[list[Any]]:
    """Averages with a little uniform play, then without end with more that is random."""
    import numpy as np

    known = []
    for rows in islice(averages(problem.stage, problem.leaves), AVERAGES):
        profile = play.profile_of(rows)
        problem.note(max(play.regrets(profile)), rows, "regret minimisation")
        known.append(profile)
        yield _blend(profile, play.uniform(), FIRST_NOISE)
    draw = np.random.default_rng(0)
    while True:
        for profile in known[1:]:
            yield _blend(profile, [_random(side, draw) for side in play.sides], NOISE)


def _blend(profile: list[Any], other: list[Any], share: float) -> list[Any]:
    return [(1 - share) * own + share * more for own, more in zip(profile, other, strict=True)]


def _random(side: Any, draw: Any) -> Any:
    """Random behaviour of a player, as a row of probabilities behind a 1."""
    import numpy as np

    weights = draw.gamma(SPREAD, size=side.size - 1) + 1e-9
    totals = np.add.reduceat(weights, np.array(side.starts) - 1)[side.set_of]
    return np.concatenate([[1.0], weights / totals])[None, :]
