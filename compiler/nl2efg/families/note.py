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

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from urllib.parse import quote, unquote

from nl2efg.families.conditions import Condition, read_conditions
from nl2efg.families.expression_text import read_expression, reading_a_game
from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily, Run
from nl2efg.families.parameters import Parameter
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import exact_number

_START = "[family\n"
_END = "\n]"
_NONE = "-"
MAX_PROGRAM = 100_000
"""Characters of a program that a note carries."""


def family_of(tree: GameTree, run: Run | None = None) -> GameFamily | None:
    """The family that a game's comment notes; None if it notes none, or one of another game.

    Args:
        tree: the game.
        run: runs a program with other values, for what substitution cannot give.
    """
    place = _place(tree.comment)
    if place is None:
        return None
    inner = tree.comment[place[0] + len(_START) : place[1] - len(_END)]
    try:
        with reading_a_game():
            return _read(tree, inner.split("\n"), run)
    except (ValueError, IndexError, ArithmeticError):
        return None


def without_note(comment: str) -> str:
    """A comment without the note of a family."""
    place = _place(comment)
    if place is None:
        return comment
    start, end = place
    return comment[: max(start - 1, 0)] + comment[end:]


def _place(comment: str) -> tuple[int, int] | None:
    """Where the note is: its first character, and the one after its last."""
    start = comment.find(_START)
    if start < 0 or (start and comment[start - 1] != "\n"):
        return None
    end = comment.find(_END, start)
    return None if end < 0 else (start, end + len(_END))


def with_note(family: GameFamily) -> GameTree:
    """The tree of a family with its note in the comment."""
    comment = without_note(family.tree.comment)
    note = _START + "".join(f"{line}\n" for line in _lines(family)) + "]"
    return replace(family.tree, comment=f"{comment}\n{note}" if comment else note)


def _lines(family: GameFamily) -> Iterator[str]:
    for each in family.parameters:
        bounds = " ".join(_NONE if bound is None else str(bound) for bound in (each.low, each.high))
        words = f"{_coded(each.meaning)} {_coded(each.quote)}"
        yield f"parameter {each.symbol} {each.kind} {each.value} {bounds} {words}"
    for (number, player), expression in family.payoffs.items():
        yield f"payoff {number} {player} {expression.text}"
    for (number, action), expression in family.probabilities.items():
        yield f"chance {number} {action} {expression.text}"
    for condition in family.conditions:
        yield f"condition {condition.kind} {condition.line} {condition.text}"
    if family.program and len(family.program) <= MAX_PROGRAM:
        yield f"program {_coded(family.program)}"


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
            known[int(number), int(place)] = read_expression(text)
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
        None if low == _NONE else _number(low),
        None if high == _NONE else _number(high),
        _decoded(meaning),
        _decoded(words),
    )


def _number(text: str) -> Fraction:
    found = exact_number(text)
    if found is None:
        raise ValueError(f"{text!r:.40} is no number")
    return found


def _coded(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D") or _NONE


def _decoded(text: str) -> str:
    return "" if text == _NONE else unquote(text)
