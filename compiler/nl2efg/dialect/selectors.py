"""``H``: pygambit 17's small language for naming nodes by their histories.

A selector is a recipe that belongs to no game. It is worked out on the game as it stands when a
method of ``Game`` is given it, in the order of its steps, as in ``hsel.pxi`` and
``ExtensiveGame._get_nodes`` of pygambit 17.0.0b2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nl2efg.dialect.lookup import did_you_mean, find_label
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import refuse, session

Step = Callable[[list[Node]], list[Node]]


@dataclass(frozen=True)
class HistoryTransition:
    """One step of a history.

    Args:
        player: who acted.
        state: the history of the first member of the information set or event.
        action: the label of the action.
    """

    player: str
    state: History
    action: str


class History(tuple[HistoryTransition, ...]):
    """The steps from the root to a node."""

    __slots__ = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The labels of the actions alone."""
        return tuple(step.action for step in self)

    def __getitem__(self, index: Any) -> Any:
        found = tuple.__getitem__(self, index)
        return History(found) if isinstance(index, slice) else found

    def __repr__(self) -> str:
        return f"History({tuple.__repr__(self)})"


def history_of(node: Node) -> History:
    """The history of a node."""
    return _history_of(node, {})


def _history_of(node: Node, known: dict[Node, History]) -> History:
    """The history, without recursion: states are histories of nodes that come before."""
    wanted = [node]
    while wanted:
        last = wanted[-1]
        if last in known:
            wanted.pop()
            continue
        above = last._parent
        if above is None:
            known[last] = History(())
            continue
        assert above._infoset is not None
        first = first_member(above)
        missing = [one for one in (above, first) if one not in known]
        if missing:
            wanted.extend(missing)
            continue
        action = last.prior_action
        assert action is not None
        step = HistoryTransition(above._infoset._player._label, known[first], action._label)
        known[last] = History((*known[above], step))
    return known[node]


def first_member(node: Node) -> Node:
    """The first member, in preorder, of the information set of a node that has a move."""
    assert node._infoset is not None
    members = node._infoset._members
    return next(iter(members)) if len(members) == 1 else min(members, key=_place)


def _place(node: Node) -> tuple[int, ...]:
    """The indices of the children on the way to a node; they sort in preorder."""
    way = node._way()
    return tuple(above._children.index(below) for above, below in pairwise(way))


class HistoryView:
    """What a predicate of ``filter`` or a key of ``by`` is given: a node's history."""

    def __init__(self, node: Node) -> None:
        self._node = node

    @property
    def actions(self) -> tuple[str, ...]:
        """The labels of the actions from the root."""
        return self._node._history()

    @property
    def members(self) -> list[History]:
        """The histories of the nodes in the same information set.

        Raises:
            AttributeError: the node is terminal.
        """
        if self._node._infoset is None:
            raise AttributeError("node currently belongs to no information set or event")
        return [history_of(member) for member in self._node.members]

    def last_action(self, player: Any) -> str | None:
        """The label of the player's last action, or None.

        Raises:
            DialectError: there is no such player; chance is none.
        """
        node = last_acted(self._node, player)
        return None if node is None else str(node.prior_action)

    def __len__(self) -> int:
        return len(self._node._way()) - 1

    def __iter__(self) -> Iterator[HistoryTransition]:
        return iter(history_of(self._node))

    def __getitem__(self, index: Any) -> Any:
        return history_of(self._node)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HistoryView) and other._node is self._node

    def __hash__(self) -> int:
        return hash(self._node)

    def __repr__(self) -> str:
        return f"HistoryView({history_of(self._node)!r})"


def last_acted(node: Node, player: Any) -> Node | None:
    """The node to which a player's last action on the way to ``node`` leads; None without one."""
    mover = node.game._player(player, "last_action")
    if mover.is_chance:
        raise refuse(
            "B203",
            "last_action: chance is no player in pygambit 17",
            fix="look at h.actions, or at the steps of the history: h[0].action",
        )
    for step in reversed(node._way()[1:]):
        action = step.prior_action
        if action is not None and action.infoset._player is mover:
            return step
    return None


class Selector:
    """A recipe for a set of nodes.

    Args:
        steps: what is done, in order, starting from the root.
    """

    def __init__(self, steps: tuple[Step, ...] = ()) -> None:
        self._steps = steps

    def nodes(self, root: Node) -> list[Node]:
        """The nodes that the selector finds in a tree.

        Raises:
            DialectError: a path names an action that a node on the way does not have.
        """
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

    def after(self, *labels: Any) -> Selector:
        """Only the nodes whose histories end with these actions; of all, as a first step."""
        first = not self._steps

        def step(found: list[Node]) -> list[Node]:
            every = list(found[0]._below()) if first else found
            return [node for node in every if _ends_with(node, labels)]

        return self._and(step)

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
        """The groups, in the order of their first node; some may have lost all their nodes.

        Raises:
            DialectError: as :meth:`Selector.nodes`.
        """
        found: dict[Any, list[Node]] = {}
        for node in self._base.nodes(root):
            found.setdefault((self._key(HistoryView(node)),), []).append(node)
        for kind, value in self._steps:
            after: dict[Any, list[Node]] = {}
            for key, nodes in found.items():
                if kind == "after":
                    after[key] = [node for node in nodes if _ends_with(node, value)]
                    continue
                plays = [leaf for node in nodes for leaf in node.plays]
                if self._last_of is None:
                    after[key] = plays
                    continue
                for leaf in plays:
                    refined = (*key, _last_key(leaf, self._last_of))
                    after.setdefault(refined, []).append(leaf)
            found = after
        return list(found.values())

    def nodes(self, root: Node) -> list[Node]:
        """All nodes of all groups."""
        return [node for group in self.groups(root) for node in group]

    @property
    def plays(self) -> GroupedSelector:
        """The terminal nodes below each group."""
        return self._and("plays", None)

    def after(self, *labels: Any) -> GroupedSelector:
        """Only the nodes whose histories end with these actions."""
        return self._and("after", labels)

    def by_last_action(self, player: Any) -> GroupedSelector:
        """``plays`` splits the groups by the player's last action, wherever it stands."""
        return GroupedSelector(self._base, self._key, self._steps, player)

    def with_recall(self, player: Any) -> GroupedSelector:
        """``by_last_action`` as the first versions of pygambit 17 call it."""
        session().note("B319", "with_recall is called by_last_action in pygambit 17.0.0b2")
        return self.by_last_action(player)

    def _and(self, kind: str, value: Any) -> GroupedSelector:
        return GroupedSelector(self._base, self._key, (*self._steps, (kind, value)), self._last_of)


class H:
    """Where selectors begin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise refuse("B208", "H makes selectors and is not called itself", fix="write H.path(...)")

    @staticmethod
    def path(*steps: Any) -> Selector:
        """From the root along these actions."""
        return Selector().path(*steps)

    @staticmethod
    def after(*labels: Any) -> Selector:
        """Any node whose history ends with these actions."""
        return Selector().after(*labels)

    plays = Selector().plays


def is_selector(value: Any) -> bool:
    """Whether nodes are named as pygambit 17 names them."""
    return isinstance(value, Selector | GroupedSelector)


def _follow(found: list[Node], steps: tuple[Any, ...]) -> list[Node]:
    for step in steps:
        further: list[Node] = []
        for node in found:
            if step is Ellipsis:
                further.extend(node._children)
            else:
                further.append(_child(node, step))
        found = further
    return found


def _child(node: Node, step: Any) -> Node:
    """The child after an action.

    Raises:
        DialectError: the node has no such action.
    """
    wanted = getattr(step, "label", step)
    labels = node._labels()
    index = find_label(labels, wanted) if isinstance(wanted, str) else None
    if index is not None:
        if labels[index] != wanted:
            session().note("B319", f"the action {wanted!r} is taken to be {labels[index]!r}")
        return node._children[index]
    if not labels:
        advice = "no move was appended there; append it first, or use H.plays.after(...)"
    elif not isinstance(wanted, str):
        advice = "name the action by its label; ... stands for any action"
    else:
        advice = f"{did_you_mean(wanted, labels)} Where only some nodes have it: .after or .filter"
    raise refuse(
        "B207", f"H.path: there is no action {wanted!r}", history=node._history(), fix=advice
    )


def _ends_with(node: Node, labels: tuple[Any, ...]) -> bool:
    """Whether a node's history ends with these labels, in this order."""
    for label in reversed(labels):
        action = node.prior_action
        if action is None or node._parent is None or action._label != str(label):
            return False
        node = node._parent
    return True


def _last_key(node: Node, player: Any) -> Any:
    """The player's last action: that of an information set, whatever others are called."""
    step = last_acted(node, player)
    return None if step is None or step.prior_action is None else id(step.prior_action)
