"""Two players of a stage in sequence form, and the exact plan behind a support.

The conditions are those of Koller, Megiddo and von Stengel (1996, GEB 14, p. 251): a plan obeys its
flow equations, and a sequence of the other player that is used leaves no slack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.exact_systems import SparseRow, solve_exactly
from nl2efg.equilibria.sequence_form import PlayerSequences, Row, Stage, Value, common

Entries = dict[tuple[int, int], int]


@dataclass(frozen=True)
class TwoPlayers:
    """The sequence form of two players.

    Args:
        sides: the two players.
        payoffs: for each player its integer payoffs, by (own sequence, other's sequence); each in
            units of its own.
    """

    sides: tuple[PlayerSequences, PlayerSequences]
    payoffs: tuple[Entries, Entries]

    def dense(self, place: int, exact: bool) -> Any:
        """One player's payoffs as a numpy matrix: integers, or floats scaled to at most one."""
        import numpy as np

        entries = self.payoffs[place]
        shape = self.sides[place].size, self.sides[1 - place].size
        matrix = np.zeros(shape, dtype=object if exact else float)
        peak = max(map(abs, entries.values()), default=0) or 1
        for (own, other), payoff in entries.items():
            matrix[own, other] = payoff if exact else payoff / peak
        return matrix


@dataclass(frozen=True, slots=True)
class Support:
    """What a basis says about a plan.

    Args:
        used: sequences of the planner that may have weight.
        tight: sequences of the other player that must be best against the plan.
    """

    used: tuple[int, ...]
    tight: tuple[int, ...]


def two_players(stage: Stage, leaves: Sequence[Row]) -> TwoPlayers:
    """The sequence form of a stage with two movers.

    Each one's payoffs are doubled and moved so that their range lies around 0, which changes no
    equilibrium.

    Args:
        leaves: exact payoffs of the leaves.
    """
    tables: list[Entries] = []
    for place, side in enumerate(stage.sides):
        payoffs, _ = common([row[side.player] for row in in_time(leaves)])
        middle = min(payoffs) + max(payoffs)
        table: Entries = {}
        others = stage.sequences[1 - place]
        entries = zip(stage.chance, stage.sequences[place], others, payoffs, strict=True)
        for weight, own, other, payoff in in_time(entries):
            if weight:
                gain = weight * (2 * payoff - middle)
                table[own, other] = table.get((own, other), 0) + gain
        tables.append({key: value for key, value in table.items() if value})
    return TwoPlayers((stage.sides[0], stage.sides[1]), (tables[0], tables[1]))


def flow_rows(side: PlayerSequences) -> list[SparseRow]:
    """The flow equations of a plan: the empty sequence is one; a set passes on what it gets."""
    rows: list[SparseRow] = [{0: 1}]
    for start, end, parent in zip(side.start, side.ends, side.parent, strict=True):
        rows.append({parent: -1, **dict.fromkeys(range(start, end), 1)})
    return rows


def exact_plan(game: TwoPlayers, place: int, support: Support) -> list[Fraction] | None:
    """The plan of one player that a support determines, or None.

    Solves the flow equations together with the indifference of the other player between its
    tight sequences; the unknowns are the weights and the other's values at its sets.
    """
    side, other = game.sides[place], game.sides[1 - place]
    column = {sequence: j for j, sequence in enumerate(support.used)}
    rows: list[SparseRow] = []
    for row in flow_rows(side):
        rows.append({column[s]: c for s, c in row.items() if s in column})
    right = [1] + [0] * (len(rows) - 1)
    tight = {sequence: {} for sequence in support.tight}  # type: dict[int, SparseRow]
    for (own, theirs), payoff in game.payoffs[1 - place].items():
        if own in tight and theirs in column:
            tight[own][column[theirs]] = -payoff
    first_value = len(column)
    for i, flow in enumerate(flow_rows(other)):
        for sequence, coefficient in flow.items():
            if sequence in tight:
                tight[sequence][first_value + i] = coefficient
    rows.extend(tight.values())
    right += [0] * len(tight)
    solution = solve_exactly(rows, right, first_value + len(other.sets) + 1)
    if solution is None:
        return None
    plan = [Fraction(0)] * side.size
    for sequence, j in column.items():
        plan[sequence] = solution[j]
    return plan if min(plan) >= 0 else None


def reaches_all(side: PlayerSequences, plan: Sequence[Value]) -> bool:
    """Whether a plan comes to all sets of its player, so that it says what is done there."""
    least = _least(plan)
    bounds = zip(side.start, side.ends, strict=True)
    return all(sum(plan[start:end]) > least for start, end in bounds)


def _least(plan: Sequence[Value]) -> float:
    """The weight above which a set counts as reached."""
    return 0 if isinstance(plan[0], Fraction) else 1e-12


def behaviour_of(
    side: PlayerSequences, plan: Sequence[Value], replies: Sequence[int]
) -> dict[int, tuple[Value, ...]]:
    """The behaviour strategy of a plan.

    Args:
        replies: for each set the action to take where the plan does not reach it; none are needed
            if it reaches all.
    """
    one: Value = Fraction(1) if isinstance(plan[0], Fraction) else 1.0
    least = _least(plan)
    rows: dict[int, tuple[Value, ...]] = {}
    for place, number in enumerate(side.sets):
        weights = plan[side.start[place] : side.ends[place]]
        total = sum(weights)
        if total > least:
            rows[number] = tuple(weight / total for weight in weights)
        else:
            rows[number] = tuple(
                one if action == replies[place] else one * 0 for action in range(len(weights))
            )
    return rows
