"""A game against a sketch that is a game itself: by structure, so that labels do not matter."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.comparison.equivalence import Bijection, Verdict, compare_with_demands
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
        too_long: whether it cannot be told for want of effort.
    """

    read: SketchGame
    same: bool | None
    difference: str = ""
    too_long: bool = False


def compare_with_sketch(tree: GameTree, sketch: Sketch) -> SketchComparison:
    """Compare a game with what a sketch says.

    Neither labels nor the order of simultaneous moves matter, but names that both have count.
    Payoffs that the sketch leaves open are not compared; orders that it states must hold.
    """
    read = read_sketch(sketch)
    if not read.has_shape or read.tree is None:
        return SketchComparison(read, None)
    if read.orders and not read.unpaid:
        # Numbers that only keep an order: ends of one number are as good as each other, which the
        # stated orders need not say. Where all ranks agree, nothing else need be looked at.
        ranked = compare_with_demands(
            tree,
            read.tree,
            Structure.STRATEGIC,
            Relation.ORDINAL,
            Names.ANCHORED,
            OpenPayoffs(frozenset(), read.orders),
        )
        if ranked.same and ranked.bijection and _pays_fixed(tree, read, ranked.bijection):
            return SketchComparison(read, True)
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
        return SketchComparison(read, None, too_long=True)
    return SketchComparison(read, found.same, "" if found.same else found.difference)


def _pays_fixed(tree: GameTree, read: SketchGame, match: Bijection) -> bool:
    """Whether players of whom no order is stated get the sketch's own numbers."""
    assert read.tree is not None
    ordered = {player for one in read.orders for row in one.places.values() for _, player in row}
    return all(
        tree.path_payoffs[node][player] == read.tree.path_payoffs[other][image]
        for node, other in match.nodes.items()
        if tree.is_terminal(node) and read.tree.is_terminal(other)
        for player, image in match.players.items()
        if image not in ordered
    )
