"""Branches of a search that beliefs support, each with the conditions under which they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from nl2efg.equilibria.deadline import OutOfTimeError, check_clock
from nl2efg.families.conditions import DIVISION, Condition
from nl2efg.families.expressions import Expression
from nl2efg.theorems.algebra import Poly
from nl2efg.theorems.assessments import Assessing, Supported
from nl2efg.theorems.continuations import UndecidedError
from nl2efg.theorems.result import SymbolicEquilibrium
from nl2efg.theorems.samples import Inequality
from nl2efg.theorems.search import Branch, Findings, Search

PBE, SEQUENTIAL = "pbe", "sequential"
BELIEF_CONCEPTS = (PBE, SEQUENTIAL)
"""Concepts that demand beliefs."""

LIMITS = (
    "boundaries aside: nothing is claimed where a probability or a gain is zero "
    "but not just beside it"
)
"""The remark on points at which beliefs are freer, or bound, in another way than around them."""


_TOO_MANY_CORNERS = "equilibria whose beliefs have too many corners were left out"
_NOT_CONSISTENT = "equilibria whose beliefs are not proved consistent were left out"
_WAYS_LEFT_OUT = "some ways to act where a player's own choices never lead were left out"


def keep_supported(search: Search, found: Findings, assessing: Assessing, concept: str) -> None:
    """Leave among the branches those that beliefs support, with what that takes.

    Args:
        search: that found them.
        found: subgame-perfect branches; its remarks tell what was left out.
        assessing: the game.
        concept: one of ``BELIEF_CONCEPTS``.
    """
    kept: dict[object, Branch] = {}
    for place, branch in enumerate(found.branches):
        try:
            check_clock()
            assessing.cut = False
            every = list(assessing.supported(branch.rows))
        except OutOfTimeError:
            found.remarks["time ran out before all beliefs were looked at"] = None
            found.left_out += [each.conditions for each in found.branches[place:]]
            break
        except UndecidedError:
            _leave_out(found, branch, _TOO_MANY_CORNERS)
            continue
        if assessing.cut:
            _leave_out(found, branch, _WAYS_LEFT_OUT)
        for each in every:
            if concept == SEQUENTIAL and not assessing.any_belief_is_consistent(each.rows):
                _leave_out(found, branch, _NOT_CONSISTENT, each.always)
                continue
            for made in _branches(search, branch, each):
                key = (tuple(sorted(made.rows.items())), frozenset(made.conditions))
                kept.setdefault(key, made)
    found.branches = list(kept.values())


def _leave_out(
    found: Findings, branch: Branch, remark: str, more: Sequence[Inequality] = ()
) -> None:
    found.left_out.append(tuple(dict.fromkeys((*branch.conditions, *more))))
    found.remarks[remark] = None


def _branches(search: Search, branch: Branch, each: Supported) -> list[Branch]:
    """A branch for each case; a single one if the cases together leave nothing out."""
    base = tuple(dict.fromkeys((*branch.conditions, *each.always)))
    whole = replace(branch, rows=each.rows, conditions=base)
    if not each.cases:
        return [whole]
    groups = [_conditions(search, *case) for case in each.cases]
    given = _conditions(search, base)
    if search.region.point(given, groups) is None:
        return [whole]
    left = sorted(range(len(groups)), key=lambda n: len("".join(c.text for c in groups[n])))
    for place in reversed(left):
        others = [groups[n] for n in left if n != place]
        if search.region.point((*given, *groups[place]), others) is None:
            left = [n for n in left if n != place]
    return [
        replace(
            whole,
            conditions=tuple(dict.fromkeys((*base, *each.cases[n][0]))),
            nonzero=each.cases[n][1],
        )
        for n in left
    ]


def _conditions(
    search: Search, every: Sequence[Inequality], nonzero: Sequence[Poly] = ()
) -> tuple[Condition, ...]:
    zero = Expression.number(0)
    below = (search.letters.polynomial(poly) for poly in nonzero)
    return (
        *(search.condition(each) for each in every),
        *(Condition(each, "!=", zero, DIVISION) for each in below),
    )


def passed_over(
    made: SymbolicEquilibrium,
    others: Sequence[Sequence[Condition]],
    assessing: Assessing,
    values: dict[str, Fraction],
) -> bool:
    """Whether nothing is claimed of an equilibrium with beliefs at a point.

    That is so where something is zero but not just beside it, and where another case of the
    same behaviour holds.

    Args:
        made: the equilibrium.
        others: conditions of the other cases.
        assessing: the game.
        values: of the letters.
    """
    try:
        if any(p.letters and not p.at(values) for row in made.rows for p in row):
            return True
    except ZeroDivisionError:
        return True
    letters = assessing.letters
    point = [values[symbol] for symbol in letters.symbols]
    if any(not letters.at(curve, point) for curve in assessing.curves):
        return True
    elsewhere = any(all(each.holds(values) for each in conditions) for conditions in others)
    return elsewhere and not made.holds(values)
