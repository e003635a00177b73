"""Proper equilibria of two players (Myerson 1978, IJGT 7, p. 76), decided exactly.

Mixtures are e-proper if of two plans the one that pays less is at most e times as likely. Trembles
of a few powers are tried first; :mod:`nl2efg.equilibria.proper_orders` decides the rest.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.infinitesimals import Polynomial, add, minus, sign
from nl2efg.equilibria.proper_orders import Orders, Side, TooManyError, whole_payoffs
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.weak_dominance import is_weakly_dominated
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile
from nl2efg.schema.record import ConceptClaim

TRIES = 20
"""Choices of trembles before all orders are looked at."""

ROUNDS = 30
"""Most revisions of the orders of trembles."""

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


def _side(form: ReducedForm, profile: BehaviourProfile, place: int) -> Side:
    pays = whole_payoffs(form, place)
    mine, theirs = (_weights(form, profile, i) for i in (place, 1 - place))
    values = tuple(
        sum((p * q for p, q in zip(row, theirs, strict=True)), Fraction(0)) for row in pays
    )
    return Side(pays, mine, values)


def _weights(form: ReducedForm, profile: BehaviourProfile, place: int) -> tuple[Fraction, ...]:
    """How often a behaviour strategy follows each plan of action (Kuhn 1953)."""
    return tuple(
        prod((Fraction(profile.probabilities[n][a]) for n, a in plan.items()), start=Fraction(1))
        for plan in form.strategies[place]
    )


def _dominated_plan(side: Side) -> int | None:
    columns = [tuple(map(Fraction, column)) for column in zip(*side.pays, strict=True)]
    used = (own for own, weight in enumerate(side.weights) if weight)
    return next((own for own in used if is_weakly_dominated(columns, own)), None)


# By trembles -----------------------------------------------------------------------------------


def _starts(sides: Sequence[Side]) -> Iterator[list[list[int]]]:
    """Orders of trembles to begin with; 0 for what is used."""
    draw = random.Random(0)
    for attempt in range(TRIES):
        yield [
            [0 if w else draw.randint(1, 3) if attempt else 1 for w in side.weights]
            for side in sides
        ]


def _settles(sides: Sequence[Side], orders: list[list[int]]) -> bool:
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


def _ranks(side: Side, theirs: Sequence[Fraction], orders: Sequence[int]) -> list[int]:
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


def _decided(sides: Sequence[Side]) -> ConceptClaim:
    if max(len(side.pays) for side in sides) > MAX_PLANS:
        return _claim(None, "no trembles that prove it were found, nor is it excluded")
    deciding = Orders(sides)
    try:
        holds = deciding.holds()
    except TooManyError:
        return _claim(None, "there are too many orders of plans to look at all")
    if holds:
        return _claim(True, "an order of plans by what they pay keeps itself up by its trembles")
    return _claim(False, "no order of plans by what they pay keeps itself up by its trembles")
