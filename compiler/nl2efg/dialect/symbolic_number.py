"""The number that a parameter is in generated code: exact, and it keeps its letters.

It is a fraction, the value to work with, so whatever takes fractions takes it; sums, products and
powers keep the expression. A comparison is decided at the value and recorded as a condition. Where
a program makes a plain number of it, the letter is lost, which is said and recorded.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from nl2efg.dialect.plain_numbers import plain_exact
from nl2efg.dialect.session import current_line, session
from nl2efg.families.conditions import DIVISION, RELATIONS
from nl2efg.families.expressions import Expression
from nl2efg.families.polynomials import ExpressionTooLargeError

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class SymbolicNumber(Fraction):
    """A fraction with the expression that it is the value of.

    Args:
        value: where the letters have their values to work with.
        expression: with at least one letter in it.
    """

    expression: Expression

    def __new__(cls, value: Fraction, expression: Expression) -> SymbolicNumber:
        self = super().__new__(cls, value.numerator, value.denominator)
        self.expression = expression
        return self

    @property
    def plain(self) -> Fraction:
        """Its value alone."""
        return Fraction(self._numerator, self._denominator)  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return self.expression.text

    def __repr__(self) -> str:
        return self.expression.text

    def __format__(self, spec: str) -> str:
        return format(self.expression.text, spec) if not spec else format(float(self), spec)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.plain)

    def __add__(self, other: Any) -> Any:
        return _computed(self, other, lambda a, b: a + b)

    def __radd__(self, other: Any) -> Any:
        return _computed(other, self, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Any:
        return _computed(self, other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Any:
        return _computed(other, self, lambda a, b: a - b)

    def __mul__(self, other: Any) -> Any:
        return _computed(self, other, lambda a, b: a * b)

    def __rmul__(self, other: Any) -> Any:
        return _computed(other, self, lambda a, b: a * b)

    def __truediv__(self, other: Any) -> Any:
        return _divided(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _divided(other, self)

    def __pow__(self, exponent: Any, modulo: Any = None) -> Any:
        if isinstance(exponent, int | Fraction) and exponent == int(exponent):
            power = int(exponent)
            if power < 0:
                return _divided(1, self ** (-power))
            return _computed(self, power, lambda a, _: a**power)
        return _lost(self) ** exponent

    def __rpow__(self, base: Any, modulo: Any = None) -> Any:
        return base ** _lost(self)

    def __neg__(self) -> Any:
        return _computed(0, self, lambda a, b: a - b)

    def __pos__(self) -> SymbolicNumber:
        return self

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    def __eq__(self, other: Any) -> bool:
        return _compared(self, "==", other)

    def __lt__(self, other: Any) -> bool:
        return _compared(self, "<", other)

    def __le__(self, other: Any) -> bool:
        return _compared(self, "<=", other)

    def __gt__(self, other: Any) -> bool:
        return _compared(self, ">", other)

    def __ge__(self, other: Any) -> bool:
        return _compared(self, ">=", other)

    def __bool__(self) -> bool:
        return not _compared(self, "==", 0)

    def __float__(self) -> float:
        return float(_lost(self))

    def __int__(self) -> int:  # type: ignore[override]
        return int(_lost(self))

    def __trunc__(self) -> int:
        return math.trunc(_lost(self))

    def __floor__(self) -> int:
        return math.floor(_lost(self))

    def __ceil__(self) -> int:
        return math.ceil(_lost(self))

    def __round__(self, digits: int | None = None) -> Any:
        return round(_lost(self), digits)

    def __floordiv__(self, other: Any) -> Any:
        return _lost(self) // _lost(other)

    def __rfloordiv__(self, other: Any) -> Any:
        return other // _lost(self)

    def __mod__(self, other: Any) -> Any:
        return _lost(self) % _lost(other)

    def __rmod__(self, other: Any) -> Any:
        return other % _lost(self)

    def __divmod__(self, other: Any) -> Any:
        return divmod(_lost(self), _lost(other))

    def __complex__(self) -> complex:
        return complex(_lost(self))

    @property
    def numerator(self) -> int:
        """Of the value; asked for by a program, it loses the letter."""
        return (self.plain if _asked_by_us() else _lost(self)).numerator

    @property
    def denominator(self) -> int:
        """Of the value; asked for by a program, it loses the letter."""
        return (self.plain if _asked_by_us() else _lost(self)).denominator

    def limit_denominator(self, max_denominator: int = 1_000_000) -> Fraction:
        """A near fraction; the letter is lost."""
        return _lost(self).limit_denominator(max_denominator)

    def as_integer_ratio(self) -> tuple[int, int]:
        """The value's parts; the letter is lost."""
        return _lost(self).as_integer_ratio()

    def __copy__(self) -> SymbolicNumber:
        return self

    def __deepcopy__(self, memo: Any) -> SymbolicNumber:
        return self

    def __reduce__(self) -> Any:
        return SymbolicNumber, (self.plain, self.expression)


def expression_of(value: Fraction) -> Expression:
    """The expression that a number is, or the number as one."""
    if isinstance(value, SymbolicNumber):
        return value.expression
    return Expression.number(value)


def plain(value: Fraction) -> Fraction:
    """The value of a number, without letters."""
    return value.plain if isinstance(value, SymbolicNumber) else value


def _read(value: Any) -> Fraction | None:
    """An operand as a fraction; None if it is none that a fraction can be computed with."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int):
        return Fraction(value)
    try:
        return (
            plain_exact(value) if isinstance(value, float) or hasattr(value, "as_tuple") else None
        )
    except (TypeError, ValueError, ArithmeticError):
        return None


def _computed(left: Any, right: Any, step: Callable[[Any, Any], Any], divides: bool = False) -> Any:
    """The value and the expression of one step; a plain fraction where no letter is left."""
    a, b = _read(left), _read(right)
    if a is None or b is None:
        return NotImplemented
    value: Fraction = step(plain(a), plain(b))
    try:
        expression = step(expression_of(a), expression_of(b))
    except ExpressionTooLargeError as error:
        raise ValueError(
            f"{error}: write the payoff in fewer terms, or give the letter a number"
        ) from None
    return SymbolicNumber(value, expression) if expression.letters else value


def _divided(left: Any, right: Any) -> Any:
    below = _read(right)
    if isinstance(below, SymbolicNumber):
        if not below.plain:
            raise ZeroDivisionError(f"{below} is 0 where {_values(below)}")
        session().letters.record(
            below.expression, "!=", Expression.number(0), current_line(), DIVISION
        )
    return _computed(left, right, lambda a, b: a / b)


def _values(number: SymbolicNumber) -> str:
    known = session().letters.parameters
    return ", ".join(f"{s} = {known[s].value}" for s in sorted(number.expression.letters))


def _compared(left: SymbolicNumber, relation: str, right: Any) -> bool:
    other = _read(right)
    if other is None:
        if relation == "==":
            return False
        if isinstance(right, float):
            return RELATIONS[relation](left.plain, right)  # type: ignore[arg-type]
        return NotImplemented  # type: ignore[no-any-return]
    held = RELATIONS[relation](left.plain, plain(other))
    if not _asked_by_us():
        found = relation if held else _NEGATED[relation]
        session().letters.record(left.expression, found, expression_of(other), current_line())
    return held


def _lost(value: Fraction) -> Fraction:
    """The value of a number that a program turns into one without letters; says so."""
    if not isinstance(value, SymbolicNumber):
        return value  # an operand beside one that loses its letters
    if not _asked_by_us():
        session().warn(
            "B321",
            f"the letters of {value} are lost: it is taken as {value.plain}",
            fix="compute with the parameter itself: no float(), int(), round() or Fraction() of it",
        )
        session().letters.lose(value.expression, value.plain, current_line())
    return value.plain


def _asked_by_us() -> bool:
    """Whether the dialect, not the program, is at work on the number."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and str(frame.f_globals.get("__name__")).startswith("nl2efg.")
