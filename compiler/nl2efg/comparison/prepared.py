"""A tree made ready for comparison at one level of structure and one relation of payoffs."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from nl2efg.comparison.canonical import (
    Form,
    canonical_order,
    equitable_partition,
    partition_signature,
)
from nl2efg.comparison.game_graph import GameGraph, game_graph
from nl2efg.comparison.joint import JointTree, from_tree
from nl2efg.comparison.naming import Hints
from nl2efg.comparison.payoffs import OPEN, Label, Labels, Relation, normalised_payoffs
from nl2efg.comparison.reduction import reduce_tree
from nl2efg.comparison.refinement import Budget, Partition
from nl2efg.errors import UserError
from nl2efg.game import GameTree


class Structure(StrEnum):
    """How the structures of two games must agree; see :func:`nl2efg.compare`."""

    IDENTICAL = "identical"
    ISOMORPHIC = "isomorphic"
    STRATEGIC = "strategic"


def as_structure(name: str) -> Structure:
    """The level of structure of that name.

    Raises:
        UserError: there is none.
    """
    try:
        return Structure(name)
    except ValueError:
        raise UserError(
            f"there is no level of structure {name!r}",
            hint=f"choose one of {', '.join(Structure)}",
        ) from None


@dataclass(frozen=True)
class PreparedGame:
    """A tree in the form in which it is compared, and the work that may still be spent on it.

    Args:
        joint: the tree, reduced if ``structure`` asks for it.
        payoffs: of its terminal nodes, normalised for ``relation``.
        hints: names that an isomorphism must keep, if any.
    """

    joint: JointTree
    payoffs: list[Labels | None]
    structure: Structure
    relation: Relation
    budget: Budget
    hints: Hints | None = None

    @cached_property
    def graph(self) -> GameGraph:
        """Its coloured graph."""
        return game_graph(self.joint, self.payoffs, self.hints)

    @cached_property
    def partition(self) -> Partition:
        """What colour refinement tells apart in the graph.

        Raises:
            OutOfBudgetError: the tree is too large for the budget.
        """
        return equitable_partition(self.graph, self.budget)

    @cached_property
    def signature(self) -> Form:
        """What colour refinement says of it: games with different signatures are different.

        Raises:
            OutOfBudgetError: the tree is too large for the budget.
        """
        return partition_signature(self.graph, self.partition)

    @cached_property
    def layout(self) -> Layout:
        """Its canonical layout.

        Raises:
            OutOfBudgetError: the tree is too symmetric for the budget.
        """
        return lay_out(self)


def is_same(first: PreparedGame, second: PreparedGame) -> bool:
    """Whether two prepared games are isomorphic, hints kept.

    Raises:
        OutOfBudgetError: they are too large or too symmetric for the budget.
    """
    return first.signature == second.signature and first.layout.text == second.layout.text


def prepare(
    tree: GameTree,
    structure: Structure,
    relation: Relation,
    budget: Budget,
    open_places: Set[tuple[int, int]] = frozenset(),
) -> PreparedGame:
    """Make a tree ready.

    Args:
        open_places: nodes and players whose payoffs are not compared.

    Raises:
        OutOfBudgetError: reducing it takes more than the budget.
    """
    joint = from_tree(tree)
    if structure is Structure.STRATEGIC:
        joint = reduce_tree(joint, budget)
    labels = normalised_payoffs(joint, relation, open_places)
    return PreparedGame(joint, labels, structure, relation, budget)


@dataclass(frozen=True)
class Layout:
    """A game in canonical order.

    Args:
        text: the canonical form: equal exactly for isomorphic games.
        players, nodes, sets, actions: those of the prepared tree, in canonical order.
    """

    text: str
    players: list[int]
    nodes: list[int]
    sets: list[int]
    actions: list[int]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256(self.text.encode()).hexdigest()


def lay_out(game: PreparedGame) -> Layout:
    """Write a game down in the canonical order of its graph.

    Raises:
        OutOfBudgetError: the graph is too symmetric for the budget.
    """
    tree, graph = game.joint, game.graph
    place = [0] * len(graph.edges)
    for number, vertex in enumerate(canonical_order(graph, game.partition, game.budget)):
        place[vertex] = number
    players = sorted(range(len(tree.source.players)), key=lambda own: place[graph.players + own])
    player_number = {own: number for number, own in enumerate(players)}
    sets: dict[int, int] = {}
    actions: dict[int, int] = {}
    nodes: list[int] = []
    lines = [f"{game.structure} {game.relation} {len(players)}"]
    waiting = [0]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        via = [(actions[action], action) for action in tree.via[node]]
        words = ["/".join(str(number) for number, _ in sorted(via))]
        chance = tree.probability[node]
        if chance is not None:
            words.append(f"@{chance}")
        payoffs = game.payoffs[node]
        if payoffs is not None:
            words.append("t " + " ".join(_payoff_words(payoffs[own]) for own in players if payoffs))
        block = sorted(tree.blocks[node], key=lambda own: _set_place(tree, graph, place, own))
        for own in block:
            if own not in sets:
                sets[own] = len(sets)
                for action in _ordered_actions(tree, graph, place, node, own):
                    actions[action] = len(actions)
            words.append(f"{player_number[tree.set_player[own]]}:{sets[own]}")
        lines.append(" ".join(words) + f" {len(tree.children[node])}")
        waiting.extend(_ordered_children(tree, actions, place, node))
    return Layout("\n".join(lines), players, nodes, list(sets), list(actions))


def _payoff_words(value: Label) -> str:
    return "?" if value == OPEN else str(value)


def _set_place(tree: JointTree, graph: GameGraph, place: Sequence[int], own: int) -> int:
    # A set without a vertex is alone at its only node, so any number will do.
    return place[graph.set_vertex[own]] if own in graph.set_vertex else 0


def _ordered_actions(
    tree: JointTree, graph: GameGraph, place: Sequence[int], node: int, own: int
) -> list[int]:
    found = tree.set_actions[own]
    if own in graph.set_vertex:
        return sorted(found, key=lambda action: place[graph.action_vertex[action]])
    leads = {tree.via[child][0]: place[child] for child in tree.children[node]}
    return sorted(found, key=leads.__getitem__)


def _ordered_children(
    tree: JointTree, actions: dict[int, int], place: Sequence[int], node: int
) -> list[int]:
    """The children, last first."""
    return sorted(
        tree.children[node],
        key=lambda child: (sorted(actions[action] for action in tree.via[child]), place[child]),
        reverse=True,
    )
