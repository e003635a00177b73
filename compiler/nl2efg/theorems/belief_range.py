"""The beliefs at an information set off the path, with letters, and how they are told."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.families.conditions import Condition
from nl2efg.families.expressions import Expression
from nl2efg.theorems.conjunctions import conjunction


@dataclass(frozen=True)
class BeliefCase:
    """The beliefs that carry what is done, where some conditions hold.

    Args:
        conditions: all of them hold, besides those of the equilibrium.
        lows, highs: bounds of the probability of the first node; all hold.
        none: whether no belief carries it.
        sides: further demands, each by what is gained at the first and at the second node: the
            expected gain is not negative. Of those it was not decided which way they bound.
    """

    conditions: tuple[Condition, ...] = ()
    lows: tuple[Expression, ...] = ()
    highs: tuple[Expression, ...] = ()
    none: bool = False
    sides: tuple[tuple[Expression, Expression], ...] = ()


@dataclass(frozen=True)
class BeliefRange:
    """The beliefs at an information set off the path that carry what is done there.

    Args:
        information_set: its number; it has two nodes.
        nodes: these in words.
        cases: alternatives, of which one holds, boundaries aside.
    """

    information_set: int
    nodes: tuple[str, str]
    cases: tuple[BeliefCase, ...]

    @property
    def text(self) -> str:
        """It in words: ``supported if P(Quiche) <= k/(k + 1)``."""
        told = [(self._case_text(case), conjunction(case.conditions)) for case in self.cases]
        if len(told) == 1:
            words, conditions = told[0]
            return f"{words} where {' and '.join(conditions)}" if conditions else words
        kept = [
            f"{words} where {' and '.join(conditions)}"
            for case, (words, conditions) in zip(self.cases, told, strict=True)
            if not case.none
        ]
        if not kept:
            return _NONE
        return "; ".join([*kept, *([f"{_NONE} elsewhere"] if len(kept) < len(told) else [])])

    def _case_text(self, case: BeliefCase) -> str:
        if case.none:
            return _NONE
        if not (case.lows or case.highs or case.sides):
            return "any belief supports it"
        first, second = self.nodes
        if case.lows and not (case.highs or case.sides):  # told of the node that has a bound above
            one = Expression.number(1)
            highs = [
                Expression((one - low).numerator, (one - low).denominator) for low in case.lows
            ]
            return f"supported if P({second}) <= {_least(highs)}"
        parts = [f"{b.text} >= ({(b - a).text})*P({first})" for a, b in case.sides]
        low, high = _greatest(case.lows), _least(case.highs)
        if low == high != "":
            parts.append(f"P({first}) = {low}")
        elif low or high:
            parts.append(f"{low + ' <= ' if low else ''}P({first}){' <= ' + high if high else ''}")
        return f"supported if {' and '.join(parts)}"


_NONE = "no belief supports it"


def _least(bounds: tuple[Expression, ...] | list[Expression]) -> str:
    texts = list(dict.fromkeys(bound.text for bound in bounds))
    return f"min({', '.join(texts)})" if len(texts) > 1 else "".join(texts)


def _greatest(bounds: tuple[Expression, ...]) -> str:
    texts = list(dict.fromkeys(bound.text for bound in bounds))
    return f"max({', '.join(texts)})" if len(texts) > 1 else "".join(texts)
