"""Players who can change places, and equilibria that stay the same when they do.

A symmetry of a game takes players to players and their plans of action to plans, so that all get
what those got whose places they take (Nash 1951, Annals of Mathematics 54, p. 289). An equilibrium
is symmetric if no symmetry changes it. Where players can change places with plans that are called
alike, or else with their plans in order, as a game's own words have it, only those symmetries are
looked at: "both choose A" is then symmetric though the game has no reason to prefer A to B.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.reduced_form import ReducedForm
from nl2efg.errors import UserError

MAX_PLAYERS = 6
"""Most players who may change places."""

MAX_WAYS = 20_000
"""Most ways to match plans that are tried for one order of the players."""

Likelihood = float | Fraction

CLOSE = 1e-9
"""Floating-point probabilities that differ by less are equal."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """A way for players to change places.

    Args:
        players: for each place of a player with a choice the place that is taken.
        plans: for each of these players and each plan the plan of the other that stands for it.
    """

    players: tuple[int, ...]
    plans: tuple[tuple[int, ...], ...]

    def keeps(self, mixtures: Sequence[Sequence[Likelihood]]) -> bool:
        """Whether mixtures of plans stay the same."""
        for place, own in enumerate(mixtures):
            theirs = mixtures[self.players[place]]
            for plan, p in enumerate(own):
                gap = abs(float(p - theirs[self.plans[place][plan]]))
                if gap > (CLOSE if isinstance(p, float) else 0.0):
                    return False
        return True


@dataclass(frozen=True, slots=True)
class Symmetries:
    """The symmetries of a game that move players.

    Args:
        ways: all of them, but for those that follow from the plans' own order or names.
        matched: by what plans were matched: ``name``, ``order`` or ``payoffs``.
    """

    ways: tuple[Symmetry, ...]
    matched: str

    @property
    def groups(self) -> list[list[int]]:
        """The places that are changed, each with those whose places it may take, in order."""
        found: list[set[int]] = []
        for way in self.ways:
            for pair in enumerate(way.players):
                met = [group for group in found if not group.isdisjoint(pair)]
                found = [group for group in found if group not in met]
                found.append(set(pair).union(*met))
        return sorted(sorted(group) for group in found if len(group) > 1)


def symmetries(form: ReducedForm) -> Symmetries:
    """How players can change places: with plans called alike, or in their order, or in any way.

    Raises:
        UserError: nobody can, or there are too many players or plans to say.
        OutOfTimeError: time is up.
    """
    count = len(form.players)
    if count < 2:
        raise UserError("the game is not symmetric: one player alone has a choice")
    if count > MAX_PLAYERS:
        raise UserError(
            f"symmetries are looked for among {MAX_PLAYERS} players with a choice, not {count}"
        )
    orders = [order for order in permutations(range(count)) if order != tuple(range(count))]
    orders = [order for order in orders if _sizes_fit(form, order)]
    for matched, match in (("name", _by_name), ("order", _in_order)):
        given = [(order, match(form, order)) for order in orders]
        ways = [Symmetry(o, plans) for o, plans in given if plans and _is_symmetry(form, o, plans)]
        if ways:
            return Symmetries(tuple(ways), matched)
    found = [
        Symmetry(o, p) for o in orders for p in _matchings(form, o) if _is_symmetry(form, o, p)
    ]
    if not found:
        raise UserError(
            "the game is not symmetric: no players get the same if they change places, however "
            "their plans are matched"
        )
    return Symmetries(tuple(found), "payoffs")


Plans = tuple[tuple[int, ...], ...]


def _sizes_fit(form: ReducedForm, order: Sequence[int]) -> bool:
    sizes = [len(own) for own in form.strategies]
    return all(sizes[place] == sizes[taken] for place, taken in enumerate(order))


def _in_order(form: ReducedForm, order: Sequence[int]) -> Plans | None:
    return tuple(tuple(range(len(own))) for own in form.strategies)


def _by_name(form: ReducedForm, order: Sequence[int]) -> Plans | None:
    """Plans by the labels of their actions; None where these are not the same, or repeat."""
    sets = form.tree.information_sets
    names = [
        [tuple(sets[number].actions[action] for number, action in plan.items()) for plan in own]
        for own in form.strategies
    ]
    if any(len(set(own)) < len(own) for own in names):
        return None
    if any(set(names[place]) != set(names[taken]) for place, taken in enumerate(order)):
        return None
    return tuple(
        tuple(names[taken].index(name) for name in names[place])
        for place, taken in enumerate(order)
    )


def _is_symmetry(form: ReducedForm, order: Sequence[int], plans: Plans) -> bool:
    check_clock()
    for combination, paid in form.payoffs.items():
        other = [0] * len(order)
        for place, taken in enumerate(order):
            other[taken] = plans[place][combination[place]]
        theirs = form.payoffs[tuple(other)]
        for place, taken in enumerate(order):
            if paid[form.players[place]] != theirs[form.players[taken]]:
                return False
    return True


def _matchings(form: ReducedForm, order: Sequence[int]) -> Iterator[Plans]:
    """All ways to match plans that pay alike in some order of the combinations.

    Raises:
        UserError: there are too many.
    """
    kinds = [_kinds(form, place) for place in range(len(form.players))]
    spaces: list[list[tuple[int, ...]]] = []
    for place, taken in enumerate(order):
        if sorted(kinds[place]) != sorted(kinds[taken]):
            return
        ways = prod(factorial(kinds[place].count(kind)) for kind in set(kinds[place]))
        if ways > MAX_WAYS or ways * prod(map(len, spaces)) > MAX_WAYS:
            raise UserError("the game has too many plans that pay alike to look for symmetries")
        spaces.append(list(_bijections(kinds[place], kinds[taken])))
    yield from product(*spaces)


def _kinds(form: ReducedForm, place: int) -> list[tuple[Fraction, ...]]:
    """For each plan what it pays its player, and all together, against everything, sorted."""
    player = form.players[place]
    rows: list[list[tuple[Fraction, Fraction]]] = [[] for _ in form.strategies[place]]
    for combination, paid in form.payoffs.items():
        total = sum((paid[own] for own in form.players), Fraction(0))
        rows[combination[place]].append((paid[player], total))
    return [tuple(number for pair in sorted(row) for number in pair) for row in rows]


def _bijections(
    mine: Sequence[tuple[Fraction, ...]], theirs: Sequence[tuple[Fraction, ...]]
) -> Iterator[tuple[int, ...]]:
    kinds = list(dict.fromkeys(mine))
    places = [[i for i, kind in enumerate(mine) if kind == own] for own in kinds]
    targets = [[i for i, kind in enumerate(theirs) if kind == own] for own in kinds]
    for chosen in product(*(permutations(own) for own in targets)):
        pairs = {
            i: j
            for own, to in zip(places, chosen, strict=True)
            for i, j in zip(own, to, strict=True)
        }
        yield tuple(pairs[i] for i in range(len(mine)))
