"""Parts of a game as games of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nl2efg.game.model import NO_SET, GameTree
from nl2efg.game.profile import BehaviourProfile, Probability


def part_below(tree: GameTree, root: int) -> tuple[GameTree, list[int]]:
    """The tree below a node as a game of its own, and the index of each of its sets in the whole.

    What is paid on the way to the node is left out. Information sets that go on elsewhere keep the
    nodes that are below.

    Args:
        tree: the game.
        root: the node, which becomes node 0; the others keep their order.
    """
    nodes = range(root, tree.subtree_end[root])
    rows: dict[int, int] = {}
    for node in nodes:
        if tree.set_of[node] != NO_SET:
            rows.setdefault(tree.set_of[node], len(rows))
    part = GameTree(
        players=tree.players,
        information_sets=tuple(tree.information_sets[index] for index in rows),
        outcomes=tree.outcomes,
        parents=tuple(tree.parents[node] - root if node > root else -1 for node in nodes),
        set_of=tuple(rows.get(tree.set_of[node], NO_SET) for node in nodes),
        outcome_of=tuple(tree.outcome_of[node] for node in nodes),
        node_labels=tuple(tree.node_labels[node] for node in nodes),
        title=tree.title,
    )
    return part, list(rows)


@dataclass(frozen=True)
class ProfileBelow(BehaviourProfile):
    """What a profile of a whole game says in the part below a node.

    Reach, values and beliefs are those of the whole game: play comes to the part's root as likely
    as it does there, and what was paid on the way to it counts.

    Args:
        whole: the profile of the whole game.
        root: the node of the whole game that is node 0 of the part.
        rows: for each information set of the part its index in the whole game.
    """

    whole: BehaviourProfile
    root: int
    rows: tuple[int, ...]

    @classmethod
    def of(
        cls, whole: BehaviourProfile, part: GameTree, root: int, rows: Sequence[int]
    ) -> ProfileBelow:
        """The profile in a part.

        Args:
            whole: the profile of the whole game.
            part, rows: as :func:`part_below` gives them.
            root: the node below which the part lies.
        """
        probabilities = tuple(whole.probabilities[row] for row in rows)
        return cls(part, probabilities, whole, root, tuple(rows))

    @cached_property
    def reach(self) -> tuple[Probability, ...]:
        """The probability that play of the whole game passes through each node."""
        return self.whole.reach[self.root : self.root + len(self.tree)]

    def comes_to(self, information_set: int) -> bool:
        """Whether play of the whole game ever comes to a set, here or elsewhere.

        Args:
            information_set: its index in the part.
        """
        return self.whole.comes_to(self.rows[information_set])

    @cached_property
    def node_values(self) -> tuple[tuple[Probability, ...], ...]:
        """Expected total payoffs of the whole game, given that a node is reached."""
        return self.whole.node_values[self.root : self.root + len(self.tree)]

    def beliefs(self, information_set: int) -> tuple[Probability, ...] | None:
        """Bayes' probabilities of the nodes of a set that are in the part; they may sum to less
        than 1 where the set goes on elsewhere.

        Args:
            information_set: index of the set in the part.
        """
        row = self.rows[information_set]
        found = self.whole.beliefs(row)
        if found is None:
            return None
        told = dict(zip(self.whole.tree.members[row], found, strict=True))
        return tuple(told[self.root + node] for node in self.tree.members[information_set])

    def value_at(self, information_set: int) -> tuple[Probability, ...] | None:
        """Expected total payoffs at the whole of an information set; None where not reached.

        Args:
            information_set: its index in the part.
        """
        return self.whole.value_at(self.rows[information_set])
