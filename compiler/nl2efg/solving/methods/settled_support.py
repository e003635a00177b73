"""From a point near an equilibrium to one at machine precision, with the support that it has.

Newton's method on the indifference of used actions, where after each step an action whose
probability is negative leaves the support and one that is worth more than the used ones joins it:
a semismooth Newton method on the complementarity of probabilities and losses (Hintermueller, Ito
and Kunisch 2002, SIAM J. Optimization 13, p. 865).
"""

from __future__ import annotations

from typing import Any

from nl2efg.solving.methods.action_values import ActionValues

STEPS = 12
TREMBLE = 1e-13
"""An unused action counts with this probability, so that every set has values."""

UNREACHED = 1e-9
"""Sets that others reach more seldom, compared to uniform play, are left as they are."""

NEGATIVE = -1e-12
BETTER = -1e-10
RESIDUAL = 1e-11
STILL = 1e-9
LONGEST = 0.5
"""Most that a step changes any probability."""

FEW_CHANGES, EARLY = 2, 5
"""After so many steps no more actions than these may still change places."""


class SupportSearch:
    """The search in one stage.

    Args:
        values: the actions of the stage.
    """

    def __init__(self, values: ActionValues) -> None:
        import numpy as np

        self.values = values
        _, self.usual, _ = values.at(values.normal(np.ones(values.count)), slopes=False)

    def from_point(self, point: Any, used: Any) -> Any | None:
        """The equilibrium in behaviour near a point, or None.

        Args:
            point: probabilities by action.
            used: which actions are played, at first; in a set without, the most probable one.
        """
        import numpy as np

        values = self.values
        here, used = self._filled(np.where(used, point, 0.0), used, point)
        for number in range(STEPS):
            seen = np.where(np.abs(here) < TREMBLE, TREMBLE, here)
            worth, reach, slopes = values.at(seen)
            live = reach > UNREACHED * self.usual
            here = np.where(live, here, point)
            here, ahead, step, miss = self._newton(here, used & live, worth, slopes / seen)
            if not np.isfinite(step):
                return None
            best = np.maximum.reduceat(np.where(used, ahead, -np.inf), values.starts)
            drop = used & live & (here < NEGATIVE)
            join = ~used & live & (best[values.set_of] - ahead < BETTER)
            changes = int(drop.sum() + join.sum())
            if not changes:
                if step < STILL and miss < RESIDUAL:
                    return values.normal(np.maximum(here, 0.0))
                continue
            if number >= EARLY and changes > FEW_CHANGES:
                return None
            used = (used & ~drop) | join
            here = np.where(used | ~live, np.maximum(here, 0.0), 0.0)
            here, used = self._filled(here, used, ahead)
        return None

    def _newton(
        self, here: Any, used: Any, worth: Any, slopes: Any
    ) -> tuple[Any, Any, float, float]:
        """One step on the used actions.

        Returns:
            The new point, the values that are expected there, the length of the step and by how
            much the equations were missed.
        """
        import numpy as np

        values = self.values
        counts = np.add.reduceat(used.astype(int), values.starts)[values.set_of]
        here = np.where(used & (counts == 1), 1.0, here)
        mixed = np.flatnonzero(used & (counts > 1))
        if not len(mixed):
            return here, worth, 0.0, 0.0
        sets = values.set_of[mixed]
        firsts = np.concatenate([[True], sets[1:] != sets[:-1]])
        places = np.arange(len(mixed))
        first_of = mixed[np.maximum.accumulate(np.where(firsts, places, 0))]
        rows, against = mixed[~firsts], first_of[~firsts]
        size = len(rows)
        matrix = np.zeros((len(mixed), len(mixed)))
        matrix[:size] = (slopes[rows] - slopes[against])[:, mixed]
        matrix[size + np.cumsum(firsts) - 1, places] = 1.0
        sums = np.add.reduceat(here[mixed], np.flatnonzero(firsts))
        miss = np.concatenate([worth[against] - worth[rows], 1.0 - sums])
        move = _solved(matrix, miss)
        step = float(np.abs(move).max())
        move *= min(1.0, LONGEST / step) if step > 0 else 1.0
        here = here.copy()
        here[mixed] += move
        return here, worth + slopes[:, mixed] @ move, step, float(np.abs(miss).max())

    def _filled(self, here: Any, used: Any, worth: Any) -> tuple[Any, Any]:
        """The point with its best action where a set uses none."""
        import numpy as np

        values = self.values
        totals = np.add.reduceat(here, values.starts)
        ends = np.append(values.starts[1:], values.count)
        used = used.copy()
        for number in np.flatnonzero(totals <= 0):
            start = values.starts[number]
            best = start + int(np.argmax(worth[start : ends[number]]))
            used[best], here[best] = True, 1.0
        return values.normal(here), used


def _solved(matrix: Any, right: Any) -> Any:
    """The solution of a square system; the shortest one where there are many."""
    import numpy as np

    try:
        found = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        found = np.full(len(right), np.inf)
    if np.abs(found).max() < 2:
        return found
    try:
        return np.linalg.lstsq(matrix, right, rcond=1e-9)[0]
    except np.linalg.LinAlgError:
        return np.full(len(right), np.nan)
