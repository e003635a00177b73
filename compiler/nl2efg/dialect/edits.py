"""Changing a tree that stands: copying, moving and deleting parts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_node
from nl2efg.dialect.moves import join
from nl2efg.dialect.node import Node, SourceLines
from nl2efg.dialect.session import current_line, session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def copy_tree(game: Game, src: Any, dest: Any) -> None:
    """Copy the subtree at ``src`` to the terminal ``dest``; information sets are shared."""
    pair = _source_and_place(game, src, dest, "copy_tree")
    if pair is None:
        return
    line = current_line()
    # Listed before anything is copied: ``dest`` may lie below ``src``.
    shape = [(node, list(node._children), node._infoset) for node in pair[0]._below()]
    session().spend(len(shape) - 1)
    copies = {pair[0]: pair[1]}
    for node, children, infoset in shape:
        new = copies[node]
        if node is not pair[0]:  # the outcome at the destination is not changed
            new._outcome = node._outcome
        new._label = new._label or node._label
        move_line = line if infoset is not None else 0
        new._lines = SourceLines(move_line, move_line, line if new._outcome is not None else 0)
        if infoset is None:
            continue
        made = [Node(game, new) for _ in children]
        new._children = made
        copies.update(zip(children, made, strict=True))
        join(new, infoset, line)
    game._changed()


def move_tree(game: Game, src: Any, dest: Any) -> None:
    """Move the subtree at ``src`` to the terminal ``dest``; its old place is terminal."""
    pair = _source_and_place(game, src, dest, "move_tree")
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
    place._outcome = None
    game._changed()


def delete_tree(game: Game, node: Any) -> None:
    """Delete everything below a node, which becomes terminal."""
    top = find_node(game, node, "delete_tree")
    if top is None:
        return
    for gone in top._below():
        if gone._infoset is not None:
            gone._infoset._members.pop(gone, None)
    top._children = []
    top._infoset = None
    top._outcome = None
    game._changed()


def delete_parent(game: Game, node: Any) -> None:
    """Put a node in the place of its parent; the other children go."""
    kept = find_node(game, node, "delete_parent")
    if kept is None:
        return
    if kept._parent is None:
        session().warn(
            "B209",
            "delete_parent: the root has no parent, and nothing is deleted",
            fix="name the child that is to take the place of its parent",
        )
        return
    parent = kept._parent
    for sibling in list(parent._children):
        if sibling is not kept:
            delete_tree(game, sibling)
    if parent._infoset is not None:
        parent._infoset._members.pop(parent, None)
    kept._parent = parent._parent
    if parent._parent is None:
        game._root = kept
    else:
        above = parent._parent._children
        above[above.index(parent)] = kept
    game._changed()


def _source_and_place(game: Game, src: Any, dest: Any, doing: str) -> tuple[Node, Node] | None:
    source, place = find_node(game, src, doing), find_node(game, dest, doing)
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
