"""Exact numbers as they are written, and how long they may be."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite, ldexp, sqrt

MAX_BITS = 3000
"""Numerators and denominators are shorter than this: some 900 digits."""

_MAX_LENGTH = 2500  # characters of a number: a fraction of two such, with room for leading zeros
_MAX_POWERS = 1000
MAX_SHORT = 18
"""Digits of a number that is read without any test."""


def exact_number(text: str) -> Fraction | None:
    """The value of a written number, or None if it is none, or too long to be meant."""
    if text.isdecimal() and len(text) <= MAX_SHORT:
        return Fraction(int(text))
    head, _, exponent = text.lower().partition("e")
    if len(head) > _MAX_LENGTH or len(exponent) > len(str(_MAX_POWERS)) + 1:
        return None
    try:
        if exponent and abs(int(exponent)) > _MAX_POWERS:
            return None
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return None if is_too_long(value) else value


def as_float(value: Fraction | float) -> float:
    """The nearest float; infinite where the number is beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def finite(value: Fraction | float) -> float | None:
    """The nearest float; None beyond all of them, for data that knows no infinity."""
    found = as_float(value)
    return found if isfinite(found) else None


def square_root(value: Fraction) -> float:
    """The root of a number from 0, as a float; infinite where it is beyond all of them."""
    halves = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    try:
        return ldexp(sqrt(value / Fraction(4) ** halves), halves)
    except OverflowError:
        return inf


def is_too_long(number: Fraction) -> bool:
    """Whether a number has more digits than are read and written."""
    return max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS
