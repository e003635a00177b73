"""Who knows what: joining, leaving, making and revealing information sets.

``set_infoset`` is where programs slip most: they call it before the move is appended, or on the
children of the nodes that they mean. A call that cannot be carried out at once is looked at again
when the program has ended, and then

1. it is carried out, if both nodes have moves with equally many actions by then; unless that
   makes a player forget an own action, which reading 2 taken when it was called does not;
2. else an operand is lifted to its parent, if the player and the actions there are those of the
   other operand: first one operand alone, then both;
3. else it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import (
    find_infoset,
    find_infoset_or_later,
    find_node,
    find_place,
    find_places,
    find_player,
)
from nl2efg.dialect.elements import Infoset, Player
from nl2efg.dialect.forward_references import LaterInfoset, LaterNode, history_of
from nl2efg.dialect.labels17 import check_free
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.moves import give_probabilities, join
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import current_line, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game

Place = Node | LaterNode


def set_infoset(game: Game, node: Any, infoset: Any) -> None:
    """Make a node (or several) a member of an information set."""
    _set_infoset(game, node, infoset, "set_infoset")


def _set_infoset(game: Game, node: Any, infoset: Any, doing: str) -> None:
    label = infoset if isinstance(infoset, str) else ""
    if label and not _is_known(game, label):
        _join_by_label(game, node, label, doing)
        return
    target: Infoset | Place
    if isinstance(infoset, Node | LaterNode):
        target = find_place(game, infoset, doing)
    else:
        found = find_infoset_or_later(game, infoset, doing)
        target = found._node if isinstance(found, LaterInfoset) else found
    for place in find_places(game, node, doing):
        _join_or_wait(game, place, target, current_line())


def leave_infoset(game: Game, node: Any) -> Infoset | None:
    """Make a node the only member of a new information set with the same actions."""
    target = find_node(game, node, "leave_infoset")
    if target is None or target._infoset is None:
        session().error(
            "B205",
            "leave_infoset: the node is terminal",
            history=None if target is None else target._history,
        )
        return None
    if len(target._infoset._members) > 1:
        own_set(game, [target], target._infoset._player)
    return target._infoset


def make_infoset(game: Game, nodes: Any, player: Any, label: Any = None) -> Infoset | None:
    """Form nodes with the same actions into an information set of a player (17)."""
    mover = find_player(game, player, "make_infoset")
    if mover.is_chance and isinstance(player, str):
        session().warn(
            "B319",
            "make_infoset: chance is no player in pygambit 17",
            fix="use make_event(nodes, {'heads': '1/2', 'tails': '1/2'})",
        )
    return _made(game, nodes, mover, label, "make_infoset")


def _made(game: Game, nodes: Any, mover: Player, label: Any, doing: str) -> Infoset | None:
    """One information set or event of these nodes; nodes that do not fit are reported."""
    places = find_places(game, nodes, doing)
    members = [one for one in places if isinstance(one, Node) and one._infoset is not None]
    for place in places:
        if place not in members:
            session().error("B205", f"{doing}: the node is terminal", history=history_of(place))
    if not members:
        return None
    labels = members[0]._labels()
    different = [one for one in members if one._labels() != labels]
    for one in different:
        session().error(
            "B205",
            f"{doing}: the actions ({', '.join(one._labels())}) are not those of the "
            f"first node ({', '.join(labels)})",
            history=one._history,
            fix="only nodes with the same actions in the same order share an information set",
        )
    alike = [one for one in members if one._labels() == labels]
    others = [
        one._label
        for one in game._ordered_infosets()
        if one._player is mover and not one._members.keys() <= set(alike)
    ]
    check_free(as_label(label), others, doing, "information set of the player")
    return own_set(game, alike, mover, label)


def make_event(game: Game, nodes: Any, probs: Any, label: Any = None) -> Infoset | None:
    """Form nodes with the same actions into one chance event (17)."""
    if not isinstance(probs, Mapping):
        session().note(
            "B319",
            "make_event: pygambit 17 takes a mapping from actions to probabilities",
            fix="write {'heads': '1/2', 'tails': '1/2'}",
        )
    made = _made(game, nodes, game._chance, label, "make_event")
    if made is not None:
        give_probabilities(game, made, probs)
    return made


def reveal(game: Game, infoset: Any, player: Any) -> None:
    """Split the player's later information sets by the action taken at ``infoset``."""
    told = find_player(game, player, "reveal")
    shown = find_infoset(game, infoset, "reveal")
    groups: dict[tuple[Infoset, int], list[Node]] = {}
    for member in list(shown._members):
        for index, child in enumerate(member._children):
            for node in child._below():
                if node._infoset is not None and node._infoset._player is told:
                    groups.setdefault((node._infoset, index), []).append(node)
    for (own, _), nodes in groups.items():
        if len(nodes) < len(own._members):
            own_set(game, nodes, told)


def set_player(game: Game, infoset: Any, player: Any) -> None:
    """Give an information set to another player."""
    found = find_infoset(game, infoset, "set_player")
    mover = find_player(game, player, "set_player")
    found._player = mover
    share = Fraction(1, len(found._actions)) if mover.is_chance else None
    for action in found._actions:
        action._prob = share


def own_set(game: Game, nodes: list[Node], player: Player, label: Any = None) -> Infoset:
    """A new information set for nodes that have the same actions."""
    old = nodes[0]._infoset
    assert old is not None
    new = Infoset(game, player, [one._label for one in old._actions], as_label(label))
    for action, before in zip(new._actions, old._actions, strict=True):
        if player.is_chance and before._prob is not None:
            action._prob = before._prob
    line = current_line()
    for node in nodes:
        join(node, new, line)
    game._changed()
    return new


def _is_known(game: Game, label: str) -> bool:
    return any(one._label == label for one in game._ordered_infosets())


def _join_by_label(game: Game, node: Any, label: str, doing: str) -> None:
    """An information set named by a label that none has yet gets the label."""
    for place in find_places(game, node, doing):
        if isinstance(place, Node) and place._infoset is not None:
            if _is_known(game, label):
                _set_infoset(game, place, label, doing)
                continue
            if len(place._infoset._members) > 1:
                own_set(game, [place], place._infoset._player)
            place._infoset._label = label
            session().note(
                "B311",
                f"{doing}: no information set has the label {label!r}; the node's own gets it",
                history=place._history,
            )
        else:
            session().error(
                "B205",
                f"{doing}: the node is terminal and cannot be in {label!r}",
                history=history_of(place),
                fix="append the move first, or go one level up",
            )


def _join_or_wait(game: Game, place: Place, target: Infoset | Place, line: int) -> None:
    node, infoset = _node_now(place), _set_now(target)
    if node is not None and infoset is not None and _fits(node, infoset):
        _join_as_told(game, node, infoset, line)
        return
    above = next((pair for pair in _readings(place, target) if not _is_joined(*pair)), None)
    session().at_end.append(lambda: _join_at_end(game, place, target, above, line))


def _join_as_told(game: Game, node: Node, infoset: Infoset, line: int) -> None:
    """As pygambit does: the player and the actions become those of the information set."""
    own = node._infoset
    assert own is not None
    if own is infoset:
        return
    for before, after, what in (
        (own._player._label, infoset._player._label, "player"),
        (", ".join(node._labels()), ", ".join(_labels(infoset)), "actions"),
    ):
        if before != after:
            session().warn(
                "B303",
                f"set_infoset changes the {what} here from {before} to {after}",
                history=node._history,
                line=line,
                fix="only nodes of one player with the same actions share an information set",
            )
    join(node, infoset, line)
    game._changed()


def _join_at_end(
    game: Game,
    place: Place,
    target: Infoset | Place,
    above: tuple[Node, Infoset] | None,
    line: int,
) -> None:
    node, infoset = _node_now(place), _set_now(target)
    if node is not None and infoset is not None and _fits(node, infoset):
        if above and _forgets(node, infoset) and not _forgets(*above):
            _lift(game, *above, line)
            return
        session().note(
            "B301",
            "set_infoset comes before the moves are appended, and is carried out after them",
            history=node._history,
            line=line,
        )
        _join_as_told(game, node, infoset, line)
        return
    for lifted, joined in _readings(place, target):
        if _is_joined(lifted, joined):
            session().note(
                "B304",
                "set_infoset on nodes that have no move says nothing new about the nodes "
                "above them, and is left out",
                history=lifted._history,
                line=line,
                fix="name the nodes at which the player moves",
            )
            return
        _lift(game, lifted, joined, line)
        return
    session().error(
        "B205",
        f"set_infoset cannot put {_move_here(place)} into the information set of "
        f"{_move_here(target)}",
        history=history_of(place),
        line=line,
        fix="name two nodes at which the same player has the same actions",
    )


def _lift(game: Game, node: Node, infoset: Infoset, line: int) -> None:
    if not _is_joined(node, infoset):
        join(node, infoset, line)
        game._changed()
    session().note(
        "B302",
        "set_infoset names a node without a fitting move; its parent is meant, where "
        f"{infoset._player._label} chooses between {', '.join(_labels(infoset))}",
        history=node._history,
        line=line,
        fix="go one level up",
    )


def _readings(place: Place, target: Infoset | Place) -> Iterator[tuple[Node, Infoset]]:
    """Pairs of a node and a set that fit in player and actions, the nearest reading first."""
    nodes, sets = _candidates(place), _set_candidates(target)
    ranked = sorted(
        ((i + j, i, j) for i in range(len(nodes)) for j in range(len(sets)) if i + j),
        key=lambda rank: rank[0],
    )
    for _, i, j in ranked:
        node, infoset = nodes[i], sets[j]
        if node is None or infoset is None or node._infoset is None:
            continue
        same_player = node._infoset._player is infoset._player
        if node._infoset is infoset or (same_player and node._labels() == _labels(infoset)):
            yield node, infoset


def _candidates(place: Place) -> list[Node | None]:
    """The node itself, None if it has no move, and its parent."""
    node = _node_now(place)
    if node is None:
        return [None, place._deepest()[0]._parent if isinstance(place, LaterNode) else None]
    return [node if node._infoset is not None else None, node._parent]


def _set_candidates(target: Infoset | Place) -> list[Infoset | None]:
    if isinstance(target, Infoset):
        return [target]
    return [None if node is None else node._infoset for node in _candidates(target)]


def _node_now(place: Place) -> Node | None:
    return place if isinstance(place, Node) else place._now()


def _set_now(target: Infoset | Place) -> Infoset | None:
    if isinstance(target, Infoset):
        return target
    node = _node_now(target)
    return None if node is None else node._infoset


def _is_joined(node: Node, infoset: Infoset) -> bool:
    return node._infoset is infoset


def _forgets(node: Node, infoset: Infoset) -> bool:
    """Whether the one who moves would not know which action of his own came before."""
    member = next(iter(infoset._members), node)
    return member.own_prior_action is not node.own_prior_action


def _fits(node: Node, infoset: Infoset) -> bool:
    return node._infoset is not None and len(node._children) == len(infoset._actions)


def _labels(infoset: Infoset) -> list[str]:
    return [action._label for action in infoset._actions]


def _move_here(place: Infoset | Place) -> str:
    infoset = _set_now(place)
    if infoset is not None:
        return f"a node where {infoset._player._label} has ({', '.join(_labels(infoset))})"
    return "a terminal node" if _node_now(place) is not None else "a node that does not exist"  # type: ignore[arg-type]
