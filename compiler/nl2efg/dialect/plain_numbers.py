"""Plain numbers as generated code writes them, read exactly: all but those with letters."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational as RationalNumber
from numbers import Real
from typing import Any

_TEXT = re.compile(r"\s*([-+]?[0-9][0-9_,]*(?:\.[0-9]*)?|[-+]?\.[0-9]+)\s*(%|/\s*([0-9.]+))?\s*")
_SMALL_DENOMINATOR = 1000
_MAX_LENGTH = 400


def plain_exact(value: Any) -> Fraction:
    """The number that ``value`` plainly means.

    A float is read as it is written (``0.1`` is 1/10), or as the fraction with a denominator of
    at most 1000 that is rounded to it (``1/3`` is 1/3, not its binary neighbour).

    Raises:
        TypeError: it is no number.
        ValueError: it is text without a number, or no finite number.
    """
    if isinstance(value, bool) or value is None:
        raise TypeError(f"{value!r} is not a number")
    if isinstance(value, RationalNumber):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal):
        return _finite_decimal(value)
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Real) or hasattr(value, "__float__"):
        return _from_float(float(value))
    raise TypeError(f"{value!r:.60} is not a number")


def _from_float(value: float) -> Fraction:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value!r} is not a finite number")
    simple = Fraction(value).limit_denominator(_SMALL_DENOMINATOR)
    if float(simple) == value:
        return simple
    return Fraction(Decimal(repr(value)))


def _finite_decimal(value: Decimal) -> Fraction:
    if not value.is_finite() or abs(value.adjusted()) > _MAX_LENGTH:
        raise ValueError(f"{value!r:.60} is not a usable number")
    return Fraction(value)


def _from_text(text: str) -> Fraction:
    found = _TEXT.fullmatch(text.replace("−", "-")) if len(text) <= _MAX_LENGTH else None
    if found is None:
        raise ValueError(f"{text!r:.60} is not a number")
    value = Fraction(found[1].replace(",", "").replace("_", ""))
    if found[2] == "%":
        return value / 100
    return value / Fraction(found[3]) if found[3] else value
