"""From an approximate equilibrium of a stage to an exact one, or to one at machine precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from nl2efg.solving.deadline import check_clock
from nl2efg.solving.sequence_form import PlayerSequences, Row, Stage, float_gains

Rows = dict[int, Row]

DENOMINATORS = (12, 100, 1000, 100_000)
SUPPORTS = (1e-2, 1e-3, 1e-5)
NEWTON_STEPS = 12
MAX_UNKNOWNS = 200


def polished(stage: Stage, leaves: Sequence[Row], rows: Rows) -> Iterator[Rows]:
    """Candidates near an approximate equilibrium, exact ones first; none is verified.

    Rounded to small denominators as it is; then, for a few readings of its support, Newton's
    method on the indifference of each player between its used actions, rounded again and raw.
    """
    for denominator in DENOMINATORS:
        candidate = _rounded(rows, denominator)
        if candidate is not None:
            yield candidate
    if not stage.has_perfect_recall:
        return
    system = _Indifference(stage, leaves)
    tried: list[dict[int, tuple[bool, ...]]] = []
    for threshold in SUPPORTS:
        used = {n: tuple(p > threshold for p in row) for n, row in rows.items()}
        if used in tried:
            continue
        tried.append(used)
        precise = system.solve(rows, used)
        if precise is None:
            continue
        for denominator in DENOMINATORS:
            candidate = _rounded(precise, denominator)
            if candidate is not None:
                yield candidate
        yield precise


def _rounded(rows: Rows, denominator: int) -> Rows | None:
    """Rows of nearby fractions; None if some row does not sum to one or moves too far."""
    found: Rows = {}
    for number, row in rows.items():
        near = tuple(Fraction(p).limit_denominator(denominator) for p in row)
        if sum(near) != 1 or any(
            not -1e-2 <= a - b <= 1e-2 for a, b in zip(near, row, strict=True)
        ):
            return None
        found[number] = near
    return found


class _Indifference:
    """The equations of a stage: used actions of a set are worth the same, and rows sum to one."""

    def __init__(self, stage: Stage, leaves: Sequence[Row]) -> None:
        import numpy as np

        self.stage = stage
        table = np.array([[float(u) for u in row] for row in leaves])
        spans = np.ptp(table, axis=0)
        self.payoffs = (table - table.min(axis=0)) / np.where(spans > 0, spans, 1.0)

    def solve(self, rows: Rows, used: dict[int, tuple[bool, ...]]) -> Rows | None:
        """Newton's method from the given rows within a support."""
        import numpy as np

        unknowns = [(n, a) for n, flags in used.items() for a, flag in enumerate(flags) if flag]
        if len(unknowns) > MAX_UNKNOWNS:
            return None
        point = np.array([float(rows[n][a]) for n, a in unknowns])
        for _ in range(NEWTON_STEPS):
            value = self._residual(point, unknowns, rows, used)
            if np.abs(value).max(initial=0.0) < 1e-15:
                break
            slope = np.empty((len(value), len(point)))
            for i in range(len(point)):
                shifted = point.copy()
                shifted[i] += 1e-6
                ahead = self._residual(shifted, unknowns, rows, used)
                shifted[i] -= 2e-6
                slope[:, i] = (ahead - self._residual(shifted, unknowns, rows, used)) / 2e-6
            step = np.linalg.lstsq(slope, value, rcond=1e-10)[0]
            point = point - step
            if not np.isfinite(point).all():
                return None
        if point.min(initial=0.0) < -1e-9 or np.abs(value).max(initial=0.0) > 1e-8:
            return None
        table = self._table(np.maximum(point, 0.0), unknowns, rows)
        return {n: tuple((row / row.sum()).tolist()) for n, row in table.items()}

    def _table(self, point: Any, unknowns: list[tuple[int, int]], rows: Rows) -> dict[int, Any]:
        import numpy as np

        table = {n: np.zeros(len(row)) for n, row in rows.items()}
        for weight, (n, a) in zip(point, unknowns, strict=True):
            table[n][a] = weight
        return table

    def _residual(
        self,
        point: Any,
        unknowns: list[tuple[int, int]],
        rows: Rows,
        used: dict[int, tuple[bool, ...]],
    ) -> Any:
        import numpy as np

        check_clock()
        table = self._table(point, unknowns, rows)
        plans = [float_plan(side, table) for side in self.stage.sides]
        found: list[Any] = []
        for place, side in enumerate(self.stage.sides):
            gains = float_gains(self.stage, place, plans, self.payoffs[:, side.player])
            for number, worth in action_values(side, gains, table).items():
                best = [w for w, flag in zip(worth, used[number], strict=True) if flag]
                found.extend(w - best[0] for w in best[1:])
                found.append(table[number].sum() - 1.0)
        return np.array(found)


def float_plan(side: PlayerSequences, table: dict[int, Any]) -> Any:
    """The plan of a behaviour strategy in floating point."""
    import numpy as np

    plan = np.ones(side.size)
    for number, start, end, parent in zip(
        side.sets, side.start, side.ends, side.parent, strict=True
    ):
        plan[start:end] = plan[parent] * table[number]
    return plan


def action_values(
    side: PlayerSequences, gains: list[float], table: dict[int, Any]
) -> dict[int, list[float]]:
    """Counterfactual value of each action of each set, when the player keeps to its strategy."""
    worth = list(gains)
    found: dict[int, list[float]] = {}
    ends = side.ends
    for place in range(len(side.sets) - 1, -1, -1):
        number = side.sets[place]
        options = worth[side.start[place] : ends[place]]
        found[number] = options
        row = table[number]
        worth[side.parent[place]] += sum(p * w for p, w in zip(row, options, strict=True))
    return found
