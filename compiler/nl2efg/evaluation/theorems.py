"""Whether the theorem that is known of a family is what comes out by algebra."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.evaluation.expected import ExpectedTheorem
from nl2efg.families import Condition, read_conditions, read_expression
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.result import SymbolicSolution


def broken_theorem(wanted: ExpectedTheorem, solution: SymbolicSolution) -> str:
    """Where a solution differs from a theorem, in words; empty if they say the same.

    The conditions are compared by a decision procedure, not by their form: a point of the domain
    lies in a region of some equilibrium with the theorem's values exactly if it meets one of the
    theorem's alternatives.

    Args:
        wanted: the theorem, in the letters and players' names of the solution's game.
        solution: of the same concept.
    """
    family = solution.family
    values = [read_expression(wanted.payoffs[player]) for player in family.tree.players]
    found = [each.conditions for each in solution.equilibria if list(each.values) == values]
    if not found:
        return f"there is no equilibrium with the values {', '.join(v.text for v in values)}"
    region = Region([each.symbol for each in family.quantities], solution.domain)
    known = [
        tuple(condition for text in texts for condition in read_conditions(text))
        for texts in wanted.anywhere
    ]
    return _beyond(region, found, known, "found where the theorem has none") or _beyond(
        region, known, found, "not found where the theorem has one"
    )


def _beyond(
    region: Region,
    these: Sequence[tuple[Condition, ...]],
    those: Sequence[tuple[Condition, ...]],
    what: str,
) -> str:
    """A point of one union of regions that is not in another, in words; empty if there is none."""
    for conditions in these:
        if any(not other for other in those):
            return ""
        point = region.point(conditions, those)
        if isinstance(point, dict):
            return f"{what}: {', '.join(f'{symbol} = {point[symbol]}' for symbol in point)}"
        if point is not None:
            return f"not decided: {what}"
    return ""
