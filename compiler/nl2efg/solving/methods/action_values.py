"""What each action of a stage is worth once its information set is reached, and how that changes.

A point is one array: the probability of every action of every player, side after side, set after
set. The values of actions and their derivatives are what Newton's method needs, both on the logit
path and on a support.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nl2efg.equilibria.deadline import check_clock
from nl2efg.solving.methods.float_play import FloatPlay, Rows

MAX_ACTIONS = 1500
"""Most actions of a stage: the matrix of derivatives is dense."""

MAX_PAIRS = 4_000_000
"""Most pairs of actions over all leaves that lie behind both."""

MAX_PATH = 25
"""Most actions of players on the way to a leaf; products of more would not fit into floats."""

LOWEST = 600.0
"""A probability of zero counts as exp(-LOWEST / length of the longest path), so that no product
along a path is lost."""


@dataclass(frozen=True)
class _Mover:
    """One player's actions.

    Args:
        span: their places among all actions.
        actions, leaves: each leaf with each of the player's actions on the way to it.
        keys, rows, behind: each leaf with one of the player's actions and another action on the
            way to it that is not that action or one of the same player before it: the place in
            the flat matrix of derivatives, the row of it, and the leaf.
    """

    span: slice
    actions: Any
    leaves: Any
    keys: Any
    rows: Any
    behind: Any


class ActionValues:
    """The actions of a stage of perfect recall, ready for Newton's method.

    Args:
        play: the stage in floating point.

    Attributes:
        count: how many actions there are.
        starts: the first action of each information set.
        set_of: for each action its set.
    """

    def __init__(self, play: FloatPlay) -> None:
        import numpy as np

        self.play = play
        sizes = [side.size - 1 for side in play.sides]
        self.offsets = [sum(sizes[:place]) for place in range(len(sizes))]
        self.count = sum(sizes)
        starts, numbers, sets = [], [], 0
        for side, offset in zip(play.sides, self.offsets, strict=True):
            starts.append(np.array(side.starts) - 1 + offset)
            numbers.append(side.set_of + sets)
            sets += len(side.starts)
        self.starts = np.concatenate(starts)
        self.set_of = np.concatenate(numbers)
        paths = self._paths()
        self.longest = sum(map(len, paths))
        self.least = np.exp(-LOWEST / max(self.longest, 8))
        self.fits = self.count <= MAX_ACTIONS and self.longest <= MAX_PATH
        self.movers: list[_Mover] = []
        if self.fits:
            pairs = len(play.chance) * self.longest**2
            self.fits = pairs <= MAX_PAIRS
        if self.fits:
            self.movers = [self._mover(place, paths) for place in range(len(sizes))]

    def _paths(self) -> list[list[Any]]:
        """For each side, its sequence at every leaf, then the one before it, and so on."""
        import numpy as np

        found = []
        for side, own in zip(self.play.sides, self.play.sequences, strict=True):
            steps = []
            while own.any():
                steps.append(own)
                own = np.where(own > 0, side.above[own], 0)
            found.append(steps)
        return found

    def _mover(self, place: int, paths: Sequence[Sequence[Any]]) -> _Mover:
        import numpy as np

        offset = self.offsets[place]
        size = self.play.sides[place].size - 1
        actions, leaves, keys, rows, behind = [], [], [], [], []
        for depth, own in enumerate(paths[place]):
            check_clock()
            here = np.flatnonzero(own)
            actions.append(own[here] - 1)
            leaves.append(here)
            for other, steps in enumerate(paths):
                for above, sequence in enumerate(steps):
                    if other == place and above >= depth:
                        continue
                    both = here[sequence[here] > 0]
                    rows.append(own[both] - 1)
                    column = sequence[both] - 1 + self.offsets[other]
                    keys.append(rows[-1] * self.count + column)
                    behind.append(both)
        nothing = [np.zeros(0, dtype=np.int64)]
        parts = (actions, leaves, keys, rows, behind)
        joined = [np.concatenate(part or nothing) for part in parts]
        return _Mover(slice(offset, offset + size), *joined)

    def profile(self, point: Any) -> list[Any]:
        """A point as a profile of ``FloatPlay``."""
        import numpy as np

        return [
            np.concatenate([[1.0], point[offset : offset + side.size - 1]])[None, :]
            for side, offset in zip(self.play.sides, self.offsets, strict=True)
        ]

    def point(self, profile: Sequence[Any]) -> Any:
        """A profile of ``FloatPlay`` as a point."""
        import numpy as np

        return np.concatenate([row[0, 1:] for row in profile])

    def rows(self, point: Any) -> Rows:
        """A point as rows by information set."""
        return self.play.rows_of(self.profile(point))

    def regret(self, point: Any) -> float:
        """The greatest of any player, relative to the payoff range."""
        return max(self.play.regrets(self.profile(point)))

    def normal(self, point: Any) -> Any:
        """A point with every set's probabilities made to sum to one."""
        import numpy as np

        return point / np.add.reduceat(point, self.starts)[self.set_of]

    def at(self, point: Any, *, slopes: bool = True) -> tuple[Any, Any, Any]:
        """Values at a point, how often the sets are reached, and derivatives.

        Args:
            point: no entry may be 0.
            slopes: whether derivatives are wanted.

        Returns:
            For each action what it is worth if its set is reached; how often the other players
            and chance let that happen; and the matrix of derivatives of values by the logarithms
            of probabilities, or None.
        """
        import numpy as np

        check_clock()
        play = self.play
        plans = [plan[0] for plan in play.plans(self.profile(point))]
        weights = play.chance.copy()
        for plan, sequences in zip(plans, play.sequences, strict=True):
            weights *= plan[sequences]
        values, reach = np.zeros(self.count), np.zeros(self.count)
        matrix = np.zeros((self.count, self.count)) if slopes else None
        for place, mover in enumerate(self.movers):
            size = mover.span.stop - mover.span.start
            gains = play.payoffs[place]
            own = weights[mover.leaves]
            often = np.bincount(mover.actions, own, size)
            worth = np.bincount(mover.actions, own * gains[mover.leaves], size) / often
            values[mover.span] = worth
            reach[mover.span] = often / plans[place][1:]
            if matrix is not None:
                more = gains[mover.behind] - worth[mover.rows]
                terms = weights[mover.behind] * more / often[mover.rows]
                flat = np.bincount(mover.keys, terms, size * self.count)
                matrix[mover.span] = flat.reshape(size, self.count)
        return values, reach, matrix
