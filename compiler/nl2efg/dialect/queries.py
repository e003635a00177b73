"""What pygambit 17 tells of a game: histories, actions, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_node, find_outcome, find_player
from nl2efg.dialect.selectors import HistoryView

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def get_histories(game: Game, selector: Any) -> list[HistoryView]:
    """The histories that a selector finds."""
    return [HistoryView(node) for node in selector.nodes(game._root)]


def get_infosets(game: Game, player: Any) -> list[HistoryView]:
    """A history of each information set of a player."""
    mover = find_player(game, player, "get_infosets")
    return [
        HistoryView(next(iter(one._members)))
        for one in game._ordered_infosets()
        if one._player is mover
    ]


def get_events(game: Game) -> list[HistoryView]:
    """A history of each chance event."""
    return get_infosets(game, game._chance)


def get_player(game: Game, history: Any) -> str | None:
    """Who moves at a history."""
    node = find_node(game, history, "get_player")
    return None if node is None or node.player is None else node.player._label


def get_actions(game: Game, history: Any) -> list[str]:
    """The labels of the actions at a history; none where the game ends."""
    node = find_node(game, history, "get_actions")
    return [] if node is None else node._labels()


def get_action_probs(game: Game, history: Any) -> dict[str, Any]:
    """The probabilities at a chance event."""
    node = find_node(game, history, "get_action_probs")
    if node is None or node._infoset is None or not node._infoset.is_chance:
        return {}
    return {action._label: action._prob for action in node._infoset._actions}


def get_members(game: Game, history: Any) -> list[HistoryView]:
    """The histories in the same information set."""
    node = find_node(game, history, "get_members")
    return [] if node is None else [HistoryView(member) for member in node.members]


def get_outcome(game: Game, location: Any) -> str | None:
    """The label of the outcome at a node (17)."""
    node = find_node(game, location, "get_outcome")
    return None if node is None or node._outcome is None else node._outcome._label


def get_outcome_payoffs(game: Game, label: Any) -> dict[str, Any]:
    """The payoffs of an outcome (17)."""
    found = find_outcome(game, label, "get_outcome_payoffs")
    return {player._label: found.payoff(player) for player in game._players}
