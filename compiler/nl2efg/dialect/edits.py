"""Changing a tree that stands: copying, moving and deleting parts of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from nl2efg.dialect.arguments import Operands, game_of
from nl2efg.dialect.elements import Action, Infoset
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.moves import _join
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import current_line, refuse, session


class Editing(Operands):
    """The part of ``Game`` that changes what is built already."""

    def copy_tree(self, src: Any, dest: Any) -> None:
        """Copy the subtree at ``src`` to the terminal ``dest``; information sets are shared."""
        pair = self._source_and_place(src, dest, "copy_tree")
        if pair is None:
            return
        game = game_of(self)
        line = current_line()
        # Listed before anything is copied: ``dest`` may lie below ``src``.
        shape = [(node, list(node._children), node._infoset) for node in pair[0]._below()]
        session().spend(len(shape) - 1)
        copies = {pair[0]: pair[1]}
        for node, children, infoset in shape:
            new = copies[node]
            if node is not pair[0] or new._outcome is None:
                new._outcome = node._outcome
            new._label = new._label or node._label
            new._lines = [line if infoset is not None else 0] * 2 + [
                line if new._outcome is not None else 0
            ]
            if infoset is None:
                continue
            made = [Node(game, new) for _ in children]
            new._children = made
            copies.update(zip(children, made, strict=True))
            _join(new, infoset, line)
        game._changed()

    def move_tree(self, src: Any, dest: Any) -> None:
        """Move the subtree at ``src`` to the terminal ``dest``; its old place is terminal."""
        pair = self._source_and_place(src, dest, "move_tree")
        if pair is None:
            return
        moved, place = pair
        if moved in place._way():
            session().error("B209", "move_tree: a subtree cannot be moved into itself")
            return
        above, below = moved._parent, place._parent
        if above is None or below is None:
            session().error("B209", "move_tree: the root cannot be moved")
            return
        i, j = above._children.index(moved), below._children.index(place)
        above._children[i], below._children[j] = place, moved
        place._parent, moved._parent = above, below
        game_of(self)._changed()

    def delete_tree(self, node: Any) -> None:
        """Delete everything below a node, which becomes terminal."""
        top = self._existing(node, "delete_tree")
        if top is None:
            return
        for gone in top._below():
            if gone._infoset is not None:
                gone._infoset._members.pop(gone, None)
        top._children = []
        top._infoset = None
        game_of(self)._changed()

    def delete_parent(self, node: Any) -> None:
        """Put a node in the place of its parent; the other children go."""
        kept = self._existing(node, "delete_parent")
        if kept is None or kept._parent is None:
            session().error(
                "B209",
                "delete_parent: the root has no parent",
                history=None if kept is None else kept._history,
                fix="name the child that is to take the place of its parent",
            )
            return
        parent = kept._parent
        for sibling in list(parent._children):
            if sibling is not kept:
                self.delete_tree(sibling)
        if parent._infoset is not None:
            parent._infoset._members.pop(parent, None)
        kept._parent = parent._parent
        if parent._parent is None:
            self._root = kept
        else:
            above = parent._parent._children
            above[above.index(parent)] = kept
        game_of(self)._changed()

    def add_action(self, infoset: Any, before: Any = None) -> Action:
        """A new action at an information set, last or before another one."""
        found = self._infoset(infoset, "add_action")
        label = before if isinstance(before, str) and before not in _labels(found) else None
        index = len(found._actions)
        if before is not None and label is None:
            index = self._action(before, "add_action").number
        new = Action(found, as_label(label), _zero_of_chance(found))
        found._actions.insert(index, new)
        session().spend(len(found._members))
        for member in found._members:
            member._children.insert(index, Node(game_of(self), member))
        game_of(self)._changed()
        return new

    def delete_action(self, action: Any) -> None:
        """Delete an action, with what follows it; chance's other probabilities are scaled up."""
        gone = self._action(action, "delete_action")
        infoset = gone.infoset
        if len(infoset._actions) == 1:
            session().error("B209", "delete_action: the last action of an information set stays")
            return
        index = gone.number
        for member in list(infoset._members):
            self.delete_tree(member._children[index])
            del member._children[index]
        del infoset._actions[index]
        if infoset.is_chance:
            total = sum(one._prob or 0 for one in infoset._actions)
            for one in infoset._actions:
                one._prob = one._prob / total if total and one._prob is not None else one._prob
        game_of(self)._changed()

    def _action(self, value: Any, doing: str) -> Action:
        if isinstance(value, Action):
            return value
        if isinstance(value, str):
            named = [
                one
                for infoset in self._ordered_infosets()
                for one in infoset._actions
                if one._label == value
            ]
            if len(named) == 1:
                return named[0]
            raise refuse("B207", f"{doing}: {len(named)} actions have the label {value!r}, not one")
        raise refuse("B208", f"{doing}: an action is needed, not {value!r:.60}")

    def _source_and_place(self, src: Any, dest: Any, doing: str) -> tuple[Node, Node] | None:
        source, place = self._existing(src, doing), self._existing(dest, doing)
        if source is None or place is None:
            return None
        if not place.is_terminal:
            session().error(
                "B201",
                f"{doing}: the place it goes to is not terminal",
                history=place._history,
                fix=f"{doing}(source, destination) needs a terminal destination",
            )
            return None
        return source, place


def _labels(infoset: Infoset) -> list[str]:
    return [action._label for action in infoset._actions]


def _zero_of_chance(infoset: Infoset) -> Any:

    return Fraction(0) if infoset.is_chance else None
