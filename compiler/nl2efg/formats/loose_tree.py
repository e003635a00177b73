"""A tree as drawing programs write it, node by node in any order, made a GameTree.

Such files name moves at the nodes that they lead to, and information sets at their members, so
members must agree in their moves; where they list the same moves in another order, the first
member's order holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn

from nl2efg.errors import FormatError
from nl2efg.game.builder import TreeBuilder
from nl2efg.game.model import CHANCE, GameTree
from nl2efg.game.rounded_probabilities import unrounded


@dataclass(slots=True)
class LooseNode:
    """A node of a file.

    Args:
        line: where it stands, from 1.
        label: of the move that leads to it.
        probability: of that move, if it is one of chance.
        player: who moves here, from 0, or ``CHANCE``; None if it is not said.
        infoset: names its information set; None for one of its own.
        infoset_label: the set's name for people.
        payoffs: one for each player, or None.
        outcome_label, node_label: names.
        children: the following nodes, in order.
    """

    line: int
    label: str = ""
    probability: Fraction | None = None
    player: int | None = None
    infoset: object = None
    infoset_label: str = ""
    payoffs: tuple[Fraction, ...] | None = None
    outcome_label: str = ""
    node_label: str = ""
    children: list[LooseNode] = field(default_factory=list)


def tree_of(
    root: LooseNode, players: Sequence[str], *, title: str = "", source: str = ""
) -> GameTree:
    """The game tree below a node.

    Args:
        root: the first node.
        players: their names.
        title: of the game.
        source: the file's name, for messages.

    Raises:
        FormatError: it is not said who moves, payoffs are too many or too few, members of an
            information set have different moves, or probabilities are missing.
    """
    return _Assembly(players, title, source).tree(root)


class _Assembly:
    def __init__(self, players: Sequence[str], title: str, source: str) -> None:
        self._builder = TreeBuilder(players, title)
        self._source = source
        self._sets: dict[object, tuple[int, LooseNode]] = {}  # with the first member

    def tree(self, root: LooseNode) -> GameTree:
        stack = [(root, 0)]
        while stack:
            node, handle = stack.pop()
            self._pay(node, handle)
            if node.node_label:
                self._builder.set_label(handle, node.node_label)
            if node.children:
                children, infoset = self._chance(node) if node.player == CHANCE else self._set(node)
                below = zip(children, self._builder.move(handle, infoset), strict=True)
                stack.extend(reversed(list(below)))
        return self._builder.build()

    def _fail(self, node: LooseNode, message: str, hint: str = "") -> NoReturn:
        raise FormatError(message, source=self._source, line=node.line, hint=hint)

    def _pay(self, node: LooseNode, handle: int) -> None:
        if node.payoffs is None:
            return
        count = len(self._builder.players)
        if len(node.payoffs) != count:
            self._fail(node, f"{len(node.payoffs)} payoffs are given for {count} players")
        self._builder.pay(handle, node.payoffs, node.outcome_label)

    def _chance(self, node: LooseNode) -> tuple[list[LooseNode], int]:
        given: list[Fraction] = []
        for child in node.children:
            if child.probability is None:
                self._fail(child, "the probability of this move of chance is not given")
            given.append(child.probability)
        labels = [child.label for child in node.children]
        return node.children, self._builder.chance(labels, unrounded(given)[0], node.infoset_label)

    def _set(self, node: LooseNode) -> tuple[list[LooseNode], int]:
        if node.player is None or not 0 <= node.player < len(self._builder.players):
            self._fail(node, "it is not said who moves at this node")
        labels = [child.label for child in node.children]
        known = self._sets.get(node.infoset) if node.infoset is not None else None
        if known is None:
            handle = self._builder.information_set(node.player, labels, node.infoset_label)
            if node.infoset is not None:
                self._sets[node.infoset] = handle, node
            return node.children, handle
        handle, first = known
        if first.player != node.player:
            self._fail(node, "two players are said to move in one information set")
        wanted = [child.label for child in first.children]
        if labels == wanted:
            return node.children, handle
        if sorted(labels) != sorted(wanted) or len(set(labels)) < len(labels):
            self._fail(
                node,
                f"the moves here are {', '.join(labels)}, but {', '.join(wanted)} at line "
                f"{first.line}, in the same information set",
            )
        by_label = {child.label: child for child in node.children}
        return [by_label[label] for label in wanted], handle
