"""How numbers are written in pictures and reports: here and nowhere else.

A number is never altered silently: it is exact, or rounded and marked ``≈``, or rounded to as many
digits as the reader asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from nl2efg.families.note import family_of
from nl2efg.families.written import WrittenNumber, symbol_shown
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability

MINUS = "−"

MOST_TICKS = 6
"""Numbers that are written along an axis."""
MAX_EXACT = 14
MAX_FRACTION = 9
"""Characters of an exact number, and of a fraction, in a picture; longer ones are rounded."""
MAX_LONGER = 4
"""Characters that a decimal may be longer than the fraction, where decimals stand beside it."""
FREE_DIGITS = 4
"""Significant digits of a rounded number whose digits nobody asked for."""
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Notation = Literal["auto", "fraction", "decimal"]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A way to write numbers.

    Args:
        notation: ``"fraction"``; ``"decimal"``; or ``"auto"``: the shorter of the two that is
            exact, 1/3 but 123456.5.
        decimals: whether ``"auto"`` takes decimals wherever they are exact; see :meth:`fit`.
        digits: decimals after the point; None for as many as an exact number has, else a few.
        shares: whether the numbers are probabilities, of which digits that were asked for make
            neither 0 nor 1: 0.004 is <0.01. Payoffs are rounded as any number is.
    """

    notation: Notation = "auto"
    digits: int | None = None
    decimals: bool = False
    shares: bool = True

    def fit(self, values: Iterable[Fraction]) -> NumberFormat:
        """The format for numbers that stand beside each other: 0.4 beside 0.1, not 2/5.

        Decimals are taken wherever they are exact, if one of the numbers is shorter so.
        """
        if self.notation != "auto":
            return self
        for value in values:
            if value.denominator == 1:
                continue
            decimal = exact_decimal(value)
            if decimal is not None and len(decimal) < len(str(value)):
                return replace(self, decimals=True)
        return self

    def show(self, value: Probability) -> str:
        """A number as it is drawn.

        Args:
            value: a fraction or an integer; a float (never as 0 or 1 unless it is); anything else,
                such as an expression with letters, is written as its ``str``.
        """
        if isinstance(value, float):
            return self._float(value)
        if isinstance(value, WrittenNumber):
            return str(value)
        if not isinstance(value, int | Fraction):
            return str(value).replace("-", MINUS)
        value = Fraction(value)
        if self.digits is not None and self.notation != "fraction":
            return _fixed(value, self.digits, shares=self.shares)
        exact = self._exact(value)
        if exact is not None and len(exact) <= (MAX_FRACTION if "/" in exact else MAX_EXACT):
            return exact.replace("-", MINUS)
        return "≈" + _rounded(value)

    def show_text(self, text: str) -> str:
        """A number that is given as text, such as ``"29/10"``, as it is drawn; others as they are.

        Args:
            text: a fraction or a decimal, or anything else.
        """
        try:
            return self.show(Fraction(text))
        except (ValueError, ZeroDivisionError):
            return text

    def _exact(self, value: Fraction) -> str | None:
        """The number in full; None if the notation cannot hold it."""
        fraction = str(value)
        if self.notation == "fraction" or value.denominator == 1:
            return fraction
        decimal = exact_decimal(value)
        if self.notation == "decimal" or decimal is None:
            return decimal if self.notation == "decimal" else fraction
        most = len(fraction) + (MAX_LONGER if self.decimals else -1)
        return decimal if len(decimal) <= most else fraction

    def _float(self, value: float) -> str:
        if self.digits is not None and self.notation != "fraction":
            return _fixed(Fraction(value), self.digits, shares=self.shares)
        shown = f"{value:.3f}".rstrip("0").rstrip(".")
        if shown in ("-0", "0") and value:
            shown = "<0.001" if value > 0 else ">-0.001"
        elif shown == "1" and value < 1:
            shown = ">0.999"
        elif len(shown) > MAX_EXACT:
            return "≈" + _rounded(Fraction(value))
        return shown.replace("-", MINUS)


PLAIN = NumberFormat()


def number(value: Probability) -> str:
    """A number as it is drawn where nothing else was asked for."""
    return PLAIN.show(value)


def letter_values(tree: GameTree) -> str:
    """The values to work with of a game's letters, ``V = 2, C = 5``; empty without letters."""
    family = family_of(tree)
    return ", ".join(
        f"{symbol_shown(each.symbol)} = {PLAIN.show(each.value)}"
        for each in (family.parameters if family else ())
    )


def exact_number(value: Probability) -> str:
    """A number in full, with a true minus sign."""
    shown = repr(value) if isinstance(value, float) else str(value)
    return shown.replace("-", MINUS)


def exact_decimal(value: Fraction) -> str | None:
    """A fraction as a decimal that is equal to it; None where there is none."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def ticks(low: Fraction, high: Fraction) -> list[Fraction]:
    """At most six round numbers from one to another."""
    step = Fraction(1)
    while (high - low) / step > MOST_TICKS:
        step *= 10
    while (high - low) / step < MOST_TICKS / 10:
        step /= 10
    for share in (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2)):
        if (high - low) / (step * share) <= MOST_TICKS - 1:
            step *= share
            break
    first = -(-low // step)
    return [step * n for n in range(int(first), int(high // step) + 1)]


def _fixed(value: Fraction, digits: int, *, shares: bool) -> str:
    """So many decimals; a probability that is not 0 or 1 does not become it."""
    unit = Fraction(1, 10**digits)
    count = round(value / unit)
    text = exact_decimal(count * unit) or ""
    whole, _, part = text.partition(".")
    shown = whole + ("." + part.ljust(digits, "0") if digits else "")
    least = exact_decimal(unit) or ""
    if shares and value and not count:
        shown = f"<{least}" if value > 0 else f">-{least}"
    elif shares and 0 < value < 1 and count == 10**digits:
        shown = f">{exact_decimal(1 - unit)}"
    return shown.replace("-", MINUS)


def _rounded(value: Fraction) -> str:
    """A few significant digits; powers of ten outside 0.001 to 999,999.

    Works on integers: a payoff may be beyond every float.
    """
    sign = MINUS if value < 0 else ""
    size = abs(value)
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    if size < Fraction(10) ** exponent:
        exponent -= 1
    if -4 < exponent < 6:
        return sign + f"{float(size):.{max(FREE_DIGITS, exponent + 1)}g}"
    mantissa = f"{float(size / Fraction(10) ** exponent):.{FREE_DIGITS}g}"
    if mantissa == "10":  # 9.9999 was rounded up
        mantissa, exponent = "1", exponent + 1
    return f"{sign}{mantissa}×10{str(exponent).translate(_SUPERSCRIPTS)}"
