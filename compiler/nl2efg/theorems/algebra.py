"""The field of rational functions of a family's letters, over sympy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import prod
from typing import Any

from nl2efg.equilibria.deadline import OutOfTimeError
from nl2efg.families.conditions import Condition
from nl2efg.families.expressions import Expression

CLEARER = 4
"""Characters that factors may take more than a sum of ``MANY_TERMS`` terms, which says less."""

MANY_TERMS = 4

Element = Any
"""A rational function: a ``FracElement`` of sympy."""

Poly = Any
"""A polynomial: a ``PolyElement`` of sympy."""


MAX_FACTORED = 50_000
"""Bits of a polynomial, written with all powers up to its degrees, that is factored: a second or
two at most, in which nobody looks at the clock. Ten times as many take minutes."""

_SPARSE = 4
"""How much more a term takes than one of all the powers, where most letters are of first degree."""


class FactoringError(OutOfTimeError):
    """A polynomial of so high powers, or so long numbers, that no budget is enough to factor it."""


class LetterField:
    """Rational functions of letters, exact.

    Args:
        symbols: the letters, in order.
    """

    def __init__(self, symbols: Sequence[str]) -> None:
        from sympy import QQ, Symbol
        from sympy.polys.fields import FracField

        self.symbols = tuple(symbols)
        names = [Symbol(f"x{number}") for number in range(len(self.symbols))] or [Symbol("x0")]
        self.field = FracField(names, QQ)
        self.ring = self.field.ring
        self.zero, self.one = self.field.zero, self.field.one
        self._rational = QQ

    def number(self, value: Fraction | int) -> Element:
        """A number."""
        return self.field.one * self._rational(*Fraction(value).as_integer_ratio())

    def letter(self, symbol: str) -> Element:
        """A letter."""
        return self.field.gens[self.symbols.index(symbol)]

    def element(self, expression: Expression) -> Element:
        """An expression as an element."""
        above = self.polynomial_of(expression.numerator)
        if expression.denominator == {(): 1}:
            return self.field(above)
        return self.field(above) / self.field(self.polynomial_of(expression.denominator))

    def polynomial_of(self, terms: Mapping[Any, Fraction]) -> Poly:
        """Terms as a polynomial of the ring."""
        place = {symbol: number for number, symbol in enumerate(self.symbols)}
        found = {}
        for monomial, coefficient in terms.items():
            row = [0] * max(len(self.symbols), 1)
            for symbol, exponent in monomial:
                row[place[symbol]] = exponent
            found[tuple(row)] = self._rational(*coefficient.as_integer_ratio())
        return self.ring.from_dict(found)

    def expression(self, element: Element) -> Expression:
        """An element as an expression."""
        return Expression(self._terms(element.numer), self._terms(element.denom))

    def polynomial(self, poly: Poly) -> Expression:
        """A polynomial as an expression."""
        return Expression(self._terms(poly))

    def _terms(self, poly: Poly) -> dict[Any, Fraction]:
        return {
            tuple((s, e) for s, e in sorted(zip(self.symbols, row, strict=False)) if e): Fraction(
                int(coefficient.numerator), int(coefficient.denominator)
            )
            for row, coefficient in poly.terms()
        }

    def at(self, poly: Poly, point: Sequence[Fraction]) -> Fraction:
        """The value of a polynomial."""
        total = Fraction(0)
        for row, coefficient in poly.terms():
            term = Fraction(int(coefficient.numerator), int(coefficient.denominator))
            for value, exponent in zip(point, row, strict=False):
                if exponent:
                    term *= value**exponent
            total += term
        return total

    def value(self, element: Element, point: Sequence[Fraction]) -> Fraction:
        """The value of an element.

        Raises:
            ZeroDivisionError: the denominator is zero there.
        """
        return self.at(element.numer, point) / self.at(element.denom, point)

    def factors(self, element: Element) -> tuple[int, tuple[Poly, ...]] | None:
        """The sign of an element as a product: a sign, and factors, each once or twice.

        Each factor is irreducible over the rationals, primitive, with a positive first term; None
        if the element is zero.

        Raises:
            FactoringError: it would take minutes or more.
        """
        if not element:
            return None
        sign, above = self._sign_factors(element.numer)
        other, below = self._sign_factors(element.denom)
        return sign * other, tuple(sorted((*above, *below), key=str))

    @cache  # noqa: B019 - a field lives as long as one solution is sought
    def _sign_factors(self, poly: Poly) -> tuple[int, tuple[Poly, ...]]:
        if _written_bits(poly) > MAX_FACTORED:
            raise FactoringError("powers are too high, or numbers too long")
        unit, factors = poly.factor_list()
        sign = 1 if unit > 0 else -1
        odd = []
        for factor, multiplicity in factors:
            if factor.LC < 0:
                factor = -factor
                sign = -sign if multiplicity % 2 else sign
            # An even power is kept as a square: where it is zero, so is the product.
            odd += [factor.primitive()[1]] * (1 if multiplicity % 2 else 2)
        return sign, tuple(odd)


def _written_bits(poly: Poly) -> int:
    """Bits that a polynomial takes with a coefficient for each power up to its degrees.

    Of letters of first degree, however many, it is the terms that count.
    """
    longest = max(
        (
            int(part).bit_length()
            for c in poly.itercoeffs()
            for part in (c.numerator, c.denominator)
        ),
        default=0,
    )
    degrees = [degree for degree in poly.degrees() if degree > 0]
    dense = prod(degree + 1 for degree in degrees)
    powers = prod(degree + 1 for degree in degrees if degree > 1)
    return int(min(dense, _SPARSE * len(poly) * len(degrees) * powers)) * longest


def inequality(field: LetterField, sign: int, factors: Iterable[Poly], strict: bool) -> Condition:
    """``sign * product of factors >= 0`` (or ``> 0``) with the positive terms on the left.

    With a single letter of the first degree it is solved for the letter; several factors stay
    such where that is shorter.
    """
    factors = tuple(factors)
    product = field.ring.one
    for factor in factors:
        product = product * factor
    if sign < 0:
        product = -product
    letters = [n for n, degree in enumerate(product.degrees()) if degree > 0]
    if len(letters) == 1 and product.degree(letters[0]) == 1:
        slope = product.LC
        letter = field.polynomial(field.ring.gens[letters[0]])
        constant = product.coeff(1)
        ratio = -constant / slope
        right = Expression.number(Fraction(int(ratio.numerator), int(ratio.denominator)))
        relation = ">" if slope > 0 else "<"
        return Condition(letter, relation if strict else f"{relation}=", right)
    expanded = _expanded(field, product, strict)
    if len(factors) < 2:
        return expanded
    whole = Expression.number(1)
    for factor in factors:
        whole = whole * field.polynomial(factor)
    relation = ">" if sign > 0 else "<"
    zero = Expression.number(0)
    factored = Condition(whole, relation if strict else f"{relation}=", zero)
    spare = CLEARER if len(product) >= MANY_TERMS else 0
    return factored if len(factored.text) < len(expanded.text) + spare else expanded


def _expanded(field: LetterField, product: Poly, strict: bool) -> Condition:
    """A polynomial as an inequality between its positive and its negative terms."""
    left = field.ring.from_dict({m: c for m, c in product.terms() if c > 0})
    right_terms = field.ring.from_dict({m: -c for m, c in product.terms() if c < 0})
    lone = (0,) * len(field.ring.gens)
    if (not left or not right_terms) and product.coeff(1):  # a + b <= -1, not a + b + 1 <= 0
        bare = field.ring.from_dict({m: abs(c) for m, c in product.terms() if m != lone})
        bound = -abs(product.coeff(1))
        right = Expression.number(Fraction(int(bound.numerator), int(bound.denominator)))
        relation = ">" if left else "<"
        return Condition(field.polynomial(bare), relation if strict else f"{relation}=", right)
    if not left:
        return Condition(
            field.polynomial(right_terms), "<" if strict else "<=", Expression.number(0)
        )
    return Condition(field.polynomial(left), ">" if strict else ">=", field.polynomial(right_terms))
