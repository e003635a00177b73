"""A game against a sketch that is a game itself: by structure, so that labels do not matter."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.comparison.equivalence import Verdict, compare_with_demands
from nl2efg.comparison.naming import Names
from nl2efg.comparison.payoffs import Relation
from nl2efg.comparison.prepared import Structure
from nl2efg.game import GameTree
from nl2efg.game.constraints import OpenPayoffs
from nl2efg.reading import SketchGame, read_sketch
from nl2efg.schema.sketch import Sketch


@dataclass(frozen=True, slots=True)
class SketchComparison:
    """What a sketch says of a game as a whole.

    Args:
        read: the sketch, read as a game.
        same: whether the two are the same game; None where that cannot be told, since the sketch
            has gaps, or the games are too large to be compared.
        difference: where they are not, how they differ, in words.
    """

    read: SketchGame
    same: bool | None
    difference: str = ""


def compare_with_sketch(tree: GameTree, sketch: Sketch) -> SketchComparison:
    """Compare a game with what a sketch says.

    Neither labels nor the order of simultaneous moves matter, but names that both have count.
    Payoffs that the sketch leaves open are not compared; orders that it states must hold.
    """
    read = read_sketch(sketch)
    if not read.has_shape or read.tree is None:
        return SketchComparison(read, None)
    found = compare_with_demands(
        tree,
        read.tree,
        Structure.STRATEGIC,
        Relation.CONSTRAINTS if read.open_payoffs or read.orders else Relation.EXACT,
        Names.ANCHORED,
        OpenPayoffs(read.open_payoffs, read.orders),
        called=("the game", "the sketch"),
    )
    if found.verdict is Verdict.UNDECIDED:
        return SketchComparison(read, None)
    return SketchComparison(read, found.same, "" if found.same else found.difference)
