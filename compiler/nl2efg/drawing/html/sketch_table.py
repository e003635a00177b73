"""The sketch against the tree: what stage 1 read, and what the finished game has there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from nl2efg.game import GameTree
from nl2efg.game.effort import EffortError
from nl2efg.game.numbers import exact_number
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.sketch import Sketch, SketchClaim, SketchInformationSet

MAX_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison.

    Args:
        what: an information set or a claim, in words.
        sketch: what the sketch says.
        tree: what the tree has.
        agrees: whether they are the same; None if that cannot be told.
        node: a node of the tree that is meant, or None.
    """

    what: str
    sketch: str
    tree: str
    agrees: bool | None
    node: int | None


def compare_sketch(sketch: Sketch, tree: GameTree) -> list[Compared]:
    """Each information set and each claim of the sketch beside what the tree has."""
    if len(tree) > MAX_NODES:
        return []
    match = SketchMatch(tree, sketch)
    found: list[Compared] = []
    # Where the sketch is too large to be laid over the game, the table ends.
    with suppress(EffortError):
        for infoset in sketch.information_sets:
            found.append(_compare_set(infoset, match))
        for claim in sketch.claims:
            found.append(_compare_claim(claim, match))
    return found


def _words(histories: Sequence[Sequence[str]]) -> str:
    return " · ".join(", ".join(history) or "the start" for history in histories)


def _compare_set(own: SketchInformationSet, match: SketchMatch) -> Compared:
    tree = match.tree
    nodes = {node for history in own.histories for node in match.nodes(history)}
    numbers = {tree.set_of[node] for node in nodes if not tree.is_terminal(node)}
    what = f"{own.player} chooses {', '.join(own.actions)}"
    sketch = _words(own.histories)
    if not nodes:
        return Compared(what, sketch, "no such history", False, None)
    if len(numbers) != 1 or any(tree.is_terminal(node) for node in nodes):
        count = len(numbers)
        return Compared(what, sketch, f"{count} information sets", False, min(nodes))
    members = tree.members[numbers.pop()]
    match.spend(len(members))
    extra = len(set(members) - nodes)
    told = "the same nodes" if not extra else f"{extra} further nodes in the set"
    return Compared(what, sketch, told, not extra, min(nodes))


def _compare_claim(claim: SketchClaim, match: SketchMatch) -> Compared:
    tree = match.tree
    sketch = ", ".join(f"{part.player} {part.value}" for part in claim.payoffs)
    what = f"payoffs after {', '.join(claim.history) or 'the start'}"
    ends = [node for node in match.nodes(claim.history) if tree.is_terminal(node)]
    if not ends:
        return Compared(what, sketch, "no such end", False, None)
    node = ends[0]
    paid = tree.path_payoffs[node]
    match.spend(len(paid))
    told = ", ".join(f"{name} {payoff}" for name, payoff in zip(tree.players, paid, strict=True))
    agrees: bool | None = True
    for part in claim.payoffs:
        value, player = exact_number(part.value), match.player(part.player)
        if value is None or player is None:
            agrees = None
        elif paid[player] != value:
            return Compared(what, sketch, told, False, node)
    return Compared(what, sketch, told, agrees, node)
