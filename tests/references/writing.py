"""A terse way to write small game trees down as a person would draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from nl2efg.game import GameTree, TreeBuilder

Number = int | str | Fraction
Reference = Callable[[], GameTree]


@dataclass(frozen=True)
class Pay:
    """An end of the game."""

    payoffs: tuple[Fraction, ...]


@dataclass(frozen=True)
class Move:
    """A move of a player; moves that share ``name`` are one information set."""

    player: str
    name: str
    actions: Mapping[str, Pay | Move | Chance]


@dataclass(frozen=True)
class Chance:
    """A chance move: label to probability and what follows."""

    actions: Mapping[str, tuple[Fraction, Pay | Move | Chance]]


Subtree = Pay | Move | Chance


def pay(*payoffs: Number) -> Pay:
    """An end, with one payoff a player: integers or text such as "3/2"."""
    return Pay(tuple(map(Fraction, payoffs)))


def move(player: str, name: str, actions: Mapping[str, Subtree]) -> Move:
    """A move of ``player`` in the information set ``name``."""
    return Move(player, name, actions)


def chance(actions: Mapping[str, tuple[Number, Subtree]]) -> Chance:
    """A chance move."""
    return Chance({label: (Fraction(p), below) for label, (p, below) in actions.items()})


def game(title: str, players: list[str], root: Subtree) -> GameTree:
    """The tree below ``root``."""
    builder = TreeBuilder(players, title)
    sets: dict[tuple[str, str], int] = {}
    waiting: list[tuple[int, Subtree]] = [(0, root)]
    while waiting:
        node, below = waiting.pop()
        if isinstance(below, Pay):
            builder.pay(node, below.payoffs)
            continue
        if isinstance(below, Chance):
            labels = list(below.actions)
            number = builder.chance(labels, [below.actions[label][0] for label in labels])
            following = [below.actions[label][1] for label in labels]
        else:
            key = (below.player, below.name)
            labels = list(below.actions)
            if key not in sets:
                player = players.index(below.player)
                sets[key] = builder.information_set(player, labels, below.name)
            number = sets[key]
            following = list(below.actions.values())
        waiting.extend(zip(builder.move(node, number), following, strict=True))
    return builder.build()
