"""Small linear programs in exact arithmetic.

The simplex method on a dense tableau of Fractions, in two phases, with Bland's rule (1977,
Mathematics of Operations Research 2, p. 103), under which it cannot cycle. For programs of up to
some hundred entries a side; larger ones go to HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Row = Sequence[Fraction | int]


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
