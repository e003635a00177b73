"""To and from networkx.

Graph attributes: ``title``, ``comment`` and ``players`` (a tuple of names).

Node attributes; nodes are the numbers of the tree, the root is 0:

- ``kind``: ``"decision"``, ``"chance"`` or ``"terminal"``;
- ``label``: the node's name;
- ``player``: index into ``players`` of who decides; None elsewhere;
- ``information_set``: number of the information set, None at a terminal node; nodes of one set
  have the same number;
- ``information_set_label``: its name, None at a terminal node;
- ``outcome``: number of the outcome attached here, or None; ``outcome_label``, its name;
- ``payoffs``: tuple of Fractions, the outcome's, or None.

Edge attributes: ``action``, its label; ``position``, its place among the actions, from 0;
``probability``, a Fraction after a chance node and None elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nl2efg.errors import UserError
from nl2efg.game.builder import TreeBuilder
from nl2efg.game.model import NO_OUTCOME, NO_SET, GameTree

if TYPE_CHECKING:
    import networkx


def to_networkx(tree: GameTree) -> networkx.DiGraph[int]:
    """The tree as a directed graph; the module's docstring lists the attributes."""
    import networkx

    graph: networkx.DiGraph[int] = networkx.DiGraph(
        title=tree.title, comment=tree.comment, players=tree.players
    )
    for node, number in enumerate(tree.set_of):
        graph.add_node(node, **_node_attributes(tree, node))
        if number == NO_SET:
            continue
        infoset = tree.information_sets[number]
        for position, child in enumerate(tree.children[node]):
            graph.add_edge(
                node,
                child,
                action=infoset.actions[position],
                position=position,
                probability=None
                if infoset.probabilities is None
                else infoset.probabilities[position],
            )
    return graph


def from_networkx(graph: networkx.DiGraph[Any]) -> GameTree:
    """The tree of a graph with the attributes that :func:`to_networkx` writes.

    Nodes may have any names; they are numbered afresh in preorder. Of an information set and of
    an outcome, the first node found says what they are.
    ``from_networkx(to_networkx(tree)) == tree``.

    Raises:
        UserError: the graph is no game tree, or lacks an attribute.
    """
    roots = [node for node, degree in graph.in_degree() if degree == 0]
    if len(roots) != 1 or graph.number_of_edges() != graph.number_of_nodes() - 1:
        raise UserError("the graph is no game tree: it needs one root and a single path to a node")
    try:
        return _built(graph, roots[0])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"the graph is no game tree: {error}") from error


def _node_attributes(tree: GameTree, node: int) -> dict[str, Any]:
    number, at = tree.set_of[node], tree.outcome_of[node]
    own = None if number == NO_SET else tree.information_sets[number]
    outcome = None if at == NO_OUTCOME else tree.outcomes[at]
    kind = "terminal" if own is None else "chance" if own.is_chance else "decision"
    return {
        "kind": kind,
        "label": tree.node_labels[node],
        "player": own.player if own is not None and not own.is_chance else None,
        "information_set": None if own is None else number,
        "information_set_label": None if own is None else own.label,
        "outcome": None if outcome is None else at,
        "outcome_label": None if outcome is None else outcome.label,
        "payoffs": None if outcome is None else outcome.payoffs,
    }


def _built(graph: networkx.DiGraph[Any], root: Any) -> GameTree:
    builder = TreeBuilder(graph.graph["players"], graph.graph["title"], graph.graph["comment"])
    sets: dict[Any, int] = {}
    outcomes: dict[Any, int] = {}
    stack = [(root, 0)]
    reached = 0
    while stack:
        name, handle = stack.pop()
        reached += 1
        attributes = graph.nodes[name]
        builder.set_label(handle, attributes["label"])
        if attributes["outcome"] is not None:
            if attributes["outcome"] not in outcomes:
                outcomes[attributes["outcome"]] = builder.outcome(
                    attributes["payoffs"], attributes["outcome_label"]
                )
            builder.set_outcome(handle, outcomes[attributes["outcome"]])
        edges = sorted(graph.out_edges(name, data=True), key=lambda edge: edge[2]["position"])
        if not edges:
            continue
        if attributes["information_set"] not in sets:
            actions = [edge["action"] for _, _, edge in edges]
            label = attributes["information_set_label"]
            sets[attributes["information_set"]] = (
                builder.chance(actions, [edge["probability"] for _, _, edge in edges], label)
                if attributes["kind"] == "chance"
                else builder.information_set(attributes["player"], actions, label)
            )
        children = builder.move(handle, sets[attributes["information_set"]])
        stack.extend((child, below) for (_, child, _), below in zip(edges, children, strict=True))
    if reached != graph.number_of_nodes():
        raise ValueError("not every node can be reached from the root")
    return builder.build()
