"""``Game``: a game under construction, with the names that pygambit gives its methods."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from nl2efg.dialect.elements import Action, Infoset, Outcome, Player
from nl2efg.dialect.lookup import Items, as_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.outcomes import Paying
from nl2efg.dialect.pygambit17 import Modern
from nl2efg.dialect.results import Writing
from nl2efg.dialect.session import refuse, session


class Players(Items[Player]):
    """The players of a game, and chance beside them."""

    def __init__(self, game: Game) -> None:
        super().__init__(game._players, "player", add=game.add_player)
        self.chance = game._chance

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and key.casefold() == "chance":
            labels = [player._label for player in self._items]
            return self.chance if key not in labels else super().__getitem__(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        return any(player == key for player in self._items)

    def __setitem__(self, key: Any, label: Any) -> None:
        self[key].label = label


class Game(Modern, Paying, Writing):
    """A game under construction.

    pygambit makes one by ``Game.new_tree`` (16), or by ``ExtensiveGame(players, title)`` (17).

    Args:
        players: the names of the players.
        title: the title.
    """

    is_tree = True

    def __init__(self, players: Iterable[Any] | None = None, title: Any = "") -> None:
        self.title = as_label(title)
        self.comment = ""
        self._version = 0
        self._ordered: tuple[int, list[Infoset]] = (-1, [])
        self._players: list[Player] = []
        self._strangers: dict[str, Player] = {}  # who moves without being a player: an error
        self._outcomes: list[Outcome] = []
        self._chance = Player(self, "Chance", is_chance=True)
        session().spend(1)
        self._root = Node(self, None)
        for label in _names(players):
            self.add_player(label)
        session().games.append(self)

    @classmethod
    def new_tree(cls, players: Any = None, title: Any = "", **other: Any) -> Game:
        """A game with a root and nothing below it."""
        if isinstance(players, str) and not title:
            # Before 16.1 the first argument was the title.
            players, title = None, players
        if other:
            session().note(
                "B208", f"Game.new_tree takes no {', '.join(map(repr, other))}; left out"
            )
        return Game(players, title)

    @classmethod
    def new_table(cls, dim: Any, title: Any = "") -> Game:
        """A game in strategic form, see :class:`nl2efg.dialect.table.TableGame`."""
        from nl2efg.dialect.table import TableGame

        return TableGame(dim, title)

    @classmethod
    def from_arrays(cls, *arrays: Any, title: Any = "") -> Game:
        """A game in strategic form, from an array of payoffs for each player."""
        from nl2efg.dialect.table import from_arrays

        return from_arrays(arrays, title)

    @classmethod
    def from_dict(cls, payoffs: Any, title: Any = "") -> Game:
        """A game in strategic form, from an array of payoffs for each player's name."""
        from nl2efg.dialect.table import from_dict

        return from_dict(payoffs, title)

    @classmethod
    def parse_game(cls, text: Any) -> Game:
        """A game from the text of an ``.efg`` file."""
        from nl2efg.dialect.from_efg import read_efg

        return read_efg(text)

    @classmethod
    def read_game(cls, source: Any) -> Game:
        """A game from an ``.efg`` file that is open for reading."""
        return cls.parse_game(source)

    @property
    def root(self) -> Node:
        """The root."""
        return self._root

    @property
    def players(self) -> Players:
        """The players."""
        return Players(self)

    @property
    def outcomes(self) -> Items[Outcome]:
        """The outcomes, in the order they were made."""
        return Items(self._outcomes, "outcome", add=lambda label="": self.add_outcome(None, label))

    @property
    def infosets(self) -> Items[Infoset]:
        """The players' information sets, in the order of their first node."""
        return Items(
            [one for one in self._ordered_infosets() if not one.is_chance], "information set"
        )

    @property
    def actions(self) -> Items[Action]:
        """The actions at all information sets of the players."""
        return Items([action for one in self.infosets for action in one._actions], "action")

    @property
    def nodes(self) -> Items[Node]:
        """All nodes in preorder."""
        return Items(list(self._root._below()), "node")

    @property
    def num_nodes(self) -> int:
        """The number of nodes."""
        return sum(1 for _ in self._root._below())

    @property
    def terminals(self) -> list[Node]:
        """The terminal nodes; no version of pygambit has this name, and programs use it."""
        return self._root.plays

    @property
    def strategies(self) -> Items[Any]:
        """The strategies of all players, of a game in strategic form."""
        return Items([one for player in self._players for one in player._strategies], "strategy")

    @property
    def description(self) -> str:
        """The comment, as pygambit calls it since 16.5."""
        return self.comment

    @description.setter
    def description(self, value: Any) -> None:
        self.comment = as_label(value)

    @property
    def min_payoff(self) -> Fraction:
        """The least payoff of any outcome."""
        return min((min(one.row()) for one in self._outcomes if one.row()), default=Fraction(0))

    @property
    def max_payoff(self) -> Fraction:
        """The largest payoff of any outcome."""
        return max((max(one.row()) for one in self._outcomes if one.row()), default=Fraction(0))

    @property
    def is_const_sum(self) -> bool:
        """Whether the payoffs of every outcome have the same sum."""
        return len({sum(one.row()) for one in self._outcomes}) <= 1

    def add_player(self, label: Any = "") -> Player:
        """A new player."""
        player = Player(self, as_label(label))
        self._players.append(player)
        return player

    def add_strategy(self, player: Any, label: Any = "") -> Any:
        """Only a game in strategic form has strategies to add to."""
        raise refuse("B209", "add_strategy: the game is a tree", fix="append a move instead")

    def sort_infosets(self) -> None:
        """Nothing to do: information sets are always in the order of their first node."""

    def __getitem__(self, key: Any) -> Any:
        raise refuse(
            "B208",
            "the game is a tree and has no outcome at a combination of strategies",
            fix="attach outcomes to nodes, with set_outcome",
        )

    def _complete(self) -> None:
        """Make the game whole before it is taken; one in strategic form grows its tree here."""
        self._players.extend(self._strangers.values())
        self._strangers = {}

    def _changed(self) -> None:
        self._version += 1

    def _ordered_infosets(self) -> list[Infoset]:
        """All information sets, chance's too, in the order of their first node."""
        version, found = self._ordered
        if version != self._version:
            found = list(
                dict.fromkeys(
                    node._infoset for node in self._root._below() if node._infoset is not None
                )
            )
            self._ordered = (self._version, found)
        return found

    def __repr__(self) -> str:
        return f"Game(title={self.title!r})"


def _names(players: Any) -> list[Any]:
    if players is None:
        return []
    if isinstance(players, str):
        return [players]
    if isinstance(players, int):
        return [f"Player {number + 1}" for number in range(players)]
    return list(players)
