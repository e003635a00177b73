"""TreeBuilder: a tree under construction, in any order; ``build`` numbers it in preorder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, Outcome

Number = int | Fraction


class TreeBuilder:
    """Collects information sets, outcomes and nodes; handles are plain integers.

    A new builder holds the root, node 0, as a terminal node. Unused information sets and
    outcomes are left out of the built tree.

    Args:
        players: names, in order; information sets name a player by its index in them.
        title, comment: free text.

    >>> import nl2efg
    >>> builder = nl2efg.TreeBuilder(["Ann", "Ben"], title="Matching pennies")
    >>> ann = builder.information_set(0, ["Heads", "Tails"])
    >>> ben = builder.information_set(1, ["Heads", "Tails"])  # one set: he does not see her move
    >>> for row, node in enumerate(builder.move(0, ann)):
    ...     for column, end in enumerate(builder.move(node, ben)):
    ...         builder.pay(end, [1, -1] if row == column else [-1, 1])
    >>> nl2efg.solve(builder.build()).equilibria[0].values
    (Fraction(0, 1), Fraction(0, 1))
    """

    def __init__(self, players: Iterable[str] = (), title: str = "", comment: str = "") -> None:
        self.players = list(players)
        self.title = title
        self.comment = comment
        self._sets: list[InformationSet] = []
        self._outcomes: list[Outcome] = []
        self._children: list[list[int]] = [[]]
        self._set_of: list[int] = [NO_SET]
        self._outcome_of: list[int] = [NO_OUTCOME]
        self._labels: list[str] = [""]

    def information_set(self, player: int, actions: Sequence[str], label: str = "") -> int:
        """A new information set.

        Args:
            player: index of the player who moves there, from 0.
            actions: labels of its actions, in order.
            label: its name.

        Returns:
            Its handle, for :meth:`move`.
        """
        self._sets.append(InformationSet(player, tuple(actions), label))
        return len(self._sets) - 1

    def chance(
        self, actions: Sequence[str], probabilities: Sequence[Number], label: str = ""
    ) -> int:
        """A new information set of chance.

        Args:
            actions: labels of what may happen, in order.
            probabilities: one for each, as integers or Fractions; they should sum to 1.
            label: its name.

        Returns:
            Its handle, for :meth:`move`.
        """
        exact = tuple(map(Fraction, probabilities))
        self._sets.append(InformationSet(CHANCE, tuple(actions), label, exact))
        return len(self._sets) - 1

    def outcome(self, payoffs: Sequence[Number], label: str = "") -> int:
        """A new outcome, for :meth:`set_outcome` at one node or several.

        Args:
            payoffs: one for each player, as integers or Fractions.
            label: its name.

        Returns:
            Its handle.
        """
        self._outcomes.append(Outcome(tuple(map(Fraction, payoffs)), label))
        return len(self._outcomes) - 1

    def move(self, node: int, information_set: int) -> list[int]:
        """Let a node be a decision or chance node: it becomes a member of an information set.

        Args:
            node: a terminal node.
            information_set: the handle of the set.

        Returns:
            The node's new children, one for each action.

        Raises:
            ValueError: the node has a move already.
        """
        if self._set_of[node] != NO_SET:
            raise ValueError(f"node {node} already has a move")
        self._set_of[node] = information_set
        for _ in self._sets[information_set].actions:
            self._children[node].append(len(self._children))
            self._children.append([])
            self._set_of.append(NO_SET)
            self._outcome_of.append(NO_OUTCOME)
            self._labels.append("")
        return list(self._children[node])

    def set_outcome(self, node: int, outcome: int) -> None:
        """Attach an outcome to a node, in place of the one it has.

        Args:
            node: terminal or not; payoffs on a path add up.
            outcome: the handle of the outcome.
        """
        self._outcome_of[node] = outcome

    def pay(self, node: int, payoffs: Sequence[Number], label: str = "") -> None:
        """Attach a new outcome with these payoffs to a node.

        Args:
            node: terminal or not; payoffs on a path add up.
            payoffs: one for each player, as integers or Fractions.
            label: the outcome's name.
        """
        self.set_outcome(node, self.outcome(payoffs, label))

    def set_label(self, node: int, label: str) -> None:
        """Name a node.

        Args:
            node: the node.
            label: its name.
        """
        self._labels[node] = label

    def build(self) -> GameTree:
        """The finished tree; the builder may be used further.

        Raises:
            ValueError: as the constructor of :class:`GameTree`.
        """
        return self.build_with_numbers()[0]

    def build_with_numbers(self) -> tuple[GameTree, list[int]]:
        """The finished tree, and for each of its nodes the handle it had here."""
        order: list[int] = []
        parents: list[int] = []
        stack = [(0, -1)]
        while stack:
            handle, parent = stack.pop()
            number = len(order)
            order.append(handle)
            parents.append(parent)
            stack.extend((child, number) for child in reversed(self._children[handle]))
        set_of, sets = first_seen([self._set_of[handle] for handle in order], NO_SET)
        outcome_of, outcomes = first_seen(
            [self._outcome_of[handle] for handle in order], NO_OUTCOME
        )
        tree = GameTree(
            players=tuple(self.players),
            information_sets=tuple(self._sets[old] for old in sets),
            outcomes=tuple(self._outcomes[old] for old in outcomes),
            parents=tuple(parents),
            set_of=set_of,
            outcome_of=outcome_of,
            node_labels=tuple(self._labels[handle] for handle in order),
            title=self.title,
            comment=self.comment,
        )
        return tree, order


def first_seen(values: Sequence[int], nothing: int) -> tuple[tuple[int, ...], list[int]]:
    """Renumber by first appearance; also the old numbers in their new order."""
    new: dict[int, int] = {}
    renumbered = tuple(
        nothing if value == nothing else new.setdefault(value, len(new)) for value in values
    )
    return renumbered, list(new)
