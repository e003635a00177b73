"""The outline of a tree: its nodes gathered into steps, for telling and for drawing.

Branches whose subtrees have the same form (the same movers, actions and shape, whatever the
payoffs, information sets and probabilities) are gathered into one step. What tells the nodes of a
step apart are its coordinates: the earlier steps at which the branches were gathered. A step
with k coordinates has at least 2**k nodes, so all rows together are in O(n log n).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nl2efg.game.model import CHANCE, NO_SET, GameTree


@dataclass(slots=True)
class Step:
    """Nodes at which the same happens.

    Args:
        number: from 0, in preorder of the outline.
        nodes: in preorder of the tree; all terminal, or all with the same mover.
        parent: the step before it; None for the first.
        through: positions of the actions at ``parent`` that lead here.
        coordinates: numbers of the earlier steps in whose labels the nodes differ.
        rows: for each node its labels at the coordinates.
        children: numbers of the following steps.
    """

    number: int
    nodes: list[int]
    parent: int | None = None
    through: tuple[int, ...] = ()
    coordinates: tuple[int, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    children: list[int] = field(default_factory=list)


def outline(tree: GameTree) -> list[Step]:
    """The steps of a tree, in preorder; the first holds the root alone."""
    forms = _forms(tree)
    steps: list[Step] = []
    stack = [Step(0, [0], rows=[()])]
    while stack:
        step = stack.pop()
        step.number = len(steps)
        steps.append(step)
        if step.parent is not None:
            steps[step.parent].children.append(step.number)
        stack.extend(reversed(list(_following(tree, step, forms))))
    return steps


def _following(tree: GameTree, step: Step, forms: list[int]) -> Iterable[Step]:
    """The steps after a step, not yet numbered."""
    by_form: dict[int, list[int]] = {}
    for place, child in enumerate(tree.children[step.nodes[0]]):
        by_form.setdefault(forms[child], []).append(place)
    for places in by_form.values():
        labels = {
            tree.information_sets[tree.set_of[node]].actions[place]
            for node in step.nodes
            for place in places
        }
        varies = len(places) > 1 or len(labels) > 1
        nodes: list[int] = []
        rows: list[tuple[str, ...]] = []
        for node, row in zip(step.nodes, step.rows, strict=True):
            actions = tree.information_sets[tree.set_of[node]].actions
            for place in places:
                nodes.append(tree.children[node][place])
                rows.append((*row, actions[place]) if varies else row)
        coordinates = (*step.coordinates, step.number) if varies else step.coordinates
        yield Step(-1, nodes, step.number, tuple(places), coordinates, rows)


def _forms(tree: GameTree) -> list[int]:
    """For each node the number of its subtree's form; equal numbers mean equal forms.

    The labels of a chance move count only where its branches differ in form: a second draw from
    a deck has the same form whatever was drawn first.
    """
    forms = [0] * len(tree)
    known: dict[tuple[object, ...], int] = {}
    for node in range(len(tree) - 1, -1, -1):
        number = tree.set_of[node]
        if number == NO_SET:
            continue
        infoset = tree.information_sets[number]
        below = tuple(forms[child] for child in tree.children[node])
        # A chance move with one action is told apart by its label: it gathers nothing, and a
        # coordinate for each of a chain of them would make the rows quadratic.
        alike = infoset.player == CHANCE and len(below) > 1 and len(set(below)) == 1
        key = (infoset.player, len(below) if alike else infoset.actions, below)
        forms[node] = known.setdefault(key, len(known) + 1)
    return forms


def needed(
    rows: Iterable[tuple[str, ...]], values: Iterable[object], width: int
) -> tuple[int, ...]:
    """Positions of the coordinates on which the values depend: a smallest set by leaving out.

    Args:
        rows: labels at the coordinates.
        values: one hashable value for each row.
        width: the number of coordinates.
    """
    pairs = list(zip(rows, values, strict=True))
    kept = list(range(width))
    for place in range(width):
        fewer = [other for other in kept if other != place]
        seen: dict[tuple[str, ...], object] = {}
        if all(seen.setdefault(tuple(row[k] for k in fewer), v) == v for row, v in pairs):
            kept = fewer
    return tuple(kept)
