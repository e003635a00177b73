"""Two-player constant-sum stages as one linear program on the sequence form.

The program is that of von Stengel (1996, GEB 14, p. 239), solved by HiGHS. highspy is used, not
scipy: it hands out the basis, from which the exact solution follows, and imports in a fifth of the
time.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from nl2efg.solving.highs import Entry, program_of, quiet_solver
from nl2efg.solving.methods.bimatrix import Support, TwoPlayers, flow_rows


def solve_linear(
    game: TwoPlayers, deadline: float
) -> tuple[tuple[list[float], list[float]], tuple[Support, Support]] | None:
    """Maxmin plans of both players, and the supports of the optimal basis.

    Args:
        game: a constant-sum game; only the first player's payoffs are read.
        deadline: on the clock of :func:`time.perf_counter`.

    Returns:
        None if no optimum was reached in time.
    """
    highspy, solver = quiet_solver()
    solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    program = _program(highspy, game)
    if perf_counter() > deadline:
        return None
    solver.setOptionValue("time_limit", max(deadline - perf_counter(), 0.01))
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    first, second = game.sides
    flows = len(first.sets) + 1
    solution = solver.getSolution()
    basis = solver.getBasis()
    columns, rows = list(basis.col_status), list(basis.row_status)  # each access copies all
    basic = highspy.HighsBasisStatus.kBasic
    plan = [max(x, 0.0) for x in solution.col_value[: first.size]]
    reply = [max(y, 0.0) for y in solution.row_dual[flows:]]
    used = tuple(i for i in range(first.size) if columns[i] == basic)
    tight = tuple(j for j in range(second.size) if rows[flows + j] != basic)
    if not reply[0]:
        return None
    return (plan, reply), (Support(used, tight), Support(tight, used))


def _program(highspy: Any, game: TwoPlayers) -> Any:
    """Columns: the first player's plan, then the second's values. Rows: the first player's flow,
    then one for each sequence of the second player: it gains nothing by leaving its values.
    """
    import numpy as np

    first, second = game.sides
    flows = flow_rows(first)
    entries: list[Entry] = []
    for i, flow in enumerate(flows):
        entries += [(j, i, float(c)) for j, c in flow.items()]
    peak = max(map(abs, game.payoffs[0].values()), default=0) or 1
    for (own, other), payoff in game.payoffs[0].items():
        entries.append((own, len(flows) + other, -payoff / peak))
    for i, flow in enumerate(flow_rows(second)):
        entries += [(first.size + i, len(flows) + j, float(c)) for j, c in flow.items()]
    columns = first.size + len(second.sets) + 1
    program = program_of(highspy, entries, len(flows) + second.size, columns)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.eye(1, columns, first.size).ravel()
    free = np.full(len(second.sets) + 1, -highspy.kHighsInf)
    program.col_lower_ = np.concatenate([np.zeros(first.size), free])
    program.col_upper_ = np.full(columns, highspy.kHighsInf)
    right = np.zeros(len(flows))
    right[0] = 1.0
    none = np.full(second.size, -highspy.kHighsInf)
    program.row_lower_ = np.concatenate([right, none])
    program.row_upper_ = np.concatenate([right, np.zeros(second.size)])
    return program
