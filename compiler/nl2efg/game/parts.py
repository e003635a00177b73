"""Parts of a game as games of their own."""

from __future__ import annotations

from nl2efg.game.model import NO_SET, GameTree


def part_below(tree: GameTree, root: int) -> tuple[GameTree, list[int]]:
    """The tree below a node as a game of its own, and the index of each of its sets in the whole.

    What is paid on the way to the node is left out. Information sets that go on elsewhere keep the
    nodes that are below.

    Args:
        tree: the game.
        root: the node, which becomes node 0; the others keep their order.
    """
    nodes = range(root, tree.subtree_end[root])
    rows: dict[int, int] = {}
    for node in nodes:
        if tree.set_of[node] != NO_SET:
            rows.setdefault(tree.set_of[node], len(rows))
    part = GameTree(
        players=tree.players,
        information_sets=tuple(tree.information_sets[index] for index in rows),
        outcomes=tree.outcomes,
        parents=tuple(tree.parents[node] - root if node > root else -1 for node in nodes),
        set_of=tuple(rows.get(tree.set_of[node], NO_SET) for node in nodes),
        outcome_of=tuple(tree.outcome_of[node] for node in nodes),
        node_labels=tuple(tree.node_labels[node] for node in nodes),
        title=tree.title,
    )
    return part, list(rows)
