"""Pieces of Python source."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from nl2efg.formats.efg_writer import exact_text

WIDTH = 96
SHORT_RUN = 3
"""Longer runs of one item are written as a repetition."""


class SourceNumber(Fraction):
    """A number that is written as Python source.

    Args:
        value: the number.
        source: the source.
    """

    source: str

    def __new__(cls, value: Fraction, source: str) -> SourceNumber:
        self = super().__new__(cls, value.numerator, value.denominator)
        self.source = source
        return self

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and self.source == getattr(other, "source", "")

    def __hash__(self) -> int:  # type: ignore[override]
        return super().__hash__()


def quoted(text: str) -> str:
    """A text of printable characters and line ends as a Python literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def literal(texts: Sequence[str]) -> str:
    """A list of texts."""
    return f"[{', '.join(map(quoted, texts))}]"


def number_items(numbers: Sequence[Fraction]) -> list[str]:
    """Exact numbers: integers, fractions in quotation marks, and those that have a source."""
    return [
        number.source if isinstance(number, SourceNumber) else _item(exact_text(number))
        for number in numbers
    ]


def _item(text: str) -> str:
    return text if text.lstrip("-").isdigit() else quoted(text)


def number_literal(numbers: Sequence[Fraction]) -> str:
    """A list of exact numbers."""
    items = number_items(numbers)
    if len(items) > SHORT_RUN and len(set(items)) == 1:
        return f"[{items[0]}] * {len(items)}"
    return f"[{', '.join(items)}]"


def wrapped(before: str, items: Sequence[str], behind: str, *, brackets: str = "[]") -> list[str]:
    """A bracketed list between two texts: on one line if that fits, else as many an inner line."""
    line = f"{before}{brackets[0]}{', '.join(items)}{brackets[1]}{behind}"
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(before) - len(before.lstrip()))
    lines = [f"{before}{brackets[0]}"]
    row = ""
    for item in items:
        if row and len(indent) + 4 + len(row) + len(item) + 1 > WIDTH:
            lines.append(f"{indent}    {row.rstrip()}")
            row = ""
        row += f"{item}, "
    return [*lines, f"{indent}    {row.rstrip()}", f"{indent}{brackets[1]}{behind}"]


def rows(before: str, items: Sequence[str], behind: str) -> list[str]:
    """A list between two texts: on one line if that fits, else one item a line."""
    line = f"{before}[{', '.join(items)}]{behind}"
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(before) - len(before.lstrip()))
    return [f"{before}[", *(f"{indent}    {item}," for item in items), f"{indent}]{behind}"]


def new_game(before: str, players: Sequence[str], title: str) -> list[str]:
    """The call that makes a game of these players: on one line if that fits, else on four."""
    arguments = [f"players={literal(players)}", f"title={quoted(title)}"]
    line = f"{before}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    return [f"{before}(", *(f"    {argument}," for argument in arguments), ")"]
