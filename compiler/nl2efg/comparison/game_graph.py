"""The coloured graph whose isomorphisms are the isomorphisms of games.

Its vertices are the nodes, the players, and those information sets (with their actions) that
couple several nodes or several moves. Colours and edge labels depend on nothing that a renaming
or reordering changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nl2efg.comparison.joint import JointTree
from nl2efg.comparison.naming import Hints
from nl2efg.comparison.payoffs import Label, Labels

Edges = list[tuple[int, int]]

_PARENT, _CHILD, _MOVER, _MOVES, _PAYS, _PAID, _SET, _MEMBER, _VIA, _LEADS, _OF, _HAS = range(12)
_KINDS = 12


@dataclass(frozen=True, slots=True)
class GameGraph:
    """A coloured graph with labelled edges.

    Args:
        edges: for each vertex its neighbours, each with the label of the edge as that vertex
            sees it. The other end sees a label of its own that determines this one.
        colours: a colour for each vertex, from 0, in an order that no renaming changes.
        players: vertex of the first player; the others follow. Nodes come first.
        set_vertex: vertex of each coupled information set.
        action_vertex: vertex of each action of a coupled information set.
    """

    edges: list[Edges]
    colours: list[int]
    players: int
    set_vertex: dict[int, int]
    action_vertex: dict[int, int]


def game_graph(
    tree: JointTree,
    payoffs: Sequence[Labels | None],
    hints: Hints | None = None,
) -> GameGraph:
    """The graph of a tree with normalised payoffs.

    Args:
        hints: further colours that an isomorphism must keep: names.
    """
    size, players = len(tree), len(tree.source.players)
    coupled = _coupled_sets(tree)
    set_vertex = {own: size + players + place for place, own in enumerate(coupled)}
    first_action = size + players + len(coupled)
    actions = [action for own in coupled for action in tree.set_actions[own]]
    action_vertex = {action: first_action + place for place, action in enumerate(actions)}
    graph = _Edges(first_action + len(actions))
    probability_rank = _ranks(chance for chance in tree.probability if chance is not None)
    payoff_rank = _ranks(value for own in payoffs if own is not None for value in own)

    for node in range(size):
        parent = tree.parents[node]
        if parent >= 0:
            chance = tree.probability[node]
            rank = 0 if chance is None else 1 + probability_rank[chance]
            graph.join(node, parent, _PARENT, _CHILD, rank)
        for own in tree.blocks[node]:
            if own in set_vertex:
                graph.join(node, set_vertex[own], _SET, _MEMBER)
            else:
                graph.join(node, size + tree.set_player[own], _MOVER, _MOVES)
        for action in tree.via[node]:
            if action in action_vertex:
                graph.join(node, action_vertex[action], _VIA, _LEADS)
        for player, value in enumerate(payoffs[node] or ()):
            graph.join(node, size + player, _PAYS, _PAID, payoff_rank[value])
    for own in coupled:
        graph.join(set_vertex[own], size + tree.set_player[own], _MOVER, _MOVES)
        for action in tree.set_actions[own]:
            graph.join(action_vertex[action], set_vertex[own], _OF, _HAS)

    keys: list[tuple[Any, ...]] = _node_keys(tree, payoffs, payoff_rank)
    keys += _player_keys(tree, payoffs, payoff_rank)
    keys += [(2, len(tree.set_actions[own])) for own in coupled]
    keys += [(3,)] * len(actions)
    if hints is not None:
        _add_hints(tree, keys, hints, action_vertex)
    return GameGraph(graph.edges, _dense(keys), size, set_vertex, action_vertex)


class _Edges:
    def __init__(self, vertices: int) -> None:
        self.edges: list[Edges] = [[] for _ in range(vertices)]

    def join(
        self, first: int, second: int, from_first: int, from_second: int, rank: int = 0
    ) -> None:
        self.edges[first].append((second, from_first + _KINDS * rank))
        self.edges[second].append((first, from_second + _KINDS * rank))


def _coupled_sets(tree: JointTree) -> list[int]:
    """Sets with several nodes, or that share a node: only their actions tie children together."""
    seen: set[int] = set()
    coupled: set[int] = set()
    for block in tree.blocks:
        if len(block) > 1:
            coupled.update(block)
        for own in block:
            if own in seen:
                coupled.add(own)
            seen.add(own)
    return sorted(coupled)


def _node_keys(
    tree: JointTree, payoffs: Sequence[Labels | None], rank: dict[Label, int]
) -> list[tuple[Any, ...]]:
    size = len(tree)
    depth = [0] * size
    for node in range(1, size):
        depth[node] = depth[tree.parents[node]] + 1
    weight = [1] * size
    for node in range(size - 1, 0, -1):
        weight[tree.parents[node]] += weight[node]
    keys: list[tuple[Any, ...]] = []
    for node in range(size):
        own = payoffs[node]
        kind: tuple[int, ...]
        if own is None:
            kind = (len(tree.blocks[node]), len(tree.children[node]))
        else:
            kind = (-1, *sorted(rank[value] for value in own))
        keys.append((0, depth[node], weight[node], kind))
    return keys


def _player_keys(
    tree: JointTree, payoffs: Sequence[Labels | None], rank: dict[Label, int]
) -> list[tuple[Any, ...]]:
    players = range(len(tree.source.players))
    moves = [0 for _ in players]
    for block in tree.blocks:
        for own in block:
            moves[tree.set_player[own]] += 1
    received: list[list[int]] = [[] for _ in players]
    for own_payoffs in payoffs:
        for player, value in enumerate(own_payoffs or ()):
            received[player].append(rank[value])
    return [(1, moves[player], tuple(sorted(received[player]))) for player in players]


def _add_hints(
    tree: JointTree,
    keys: list[tuple[Any, ...]],
    hints: Hints,
    action_vertex: dict[int, int],
) -> None:
    """Colour players, and actions or the nodes that they and chance lead to, by their names."""
    size = len(tree)
    for player, hint in enumerate(hints.players):
        keys[size + player] += (hint,)
    for action, vertex in action_vertex.items():
        keys[vertex] += (hints.actions[action],)
    for node in range(size):
        names = tuple(sorted(hints.actions[action] for action in tree.via[node]))
        keys[node] += (names or hints.nodes[node],)


def _ranks(values: Iterable[Label]) -> dict[Label, int]:
    return {value: rank for rank, value in enumerate(sorted(set(values)))}


def _dense(keys: list[tuple[Any, ...]]) -> list[int]:
    """Colours from 0 in the order of the keys; keys are compared only within their kind."""
    rank = {key: place for place, key in enumerate(sorted(set(keys)))}
    return [rank[key] for key in keys]
