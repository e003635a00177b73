"""Actions of an information set: adding, deleting, ordering and naming them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_infoset
from nl2efg.dialect.edits import delete_tree
from nl2efg.dialect.elements import Action, Infoset
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.moves import give_probabilities
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import refuse, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def set_actions(
    game: Game, infoset: Any, actions: Any, probs: Any = None, drop: bool = False, add: bool = True
) -> None:
    """The actions, in order: those that there are keep their subtrees, others are new."""
    found = find_infoset(game, infoset, "set_actions")
    if isinstance(actions, Mapping):
        actions, probs = list(actions), actions
    wanted = [as_label(getattr(one, "label", one)) for one in actions]
    for action in list(found._actions):
        if action._label not in wanted and len(found._actions) > 1:
            delete_action(game, action)
    for label in wanted:
        if label not in [action._label for action in found._actions]:
            add_action(game, found, label)
    order = [[action._label for action in found._actions].index(label) for label in wanted]
    found._actions[:] = [found._actions[i] for i in order]
    for member in found._members:
        member._children[:] = [member._children[i] for i in order]
    if probs is not None:
        give_probabilities(game, found, probs)


def set_move_actions(game: Game, infoset: Any, actions: Any, **options: Any) -> None:
    """``set_actions`` of a player's move."""
    set_actions(game, infoset, actions, **options)


def set_event_actions(game: Game, event: Any, probs: Any, **options: Any) -> None:
    """``set_actions`` of a chance event."""
    set_actions(game, event, probs, **options)


def relabel_actions(
    game: Game, infoset: Any, labels: Mapping[Any, Any], strict: bool = True
) -> None:
    """Change labels of actions, all at once."""
    found = find_infoset(game, infoset, "relabel_actions")
    new = {str(getattr(old, "label", old)): value for old, value in labels.items()}
    for action in found._actions:
        if action._label in new:
            action.label = new[action._label]


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
        delete_tree(game, member._children[index])
        del member._children[index]
    del infoset._actions[index]
    if infoset.is_chance:
        total = sum(one._prob or 0 for one in infoset._actions)
        for one in infoset._actions:
            one._prob = one._prob / total if total and one._prob is not None else one._prob
    game._changed()


def find_action(game: Game, value: Any, doing: str) -> Action:
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
