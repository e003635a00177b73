"""Two players who choose at once: every concept from the corners of polytopes, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from tests.oracles.games import Table

Vector = tuple[Fraction, ...]
Halfspace = tuple[Sequence[Fraction | int], Fraction | int]
"""Coefficients and the least that their product with a point may be."""


def corners(halfspaces: Sequence[Halfspace], size: int) -> list[Vector]:
    """The corners of a polytope of distributions.

    Args:
        halfspaces: besides the simplex.
        size: how many probabilities.
    """
    sides: list[Halfspace] = [(_unit(i, size), 0) for i in range(size)]
    sides += list(halfspaces)
    found: dict[Vector, None] = {}
    for chosen in combinations(sides, size - 1):
        rows = [[*map(Fraction, row), Fraction(right)] for row, right in chosen]
        rows.append([Fraction(1)] * (size + 1))
        point = _solved(rows, size)
        if point is not None and all(_dot(row, point) >= right for row, right in sides):
            found[point] = None
    return list(found)


def _unit(place: int, size: int) -> list[int]:
    return [int(i == place) for i in range(size)]


def _dot(row: Sequence[Fraction | int], point: Sequence[Fraction]) -> Fraction:
    return sum((c * p for c, p in zip(row, point, strict=True)), Fraction(0))


def _solved(rows: list[list[Fraction]], size: int) -> Vector | None:
    """The one solution of as many equations as unknowns; None without one."""
    for column in range(size):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [c / rows[column][column] for c in rows[column]]
        for r, row in enumerate(rows):
            if r != column and row[column]:
                rows[r] = [a - row[column] * b for a, b in zip(row, rows[column], strict=True)]
    return tuple(row[-1] for row in rows[:size])


class Bimatrix:
    """A table seen from each player: ``own[s][t]`` is his payoff for s against t."""

    def __init__(self, table: Table) -> None:
        m, n = len(table), len(table[0])
        self.own = (
            [[Fraction(table[i][j][0]) for j in range(n)] for i in range(m)],
            [[Fraction(table[i][j][1]) for i in range(m)] for j in range(n)],
        )
        self.sizes = (m, n)

    def best(self, place: int, theirs: Vector) -> set[int]:
        """Best answers to the other's mixture."""
        values = [_dot(row, theirs) for row in self.own[place]]
        return {s for s, value in enumerate(values) if value == max(values)}

    def mixtures(self, place: int) -> list[Vector]:
        """Mixtures at the corners of the regions in which the other's best answers are fixed."""
        other = self.own[1 - place]
        found: dict[Vector, None] = {}
        for best in range(len(other)):
            sides: list[Halfspace] = [
                ([a - b for a, b in zip(other[best], row, strict=True)], 0)
                for s, row in enumerate(other)
                if s != best
            ]
            found |= dict.fromkeys(corners(sides, self.sizes[place]))
        return list(found)

    def equilibria(self) -> set[tuple[Vector, Vector]]:
        """All extreme Nash equilibria (Mangasarian 1964)."""
        found = set()
        for x, y in product(self.mixtures(0), self.mixtures(1)):
            first = {s for s, p in enumerate(x) if p} <= self.best(0, y)
            if first and {s for s, p in enumerate(y) if p} <= self.best(1, x):
                found.add((x, y))
        return found

    def dominated(self, place: int, mixture: Vector) -> bool:
        """Whether another mixture is never worse, and once better.

        One that does best of all never-worse ones, in sum over the other's choices, lies at a
        corner of the polytope of never-worse mixtures.
        """
        own, size = self.own[place], self.sizes[place]
        columns = list(zip(*own, strict=True))
        sides: list[Halfspace] = [(column, _dot(column, mixture)) for column in columns]
        total = [sum(row, Fraction(0)) for row in own]
        return any(_dot(total, c) > _dot(total, mixture) for c in corners(sides, size))

    def secured(self, place: int) -> Fraction:
        """The greatest payoff that a mixture secures, by corners of the regions of least payoff."""
        own, size = self.own[place], self.sizes[place]
        columns = list(zip(*own, strict=True))
        found = []
        for least in columns:
            sides: list[Halfspace] = [
                ([a - b for a, b in zip(column, least, strict=True)], 0)
                for column in columns
                if column is not least
            ]
            found += [_dot(least, corner) for corner in corners(sides, size)]
        return max(found)

    def held_down(self, place: int) -> Fraction:
        """The least payoff to which the other's mixtures can hold the player."""
        own = self.own[place]
        found = []
        for most in own:
            sides: list[Halfspace] = [
                ([b - a for a, b in zip(row, most, strict=True)], 0)
                for row in own
                if row is not most
            ]
            found += [_dot(most, corner) for corner in corners(sides, self.sizes[1 - place])]
        return min(found)

    def committed(self, leader: int) -> Fraction:
        """The leader's payoff where the follower answers a mixture as the leader likes best."""
        return max(
            _dot([row[answer] for row in self.own[leader]], mixture)
            for mixture in self.mixtures(leader)
            for answer in self.best(1 - leader, mixture)
        )

    def undominated_rounds(self) -> tuple[list[list[int]], list[tuple[int, int, int]]]:
        """What iterated strict dominance leaves to each, and (round, place, strategy) that fell."""
        left = [list(range(size)) for size in self.sizes]
        fallen: list[tuple[int, int, int]] = []
        for number in range(1, sum(self.sizes) + 1):
            gone = [
                (place, s)
                for place in (0, 1)
                for s in left[place]
                if self._never_best(place, s, left)
            ]
            if not gone:
                break
            fallen += [(number, *each) for each in gone]
            left = [[s for s in own if (place, s) not in gone] for place, own in enumerate(left)]
        return left, fallen

    def _never_best(self, place: int, strategy: int, left: list[list[int]]) -> bool:
        """Whether no mixture of what is left to the other makes a strategy best (Pearce 1984)."""
        theirs = left[1 - place]
        own = self.own[place]
        sides: list[Halfspace] = [
            ([own[strategy][t] - own[s][t] for t in theirs], 0)
            for s in left[place]
            if s != strategy
        ]
        return not corners(sides, len(theirs))


def weak_orders(size: int) -> Iterator[tuple[int, ...]]:
    """All weak orders: for each thing its rank, ranks without gaps from 0."""
    for ranks in product(range(size), repeat=size):
        if set(ranks) == set(range(max(ranks) + 1)):
            yield ranks


TINY = Fraction(1, 10**9)


def is_proper(game: Bimatrix, profile: tuple[Vector, Vector], tiny: Fraction = TINY) -> bool:
    """Whether a profile is a limit of ``tiny``-proper ones (Myerson 1978), by all orders of plans.

    Given what each player's choices pay, in weak orders, the tiny-proper mixtures of each are the
    inside of a polytope; the profile has to lie in both.
    """
    orders = [
        [ranks for ranks in weak_orders(game.sizes[place]) if _fits(game, profile, place, ranks)]
        for place in (0, 1)
    ]
    return any(
        _reachable(game, profile[0], 0, mine, theirs, tiny)
        and _reachable(game, profile[1], 1, theirs, mine, tiny)
        for mine in orders[0]
        for theirs in orders[1]
    )


def _fits(
    game: Bimatrix, profile: tuple[Vector, Vector], place: int, ranks: tuple[int, ...]
) -> bool:
    """Whether an order refines what the choices pay, with those in use on top."""
    values = [_dot(row, profile[1 - place]) for row in game.own[place]]
    if any(rank and p for rank, p in zip(ranks, profile[place], strict=True)):
        return False
    pairs = product(range(len(ranks)), repeat=2)
    return all(values[s] >= values[t] for s, t in pairs if ranks[s] <= ranks[t])


def _reachable(
    game: Bimatrix,
    mixture: Vector,
    place: int,
    mine: tuple[int, ...],
    theirs: tuple[int, ...],
    tiny: Fraction,
) -> bool:
    size = game.sizes[place]
    other = game.own[1 - place]
    strict: list[Halfspace] = [(_unit(s, size), 0) for s in range(size)]
    weak: list[Halfspace] = []
    for s, t in product(range(size), repeat=2):
        if mine[s] < mine[t]:
            weak.append(([tiny * (i == s) - (i == t) for i in range(size)], 0))
    for s, t in product(range(len(other)), repeat=2):
        more = [a - b for a, b in zip(other[s], other[t], strict=True)]
        if theirs[s] < theirs[t]:
            strict.append((more, 0))
        elif theirs[s] == theirs[t]:
            weak.append((more, 0))
    found = corners([*strict[size:], *weak], size)
    if not found or any(_dot(row, mixture) < right for row, right in [*strict, *weak]):
        return False
    centre = tuple(sum(each) / len(found) for each in zip(*found, strict=True))
    return all(_dot(row, centre) > right for row, right in strict)
