"""All extreme equilibria of two players, in the sequence form.

A player's plan together with the other's best values at its sets is a point of a polyhedron
(Koller, Megiddo and von Stengel 1996, GEB 14, p. 251). Equilibria are the pairs of points of the
two polyhedra of which one leaves no slack wherever the other has weight; they form unions of pairs
of faces, so the pairs of corners tell them all (Mangasarian 1964, J. SIAM 12, p. 778; Audet,
Hansen, Jaumard and Savard 2001, SIAM J. Scientific Computing 23, p. 323, for strategies; here for
plans, of which there are far fewer). Corners are enumerated in integers by the double description
method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.equilibria.sequence_form import PlayerSequences
from nl2efg.solving.methods.bimatrix import Entries, TwoPlayers

MAX_RAYS = 3000
"""Most corners of a polyhedron while it is being cut."""

Vector = list[int]
Plan = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of a player's polyhedron.

    Args:
        plan: the weights of the player's sequences.
        labels: bits of the planner's sequences without weight, then of the other player's
            sequences without slack.
    """

    plan: Plan
    labels: int


@dataclass(frozen=True)
class ExtremeEquilibria:
    """The extreme equilibria of two players.

    Args:
        plans: the plans of each player that take part in one.
        pairs: the equilibria, as places in the two lists of plans.
    """

    plans: tuple[tuple[Plan, ...], tuple[Plan, ...]]
    pairs: tuple[tuple[int, int], ...]

    def convex_parts(self) -> list[tuple[frozenset[int], frozenset[int]]]:
        """The maximal Nash subsets: every mixture of the one's plans is an equilibrium with every
        mixture of the other's.

        They are the maximal complete parts of the graph of the pairs (Winkels 1979, in Game
        Theory and Related Topics, p. 137).
        """
        replies: dict[int, set[int]] = {}
        for a, b in self.pairs:
            replies.setdefault(a, set()).add(b)
        found: set[tuple[frozenset[int], frozenset[int]]] = set()
        closed: set[frozenset[int]] = set()
        fresh = {frozenset(own) for own in replies.values()}
        while fresh:  # common replies of ever more plans
            check_clock()
            closed |= fresh
            fresh = {a & frozenset(b) for a in fresh for b in replies.values()} - closed
            fresh.discard(frozenset())
        for theirs in closed:
            mine = frozenset(a for a, own in replies.items() if theirs <= own)
            found.add((mine, theirs))
        return sorted(found, key=lambda part: (sorted(part[0]), sorted(part[1])))

    def components(self) -> list[list[int]]:
        """The connected sets of equilibria, each as places in ``pairs``."""
        group = list(range(len(self.pairs)))

        def top(place: int) -> int:
            while group[place] != place:
                place = group[place]
            return place

        for side in (0, 1):
            first: dict[int, int] = {}
            for place, pair in enumerate(self.pairs):
                group[top(place)] = top(first.setdefault(pair[side], place))
        found: dict[int, list[int]] = {}
        for place in range(len(self.pairs)):
            found.setdefault(top(place), []).append(place)
        return list(found.values())


def extreme_equilibria(game: TwoPlayers) -> ExtremeEquilibria | None:
    """All extreme equilibria of two players; None if there are too many corners.

    Raises:
        OutOfTimeError: time is up.
    """
    corners = []
    for place in (0, 1):
        found = _corners(game.sides[place], game.sides[1 - place], game.payoffs[1 - place])
        if found is None:
            return None
        corners.append(found)
    first, second = (side.size for side in game.sides)
    everything = (1 << (first + second)) - 1
    pairs = set()
    others = [(_swapped(corner.labels, first, second), corner.plan) for corner in corners[1]]
    for corner in corners[0]:
        check_clock()
        missing = everything & ~corner.labels
        for labels, plan in others:
            if not missing & ~labels:
                pairs.add((corner.plan, plan))
    pairs = _without_mixtures(pairs)
    plans = tuple(tuple(sorted({pair[side] for pair in pairs}, reverse=True)) for side in (0, 1))
    index = [{plan: i for i, plan in enumerate(own)} for own in plans]
    numbered = sorted((index[0][a], index[1][b]) for a, b in pairs)
    return ExtremeEquilibria((plans[0], plans[1]), tuple(numbered))


def _without_mixtures(pairs: set[tuple[Plan, Plan]]) -> set[tuple[Plan, Plan]]:
    """The pairs of which neither plan is a mixture of others in the same convex part.

    A corner of a polyhedron need not be one of the plans alone: values at sets that the other
    player does not reach make corners too.
    """
    plans = tuple(tuple(sorted({pair[side] for pair in pairs})) for side in (0, 1))
    index = [{plan: i for i, plan in enumerate(own)} for own in plans]
    numbered = tuple(sorted((index[0][a], index[1][b]) for a, b in pairs))
    dropped: set[tuple[int, int]] = set()
    for mine, theirs in ExtremeEquilibria((plans[0], plans[1]), numbered).convex_parts():
        for side, own in ((0, mine), (1, theirs)):
            for i in own if len(own) > 2 else ():
                check_clock()
                if _is_mixture(plans[side][i], [plans[side][j] for j in own if j != i]):
                    others = theirs if side == 0 else mine
                    dropped |= {(i, o) if side == 0 else (o, i) for o in others}
    return {(plans[0][a], plans[1][b]) for a, b in numbered if (a, b) not in dropped}


def _is_mixture(plan: Plan, others: Sequence[Plan]) -> bool:
    columns = zip(zip(*others, strict=True), plan, strict=True)
    equal = [(list(column), weight) for column, weight in columns]  # the empty sequence sums to 1
    return maximise([0] * len(others), equal=equal) is not None


def _swapped(labels: int, first: int, second: int) -> int:
    """Labels of the second player's polyhedron, the first player's sequences in front."""
    return labels >> second | (labels & ((1 << second) - 1)) << first


def _corners(
    side: PlayerSequences, other: PlayerSequences, payoffs: Entries
) -> list[Corner] | None:
    """The corners of a player's polyhedron.

    Args:
        payoffs: the other player's, by (its sequence, the planner's).
    """
    space = _Coordinates(side, other, payoffs)
    rays: list[_Ray] = []
    start = [row for row in space.rows if sum(map(bool, row)) == 1 and max(row) == 1]
    unit_of = {row.index(1): place for place, row in enumerate(space.rows) if row in start}
    size = space.size
    whole = 0
    for place in unit_of.values():
        whole |= 1 << place
    for coordinate in range(size):
        ray = [int(j == coordinate) for j in range(size)]
        tight = whole
        if coordinate in unit_of:
            tight &= ~(1 << unit_of[coordinate])
        rays.append((ray, tight))
    for place, row in enumerate(space.rows):
        if place in unit_of.values():
            continue
        cut = _cut(rays, row, 1 << place, size)
        if cut is None:
            return None
        rays = cut
    found = []
    for ray, _ in rays:
        weights = [sum(c * x for c, x in zip(row, ray, strict=True)) for row in space.plan]
        if not weights[0]:
            continue  # a direction, not a corner
        labels = 0
        for place, row in enumerate((*space.plan, *space.slack)):
            if not sum(c * x for c, x in zip(row, ray, strict=True)):
                labels |= 1 << place
        found.append(Corner(tuple(Fraction(w, weights[0]) for w in weights), labels))
    return found


class _Coordinates:
    """A player's polyhedron in coordinates in which most of its sides are simple.

    The coordinates are the weights of all sequences but the last of each set, the weight of the
    empty sequence, which makes it a cone, and the slack of the sequences of one pure strategy of
    the other player; all of them are at least 0.

    Attributes:
        size: number of coordinates.
        plan: each sequence's weight, in coordinates.
        slack: each of the other player's sequences' slack, in coordinates.
        rows: all that is at least 0, each once.
    """

    def __init__(self, side: PlayerSequences, other: PlayerSequences, payoffs: Entries) -> None:
        lasts = {end - 1 for end in side.ends}
        free = [s for s in range(side.size) if s not in lasts or s == 0]
        taken = [0, *other.start]
        self.size = len(free) + len(taken)
        coordinate = {sequence: i for i, sequence in enumerate(free)}
        self.plan: list[Vector] = [[0] * self.size for _ in range(side.size)]
        for sequence, i in coordinate.items():
            self.plan[sequence][i] = 1
        for start, end, parent in zip(side.start, side.ends, side.parent, strict=True):
            last = list(self.plan[parent])
            for sequence in range(start, end - 1):
                last = [a - b for a, b in zip(last, self.plan[sequence], strict=True)]
            self.plan[end - 1] = last
        gains: list[Vector] = [[0] * self.size for _ in range(other.size)]
        for (theirs, own), payoff in payoffs.items():
            gains[theirs] = [
                a + payoff * b for a, b in zip(gains[theirs], self.plan[own], strict=True)
            ]
        self.slack = _slacks(other, gains, {s: len(free) + i for i, s in enumerate(taken)})
        unique: dict[tuple[int, ...], None] = {}
        for row in (*self.plan, *self.slack):
            if any(row):
                unique.setdefault(_reduced(row), None)
        self.rows = [list(row) for row in unique]


def _slacks(other: PlayerSequences, gains: Sequence[Vector], slot: dict[int, int]) -> list[Vector]:
    """What each sequence of a player misses to be best; the slack of those in ``slot`` is free."""
    size = len(gains[0])
    total = [list(row) for row in gains]  # a sequence's gain and the values of the sets after it
    found: list[Vector] = [[] for _ in gains]
    sets = list(zip(other.start, other.ends, other.parent, strict=True))
    for start, end, parent in [*reversed(sets), (0, 1, -1)]:
        unit = [int(i == slot[start]) for i in range(size)]
        value = [a + b for a, b in zip(total[start], unit, strict=True)]
        for sequence in range(start, end):
            found[sequence] = [a - b for a, b in zip(value, total[sequence], strict=True)]
        if parent >= 0:
            total[parent] = [a + b for a, b in zip(total[parent], value, strict=True)]
    return found


_Ray = tuple[Vector, int]
"""A ray of a cone, and the bits of the sides that it lies on."""


def _reduced(row: Sequence[int]) -> tuple[int, ...]:
    factor = gcd(*row) or 1
    return tuple(c // factor for c in row)


def _cut(rays: Sequence[_Ray], side: Vector, bit: int, size: int) -> list[_Ray] | None:
    """The rays of what is left of a cone when a half-space is cut away; None if too many."""
    at = [sum(c * x for c, x in zip(side, ray, strict=True)) for ray, _ in rays]
    kept = [
        (ray, tight if value else tight | bit)
        for (ray, tight), value in zip(rays, at, strict=True)
        if value >= 0
    ]
    above = [(place, value) for place, value in enumerate(at) if value > 0]
    below = [(place, value) for place, value in enumerate(at) if value < 0]
    masks = [tight for _, tight in rays]
    for a, value_a in above:
        check_clock()
        for b, value_b in below:
            both = masks[a] & masks[b]
            if both.bit_count() < size - 2:
                continue
            if any(not both & ~m for c, m in enumerate(masks) if c not in (a, b)):
                continue  # not neighbours
            ray = [value_a * y - value_b * x for x, y in zip(rays[a][0], rays[b][0], strict=True)]
            kept.append((list(_reduced(ray)), both | bit))
            if len(kept) > MAX_RAYS:
                return None
    return kept
