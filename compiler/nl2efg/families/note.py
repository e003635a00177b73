"""The note in a game's comment that holds its letters, so that every form of the game keeps them.

::

    [family
    parameter delta quantity 9/10 0 1 discount%20factor -
    payoff 3 1 delta*(1 - p) - c
    chance 0 1 1 - p
    condition text 4 delta < 1
    program import%20pygambit...
    ]

``payoff`` names an outcome and a player, ``chance`` an information set and an action, by their
numbers from 0; what does not fit the game's own numbers is not taken.
"""

from __future__ import annotations

from fractions import Fraction
from urllib.parse import unquote

from nl2efg.families.conditions import Condition, read_conditions
from nl2efg.families.expression_text import read_expression, reading_a_game
from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily, Run
from nl2efg.families.note_writing import END, NONE, START, place_of
from nl2efg.families.parameters import Parameter
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import exact_number


def family_of(tree: GameTree, run: Run | None = None) -> GameFamily | None:
    """The family that a game's comment notes; None if it notes none, or one of another game.

    Args:
        tree: the game.
        run: runs a program with other values, for what substitution cannot give.
    """
    place = place_of(tree.comment)
    if place is None:
        return None
    inner = tree.comment[place[0] + len(START) : place[1] - len(END)]
    try:
        with reading_a_game():
            return _read(tree, inner.split("\n"), run)
    except (ValueError, IndexError, ArithmeticError):
        return None


def _read(tree: GameTree, lines: list[str], run: Run | None) -> GameFamily:
    parameters: list[Parameter] = []
    payoffs: dict[tuple[int, int], Expression] = {}
    probabilities: dict[tuple[int, int], Expression] = {}
    conditions: list[Condition] = []
    program = ""
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind == "parameter":
            parameters.append(_parameter(rest))
        elif kind in ("payoff", "chance"):
            number, place, text = rest.split(" ", 2)
            known = payoffs if kind == "payoff" else probabilities
            known[_index(number), _index(place)] = read_expression(text)
        elif kind == "condition":
            source, number, text = rest.split(" ", 2)
            conditions += read_conditions(text, source, int(number))
        elif kind == "program":
            program = _decoded(rest)
        else:
            raise ValueError(f"{kind!r:.40} is no entry of a family's note")
    return GameFamily(
        tree, tuple(parameters), payoffs, probabilities, tuple(conditions), program, run
    )


def _parameter(text: str) -> Parameter:
    symbol, kind, value, low, high, meaning, words = text.split(" ")
    return Parameter(
        symbol,
        _number(value),
        kind,
        None if low == NONE else _number(low),
        None if high == NONE else _number(high),
        _decoded(meaning),
        _decoded(words),
    )


def _index(text: str) -> int:
    if not text.isdecimal():  # a negative one would count from the end
        raise ValueError(f"{text!r:.40} is no index")
    return int(text)


def _number(text: str) -> Fraction:
    found = exact_number(text)
    if found is None:
        raise ValueError(f"{text!r:.40} is no number")
    return found


def _decoded(text: str) -> str:
    return "" if text == NONE else unquote(text)
