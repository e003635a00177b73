"""What a game under construction is made of: players, actions, information sets, outcomes, nodes.

The classes carry the names and attributes that pygambit gives them, 16.0 to 17; what changes the
tree is in :mod:`nl2efg.build.dialect.moves` and its siblings, and is only called from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.build.dialect.lookup import Items, as_label
from nl2efg.build.dialect.numbers import exact, was_rounded
from nl2efg.build.dialect.session import refuse, session

if TYPE_CHECKING:
    from nl2efg.build.dialect.game import Game


class _Labelled:
    """Equal to its label too: pygambit 17 hands out labels where 16 hands out objects."""

    _label: str

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, str) and other == self._label)

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self._label


class Player(_Labelled):
    """A player, or chance."""

    def __init__(self, game: Game, label: str, *, is_chance: bool = False) -> None:
        self.game = game
        self._label = label
        self.is_chance = is_chance
        self._strategies: list[Any] = []

    @property
    def label(self) -> str:
        """The player's name."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)

    @property
    def number(self) -> int:
        """The player's index."""
        return -1 if self.is_chance else self.game._players.index(self)

    @property
    def infosets(self) -> Items[Infoset]:
        """The player's information sets, in the order of their first node."""
        return Items(
            [one for one in self.game._ordered_infosets() if one._player is self],
            "information set",
        )

    @property
    def actions(self) -> Items[Action]:
        """All actions of the player's information sets."""
        return Items([action for one in self.infosets for action in one._actions], "action")

    @property
    def strategies(self) -> Items[Any]:
        """The player's strategies in a game made by ``new_table``."""
        return Items(
            self._strategies,
            "strategy",
            add=lambda label="": self.game.add_strategy(self, label),
        )

    @property
    def min_payoff(self) -> Fraction:
        """The least payoff of any outcome."""
        return min((one.payoff(self) for one in self.game._outcomes), default=Fraction(0))

    @property
    def max_payoff(self) -> Fraction:
        """The largest payoff of any outcome."""
        return max((one.payoff(self) for one in self.game._outcomes), default=Fraction(0))

    def __repr__(self) -> str:
        return f"Player(game={self.game!r}, label={self._label!r})"


class Action(_Labelled):
    """An action of an information set; of chance, with its probability."""

    def __init__(self, infoset: Infoset, label: str, prob: Fraction | None = None) -> None:
        self.infoset = infoset
        self._label = label
        self._prob = prob

    @property
    def label(self) -> str:
        """The action's label."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)

    @property
    def number(self) -> int:
        """The action's index."""
        return self.infoset._actions.index(self)

    @property
    def prob(self) -> Fraction | None:
        """Of chance: the probability."""
        return self._prob

    @prob.setter
    def prob(self, value: Any) -> None:
        self._prob = read_number(value, "a probability")

    @property
    def plays(self) -> list[Node]:
        """The terminal nodes that come after the action."""
        index = self.number
        return [leaf for member in self.infoset._members for leaf in member._children[index].plays]

    def precedes(self, node: Node) -> bool:
        """Whether the action is taken on the way to ``node``."""
        index = self.number
        return any(
            step._parent is not None
            and step._parent._infoset is self.infoset
            and step._parent._children[index] is step
            for step in node._way()
        )

    def delete(self) -> None:
        """Delete the action and what follows it."""
        self.infoset.game.delete_action(self)

    def __repr__(self) -> str:
        return f"Action(infoset={self.infoset!r}, label={self._label!r})"


class Infoset:
    """An information set (of chance: an event)."""

    def __init__(self, game: Game, player: Player, actions: list[str], label: str = "") -> None:
        self.game = game
        self._player = player
        self._label = label
        share = Fraction(1, len(actions)) if player.is_chance and actions else None
        self._actions = [Action(self, name, share) for name in actions]
        self._members: dict[Node, None] = {}

    @property
    def label(self) -> str:
        """The label of the information set."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)

    @property
    def player(self) -> Player:
        """Who moves here."""
        return self._player

    @player.setter
    def player(self, value: Any) -> None:
        self.game.set_player(self, value)

    @property
    def is_chance(self) -> bool:
        """Whether chance moves here."""
        return self._player.is_chance

    @property
    def number(self) -> int:
        """The index among the player's information sets."""
        return list(self._player.infosets).index(self)

    @property
    def actions(self) -> Items[Action]:
        """The actions, in order."""
        return Items(
            self._actions,
            "action",
            add=lambda before=None: self.game.add_action(self, before),
            history=self._history,
        )

    @property
    def members(self) -> Items[Node]:
        """The nodes of the information set."""
        return Items(list(self._members), "member")

    @property
    def children(self) -> Any:
        """The children of its only node: 16.0 gives an information set for an appended move."""
        if len(self._members) != 1:
            raise AttributeError("an information set has members", name="children", obj=self)
        return next(iter(self._members)).children

    @property
    def plays(self) -> list[Node]:
        """The terminal nodes that come after the information set."""
        return [leaf for member in self._members for leaf in member.plays]

    @property
    def is_absent_minded(self) -> bool:
        """Whether a path meets the information set twice."""
        return any(step in self._members for member in self._members for step in member._way()[:-1])

    def precedes(self, node: Node) -> bool:
        """Whether a member lies on the way to ``node``."""
        return any(step in self._members for step in node._way()[:-1])

    def reveal(self, player: Any) -> None:
        """See ``Game.reveal``."""
        self.game.reveal(self, player)

    def _history(self) -> tuple[str, ...] | None:
        first = next(iter(self._members), None)
        return None if first is None else first._history()

    def __repr__(self) -> str:
        return f"Infoset(player={self._player.label!r}, label={self._label!r})"


class Outcome:
    """Payoffs with a label, attached to any number of nodes."""

    def __init__(self, game: Game, label: str = "") -> None:
        self.game = game
        self._label = label
        self._payoffs: dict[Player, Fraction] = {}

    @property
    def label(self) -> str:
        """The label of the outcome."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)

    @property
    def number(self) -> int:
        """The outcome's index."""
        return self.game._outcomes.index(self)

    def payoff(self, player: Player) -> Fraction:
        """What a player gets."""
        return self._payoffs.get(player, Fraction(0))

    def row(self) -> tuple[Fraction, ...]:
        """What every player gets."""
        return tuple(self.payoff(player) for player in self.game._players)

    def __getitem__(self, player: Any) -> Fraction:
        return self.payoff(self.game._player(player, "reading a payoff"))

    def __setitem__(self, player: Any, value: Any) -> None:
        found = self.game._player(player, "setting a payoff")
        self._payoffs[found] = read_number(value, f"{found.label}'s payoff")

    def delete(self) -> None:
        """Delete the outcome."""
        self.game.delete_outcome(self)

    def __repr__(self) -> str:
        return f"Outcome(game={self.game!r}, label={self._label!r})"


class Node:
    """A node. A new one is terminal; a move makes it a decision or a chance node.

    Args:
        game: its game.
        parent: the node above; None for the root.
    """

    __slots__ = (
        "__weakref__",
        "_children",
        "_infoset",
        "_label",
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
        self._lines = [0, 0, 0]  # of the move, of joining its information set, of the outcome

    @property
    def label(self) -> str:
        """The node's label."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)

    @property
    def children(self) -> Any:
        """The children, by number, by label of the action, or one after another."""
        from nl2efg.build.dialect.pending import Children

        return Children(self)

    @property
    def infoset(self) -> Any:
        """The information set; at a terminal node one that is looked up when it is used."""
        from nl2efg.build.dialect.pending import LaterInfoset

        return LaterInfoset(self) if self._infoset is None else self._infoset

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
        if isinstance(key, int) and self._children and key >= len(self._children):
            raise IndexError(key)
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


def read_number(value: Any, what: str) -> Fraction:
    """The exact value of a payoff or probability.

    Raises:
        DialectError: it is no number.
    """
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:
        value = value.item()  # a scalar of numpy
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    try:
        found = exact(value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise refuse("B204", f"{what} cannot be read: {error}", fix="give a number") from None
    if was_rounded(value, found):
        session().note("B309", f"{what} {value!r} is read as {found}")
    return found
