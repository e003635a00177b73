"""The sketch against the tree: what stage 1 read, and what the finished game has there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nl2efg.game import GameTree, find_history
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
    found = [_compare_set(infoset, tree) for infoset in sketch.information_sets]
    return found + [_compare_claim(claim, tree) for claim in sketch.claims]


def _words(histories: Sequence[Sequence[str]]) -> str:
    return " · ".join(", ".join(history) or "the start" for history in histories)


def _compare_set(own: SketchInformationSet, tree: GameTree) -> Compared:
    nodes = {node for history in own.histories for node in find_history(tree, history)}
    numbers = {tree.set_of[node] for node in nodes if not tree.is_terminal(node)}
    what = f"{own.player} chooses {', '.join(own.actions)}"
    sketch = _words(own.histories)
    if not nodes:
        return Compared(what, sketch, "no such history", False, None)
    if len(numbers) != 1 or any(tree.is_terminal(node) for node in nodes):
        count = len(numbers)
        return Compared(what, sketch, f"{count} information sets", False, min(nodes))
    members = tree.members[numbers.pop()]
    extra = len(set(members) - nodes)
    told = "the same nodes" if not extra else f"{extra} further nodes in the set"
    return Compared(what, sketch, told, not extra, min(nodes))


def _compare_claim(claim: SketchClaim, tree: GameTree) -> Compared:
    sketch = ", ".join(f"{part.player} {part.value}" for part in claim.payoffs)
    what = f"payoffs after {', '.join(claim.history) or 'the start'}"
    ends = [node for node in find_history(tree, claim.history) if tree.is_terminal(node)]
    if not ends:
        return Compared(what, sketch, "no such end", False, None)
    node = ends[0]
    paid = {
        name.casefold(): payoff
        for name, payoff in zip(tree.players, tree.path_payoffs[node], strict=True)
    }
    rows = zip(tree.players, tree.path_payoffs[node], strict=True)
    told = ", ".join(f"{name} {payoff}" for name, payoff in rows)
    agrees: bool | None = True
    for part in claim.payoffs:
        value = _exact(part.value)
        if value is None or part.player.casefold() not in paid:
            agrees = None
        elif paid[part.player.casefold()] != value:
            return Compared(what, sketch, told, False, node)
    return Compared(what, sketch, told, agrees, node)


def _exact(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
