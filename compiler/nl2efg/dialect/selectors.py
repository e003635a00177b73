"""``H``: pygambit 17's small language for naming nodes by their histories.

Steps of a selector are functions from nodes to nodes; they run when a method of ``Game`` is given
the selector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nl2efg.dialect.lookup import find_label
from nl2efg.dialect.node import Node

Step = Callable[[list[Node]], list[Node]]


class HistoryView:
    """What a predicate of ``filter`` or ``by`` is given: a node's history."""

    def __init__(self, node: Node) -> None:
        self._node = node

    @property
    def actions(self) -> tuple[str, ...]:
        """The labels of the actions from the root."""
        return self._node._history()

    @property
    def members(self) -> list[HistoryView]:
        """The histories of the nodes in the same information set."""
        return [HistoryView(node) for node in self._node.members]

    def last_action(self, player: Any) -> str | None:
        """The label of the player's last action, or None."""
        for step in reversed(self._node._way()[1:]):
            action = step.prior_action
            if action is not None and action.infoset._player in (player, str(player)):
                return action._label
        return None

    def __len__(self) -> int:
        return len(self.actions)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._transitions())

    def __getitem__(self, index: Any) -> Any:
        return self._transitions()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HistoryView) and other._node is self._node

    def __hash__(self) -> int:
        return hash(self._node)

    def _transitions(self) -> list[Transition]:
        return [Transition(node) for node in self._node._way()[1:]]


class Transition:
    """One step of a history."""

    def __init__(self, node: Node) -> None:
        action = node.prior_action
        assert action is not None
        self.action = action._label
        self.player = action.infoset._player._label
        first = next(iter(action.infoset._members))
        self.state = HistoryView(first)

    def _key(self) -> tuple[str, str, HistoryView]:
        return self.player, self.action, self.state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Transition) and other._key() == self._key()

    def __hash__(self) -> int:
        return hash(self._key())


class Selector:
    """A recipe for a set of nodes.

    Args:
        steps: what is done, in order, starting from the root.
    """

    def __init__(self, steps: tuple[Step, ...] = ()) -> None:
        self._steps = steps

    def nodes(self, root: Node) -> list[Node]:
        """The nodes that the selector finds in a tree."""
        found = [root]
        for step in self._steps:
            found = step(found)
        return list(dict.fromkeys(found))

    def path(self, *steps: Any) -> Selector:
        """Further along these actions; ``...`` is any action."""
        return self._and(lambda found: _follow(found, steps))

    @property
    def plays(self) -> Selector:
        """The terminal nodes below."""
        return self._and(lambda found: [leaf for node in found for leaf in node.plays])

    def after(self, *labels: str) -> Selector:
        """Only the nodes whose histories end with these actions."""
        return self._and(lambda found: [node for node in found if _ends_with(node, labels)])

    def filter(self, predicate: Callable[[HistoryView], Any]) -> Selector:
        """Only the nodes for which ``predicate`` is true."""
        return self._and(lambda found: [node for node in found if predicate(HistoryView(node))])

    def by(self, key: Callable[[HistoryView], Any]) -> GroupedSelector:
        """The nodes in groups: those with the same key together."""
        return GroupedSelector(self, key)

    def _and(self, step: Step) -> Selector:
        return Selector((*self._steps, step))


class GroupedSelector:
    """A recipe for groups of nodes.

    Args:
        base: finds the nodes.
        key: gives the group of each.
        steps: what is done within each group afterwards.
        last_of: a player whose last action splits the groups further at each ``plays``.
    """

    def __init__(
        self,
        base: Selector,
        key: Callable[[HistoryView], Any],
        steps: tuple[tuple[str, Any], ...] = (),
        last_of: Any = None,
    ) -> None:
        self._base, self._key, self._steps, self._last_of = base, key, steps, last_of

    def groups(self, root: Node) -> list[list[Node]]:
        """The groups, in the order of their first node."""
        found: dict[Any, list[Node]] = {}
        for node in self._base.nodes(root):
            found.setdefault((self._key(HistoryView(node)),), []).append(node)
        for kind, value in self._steps:
            after: dict[Any, list[Node]] = {}
            for key, nodes in found.items():
                for node in _within(nodes, kind, value):
                    refined = (*key, _last_key(node, value)) if kind == "plays" and value else key
                    after.setdefault(refined, []).append(node)
            found = after
        return [nodes for nodes in found.values() if nodes]

    def nodes(self, root: Node) -> list[Node]:
        """All nodes of all groups."""
        return [node for group in self.groups(root) for node in group]

    @property
    def plays(self) -> GroupedSelector:
        """The terminal nodes below each group."""
        return self._and("plays", self._last_of)

    def after(self, *labels: str) -> GroupedSelector:
        """Only the nodes whose histories end with these actions."""
        return self._and("after", labels)

    def by_last_action(self, player: Any) -> GroupedSelector:
        """From here on ``plays`` splits the groups by the player's last action."""
        return GroupedSelector(self._base, self._key, self._steps, player)

    def _and(self, kind: str, value: Any) -> GroupedSelector:
        steps = (*self._steps, (kind, value))
        return GroupedSelector(self._base, self._key, steps, self._last_of)


class H:
    """Where selectors begin."""

    @staticmethod
    def path(*steps: Any) -> Selector:
        """From the root along these actions."""
        return Selector().path(*steps)

    @staticmethod
    def after(*labels: str) -> Selector:
        """Any node whose history ends with these actions."""
        return Selector((lambda found: list(found[0]._below()),)).after(*labels)

    plays = Selector().plays


def _follow(found: list[Node], steps: tuple[Any, ...]) -> list[Node]:
    for step in steps:
        further: list[Node] = []
        for node in found:
            if step is Ellipsis:
                further.extend(node._children)
                continue
            index = find_label(node._labels(), str(step))
            if index is not None:
                further.append(node._children[index])
        found = further
    return found


def _ends_with(node: Node, labels: tuple[str, ...]) -> bool:
    return not labels or node._history()[-len(labels) :] == labels


def _within(nodes: list[Node], kind: str, value: Any) -> list[Node]:
    if kind == "plays":
        return [leaf for node in nodes for leaf in node.plays]
    return [node for node in nodes if _ends_with(node, value)]


def _last_key(node: Node, player: Any) -> Any:
    for step in reversed(node._way()[1:]):
        action = step.prior_action
        if action is not None and action.infoset._player in (player, str(player)):
            return id(action)
    return None
