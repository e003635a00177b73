"""All consistent beliefs that support a profile, at all information sets together.

Each choice of where the beliefs lie that orders of trembles bring about gives a cell. If the
proportions within it do not depend on each other, every combination of the supporting beliefs on
these nodes is consistent, and so is, since limits of consistent beliefs are consistent, every
combination at the edges: the cell is a product of polytopes. All consistent beliefs are the union
of the cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

from nl2efg.equilibria.assessment import (
    Assessment,
    InfosetBeliefs,
    JointBeliefs,
    JointCell,
    Tie,
)
from nl2efg.equilibria.consistency import (
    Action,
    Choice,
    Group,
    Limits,
    choices_with_orders,
    groups_at,
    mixture,
    supporting_choices,
)
from nl2efg.game import BehaviourProfile

Key = TypeVar("Key")

MAX_SETS = 5
"""Of profiles with more information sets off their path no joint beliefs are worked out."""

MAX_CHOICES = 150
"""Most linear programs for the orders of trembles."""

MAX_CELLS = 12
"""Most cells that are told."""


def joint_beliefs(profile: BehaviourProfile, assessment: Assessment) -> JointBeliefs | None:
    """The consistent beliefs that support a profile; None if none are left open, or too many.

    Args:
        profile: exact, of a game of perfect recall.
        assessment: what supports the profile at each set by itself.

    Raises:
        OutOfTimeError: the budget ended.
    """
    limits = Limits()
    open_sets: list[InfosetBeliefs] = []
    options: list[list[Choice]] = []
    for entry in assessment.beliefs:
        groups = groups_at(profile, entry.infoset) if entry.supporting else ()
        if groups:
            open_sets.append(entry)
            options.append(list(supporting_choices(entry, groups, limits)))
    if not open_sets or len(open_sets) > MAX_SETS:
        return None
    cells: list[tuple[tuple[Choice, ...], tuple[Tie, ...]]] = []
    for chosen in choices_with_orders(options, limits, MAX_CHOICES):
        if any(not ties and _within(chosen, other) for other, ties in cells):
            continue
        cells.append((chosen, _ties(open_sets, chosen)))
        if len(cells) > MAX_CELLS:
            return None
    told = tuple(
        JointCell(
            tuple(
                (entry.infoset, _corners(choice))
                for entry, choice in zip(open_sets, chosen, strict=True)
            ),
            ties,
        )
        for chosen, ties in cells
    )
    alone = tuple((e.infoset, e.supporting.vertices) for e in open_sets if e.supporting)
    free = len(told) == 1 and not told[0].ties and _same(told[0].beliefs, alone)
    return JointBeliefs(told, complete=not limits.cut_short, free=free)


def _within(chosen: Sequence[Choice], other: Sequence[Choice]) -> bool:
    """Whether all beliefs of a choice lie on groups of another one."""
    pairs = zip(chosen, other, strict=True)
    return all(set(mine.groups) <= set(theirs.groups) for mine, theirs in pairs)


def _ties(open_sets: Sequence[InfosetBeliefs], chosen: Sequence[Choice]) -> tuple[Tie, ...]:
    """The equations that proportions at these sets satisfy, whatever the sizes of trembles."""
    pairs = [
        (entry.infoset, group, choice.groups[0])
        for entry, choice in zip(open_sets, chosen, strict=True)
        for group in choice.groups[1:]
    ]
    rows: list[dict[Action, Fraction]] = []
    for _, group, first in pairs:
        row = dict.fromkeys(group.trembles, Fraction(1))
        for tremble in first.trembles:
            row[tremble] = row.get(tremble, Fraction(0)) - 1
        rows.append({tremble: c for tremble, c in row.items() if c})
    found = []
    for powers in _dependencies(rows):
        left: list[tuple[int, int]] = []
        right: list[tuple[int, int]] = []
        factor = Fraction(1)
        for (infoset, group, first), power in zip(pairs, powers, strict=True):
            above, below = (group, first) if power > 0 else (first, group)
            left += [(infoset, _node(above))] * abs(power)
            right += [(infoset, _node(below))] * abs(power)
            factor *= (_share(above) / _share(below)) ** abs(power)
        both = Counter(left) & Counter(right)
        left, right = (list((Counter(side) - both).elements()) for side in (left, right))
        found.append(Tie(tuple(left), tuple(right), factor))
    return tuple(found)


def _node(group: Group) -> int:
    """The first node of a group, by its place in the set."""
    return next(place for place, p in enumerate(group.belief) if p)


def _share(group: Group) -> Fraction:
    """How likely the first node of a group is but for the trembles that lead there."""
    return group.weight * group.belief[_node(group)]


def _dependencies(rows: Sequence[dict[Action, Fraction]]) -> list[list[int]]:
    """Integer combinations of rows that vanish, a basis of them."""
    left = [(dict(row), {i: Fraction(1)}) for i, row in enumerate(rows)]
    found = []
    while left:
        row, made_of = left.pop(0)
        if not row:
            scale = lcm(*(c.denominator for c in made_of.values()))
            found.append([int(made_of.get(i, 0) * scale) for i in range(len(rows))])
            continue
        pivot = next(iter(row))
        rest = []
        for other, parts in left:
            factor = other.get(pivot, Fraction(0)) / row[pivot]
            rest.append((_less(other, row, factor), _less(parts, made_of, factor)))
        left = rest
    return found


def _less(a: dict[Key, Fraction], b: dict[Key, Fraction], factor: Fraction) -> dict[Key, Fraction]:
    """One row less a multiple of another."""
    keys = dict.fromkeys([*a, *b])
    total = {k: a.get(k, Fraction(0)) - factor * b.get(k, Fraction(0)) for k in keys}
    return {k: c for k, c in total.items() if c}


def _corners(choice: Choice) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(sorted({mixture(choice, weights) for weights in choice.corners}, reverse=True))


def _same(
    beliefs: Sequence[tuple[int, Sequence[tuple[Fraction, ...]]]],
    others: Sequence[tuple[int, Sequence[tuple[Fraction, ...]]]],
) -> bool:
    pairs = zip(beliefs, others, strict=True)
    return all(set(mine) == set(theirs) for (_, mine), (_, theirs) in pairs)
