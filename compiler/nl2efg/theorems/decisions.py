"""Decisions about regions: whether conditions can hold together, and whether one follows.

They are made by z3, whose procedure for polynomials over the reals is complete (Jovanović and
de Moura 2012, Solving non-linear arithmetic, IJCAR), within a time that is bounded.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from nl2efg.equilibria.deadline import is_late
from nl2efg.families.conditions import Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.polynomials import Polynomial

TIMEOUT = 1_000
"""Milliseconds for one decision."""

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SIDES: dict[str, Callable[[Any, int], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_STRICT = {"<=": "<", ">=": ">"}


class Region:
    """The points of a domain, and what can be said of conditions on them.

    Args:
        symbols: the letters.
        domain: the conditions that all points meet.
    """

    def __init__(self, symbols: Sequence[str], domain: Sequence[Condition]) -> None:
        import z3

        self._z3: Any = z3
        self._letters = {s: z3.Real(f"x{number}") for number, s in enumerate(symbols)}
        self.symbols = tuple(symbols)
        self.domain = tuple(domain)

    def point(
        self, holding: Sequence[Condition], excluded: Sequence[Sequence[Condition]] = ()
    ) -> dict[str, Fraction] | bool | None:
        """A rational point where conditions hold, and of each excluded group not all do.

        Returns:
            the point; None if there is none; True if there is one without rational coordinates;
            False if that was not decided in time, its own or that of the phase.
        """
        if is_late():
            return False
        solver = self._z3.SolverFor("QF_NRA")
        solver.set("timeout", TIMEOUT)
        for condition in (*self.domain, *holding):
            solver.add(self._formula(condition))
        for group in excluded:
            solver.add(self._z3.Or(*(self._formula(negated(each)) for each in group)))
        try:
            answer = solver.check()
        except self._z3.Z3Exception:
            return False
        if answer == self._z3.unsat:
            return None
        if answer != self._z3.sat:
            return False
        point = self._rational(solver.model())
        return True if point is None else point

    def _rational(self, model: Any) -> dict[str, Fraction] | None:
        found = {}
        for symbol, letter in self._letters.items():
            value = model.eval(letter, model_completion=True)
            if not self._z3.is_rational_value(value):
                return None
            found[symbol] = Fraction(value.numerator_as_long(), value.denominator_as_long())
        return found

    def is_empty(self, holding: Sequence[Condition]) -> bool:
        """Whether it is proved that no point meets the conditions."""
        return self.point(holding) is None

    def follows(self, condition: Condition, given: Sequence[Condition] = ()) -> bool:
        """Whether it is proved that a condition holds wherever the given ones do."""
        return self.is_empty((*given, negated(condition)))

    def _formula(self, condition: Condition) -> Any:
        """The condition without divisions: both sides times the square of the denominator."""
        difference = condition.difference
        product = self._poly(difference.numerator)
        if difference.denominator != {(): 1}:
            below = self._poly(difference.denominator)
            product = product * below
            if condition.relation == "!=":
                return self._z3.And(product != 0, below != 0)
            return self._z3.And(_SIDES[condition.relation](product, 0), below != 0)
        return _SIDES[condition.relation](product, 0)

    def _poly(self, terms: Polynomial) -> Any:
        parts = []
        for monomial, coefficient in terms.items():
            part = self._z3.RealVal(str(coefficient))
            for symbol, exponent in monomial:
                for _ in range(exponent):
                    part = part * self._letters[symbol]
            parts.append(part)
        return self._z3.Sum(parts) if parts else self._z3.RealVal(0)


def negated(condition: Condition) -> Condition:
    """What holds exactly where a condition does not."""
    return Condition(condition.left, _NEGATED[condition.relation], condition.right, condition.kind)


def inner(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions with strict signs: the inside of their region."""
    return tuple(
        Condition(each.left, _STRICT.get(each.relation, each.relation), each.right, each.kind)
        for each in conditions
    )


def without_redundant(region: Region, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions that do not follow from the domain and the other ones."""
    kept = list(dict.fromkeys(conditions))
    kept = [each for each in kept if not region.follows(each)]
    for each in sorted(kept, key=lambda one: -len(one.text)):
        rest = [other for other in kept if other is not each]
        if region.follows(each, rest):
            kept = rest
    return tuple(kept)


def domain_of(
    bounds: Mapping[str, tuple[Fraction | None, Fraction | None]], conditions: Sequence[Condition]
) -> tuple[Condition, ...]:
    """The domain as conditions: bounds of letters, and what else is demanded."""
    found = []
    for symbol, (low, high) in bounds.items():
        letter = Expression.letter(symbol)
        if low is not None:
            found.append(Condition(letter, ">=", Expression.number(low)))
        if high is not None:
            found.append(Condition(letter, "<=", Expression.number(high)))
    return (*found, *conditions)
