"""solve(): a game or a family of games in, equilibria out."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from nl2efg.equilibria.result import Solution
from nl2efg.families import GameFamily
from nl2efg.game import GameTree
from nl2efg.solving.solver import solve as solve_tree

if TYPE_CHECKING:
    from nl2efg.theorems.result import SymbolicSolution


@overload
def solve(
    game: GameTree, *, concept: str = ..., all: bool | None = ..., budget: float = ...
) -> Solution: ...
@overload
def solve(
    game: GameFamily, *, concept: str = ..., all: bool | None = ..., budget: float = ...
) -> SymbolicSolution: ...
def solve(
    game: GameTree | GameFamily,
    *,
    concept: str = "spe",
    all: bool | None = None,
    budget: float = 10.0,
) -> Solution | SymbolicSolution:
    """Equilibria of a game, each with a certificate; of a family, with conditions.

    Args:
        game: a game, or a family of games.
        concept: as :func:`nl2efg.solving.solver.solve`; of a family ``spe``, ``nash``, ``pbe`` or
            ``sequential``.
        all: more than one equilibrium of a game; None lists them all for small games. Of a family
            all types are sought in any case.
        budget: seconds.

    Raises:
        UserError: as :func:`nl2efg.solving.solver.solve` and
            :func:`nl2efg.theorems.solver.solve_family`.
    """
    if isinstance(game, GameFamily):
        from nl2efg.solving.point_plans import plans_at
        from nl2efg.theorems.solver import solve_family

        return solve_family(game, concept=concept, budget=budget, proposals=plans_at)
    return solve_tree(game, concept=concept, all=all, budget=budget)
