"""Logit responses at growing precision, damped: where they lead, an equilibrium is often near.

Every information set plays the logit response to the present profile (McKelvey and Palfrey 1998,
Experimental Economics 1, p. 9), mixed with what it played before; the precision grows from round
to round. What is found is a start for the refinement of supports, and is verified like all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nl2efg.equilibria.deadline import is_late
from nl2efg.equilibria.sequence_form import Row, Stage
from nl2efg.solving.methods.float_play import FloatPlay, Rows

PRECISIONS = (10.0, 30.0, 100.0, 300.0, 1000.0)
"""The lambdas, over each player's payoff range, at which a profile is handed out."""

GROWTH = 1.05
"""How much greater each lambda is than the one before."""

ROUNDS = 8
"""Responses at each lambda."""

STARTS = 40
"""Most starts: uniform play, then random ones."""


def annealed(stage: Stage, leaves: Sequence[Row]) -> Iterator[Rows]:
    """Profiles on the way to high precision, from several starts; ends when time does.

    Args:
        stage: a stage of perfect recall.
        leaves: exact payoffs of its leaves.
    """
    import numpy as np

    play = FloatPlay(stage, leaves)
    random = np.random.default_rng(0)
    for number in range(STARTS):
        profile = play.uniform()
        if number:
            profile = [_random_rows(side, random) for side in play.sides]
        precision = 1.0 if not number else 3.0
        for target in PRECISIONS:
            while precision < target:
                if is_late():
                    return
                precision *= GROWTH
                step = min(0.5, 4.0 / precision)
                for _ in range(ROUNDS):
                    respond(play, profile, precision, step)
            yield play.rows_of(profile)


def respond(play: FloatPlay, profile: list[Any], precision: float, step: float) -> None:
    """Move every player in turn towards its logit response.

    Args:
        profile: is changed.
        precision: lambda, for payoffs as ``play`` scales them.
        step: how far, between 0 and 1.
    """
    for place in range(len(play.sides)):
        values = play.conditional(place, profile, play.plans(profile))
        target = logit_rows(play, place, values, precision)
        profile[place] = profile[place] + step * (target - profile[place])


def logit_rows(play: FloatPlay, place: int, values: Any, precision: float) -> Any:
    """The logit response to the values of actions, as a row by sequence."""
    import numpy as np

    side = play.sides[place]
    found = np.ones_like(values)
    starts = np.array(side.starts) - 1
    exponents = precision * values[:, 1:]
    peaks = np.maximum.reduceat(exponents, starts, axis=1)
    odds = np.exp(exponents - peaks[:, side.set_of])
    found[:, 1:] = odds / np.add.reduceat(odds, starts, axis=1)[:, side.set_of]
    return found


def _random_rows(side: Any, random: Any) -> Any:
    import numpy as np

    odds = random.exponential(size=side.size - 1)
    totals = np.add.reduceat(odds, np.array(side.starts) - 1)
    return np.concatenate([[1.0], odds / totals[side.set_of]])[None, :]
