"""Writes a family's letters into its game's comment; :mod:`nl2efg.families.note` reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from nl2efg.game.model import GameTree

if TYPE_CHECKING:
    from nl2efg.families.family import GameFamily

START = "[family\n"
END = "\n]"
NONE = "-"
MAX_PROGRAM = 100_000
"""Characters of a program that a note carries."""


def without_note(comment: str) -> str:
    """A comment without the note of a family."""
    place = place_of(comment)
    if place is None:
        return comment
    start, end = place
    return comment[: max(start - 1, 0)] + comment[end:]


def place_of(comment: str) -> tuple[int, int] | None:
    """Where the note is: its first character, and the one after its last."""
    start = comment.find(START)
    if start < 0 or (start and comment[start - 1] != "\n"):
        return None
    end = comment.find(END, start)
    return None if end < 0 else (start, end + len(END))


def with_note(family: GameFamily) -> GameTree:
    """The tree of a family with its note in the comment."""
    comment = without_note(family.tree.comment)
    note = START + "".join(f"{line}\n" for line in _lines(family)) + "]"
    return replace(family.tree, comment=f"{comment}\n{note}" if comment else note)


def _lines(family: GameFamily) -> Iterator[str]:
    for each in family.parameters:
        bounds = " ".join(NONE if bound is None else str(bound) for bound in (each.low, each.high))
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


def _coded(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D") or NONE
