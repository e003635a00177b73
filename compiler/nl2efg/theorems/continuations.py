"""What a player can still do from an information set on, and what it pays, with letters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from nl2efg.equilibria.own_sequences import sequences_from
from nl2efg.game import GameTree
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
        player = tree.information_sets[number].player
        own = sequences_from(
            tree,
            number,
            lambda node: ends[node][player],
            lambda here, action: rows[here][action],
            zero=letters.zero,
            one=letters.one,
        )
        self.zero = letters.zero
        self.sets, self.first, self.parent, self.gains = own.sets, own.first, own.parent, own.gains
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
