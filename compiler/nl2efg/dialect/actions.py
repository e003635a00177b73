"""Actions of an information set: adding, deleting, ordering and naming them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_infoset
from nl2efg.dialect.edits import delete_tree
from nl2efg.dialect.elements import Action, Infoset
from nl2efg.dialect.labels17 import reconciled, relabelled
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.moves import give_probabilities
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import refuse, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def set_move_actions(
    game: Game, infoset: Any, actions: Any, drop: bool = False, add: bool = True
) -> None:
    """The actions of a player's move, in order: those that there are keep their subtrees (17).

    Raises:
        DialectError: chance moves there, or as :func:`nl2efg.dialect.labels17.reconciled`.
    """
    found = find_infoset(game, infoset, "set_move_actions")
    if found.is_chance:
        raise refuse(
            "B208",
            "set_move_actions: chance moves here",
            history=found._history(),
            fix="use set_event_actions, with a mapping from actions to probabilities",
        )
    _arrange(game, found, actions, "set_move_actions", drop=drop, add=add)


def set_event_actions(
    game: Game, event: Any, probs: Any, drop: bool = False, add: bool = True
) -> None:
    """The actions of a chance event, in order, with their probabilities (17).

    Raises:
        DialectError: a player moves there, it is no mapping, or as
            :func:`nl2efg.dialect.labels17.reconciled`.
    """
    found = find_infoset(game, event, "set_event_actions")
    if not found.is_chance:
        raise refuse(
            "B208",
            f"set_event_actions: {found._player._label} moves here, not chance",
            history=found._history(),
            fix="use set_move_actions, with a list of actions",
        )
    if not isinstance(probs, Mapping):
        raise refuse(
            "B208",
            "set_event_actions: a mapping from actions to probabilities is needed",
            fix="write {'heads': '1/2', 'tails': '1/2'}",
        )
    _arrange(game, found, probs, "set_event_actions", drop=drop, add=add)
    give_probabilities(game, found, probs)


def set_actions(
    game: Game, infoset: Any, actions: Any, probs: Any = None, drop: bool = True, add: bool = True
) -> None:
    """The actions, of whoever moves, as the first versions of pygambit 17 set them."""
    found = find_infoset(game, infoset, "set_actions")
    if isinstance(actions, Mapping):
        actions, probs = list(actions), actions
    _arrange(game, found, actions, "set_actions", drop=drop, add=add)
    if probs is not None:
        give_probabilities(game, found, probs)


def _arrange(
    game: Game, infoset: Infoset, actions: Any, doing: str, *, drop: bool, add: bool
) -> None:
    """Let an information set have these actions, in this order."""
    wanted = reconciled(_labels(infoset), actions, doing, "action", drop=drop, add=add)
    # New ones first: the last action of an information set cannot be deleted.
    for label in wanted:
        if label not in _labels(infoset):
            add_action(game, infoset, label)
    for action in list(infoset._actions):
        if action._label not in wanted:
            delete_action(game, action)
    order = [_labels(infoset).index(label) for label in wanted]
    infoset._actions[:] = [infoset._actions[i] for i in order]
    for member in infoset._members:
        member._children[:] = [member._children[i] for i in order]
    game._changed()


def relabel_actions(game: Game, infoset: Any, labels: Any, strict: bool = True) -> None:
    """Change labels of actions, all at once (17).

    Raises:
        DialectError: as :func:`nl2efg.dialect.labels17.relabelled`.
    """
    found = find_infoset(game, infoset, "relabel_actions")
    changes = relabelled(_labels(found), labels, "relabel_actions", "action", strict=strict)
    for action in found._actions:
        action.label = changes.get(action._label, action._label)


def add_action(game: Game, infoset: Any, before: Any = None) -> Action:
    """A new action at an information set, last or before another one."""
    found = find_infoset(game, infoset, "add_action")
    label = before if isinstance(before, str) and before not in _labels(found) else None
    index = len(found._actions)
    if before is not None and label is None:
        index = find_action(game, before, "add_action").number
    new = Action(found, as_label(label), _zero_of_chance(found))
    found._actions.insert(index, new)
    session().spend(len(found._members))
    for member in found._members:
        member._children.insert(index, Node(game, member))
    game._changed()
    return new


def delete_action(game: Game, action: Any) -> None:
    """Delete an action, with what follows it; chance's other probabilities are scaled up."""
    gone = find_action(game, action, "delete_action")
    infoset = gone.infoset
    if len(infoset._actions) == 1:
        session().error("B209", "delete_action: the last action of an information set stays")
        return
    index = gone.number
    for member in list(infoset._members):
        if member in infoset._members:  # else it went with what follows another member
            delete_tree(game, member._children[index])
            del member._children[index]
    del infoset._actions[index]
    if infoset.is_chance:
        total = sum(one._prob or 0 for one in infoset._actions)
        for one in infoset._actions:
            one._prob = one._prob / total if total and one._prob is not None else one._prob
    game._changed()


def find_action(game: Game, value: Any, doing: str) -> Action:
    """An action, by object, or by a label that no other action has.

    Raises:
        DialectError: there is none, or more than one.
    """
    if isinstance(value, Action):
        return value
    if isinstance(value, str):
        named = [
            one
            for infoset in game._ordered_infosets()
            for one in infoset._actions
            if one._label == value
        ]
        if len(named) == 1:
            return named[0]
        raise refuse("B207", f"{doing}: {len(named)} actions have the label {value!r}, not one")
    raise refuse("B208", f"{doing}: an action is needed, not {value!r:.60}")


def _labels(infoset: Infoset) -> list[str]:
    return [action._label for action in infoset._actions]


def _zero_of_chance(infoset: Infoset) -> Any:
    return Fraction(0) if infoset.is_chance else None
