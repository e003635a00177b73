"""Two-player general-sum stages by complementary pivoting on the sequence form.

Lemke's algorithm from a completely mixed prior, as von Stengel, van den Elzen and Talman (2002,
Econometrica 70, p. 693): a share ``w`` of play follows the plans that are sought and the rest the
prior; ``w`` starts at 0, and at 1 the plans are an equilibrium. The plans are bounded, so no ray
can end the path, and the lexicographic rule keeps it from cycling. Plans found from a completely
mixed prior are normal-form perfect.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import Any

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.sequence_form import PlayerSequences, best_response, uniform_plan
from nl2efg.solving.methods.bimatrix import Support, TwoPlayers, flow_rows

Prior = Sequence[Sequence[Fraction | float]]
"""A plan of each player."""

NEGLIGIBLE = 1e-10
"""Tableau entries below this are taken for zero; the tableau is scaled to about one."""

MAX_SIZE = 1500
"""Most sequences of both players: the tableau is dense."""

MAX_EXACT_SIZE = 120
"""Most sequences of both players when pivoting in Fractions."""


def solve_lemke(
    game: TwoPlayers,
    *,
    exact: bool = False,
    tremble: Fraction | None = None,
    prior: Prior | None = None,
    pivots: float = inf,
) -> tuple[tuple[list[Any], list[Any]], tuple[Support, Support]] | None:
    """Equilibrium plans of both players, and the supports of the last basis.

    Args:
        game: the two players; payoffs of both are read.
        exact: pivot in Fractions, whatever the size of the payoffs; far slower.
        tremble: each sequence has at least the weight ``tremble ** length``; for exact pivoting.
            As it goes to 0, the plans go to a quasi-perfect equilibrium, which is sequential
            (Miltersen and Sorensen 2010, Economic Theory 42, p. 175).
        prior: completely mixed plans of both players from which the path starts; by default
            uniform behaviour. Near an equilibrium the path is often short.
        pivots: most steps of the path.

    Returns:
        None if the game is too large, the path too long, or rounding broke it.

    Raises:
        OutOfTimeError: time is up.
    """
    if sum(side.size for side in game.sides) > (MAX_EXACT_SIZE if exact else MAX_SIZE):
        return None
    return _Tableau(game, exact, tremble, prior).run(pivots)


class _Tableau:
    """The tableau: columns are plan weights, slacks, ``w`` and its slack, then the right side.

    With ``n`` sequences in all, column ``i < n`` is the weight of sequence ``i``, column ``n + i``
    its slack (what it misses to be best), ``2n`` is ``w`` and ``2n + 1`` is ``1 - w``. The free
    values of the information sets are eliminated at the start.
    """

    def __init__(
        self, game: TwoPlayers, exact: bool, tremble: Fraction | None, given: Prior | None = None
    ) -> None:
        import numpy as np

        self.exact = exact
        self.negligible = 0 if exact else NEGLIGIBLE
        check_clock()
        kind = object if exact else float
        plans = given or [uniform_plan(side) for side in game.sides]
        prior = [np.array(plan).astype(kind) for plan in plans]
        self.least = [_least_weights(side, tremble) for side in game.sides]
        self.sizes = [side.size for side in game.sides]
        self.count = sum(self.sizes)
        n = self.count
        flows = [len(side.sets) + 1 for side in game.sides]
        free = sum(flows)
        share, rest, right = 2 * n, 2 * n + 1, 2 * n + 2
        table = np.zeros((n + free + 1, 2 * n + 3 + free), dtype=kind)
        basis: list[int] = []
        row = 0
        offsets = (0, self.sizes[0])
        payoffs = [game.dense(0, exact), game.dense(1, exact)]
        check_clock()
        values = 2 * n + 3
        for place, side in enumerate(game.sides):
            mine, theirs = offsets[place], offsets[1 - place]
            against = payoffs[place] @ prior[1 - place]
            reply = best_response(side, against.tolist())
            taken = [0, *(s + c for s, c in zip(side.start, reply.choices, strict=True))]
            flow = flow_rows(side)
            for equation in flow:
                for sequence, coefficient in equation.items():
                    table[row, mine + sequence] = coefficient
                row += 1
            first = row - len(flow)
            table[first:row, share] = [
                -right_side for right_side in flow_right(flow, self.least[place])
            ]
            basis += [mine + sequence for sequence in taken]
            chosen = set(taken)
            block = slice(row, row + side.size)
            table[block, n + mine : n + mine + side.size] = np.eye(side.size, dtype=kind)
            table[block, theirs : theirs + self.sizes[1 - place]] = payoffs[place]
            table[block, share] = -against
            if tremble is not None:
                table[block, share] += payoffs[place] @ np.array(self.least[1 - place])
            table[block, right] = -against
            for i, equation in enumerate(flow):
                for sequence, coefficient in equation.items():
                    table[row + sequence, values + i] = -coefficient
            slots = iter(range(values, values + len(flow)))
            basis += [next(slots) if s in chosen else n + mine + s for s in range(side.size)]
            row += side.size
            values += len(flow)
        table[row, share] = table[row, rest] = table[row, right] = 1
        basis.append(rest)
        self.table, self.basis = self._reduced(table, basis)
        self.order = [column for column in self.basis if column < 2 * n + 3]

    def _reduced(self, table: Any, basis: list[int]) -> tuple[Any, list[int]]:
        """Solve for the first basis, then drop the rows and columns of the free values."""
        import numpy as np

        width = 2 * self.count + 3
        solved = (_solved_exactly if self.exact else _solved)(table, basis)
        kept = [i for i, column in enumerate(basis) if column < width]
        reduced = np.ascontiguousarray(solved[kept, :width])
        reduced[np.abs(reduced) < self.negligible] = 0
        return reduced, [basis[i] for i in kept]

    def run(
        self, pivots: float = inf
    ) -> tuple[tuple[list[Any], list[Any]], tuple[Support, Support]] | None:
        """Pivot until the prior has no share left, but no more than so many times."""
        n = self.count
        entering = 2 * n
        steps = 0
        while steps < pivots:
            steps += 1
            check_clock()
            row = self._leaving(entering)
            if row is None:
                return None
            leaving = self.basis[row]
            self._pivot(row, entering)
            if leaving == 2 * n + 1:
                return self._answer()
            if leaving == 2 * n:
                return None
            entering = leaving - n if leaving >= n else leaving + n
        return None

    def _leaving(self, entering: int) -> int | None:
        """The row that the lexicographic ratio test picks."""
        import numpy as np

        column = self.table[:, entering]
        rows = np.flatnonzero(column > self.negligible)
        if not rows.size:
            return None
        for test in (2 * self.count + 2, *self.order):
            ratios = self.table[rows, test] / column[rows]
            least = ratios.min()
            rows = rows[ratios <= least + self.negligible * max(1, abs(least))]
            if rows.size == 1:
                break
            if test == 2 * self.count + 2:
                # The share of the prior may end here as well as any other row: then the path is at
                # an equilibrium, and must not run past it.
                ending = [row for row in rows if self.basis[row] == 2 * self.count + 1]
                if ending:
                    return int(ending[0])
        return int(rows[np.argmax(column[rows])])

    def _pivot(self, row: int, entering: int) -> None:
        import numpy as np

        table = self.table
        table[row] /= table[row, entering]
        column = table[:, entering].copy()
        column[row] = 0
        used = np.flatnonzero(column)
        if 2 * used.size > len(column) and not self.exact:
            table -= np.outer(
                column, table[row]
            )  # whole rows in place are quicker than chosen ones
        else:
            table[used] -= np.outer(column[used], table[row])
        table[:, entering] = 0
        table[row, entering] = 1
        self.basis[row] = entering

    def _answer(self) -> tuple[tuple[list[Any], list[Any]], tuple[Support, Support]]:
        n = self.count
        kind = Fraction if self.exact else float
        weights = [kind(0)] * n
        for row, column in enumerate(self.basis):
            if column < n:
                weights[column] = max(kind(self.table[row, -1]), kind(0))
        basic = {column for column in self.basis if column < n}
        slack = {column - n for column in self.basis if n <= column < 2 * n}
        first, second = self.sizes
        least = [*self.least[0], *self.least[1]]
        weights = [w + more for w, more in zip(weights, least, strict=True)]
        used = (
            tuple(i for i in range(first) if i in basic),
            tuple(j for j in range(second) if first + j in basic),
        )
        tight = (
            tuple(i for i in range(first) if i not in slack),
            tuple(j for j in range(second) if first + j not in slack),
        )
        return (
            (weights[:first], weights[first:]),
            (Support(used[0], tight[1]), Support(used[1], tight[0])),
        )


def _least_weights(side: PlayerSequences, tremble: Fraction | None) -> list[Fraction | int]:
    """The least weight of each sequence; none for the empty one."""
    found: list[Fraction | int] = [0] * side.size
    if tremble is None:
        return found
    length = [0] * side.size
    for start, end, parent in zip(side.start, side.ends, side.parent, strict=True):
        length[start:end] = [length[parent] + 1] * (end - start)
        found[start:end] = [tremble ** (length[parent] + 1)] * (end - start)
    return found


def flow_right(flow: Sequence[dict[int, int]], least: Sequence[Fraction | int]) -> list[Any]:
    """The right sides of the flow equations for what a plan is above its least weights."""
    found: list[Any] = [0 - sum(c * least[s] for s, c in row.items()) for row in flow]
    found[0] += 1
    return found


BLOCK = 256
"""Columns solved between two looks at the clock."""


def _solved(table: Any, basis: Sequence[int]) -> Any:
    """The table with unit columns at the basis, in floating point."""
    import numpy as np

    if table.shape[1] <= 2 * BLOCK:
        return np.linalg.solve(table[:, basis], table)
    inverse = np.linalg.inv(table[:, basis])
    check_clock()
    solved = np.empty_like(table)
    for start in range(0, table.shape[1], BLOCK):
        check_clock()
        solved[:, start : start + BLOCK] = inverse @ table[:, start : start + BLOCK]
    return solved


def _solved_exactly(table: Any, basis: Sequence[int]) -> Any:
    """The table with unit columns at the basis, by Gauss-Jordan elimination in Fractions."""
    import numpy as np

    table = table + Fraction(0)
    for row, column in enumerate(basis):
        check_clock()
        pivot = row + int(np.flatnonzero(table[row:, column])[0])
        if pivot != row:
            table[[row, pivot]] = table[[pivot, row]]
        table[row] /= table[row, column]
        others = table[:, column].copy()
        others[row] = 0
        used = np.flatnonzero(others)
        table[used] -= np.outer(others[used], table[row])
    return table
