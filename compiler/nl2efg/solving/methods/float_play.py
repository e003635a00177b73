"""Behaviour strategies of a stage in floating point, many profiles at a time.

A profile is one array a player: its probabilities by sequence, where entry 0, the empty sequence,
is 1. Arrays have a first axis of profiles, so that a method may try all its small changes at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.sequence_form import PlayerSequences, Row, Stage

Rows = dict[int, Row]

MAX_GATHER = 200_000
"""Most entries of a matrix that sums over the sequences of a level."""


@dataclass(frozen=True)
class _Side:
    """One player's sequences as numpy arrays.

    Args:
        size: number of sequences.
        starts: the first sequence of each set.
        set_of: for each sequence but the empty one its set.
        above: for each sequence the one that leads to its set.
        levels: the sequences by how many of the player's sets lie above them, the first ones
            first.
        gathers: for each level the sequences that lead to it, and the matrix that sums what comes
            after each of them; None where that would be too large.
        order, firsts, ends: the leaves sorted by the sequence that leads to them, where each
            sequence's leaves begin in that order, and which sequences these are.
    """

    size: int
    starts: Any
    set_of: Any
    above: Any
    levels: tuple[Any, ...]
    gathers: tuple[tuple[Any, Any] | None, ...]
    order: Any
    firsts: Any
    ends: Any


def _scaled(leaves: Sequence[Row], *, common: bool) -> list[list[float]]:
    """Payoffs as floats from 0 to 1; scaled before they are rounded, whatever their size."""
    columns = []
    lows = [min(column) for column in zip(*leaves, strict=True)]
    spans = [max(column) - low for column, low in zip(zip(*leaves, strict=True), lows, strict=True)]
    for column, low, span in zip(zip(*leaves, strict=True), lows, spans, strict=True):
        unit = (max(spans) if common else span) or 1
        columns.append([float((u - low) / unit) for u in column])
    return [list(row) for row in zip(*columns, strict=True)]


class FloatPlay:
    """A stage of perfect recall, ready for arithmetic on profiles.

    Args:
        stage: the stage.
        leaves: exact payoffs of its leaves.
        common: whether all players' payoffs are scaled by one unit, which logit responses need;
            otherwise each player's payoffs are moved and scaled to [0, 1].
    """

    def __init__(self, stage: Stage, leaves: Sequence[Row], *, common: bool = False) -> None:
        import numpy as np

        self.stage = stage
        scaled = np.array(_scaled(leaves, common=common))
        self.payoffs = [scaled[:, side.player] for side in stage.sides]
        self.chance, self.sequences = stage.float_arrays
        self.sides = [
            _arrays_of(side, own) for side, own in zip(stage.sides, self.sequences, strict=True)
        ]

    def uniform(self) -> list[Any]:
        """The profile of uniform behaviour."""
        import numpy as np

        found = []
        for side in self.sides:
            widths = np.diff([*side.starts, side.size])
            found.append(np.concatenate([[1.0], np.repeat(1.0 / widths, widths)])[None, :])
        return found

    def profile_of(self, rows: Mapping[int, Row]) -> list[Any]:
        """Rows by information set as a profile."""
        import numpy as np

        return [
            np.array([[1.0, *(float(p) for number in side.sets for p in rows[number])]])
            for side in self.stage.sides
        ]

    def rows_of(self, profile: Sequence[Any]) -> Rows:
        """The first profile as rows by information set, each made to sum to one."""
        found: Rows = {}
        for side, row in zip(self.stage.sides, profile, strict=True):
            for number, start, end in zip(side.sets, side.start, side.ends, strict=True):
                part = row[0, start:end]
                found[number] = tuple((part / part.sum()).tolist())
        return found

    def plans(self, profile: Sequence[Any]) -> list[Any]:
        """The weights of all sequences."""
        import numpy as np

        found = []
        for side, row in zip(self.sides, profile, strict=True):
            plan = np.ones_like(row)
            for level in side.levels:
                plan[:, level] = plan[:, side.above[level]] * row[:, level]
            found.append(plan)
        return found

    def gains(self, place: int, plans: Sequence[Any], *, reach: bool = False) -> Any:
        """What each sequence of a side gains by itself, from the leaves that it leads to.

        Args:
            reach: take a payoff of 1 everywhere: the result is how often the others let the
                leaves be reached.
        """
        import numpy as np

        check_clock()
        side = self.sides[place]
        weights = self.chance if reach else self.chance * self.payoffs[place]
        weights = np.broadcast_to(weights, (len(plans[0]), len(weights)))
        for other, plan in enumerate(plans):
            if other != place:
                weights = weights * plan[:, self.sequences[other]]
        found = np.zeros((len(weights), side.size))
        found[:, side.ends] = np.add.reduceat(weights[:, side.order], side.firsts, axis=1)
        return found

    def values(self, place: int, profile: Sequence[Any], gains: Any) -> Any:
        """The counterfactual value of each sequence: what follows if its action is taken."""
        side = self.sides[place]
        worth = gains.copy()
        row = profile[place]
        for level, gather in zip(reversed(side.levels), reversed(side.gathers), strict=True):
            parts = row[:, level] * worth[:, level]
            if gather is not None:
                parents, matrix = gather
                worth[:, parents] += parts @ matrix
                continue
            for i in range(len(worth)):
                _add_at(worth[i], side.above[level], parts[i])
        return worth

    def best_values(self, place: int, gains: Any) -> float:
        """What a best response to the first profile is worth."""
        import numpy as np

        side = self.sides[place]
        worth = gains[0].copy()
        starts = np.array(side.starts)
        for level in reversed(side.levels):
            sets = np.unique(side.set_of[level - 1])
            best = np.maximum.reduceat(worth, starts)[sets]
            _add_at(worth, side.above[starts[sets]], best)
        return float(worth[0])

    def regrets(self, profile: Sequence[Any]) -> list[float]:
        """What each player could gain over the first profile, in units of its payoff range."""
        plans = self.plans(profile)
        found = []
        for place in range(len(self.sides)):
            gains = self.gains(place, plans)
            kept = float((gains[0] * plans[place][0]).sum())
            found.append(self.best_values(place, gains) - kept)
        return found

    def conditional(self, place: int, profile: Sequence[Any], plans: Sequence[Any]) -> Any:
        """The expected payoff of each action, given that its information set is reached.

        Where the others do not let the set be reached, the value is 0.
        """
        import numpy as np

        worth = self.values(place, profile, self.gains(place, plans))
        often = self.values(place, profile, self.gains(place, plans, reach=True))
        return np.divide(worth, often, out=np.zeros_like(worth), where=often > 0)


def _arrays_of(side: PlayerSequences, own: Any) -> _Side:
    import numpy as np

    widths = np.array(side.ends) - np.array(side.start)
    set_of = np.repeat(np.arange(len(side.sets)), widths)
    above = np.concatenate([[0], np.array(side.parent)[set_of]]).astype(np.int64)
    depth = [0] * side.size
    for start, end, parent in zip(side.start, side.ends, side.parent, strict=True):
        depth[start:end] = [depth[parent] + 1] * (end - start)
    depths = np.array(depth)
    levels = tuple(np.flatnonzero(depths == d) for d in range(1, depths.max() + 1))
    gathers = tuple(_gather(above[level]) for level in levels)
    order = np.argsort(own, kind="stable")
    ends, firsts = np.unique(own[order], return_index=True)
    return _Side(side.size, side.start, set_of, above, levels, gathers, order, firsts, ends)


def _gather(parents: Any) -> tuple[Any, Any] | None:
    import numpy as np

    unique, places = np.unique(parents, return_inverse=True)
    if len(unique) * len(parents) > MAX_GATHER:
        return None
    matrix = np.zeros((len(parents), len(unique)))
    matrix[np.arange(len(parents)), places] = 1.0
    return unique, matrix


def _add_at(total: Any, places: Any, amounts: Any) -> None:
    """Add amounts where places may repeat; quicker than numpy's own for floats."""
    import numpy as np

    total += np.bincount(places, amounts, minlength=len(total))
