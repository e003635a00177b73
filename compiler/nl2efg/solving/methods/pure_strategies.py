"""Pure equilibria of a stage: best-response dynamics, and enumeration where it is affordable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import is_late
from nl2efg.equilibria.sequence_form import (
    PlayerSequences,
    Row,
    Stage,
    best_response,
    common,
    exact_gains,
    pure_row,
    uniform_plan,
)

Choice = tuple[int, ...]

ROUNDS = 60
TREMBLE = 1000


class PureStrategies:
    """Pure play in a stage of perfect recall.

    Args:
        stage: the stage.
        leaves: exact payoffs of its leaves.
        tremble: each player is taken to follow uniform behaviour once in so many times; 0 for
            never.
    """

    def __init__(self, stage: Stage, leaves: Sequence[Row], tremble: int = 0) -> None:
        self.stage = stage
        self.tremble = tremble
        self.noise = [common(uniform_plan(side)) for side in stage.sides] if tremble else []
        self.payoffs = [common([row[side.player] for row in leaves])[0] for side in stage.sides]

    def reply(self, place: int, choices: Sequence[Choice]) -> tuple[Choice, bool]:
        """A best response of one side, and whether it is better than its choice."""
        stage = self.stage
        side = stage.sides[place]
        plans = [self._plan(other, choice) for other, choice in enumerate(choices)]
        gains, _ = exact_gains(stage, place, plans, self.payoffs[place])
        response = best_response(side, gains)
        kept = pure_plan(side, choices[place])
        own = sum(gain * weight for gain, weight in zip(gains, kept, strict=True))
        return response.choices, response.value > own

    def _plan(self, place: int, choice: Choice) -> tuple[list[int], int]:
        """A side's plan as integers over a common denominator, trembles included."""
        plan = pure_plan(self.stage.sides[place], choice)
        if not self.tremble:
            return plan, 1
        noise, scale = self.noise[place]
        often = (self.tremble - 1) * scale
        return [often * p + q for p, q in zip(plan, noise, strict=True)], self.tremble * scale

    def is_equilibrium(self, choices: Sequence[Choice]) -> bool:
        """Whether no side can do better."""
        return not any(self.reply(place, choices)[1] for place in range(len(self.stage.sides)))

    def settle(self, start: Sequence[Choice]) -> list[Choice] | None:
        """Best responses in turn until nobody moves; None if that does not end."""
        choices = list(start)
        seen = set()
        for _ in range(ROUNDS):
            if tuple(choices) in seen:
                return None
            seen.add(tuple(choices))
            moved = False
            for place in range(len(choices)):
                better, gains = self.reply(place, choices)
                if gains:
                    choices[place], moved = better, True
            if not moved:
                return choices
        return None

    def search(self) -> list[Choice] | None:
        """A pure equilibrium by the dynamics from a few starts, or None."""
        widths = [_widths(side) for side in self.stage.sides]
        for pick in (0, 1, 2, -1):
            start = [tuple(pick % width for width in own) for own in widths]
            found = self.settle(start)
            if found is not None:
                return found
        return None

    def count(self) -> int:
        """The number of pure profiles."""
        return prod(width for side in self.stage.sides for width in _widths(side))

    def all(self) -> Iterator[list[Choice]]:
        """Every pure equilibrium; stops early when time runs out."""
        spaces = [product(*map(range, _widths(side))) for side in self.stage.sides]
        for choices in product(*spaces):
            if is_late():
                return
            if self.is_equilibrium(choices):
                yield list(choices)


def mutual_best_replies(
    stage: Stage, payoffs: Sequence[Sequence[int]]
) -> tuple[Choice, Choice] | None:
    """The first cell of a table in which both players reply best; None if there is none.

    Takes time linear in the table.

    Args:
        stage: of two players who move once each on every way through it; others give None.
        payoffs: of each side at each leaf, scaled to integers.
    """
    one, other = stage.sides
    if len(one.sets) != 1 or len(other.sets) != 1 or 0 in map(min, stage.sequences):
        return None
    table: dict[tuple[int, int], list[int]] = {}
    for rows, weight, cell in zip(
        zip(*payoffs, strict=True), stage.chance, zip(*stage.sequences, strict=True), strict=True
    ):
        held = table.setdefault(cell, [0, 0])
        held[0] += weight * rows[0]
        held[1] += weight * rows[1]
    best: tuple[dict[int, int], dict[int, int]] = ({}, {})  # against each strategy of the other
    for cell, held in table.items():
        for place in (0, 1):
            against = cell[1 - place]
            best[place][against] = max(best[place].get(against, held[place]), held[place])
    for cell, held in table.items():
        if held[0] == best[0][cell[1]] and held[1] == best[1][cell[0]]:
            return (cell[0] - one.start[0],), (cell[1] - other.start[0],)
    return None


def _widths(side: PlayerSequences) -> list[int]:
    return [end - start for start, end in zip(side.start, side.ends, strict=True)]


def pure_plan(side: PlayerSequences, choices: Choice) -> list[int]:
    """The plan of a pure strategy."""
    plan = [1] + [0] * (side.size - 1)
    for start, parent, choice in zip(side.start, side.parent, choices, strict=True):
        plan[start + choice] = plan[parent]
    return plan


def pure_rows(side: PlayerSequences, choices: Choice) -> dict[int, Row]:
    """The behaviour of a pure strategy."""
    return {
        number: pure_row(choice, width)
        for number, choice, width in zip(side.sets, choices, _widths(side), strict=True)
    }
