"""What a player knows when it is their turn: nothing that another node of the set would deny."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nl2efg.game.knowledge_words import known_at
from nl2efg.game.model import GameTree

HIDDEN = "?"
"""Stands for a move that the player has not seen."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The turn of a player, as that player sees it.

    Args:
        player: the name.
        information_set: its index, which is the same at every node that the player cannot tell
            apart.
        label: the set's name; may be empty.
        actions: what may be done, in order.
        seen: the moves so far, with ``?`` for those that the player cannot know; empty where not
            even their number is known.
        own: the player's own moves so far, where they are remembered.
        where: what is known, in words, such as ``with J, after Check``.
    """

    player: str
    information_set: int
    label: str
    actions: tuple[str, ...]
    seen: tuple[str, ...]
    own: tuple[str, ...]
    where: str = ""

    @property
    def words(self) -> str:
        """The turn in words, as a language model or a person can be asked.

        Actions have their index before them, as labels may be empty or repeated.
        """
        known = self.where or self.label or "nothing of what happened"
        lines = [f"{self.player} is to choose.", f"Known: {known}."]
        if self.seen:
            hidden = f" ({HIDDEN} is a move that {self.player} has not seen)"
            told = ", ".join(self.seen)
            lines.append(f"Moves so far: {told}{hidden if HIDDEN in self.seen else ''}.")
        lines.append("Actions:")
        return "\n".join([*lines, *(f"{n}: {label}" for n, label in enumerate(self.actions))])


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
        known_at(tree, information_set),
    )


def _own_moves(tree: GameTree, node: int, player: int) -> tuple[str, ...]:
    return tuple(
        tree.action_label(step)
        for step in tree.path(node)[1:]
        if tree.player_of(tree.parents[step]) == player
    )
