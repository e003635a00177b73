"""From an approximate equilibrium of a stage to an exact one, or to one at machine precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.sequence_form import Row, Stage
from nl2efg.solving.methods.float_play import FloatPlay, Rows

DENOMINATORS = (12, 100, 1000, 100_000)
SUPPORTS = (1e-2, 1e-3, 1e-5)
NEWTON_STEPS = 12
MAX_UNKNOWNS = 300
NUDGE = 1e-6
"""By how much each unknown is moved to learn how the equations change."""

Used = dict[int, tuple[bool, ...]]
"""For each information set which actions are used."""


def polished(
    stage: Stage,
    leaves: Sequence[Row],
    rows: Rows,
    *,
    supports: Sequence[float] = SUPPORTS,
    tremble: float = 0.0,
) -> Iterator[Rows]:
    """Candidates near an approximate equilibrium, exact ones first; none is verified.

    Rounded to small denominators as it is; then, for a few readings of its support, Newton's
    method on the indifference of each player between its used actions, rounded again and raw.

    Args:
        supports: readings: what is played with a greater probability is used.
        tremble: in the equations every unused action is played with this probability, so that
            all information sets are reached; the candidates are the limit without.
    """
    for denominator in DENOMINATORS:
        candidate = rounded(rows, denominator)
        if candidate is not None:
            yield candidate
    if not stage.has_perfect_recall:
        return
    system = _Indifference(stage, leaves)
    tried: list[Used] = []
    for threshold in supports:
        used = {n: tuple(p > threshold for p in row) for n, row in rows.items()}
        if used in tried or not all(map(any, used.values())):
            continue
        tried.append(used)
        precise = system.limit(rows, used, tremble) if tremble else system.solve(rows, used)
        if precise is None:
            continue
        for denominator in DENOMINATORS:
            candidate = rounded(precise, denominator, used)
            if candidate is not None:
                yield candidate
        if not tremble:
            yield precise


def rounded(rows: Rows, denominator: int, used: Used | None = None) -> Rows | None:
    """Rows of nearby fractions; None if some row does not sum to one or moves too far.

    Args:
        denominator: the greatest.
        used: actions that are not used get 0.
    """
    found: Rows = {}
    for number, row in rows.items():
        kept = used[number] if used else (True,) * len(row)
        near = [
            Fraction(p).limit_denominator(denominator) if keep else Fraction(0)
            for p, keep in zip(row, kept, strict=True)
        ]
        if used and sum(near) != 1:  # trembles were taken from the most probable action
            near[near.index(max(near))] += 1 - sum(near)
        if sum(near) != 1 or any(
            not -1e-2 <= a - b <= 1e-2 for a, b in zip(near, row, strict=True)
        ):
            return None
        found[number] = tuple(near)
    return found


class _Indifference:
    """The equations of a stage: used actions of a set are worth the same, and rows sum to one."""

    def __init__(self, stage: Stage, leaves: Sequence[Row]) -> None:
        self.stage = stage
        self.play = FloatPlay(stage, leaves)
        self.tremble = 0.0

    def limit(self, rows: Rows, used: Used, tremble: float) -> Rows | None:
        """Where solutions go as trembles vanish, by extrapolation from two of them."""
        self.tremble = tremble
        first = self.solve(rows, used)
        self.tremble = tremble / 2
        second = None if first is None else self.solve(first, used)
        self.tremble = 0.0
        if first is None or second is None:
            return None
        return {
            number: tuple(2 * b - a for a, b in zip(first[number], second[number], strict=True))
            for number in first
        }

    def solve(self, rows: Rows, used: Used) -> Rows | None:
        """Newton's method from the given rows within a support."""
        import numpy as np

        flags = [
            np.array([True, *(flag for n in side.sets for flag in used[n])])
            for side in self.stage.sides
        ]
        start = self.play.profile_of(rows)
        places = [np.flatnonzero(own[1:]) + 1 for own in flags]
        if not 0 < sum(map(len, places)) <= MAX_UNKNOWNS:
            return None
        point = np.concatenate([row[0, own] for row, own in zip(start, places, strict=True)])
        count = len(point)
        value = np.zeros(0)
        for _ in range(NEWTON_STEPS):
            check_clock()
            value = self._residual(point[None, :], places)[0]
            if np.abs(value).max(initial=0.0) < 1e-15:
                break
            nudges = NUDGE * np.eye(count)
            ahead = self._residual(point + nudges, places)
            behind = self._residual(point - nudges, places)
            slope = ((ahead - behind) / (2 * NUDGE)).T
            point = point - np.linalg.lstsq(slope, value, rcond=1e-10)[0]
            if not np.isfinite(point).all():
                return None
        if point.min(initial=0.0) < -1e-9 or np.abs(value).max(initial=0.0) > 1e-8:
            return None
        return self.play.rows_of(self._profile(np.maximum(point, 0.0)[None, :], places))

    def _profile(self, points: Any, places: Sequence[Any]) -> list[Any]:
        """Profiles whose used actions have the probabilities of the points."""
        import numpy as np

        found, first = [], 0
        for side, own in zip(self.play.sides, places, strict=True):
            row = np.full((len(points), side.size), self.tremble)
            row[:, 0] = 1.0
            row[:, own] = points[:, first : first + len(own)]
            first += len(own)
            found.append(row)
        return found

    def _residual(self, points: Any, places: Sequence[Any]) -> Any:
        """For each set of each player: the used actions' values less the first one's, and the sum
        of the row less one.
        """
        import numpy as np

        profile = self._profile(points, places)
        plans = self.play.plans(profile)
        found = []
        for place, (side, own) in enumerate(zip(self.play.sides, places, strict=True)):
            if self.tremble:
                values = self.play.conditional(place, profile, plans)
            else:
                values = self.play.values(place, profile, self.play.gains(place, plans))
            sets = side.set_of[own - 1]
            firsts = np.concatenate([[True], sets[1:] != sets[:-1]])
            first_of = np.maximum.accumulate(np.where(firsts, np.arange(len(own)), 0))
            found.append((values[:, own] - values[:, own[first_of]])[:, ~firsts])
            starts = np.array(side.starts) - 1
            found.append(np.add.reduceat(profile[place][:, 1:], starts, axis=1) - 1.0)
        return np.concatenate(found, axis=1)
