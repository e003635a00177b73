"""GameTree: the one representation of an extensive-form game.

Nodes are numbered in preorder (a node before its children, children in the order of the actions),
so a subtree is the interval ``range(node, tree.subtree_end[node])`` and no algorithm needs
recursion. Everything is exact and immutable.

The definitions follow Kuhn (1953) as generalised by Isbell (1957): an information set may contain
two nodes of one path (absent-mindedness).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from nl2efg.game.distinct_words import distinct_words, labels_that_name
from nl2efg.lazy import notebook_picture

CHANCE = -1
"""The ``player`` of an information set at which chance moves."""

NO_SET = -1
"""``GameTree.set_of`` at a terminal node."""

NO_OUTCOME = -1
"""``GameTree.outcome_of`` at a node without an outcome."""


@dataclass(frozen=True, slots=True)
class InformationSet:
    """An information set: who moves, with which actions.

    Args:
        player: index into ``GameTree.players``, or ``CHANCE``.
        actions: labels of the actions, in order; at least one.
        label: its name; may be empty or repeated.
        probabilities: for chance, the exact probability of each action; else None.
    """

    player: int
    actions: tuple[str, ...]
    label: str = ""
    probabilities: tuple[Fraction, ...] | None = None

    @property
    def is_chance(self) -> bool:
        """Whether chance moves here."""
        return self.player == CHANCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vector of payoffs, one for each player, that may be attached to several nodes."""

    payoffs: tuple[Fraction, ...]
    label: str = ""


@dataclass(frozen=True)
class GameTree:
    """An extensive-form game.

    Build one with :class:`nl2efg.game.TreeBuilder`, or read one with
    :func:`nl2efg.formats.read_efg`; the constructor takes the arrays as they are and checks them.

    Args:
        players: names, in order; chance is not among them.
        information_sets: in order of their first node.
        outcomes: in order of their first node.
        parents: the parent of each node; -1 for the root, which is node 0.
        set_of: index of each node's information set; ``NO_SET`` at a terminal node.
        outcome_of: index of each node's outcome; ``NO_OUTCOME`` where there is none.
            Payoffs on a path add up.
        node_labels: a name for each node; empty for most.
        title, comment: free text.

    Raises:
        ValueError: the arrays do not describe a tree. Flaws that a description may really have
            (probabilities that do not sum to one, a missing outcome) are no errors here:
            ``nl2efg.check`` reports them.
    """

    players: tuple[str, ...]
    information_sets: tuple[InformationSet, ...]
    outcomes: tuple[Outcome, ...]
    parents: tuple[int, ...]
    set_of: tuple[int, ...]
    outcome_of: tuple[int, ...]
    node_labels: tuple[str, ...]
    title: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        size = len(self.parents)
        if not size or self.parents[0] != -1:
            raise ValueError("node 0 must be the root")
        if not len(self.set_of) == len(self.outcome_of) == len(self.node_labels) == size:
            raise ValueError("the node arrays have different lengths")
        self._check_sets()
        self._check_nodes()

    def _check_sets(self) -> None:
        for number, information_set in enumerate(self.information_sets):
            if not CHANCE <= information_set.player < len(self.players):
                raise ValueError(f"information set {number} belongs to no player of the game")
            if not information_set.actions:
                raise ValueError(f"information set {number} has no actions")
            given = information_set.probabilities
            if information_set.is_chance != (given is not None):
                raise ValueError(f"information set {number}: only chance has probabilities")
            if given is not None and len(given) != len(information_set.actions):
                raise ValueError(f"information set {number}: one probability an action, please")
        for number, outcome in enumerate(self.outcomes):
            if len(outcome.payoffs) != len(self.players):
                raise ValueError(f"outcome {number} must hold one payoff for each player")

    def _check_nodes(self) -> None:
        open_path: list[int] = []
        missing: list[int] = []
        for node, parent in enumerate(self.parents):
            while missing and missing[-1] == 0:
                open_path.pop()
                missing.pop()
            if node:
                if not open_path or open_path[-1] != parent:
                    raise ValueError(f"node {node} is not in preorder")
                missing[-1] -= 1
            number = self.set_of[node]
            if number != NO_SET:
                if not 0 <= number < len(self.information_sets):
                    raise ValueError(f"node {node} is in no information set of the game")
                open_path.append(node)
                missing.append(len(self.information_sets[number].actions))
            if not NO_OUTCOME <= self.outcome_of[node] < len(self.outcomes):
                raise ValueError(f"node {node} has an outcome that the game does not have")
        if any(missing):
            raise ValueError("a node has fewer children than its information set has actions")

    def __len__(self) -> int:
        """The number of nodes."""
        return len(self.parents)

    def __repr__(self) -> str:
        return (
            f"<GameTree {self.title!r}: {len(self.players)} players, {len(self)} nodes, "
            f"{sum(not infoset.is_chance for infoset in self.information_sets)} information sets>"
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The picture for notebooks."""
        return {"image/svg+xml": notebook_picture(self), "text/plain": repr(self)}

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The children of each node, in the order of the actions."""
        none: list[int] = []
        found = [none if number == NO_SET else [] for number in self.set_of]
        for node in range(1, len(self)):
            found[self.parents[node]].append(node)
        return tuple(map(tuple, found))

    @cached_property
    def action_of(self) -> tuple[int, ...]:
        """Index of the action that leads to each node; -1 for the root."""
        found = [-1] * len(self)
        for children in self.children:
            for position, child in enumerate(children):
                found[child] = position
        return tuple(found)

    @cached_property
    def depth(self) -> tuple[int, ...]:
        """The number of actions from the root to each node."""
        found = [0] * len(self)
        for node in range(1, len(self)):
            found[node] = found[self.parents[node]] + 1
        return tuple(found)

    @cached_property
    def subtree_end(self) -> tuple[int, ...]:
        """``range(node, subtree_end[node])`` is the subtree rooted at ``node``."""
        found = list(range(1, len(self) + 1))
        for node in range(len(self) - 1, 0, -1):
            parent = self.parents[node]
            found[parent] = max(found[parent], found[node])
        return tuple(found)

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The nodes of each information set, in preorder."""
        found: list[list[int]] = [[] for _ in self.information_sets]
        for node, number in enumerate(self.set_of):
            if number != NO_SET:
                found[number].append(node)
        return tuple(map(tuple, found))

    @cached_property
    def terminals(self) -> tuple[int, ...]:
        """The terminal nodes, in preorder."""
        return tuple(node for node, number in enumerate(self.set_of) if number == NO_SET)

    @cached_property
    def path_payoffs(self) -> tuple[tuple[Fraction, ...], ...]:
        """For each node the sum of the payoffs on the path to it, itself included."""
        zero = (Fraction(0),) * len(self.players)
        found: list[tuple[Fraction, ...]] = []
        sums: dict[tuple[int, int], tuple[Fraction, ...]] = {}  # one outcome may be at many nodes
        for node, number in enumerate(self.outcome_of):
            above = found[self.parents[node]] if node else zero
            if number != NO_OUTCOME:
                key = (id(above), number)
                if key not in sums:
                    here = self.outcomes[number].payoffs
                    sums[key] = tuple(a + b for a, b in zip(above, here, strict=True))
                above = sums[key]
            found.append(above)
        return tuple(found)

    @cached_property
    def end_payoffs(self) -> tuple[tuple[Fraction, ...], ...]:
        """The sums of payoffs at terminal nodes; each at least once, but not for every node."""
        totals = self.path_payoffs
        return tuple({id(totals[node]): totals[node] for node in self.terminals}.values())

    @property
    def told(self) -> GameTree:
        """The same tree with names for people to read: for whatever is told in words.

        Every player and every action at an information set has a name of its own, such as ``the
        first of two actions named 1`` where labels repeat, and no label is shared by two
        information sets of a player. Nodes and sets have the same numbers. Where the labels
        will do, it is the tree itself.
        """
        return self if self._named_apart is None else self._named_apart

    @cached_property
    def _named_apart(self) -> GameTree | None:
        sets = self.information_sets
        labels = labels_that_name([own.player for own in sets], [own.label for own in sets])
        players = distinct_words(self.players, "player")
        actions = [distinct_words(own.actions, "action") for own in sets]
        changed = [
            new != own.actions or label != own.label
            for own, new, label in zip(sets, actions, labels, strict=True)
        ]
        if players == self.players and not any(changed):
            return None
        renamed = [
            replace(own, actions=new, label=label)
            for own, new, label in zip(sets, actions, labels, strict=True)
        ]
        found = replace(self, players=players, information_sets=tuple(renamed))
        found.__dict__["_named_apart"] = None  # its names are words already
        return found

    def is_terminal(self, node: int) -> bool:
        """Whether the game ends at a node.

        Args:
            node: its number in preorder, from 0.
        """
        return self.set_of[node] == NO_SET

    def player_of(self, node: int) -> int | None:
        """Who moves at a node: a player's index, ``CHANCE``, or None at a terminal node.

        Args:
            node: its number in preorder, from 0.
        """
        number = self.set_of[node]
        return None if number == NO_SET else self.information_sets[number].player

    def player_name(self, player: int) -> str:
        """The name of a player; ``Chance`` for ``CHANCE``.

        Args:
            player: index of the player, from 0.
        """
        return "Chance" if player == CHANCE else self.players[player]

    def action_label(self, node: int) -> str:
        """The label of the action that leads to a node.

        Args:
            node: its number in preorder; not the root.
        """
        own_set = self.information_sets[self.set_of[self.parents[node]]]
        return own_set.actions[self.action_of[node]]

    def path(self, node: int) -> tuple[int, ...]:
        """The nodes from the root to a node, both included.

        Args:
            node: its number in preorder, from 0.
        """
        found = [node]
        while found[-1]:
            found.append(self.parents[found[-1]])
        return tuple(reversed(found))

    def history(self, node: int) -> tuple[str, ...]:
        """The labels of the actions from the root to a node.

        Args:
            node: its number in preorder, from 0.
        """
        return tuple(self.action_label(step) for step in self.path(node)[1:])

    def find(self, history: Sequence[str]) -> int | None:
        """The node that a sequence of action labels leads to, or None if there is none.

        Labels must match exactly; where labels are repeated at a node the first is taken.

        Args:
            history: the labels from the root on.
        """
        node = 0
        for label in history:
            number = self.set_of[node]
            if number == NO_SET or label not in self.information_sets[number].actions:
                return None
            node = self.children[node][self.information_sets[number].actions.index(label)]
        return node

    def sets_of_player(self, player: int) -> Iterator[int]:
        """Indices of the information sets of one player.

        Args:
            player: index of the player, or ``CHANCE``.
        """
        for number, information_set in enumerate(self.information_sets):
            if information_set.player == player:
                yield number
