"""What a player can still do from an information set on, and what it pays, with letters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from nl2efg.game import NO_SET, GameTree
from nl2efg.theorems.algebra import Element, LetterField
from nl2efg.theorems.strategic_form import Rows

MAX_WAYS = 64
"""Own strategies from an information set on."""

Vector = list[Element]
Ends = dict[int, tuple[Element, ...]]
"""What every terminal node pays each player."""


class UndecidedError(ValueError):
    """Too many ways to go on, or too many corners."""


class Continuation:
    """A player's own sequences from a set on, and what each one gains at each of its nodes.

    Args:
        tree: the game; of perfect recall.
        ends: what every terminal node pays each player.
        letters: the field of the letters.
        number: of the information set.
        rows: behaviour at all sets, chance's included; the player's own does not matter.
    """

    def __init__(
        self, tree: GameTree, ends: Ends, letters: LetterField, number: int, rows: Rows
    ) -> None:
        zero = letters.zero
        self.zero = zero
        player = tree.information_sets[number].player
        members = tree.members[number]
        self.sets: list[int] = []
        self.first: list[int] = []
        self.parent: list[int] = []
        self.gains: list[Vector] = []
        place: dict[int, int] = {}
        for column, member in enumerate(members):
            stack: list[tuple[int, Any, int]] = [(member, letters.one, -1)]
            while stack:
                node, weight, sequence = stack.pop()
                here = tree.set_of[node]
                if here == NO_SET:
                    gain = weight * ends[node][player]
                    self.gains[sequence][column] = self.gains[sequence][column] + gain
                    continue
                own = tree.information_sets[here].player == player
                if own and here not in place:
                    place[here] = len(self.sets)
                    self.sets.append(here)
                    self.first.append(len(self.gains))
                    self.parent.append(sequence)
                    width = len(tree.information_sets[here].actions)
                    self.gains.extend([zero] * len(members) for _ in range(width))
                for action, child in enumerate(tree.children[node]):
                    if own:
                        stack.append((child, weight, self.first[place[here]] + action))
                    elif rows[here][action]:
                        stack.append((child, weight * rows[here][action], sequence))
        self.ends = [*self.first[1:], len(self.gains)]

    def kept(self, rows: Rows) -> Vector:
        """What behaviour gives at each node of the set."""
        weights: dict[int, Element] = {}
        total = [self.zero] * len(self.gains[0])
        for here, first, parent in zip(self.sets, self.first, self.parent, strict=True):
            for action, p in enumerate(rows[here]):
                weight = p if parent < 0 else weights[parent] * p
                weights[first + action] = weight
                if weight:
                    total = added(total, [weight * g for g in self.gains[first + action]])
        return total

    def ways(self, place: int = 0) -> list[Vector]:
        """What each own pure strategy from one of the sets on gives, by node.

        Args:
            place: of the set, the first being where the continuation begins.

        Raises:
            UndecidedError: there are too many.
        """
        found: list[Vector] = []
        for sequence in range(self.first[place], self.ends[place]):
            ways = [self.gains[sequence]]
            for after, parent in enumerate(self.parent):
                if parent == sequence:
                    ways = [added(a, b) for a, b in product(ways, self.ways(after))]
                    if len(ways) > MAX_WAYS:
                        raise UndecidedError
            found += ways
        if len(found) > MAX_WAYS:
            raise UndecidedError
        return found


def added(a: Iterable[Element], b: Iterable[Element]) -> Vector:
    """The sum of two vectors."""
    return [x + y for x, y in zip(a, b, strict=True)]
