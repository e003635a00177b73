"""Proper equilibria of two players (Myerson 1978, IJGT 7, p. 76), decided exactly.

Mixtures are e-proper if of two plans the one that pays less is at most e times as likely. Given the
order of what each player's plans pay, in which plans may tie, the e-proper mixtures of a player are
the inside of a polytope: the other's payoffs keep their order, and his own likelihoods go down by
the factor e from class to class. (The orders are those of the lexicographic beliefs of Blume,
Brandenburger and Dekel 1991, Econometrica 59, p. 81.) The polytopes shrink with e, and each is
convex; so a profile is proper exactly if for some pair of orders it lies in the closure of both
polytopes, and both have an inside, for every e. Of integer payoffs an e below every positive root
of the determinants that may occur decides for all smaller ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import factorial, lcm, prod

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.exact_lp import Row, maximise
from nl2efg.equilibria.infinitesimals import Polynomial, add, minus, sign
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.weak_dominance import is_weakly_dominated
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile
from nl2efg.schema.record import ConceptClaim

Order = list[list[int]]
"""Classes of things that tie, the best first."""

TRIES = 20
"""Choices of trembles before all orders are looked at."""

ROUNDS = 30
"""Most revisions of the orders of trembles."""

MAX_PROGRAMS = 4000
"""Most linear programs for one decision."""

MAX_PLANS = 12
"""Most plans of a player for which all orders are looked at."""


def proper_claim(profile: BehaviourProfile) -> ConceptClaim:
    """Whether an equilibrium is proper in the reduced strategic form, at most two having a choice.

    Args:
        profile: an equilibrium, exact, of a game of perfect recall.

    Raises:
        OutOfTimeError: time is up.
    """
    try:
        form = reduced_form(profile.tree)
    except UserError as error:
        return _claim(None, error.message)
    if len(form.players) < 2:
        return _claim(True, "nobody else has a choice, and what is played is best")
    if len(form.players) > 2:
        return _claim(None, "proper equilibria are looked at for two players")
    sides = [_side(form, profile, place) for place in (0, 1)]
    for place, side in enumerate(sides):
        worse = _dominated_plan(side)
        if worse is not None:
            return _claim(False, f"{form.words(place, worse)} is weakly dominated")
    for start in _starts(sides):
        check_clock()
        if _settles(sides, start):
            return _claim(True, "worse plans tremble with higher powers, and it is best")
    return _decided(sides)


def _claim(holds: bool | None, reason: str) -> ConceptClaim:
    return ConceptClaim(concept="proper", holds=holds, reason=reason)


@dataclass(frozen=True)
class _Side:
    """A player's plans.

    Args:
        pays: for each plan what it pays against each plan of the other, in integers.
        weights: how often the profile follows each plan (Kuhn 1953).
        values: for each plan what it pays against the other's part of the profile.
    """

    pays: tuple[tuple[int, ...], ...]
    weights: tuple[Fraction, ...]
    values: tuple[Fraction, ...]


def _side(form: ReducedForm, profile: BehaviourProfile, place: int) -> _Side:
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
    pays = tuple(tuple(int(p * scale) for p in row) for row in table)
    mine, theirs = (_weights(form, profile, i) for i in (place, 1 - place))
    values = tuple(
        sum((p * q for p, q in zip(row, theirs, strict=True)), Fraction(0)) for row in pays
    )
    return _Side(pays, mine, values)


def _weights(form: ReducedForm, profile: BehaviourProfile, place: int) -> tuple[Fraction, ...]:
    """How often a behaviour strategy follows each plan of action (Kuhn 1953)."""
    return tuple(
        prod((Fraction(profile.probabilities[n][a]) for n, a in plan.items()), start=Fraction(1))
        for plan in form.strategies[place]
    )


def _dominated_plan(side: _Side) -> int | None:
    columns = [tuple(map(Fraction, column)) for column in zip(*side.pays, strict=True)]
    used = (own for own, weight in enumerate(side.weights) if weight)
    return next((own for own in used if is_weakly_dominated(columns, own)), None)


# By trembles -----------------------------------------------------------------------------------


def _starts(sides: Sequence[_Side]) -> Iterator[list[list[int]]]:
    """Orders of trembles to begin with; 0 for what is used."""
    draw = random.Random(0)
    for attempt in range(TRIES):
        yield [
            [0 if w else draw.randint(1, 3) if attempt else 1 for w in side.weights]
            for side in sides
        ]


def _settles(sides: Sequence[_Side], orders: list[list[int]]) -> bool:
    """Whether orders that rank plans by what they pay settle, with the used plans on top."""
    for _ in range(ROUNDS):
        revised = []
        for place, side in enumerate(sides):
            ranks = _ranks(side, sides[1 - place].weights, orders[1 - place])
            pairs = list(zip(ranks, side.weights, strict=True))
            if any(rank and w for rank, w in pairs):
                return False
            revised.append([0 if w else max(rank, 1) for rank, w in pairs])
        if revised == orders:
            return True
        orders = revised
    return False


def _ranks(side: _Side, theirs: Sequence[Fraction], orders: Sequence[int]) -> list[int]:
    """For each plan how many classes of plans pay more against the other's trembling mixture.

    A plan that is unused though as good as the best has rank 0, like those that are used; classes
    below an unused one tremble with a higher power still.
    """
    lost: Polynomial = {0: Fraction(1)}
    for weight, order in zip(theirs, orders, strict=True):
        if not weight:
            lost = add(lost, {order: Fraction(-1)})
    mixture: list[Polynomial] = [
        {power: c * w for power, c in lost.items()} if w else {order: Fraction(1)}
        for w, order in zip(theirs, orders, strict=True)
    ]
    worth: list[Polynomial] = []
    for row in side.pays:
        total: Polynomial = {}
        for payoff, p in zip(row, mixture, strict=True):
            total = add(total, {power: c * payoff for power, c in p.items() if payoff})
        worth.append(total)
    classes: list[Polynomial] = []
    for value in worth:
        if value not in classes:
            classes.append(value)
    ranks = [sum(sign(minus(other, value)) > 0 for other in classes) for value in worth]
    return [rank + 1 if rank else 0 for rank in ranks]


# By all orders ---------------------------------------------------------------------------------


class _TooManyError(Exception):
    """More linear programs than are solved for one decision."""


def _decided(sides: Sequence[_Side]) -> ConceptClaim:
    if max(len(side.pays) for side in sides) > MAX_PLANS:
        return _claim(None, "no trembles that prove it were found, nor is it excluded")
    deciding = _Deciding(sides)
    try:
        holds = deciding.holds()
    except _TooManyError:
        return _claim(None, "there are too many orders of plans to look at all")
    if holds:
        return _claim(True, "an order of plans by what they pay keeps itself up by its trembles")
    return _claim(False, "no order of plans by what they pay keeps itself up by its trembles")


class _Deciding:
    """All pairs of orders, by linear programs.

    Plans that pay their player the same whatever is done are one kind and tie in every order.
    """

    def __init__(self, sides: Sequence[_Side]) -> None:
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
            raise _TooManyError
        check_clock()
        size = len(self.sides[place].pays)
        other, kinds = self.sides[1 - place].pays, self.kinds[1 - place]

        def gain(better: int, worse: int) -> list[int]:
            first, second = other[kinds[better][0]], other[kinds[worse][0]]
            return [a - b for a, b in zip(first, second, strict=True)]

        strict = [gain(up[0], down[0]) for up, down in pairwise(theirs)]
        ties = [gain(own[0], kind) for own in theirs for kind in own[1:]]
        steps: list[tuple[int, int]] = []
        if mine is not None:
            plans = [[p for kind in own for p in self.kinds[place][kind]] for own in mine]
            steps = [(s, t) for up, down in pairwise(plans) for s in up for t in down]
        return _has_inside(size, strict, ties, steps)


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
