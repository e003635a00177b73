"""Expressions: rational functions of letters, exact, with the form in which they were written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from nl2efg.families import polynomials as poly
from nl2efg.families.polynomials import ExpressionTooLargeError, Polynomial

MAX_WRITTEN = 300
"""Characters up to which the form of an expression is kept as it was computed."""

_SUM, _PRODUCT, _ATOM = 0, 1, 2
_FEW_TERMS = 60  # up to so many a fraction is reduced
_DIGITS = 40
_ONE_WORD = 8  # bits


class Expression:
    """A rational function of letters: a numerator over a denominator that is not zero.

    Args:
        numerator, denominator: polynomials.
        written: how it was written; empty for the expanded form.
        level: the weakest operation in ``written``: sum, product or nothing but an atom.

    Two expressions are equal if they are so as functions, however they are written.
    """

    __slots__ = ("__dict__", "denominator", "level", "numerator", "written")

    def __init__(
        self,
        numerator: Polynomial,
        denominator: Polynomial = poly.ONE,
        written: str = "",
        level: int = _SUM,
    ) -> None:
        self.numerator, self.denominator = _reduced(numerator, denominator)
        keep = 0 < len(written) <= MAX_WRITTEN
        self.written = written if keep else ""
        self.level = level if keep else _SUM

    @classmethod
    def number(cls, value: Fraction | int) -> Expression:
        """A number."""
        return cls(poly.constant(Fraction(value)))

    @classmethod
    def letter(cls, symbol: str) -> Expression:
        """A letter."""
        return cls(poly.letter(symbol), poly.ONE, symbol, _ATOM)

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters in it."""
        return poly.letters_of(self.numerator) | poly.letters_of(self.denominator)

    @property
    def constant(self) -> Fraction | None:
        """Its value if no letter is in it, else None."""
        if self.letters:
            return None
        return self.numerator.get((), Fraction(0)) / self.denominator[()]

    def at(self, values: Mapping[str, Fraction]) -> Fraction:
        """The value where every letter has a number.

        Raises:
            KeyError: a letter has none.
            ZeroDivisionError: the denominator is zero there.
            ExpressionTooLargeError: it would have far too many digits.
        """
        below = Fraction(1)
        if self.denominator is not poly.ONE:
            below = poly.value_at(self.denominator, values)
        return poly.value_at(self.numerator, values) / below

    def partly_at(self, values: Mapping[str, Fraction]) -> Expression:
        """The expression where some letters have numbers; itself if none of them is in it.

        Args:
            values: by symbol.

        Raises:
            ZeroDivisionError: the denominator is zero there.
        """
        if not self.letters & set(values):
            return self
        above, below = (_partly(part, values) for part in (self.numerator, self.denominator))
        return above / below

    def __add__(self, other: Expression) -> Expression:
        return self._sum(other, 1)

    def __sub__(self, other: Expression) -> Expression:
        return self._sum(other, -1)

    def _sum(self, other: Expression, sign: int) -> Expression:
        if not other.numerator:
            return self
        if not self.numerator:
            return other if sign > 0 else -other
        written, level = _joined(self, other, sign)
        if self.denominator == other.denominator:
            return Expression(
                poly.add(self.numerator, other.numerator, sign), self.denominator, written, level
            )
        above = poly.add(
            poly.multiply(self.numerator, other.denominator),
            poly.multiply(other.numerator, self.denominator),
            sign,
        )
        return Expression(above, poly.multiply(self.denominator, other.denominator), written, level)

    def __mul__(self, other: Expression) -> Expression:
        for one, rest in ((self, other), (other, self)):
            if one.constant == 1:
                return rest
        first, second = (other, self) if _is_count(other) else (self, other)
        written = f"{_factor(first)}*{_factor(second)}"
        return Expression(
            poly.multiply(self.numerator, other.numerator),
            poly.multiply(self.denominator, other.denominator),
            written,
            _PRODUCT,
        )

    def __truediv__(self, other: Expression) -> Expression:
        if not other.numerator:
            raise ZeroDivisionError("division by an expression that is zero")
        if other.constant == 1:
            return self
        written = f"{_factor(self)}/{_factor(other, _ATOM)}"
        return Expression(
            poly.multiply(self.numerator, other.denominator),
            poly.multiply(self.denominator, other.numerator),
            written,
            _PRODUCT,
        )

    def __neg__(self) -> Expression:
        written = f"-{_factor(self)}" if self.text else ""
        minus = Fraction(-1)
        return Expression(poly.scale(self.numerator, minus), self.denominator, written, _SUM)

    def __pow__(self, exponent: int) -> Expression:
        return self.power(exponent)

    def power(self, exponent: int, spend: poly.Spend = lambda _, __: None) -> Expression:
        """The expression multiplied by itself so often.

        Args:
            exponent: a whole number; of a negative one the inverse.
            spend: told of each multiplication before it is done.

        Raises:
            ZeroDivisionError: the inverse of zero.
            ExpressionTooLargeError: it passes a bound.
        """
        if exponent < 0:
            return Expression.number(1) / self.power(-exponent, spend)
        if exponent > poly.MAX_DEGREE:
            raise ExpressionTooLargeError(f"a power beyond {poly.MAX_DEGREE}")
        if exponent <= 1:
            return self if exponent else Expression(poly.ONE)
        above = poly.power(self.numerator, exponent, spend)
        below = poly.power(self.denominator, exponent, spend)
        return Expression(above, below, f"{_factor(self, _ATOM)}**{exponent}", _PRODUCT)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        if self.denominator == other.denominator:
            return self.numerator == other.numerator
        return poly.multiply(self.numerator, other.denominator) == poly.multiply(
            other.numerator, self.denominator
        )

    def __hash__(self) -> int:
        return hash(self.letters)

    @cached_property
    def text(self) -> str:
        """It as text that :func:`nl2efg.families.read_expression` reads: the shortest form."""
        expanded = self.expanded
        return self.written if self.written and len(self.written) <= len(expanded) else expanded

    @cached_property
    def expanded(self) -> str:
        """The sum of its terms, over the sum of those of its denominator."""
        if self.denominator == poly.ONE:
            return polynomial_text(self.numerator)
        unit = _unit(self.numerator, self.denominator)
        if max(self.numerator.values()) < 0 and min(self.denominator.values()) < 0:
            unit = -unit  # 1/(a - 1), not -1/(1 - a)
        above = polynomial_text(poly.scale(self.numerator, unit))
        below = polynomial_text(poly.scale(self.denominator, unit))
        above = above if len(self.numerator) < 2 else f"({above})"
        simple = len(self.denominator) == 1 and below.isidentifier()
        return f"{above}/{below}" if simple else f"{above}/({below})"

    def __repr__(self) -> str:
        return f"<Expression {self.text}>"

    def __reduce__(self) -> tuple[type[Expression], tuple[Polynomial, Polynomial, str, int]]:
        return Expression, (self.numerator, self.denominator, self.written, self.level)


def _partly(polynomial: Polynomial, values: Mapping[str, Fraction]) -> Expression:
    """A polynomial where some letters have numbers, in its expanded form."""
    total = Expression.number(0)
    for monomial, coefficient in polynomial.items():
        term = Expression.number(coefficient)
        for symbol, power in monomial:
            known = values.get(symbol)
            one = Expression.letter(symbol) if known is None else Expression.number(known)
            term = term * one**power
        total = total + term
    return Expression(total.numerator, total.denominator)


def polynomial_text(polynomial: Polynomial) -> str:
    """A polynomial as text: the letters' terms first, those of high degree in front."""
    if not polynomial:
        return "0"

    def key(monomial: poly.Monomial) -> tuple[int, tuple[tuple[str, int], ...]]:
        return -sum(exponent for _, exponent in monomial), monomial

    order = sorted(polynomial, key=key)
    positive = [monomial for monomial in order if polynomial[monomial] > 0]
    if positive and order[0] != positive[0]:
        order.remove(positive[0])
        order.insert(0, positive[0])
    parts = []
    for place, monomial in enumerate(order):
        coefficient = polynomial[monomial]
        sign = (
            ("-" if coefficient < 0 else "") if not place else " - " if coefficient < 0 else " + "
        )
        parts.append(sign + _term(monomial, abs(coefficient)))
    return "".join(parts)


def _term(monomial: poly.Monomial, coefficient: Fraction) -> str:
    powers = [symbol if exponent == 1 else f"{symbol}**{exponent}" for symbol, exponent in monomial]
    if not powers:
        return str(coefficient)
    if coefficient.numerator != 1:
        powers.insert(0, str(coefficient.numerator))
    text = "*".join(powers)
    return text if coefficient.denominator == 1 else f"{text}/{coefficient.denominator}"


def _reduced(above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
    if not above:
        return poly.ZERO, poly.ONE
    if poly.is_constant(below):
        unit = below[()]
        return (above if unit == 1 else poly.scale(above, 1 / unit)), poly.ONE
    shared = poly.common_monomial(above, below)
    if shared:
        above, below = poly.without(above, shared), poly.without(below, shared)
        if poly.is_constant(below):
            return _reduced(above, below)
    if max(len(above), len(below)) <= _FEW_TERMS:
        whole = poly.divide_exactly(above, below)
        if whole is not None:
            return whole, poly.ONE
        inverse = poly.divide_exactly(below, above)
        if inverse is not None:
            above, below = poly.ONE, inverse
    lead = below.get((), below[max(below)])
    return poly.scale(above, 1 / lead), poly.scale(below, 1 / lead)


def _unit(above: Polynomial, below: Polynomial) -> Fraction:
    """What makes all coefficients of a fraction the least whole numbers."""
    coefficients = (*above.values(), *below.values())
    scale = lcm(*(c.denominator for c in coefficients))
    return Fraction(scale, gcd(*(int(c * scale) for c in coefficients)))


def _joined(a: Expression, b: Expression, sign: int) -> tuple[str, int]:
    right = b.text
    if sign < 0 and _level(b) == _SUM:
        right = f"({right})" if not _is_number(right) else right
    if right.startswith("-"):
        return f"{a.text} {'-' if sign > 0 else '+'} {right[1:]}", _SUM
    return f"{a.text} {'+' if sign > 0 else '-'} {right}", _SUM


def _level(expression: Expression) -> int:
    """The weakest operation in the text of an expression."""
    text = expression.text
    if text == expression.written:
        return expression.level
    if text.isidentifier() or text.isdecimal():
        return _ATOM
    return _SUM if " " in text or text.startswith("-") else _PRODUCT


def _factor(expression: Expression, needed: int = _PRODUCT) -> str:
    text = expression.text
    return text if _level(expression) >= needed else f"({text})"


def _is_count(expression: Expression) -> bool:
    """Whether it is a whole number, which is written in front of letters."""
    value = expression.constant
    return value is not None and value.denominator == 1 and value > 0


def _is_number(text: str) -> bool:
    return text.replace("/", "").isdecimal()
