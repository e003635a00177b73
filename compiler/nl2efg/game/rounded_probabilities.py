"""Probabilities that another program has rounded, and what they were rounded from.

A chance move whose probabilities sum to 0.999999 has no plays to reckon with, though everybody
sees that thirds are meant. What is meant is decided only where the digits leave no doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_FEWEST_DIGITS, _MOST_DIGITS = 2, 20
_COMMON = 100
"""Common denominators up to this one are tried; fewer where two digits tell few apart."""

_APART = 8
"""The digits are so many times finer than the fractions that they are to tell apart."""

_SURE_DIGITS = 6
"""From so many digits on, a program has rounded; then a sum beside one needs no common form."""

_RARE = 80
"""A denominator is so many times smaller than the root of what the digits tell apart."""

_FLOAT = Fraction(1, 1 << 51)
"""Of a value, so much may be lost in a binary number of double precision."""


def unrounded(values: Sequence[Fraction]) -> tuple[list[Fraction], str]:
    """Exact probabilities that sum to one, where decimals were rounded from them.

    Tried in turn: fractions with one denominator up to 100 (12, of
    two digits); the simplest fraction near each
    value, with half as many digits as the value has, so that it is met by chance once in many
    thousands; and, from six digits on, the values divided by their sum.

    Args:
        values: as written; rounded or cut off at some digit.

    Returns:
        the probabilities, and in words what was read into the values: empty if they sum to one
        as they are, or if rounding does not explain their sum (then they come back unchanged).
    """
    given = list(values)
    total = sum(given, start=Fraction(0))
    if total == 1 or not given or min(given) < 0:
        return given, ""
    digits = max(_decimal_digits(value) for value in given)
    if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        return given, ""
    unit = Fraction(1, 10**digits)
    slack = [max(unit, value * _FLOAT) for value in given]
    if abs(total - 1) > sum(slack):
        return given, ""
    words = f"decimals rounded to {digits} digits, that sum to {float(total):.{digits}g}"
    for denominator in range(2, min(_COMMON, 10**digits // _APART) + 1):
        simple = [Fraction(round(value * denominator), denominator) for value in given]
        if _explains(simple, given, slack):
            return simple, words
    if digits >= _SURE_DIGITS:
        simple = [value.limit_denominator(10 ** (digits // 2)) for value in given]
        if _explains(simple, given, slack):
            return simple, words
        return [value / total for value in given], f"{words}, divided by their sum"
    return given, ""


def unrounded_row(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Simple fractions that decimals may stand for, whether these sum to one or not.

    A guess, unlike what :func:`unrounded` finds: 0.67 and 0.33 sum to one as they are.

    Args:
        values: as written.

    Returns:
        The fractions with the least common denominator, up to 100 (12, of two digits), that are
        within a unit of the last digit and sum to one; the values themselves if there are none.
    """
    given = tuple(values)
    digits = max((_decimal_digits(value) for value in given), default=0)
    if digits < _FEWEST_DIGITS or min(given) < 0:
        return given
    slack = [Fraction(1, 10**digits)] * len(given)
    for denominator in range(2, min(_COMMON, 10**digits // _APART) + 1):
        simple = [Fraction(round(value * denominator), denominator) for value in given]
        if _explains(simple, given, slack):
            return tuple(simple)
    return given


def unrounded_share(value: Fraction) -> Fraction:
    """The fraction that one probability was rounded from; the probability itself if it is exact.

    There is no sum that bears it out: so it takes six digits, and a denominator so small (12; from
    eight digits on 100) that a decimal is as near to such a fraction once in ten thousand times.

    Args:
        value: as written, rounded or cut off at some digit.
    """
    digits = _decimal_digits(value)
    if digits < _SURE_DIGITS:
        return value
    unit = Fraction(1, 10**digits)
    for denominator in range(2, min(_COMMON, 10 ** (digits // 2) // _RARE) + 1):
        simple = Fraction(round(value * denominator), denominator)
        if 0 < simple < 1 and abs(simple - value) < unit:
            return simple
    return value


def _explains(
    simple: Sequence[Fraction], given: Sequence[Fraction], slack: Sequence[Fraction]
) -> bool:
    """Whether these probabilities may have been rounded to the given values."""
    near = all(abs(a - b) < most for a, b, most in zip(simple, given, slack, strict=True))
    kept = all(a or not b for a, b in zip(simple, given, strict=True))
    return near and kept and sum(simple) == 1


def _decimal_digits(value: Fraction) -> int:
    """Digits after the point; 0 for an integer, and for a fraction that no decimal is equal to."""
    for digits in range(_MOST_DIGITS + 1):
        if (value * 10**digits).denominator == 1:
            return digits
    return 0
