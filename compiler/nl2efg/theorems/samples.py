"""Rational points of a family's domain, and the signs of polynomials at them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nl2efg.families.conditions import Condition
from nl2efg.families.family import GameFamily
from nl2efg.theorems.algebra import LetterField, Poly

POINTS = 80
"""Points at which equilibria are sought."""

_TRIES = 100  # for each point
_DENOMINATOR = 997


@dataclass(frozen=True)
class Inequality:
    """``sign * product of factors >= 0``: what a condition is to the search."""

    sign: int
    factors: tuple[Poly, ...]


class Samples:
    """Points of the domain.

    Args:
        field: of the letters.
        points: values in the order of the field's letters.
    """

    def __init__(self, field: LetterField, points: Sequence[tuple[Fraction, ...]]) -> None:
        self.field = field
        self.points = list(dict.fromkeys(points))
        self._signs: dict[Poly, Any] = {}

    def add(self, point: tuple[Fraction, ...]) -> bool:
        """Take one more point; whether it is new."""
        if point in self.points:
            return False
        self.points.append(point)
        self._signs.clear()
        return True

    def signs(self, factor: Poly) -> Any:
        """The sign of a polynomial at each point, as an array."""
        import numpy as np

        if factor not in self._signs:
            values = [self.field.at(factor, point) for point in self.points]
            self._signs[factor] = np.array([(v > 0) - (v < 0) for v in values], dtype=np.int8)
        return self._signs[factor]

    def product(self, inequality: Inequality) -> Any:
        """The sign of its left side at each point."""
        import numpy as np

        found = np.full(len(self.points), inequality.sign, dtype=np.int8)
        for factor in inequality.factors:
            found = found * self.signs(factor)
        return found

    def inside(self, inequalities: Sequence[Inequality], *, strictly: bool = False) -> Any:
        """Which points meet all inequalities, as an array."""
        import numpy as np

        found = np.ones(len(self.points), dtype=bool)
        for each in inequalities:
            product = self.product(each)
            found &= product > 0 if strictly else product >= 0
        return found


def random_points(
    family: GameFamily,
    symbols: Sequence[str],
    domain: Sequence[Condition],
    count: int,
    source: random.Random,
) -> list[tuple[Fraction, ...]]:
    """Random rational points that meet the domain, the working values among them.

    Each letter is drawn between its bounds, or around the values to work with where it has none;
    half of the points are drawn near others, as conditions may leave little room.
    """
    parameters = {each.symbol: each for each in family.parameters}
    values = dict(family.values)
    scale = max((abs(values[s]) for s in symbols), default=Fraction(1)) or Fraction(1)
    found: list[tuple[Fraction, ...]] = [tuple(values[s] for s in symbols)] if symbols else []

    def draw(symbol: str, near: Fraction | None) -> Fraction:
        own = parameters[symbol]
        low, high = own.low, own.high
        step = Fraction(source.randrange(1, _DENOMINATOR), _DENOMINATOR)
        if near is not None:
            width = scale if low is None or high is None else high - low
            near += width * (2 * step - 1) * Fraction(1, source.choice((2, 4, 10, 30)))
            return near
        if low is not None and high is not None:
            return low + (high - low) * step
        reach = scale * source.choice((1, 1, 2, 4)) * step * 2
        if low is not None:
            return low + reach
        if high is not None:
            return high - reach
        return reach if source.random() < 0.5 else -reach

    for number in range(count):
        for _ in range(_TRIES):
            base = source.choice(found) if found and number % 2 else None
            row = tuple(draw(s, base[place] if base else None) for place, s in enumerate(symbols))
            point = {**values, **dict(zip(symbols, row, strict=True))}
            bounded = all(not parameters[s].trouble(point[s]) for s in symbols)
            if bounded and all(condition.holds(point) for condition in domain):
                found.append(row)
                break
    return found
