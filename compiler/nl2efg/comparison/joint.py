"""JointTree: a game tree in which several players may move at one node, for comparing games.

At a node of a :class:`JointTree` a *block* of information sets moves at once, and each child is
reached by one action of every set of the block. A :class:`~nl2efg.game.GameTree` is the case of
blocks of one set. Chance moves have no information sets: what chance may do at one node says
nothing about another, however the file groups them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from nl2efg.game import GameTree

Payoffs = tuple[Fraction, ...]
Place = tuple[int, int]
"""An action of the source tree: its information set and its position there."""


@dataclass(frozen=True, slots=True)
class JointTree:
    """A tree of joint moves; nodes are in preorder, and payoffs are path sums at terminals.

    Args:
        source: the tree that it comes from.
        parents: the parent of each node; -1 for the root.
        children: the children of each node, in order.
        blocks: the information sets that move at each node; empty at chance and terminal nodes.
        via: how each node is reached: one action for each set of its parent's block, in the
            block's order; empty below a chance move.
        probability: probability of the chance move that leads to each node, else None.
        payoffs: of each terminal node, else None.
        origin: the node of ``source`` that each node comes from.
        set_player: player of each information set.
        set_actions: actions of each information set.
        set_origin: the information sets of ``source`` that each one comes from.
        action_origin: for each action the actions of ``source`` that it stands for, in order.
    """

    source: GameTree
    parents: list[int]
    children: list[list[int]]
    blocks: list[tuple[int, ...]]
    via: list[tuple[int, ...]]
    probability: list[Fraction | None]
    payoffs: list[Payoffs | None]
    origin: list[int]
    set_player: list[int]
    set_actions: list[list[int]]
    set_origin: list[tuple[int, ...]]
    action_origin: list[tuple[Place, ...]]

    def __len__(self) -> int:
        return len(self.parents)

    def action_words(self, action: int) -> str:
        """The label of an action; ``a, then b`` where it stands for several moves."""
        sets = self.source.information_sets
        return ", then ".join(sets[own].actions[place] for own, place in self.action_origin[action])


def from_tree(tree: GameTree) -> JointTree:
    """The tree as it is: one information set a block, no chance sets, payoffs summed up."""
    set_player: list[int] = []
    set_actions: list[list[int]] = []
    set_origin: list[tuple[int, ...]] = []
    action_origin: list[tuple[Place, ...]] = []
    number_of: dict[int, int] = {}
    for own, information_set in enumerate(tree.information_sets):
        if information_set.is_chance:
            continue
        number_of[own] = len(set_player)
        first = len(action_origin)
        count = len(information_set.actions)
        set_player.append(information_set.player)
        set_actions.append(list(range(first, first + count)))
        set_origin.append((own,))
        action_origin.extend(((own, place),) for place in range(count))

    size = len(tree)
    blocks: list[tuple[int, ...]] = [()] * size
    via: list[tuple[int, ...]] = [()] * size
    probability: list[Fraction | None] = [None] * size
    for node, children in enumerate(tree.children):
        if not children:
            continue
        own = tree.set_of[node]
        chances = tree.information_sets[own].probabilities
        if chances is None:
            number = number_of[own]
            blocks[node] = (number,)
            for child, action in zip(children, set_actions[number], strict=True):
                via[child] = (action,)
        else:
            for child, chance in zip(children, chances, strict=True):
                probability[child] = chance
    totals = tree.path_payoffs
    return JointTree(
        source=tree,
        parents=list(tree.parents),
        children=[list(children) for children in tree.children],
        blocks=blocks,
        via=via,
        probability=probability,
        payoffs=[None if tree.children[node] else totals[node] for node in range(size)],
        origin=list(range(size)),
        set_player=set_player,
        set_actions=set_actions,
        set_origin=set_origin,
        action_origin=action_origin,
    )
