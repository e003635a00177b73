"""Polynomials in letters with exact coefficients: sparse, small, and bounded.

A polynomial is a mapping from monomials to coefficients that are not zero; a monomial is a sorted
tuple of pairs (letter, exponent). The sandbox's worker loads this module, so it imports little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from nl2efg.errors import UserError
from nl2efg.game.numbers import MAX_BITS, is_too_long

Monomial = tuple[tuple[str, int], ...]
Polynomial = Mapping[Monomial, Fraction]

MAX_TERMS = 5_000
"""Most terms of a polynomial."""

MAX_PRODUCTS = 300_000
"""Most products of terms in one multiplication."""

MAX_DEGREE = 1_000
"""Highest exponent of a letter."""

MAX_VALUE_BITS = 20 * MAX_BITS
"""Length of the numbers that a value is made of."""

_MAX_SUM_BITS = 4 * MAX_BITS  # of a coefficient on its way, which a later term may shorten

_DIGITS = "an expression with a number of too many digits"

ONE: Polynomial = {(): Fraction(1)}
ZERO: Polynomial = {}


class ExpressionTooLargeError(UserError, ValueError):
    """An expression with more terms, digits or powers than are carried on."""


Spend = Callable[[Polynomial, Polynomial], None]
"""Counts the products of two polynomials before they are made."""


def constant(value: Fraction) -> Polynomial:
    """A number as a polynomial."""
    return {(): value} if value else {}


def letter(symbol: str) -> Polynomial:
    """A letter as a polynomial."""
    return {((symbol, 1),): Fraction(1)}


def is_constant(polynomial: Polynomial) -> bool:
    """Whether no letter is in it."""
    return not polynomial or (len(polynomial) == 1 and () in polynomial)


def add(a: Polynomial, b: Polynomial, factor: int = 1) -> Polynomial:
    """``a + factor * b``.

    Raises:
        ExpressionTooLargeError: the sum passes a bound.
    """
    found = dict(a)
    for monomial, coefficient in b.items():
        total = found.get(monomial, Fraction(0)) + factor * coefficient
        if total:
            found[monomial] = total
        else:
            found.pop(monomial, None)
    return _bounded(found)


def multiply(a: Polynomial, b: Polynomial) -> Polynomial:
    """``a * b``; refused before it is made where it would take too long.

    Raises:
        ExpressionTooLargeError: the product passes a bound.
    """
    if len(a) * len(b) > MAX_PRODUCTS:
        raise ExpressionTooLargeError(
            f"a product of expressions of {len(a)} and {len(b)} terms is too large"
        )
    found: dict[Monomial, Fraction] = {}
    for one, left in a.items():
        for other, right in b.items():
            monomial = times(one, other)
            total = found.get(monomial, Fraction(0)) + left * right
            if total.denominator.bit_length() > _MAX_SUM_BITS:
                raise ExpressionTooLargeError(_DIGITS)
            if total:
                found[monomial] = total
            else:
                del found[monomial]
    return _bounded(found)


def power(a: Polynomial, exponent: int, spend: Spend = lambda _, __: None) -> Polynomial:
    """``a ** exponent``, by squares.

    Args:
        a: the polynomial.
        exponent: from 0.
        spend: told of each multiplication before it is done.

    Raises:
        ExpressionTooLargeError: the power passes a bound.
    """
    found = ONE
    for bit in f"{exponent:b}":
        spend(found, found)
        found = multiply(found, found)
        if bit == "1":
            spend(found, a)
            found = multiply(found, a)
    return found


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    powers = dict(a)
    for symbol, exponent in b:
        powers[symbol] = powers.get(symbol, 0) + exponent
    if max(powers.values()) > MAX_DEGREE:
        raise ExpressionTooLargeError(f"a power beyond {MAX_DEGREE} of a letter")
    return tuple(sorted(powers.items()))


def scale(polynomial: Polynomial, factor: Fraction) -> Polynomial:
    """The polynomial times a number."""
    return {monomial: factor * c for monomial, c in polynomial.items()} if factor else {}


def value_at(polynomial: Polynomial, values: Mapping[str, Fraction]) -> Fraction:
    """The value where every letter has a number.

    All terms are brought to one denominator first, so that nothing but the value is reduced.

    Raises:
        KeyError: a letter has none.
        ExpressionTooLargeError: it would have far too many digits.
    """
    degrees: dict[str, int] = {}
    unit = 1
    for monomial, coefficient in polynomial.items():
        unit = lcm(unit, coefficient.denominator)
        _refuse_bits(unit.bit_length())
        for symbol, exponent in monomial:
            degrees[symbol] = max(exponent, degrees.get(symbol, 0))
    known = {symbol: values[symbol].as_integer_ratio() for symbol in degrees}
    _refuse_bits(sum(degrees[s] * (max(abs(n), d).bit_length() - 1) for s, (n, d) in known.items()))
    total, below = 0, unit
    for symbol, degree in degrees.items():
        below *= known[symbol][1] ** degree
    for monomial, coefficient in polynomial.items():
        term = coefficient.numerator * (unit // coefficient.denominator)
        powers = dict(monomial)
        for symbol, degree in degrees.items():
            numerator, denominator = known[symbol]
            exponent = powers.get(symbol, 0)
            term *= numerator**exponent * denominator ** (degree - exponent)
        total += term
    return Fraction(total, below)


def _refuse_bits(length: int) -> None:
    if length > MAX_VALUE_BITS:
        raise ExpressionTooLargeError(_DIGITS)


def letters_of(polynomial: Polynomial) -> frozenset[str]:
    """The letters in it."""
    return frozenset(symbol for monomial in polynomial for symbol, _ in monomial)


def divide_exactly(a: Polynomial, b: Polynomial) -> Polynomial | None:
    """``a / b`` if that is a polynomial, else None; by long division in lexicographic order."""
    order = sorted(letters_of(a) | letters_of(b))
    places = {symbol: place for place, symbol in enumerate(order)}

    def key(monomial: Monomial) -> tuple[int, ...]:
        row = [0] * len(order)
        for symbol, exponent in monomial:
            row[places[symbol]] = exponent
        return tuple(row)

    lead = max(b, key=key)
    rest: Polynomial = a
    found: dict[Monomial, Fraction] = {}
    for _ in range(len(a) + len(b)):
        if not rest:
            return found
        top = max(rest, key=key)
        quotient = _quotient(top, lead)
        if quotient is None:
            return None
        factor = rest[top] / b[lead]
        found[quotient] = factor
        rest = add(rest, multiply({quotient: factor}, b), -1)
    return None if rest else found


def _quotient(a: Monomial, b: Monomial) -> Monomial | None:
    powers = dict(a)
    for symbol, exponent in b:
        left = powers.get(symbol, 0) - exponent
        if left < 0:
            return None
        powers[symbol] = left
    return tuple((symbol, exponent) for symbol, exponent in sorted(powers.items()) if exponent)


def common_monomial(*polynomials: Polynomial) -> Monomial:
    """The greatest monomial that divides every term of all of them."""
    shared: dict[str, int] | None = None
    for polynomial in polynomials:
        for monomial in polynomial:
            powers = dict(monomial)
            if shared is None:
                shared = powers
            else:
                shared = {s: min(e, powers[s]) for s, e in shared.items() if s in powers}
            if not shared:
                return ()
    return tuple(sorted((shared or {}).items()))


def without(polynomial: Polynomial, divisor: Monomial) -> Polynomial:
    """The polynomial over a monomial that divides it."""
    found: dict[Monomial, Fraction] = {}
    for monomial, coefficient in polynomial.items():
        quotient = _quotient(monomial, divisor)
        assert quotient is not None
        found[quotient] = coefficient
    return found


def _bounded(found: dict[Monomial, Fraction]) -> Polynomial:
    if len(found) > MAX_TERMS:
        raise ExpressionTooLargeError(
            f"an expression of {len(found)} terms, over the limit of {MAX_TERMS}"
        )
    if any(is_too_long(coefficient) for coefficient in found.values()):
        raise ExpressionTooLargeError(_DIGITS)
    return found
