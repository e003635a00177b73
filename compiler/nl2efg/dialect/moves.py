"""Appending and inserting moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import (
    Moved,
    check_once,
    find_infoset,
    find_infoset_or_later,
    find_node,
    find_places,
    find_player,
    report_missing,
)
from nl2efg.dialect.elements import Infoset, Player, read_number
from nl2efg.dialect.forward_references import LaterInfoset, LaterNode
from nl2efg.dialect.labels17 import check_action_labels
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.numbers import read_probabilities
from nl2efg.dialect.selectors import GroupedSelector, is_selector
from nl2efg.dialect.session import DialectError, current_line, refuse, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def append_move(
    game: Game, nodes: Any, player: Any = None, actions: Any = None, label: Any = None
) -> Any:
    """A move at terminal nodes, which share a new information set.

    Returns the node (or nodes), where pygambit returns nothing: programs go on from it.
    """
    if isinstance(nodes, GroupedSelector):
        groups = _free_groups(game, nodes, "append_move")
        if groups:
            _check_move(_mover(game, player), player, actions, "append_move")
        return [append_move(game, group, player, actions) for group in groups]
    if isinstance(player, Infoset | LaterInfoset):
        return append_infoset(game, nodes, player)
    mover = _mover(game, player)
    labels, probabilities = _actions(actions)
    if is_selector(nodes):
        _check_move(mover, player, actions, "append_move")
    if not labels:
        _skip(game, "B208", "append_move: a list of action labels is needed", nodes)
        return nodes
    targets = _free(game, nodes, "append_move", (mover, labels))
    if targets:
        infoset = Infoset(game, mover, labels, as_label(label))
        if probabilities is not None:
            give_probabilities(game, infoset, probabilities)
        put_move(game, targets, infoset)
    return _moved(game, nodes, targets)


def append_infoset(game: Game, nodes: Any, infoset: Any) -> Any:
    """A move at terminal nodes, which join an information set that exists."""
    joined = find_infoset(game, infoset, "append_infoset")
    if joined.is_chance and is_selector(nodes):
        session().warn(
            "B319",
            "append_infoset: pygambit 17 joins information sets of players only",
            fix="append_event at these nodes, then make_event of all that are one event",
        )
    targets = _free(game, nodes, "append_infoset", None)
    put_move(game, targets, joined)
    return _moved(game, nodes, targets)


def insert_move(game: Game, node: Any, player: Any, actions: Any = None) -> Node | None:
    """A move before ``node``, which becomes its first child."""
    if isinstance(player, Infoset | LaterInfoset):
        return insert_infoset(game, node, player)
    labels, probabilities = _actions(actions)
    mover = _mover(game, player)
    if is_selector(node):
        _check_move(mover, player, actions, "insert_move")
    if not labels:
        _skip(game, "B208", "insert_move: a number or list of actions is needed", node)
        return None
    infoset = Infoset(game, mover, labels)
    if probabilities is not None:
        give_probabilities(game, infoset, probabilities)
    return insert_infoset(game, node, infoset)


def insert_infoset(game: Game, node: Any, infoset: Any) -> Node | None:
    """A move of an information set that exists before ``node``, its first child."""
    target = find_node(game, node, "insert_infoset")
    joined = find_infoset(game, infoset, "insert_infoset")
    if target is None:
        return None
    session().spend(len(joined._actions))
    above = target._parent
    new = Node(game, above)
    if above is None:
        game._root = new
    else:
        above._children[above._children.index(target)] = new
    target._parent = new
    new._children = [target, *(Node(game, new) for _ in joined._actions[1:])]
    join(new, joined, current_line())
    new._lines.move = current_line()
    game._changed()
    return new


def append_event(game: Game, nodes: Any, actions: Any, probs: Any = None) -> Any:
    """A chance move: a mapping from labels to probabilities, or both one after the other (17)."""
    if isinstance(nodes, GroupedSelector):
        groups = _free_groups(game, nodes, "append_event")
        return [append_event(game, group, actions, probs) for group in groups]
    _check_event(actions, "append_event")
    moved = append_move(game, nodes, game._chance, actions)
    if probs is not None:
        set_chance_probs(game, moved, probs)
    return moved


def insert_event(game: Game, node: Any, actions: Any) -> Node | None:
    """A chance move before a node, which becomes its first child (17)."""
    _check_event(actions, "insert_event")
    return insert_move(game, node, game._chance, actions)


def _free_groups(game: Game, nodes: GroupedSelector, doing: str) -> list[list[Node]]:
    """The groups of a selector; all of their nodes are terminal, and none is empty.

    Raises:
        DialectError: they are not: then no group gets its move.
    """
    groups = nodes.groups(game._root)
    if not all(groups):
        raise refuse(
            "B207", f"{doing}: a group of the selector has no node", fix="leave out the filter"
        )
    if not groups:
        session().warn("B207", f"{doing}: the selector finds no node, and nothing is done")
    for group in groups:
        check_once(group, doing)
        for node in group:
            if not node.is_terminal:
                raise refuse(
                    "B201",
                    f"{doing}: a move is appended where {node._infoset._player._label} already "
                    "moves"
                    if node._infoset is not None
                    else f"{doing}: the node is not terminal",
                    history=node._history(),
                    fix="select terminal nodes only: H.plays...",
                )
    return groups


def _check_move(mover: Player, player: Any, actions: Any, doing: str) -> None:
    """What pygambit 17 asks of a move that is made by a selector."""
    if mover.is_chance and isinstance(player, str):
        session().warn(
            "B319",
            f"{doing}: chance is no player in pygambit 17",
            fix=f"use {doing.replace('move', 'event')}(nodes, {{'heads': '1/2', 'tails': '1/2'}})",
        )
    check_action_labels(_actions(actions)[0], doing)


def _check_event(actions: Any, doing: str) -> None:
    if isinstance(actions, Mapping):
        check_action_labels([as_label(key) for key in actions], doing)
    else:
        session().note(
            "B319",
            f"{doing}: pygambit 17 takes the actions and their probabilities in one mapping",
            fix="write {'heads': '1/2', 'tails': '1/2'}",
        )


def set_chance_probs(game: Game, infoset: Any, probs: Any) -> None:
    """The probabilities of a chance move: a list, or a mapping from labels."""
    found = find_infoset_or_later(game, infoset, "set_chance_probs")
    if isinstance(found, Infoset):
        give_probabilities(game, found, probs)
        return
    line = current_line()

    def later() -> None:
        now = found._now()
        if now is None:
            session().error(
                "B202",
                "set_chance_probs: the node is terminal and has no chance move",
                line=line,
                fix="append the chance move first",
            )
            return
        session().note("B316", "set_chance_probs comes before the move is appended", line=line)
        give_probabilities(game, now, probs, line)

    session().at_end.append(later)


def _mover(game: Game, value: Any) -> Player:
    """The player of a new move; an unknown name is reported, and a stand-in moves."""
    try:
        return find_player(game, value, "append_move")
    except DialectError as error:
        if not isinstance(value, str):
            raise
        if value not in game._strangers:
            session().add(error.diagnostic)
            game._strangers[value] = Player(game, value)
        return game._strangers[value]


def _free(game: Game, nodes: Any, doing: str, move: tuple[Player, list[str]] | None) -> list[Node]:
    """The nodes at which a move can be appended; the others are reported."""
    found = []
    for place in find_places(game, nodes, doing):
        if isinstance(place, LaterNode):
            report_missing(game, place, doing)
            continue
        free = place if place.is_terminal else _instead(place, move)
        if free is not None:
            found.append(free)
    return found


def put_move(game: Game, targets: list[Node], infoset: Infoset) -> None:
    session().spend(len(targets) * len(infoset._actions))
    line = current_line()
    for node in targets:
        node._children = [Node(game, node) for _ in infoset._actions]
        node._lines.move = line
        join(node, infoset, line)
    game._changed()


def _moved(game: Game, nodes: Any, targets: list[Node]) -> Any:
    """What the program can go on with, also where the step was left out."""
    if len(targets) == 1:
        return targets[0]
    return Moved(targets) if targets else nodes


def _skip(game: Game, code: str, message: str, nodes: Any) -> None:
    place = next(iter(find_places(game, nodes, message.split(":")[0])), None)
    history = place._history() if isinstance(place, Node) else None
    session().error(code, message, history=history, fix="write ['left', 'right']")


def give_probabilities(game: Game, infoset: Infoset, probs: Any, line: int | None = None) -> None:
    """Set them as far as they can be read; what is wrong with them is reported."""
    place: dict[str, Any] = {"history": infoset._history, "line": line}
    if not infoset.is_chance:
        session().error(
            "B206",
            f"probabilities are set where {infoset._player._label} moves, not chance",
            fix="append the move for g.players.chance",
            **place,
        )
        return
    labels = [action._label for action in infoset._actions]
    if isinstance(probs, Mapping):
        by_label = {as_label(getattr(key, "label", key)): p for key, p in probs.items()}
        unknown = [key for key in by_label if key not in labels]
        if unknown:
            session().error(
                "B206",
                f"a probability is given for {unknown[0]!r}, which is no action",
                **place,
            )
            return
        probs = [by_label.get(label, 0) for label in labels]
    given = list(probs) if hasattr(probs, "__iter__") else [probs]
    if len(given) != len(labels):
        session().error(
            "B206",
            f"{len(given)} probabilities are given for {len(labels)} outcomes of chance",
            fix=f"give one for each of {', '.join(labels)}",
            **place,
        )
        return
    values, reading = read_probabilities([read_number(one, "a probability") for one in given])
    if reading:
        shown = ", ".join(map(str, values))
        session().warn("B310", f"the probabilities are {reading}; taken as {shown}", **place)
    elif sum(values) != 1 or min(values) < 0:
        shown = ", ".join(map(str, values))
        session().error(
            "B206",
            f"the probabilities {shown} sum to {sum(values)}",
            fix="give exact fractions that sum to 1, such as gbt.Rational(1, 3)",
            **place,
        )
    for action, value in zip(infoset._actions, values, strict=True):
        action._prob = value


def join(node: Node, infoset: Infoset, line: int) -> None:
    """Make the node a member; its children must fit."""
    if node._infoset is not None:
        node._infoset._members.pop(node, None)
    node._infoset = infoset
    infoset._members[node] = None
    node._lines.infoset = line


def _instead(node: Node, move: tuple[Player, list[str]] | None) -> Node | None:
    """Where a move on a node that has one already is meant; None if it is left out."""
    infoset = node._infoset
    if infoset is None:
        return None
    labels = [action._label for action in infoset._actions]
    if move == (infoset._player, labels):
        session().warn(
            "B306",
            f"the same move of {infoset._player._label} is appended a second time and left out",
            history=node._history,
        )
        return None
    if len(node._children) == 1 and node._children[0].is_terminal:
        session().warn(
            "B312",
            f"{infoset._player._label} already moves here, with the one action {labels[0]!r}; "
            "the move is appended after it",
            history=node._history,
            fix="append it to the child",
        )
        return node._children[0]
    session().error(
        "B201",
        f"a move is appended where {infoset._player._label} already moves ({', '.join(labels)})",
        history=node._history,
        fix="append it to a child of the node, or delete the other move",
    )
    return None


def _actions(given: Any) -> tuple[list[str], Any]:
    """Labels, and probabilities if the actions are a mapping to them."""
    if given is None:
        return [], None
    if isinstance(given, str):
        return [given], None
    if isinstance(given, Mapping):
        return [as_label(key) for key in given], list(given.values())
    if hasattr(given, "__index__"):
        count = session().foresee(given.__index__())
        return [str(number + 1) for number in range(count)], None
    if not hasattr(given, "__iter__"):
        raise refuse("B208", f"a list of action labels is needed, not {given!r:.60}")
    return [as_label(getattr(one, "label", one)) for one in given], None
