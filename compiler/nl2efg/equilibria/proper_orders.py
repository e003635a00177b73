"""All orders of two players' plans by what they pay, each with linear programs.

Given the order of what each player's plans pay, in which plans may tie, the e-proper mixtures of a
player (Myerson 1978, IJGT 7, p. 76) are the inside of a polytope: the other's payoffs keep their
order, and his own likelihoods go down by the factor e from class to class. (The orders are those of
the lexicographic beliefs of Blume, Brandenburger and Dekel 1991, Econometrica 59, p. 81.) The
polytopes shrink with e, and each is convex; so a profile is proper exactly if for some pair of
orders it lies in the closure of both polytopes, and both have an inside, for every e. Of integer
payoffs an e below every positive root of the determinants that may occur decides for all smaller
ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import factorial, lcm

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.exact_lp import Row, maximise
from nl2efg.equilibria.reduced_form import ReducedForm

Order = list[list[int]]
"""Classes of things that tie, the best first."""

MAX_PROGRAMS = 4000
"""Most linear programs for one decision."""


class TooManyError(Exception):
    """More linear programs than are solved for one decision."""


@dataclass(frozen=True)
class Side:
    """A player's plans.

    Args:
        pays: for each plan what it pays against each plan of the other, in integers.
        weights: how often a profile follows each plan (Kuhn 1953).
        values: for each plan what it pays against the other's part of the profile.
    """

    pays: tuple[tuple[int, ...], ...]
    weights: tuple[Fraction, ...]
    values: tuple[Fraction, ...]


def whole_payoffs(form: ReducedForm, place: int) -> tuple[tuple[int, ...], ...]:
    """What each of a player's plans pays him against each of the other's, scaled to integers."""
    player = form.players[place]
    counts = [len(own) for own in form.strategies]
    table = [
        [
            form.payoffs[(own, other) if place == 0 else (other, own)][player]
            for other in range(counts[1 - place])
        ]
        for own in range(counts[place])
    ]
    scale = lcm(*(p.denominator for row in table for p in row))
    return tuple(tuple(int(p * scale) for p in row) for row in table)


def proper_mixtures(form: ReducedForm) -> Iterator[tuple[tuple[Fraction, ...], ...]]:
    """Proper equilibria of two players in mixtures of plans, one for each pair of orders.

    Every game has one (Myerson 1978), and every one belongs to a pair of orders.

    Args:
        form: with two players who have a choice.

    Raises:
        TooManyError: there are more orders than are looked at.
        OutOfTimeError: time is up.
    """
    sides = []
    for place in (0, 1):
        pays = whole_payoffs(form, place)
        nothing = (Fraction(0),) * len(pays)
        sides.append(Side(pays, nothing, nothing))
    return Orders(sides).profiles()


class Orders:
    """All pairs of orders, by linear programs.

    Plans that pay their player the same whatever is done are one kind and tie in every order.
    """

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = sides
        self.programs = 0
        self.kinds: list[list[list[int]]] = []
        for side in sides:
            kinds: dict[tuple[int, ...], list[int]] = {}
            for plan, row in enumerate(side.pays):
                kinds.setdefault(row, []).append(plan)
            self.kinds.append(list(kinds.values()))

    def holds(self) -> bool:
        """Whether some pair of orders has trembles that keep it up."""
        mine, theirs = list(self.orders(0)), list(self.orders(1))
        return any(
            self.has_mixture(0, other, own) and self.has_mixture(1, own, other)
            for own in mine
            for other in theirs
        )

    def orders(self, place: int) -> Iterator[Order]:
        """Orders of a player's kinds that some completely mixed play of the other brings about.

        They refine what the kinds pay in the profile, and those in use are on top.
        """
        side, kinds = self.sides[place], self.kinds[place]
        used = [any(side.weights[plan] for plan in own) for own in kinds]
        values = [side.values[own[0]] for own in kinds]
        queue = sorted(range(len(kinds)), key=lambda kind: (-values[kind], not used[kind]))

        def extend(order: Order, number: int) -> Iterator[Order]:
            if number == len(queue):
                yield order
                return
            kind = queue[number]
            for longer in _insertions(order, kind, values, used):
                if self.has_mixture(1 - place, longer):
                    yield from extend(longer, number + 1)

        yield from extend([], 0)

    def profiles(self) -> Iterator[tuple[tuple[Fraction, ...], ...]]:
        """For each pair of orders that keep themselves up a profile to which their trembles lead.

        Of sides without weights and values, so that all orders are looked at.
        """
        mine = list(self.orders(0))
        for theirs in self.orders(1):
            for own in mine:
                if self.has_mixture(0, theirs, own) and self.has_mixture(1, own, theirs):
                    yield self._limit(0, theirs, own), self._limit(1, own, theirs)

    def _limit(self, place: int, theirs: Order, mine: Order) -> tuple[Fraction, ...]:
        """A mixture of the plans that are on top, under which the other's order holds weakly."""
        plans = [plan for kind in mine[0] for plan in self.kinds[place][kind]]
        strict, ties = self._conditions(place, theirs)
        found = maximise(
            [0] * len(plans),
            at_most=[([-row[plan] for plan in plans], 0) for row in strict],
            equal=[
                *(([row[plan] for plan in plans], 0) for row in ties),
                ([1] * len(plans), 1),
            ],
        )
        assert found is not None  # mixtures near it exist, and they have a limit
        weights = dict(zip(plans, found.point, strict=True))
        count = len(self.sides[place].pays)
        return tuple(weights.get(plan, Fraction(0)) for plan in range(count))

    def has_mixture(self, place: int, theirs: Order, mine: Order | None = None) -> bool:
        """Whether a completely mixed play makes the other's payoffs keep an order.

        Args:
            place: who mixes.
            theirs: the order of the other's kinds, or of some of them.
            mine: the order of the mixing player's own kinds, by which his plans' likelihoods go
                down; None for any.
        """
        self.programs += 1
        if self.programs > MAX_PROGRAMS:
            raise TooManyError
        check_clock()
        size = len(self.sides[place].pays)
        strict, ties = self._conditions(place, theirs)
        steps: list[tuple[int, int]] = []
        if mine is not None:
            plans = [[p for kind in own for p in self.kinds[place][kind]] for own in mine]
            steps = [(s, t) for up, down in pairwise(plans) for s in up for t in down]
        return _has_inside(size, strict, ties, steps)

    def _conditions(self, place: int, theirs: Order) -> tuple[list[list[int]], list[list[int]]]:
        """Rows whose product with a player's mixture is positive, or 0, if the other's order holds.

        Args:
            place: who mixes.
        """
        other, kinds = self.sides[1 - place].pays, self.kinds[1 - place]

        def gain(better: int, worse: int) -> list[int]:
            first, second = other[kinds[better][0]], other[kinds[worse][0]]
            return [a - b for a, b in zip(first, second, strict=True)]

        strict = [gain(up[0], down[0]) for up, down in pairwise(theirs)]
        ties = [gain(own[0], kind) for own in theirs for kind in own[1:]]
        return strict, ties


def _insertions(
    order: Order, kind: int, values: Sequence[Fraction], used: Sequence[bool]
) -> Iterator[Order]:
    """An order with one more kind: in a class of its value, or between such classes."""
    first = next((i for i, own in enumerate(order) if values[own[0]] == values[kind]), len(order))
    settled = any(used[other] for own in order[:1] for other in own)
    for place in range(first, len(order)):
        if not used[kind] or place == 0:
            yield [*order[:place], [*order[place], kind], *order[place + 1 :]]
    for place in range(first, len(order) + 1):
        if place == 0 and settled:
            continue  # those in use stay on top
        if not used[kind] or place == 0:
            yield [*order[:place], [kind], *order[place:]]


def _has_inside(
    size: int,
    strict: Sequence[Sequence[int]],
    ties: Sequence[Sequence[int]],
    steps: Sequence[tuple[int, int]],
) -> bool:
    """Whether positive probabilities exist, however small the factor of a step.

    Args:
        size: how many probabilities.
        strict: rows whose product with them has to be positive.
        ties: rows whose product with them has to be 0.
        steps: pairs of which the second is to be tiny beside the first.
    """
    peak = max([1, *(abs(c) for row in (*strict, *ties) for c in row)])
    tiny = Fraction(1, 2 + factorial(size + 2) * peak ** (size + 2))
    slack = size
    at_most: list[tuple[Row, int]] = []
    for i in range(size):
        at_most.append(([-int(j == i) for j in range(size)] + [1], 0))
    at_most += [([*(-c for c in row), 1], 0) for row in strict]
    for up, down in steps:
        row: list[Fraction | int] = [0] * (size + 1)
        row[up], row[down] = -tiny, 1
        at_most.append((row, 0))
    equal: list[tuple[Row, int]] = [([*row, 0], 0) for row in ties if any(row)]
    equal.append(([1] * size + [0], 1))
    found = maximise([0] * size + [1], at_most=at_most, equal=equal)
    return found is not None and found.point[slack] > 0
