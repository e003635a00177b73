"""The path of logit responses from a prior at precision 0 to an equilibrium.

At precision ``x`` every information set plays the logit response to the profile (McKelvey and
Palfrey 1998, Experimental Economics 1, p. 9), here with the prior as what is played without
regard to payoffs: the logarithm of an action's odds is that in the prior plus ``x`` times what it
is worth more. For almost all games a smooth path leads from the prior to an equilibrium, which is
followed through its turns by Newton's method, step for step (Turocy 2005, GEB 51, p. 243).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nl2efg.solving.methods.action_values import ActionValues

MAX_PRECISION = 2e5
"""Where the path ends, for payoffs between 0 and 1."""

FIRST_STEP = 0.5
LEAST_STEP = 1e-7
MOST_GROWTH = 2.0
"""By how much a step may be longer than the one before."""

AIM = 0.3
"""How far the first correction of a step shall move any log odds."""

MOST = 0.8
"""How far it may, so that the path is not left for another."""

PRECISE = 1e-2
"""A correction so small ends a step."""

CORRECTIONS = 5
SLOWEST = 0.6
"""How much smaller each correction must be than the one before."""

SHARPEST = 0.3
"""The least cosine between the directions of two steps."""


class LogitPath:
    """The equations of the path of a stage.

    Args:
        values: the actions of the stage.
        prior: where the path begins; uniform behaviour by default.
    """

    def __init__(self, values: ActionValues, prior: Any = None) -> None:
        import numpy as np

        self.values = values
        first = values.starts[values.set_of]
        self.free = np.flatnonzero(np.arange(values.count) != first)
        self.against = first[self.free]
        self.bias = np.zeros(len(self.free))
        if prior is not None:
            logs = np.log(prior)
            self.bias = logs[self.free] - logs[self.against]

    def probabilities(self, odds: Any) -> Any:
        """The point whose log odds, against each set's first action, are these."""
        import numpy as np

        values = self.values
        logs = np.zeros(values.count)
        logs[self.free] = odds
        logs -= np.maximum.reduceat(logs, values.starts)[values.set_of]
        return values.normal(np.maximum(np.exp(logs), values.least))

    def residual(self, odds: Any, precision: float) -> tuple[Any, Any]:
        """What the equations miss, and by how much each free action is worth more."""
        worth, _, _ = self.values.at(self.probabilities(odds), slopes=False)
        more = worth[self.free] - worth[self.against]
        return odds - self.bias - precision * more, more

    def linear(self, odds: Any, precision: float, direction: Any) -> tuple[Any, Any]:
        """What the equations miss, and the inverse of their derivatives.

        Args:
            direction: the last row: steps are perpendicular to it.

        Raises:
            LinAlgError: they have no inverse.
        """
        import numpy as np

        values = self.values
        point = self.probabilities(odds)
        worth, _, slopes = values.at(point)
        more = worth[self.free] - worth[self.against]
        change = slopes[self.free] - slopes[self.against]
        whole = np.add.reduceat(change, values.starts, axis=1)
        change = change[:, self.free] - whole[:, values.set_of[self.free]] * point[self.free]
        size = len(self.free)
        matrix = np.empty((size + 1, size + 1))
        matrix[:size, :size] = np.eye(size) - precision * change
        matrix[:size, size] = -more
        matrix[size] = direction
        return odds - self.bias - precision * more, np.linalg.inv(matrix)

    def points(self) -> Iterator[tuple[float, Any]]:
        """Precision and point after each step, until the precision is great or a step fails.

        Raises:
            OutOfTimeError: time is up.
        """
        import numpy as np

        size = len(self.free)
        direction = np.zeros(size + 1)
        direction[size] = 1.0
        here = np.append(self.bias, 0.0)
        _, inverse = self.linear(self.bias, 0.0, direction)
        direction = inverse[:, size] / np.linalg.norm(inverse[:, size])
        step = FIRST_STEP
        while here[size] < MAX_PRECISION:
            ahead = here + step * direction
            try:
                miss, inverse = self.linear(ahead[:size], ahead[size], direction)
            except np.linalg.LinAlgError:
                return
            there, moved = self._corrected(ahead, miss, inverse, direction)
            onward = inverse[:, size] / np.linalg.norm(inverse[:, size])
            growth = np.sqrt(AIM / moved) if moved > 0 else MOST_GROWTH
            if there is None or onward @ direction < SHARPEST:
                step *= min(growth, 0.5)
                if not step > LEAST_STEP:
                    return
                continue
            here, direction = there, onward
            step *= min(growth, MOST_GROWTH)
            yield float(here[size]), self.probabilities(here[:size])

    def _corrected(
        self, ahead: Any, miss: Any, inverse: Any, direction: Any
    ) -> tuple[Any | None, float]:
        """The point of the path beside a predicted one, and how far the first correction went.

        None if the corrections do not come to rest.
        """
        import numpy as np

        size = len(self.free)
        there = ahead.copy()
        first = last = np.inf
        for number in range(CORRECTIONS):
            move = inverse @ np.append(miss, direction @ (there - ahead))
            there = there - move
            far = float(np.abs(move).max())
            first = far if not number else first
            if not np.isfinite(far) or first > MOST or (number and far > SLOWEST * last):
                return None, first if np.isfinite(first) else 1e6
            if far < PRECISE:
                return there, first
            last = far
            miss, _ = self.residual(there[:size], there[size])
        return None, first
