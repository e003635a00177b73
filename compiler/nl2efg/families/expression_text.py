"""Reading expressions: ``delta*(1 - p) - c`` as text, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from math import prod

from nl2efg.families.expressions import Expression
from nl2efg.families.polynomials import ExpressionTooLargeError, Polynomial
from nl2efg.game.effort import Effort, EffortError
from nl2efg.game.numbers import exact_number

MAX_CHARACTERS = 20_000
MAX_WORK = 1_000_000
"""Products of terms that reading one expression takes, or all of one game: a power of a few letters
is a text of a few characters, and a game may have thousands of them."""

_MAX_DEPTH = 60
_FEW = 1000
"""Products that take no time, whatever their numbers."""
_SHORT = 200
"""Bits of a number that double the time of a product."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9][0-9]*(?:\.[0-9]*)?|\.[0-9]+)|(?P<letter>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|\^|[-+*/()·×−]))"
)
_SIGNS = {"^": "**", "·": "*", "×": "*", "−": "-"}


class ExpressionError(ValueError):
    """Text that is no expression; the message says where."""


def read_expression(text: str) -> Expression:
    """The expression that a text writes: numbers, letters, ``+ - * / **`` and parentheses.

    Raises:
        ExpressionError: it is none, or divides by zero.
        ExpressionTooLargeError: it passes a bound.
    """
    reading = _READING.get() or _Reading()
    if text not in reading.known:
        reading.known[text] = _read(text, reading)
    return reading.known[text]


@contextmanager
def reading_a_game() -> Iterator[None]:
    """Within it all expressions together are bounded as one is elsewhere, and each is read once."""
    token = _READING.set(_Reading())
    try:
        yield
    finally:
        _READING.reset(token)


class _Reading:
    """What is known of expressions that are read together."""

    def __init__(self) -> None:
        self.effort = Effort(MAX_WORK, "reading expressions with letters")
        self.known: dict[str, Expression] = {}

    def spend(self, *polynomials: Polynomial) -> None:
        """Count the products of two polynomials before they are made; long numbers count more."""
        products = prod(map(len, polynomials))
        if products > _FEW:
            products *= 1 + max(map(_longest, polynomials)) // _SHORT
        try:
            self.effort.spend(1 + products)
        except EffortError as error:
            raise ExpressionTooLargeError(error.message) from None


def _longest(polynomial: Polynomial) -> int:
    """Bits of the longest number in it."""
    return max(
        max(c.numerator.bit_length(), c.denominator.bit_length()) for c in polynomial.values()
    )


_READING: ContextVar[_Reading | None] = ContextVar("reading", default=None)


def _read(text: str, reading: _Reading, values: Mapping[str, Fraction] | None = None) -> Expression:
    if len(text) > MAX_CHARACTERS:
        raise ExpressionTooLargeError(f"an expression of {len(text)} characters")
    reader = _Reader(text, reading, values)
    try:
        found = reader.sum(0)
    except ZeroDivisionError:
        raise ExpressionError(f"{text!r:.80} divides by zero") from None
    if reader.token is not None:
        raise reader.wrong("an operator")
    return found


def value_of(text: str, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value of an expression where its letters have these values; None if it has none there.

    Args:
        text: a number or an expression.
        values: of the letters that may be in it.
    """
    number = exact_number(text.strip())
    if number is not None:
        return number
    try:
        # With numbers in the place of letters from the start: nothing is multiplied out.
        return _read(text, _Reading(), values).constant
    except (ValueError, KeyError, ZeroDivisionError):
        return None


class _Reader:
    """Recursive descent over the tokens of one text; parentheses nest to a bounded depth."""

    def __init__(self, text: str, reading: _Reading, values: Mapping[str, Fraction] | None) -> None:
        self.text, self.place = text, 0
        self.reading, self.values = reading, values
        self.token: str | None = None
        self.kind = ""
        self.start = 0
        self.next()

    def next(self) -> None:
        """Go on to the next token."""
        if not self.text[self.place :].strip():
            self.token = None
            return
        found = _TOKEN.match(self.text, self.place)
        if found is None:
            self.start = self.place
            self.token = self.text[self.place :].strip()[0]
            raise self.wrong("a number, a letter or an operator")
        self.kind = found.lastgroup or ""
        self.start, self.place = found.start(self.kind), found.end()
        token = found[self.kind]
        self.token = _SIGNS.get(token, token)

    def wrong(self, expected: str) -> ExpressionError:
        """The error of a token that does not fit."""
        seen = "the end" if self.token is None else repr(self.token)
        return ExpressionError(
            f"{self.text!r:.80}: {expected} expected at character {self.start + 1}, {seen} found"
        )

    def _value(self, letter: str) -> Expression:
        assert self.values is not None
        return Expression.number(self.values[letter])

    def sum(self, depth: int) -> Expression:
        """Terms that are added and subtracted."""
        found = self.product(depth)
        while self.kind == "sign" and self.token in ("+", "-"):
            sign = self.token
            self.next()
            term = self.product(depth)
            self.reading.spend(found.numerator, term.denominator)
            self.reading.spend(found.denominator, term.numerator)
            found = found + term if sign == "+" else found - term
        return found

    def product(self, depth: int) -> Expression:
        """Factors that are multiplied and divided."""
        found = self.signed(depth)
        while self.kind == "sign" and self.token in ("*", "/"):
            sign = self.token
            self.next()
            factor = self.signed(depth)
            self.reading.spend(found.numerator, factor.numerator)
            self.reading.spend(found.denominator, factor.denominator)
            found = found * factor if sign == "*" else found / factor
        return found

    def signed(self, depth: int) -> Expression:
        """A power, with signs in front."""
        minus = False
        while self.kind == "sign" and self.token in ("+", "-"):
            minus ^= self.token == "-"
            self.next()
        found = self.power(depth)
        return -found if minus else found

    def power(self, depth: int) -> Expression:
        """An atom with a whole exponent."""
        base = self.atom(depth)
        if not (self.kind == "sign" and self.token == "**"):
            return base
        self.next()
        exponent = self.atom(depth).constant
        if exponent is None or exponent.denominator != 1:
            raise ExpressionError(f"{self.text!r:.80}: an exponent must be a whole number")
        return base.power(int(exponent), self.reading.spend)

    def atom(self, depth: int) -> Expression:
        """A number, a letter, or an expression in parentheses."""
        if self.token == "(" and self.kind == "sign":
            if depth >= _MAX_DEPTH:
                raise ExpressionTooLargeError(f"parentheses deeper than {_MAX_DEPTH}")
            self.next()
            found = self.sum(depth + 1)
            if self.token != ")":
                raise self.wrong("')'")
            self.next()
            return found
        token, kind = self.token, self.kind
        if token is None or kind == "sign":
            raise self.wrong("a number or a letter")
        if kind == "letter":
            found = Expression.letter(token) if self.values is None else self._value(token)
        else:
            number = exact_number(token)
            if number is None:
                raise ExpressionTooLargeError("a number of too many digits")
            found = Expression.number(number)
        self.next()
        return found
