"""Which row a node is drawn in: information sets on one row, wherever the tree allows it."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.drawing.view import Along
from nl2efg.game import GameTree
from nl2efg.game.analysis import is_met_twice

ROUNDS_OF_CARE = 12
"""How often a cycle is opened at one information set alone, before all in it are."""


def assign_rows(
    tree: GameTree, visible: Sequence[int], along: Along = "depth"
) -> tuple[dict[int, int], set[int]]:
    """The row of each visible node, and the information sets whose members share one.

    A row is the longest way down to any member of the node's information set. Sets that a path
    meets twice, and as many as are needed of those that come in different orders on different
    paths, cannot have one row and are left alone.

    Args:
        tree: the game.
        visible: nodes in the picture, in preorder; with a node its parent and its siblings.
        along: ``"depth"``: as above; ``"time"``: terminal nodes all in the last row.
    """
    shown: dict[int, list[int]] = {}
    for node in visible:
        if tree.player_of(node) not in (None, -1):
            shown.setdefault(tree.set_of[node], []).append(node)
    aligned = {
        number
        for number, members in shown.items()
        if len(members) > 1 and not is_met_twice(tree, members)
    }
    for round_ in range(ROUNDS_OF_CARE + 1):
        rows, stuck = _longest_paths(tree, visible, aligned)
        if not stuck:
            break
        careful = round_ < ROUNDS_OF_CARE
        aligned -= {min(stuck, key=lambda n: (len(shown[n]), n))} if careful else stuck
    if along == "time":
        last = max(rows.values())
        rows.update((node, last) for node in visible if tree.is_terminal(node))
    return rows, aligned


def _longest_paths(
    tree: GameTree, visible: Sequence[int], aligned: set[int]
) -> tuple[dict[int, int], set[int]]:
    """Rows, and the aligned sets that lie on a cycle or between two (if any)."""
    group = {n: -1 - tree.set_of[n] if tree.set_of[n] in aligned else n for n in visible}
    after: dict[int, list[int]] = {own: [] for own in group.values()}
    before: dict[int, list[int]] = {own: [] for own in group.values()}
    for node in visible:
        if node:
            above, own = group[tree.parents[node]], group[node]
            after[above].append(own)
            before[own].append(above)
    row = dict.fromkeys(after, 0)
    done = _peel(after, before, row)
    if len(done) == len(after):
        return {node: row[own] for node, own in group.items()}, set()
    rest = after.keys() - done
    backwards = _peel(
        {own: [n for n in before[own] if n in rest] for own in rest},
        {own: [n for n in after[own] if n in rest] for own in rest},
        dict.fromkeys(rest, 0),
    )
    return {}, {-1 - own for own in rest - backwards if own < 0}


def _peel(
    after: dict[int, list[int]], before: dict[int, list[int]], row: dict[int, int]
) -> set[int]:
    """Kahn's topological order; fills in ``row`` and returns what it reached."""
    missing = {own: len(above) for own, above in before.items()}
    ready = [own for own, count in missing.items() if not count]
    done = set()
    while ready:
        own = ready.pop()
        done.add(own)
        for below in after[own]:
            row[below] = max(row[below], row[own] + 1)
            missing[below] -= 1
            if not missing[below]:
                ready.append(below)
    return done
