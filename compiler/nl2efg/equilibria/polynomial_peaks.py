"""The maximum of a polynomial in one probability, proved exactly.

What an absent-minded player gets is such a polynomial (Piccione and Rubinstein 1997, GEB 20, p. 3).
Its maximum lies at an end or at a root of the slope. Rational roots are found by factoring; of the
others sympy gives intervals that hold one root each (Collins and Akritas 1976), which are made
narrower until it is decided whether the polynomial is worth more there than anywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

WIDTH = Fraction(1, 2**100)
"""How wide an interval around an irrational root is at most, to begin with."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A point at which a polynomial is greatest on [0, 1].

    Args:
        at: the point, to within ``WIDTH`` if it is irrational.
        worth: the value; of an irrational point an upper bound, too high by about ``WIDTH``.
        exact: whether the point is rational, so that both are exact.
    """

    at: Fraction
    worth: Fraction
    exact: bool = True


def greatest(coefficients: Sequence[Fraction], floor: Fraction | None = None) -> Peak | None:
    """Where on [0, 1] a polynomial is greatest; None if it is nowhere greater than ``floor``.

    Args:
        coefficients: from the constant on.
        floor: by default there is none. What only equals it is not told.
    """
    total = list(coefficients) or [Fraction(0)]
    while len(total) > 1 and not total[-1]:
        total.pop()
    if floor is not None and max(_bernstein(total)) <= floor:
        return None
    rational, irrational = _turns(total)
    best: Peak | None = None
    limit = floor
    for at in (Fraction(0), Fraction(1), *rational):
        worth = _value(total, at)
        if limit is None or worth > limit:
            best, limit = Peak(at, worth), worth
    for turn in irrational:
        higher = turn.above(total, limit)
        if higher is not None:
            best, limit = higher, higher.worth
    return best


def _value(coefficients: Sequence[Fraction], at: Fraction) -> Fraction:
    total = Fraction(0)
    for coefficient in reversed(coefficients):
        total = total * at + coefficient
    return total


def _bernstein(coefficients: Sequence[Fraction]) -> list[Fraction]:
    """Coefficients in the Bernstein basis; the polynomial is nowhere above the greatest."""
    degree = len(coefficients) - 1
    return [
        sum(
            (coefficients[k] * Fraction(comb(i, k), comb(degree, k)) for k in range(i + 1)),
            Fraction(0),
        )
        for i in range(degree + 1)
    ]


def _slope(coefficients: Sequence[Fraction]) -> list[Fraction]:
    return [power * coefficient for power, coefficient in enumerate(coefficients)][1:]


def _turns(coefficients: Sequence[Fraction]) -> tuple[list[Fraction], list[_Turn]]:
    """The points inside (0, 1) at which the slope is 0: rational ones, and the others."""
    if len(coefficients) < 3:
        return [], []
    if len(coefficients) == 3:
        root = -coefficients[1] / (2 * coefficients[2])
        return [root] if 0 < root < 1 else [], []
    from sympy import QQ, Poly, Symbol

    slope = [QQ(c.numerator, c.denominator) for c in reversed(_slope(coefficients))]
    rational: list[Fraction] = []
    irrational: list[_Turn] = []
    for factor, _ in Poly(slope, Symbol("p"), domain=QQ).factor_list()[1]:
        if factor.degree() == 1:
            unit, constant = map(_fraction, factor.all_coeffs())
            rational.append(-constant / unit)
            continue
        for (low, high), _ in factor.intervals(inf=0, sup=1):
            own = tuple(map(_fraction, reversed(factor.all_coeffs())))
            irrational.append(_Turn(own, _fraction(low), _fraction(high)).within(WIDTH))
    return [root for root in rational if 0 < root < 1], irrational


@dataclass(frozen=True, slots=True)
class _Turn:
    """An irrational root of the slope.

    Args:
        factor: the irreducible factor that it is a root of, from the constant on.
        low, high: it is the only root of the factor between them.
    """

    factor: tuple[Fraction, ...]
    low: Fraction
    high: Fraction

    def within(self, width: Fraction) -> _Turn:
        """The same root in a narrower interval, by halves."""
        low, high = self.low, self.high
        rising = _value(self.factor, high) > 0
        while high - low > width:
            middle = (low + high) / 2
            if (_value(self.factor, middle) > 0) == rising:
                high = middle
            else:
                low = middle
        return _Turn(self.factor, low, high)

    def above(self, coefficients: Sequence[Fraction], limit: Fraction | None) -> Peak | None:
        """The root as a peak, if the polynomial is greater there than a limit."""
        steep = sum((abs(c) for c in _slope(coefficients)), Fraction(0))
        here = self
        while True:
            at, width = (here.low + here.high) / 2, here.high - here.low
            worth, doubt = _value(coefficients, at), steep * width
            if limit is None or worth - doubt > limit:
                return Peak(at, worth + doubt, exact=False)
            if worth + doubt <= limit or (here is self and self._equals(coefficients, limit)):
                return None
            here = here.within(width * WIDTH)

    def _equals(self, coefficients: Sequence[Fraction], limit: Fraction) -> bool:
        """Whether the polynomial equals a limit at the root, exactly."""
        rest = [coefficients[0] - limit, *coefficients[1:]]
        degree = len(self.factor) - 1
        while len(rest) > degree:  # what is left of a division by the factor
            share = rest.pop() / self.factor[-1]
            for power in range(degree):
                rest[power - degree] -= share * self.factor[power]
        return not any(rest)


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number.p), int(number.q))
