"""The strategic form of a stage with letters: its equilibria, pure and mixed, with conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from nl2efg.equilibria.deadline import check_clock
from nl2efg.theorems.algebra import Element, LetterField
from nl2efg.theorems.samples import Inequality, Samples
from nl2efg.theorems.stages import Strategy, SymbolicStage, all_profiles

MAX_ENUMERATED = 256
"""Pure profiles that are all looked at; of more, those that are an equilibrium at a point."""

MAX_TENSOR = 2_000_000
"""Entries of the strategic form at all points."""

MAX_SUPPORTS = 4_000
"""Pairs of supports that are looked at."""

MAX_SUPPORT = 3
"""Most pure strategies that a player of two mixes."""

SLACK = 1e-9

Rows = dict[int, tuple[Element, ...]]
"""From information sets to the probabilities of their actions."""


@dataclass(frozen=True)
class StageEquilibrium:
    """An equilibrium of a stage.

    Args:
        rows: behaviour at its information sets.
        values: what it gives each player of the game.
        conditions: exactly where all of them hold it is one.
        pure: whether nobody mixes.
    """

    rows: Rows
    values: tuple[Element, ...]
    conditions: tuple[Inequality, ...]
    pure: bool


class StrategicForm:
    """A stage with the payoffs of its leaves.

    Args:
        field: of the letters.
        stage: with its strategies enumerated.
        payoffs: for each leaf what every player of the game gets.
        widths: by information set how many actions there are.
    """

    def __init__(
        self,
        field: LetterField,
        stage: SymbolicStage,
        payoffs: Sequence[tuple[Element, ...]],
        widths: dict[int, int],
    ) -> None:
        self.field, self.stage, self.widths = field, stage, widths
        self.payoffs = payoffs
        self.weighted = [
            tuple(leaf.weight * value for value in row)
            for leaf, row in zip(stage.leaves, payoffs, strict=True)
        ]
        self.mixed_complete = True
        """Whether mixtures were sought of as many strategies as a player has."""
        self._values: dict[tuple[int, ...], tuple[Element, ...]] = {}

    def values(self, profile: tuple[int, ...]) -> tuple[Element, ...]:
        """What a pure profile gives each player of the game."""
        if profile not in self._values:
            total = [self.field.zero] * len(self.payoffs[0])
            for number, own in enumerate(self.stage.consistent):
                if all(s in allowed for s, allowed in zip(profile, own, strict=True)):
                    total = [a + b for a, b in zip(total, self.weighted[number], strict=True)]
            self._values[profile] = tuple(total)
        return self._values[profile]

    def strategy(self, place: int, number: int) -> Strategy:
        """A pure strategy of one of the stage's players."""
        assert self.stage.strategies is not None
        return self.stage.strategies[place][number]

    def pure(self, samples: Samples, among: Any) -> Iterator[StageEquilibrium]:
        """The pure equilibria.

        Args:
            samples: points of the domain.
            among: which of them matter, as an array.

        Raises:
            OutOfTimeError: time ran out before all were looked at.
        """
        candidates = dict.fromkeys(self._pure_at_points(samples, among))
        if self.stage.profiles <= MAX_ENUMERATED:  # those at points first, if time is short
            candidates |= dict.fromkeys(all_profiles(self.stage))
        for profile in candidates:
            check_clock()
            conditions = self._no_gain(profile)
            if conditions is not None:
                rows: Rows = {}
                for place, number in enumerate(profile):
                    rows.update(self._behaviour(place, {number: self.field.one}))
                yield StageEquilibrium(rows, self.values(profile), conditions, True)

    def _no_gain(self, profile: tuple[int, ...]) -> tuple[Inequality, ...] | None:
        """The conditions under which nobody gains by another pure strategy; None if never."""
        here = self.values(profile)
        found: dict[Inequality, None] = {}
        for place, player in enumerate(self.stage.players):
            for other in range(len(self.consistent_strategies(place))):
                if other == profile[place]:
                    continue
                there = self.values((*profile[:place], other, *profile[place + 1 :]))
                if not noted(self.field, here[player] - there[player], found):
                    return None
        return tuple(found)

    def consistent_strategies(self, place: int) -> tuple[Strategy, ...]:
        """The pure strategies of one of the stage's players."""
        assert self.stage.strategies is not None
        return self.stage.strategies[place]

    def _behaviour(self, place: int, mix: dict[int, Element]) -> Rows:
        """The behaviour of a mixed strategy; the first action where the strategy never comes."""
        rows: Rows = {}
        zero, one = self.field.zero, self.field.one
        for number in self.stage.sets[place]:
            row = [zero] * self.widths[number]
            total = zero
            for own, probability in mix.items():
                action = self.strategy(place, own).get(number)
                if action is not None:
                    row[action] = row[action] + probability
                    total = total + probability
            if total == zero:
                row[0] = one
            elif total != one:
                row = [entry / total for entry in row]
            rows[number] = tuple(row)
        return rows

    def tensor(self, samples: Samples, among: Any) -> Any:
        """Payoffs in floating point: by point, player of the stage, and strategies."""
        import numpy as np

        points = [p for p, wanted in zip(samples.points, among, strict=True) if wanted]
        shape = tuple(len(self.consistent_strategies(p)) for p in range(len(self.stage.players)))
        table = np.zeros((len(points), len(shape), *shape))
        for number, own in enumerate(self.stage.consistent):
            where = np.ix_(*own)
            for place, player in enumerate(self.stage.players):
                entry = self.weighted[number][player]
                if not entry:
                    continue
                worth = [float(self.field.value(entry, point)) for point in points]
                for row, value in enumerate(worth):
                    table[row, place][where] += value
        return table

    def _pure_at_points(self, samples: Samples, among: Any) -> list[tuple[int, ...]]:
        """The profiles that are equilibria at some of the points, as far as floats tell."""
        import numpy as np

        chosen = np.flatnonzero(among)
        most = max(1, MAX_TENSOR // (self.stage.profiles * len(self.stage.players)))
        allowed = np.zeros(len(samples.points), dtype=bool)
        allowed[chosen[:: max(1, -(-len(chosen) // most))][:most]] = True
        table = self.tensor(samples, allowed)
        found: set[tuple[int, ...]] = set()
        for point in table:
            stable = np.ones(point.shape[1:], dtype=bool)
            for place, worth in enumerate(point):
                best = worth.max(axis=place, keepdims=True)
                stable &= worth >= best - SLACK * (1 + np.abs(best))
            found.update(map(tuple, np.argwhere(stable).tolist()))
        return sorted(found)

    def mixed(self, samples: Samples, among: Any) -> Iterator[StageEquilibrium]:
        """Equilibria of two players in which both mix the same number of pure strategies.

        Those are all where no strategy has more best replies than it mixes strategies (Shapley
        1974); supports that are an equilibrium's at none of the points are not looked at.

        Raises:
            OutOfTimeError: time ran out before all were looked at.
        """
        if len(self.stage.players) != 2:
            return
        self.mixed_complete = False
        sizes = [len(self.consistent_strategies(place)) for place in range(2)]
        if sizes[0] * sizes[1] * 2 > MAX_TENSOR // max(1, int(among.sum())):
            return
        table = self.tensor(samples, among)
        seen = 0
        for size in range(2, MAX_SUPPORT + 1):
            for rows in combinations(range(sizes[0]), size):
                for columns in combinations(range(sizes[1]), size):
                    seen += 1
                    if seen > MAX_SUPPORTS:
                        return
                    check_clock()
                    if _mixes_somewhere(table, rows, columns):
                        found = self._mixed(rows, columns)
                        if found is not None:
                            yield found
        self.mixed_complete = min(sizes) <= MAX_SUPPORT

    def _mixed(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> StageEquilibrium | None:
        """The equilibrium with these supports, if there is one somewhere."""
        first, second = self.stage.players
        y = self._indifferent([[self.values((r, c))[first] for c in columns] for r in rows])
        x = self._indifferent([[self.values((r, c))[second] for r in rows] for c in columns])
        if x is None or y is None:
            return None
        behaviour = self._behaviour(0, dict(zip(rows, x, strict=True)))
        behaviour |= self._behaviour(1, dict(zip(columns, y, strict=True)))
        # Not the mixtures' own weights: several mixtures may be the same behaviour.
        found: dict[Inequality, None] = {}
        if not all(noted(self.field, p, found) for row in behaviour.values() for p in row):
            return None
        zero = self.field.zero
        values = [zero] * len(self.payoffs[0])
        for r, p in zip(rows, x, strict=True):
            for c, q in zip(columns, y, strict=True):
                worth = self.values((r, c))
                values = [v + p * q * w for v, w in zip(values, worth, strict=True)]
        for r in range(len(self.consistent_strategies(0))):
            if r not in rows:
                there = sum(
                    (q * self.values((r, c))[first] for c, q in zip(columns, y, strict=True)),
                    start=zero,
                )
                if not noted(self.field, values[first] - there, found):
                    return None
        for c in range(len(self.consistent_strategies(1))):
            if c not in columns:
                there = sum(
                    (p * self.values((r, c))[second] for r, p in zip(rows, x, strict=True)),
                    start=zero,
                )
                if not noted(self.field, values[second] - there, found):
                    return None
        return StageEquilibrium(behaviour, tuple(values), tuple(found), False)

    def _indifferent(self, table: list[list[Element]]) -> list[Element] | None:
        """The mix of the columns that makes all rows equal; None if there is not exactly one."""
        size = len(table)
        system = [
            [a - b for a, b in zip(table[0], row, strict=True)] + [self.field.zero]
            for row in table[1:]
        ]
        system.append([self.field.one] * size + [self.field.one])
        return solved(system)


def noted(field: LetterField, difference: Element, found: dict[Inequality, None]) -> bool:
    """Note that a difference is not negative; False if it always is.

    Raises:
        OutOfTimeError: time ran out.
    """
    check_clock()
    parts = field.factors(difference)
    if parts is None:
        return True
    sign, factors = parts
    if not factors:
        return sign > 0
    found[Inequality(sign, factors)] = None
    return True


def solved(system: list[list[Element]]) -> list[Element] | None:
    """The one solution of a square system, its right sides in the last column; else None.

    Raises:
        OutOfTimeError: time ran out.
    """
    size = len(system)
    rows = [list(row) for row in system]
    for place in range(size):
        check_clock()
        pivot = next((n for n in range(place, size) if rows[n][place]), None)
        if pivot is None:
            return None
        rows[place], rows[pivot] = rows[pivot], rows[place]
        lead = rows[place][place]
        rows[place] = [entry / lead for entry in rows[place]]
        for other in range(size):
            factor = rows[other][place]
            if other != place and factor:
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[place], strict=True)
                ]
    return [row[-1] for row in rows]


def _mixes_somewhere(table: Any, rows: tuple[int, ...], columns: tuple[int, ...]) -> bool:
    """Whether the supports carry an equilibrium at some point, as far as floats tell."""
    import numpy as np

    first = table[:, 0][:, :, columns]
    second = np.swapaxes(table[:, 1], 1, 2)[:, :, rows]
    fits = np.ones(len(table), dtype=bool)
    for worth, own in ((first, rows), (second, columns)):
        size = len(own)
        system = np.ones((len(table), size, size))
        system[:, :-1] = worth[:, own[:1]] - worth[:, own[1:]]
        regular = np.abs(np.linalg.det(system)) > 1e-12
        system[~regular] = np.eye(size)
        right = np.zeros((len(table), size, 1))
        right[:, -1] = 1
        mix = np.linalg.solve(system, right)
        value = worth @ mix
        here = value[:, own[0], 0]
        best = value.max(axis=1)[:, 0]
        fits &= regular & (mix.min(axis=1)[:, 0] > -SLACK)
        fits &= here >= best - SLACK * (1 + np.abs(best))
        if not fits.any():
            return False
    return True
