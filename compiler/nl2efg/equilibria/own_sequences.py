"""A player's own sequences from an information set on, and what each one gains against the others.

Of numbers of any kind that can be multiplied and added: fractions, or expressions of letters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from nl2efg.game import NO_SET, GameTree


class Summable(Protocol):
    """A number that can be added and multiplied."""

    def __add__(self, other: Any, /) -> Any: ...

    def __mul__(self, other: Any, /) -> Any: ...


Number = TypeVar("Number", bound=Summable)


@dataclass(frozen=True, slots=True)
class OwnSequences(Generic[Number]):
    """A player's own sequences from an information set on, and what each one gains.

    Args:
        sets: the player's sets from here on, each after those that lead to it.
        first: the first sequence of each set.
        parent: the sequence that leads to each set; -1 for the set where it begins.
        gains: for each sequence and each node of the first set, the payoff of the leaves that the
            sequence ends in, weighted by the others' play.
    """

    sets: list[int]
    first: list[int]
    parent: list[int]
    gains: list[list[Number]]


def sequences_from(
    tree: GameTree,
    infoset: int,
    payoff: Callable[[int], Number],
    probability: Callable[[int, int], Number],
    *,
    zero: Number,
    one: Number,
) -> OwnSequences[Number]:
    """What a player can do from an information set on, against the others' strategies.

    Args:
        tree: the game; the player has perfect recall.
        infoset: index of a player's information set.
        payoff: what the player gets at a terminal node.
        probability: with which another player, or chance, takes an action of an information set.
        zero: of the numbers.
        one: of the numbers.
    """
    player, members = tree.information_sets[infoset].player, tree.members[infoset]
    found: OwnSequences[Number] = OwnSequences([], [], [], [])
    place: dict[int, int] = {}
    for column, member in enumerate(members):
        stack = [(member, one, -1)]
        while stack:
            node, weight, sequence = stack.pop()
            number = tree.set_of[node]
            if number == NO_SET:
                gains = found.gains[sequence]
                gains[column] = gains[column] + weight * payoff(node)
                continue
            own = tree.information_sets[number].player == player
            if own and number not in place:
                place[number] = len(found.sets)
                found.sets.append(number)
                found.first.append(len(found.gains))
                found.parent.append(sequence)
                width = len(tree.information_sets[number].actions)
                found.gains.extend([zero] * len(members) for _ in range(width))
            for action, child in enumerate(tree.children[node]):
                if own:
                    stack.append((child, weight, found.first[place[number]] + action))
                elif p := probability(number, action):
                    stack.append((child, weight * p, sequence))
    return found
