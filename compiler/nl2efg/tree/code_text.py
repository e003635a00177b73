"""Pieces of Python source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction

from nl2efg.tree.efg_writer import exact_text

WIDTH = 96


def quoted(text: str) -> str:
    """A text as a Python literal in double quotes, in ASCII."""
    return json.dumps(text)


def literal(texts: Sequence[str]) -> str:
    """A list of texts."""
    return f"[{', '.join(map(quoted, texts))}]"


def number_literal(numbers: Sequence[Fraction]) -> str:
    """A list of exact numbers: integers, and fractions in quotation marks."""
    shown = (exact_text(number) for number in numbers)
    return f"[{', '.join(text if _is_integer(text) else quoted(text) for text in shown)}]"


def braced(
    before: str, inside: str, behind: str, items: Sequence[str] | None = None
) -> Iterator[str]:
    """``before`` + ``inside`` + ``behind`` on one line if it fits, else the items one a line.

    Args:
        inside: a list as Python source.
        items: its items; if None it stays on one line.
    """
    line = f"{before}{inside}{behind}"
    if items is None or len(line) <= WIDTH:
        yield line
        return
    indent = " " * (len(before) - len(before.lstrip()))
    yield f"{before}["
    yield from (f"{indent}    {item}," for item in items)
    yield f"{indent}]{behind}"


def _is_integer(text: str) -> bool:
    return text.lstrip("-").isdigit()
