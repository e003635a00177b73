"""Kuhn's poker with a bet of b over an ante of 1, as a matrix game; no code of the solver."""

from __future__ import annotations

from itertools import permutations, product

FIRST_WAYS = ("check, then fold", "check, then call", "bet")
SECOND_WAYS = tuple(product(("check", "bet"), ("fold", "call")))


def gain(first: int, second: int, one: str, other: tuple[str, str], b: float) -> float:
    """What the first player wins with these cards, as each plays his."""
    sign = 1 if first > second else -1
    if one == "bet":
        return sign * (1 + b) if other[1] == "call" else 1
    if other[0] == "check":
        return sign
    return sign * (1 + b) if one.endswith("call") else -1


def value(b: float) -> float:
    """What the game is worth to the first player, by a linear program over mixed strategies."""
    import numpy as np
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    rows, columns = list(product(FIRST_WAYS, repeat=3)), list(product(SECOND_WAYS, repeat=3))
    deals = list(permutations(range(3), 2))
    table = np.array(
        [[sum(gain(i, j, x[i], y[j], b) for i, j in deals) / 6 for y in columns] for x in rows]
    )
    # Maximise v subject to v <= the mixture's worth against every column.
    found = linprog(
        [0.0] * len(rows) + [-1.0],
        A_ub=np.hstack([-table.T, np.ones((len(columns), 1))]),
        b_ub=[0.0] * len(columns),
        A_eq=[[1.0] * len(rows) + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * len(rows) + [(None, None)],
        method="highs",
    )
    return float(-found.fun)
