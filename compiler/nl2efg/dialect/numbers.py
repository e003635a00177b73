"""Numbers as generated code writes them, read exactly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from nl2efg.dialect.plain_numbers import plain_exact
from nl2efg.dialect.symbolic_number import SymbolicNumber
from nl2efg.game.rounded_probabilities import unrounded


class Rational(Fraction):
    """pygambit's ``Rational``: a Fraction that also takes floats, decimals and text in pairs."""

    def __new__(cls, numerator: Any = 0, denominator: Any = None) -> Rational:
        value = exact(numerator)
        if denominator is not None:
            value /= exact(denominator)
        if isinstance(value, SymbolicNumber):
            return value  # type: ignore[return-value]
        return super().__new__(cls, value.numerator, value.denominator)


def _yielding(name: str) -> Callable[[Fraction, Any], Any]:
    """An operator of fractions that leaves an operand with letters to that operand's own."""
    plain = getattr(Fraction, name)

    def operator(self: Fraction, other: Any) -> Any:
        return NotImplemented if isinstance(other, SymbolicNumber) else plain(self, other)

    return operator


# Fraction's own operators would take a number with letters for the fraction it is worked with.
for _name in ("add", "sub", "mul", "truediv", "pow", "eq", "lt", "le", "gt", "ge"):
    setattr(Rational, f"__{_name}__", _yielding(f"__{_name}__"))
Rational.__hash__ = Fraction.__hash__  # type: ignore[method-assign]


def exact(value: Any) -> Fraction:
    """The number that ``value`` plainly means, which may have letters.

    Raises:
        TypeError, ValueError: as :func:`nl2efg.dialect.plain_numbers.plain_exact`.
    """
    return value if isinstance(value, SymbolicNumber) else plain_exact(value)


def is_number(value: Any) -> bool:
    """Whether :func:`exact` can read it."""
    try:
        exact(value)
    except (TypeError, ValueError, ArithmeticError):
        return False
    return True


def was_rounded(value: Any, read: Fraction) -> bool:
    """Whether ``read`` is a simpler number than the digits of the float ``value`` say."""
    return isinstance(value, float) and Fraction(Decimal(repr(value))) != read


def read_probabilities(values: list[Fraction]) -> tuple[list[Fraction], str]:
    """Probabilities that sum to one, where the values have one plain reading as such.

    Returns:
        the probabilities, and in words what was read into the values: empty if they sum to one
        as they are, or if they have no plain reading (then they come back unchanged).
    """
    total = sum(values, start=Fraction(0))
    if total > 1 and min(values) >= 0 and all(value.denominator == 1 for value in values):
        return [value / total for value in values], f"weights that sum to {total}"
    return unrounded(values)
