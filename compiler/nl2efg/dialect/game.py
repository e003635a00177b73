"""``Game``: a game under construction, with the names that pygambit gives its methods."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from nl2efg.dialect import actions as action_calls
from nl2efg.dialect import edits, information_sets, moves, outcomes, queries, results
from nl2efg.dialect import players as player_calls
from nl2efg.dialect.arguments import find_player
from nl2efg.dialect.elements import Action, Infoset, Outcome, Player
from nl2efg.dialect.forward_references import Children, LaterInfoset
from nl2efg.dialect.lookup import Items, as_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.results import Later
from nl2efg.dialect.selectors import History
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


class Game:
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

    # Moves

    def append_move(
        self, nodes: Any, player: Any = None, actions: Any = None, label: Any = None
    ) -> Any:
        """A move at terminal nodes, which share a new information set."""
        return moves.append_move(self, nodes, player, actions, label)

    def append_infoset(self, nodes: Any, infoset: Any) -> Any:
        """A move at terminal nodes, which join an information set that exists."""
        return moves.append_infoset(self, nodes, infoset)

    def append_event(self, nodes: Any, actions: Any, probs: Any = None) -> Any:
        """A chance move: a mapping from labels to probabilities, or both one after the other."""
        return moves.append_event(self, nodes, actions, probs)

    def insert_move(self, node: Any, player: Any, actions: Any = None) -> Node | None:
        """A move before ``node``, which becomes its first child."""
        return moves.insert_move(self, node, player, actions)

    def insert_infoset(self, node: Any, infoset: Any) -> Node | None:
        """A move of an information set that exists before ``node``, its first child."""
        return moves.insert_infoset(self, node, infoset)

    def insert_event(self, node: Any, actions: Any) -> Node | None:
        """A chance move before a node."""
        return moves.insert_event(self, node, actions)

    def set_chance_probs(self, infoset: Any, probs: Any) -> None:
        """The probabilities of a chance move: a list, or a mapping from labels."""
        moves.set_chance_probs(self, infoset, probs)

    # Information sets

    def set_infoset(self, node: Any, infoset: Any) -> None:
        """Make a node (or several) a member of an information set."""
        information_sets.set_infoset(self, node, infoset)

    def leave_infoset(self, node: Any) -> Infoset | None:
        """Make a node the only member of a new information set with the same actions."""
        return information_sets.leave_infoset(self, node)

    def make_infoset(self, nodes: Any, player: Any, label: Any = None) -> Infoset | None:
        """Form nodes with the same actions into an information set of a player (17)."""
        return information_sets.make_infoset(self, nodes, player, label)

    def make_event(self, nodes: Any, probs: Any, label: Any = None) -> Infoset | None:
        """Form nodes with the same actions into one chance event."""
        return information_sets.make_event(self, nodes, probs, label)

    def reveal(self, infoset: Any, player: Any) -> None:
        """Split the player's later information sets by the action taken at ``infoset``."""
        information_sets.reveal(self, infoset, player)

    def set_player(self, infoset: Any, player: Any) -> None:
        """Give an information set to another player."""
        information_sets.set_player(self, infoset, player)

    # Actions

    def add_action(self, infoset: Any, before: Any = None) -> Action:
        """A new action at an information set, last or before another one."""
        return action_calls.add_action(self, infoset, before)

    def delete_action(self, action: Any) -> None:
        """Delete an action, with what follows it; chance's other probabilities are scaled up."""
        action_calls.delete_action(self, action)

    def set_actions(
        self, infoset: Any, actions: Any, probs: Any = None, drop: bool = False, add: bool = True
    ) -> None:
        """The actions, in order: those that there are keep their subtrees, others are new."""
        action_calls.set_actions(self, infoset, actions, probs, drop, add)

    def set_move_actions(
        self, infoset: Any, actions: Any, drop: bool = False, add: bool = True
    ) -> None:
        """The actions of a player's move, in order: those that there are keep their subtrees."""
        action_calls.set_move_actions(self, infoset, actions, drop, add)

    def set_event_actions(
        self, event: Any, probs: Any, drop: bool = False, add: bool = True
    ) -> None:
        """The actions of a chance event, in order, with their probabilities."""
        action_calls.set_event_actions(self, event, probs, drop, add)

    def relabel_actions(self, infoset: Any, labels: Any, strict: bool = True) -> None:
        """Change labels of actions, all at once."""
        action_calls.relabel_actions(self, infoset, labels, strict)

    # Outcomes

    def add_outcome(self, *args: Any, label: Any = None, payoffs: Any = None) -> Outcome:
        """A new outcome: ``(payoffs, label)`` before 16.7, ``(label, payoffs)`` since."""
        return outcomes.add_outcome(self, *args, label=label, payoffs=payoffs)

    def delete_outcome(self, outcome: Any) -> None:
        """Delete an outcome, from all nodes too."""
        outcomes.delete_outcome(self, outcome)

    def set_outcome(self, node: Any, outcome: Any, label: Any = None) -> None:
        """Attach an outcome to a node (or several); None takes it away."""
        outcomes.set_outcome(self, node, outcome, label)

    def make_outcome(self, location: Any, payoffs: Any, label: Any = None) -> Outcome:
        """A new outcome, attached (17)."""
        return outcomes.make_outcome(self, location, payoffs, label)

    def make_outcome_null(self, location: Any) -> None:
        """Take the outcome away (17)."""
        outcomes.make_outcome_null(self, location)

    def set_outcome_payoffs(self, label: Any, payoffs: Any) -> None:
        """Change the payoffs of an outcome (17)."""
        outcomes.set_outcome_payoffs(self, label, payoffs)

    def relabel_outcomes(self, labels: Any, strict: bool = True) -> None:
        """Change labels of outcomes, all at once (17)."""
        outcomes.relabel_outcomes(self, labels, strict)

    # Edits

    def copy_tree(self, src: Any, dest: Any) -> None:
        """Copy the subtree at ``src`` to the terminal ``dest``; information sets are shared."""
        edits.copy_tree(self, src, dest)

    def move_tree(self, src: Any, dest: Any) -> None:
        """Move the subtree at ``src`` to the terminal ``dest``; its old place is terminal."""
        edits.move_tree(self, src, dest)

    def delete_tree(self, node: Any) -> None:
        """Delete everything below a node, which becomes terminal."""
        edits.delete_tree(self, node)

    def delete_parent(self, node: Any) -> None:
        """Put a node in the place of its parent; the other children go."""
        edits.delete_parent(self, node)

    # Players

    def set_players(self, players: Any, drop: bool = False, add: bool = True) -> None:
        """The players, in order: those that there are stay, others are new."""
        player_calls.set_players(self, players, drop, add)

    def relabel_players(self, labels: Any, strict: bool = True) -> None:
        """Change names of players, all at once."""
        player_calls.relabel_players(self, labels, strict)

    # Queries

    def get_histories(self, selector: Any) -> list[History]:
        """The histories that a selector finds."""
        return queries.get_histories(self, selector)

    def get_infosets(self, player: Any) -> list[History]:
        """A history of each information set of a player."""
        return queries.get_infosets(self, player)

    def get_events(self) -> list[History]:
        """A history of each chance event."""
        return queries.get_events(self)

    def get_player(self, history: Any) -> str | None:
        """Who moves at a history."""
        return queries.get_player(self, history)

    def get_actions(self, history: Any) -> list[str]:
        """The labels of the actions at a history; none where the game ends."""
        return queries.get_actions(self, history)

    def get_action_probs(self, history: Any) -> dict[str, Any]:
        """The probabilities at a chance event."""
        return queries.get_action_probs(self, history)

    def get_members(self, history: Any) -> list[History]:
        """The histories in the same information set."""
        return queries.get_members(self, history)

    def get_outcome(self, location: Any) -> str | None:
        """The label of the outcome at a node (17)."""
        return queries.get_outcome(self, location)

    def get_outcome_payoffs(self, label: Any) -> queries.PayoffVector:
        """The payoffs of an outcome (17)."""
        return queries.get_outcome_payoffs(self, label)

    def get_outcomes(self) -> list[str]:
        """The labels of all outcomes."""
        return queries.get_outcomes(self)

    def get_min_payoff(self, player: Any) -> Fraction:
        """The least that a player gets in any play."""
        return queries.get_min_payoff(self, player)

    def get_max_payoff(self, player: Any) -> Fraction:
        """The most that a player gets in any play."""
        return queries.get_max_payoff(self, player)

    def get_subgame_roots(self) -> list[History]:
        """The histories of the roots of the subgames, those below before those above."""
        return queries.get_subgame_roots(self)

    def get_minimal_subgame(self, history: Any) -> History:
        """The history of the root of the smallest subgame around a node."""
        return queries.get_minimal_subgame(self, history)

    make_chance_event = make_event

    # Results

    def write(self, *args: Any, **kwargs: Any) -> str:
        """The game in Gambit's format; no file is written."""
        return results.to_efg(self)

    def to_efg(self, filepath_or_buffer: Any = None, *args: Any, **kwargs: Any) -> str:
        """The text of the ``.efg`` file; it goes to a buffer, but to no file."""
        return results.to_efg(self, filepath_or_buffer)

    save = save_efg = write_efg = to_efg

    def to_nfg(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return results.later("the strategic form")

    to_arrays = to_nfg

    def to_html(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return results.later("the table")

    to_latex = to_html

    def mixed_strategy_profile(self, *args: Any, **kwargs: Any) -> Later:
        """Left to nl2efg."""
        return results.later("a profile")

    mixed_behavior_profile = random_strategy_profile = mixed_strategy_profile
    random_behavior_profile = strategy_support_profile = mixed_strategy_profile
    behavior_support_profile = support_profile = mixed_strategy_profile

    @property
    def is_perfect_recall(self) -> Later:
        """Left to nl2efg."""
        return results.later("perfect recall")

    @property
    def subgames(self) -> Later:
        """Left to nl2efg."""
        return results.later("the subgames")

    def has_perfect_recall(self, *args: Any) -> Later:
        """Left to nl2efg."""
        return results.later("perfect recall")

    # For the modules of this package

    def _children_of(self, node: Node) -> Children:
        return Children(node)

    def _later_infoset(self, node: Node) -> LaterInfoset:
        return LaterInfoset(node)

    def _player(self, value: Any, doing: str) -> Player:
        return find_player(self, value, doing)

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
        return [f"Player {number + 1}" for number in range(session().foresee(players))]
    return list(players)
