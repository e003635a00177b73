"""The strategic form, where it is small enough to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import prod

from nl2efg.drawing.numbers import number
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.profile import Probability
from nl2efg.text import one_line

CELLS = 144
WORK = 200_000  # cells times nodes


@dataclass(frozen=True, slots=True)
class StrategicForm:
    """Pure strategies of one or two players, and what each pair pays.

    Args:
        rows, columns: names of the strategies; one column, nameless, for a single player.
        cells: payoffs as texts, a row at a time, for every player of the game.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]


def strategic_form(tree: GameTree) -> StrategicForm | None:
    """The strategic form of a game of one or two players; None if it is not small."""
    if not 1 <= len(tree.players) <= 2:
        return None
    sets = [list(tree.sets_of_player(player)) for player in range(2)]
    sizes = [prod(len(tree.information_sets[n].actions) for n in own) for own in sets]
    if prod(sizes) > CELLS or prod(sizes) * len(tree) > WORK:
        return None
    rows, columns = (list(_strategies(tree, own)) for own in sets)
    cells = tuple(
        tuple(tuple(map(number, _values(tree, row | column))) for column in columns) for row in rows
    )
    return StrategicForm(
        tuple(_name(tree, row) for row in rows), tuple(_name(tree, c) for c in columns), cells
    )


def _strategies(tree: GameTree, sets: list[int]) -> Iterator[dict[int, int]]:
    choices = (range(len(tree.information_sets[number].actions)) for number in sets)
    for chosen in islice(product(*choices), CELLS):
        yield dict(zip(sets, chosen, strict=True))


def _name(tree: GameTree, strategy: dict[int, int]) -> str:
    return ", ".join(
        one_line(tree.information_sets[number].actions[action])
        for number, action in strategy.items()
    )


def _values(tree: GameTree, strategy: dict[int, int]) -> tuple[Probability, ...]:
    rows = tuple(
        own.probabilities
        or tuple(Fraction(action == strategy[number]) for action in range(len(own.actions)))
        for number, own in enumerate(tree.information_sets)
    )
    return BehaviourProfile(tree, rows).values
