"""One letter: its line cut exactly at the roots of all conditions, and what holds on each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import inf
from time import perf_counter
from typing import Any

from nl2efg.families.conditions import RELATIONS, Condition
from nl2efg.families.expressions import polynomial_text
from nl2efg.families.polynomials import Polynomial, letters_of, value_at

_EPS = Fraction(1, 10**12)


@dataclass(frozen=True)
class Root:
    """A real root of an irreducible polynomial in one letter.

    Args:
        text: it as text: a fraction, radicals, or where it lies.
        low, high: rational bounds with no other root between them; equal if it is rational.
        factor: the irreducible polynomial, as sympy's.
    """

    text: str
    low: Fraction
    high: Fraction
    factor: Any = field(default=None, compare=False, repr=False)

    @property
    def is_rational(self) -> bool:
        """Whether it is a fraction."""
        return self.low == self.high


@dataclass(frozen=True)
class Cell:
    """An open interval without a root, or a root.

    Args:
        low, high: the roots at its ends; None where it has none.
        point: a rational point of it; None at an irrational root.
    """

    low: Root | None
    high: Root | None
    point: Fraction | None

    @property
    def is_root(self) -> bool:
        """Whether it is a single point."""
        return self.low is not None and self.low is self.high

    @property
    def is_open(self) -> bool:
        """Whether it is an interval."""
        return not self.is_root


@dataclass(frozen=True)
class Interval:
    """Cells that hang together.

    Args:
        low, high: the ends; None where there is none.
        low_closed, high_closed: whether they belong to it.
    """

    low: Root | None
    high: Root | None
    low_closed: bool
    high_closed: bool

    def text(self, symbol: str) -> str:
        """It as text, such as ``1/4 <= c < 1/2``."""
        if self.low is not None and self.low is self.high:
            return f"{symbol} = {self.low.text}"
        if self.low is None and self.high is None:
            return f"every {symbol}"
        if self.low is None:
            assert self.high is not None
            return f"{symbol} {'<=' if self.high_closed else '<'} {self.high.text}"
        if self.high is None:
            return f"{symbol} {'>=' if self.low_closed else '>'} {self.low.text}"
        left = f"{self.low.text} {'<=' if self.low_closed else '<'} "
        return f"{left}{symbol} {'<=' if self.high_closed else '<'} {self.high.text}"


MAX_ISOLATED = 5_000
"""Bits of a polynomial, with all powers up to its degree, whose roots are told apart in a second or
so; what takes longer looks at no clock."""


class LineTooLargeError(ValueError):
    """Roots that cannot be told apart in time."""


class Line:
    """The line of one letter, cut.

    Args:
        symbol: the letter.
        domain: the conditions of the family.
        conditions: at whose roots it is cut, those of the domain too.
        deadline: on the clock of ``time.perf_counter``.

    Raises:
        LineTooLargeError: the roots cannot be told apart until then.
    """

    def __init__(
        self,
        symbol: str,
        domain: Sequence[Condition],
        conditions: Sequence[Condition],
        deadline: float = inf,
    ) -> None:
        self.symbol, self.domain = symbol, tuple(domain)
        self.roots = _roots([*domain, *conditions], deadline)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Intervals and roots in turn, those of the domain alone."""
        found: list[Cell] = []
        before: Root | None = None
        for root in (*self.roots, None):
            left = None if before is None else before.high
            right = None if root is None else root.low
            found.append(Cell(before, root, between(left, right)))
            if root is not None:
                found.append(Cell(root, root, root.low if root.is_rational else None))
            before = root
        return tuple(cell for cell in found if self._holds(cell, self.domain))

    def _holds(self, cell: Cell, conditions: Sequence[Condition]) -> bool:
        """Whether conditions, of those that the line is cut by, hold on a cell."""
        if cell.point is not None:
            return all(each.holds({self.symbol: cell.point}) for each in conditions)
        assert cell.low is not None  # only an irrational root has no point
        return all(_holds_at(each, cell.low) for each in conditions)

    def where(self, conditions: Sequence[Condition]) -> tuple[tuple[Interval, ...], list[bool]]:
        """The intervals on which conditions hold, and for each cell whether they do."""
        holds = [self._holds(cell, conditions) for cell in self.cells]
        found: list[Interval] = []
        start: int | None = None
        for place in range(len(self.cells) + 1):
            joined = (
                start is not None
                and place < len(self.cells)
                and holds[place]
                and _adjacent(self.cells[place - 1], self.cells[place])
            )
            if start is not None and not joined:
                found.append(self._interval(start, place - 1))
                start = None
            if start is None and place < len(self.cells) and holds[place]:
                start = place
        return tuple(found), holds

    def _interval(self, first: int, last: int) -> Interval:
        """Cells from the first to the last; an end that is the domain's is not told."""
        low, high = self.cells[first], self.cells[last]
        begin = None if first == 0 and last else low.low
        end = None if last == len(self.cells) - 1 and begin is not high.high else high.high
        return Interval(begin, end, low.is_root, high.is_root)


def _holds_at(condition: Condition, root: Root) -> bool:
    """Whether a condition holds at an irrational root."""
    below = _sign_at(condition.difference.denominator, root)
    above = _sign_at(condition.difference.numerator, root)
    return bool(below) and RELATIONS[condition.relation](Fraction(above * below), Fraction(0))


def _sign_at(terms: Polynomial, root: Root) -> int:
    """The sign of a polynomial; beside its own roots it is that of a point without one between."""
    if _poly(terms).rem(root.factor).is_zero:
        return 0
    value = value_at(terms, dict.fromkeys(letters_of(terms), root.low))
    return (value > 0) - (value < 0)


def _adjacent(a: Cell, b: Cell) -> bool:
    return a.high is not None and a.high is b.low


def between(left: Fraction | None, right: Fraction | None) -> Fraction:
    """A simple rational number between two others; None stands for infinity."""
    if left is None and right is None:
        return Fraction(0)
    if left is None:
        assert right is not None
        return Fraction(right.__ceil__() - 1)
    if right is None:
        return Fraction(left.__floor__() + 1)
    for denominator in (1, 2, 3, 4, 5, 8, 10, 20, 50, 100, 1000):
        number = (left * denominator).__floor__() + 1
        if Fraction(number, denominator) < right:
            return Fraction(number, denominator)
    return (left + right) / 2


def _roots(conditions: Sequence[Condition], deadline: float) -> list[Root]:
    """The real roots of both sides' difference in each condition, in order."""
    factors = _factors(conditions, deadline)
    from sympy import QQ

    found: list[tuple[Any, Fraction, Fraction]] = []
    eps = _EPS
    while True:
        found = []
        for factor in factors:
            _in_time(deadline)
            bounds = factor.intervals(eps=QQ(1, eps.denominator))
            found += [
                (factor, Fraction(str(low)), Fraction(str(high))) for (low, high), _ in bounds
            ]
        found.sort(key=lambda row: row[1])
        if all(a[2] < b[1] for a, b in pairwise(found)):
            break
        eps /= 10**12
    return [Root(_text(*row), row[1], row[2], row[0]) for row in found]


def _in_time(deadline: float) -> None:
    if perf_counter() > deadline:
        raise LineTooLargeError("time ran out")


def _factors(conditions: Sequence[Condition], deadline: float) -> list[Any]:
    """The irreducible polynomials whose roots they are."""
    factors: dict[Any, None] = {}
    for each in conditions:
        _in_time(deadline)
        for terms in (each.difference.numerator, each.difference.denominator):
            poly = _poly(terms)
            if poly.degree() > 0:
                _refuse_long(poly)
                for factor, _ in poly.factor_list()[1]:
                    factors[factor] = None
    return list(factors)


def _poly(terms: Polynomial) -> Any:
    """A polynomial in one letter as sympy's."""
    from sympy import QQ, Poly, Symbol

    rows = {
        (dict(m).popitem()[1] if m else 0,): QQ(*c.as_integer_ratio()) for m, c in terms.items()
    }
    return Poly.from_dict(rows or {(0,): QQ(0)}, Symbol("x"), domain=QQ)


def _refuse_long(poly: Any) -> None:
    parts = (int(part) for c in poly.coeffs() for part in (c.p, c.q))
    if poly.degree() * max(part.bit_length() for part in parts) > MAX_ISOLATED:
        raise LineTooLargeError("powers are too high, or numbers too long")


def _text(factor: Any, low: Fraction, high: Fraction) -> str:
    """A root as text: Sturm's theorem says that there is just one between the bounds."""
    from sympy import roots

    if low == high:
        return str(low)
    assert factor.count_roots(low, high) == 1
    if factor.degree() == 2:
        for root in roots(factor):
            if low <= Fraction(str(root.evalf(40))) <= high:
                return str(root)
    terms: Polynomial = {
        ((("x", int(m[0])),) if m[0] else ()): Fraction(int(c.p), int(c.q))
        for m, c in factor.terms()
    }
    return f"(root of {polynomial_text(terms)} near {float((low + high) / 2):.6g})"
