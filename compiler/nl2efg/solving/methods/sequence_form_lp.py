"""Two-player constant-sum stages as one linear program on the sequence form.

The program is that of von Stengel (1996, GEB 14, p. 239), solved by HiGHS. highspy is used, not
scipy: it hands out the basis, from which the exact solution follows, and imports in a fifth of the
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from nl2efg.equilibria.deadline import check_clock, in_time, time_left
from nl2efg.equilibria.exact_systems import SparseRow, solve_exactly
from nl2efg.equilibria.highs import Entry, program_of, quiet_solver
from nl2efg.solving.methods.bimatrix import TwoPlayers, flow_rows

MAX_SECONDS = 1e9
"""HiGHS wants a finite limit."""


@dataclass(frozen=True, slots=True)
class LinearSolution:
    """An optimum of the program.

    Args:
        plans: of both players, in floating point.
        columns: the basic columns.
        rows: the tight rows, which are those that are not basic.
    """

    plans: tuple[list[float], list[float]]
    columns: tuple[int, ...]
    rows: tuple[int, ...]


def solve_linear(game: TwoPlayers) -> LinearSolution | None:
    """Maxmin plans of both players, and the optimal basis.

    Args:
        game: a constant-sum game; only the first player's payoffs are read.

    Returns:
        None if no optimum was reached in time.

    Raises:
        OutOfTimeError: time is up before it begins.
    """
    highspy, solver = quiet_solver()
    solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    program = _program(highspy, game)
    check_clock()
    solver.setOptionValue("time_limit", min(max(time_left(), 0.01), MAX_SECONDS))
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    first = game.sides[0]
    flows = len(first.sets) + 1
    solution = solver.getSolution()
    basis = solver.getBasis()
    columns, rows = list(basis.col_status), list(basis.row_status)  # each access copies all
    basic = highspy.HighsBasisStatus.kBasic
    plan = [max(x, 0.0) for x in solution.col_value[: first.size]]
    reply = [max(y, 0.0) for y in solution.row_dual[flows:]]
    if not reply[0]:
        return None
    return LinearSolution(
        (plan, reply),
        tuple(j for j, status in enumerate(columns) if status == basic),
        tuple(i for i, status in enumerate(rows) if status != basic),
    )


def exact_plans(game: TwoPlayers, found: LinearSolution) -> list[list[Fraction]] | None:
    """Both plans exactly, from the optimal basis; None if it determines none.

    The basic columns solve the tight rows, and the multipliers of the tight rows solve the
    transposed system. Every row of the program takes part, the flow equations too: one of them may
    be basic, and is then not tight.
    """
    first, second = game.sides
    flows = len(first.sets) + 1
    row_place = {row: i for i, row in enumerate(found.rows)}
    column_place = {column: j for j, column in enumerate(found.columns)}
    primal: list[SparseRow] = [{} for _ in found.rows]
    dual: list[SparseRow] = [{} for _ in found.columns]
    for column, row, value in _entries(game):
        i, j = row_place.get(row), column_place.get(column)
        if i is not None and j is not None:
            primal[i][j] = dual[j][i] = value
    weights = solve_exactly(primal, [int(row == 0) for row in found.rows], len(found.columns))
    if weights is None:
        return None
    objective = [int(column == first.size) for column in found.columns]
    multipliers = solve_exactly(dual, objective, len(found.rows))
    if multipliers is None:
        return None
    plan, reply = [Fraction(0)] * first.size, [Fraction(0)] * second.size
    for column, weight in zip(found.columns, weights, strict=True):
        if column < first.size:
            plan[column] = weight
    for row, multiplier in zip(found.rows, multipliers, strict=True):
        if row >= flows:
            reply[row - flows] = multiplier
    return [plan, reply] if min(plan) >= 0 and min(reply) >= 0 else None


def _entries(game: TwoPlayers) -> Iterator[tuple[int, int, int]]:
    """Column, row and integer coefficient of the program.

    Columns: the first player's plan, then the second's values. Rows: the first player's flow, then
    one for each sequence of the second player: it gains nothing by leaving its values.
    """
    first, second = game.sides
    flows = flow_rows(first)
    for i, flow in enumerate(flows):
        for j, coefficient in flow.items():
            yield j, i, coefficient
    for (own, other), payoff in game.payoffs[0].items():
        yield own, len(flows) + other, -payoff
    for i, flow in enumerate(flow_rows(second)):
        for j, coefficient in flow.items():
            yield first.size + i, len(flows) + j, coefficient


def _program(highspy: Any, game: TwoPlayers) -> Any:
    """The program in floating point, its payoffs scaled to at most one, which scales the values."""
    import numpy as np

    first, second = game.sides
    flows = len(first.sets) + 1
    peak = max(map(abs, game.payoffs[0].values()), default=0) or 1
    entries: list[Entry] = [
        (column, row, value / peak if column < first.size and row >= flows else float(value))
        for column, row, value in in_time(_entries(game))
    ]
    columns = first.size + len(second.sets) + 1
    program = program_of(highspy, entries, flows + second.size, columns)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.eye(1, columns, first.size).ravel()
    free = np.full(len(second.sets) + 1, -highspy.kHighsInf)
    program.col_lower_ = np.concatenate([np.zeros(first.size), free])
    program.col_upper_ = np.full(columns, highspy.kHighsInf)
    right = np.zeros(flows)
    right[0] = 1.0
    none = np.full(second.size, -highspy.kHighsInf)
    program.row_lower_ = np.concatenate([right, none])
    program.row_upper_ = np.concatenate([right, np.zeros(second.size)])
    return program
