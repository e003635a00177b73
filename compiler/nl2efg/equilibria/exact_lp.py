"""Linear programs in exact arithmetic.

Small ones by the simplex method on a dense tableau of Fractions, in two phases, with Bland's rule
(1977, Mathematics of Operations Research 2, p. 103), under which it cannot cycle. Of larger ones
HiGHS finds the basis, and the basis is solved and checked exactly (as Applegate, Cook, Dash and
Espinoza 2007, Operations Research Letters 35, p. 693, do).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from nl2efg.equilibria.deadline import check_clock, time_left
from nl2efg.equilibria.exact_systems import solve_exactly
from nl2efg.equilibria.highs import program_of, quiet_solver

Row = Sequence[Fraction | int]
SparseRow = dict[int, Fraction]

MAX_SECONDS = 1e9
"""HiGHS wants a finite limit."""

MAX_DENSE = 400
"""Up to so many entries a program goes to the tableau; its rows times its columns."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The solution of a linear program.

    Args:
        value: of the objective; None if it is unbounded, and then ``point`` is merely feasible.
        point: the variables.
    """

    value: Fraction | None
    point: tuple[Fraction, ...]


def maximise(
    objective: Row,
    *,
    at_most: Sequence[tuple[Row, Fraction | int]] = (),
    equal: Sequence[tuple[Row, Fraction | int]] = (),
) -> Optimum | None:
    """Maximise a linear objective over variables that are not negative.

    Args:
        objective: a coefficient for each variable.
        at_most: rows and right sides; each row times the variables is at most its right side.
        equal: rows and right sides of equations.

    Returns:
        None if no point satisfies all.
    """
    count = len(objective)
    tableau = _Tableau(count, at_most, equal)
    if not tableau.becomes_feasible():
        return None
    value = tableau.improve([Fraction(c) for c in objective])
    return Optimum(value, tuple(tableau.point()[:count]))


class _Tableau:
    """Rows ``[coefficients | right side]`` with a basis of unit columns.

    Columns are the variables, a slack for each inequality, and an artificial one for each row.
    """

    def __init__(
        self,
        count: int,
        at_most: Sequence[tuple[Row, Fraction | int]],
        equal: Sequence[tuple[Row, Fraction | int]],
    ) -> None:
        slacks = len(at_most)
        self.real = count + slacks
        self.rows: list[list[Fraction]] = []
        self.basis: list[int] = []
        total = slacks + len(equal)
        for i, (row, right) in enumerate((*at_most, *equal)):
            line = [Fraction(c) for c in row] + [Fraction(0)] * (slacks + total)
            if i < slacks:
                line[count + i] = Fraction(1)
            line.append(Fraction(right))
            if right < 0:
                line = [-c for c in line]
            if i < slacks and right >= 0:
                self.basis.append(count + i)
            else:
                line[self.real + i] = Fraction(1)
                self.basis.append(self.real + i)
            self.rows.append(line)

    def becomes_feasible(self) -> bool:
        """Drive the artificial columns out of the basis; whether that is possible."""
        width = len(self.rows[0]) - 1 if self.rows else self.real
        cost = [Fraction(0)] * self.real + [Fraction(-1)] * (width - self.real)
        if any(column >= self.real for column in self.basis) and self.improve(cost):
            return False
        for i, column in enumerate(self.basis):
            if column >= self.real:
                pivot = next((j for j in range(self.real) if self.rows[i][j]), None)
                if pivot is not None:
                    self._pivot(i, pivot)
        self.rows = [
            row[: self.real] + row[-1:]
            for row, column in zip(self.rows, self.basis, strict=True)
            if column < self.real  # what is left is an equation that says nothing
        ]
        self.basis = [column for column in self.basis if column < self.real]
        return True

    def improve(self, objective: Sequence[Fraction]) -> Fraction | None:
        """Pivot to the greatest value of an objective; None if there is none."""
        width = len(self.rows[0]) - 1 if self.rows else self.real
        cost = list(objective) + [Fraction(0)] * (width - len(objective) + 1)
        for row, column in zip(self.rows, self.basis, strict=True):
            if factor := cost[column]:
                cost = [c - factor * r if r else c for c, r in zip(cost, row, strict=True)]
        while True:
            entering = next((j for j in range(width) if cost[j] > 0), None)
            if entering is None:
                return -cost[-1]
            ratios = [
                (row[-1] / row[entering], column, i)
                for i, (row, column) in enumerate(zip(self.rows, self.basis, strict=True))
                if row[entering] > 0
            ]
            if not ratios:
                return None
            leaving = min(ratios)[2]
            self._pivot(leaving, entering)
            factor = cost[entering]
            row = self.rows[leaving]
            cost = [c - factor * r if r else c for c, r in zip(cost, row, strict=True)]

    def _pivot(self, place: int, entering: int) -> None:
        unit = self.rows[place][entering]
        pivot = self.rows[place] = [c / unit if c else c for c in self.rows[place]]
        for i, row in enumerate(self.rows):
            if i != place and (factor := row[entering]):
                self.rows[i] = [c - factor * p if p else c for c, p in zip(row, pivot, strict=True)]
        self.basis[place] = entering

    def point(self) -> list[Fraction]:
        """The variables at the present basis."""
        found = [Fraction(0)] * self.real
        for row, column in zip(self.rows, self.basis, strict=True):
            if column < self.real:
                found[column] = row[-1]
        return found


def optimum(
    objective: Mapping[int, Fraction],
    width: int,
    *,
    at_most: Sequence[tuple[SparseRow, Fraction]] = (),
    equal: Sequence[tuple[SparseRow, Fraction]] = (),
) -> Optimum | None:
    """:func:`maximise` for sparse rows, and for larger programs.

    Args:
        objective: coefficients by variable.
        width: number of variables.

    Returns:
        None if there is no solution, or none that can be proved. Without a ``value`` the point is
        proved to satisfy all, but not to be the best.
    """
    if (len(at_most) + len(equal)) * width > MAX_DENSE:
        found = _by_basis(objective, width, at_most, equal)
        if found is not None:
            return found
        if (len(at_most) + len(equal)) * width > 100 * MAX_DENSE:
            return None

    def dense(row: Mapping[int, Fraction]) -> list[Fraction]:
        return [row.get(j, Fraction(0)) for j in range(width)]

    return maximise(
        dense(objective),
        at_most=[(dense(row), right) for row, right in at_most],
        equal=[(dense(row), right) for row, right in equal],
    )


def _by_basis(
    objective: Mapping[int, Fraction],
    width: int,
    at_most: Sequence[tuple[SparseRow, Fraction]],
    equal: Sequence[tuple[SparseRow, Fraction]],
) -> Optimum | None:
    """The optimum from the basis that HiGHS ends with, if it passes exact checks."""
    table = [_whole(row, right) for row, right in (*at_most, *equal)]
    costs, _ = _integers(objective)
    basis = _highs_basis(costs, width, table, len(at_most))
    if basis is None:
        return None
    columns, tight = basis
    column_place = {column: j for j, column in enumerate(columns)}
    primal = [
        {column_place[j]: c for j, c in table[i][0].items() if j in column_place} for i in tight
    ]
    weights = solve_exactly(primal, [table[i][1] for i in tight], len(columns))
    if weights is None or min(weights, default=0) < 0:
        return None
    point = [Fraction(0)] * width
    for column, weight in zip(columns, weights, strict=True):
        point[column] = weight
    for i, (row, right) in enumerate(table):
        total = sum((c * point[j] for j, c in row.items() if point[j]), Fraction(0))
        if total > right or (i >= len(at_most) and total != right):
            return None
    dual: list[dict[int, int]] = [{} for _ in columns]
    for place, row_of in enumerate(primal):
        for j, c in row_of.items():
            dual[j][place] = c
    prices = solve_exactly(dual, [costs.get(column, 0) for column in columns], len(tight))
    value = sum((Fraction(c) * point[j] for j, c in objective.items()), Fraction(0))
    if prices is None or not _proves(prices, tight, table, costs, width, len(at_most)):
        return Optimum(None, tuple(point))
    return Optimum(value, tuple(point))


def _proves(
    prices: Sequence[Fraction],
    tight: Sequence[int],
    table: Sequence[tuple[dict[int, int], int]],
    costs: Mapping[int, int],
    width: int,
    inequalities: int,
) -> bool:
    """Whether prices of the rows show that no point is better."""
    if any(price < 0 for price, i in zip(prices, tight, strict=True) if i < inequalities):
        return False
    reduced = [Fraction(costs.get(j, 0)) for j in range(width)]
    for price, i in zip(prices, tight, strict=True):
        if price:
            for j, c in table[i][0].items():
                reduced[j] -= price * c
    return all(cost <= 0 for cost in reduced)


def _integers(row: Mapping[int, Fraction]) -> tuple[dict[int, int], int]:
    scale = lcm(*(Fraction(c).denominator for c in row.values()))
    return {j: int(c * scale) for j, c in row.items() if c}, scale


def _whole(row: Mapping[int, Fraction], right: Fraction) -> tuple[dict[int, int], int]:
    """A row and its right side in integers."""
    numbers, _ = _integers({**row, -1: right})
    last = numbers.pop(-1, 0)
    return numbers, last


def _highs_basis(
    costs: Mapping[int, int], width: int, table: Sequence[tuple[dict[int, int], int]], slack: int
) -> tuple[list[int], list[int]] | None:
    """Basic columns and tight rows of an optimum in floating point."""
    import numpy as np

    check_clock()
    highspy, solver = quiet_solver()
    units = [max([abs(c) for c in row.values()], default=1) for row, _ in table]
    entries = [
        (j, i, c / unit)
        for i, ((row, _), unit) in enumerate(zip(table, units, strict=True))
        for j, c in row.items()
    ]
    program = program_of(highspy, entries, len(table), width)
    program.sense_ = highspy.ObjSense.kMaximize
    peak = max(map(abs, costs.values()), default=1)
    program.col_cost_ = np.array([costs.get(j, 0) / peak for j in range(width)])
    program.col_lower_ = np.zeros(width)
    program.col_upper_ = np.full(width, highspy.kHighsInf)
    upper = np.array([right / unit for (_, right), unit in zip(table, units, strict=True)])
    lower = upper.copy()
    lower[:slack] = -highspy.kHighsInf
    program.row_lower_, program.row_upper_ = lower, upper
    solver.setOptionValue("time_limit", min(max(time_left(), 0.01), MAX_SECONDS))
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    basis = solver.getBasis()
    basic = highspy.HighsBasisStatus.kBasic
    columns = [j for j, status in enumerate(list(basis.col_status)) if status == basic]
    tight = [i for i, status in enumerate(list(basis.row_status)) if status != basic]
    return columns, tight


def has_full_rank(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether no row is a combination of others."""
    left = [list(row) for row in rows]
    while left:
        row = left.pop()
        pivot = next((j for j, c in enumerate(row) if c), None)
        if pivot is None:
            return False
        left = [
            [c - other[pivot] / row[pivot] * p for c, p in zip(other, row, strict=True)]
            for other in left
        ]
    return True
