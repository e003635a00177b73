"""Nodes and information sets that are named before they exist.

``g.root.children[0].children[1]`` before the move at ``g.root.children[0]`` is appended is a place
in the tree to be; it is looked up again when the whole program has run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nl2efg.dialect.elements import Infoset
from nl2efg.dialect.lookup import did_you_mean, find_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import current_line, refuse


class LaterNode:
    """A child of a node that has no such child yet.

    Args:
        parent: the node, or place, above.
        key: number or label of the child.
    """

    def __init__(self, parent: Node | LaterNode, key: Any) -> None:
        self._parent = parent
        self._key = key
        self._line = current_line()

    @property
    def game(self) -> Any:
        """The game."""
        return self._parent.game

    @property
    def children(self) -> LaterChildren:
        """Its children, when it exists."""
        found = self._now()
        return LaterChildren(self) if found is None else found.children

    @property
    def infoset(self) -> Any:
        """Its information set, when it exists."""
        return LaterInfoset(self)

    @property
    def parent(self) -> Node | LaterNode:
        """The node, or place, above."""
        return self._parent

    def _now(self) -> Node | None:
        """The node, if it exists by now."""
        above = self._parent if isinstance(self._parent, Node) else self._parent._now()
        if above is None or not above._children:
            return None
        index = child_index(above, self._key)
        return None if index is None else above._children[index]

    def _deepest(self) -> tuple[Node, int]:
        """The last node on the way here that exists, and how many steps are missing."""
        place: Node | LaterNode = self
        missing = 0
        while isinstance(place, LaterNode):
            found = place._now()
            if found is not None:
                return found, missing
            place = place._parent
            missing += 1
        return place, missing

    def __getattr__(self, name: str) -> Any:
        found = self._now()
        if found is not None:
            return getattr(found, name)
        raise refuse(
            "B202",
            f"the node has no child {self._key!r}: no move was appended to it",
            history=self._deepest()[0]._history(),
            fix="append the move before its children are used",
        )

    def __getitem__(self, key: Any) -> Any:
        return self.children[key]


class LaterInfoset:
    """The information set of a node that has no move yet.

    Args:
        node: the node, or place.
    """

    def __init__(self, node: Node | LaterNode) -> None:
        self._node = node

    def _now(self) -> Infoset | None:
        """The information set, if the node has a move by now."""
        node = self._node if isinstance(self._node, Node) else self._node._now()
        return None if node is None else node._infoset

    def __bool__(self) -> bool:
        return self._now() is not None

    def __eq__(self, other: object) -> bool:
        mine = self._now()
        theirs = other._now() if isinstance(other, LaterInfoset) else other
        return mine is theirs if mine is not None or theirs is None else self is other

    def __hash__(self) -> int:
        return hash((LaterInfoset, id(self._now())))

    def __getattr__(self, name: str) -> Any:
        found = self._now()
        if found is not None:
            return getattr(found, name)
        raise refuse(
            "B202",
            f"the node is terminal and has no information set (to take {name!r} from)",
            history=history_of(self._node),
            fix="append the move first",
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        found = self._now()
        if found is None:
            raise refuse(
                "B202",
                f"the node is terminal and has no information set (to set {name!r} of)",
                history=history_of(self._node),
                fix="append the move first",
            )
        setattr(found, name, value)


class Children:
    """The children of a node: by number, label, action or slice, or one after another."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def __len__(self) -> int:
        return len(self._node._children)

    def __iter__(self) -> Iterator[Node]:
        return iter(list(self._node._children))

    def __contains__(self, node: object) -> bool:
        return node in self._node._children

    def __getitem__(self, key: Any) -> Any:
        node = self._node
        if isinstance(key, slice):
            return node._children[key]
        if not node._children:
            return LaterNode(node, key)
        index = child_index(node, key)
        if index is not None:
            return node._children[index]
        labels = node._labels()
        wanted = getattr(key, "label", key)
        if isinstance(wanted, str):
            advice = did_you_mean(wanted, labels)
        else:
            advice = f"it has {len(labels)} children; numbers start at 0"
        raise refuse(
            "B202", f"the node has no child {wanted!r}", history=node._history(), fix=advice
        )

    def __add__(self, other: Any) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Any) -> list[Any]:
        return [*other, *self]

    def __repr__(self) -> str:
        return f"NodeChildren(parent={self._node!r})"


class LaterChildren:
    """The children of a node that does not exist yet: none to count, but they can be named."""

    def __init__(self, place: LaterNode) -> None:
        self._place = place

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def __getitem__(self, key: Any) -> Any:
        return [] if isinstance(key, slice) else LaterNode(self._place, key)


def child_index(node: Node, key: Any) -> int | None:
    """Which child a number, label of an action or of a node, or action means; None if none."""
    if isinstance(key, str):
        found = find_label(node._labels(), key)
        return (
            find_label([child._label for child in node._children], key) if found is None else found
        )
    if hasattr(key, "infoset"):
        return key.number if key.infoset is node._infoset else None
    if hasattr(key, "__index__"):
        index: int = key.__index__()
        size = len(node._children)
        return index % size if -size <= index < size else None
    return None


def history_of(place: Node | LaterNode) -> tuple[str, ...]:
    """The history of a node, or of the last node on the way to a place."""
    return place._history() if isinstance(place, Node) else place._deepest()[0]._history()
