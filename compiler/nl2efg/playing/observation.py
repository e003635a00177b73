"""What a player knows when it is his turn: nothing that another node of his set would deny."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nl2efg.game.model import GameTree

HIDDEN = "?"
"""Stands for a move that the player has not seen."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The turn of a player, as he sees it.

    Args:
        player: his name.
        information_set: its index, which is the same at every node he cannot tell apart.
        label: its name; may be empty.
        actions: what he may do, in order.
        seen: the moves so far, with ``?`` for those that he cannot know; empty where he does not
            even know how many there were.
        own: his own moves so far, where he remembers them.
    """

    player: str
    information_set: int
    label: str
    actions: tuple[str, ...]
    seen: tuple[str, ...]
    own: tuple[str, ...]


Agent = Callable[[Observation], str | int]
"""Plays: given what a player sees, the label of an action or its index."""


def observe(tree: GameTree, information_set: int) -> Observation:
    """What the player of an information set sees.

    Args:
        tree: the game.
        information_set: its index; of a player, not of chance.
    """
    infoset = tree.information_sets[information_set]
    members = tree.members[information_set]
    histories = [tree.history(node) for node in members]
    lengths = {len(history) for history in histories}
    seen = (
        tuple(
            moves[0] if len(set(moves)) == 1 else HIDDEN for moves in zip(*histories, strict=True)
        )
        if len(lengths) == 1
        else ()
    )
    own = {_own_moves(tree, node, infoset.player) for node in members}
    return Observation(
        tree.players[infoset.player],
        information_set,
        infoset.label,
        infoset.actions,
        seen,
        own.pop() if len(own) == 1 else (),
    )


def _own_moves(tree: GameTree, node: int, player: int) -> tuple[str, ...]:
    return tuple(
        tree.action_label(step)
        for step in tree.path(node)[1:]
        if tree.player_of(tree.parents[step]) == player
    )
