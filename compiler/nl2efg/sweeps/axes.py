"""Axes of a sweep: ``c=0:1:101`` is a hundred and one values of c from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from nl2efg.errors import UserError
from nl2efg.families import GameFamily
from nl2efg.game import exact_number

MAX_POINTS = 10_000_000
"""Most points of a sweep."""

_HINT = "write SYMBOL=FIRST:LAST:COUNT, such as c=0:1:101, or for a size n=1:12"


@dataclass(frozen=True)
class Axis:
    """A parameter and the values that it takes.

    Args:
        symbol: the parameter.
        values: exact, in order.
    """

    symbol: str
    values: tuple[Fraction, ...]


def read_axis(text: str, family: GameFamily) -> Axis:
    """The axis that a text writes, such as ``c=0:1:101``, ``n=1:12`` or ``c=1/4,1/2``.

    Raises:
        UserError: it writes none, or names no parameter of the family.
    """
    symbol, sign, rest = (part.strip() for part in text.partition("="))
    known = {each.symbol: each for each in family.parameters}
    if not sign or not rest:
        raise UserError(f"--over {text}: no axis", hint=_HINT)
    if symbol not in known:
        raise UserError(
            f"--over {text}: the game has no parameter {symbol}",
            hint=f"it has {', '.join(known) or 'none'}",
        )
    if "," in rest:
        return Axis(symbol, tuple(_number(part, text) for part in rest.split(",")))
    parts = rest.split(":")
    if len(parts) == 1:
        return Axis(symbol, (_number(rest, text),))
    first, last = _number(parts[0], text), _number(parts[1], text)
    whole = known[symbol].is_size
    if len(parts) == 2 and whole:
        count = last - first + 1
    elif len(parts) == 3:
        count = _number(parts[2], text)
    else:
        raise UserError(f"--over {text}: no axis", hint=_HINT)
    if count.denominator != 1 or not 1 <= count <= MAX_POINTS:
        raise UserError(f"--over {text}: {count} is no number of values", hint=_HINT)
    if count == 1:
        return Axis(symbol, (first,))
    step = (last - first) / (count - 1)
    return Axis(symbol, tuple(first + number * step for number in range(int(count))))


def _number(text: str, whole: str) -> Fraction:
    found = exact_number(text.strip())
    if found is None:
        raise UserError(f"--over {whole}: {text.strip()!r:.40} is no number", hint=_HINT)
    return found


def points(axes: Sequence[Axis]) -> Iterator[tuple[Fraction, ...]]:
    """All points of the axes, the last axis running fastest."""
    return product(*(axis.values for axis in axes))


def count(axes: Sequence[Axis]) -> int:
    """How many points there are.

    Raises:
        UserError: no axis, two of one parameter, or too many points.
    """
    symbols = [axis.symbol for axis in axes]
    if not axes or len(set(symbols)) != len(symbols):
        raise UserError("a sweep runs over one parameter or several different ones", hint=_HINT)
    total = 1
    for axis in axes:
        total *= len(axis.values)
    if total > MAX_POINTS:
        raise UserError(f"a sweep of {total:,} points; the most is {MAX_POINTS:,}")
    return total
