"""Counterfactual regret minimisation: a good profile for any number of players, in little time.

CFR+ with alternating updates and averages weighted by the round (Zinkevich, Johanson, Bowling and
Piccione 2007, NIPS 20; Tammelin 2014, arXiv:1407.5042). For two players of opposed interests the
averages tend to an equilibrium. With more players nothing is promised, but what each one could
still gain is often small, and it is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from nl2efg.equilibria.deadline import OutOfTimeError
from nl2efg.equilibria.sequence_form import Row, Stage
from nl2efg.solving.methods.float_play import FloatPlay, Rows

FIRST_LOOK = 64
"""Rounds until a profile is handed out for the first time; then each time twice as many."""


def averages(stage: Stage, leaves: Sequence[Row]) -> Iterator[Rows]:
    """The average profile after 64, 128, 256 ... rounds; ends when time does.

    Args:
        stage: a stage of perfect recall.
        leaves: exact payoffs of its leaves.
    """
    import numpy as np

    play = FloatPlay(stage, leaves)
    profile = play.uniform()
    regrets = [np.zeros(side.size) for side in play.sides]
    totals = [np.zeros(side.size) for side in play.sides]
    played, look = 0, FIRST_LOOK
    with suppress(OutOfTimeError):  # what was played until then is still handed out
        while True:
            for place, side in enumerate(play.sides):
                plans = play.plans(profile)
                worth = play.values(place, profile, play.gains(place, plans))[0]
                totals[place] += (played + 1) * plans[place][0]
                kept = _by_set(side, profile[place][0] * worth)
                regret = regrets[place][1:] + worth[1:] - kept[side.set_of]
                regrets[place][1:] = np.maximum(regret, 0.0)
                profile[place] = _matching(side, regrets[place])
            played += 1
            if played == look:
                look *= 2
                yield _averaged(play, totals)
    if played:
        yield _averaged(play, totals)


def _by_set(side: Any, amounts: Any) -> Any:
    import numpy as np

    return np.add.reduceat(amounts[1:], np.array(side.starts) - 1)


def _matching(side: Any, regrets: Any) -> Any:
    """Probabilities in proportion to regrets; uniform where there is none."""
    import numpy as np

    totals = _by_set(side, regrets)[side.set_of]
    widths = np.bincount(side.set_of)[side.set_of]
    row = np.where(totals > 0, regrets[1:] / np.where(totals > 0, totals, 1.0), 1.0 / widths)
    return np.concatenate([[1.0], row])[None, :]


def _averaged(play: FloatPlay, totals: Sequence[Any]) -> Rows:
    return play.rows_of([_matching(s, t) for s, t in zip(play.sides, totals, strict=True)])
