"""Behaviour strategy profiles and what follows from one: reach, values and beliefs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite

from nl2efg.errors import UnfitError
from nl2efg.game.model import NO_SET, GameTree

Probability = Fraction | float


@dataclass(frozen=True)
class BehaviourProfile:
    """A behaviour strategy for every player.

    Args:
        tree: the game.
        probabilities: for each information set of the tree, chance included, the probability of
            each action. All Fractions for an exact profile, else floats.

    Raises:
        UnfitError: rows do not match the information sets.
    """

    tree: GameTree
    probabilities: tuple[tuple[Probability, ...], ...]

    def __post_init__(self) -> None:
        sets = self.tree.information_sets
        if len(self.probabilities) != len(sets) or any(
            len(row) != len(own.actions) for row, own in zip(self.probabilities, sets, strict=True)
        ):
            raise UnfitError("a profile needs one probability for each action of each set")

    @property
    def is_exact(self) -> bool:
        """Whether every probability is a Fraction (or an int)."""
        return not any(isinstance(p, float) for row in self.probabilities for p in row)

    @cached_property
    def reach(self) -> tuple[Probability, ...]:
        """The probability that play passes through each node."""
        tree = self.tree
        found: list[Probability] = [Fraction(1)]
        for node in range(1, len(tree)):
            parent = tree.parents[node]
            row = self.probabilities[tree.set_of[parent]]
            found.append(found[parent] * row[tree.action_of[node]])
        return tuple(found)

    def comes_to(self, information_set: int) -> bool:
        """Whether play ever comes to a node of a set.

        Args:
            information_set: its index.
        """
        return any(self.reach[node] for node in self.tree.members[information_set])

    @cached_property
    def node_values(self) -> tuple[tuple[Probability, ...], ...]:
        """Expected total payoffs of every player, given that a node is reached."""
        tree = self.tree
        found: list[list[Probability]] = [list(row) for row in tree.path_payoffs]
        for node in range(len(tree) - 1, -1, -1):
            number = tree.set_of[node]
            if number == NO_SET:
                continue
            row = self.probabilities[number]
            for player in range(len(tree.players)):
                found[node][player] = _expected(
                    row, [found[child][player] for child in tree.children[node]]
                )
        return tuple(map(tuple, found))

    @property
    def values(self) -> tuple[Probability, ...]:
        """Expected payoff of each player."""
        return self.node_values[0]

    def beliefs(self, information_set: int) -> tuple[Probability, ...] | None:
        """Bayes' probabilities of the nodes of a set, given that it is reached.

        None where the profile does not reach it. For an absent-minded set the reach
        probabilities are normalised by their sum (the consistent beliefs of Piccione and
        Rubinstein 1997, p. 11).

        Args:
            information_set: index of the set.
        """
        weights = [self.reach[node] for node in self.tree.members[information_set]]
        total = sum(weights, start=Fraction(0))
        if not total:
            return None
        return tuple(weight / total for weight in weights)

    def value_at(self, information_set: int) -> tuple[Probability, ...] | None:
        """Expected total payoffs of every player at an information set, by its beliefs.

        Args:
            information_set: its index.

        Returns:
            One value for each player; None where the profile does not reach the set.
        """
        # Several places of a picture want the same values.
        if information_set not in self._set_values:
            self._set_values[information_set] = self._value_at(information_set)
        return self._set_values[information_set]

    @cached_property
    def _set_values(self) -> dict[int, tuple[Probability, ...] | None]:
        return {}

    def _value_at(self, information_set: int) -> tuple[Probability, ...] | None:
        beliefs = self.beliefs(information_set)
        if beliefs is None:
            return None
        rows = [self.node_values[node] for node in self.tree.members[information_set]]
        return tuple(
            sum(
                (belief * row[player] for belief, row in zip(beliefs, rows, strict=True)),
                Fraction(0),
            )
            for player in range(len(self.tree.players))
        )


def _expected(row: Sequence[Probability], values: Sequence[Probability]) -> Probability:
    """The sum of values by their probabilities; exact where it is beyond all floats."""
    try:
        total = sum((p * value for p, value in zip(row, values, strict=True) if p), Fraction(0))
        if isinstance(total, Fraction) or isfinite(total):
            return total
    except OverflowError:
        pass
    pairs = zip(row, values, strict=True)
    return sum((Fraction(p) * Fraction(value) for p, value in pairs), Fraction(0))
