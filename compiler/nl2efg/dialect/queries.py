"""What pygambit 17 tells of a game: histories, actions, outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_node, find_outcome, find_personal_player
from nl2efg.dialect.node import Node
from nl2efg.dialect.selectors import History, first_member, history_of
from nl2efg.dialect.session import refuse

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def get_histories(game: Game, selector: Any) -> list[History]:
    """The histories that a selector finds."""
    return [history_of(node) for node in selector.nodes(game._root)]


def get_infosets(game: Game, player: Any) -> list[History]:
    """The history of the first node of each information set of a player."""
    mover = find_personal_player(game, player, "get_infosets")
    return _first_histories(game, mover)


def get_events(game: Game) -> list[History]:
    """The history of the first node of each chance event."""
    return _first_histories(game, game._chance)


def _first_histories(game: Game, mover: Any) -> list[History]:
    return [
        history_of(first_member(next(iter(one._members))))
        for one in game._ordered_infosets()
        if one._player is mover
    ]


def get_player(game: Game, history: Any) -> str | None:
    """Who moves at a node; None where the game ends."""
    node = find_node(game, history, "get_player")
    return None if node is None or node.player is None else node.player._label


def get_actions(game: Game, history: Any) -> list[str]:
    """The labels of the actions at a node; none where the game ends."""
    node = find_node(game, history, "get_actions")
    return [] if node is None else node._labels()


def get_action_probs(game: Game, history: Any) -> dict[str, Any]:
    """The probabilities at a chance event; none elsewhere."""
    node = find_node(game, history, "get_action_probs")
    if node is None or node._infoset is None or not node._infoset.is_chance:
        return {}
    return {action._label: action._prob for action in node._infoset._actions}


def get_members(game: Game, history: Any) -> list[History]:
    """The histories of the nodes in the same information set or event."""
    node = find_node(game, history, "get_members")
    return [] if node is None else [history_of(member) for member in node.members]


def get_outcome(game: Game, location: Any) -> str | None:
    """The label of the outcome at a node."""
    node = find_node(game, location, "get_outcome")
    return None if node is None or node._outcome is None else node._outcome._label


def get_outcomes(game: Game) -> list[str]:
    """The labels of all outcomes."""
    return [outcome._label for outcome in game._outcomes]


def get_outcome_payoffs(game: Game, label: Any) -> PayoffVector:
    """The payoffs of an outcome, by player."""
    found = find_outcome(game, label, "get_outcome_payoffs")
    return PayoffVector({player._label: found.payoff(player) for player in game._players})


class PayoffVector:
    """Payoffs by the player's label; to go through it gives pairs, as in pygambit 17.

    Args:
        values: from labels to payoffs.
    """

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self._values = dict(values)

    def __getitem__(self, player: Any) -> Fraction:
        return self._values[str(player)]

    def __iter__(self) -> Iterator[tuple[str, Fraction]]:
        return iter(self._values.items())

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PayoffVector):
            return self._values == other._values
        return isinstance(other, Mapping) and self._values == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return str(self._values)


def get_min_payoff(game: Game, player: Any) -> Fraction:
    """The least that a player gets in any play."""
    return min(_payoffs(game, player, "get_min_payoff"))


def get_max_payoff(game: Game, player: Any) -> Fraction:
    """The most that a player gets in any play."""
    return max(_payoffs(game, player, "get_max_payoff"))


def _payoffs(game: Game, player: Any, doing: str) -> list[Fraction]:
    """What a player gets at the ends, payoffs on the way included."""
    mover = find_personal_player(game, player, doing)
    found: list[Fraction] = []
    stack: list[tuple[Node, Fraction]] = [(game._root, Fraction(0))]
    while stack:
        node, paid = stack.pop()
        total = paid + (node._outcome.payoff(mover) if node._outcome is not None else 0)
        if not node._children:
            found.append(total)
        stack.extend((child, total) for child in node._children)
    return found


def get_subgame_roots(game: Game) -> list[History]:
    """The histories of the roots of the subgames, those below before those above."""
    return [history_of(node) for node in _subgame_roots(game)]


def get_minimal_subgame(game: Game, history: Any) -> History:
    """The history of the root of the smallest subgame around a node that has a move.

    Raises:
        DialectError: the node is terminal.
    """
    node = find_node(game, history, "get_minimal_subgame")
    if node is None or node._infoset is None:
        raise refuse("B202", "get_minimal_subgame: the node is terminal")
    return history_of(next(root for root in _subgame_roots(game) if root in node._way()))


def _subgame_roots(game: Game) -> list[Node]:
    """Nodes that have a move, below which no information set reaches out; in postorder."""
    place = {node: number for number, node in enumerate(game._root._below())}
    end: dict[Node, int] = {}
    order: list[Node] = []
    stack = [(game._root, False)]
    while stack:
        node, done = stack.pop()
        if not done:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node._children))
            continue
        end[node] = max((end[child] for child in node._children), default=place[node])
        order.append(node)
    found = []
    reach: dict[Node, tuple[int, int]] = {}
    for node in order:
        own = [place[member] for member in node._infoset._members] if node._infoset else []
        spans = [reach[child] for child in node._children]
        low = min([place[node], *own, *(span[0] for span in spans)])
        high = max([end[node], *own, *(span[1] for span in spans)])
        reach[node] = (low, high)
        if node._infoset is not None and low == place[node] and high == end[node]:
            found.append(node)
    return found
