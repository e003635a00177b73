"""The letters of one run: its parameters, and the conditions under which it went as it did."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from nl2efg.families.conditions import LOST, SHAPE, TEXT, Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.parameters import Parameter

MAX_CONDITIONS = 2_000
"""Most conditions that a run records."""


class Letters:
    """What a run says about its parameters.

    Args:
        values: by symbol the values that the caller wants in the place of the program's own.
    """

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self.wanted = values
        self.parameters: dict[str, Parameter] = {}
        self.conditions: dict[str, Condition] = {}
        self.assertions: frozenset[int] = frozenset()
        self.full = False

    def record(
        self, left: Expression, relation: str, right: Expression, line: int, kind: str = ""
    ) -> None:
        """Note a condition, unless no letter is in it or it is noted already.

        One that is met in an ``assert`` is the description's.
        """
        if not left.letters and not right.letters:
            return
        kind = kind or (TEXT if line in self.assertions else SHAPE)
        found = Condition(left, relation, right, kind, line)
        text = found.text
        known = self.conditions.get(text)
        if known is None and len(self.conditions) >= MAX_CONDITIONS:
            self.full = True
        elif known is None or (kind == TEXT and known.kind != TEXT):
            self.conditions[text] = found

    def lose(self, expression: Expression, value: Fraction, line: int) -> None:
        """Note that the program goes on with a number in the place of an expression."""
        self.record(expression, "==", Expression.number(value), line, LOST)
