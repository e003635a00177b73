"""Conditions: comparisons of expressions, such as ``M > D`` or ``delta >= 1/2``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from nl2efg.families.expression_text import ExpressionError, read_expression
from nl2efg.families.expressions import Expression

TEXT, SHAPE, PROBABILITY, DIVISION, LOST = "text", "shape", "probability", "division", "lost"
KINDS = (TEXT, SHAPE, PROBABILITY, DIVISION, LOST)
"""Where a condition comes from: the description; the shape of the tree; a probability's range; a
division; a letter that the program turned into a number."""

RELATIONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_CHAIN = re.compile(r"(<=|>=|==|!=|<|>|=|≤|≥|≠)")
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}


@dataclass(frozen=True)
class Condition:
    """A comparison.

    Args:
        left, right: what is compared.
        relation: one of ``RELATIONS``.
        kind: one of ``KINDS``.
        line: of the program, from 1; 0 where there is none.
    """

    left: Expression
    relation: str
    right: Expression
    kind: str = TEXT
    line: int = 0

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS or self.kind not in KINDS:
            raise ValueError(f"{self.relation!r:.20} of kind {self.kind!r:.20} is no condition")

    @cached_property
    def difference(self) -> Expression:
        """Left less right: the relation compares it with zero."""
        return self.left - self.right

    @property
    def letters(self) -> frozenset[str]:
        """The letters in it."""
        return self.left.letters | self.right.letters

    @property
    def text(self) -> str:
        """It as text."""
        return f"{self.left.text} {self.relation} {self.right.text}"

    def holds(self, values: Mapping[str, Fraction]) -> bool:
        """Whether it holds where the letters have these values; not where it divides by zero."""
        try:
            return RELATIONS[self.relation](self.left.at(values), self.right.at(values))
        except ZeroDivisionError:
            return False

    def __str__(self) -> str:
        return self.text


def read_conditions(text: str, kind: str = TEXT, line: int = 0) -> tuple[Condition, ...]:
    """The comparisons of a chain such as ``D2 > 0 > P2``, each on its own.

    Raises:
        ExpressionError: it is no chain of comparisons.
        ExpressionTooLargeError: it passes a bound.
    """
    parts = _CHAIN.split(text)
    if len(parts) < 3:
        raise ExpressionError(f"{text!r:.80}: a comparison expected, such as 0 < c")
    sides = [read_expression(part) for part in parts[::2]]
    signs = [_SIGNS.get(sign, sign) for sign in parts[1::2]]
    return tuple(
        Condition(left, sign, right, kind, line)
        for left, sign, right in zip(sides, signs, sides[1:], strict=False)
    )
