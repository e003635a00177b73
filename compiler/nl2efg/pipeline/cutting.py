"""Where a size of a game was chosen: how the answer moves when the game is cut off later."""

from __future__ import annotations

from fractions import Fraction
from time import perf_counter
from typing import TYPE_CHECKING

from nl2efg.errors import Nl2efgError
from nl2efg.families import GameFamily, Parameter
from nl2efg.game import GameTree
from nl2efg.sandbox import family_of

if TYPE_CHECKING:
    from nl2efg.solving import Solution

MAX_NODES = 20_000
"""Larger games are not built for a remark."""

SECONDS = 2.0
"""For all sizes of a game together."""

SHORT = 9
"""Longer fractions are told in decimals."""


def cut_remarks(tree: GameTree, solution: Solution, concept: str) -> tuple[str, ...]:
    """For each size what the first equilibrium pays at it, and at greater ones.

    Args:
        tree: the game.
        solution: of the game.
        concept: by which it was solved.
    """
    family = family_of(tree)
    if family is None or not solution.equilibria or concept == "qre":
        return ()
    ends = perf_counter() + SECONDS
    found = []
    for size in family.sizes:
        paid = [(size.value, _told(tree, solution))]
        paid += _greater(family, size, concept, ends)
        if len(paid) > 1:
            told = "; ".join(f"with {size.symbol} = {value}: {words}" for value, words in paid)
            found.append(f"the first equilibrium pays {told}")
    return tuple(found)


def _greater(
    family: GameFamily, size: Parameter, concept: str, ends: float
) -> list[tuple[Fraction, str]]:
    """What is paid at the next size (who moves last may matter), at the double and at four times.

    As far as time and nodes allow.
    """
    from nl2efg.solving import try_to_solve

    found: list[tuple[Fraction, str]] = []
    before = len(family.tree)
    growth = 1.0
    for value in sorted({size.value + 1, 2 * size.value, 4 * size.value} - {size.value}):
        left = ends - perf_counter()
        if left <= 0 or before * growth > MAX_NODES or size.trouble(value):
            break
        try:
            tree = family.with_values({size.symbol: value}).tree
            solution = try_to_solve(tree, concept=concept, all=False, budget=left)
        except Nl2efgError:
            break  # the remark is no part of what was asked for
        if not solution.equilibria:
            break
        growth = (len(tree) / before) ** 2
        before = len(tree)
        found.append((value, _told(tree, solution)))
    return found


def _told(tree: GameTree, solution: Solution) -> str:
    values = solution.equilibria[0].values
    return ", ".join(
        f"{name} {_number(value)}" for name, value in zip(tree.told.players, values, strict=True)
    )


def _number(value: Fraction | float) -> str:
    exact = str(value)
    return exact if len(exact) <= SHORT else f"{float(value):.4g}"
