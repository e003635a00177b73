"""networkx graphs there and back."""

from __future__ import annotations

from fractions import Fraction

import networkx
import pytest
from hypothesis import given

from nl2efg.errors import UserError
from nl2efg.formats import from_networkx, to_networkx
from nl2efg.game import GameTree
from tests.trees import ANY_LABELS, game_trees, kuhn


@pytest.mark.slow
@given(game_trees(labels=ANY_LABELS))
def test_there_and_back(tree: GameTree) -> None:
    graph = to_networkx(tree)
    assert from_networkx(graph) == tree
    assert networkx.is_arborescence(graph)


def test_attributes() -> None:
    tree = kuhn()
    graph = to_networkx(tree)
    assert graph.graph["players"] == ("Alice", "Bob")
    assert graph.nodes[0]["kind"] == "chance"
    assert graph.nodes[0]["player"] is None
    assert graph.nodes[2]["player"] == 0
    assert graph.nodes[2]["information_set_label"] == "0-open"
    assert graph.edges[0, 1] == {"action": "0", "position": 0, "probability": Fraction(1, 3)}
    leaf = tree.terminals[0]
    assert graph.nodes[leaf]["payoffs"] == (-1, 1)
    assert graph.nodes[leaf]["information_set"] is None


def test_renamed_nodes_in_another_order() -> None:
    graph = to_networkx(kuhn())
    renamed = networkx.relabel_nodes(graph, {node: f"n{node}" for node in graph})
    shuffled = networkx.DiGraph(**renamed.graph)
    shuffled.add_nodes_from(reversed(list(renamed.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(renamed.edges(data=True))))
    assert from_networkx(shuffled) == kuhn()


def test_what_is_no_game_tree() -> None:
    with pytest.raises(UserError, match="one root"):
        from_networkx(networkx.DiGraph())
    graph = to_networkx(kuhn())
    graph.remove_edge(0, 1)
    with pytest.raises(UserError, match="one root"):
        from_networkx(graph)
    graph = to_networkx(kuhn())
    del graph.nodes[3]["outcome"]
    with pytest.raises(UserError, match="outcome"):
        from_networkx(graph)
    graph = to_networkx(kuhn())
    graph.remove_node(57)
    with pytest.raises(UserError, match="no game tree"):
        from_networkx(graph)
