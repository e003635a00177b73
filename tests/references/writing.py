"""A terse way to write small game trees down as a person would draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nl2efg.families import Expression, GameFamily, Parameter, read_conditions, read_expression
from nl2efg.families.note_writing import with_note
from nl2efg.game import GameTree, InformationSet, Outcome, TreeBuilder

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


_written: dict[Fraction, Expression] = {}
"""Numbers that stand for expressions until the tree is built."""


def _number(value: Number) -> Fraction:
    try:
        return Fraction(value)
    except ValueError:
        assert isinstance(value, str)
        marker = Fraction(10**9 + len(_written))
        _written[marker] = read_expression(value)
        return marker


def pay(*payoffs: Number) -> Pay:
    """An end, with one payoff a player: integers or text such as "3/2" or "M - c"."""
    return Pay(tuple(map(_number, payoffs)))


def move(player: str, name: str, actions: Mapping[str, Subtree]) -> Move:
    """A move of ``player`` in the information set ``name``."""
    return Move(player, name, actions)


def chance(actions: Mapping[str, tuple[Number, Subtree]]) -> Chance:
    """A chance move."""
    return Chance({label: (_number(p), below) for label, (p, below) in actions.items()})


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


def family(tree: GameTree, parameters: list[Parameter], *conditions: str) -> GameTree:
    """A game whose payoffs and probabilities have letters, at the values to work with.

    Args:
        tree: as :func:`game` gives it.
        parameters: the letters.
        conditions: of the description, such as ``M > D > 0``.
    """
    values = {each.symbol: each.value for each in parameters}

    def places(rows: Iterable[tuple[int, Sequence[Fraction]]]) -> dict[tuple[int, int], Expression]:
        return {
            (number, place): _written[value]
            for number, row in rows
            for place, value in enumerate(row)
            if value in _written
        }

    def row(given: Sequence[Fraction]) -> tuple[Fraction, ...]:
        return tuple(_written[each].at(values) if each in _written else each for each in given)

    payoffs = places((n, outcome.payoffs) for n, outcome in enumerate(tree.outcomes))
    chances = places((n, own.probabilities or ()) for n, own in enumerate(tree.information_sets))
    worked = replace(
        tree,
        outcomes=tuple(Outcome(row(each.payoffs), each.label) for each in tree.outcomes),
        information_sets=tuple(
            InformationSet(
                each.player,
                each.actions,
                each.label,
                None if each.probabilities is None else row(each.probabilities),
            )
            for each in tree.information_sets
        ),
    )
    demands = [one for text in conditions for one in read_conditions(text)]
    return with_note(GameFamily(worked, tuple(parameters), payoffs, chances, tuple(demands)))


def letter(
    symbol: str,
    value: Number,
    low: Number | None = None,
    high: Number | None = None,
    *,
    size: bool = False,
) -> Parameter:
    """A parameter of a family."""
    return Parameter(
        symbol,
        Fraction(value),
        "size" if size else "quantity",
        None if low is None else Fraction(low),
        None if high is None else Fraction(high),
    )
