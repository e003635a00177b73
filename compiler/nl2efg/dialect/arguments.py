"""What an argument means: a node, an information set, a player, an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.elements import Action, Infoset, Outcome, Player
from nl2efg.dialect.forward_references import LaterInfoset, LaterNode, history_of
from nl2efg.dialect.lookup import did_you_mean, find_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.selectors import GroupedSelector, Selector
from nl2efg.dialect.session import refuse, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game

_CHANCE_NAMES = ("chance", "nature", "chance player", "random")


class Moved(list[Node]):
    """What ``append_move`` gives back for several nodes: the nodes, with their information set."""

    @property
    def infoset(self) -> Any:
        """The information set that they share."""
        return self[0].infoset


def find_place(game: Game, value: Any, doing: str) -> Node | LaterNode:
    """A node, or a place that is no node yet.

    Raises:
        DialectError: it is neither, nor the label of a node.
    """
    if isinstance(value, Node | LaterNode):
        if value.game is not game:
            raise refuse("B208", f"{doing}: the node belongs to another game")
        found = value._now() if isinstance(value, LaterNode) else value
        return value if found is None else found
    if isinstance(value, str):
        nodes = list(game._root._below())
        index = find_label([node._label for node in nodes], value) if value.strip() else None
        if index is not None:
            return nodes[index]
        raise refuse(
            "B207",
            f"{doing}: no node has the label {value!r}",
            fix="name the node by its way from the root: g.root.children[0]",
        )
    if isinstance(value, Infoset) and len(value._members) == 1:
        return next(iter(value._members))
    if isinstance(value, LaterInfoset):
        return find_place(game, value._node, doing)
    if isinstance(value, Selector):
        found_nodes = value.nodes(game._root)
        if len(found_nodes) == 1:
            return found_nodes[0]
        raise refuse("B207", f"{doing}: the selector finds {len(found_nodes)} nodes, not one")
    raise refuse(
        "B208",
        f"{doing}: a node is needed, not {_named(value)}",
        fix="use g.root, or go down from it: g.root.children[0]",
    )


def find_places(game: Game, value: Any, doing: str) -> list[Node | LaterNode]:
    """One or several nodes or places."""
    if isinstance(value, Selector | GroupedSelector):
        found: list[Node | LaterNode] = list(value.nodes(game._root))
        if not found:
            raise refuse(
                "B207",
                f"{doing}: the selector finds no node",
                fix="look whether the move before it was appended, and how its action is called",
            )
        check_once(found, doing)
        return list(dict.fromkeys(found))
    if isinstance(value, Infoset):
        return list(value._members)
    if isinstance(value, Node | LaterNode | LaterInfoset | str) or not hasattr(value, "__iter__"):
        return [find_place(game, value, doing)]
    return list(dict.fromkeys(find_place(game, one, doing) for one in value))


def check_once(nodes: Sequence[Node | LaterNode], doing: str) -> None:
    """Say where groups of a selector share a node: pygambit 17 refuses that."""
    if len(set(nodes)) < len(nodes):
        session().warn(
            "B319",
            f"{doing}: a node is selected more than once, and taken once",
            fix="name ends only once: put .plays before .by(...)",
        )


def find_node(game: Game, value: Any, doing: str) -> Node | None:
    """A node; a place that is no node yet is reported, once for each gap."""
    place = find_place(game, value, doing)
    if isinstance(place, Node):
        return place
    report_missing(game, place, doing)
    return None


def report_missing(game: Game, place: LaterNode, doing: str, line: int | None = None) -> None:
    deepest, missing = place._deepest()
    if deepest in session().missing:
        return
    session().missing.add(deepest)
    levels = "" if missing == 1 else f" {missing} levels down"
    session().error(
        "B202",
        f"{doing}: there is no such node{levels}, as no move was appended at its parent",
        history=deepest._history,
        line=line,
        fix="append the move first, or go one level up",
    )


def find_infoset_or_later(game: Game, value: Any, doing: str) -> Infoset | LaterInfoset:
    """An information set, or that of a place.

    Raises:
        DialectError: it is neither, nor the label of an information set.
    """
    if isinstance(value, Moved):
        value = value[0]
    if isinstance(value, LaterInfoset):
        found = value._now()
        return value if found is None else found
    if isinstance(value, Infoset):
        return value
    if isinstance(value, Action):
        return value.infoset
    if isinstance(value, Node | LaterNode):
        return find_infoset_or_later(game, value.infoset, doing)
    if isinstance(value, Selector):
        return find_infoset_or_later(game, find_place(game, value, doing), doing)
    if isinstance(value, str) and value.strip():
        every = game._ordered_infosets()
        index = find_label([one._label for one in every], value)
        if index is not None:
            return every[index]
        raise refuse(
            "B207",
            f"{doing}: no information set has the label {value!r}",
            fix=did_you_mean(value, [one._label for one in every if one._label]),
        )
    raise refuse(
        "B208",
        f"{doing}: an information set is needed, not {_named(value)}",
        fix="use that of a node: g.root.infoset",
    )


def find_infoset(game: Game, value: Any, doing: str) -> Infoset:
    """An information set that exists.

    Raises:
        DialectError: there is none.
    """
    found = find_infoset_or_later(game, value, doing)
    if isinstance(found, Infoset):
        return found
    raise refuse(
        "B202",
        f"{doing}: the node is terminal and has no information set",
        history=history_of(found._node),
        fix="append the move first",
    )


def find_player(game: Game, value: Any, doing: str) -> Player:
    """A player, by object, name or number; chance by its usual names, if no player has them.

    Raises:
        DialectError: there is no such player.
    """
    if isinstance(value, Player):
        if value.game is not game:
            raise refuse("B208", f"{doing}: the player belongs to another game")
        return value
    labels = [player._label for player in game._players]
    if isinstance(value, str):
        return _player_by_name(game, value, labels, doing)
    if hasattr(value, "__index__"):
        index: int = value.__index__()
        if -len(labels) <= index < len(labels):
            return game._players[index]
        raise refuse("B203", f"{doing}: there is no player number {index}", fix="start at 0")
    raise refuse(
        "B208",
        f"{doing}: a player is needed, not {_named(value)}",
        fix="use a player's name, or g.players.chance",
    )


def find_personal_player(game: Game, value: Any, doing: str) -> Player:
    """A player who is not chance.

    Raises:
        DialectError: there is no such player, or it is chance.
    """
    found = find_player(game, value, doing)
    if found.is_chance:
        raise refuse(
            "B203",
            f"{doing}: chance is no player in pygambit 17",
            fix=did_you_mean(str(value), [player._label for player in game._players]),
        )
    return found


def _player_by_name(game: Game, name: str, labels: list[str], doing: str) -> Player:
    index = find_label(labels, name)
    if index is not None:
        if labels[index] != name:
            session().note("B307", f"the player {name!r} is taken to be {labels[index]!r}")
        return game._players[index]
    if name.strip().casefold() in _CHANCE_NAMES:
        if name != "Chance":
            session().note("B307", f"{name!r} is no player of the game and is taken as chance")
        return game._chance
    raise refuse("B203", f"{doing}: there is no player {name!r}", fix=did_you_mean(name, labels))


def find_outcome(game: Game, value: Any, doing: str) -> Outcome:
    """An outcome, by object, label or number.

    Raises:
        DialectError: there is none.
    """
    if isinstance(value, Outcome):
        if value.game is not game:
            raise refuse("B208", f"{doing}: the outcome belongs to another game")
        return value
    if isinstance(value, str):
        labels = [one._label for one in game._outcomes]
        index = find_label(labels, value)
        if index is not None:
            return game._outcomes[index]
        raise refuse(
            "B207",
            f"{doing}: no outcome has the label {value!r}",
            fix=did_you_mean(value, labels),
        )
    raise refuse(
        "B208",
        f"{doing}: an outcome is needed, not {_named(value)}",
        fix="make one: g.add_outcome([1, 2], label='...')",
    )


def _named(value: Any) -> str:
    return "nothing (None)" if value is None else f"{type(value).__name__} {value!r:.60}"
