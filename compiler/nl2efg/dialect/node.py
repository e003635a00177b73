"""``Node``: a node of a game under construction.

A node carries the names and attributes that pygambit gives it, 16.0 to 17; what changes the tree
is in :mod:`nl2efg.dialect.moves` and its siblings, and is only called from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.elements import Action, Infoset, Labelled, Outcome, Player
from nl2efg.dialect.lookup import Items
from nl2efg.dialect.session import refuse

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


@dataclass(slots=True)
class SourceLines:
    """The lines of the program (from 1; 0 where there is none) that made a node what it is.

    Args:
        move: where its move was made.
        infoset: where it joined its information set.
        outcome: where it got its outcome.
    """

    move: int = 0
    infoset: int = 0
    outcome: int = 0


class Node(Labelled):
    """A node. A new one is terminal; a move makes it a decision or a chance node.

    Args:
        game: its game.
        parent: the node above; None for the root.
    """

    __slots__ = (
        "__weakref__",
        "_children",
        "_infoset",
        "_lines",
        "_outcome",
        "_parent",
        "game",
    )

    def __init__(self, game: Game, parent: Node | None) -> None:
        self.game = game
        self._parent = parent
        self._children: list[Node] = []
        self._infoset: Infoset | None = None
        self._outcome: Outcome | None = None
        self._label = ""
        self._lines = SourceLines()

    @property
    def children(self) -> Any:
        """The children, by number, by label of the action, or one after another."""
        return self.game._children_of(self)

    @property
    def infoset(self) -> Any:
        """The information set; at a terminal node one that is looked up when it is used."""
        return self.game._later_infoset(self) if self._infoset is None else self._infoset

    @infoset.setter
    def infoset(self, value: Any) -> None:
        self.game.set_infoset(self, value)

    @property
    def player(self) -> Player | None:
        """Who moves here; None at a terminal node."""
        return None if self._infoset is None else self._infoset._player

    @property
    def actions(self) -> Items[Action]:
        """The actions here; they equal their labels, which is what 17 gives."""
        return Items([] if self._infoset is None else self._infoset._actions, "action")

    @property
    def members(self) -> list[Node]:
        """The nodes that share this node's information set."""
        return [] if self._infoset is None else list(self._infoset._members)

    @property
    def parent(self) -> Node | None:
        """The node above; None for the root."""
        return self._parent

    @property
    def prior_action(self) -> Action | None:
        """The action that leads here."""
        if self._parent is None or self._parent._infoset is None:
            return None
        return self._parent._infoset._actions[self._parent._children.index(self)]

    @property
    def own_prior_action(self) -> Action | None:
        """The last action of the player who moves here."""
        for step in reversed(self._way()):
            above = step._parent
            if above is not None and above.player is self.player:
                return step.prior_action
        return None

    @property
    def prior_sibling(self) -> Node | None:
        """The sibling before."""
        return self._sibling(-1)

    @property
    def next_sibling(self) -> Node | None:
        """The sibling after."""
        return self._sibling(1)

    @property
    def is_terminal(self) -> bool:
        """Whether the game ends here."""
        return not self._children

    @property
    def plays(self) -> list[Node]:
        """The terminal nodes below."""
        return [node for node in self._below() if not node._children]

    terminals = plays  # no version of pygambit has this name, and programs use it

    @property
    def descendants(self) -> list[Node]:
        """The nodes below; no version of pygambit has this name, and programs use it."""
        return list(self._below())[1:]

    @property
    def outcome(self) -> Outcome | None:
        """The outcome, or None."""
        return self._outcome

    @outcome.setter
    def outcome(self, value: Any) -> None:
        self.game.set_outcome(self, value)

    def is_successor_of(self, node: Node) -> bool:
        """Whether this node comes after ``node``."""
        return node in self._way()

    def append_move(self, player: Any, actions: Any = None) -> Any:
        """pygambit 16.0: as ``Game.append_move``, or a move of an information set; returns it."""
        moved = self.game.append_move(self, player, actions)
        return moved.infoset if isinstance(moved, Node) else moved

    def insert_move(self, player: Any, actions: Any = None) -> Any:
        """pygambit 16.0: as ``Game.insert_move``, or a move of an information set; returns it."""
        moved = self.game.insert_move(self, player, actions)
        return moved if moved is None else moved.infoset

    def leave_infoset(self) -> Any:
        """The form of pygambit 16.0 of ``Game.leave_infoset``."""
        return self.game.leave_infoset(self)

    def delete_parent(self) -> None:
        """The form of pygambit 16.0 of ``Game.delete_parent``."""
        self.game.delete_parent(self)

    def delete_tree(self) -> None:
        """The form of pygambit 16.0 of ``Game.delete_tree``."""
        self.game.delete_tree(self)

    def copy_tree(self, dest: Any) -> None:
        """The form of pygambit 16.0 of ``Game.copy_tree``."""
        self.game.copy_tree(self, dest)

    def move_tree(self, dest: Any) -> None:
        """The form of pygambit 16.0 of ``Game.move_tree``."""
        self.game.move_tree(self, dest)

    # Only __getitem__, no __iter__ and no __len__: programs tell a node from a list by those.
    def __getitem__(self, key: Any) -> Any:
        if not self._children:
            # An IndexError too, so that going through a terminal node's children ends.
            raise refuse(
                "B202",
                f"the node has no child {key!r}: no move was appended to it",
                history=self._history(),
                fix="append the move before its children are used",
            )
        return self.children[key]

    def _labels(self) -> list[str]:
        """The labels of the actions here."""
        return [] if self._infoset is None else [one._label for one in self._infoset._actions]

    def _sibling(self, step: int) -> Node | None:
        if self._parent is None:
            return None
        index = self._parent._children.index(self) + step
        return self._parent._children[index] if 0 <= index < len(self._parent._children) else None

    def _way(self) -> list[Node]:
        """The nodes from the root to this one, both included."""
        found = [self]
        while found[-1]._parent is not None:
            found.append(found[-1]._parent)
        return found[::-1]

    def _below(self) -> Iterator[Node]:
        """The subtree in preorder, this node first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node._children))

    def _history(self) -> tuple[str, ...]:
        """The labels of the actions from the root to here."""
        labels = []
        for node in self._way()[1:]:
            action = node.prior_action
            labels.append("" if action is None else action._label)
        return tuple(labels)

    def __repr__(self) -> str:
        return f"Node(game={self.game!r}, history={self._history()})"
