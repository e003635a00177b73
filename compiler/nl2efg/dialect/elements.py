"""What a game under construction is made of, beside nodes: players, actions, sets, outcomes.

The classes carry the names and attributes that pygambit gives them, 16.0 to 17; what changes the
tree is in :mod:`nl2efg.dialect.moves` and its siblings, and is only called from here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.lookup import Items, as_label
from nl2efg.dialect.numbers import exact, was_rounded
from nl2efg.dialect.session import refuse, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game
    from nl2efg.dialect.node import Node

_MAX_BITS = 10_000


class Labelled:
    """Something with a label that the program may change."""

    __slots__ = ("_label",)
    _label: str

    @property
    def label(self) -> str:
        """The label."""
        return self._label

    @label.setter
    def label(self, value: Any) -> None:
        self._label = as_label(value)


class NamedByLabel(Labelled):
    """Equal to its label too: pygambit 17 hands out labels where 16 hands out objects."""

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, str) and other == self._label)

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self._label


class Player(NamedByLabel):
    """A player, or chance."""

    def __init__(self, game: Game, label: str, *, is_chance: bool = False) -> None:
        self.game = game
        self._label = label
        self.is_chance = is_chance
        self._strategies: list[Any] = []

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


class Action(NamedByLabel):
    """An action of an information set; of chance, with its probability."""

    def __init__(self, infoset: Infoset, label: str, prob: Fraction | None = None) -> None:
        self.infoset = infoset
        self._label = label
        self._prob = prob

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


class Infoset(Labelled):
    """An information set (of chance: an event)."""

    def __init__(self, game: Game, player: Player, actions: list[str], label: str = "") -> None:
        self.game = game
        self._player = player
        self._label = label
        share = Fraction(1, len(actions)) if player.is_chance and actions else None
        self._actions = [Action(self, name, share) for name in actions]
        self._members: dict[Node, None] = {}

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


class Outcome(Labelled):
    """Payoffs with a label, attached to any number of nodes."""

    def __init__(self, game: Game, label: str = "") -> None:
        self.game = game
        self._label = label
        self._payoffs: dict[Player, Fraction] = {}

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
        if max(abs(found.numerator), found.denominator).bit_length() > _MAX_BITS:
            raise ValueError("it has too many digits")
    except (TypeError, ValueError, ArithmeticError) as error:
        raise refuse("B204", f"{what} cannot be read: {error}", fix="give a number") from None
    if was_rounded(value, found):
        session().note("B309", f"{what} {value!r} is read as {found}")
    return found
