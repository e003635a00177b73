"""The budget inside this process: long loops look at the clock and give up in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from math import inf
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

GRAIN = 4096
"""Items between two looks at the clock; shorter loops never look."""

GRACE = 0.3
"""Seconds after the budget in which what was found may still be certified."""


class OutOfTimeError(Exception):
    """The budget ended within a computation; ``solve`` catches it and says so."""


_LIMIT: ContextVar[float] = ContextVar("limit", default=inf)


@contextmanager
def time_limit(deadline: float) -> Iterator[None]:
    """Let all that is done inside end by a deadline, unless a nearer one holds already.

    Not for the body of a generator: what is set there would hold for its caller too.

    Args:
        deadline: on the clock of :func:`time.perf_counter`.
    """
    token = _LIMIT.set(min(deadline, _LIMIT.get()))
    try:
        yield
    finally:
        _LIMIT.reset(token)


def check_clock(deadline: float = inf) -> None:
    """Stop if time has run out.

    Args:
        deadline: on the clock of :func:`time.perf_counter`, besides that of the phase.

    Raises:
        OutOfTimeError: the deadline has passed.
    """
    if perf_counter() > min(deadline, _LIMIT.get()):
        raise OutOfTimeError


def in_time(items: Iterable[T], deadline: float, grain: int = GRAIN) -> Iterator[T]:
    """The items, as long as there is time.

    Args:
        deadline: on the clock of :func:`time.perf_counter`.
        grain: how many items between two looks at the clock.

    Raises:
        OutOfTimeError: the deadline has passed.
    """
    source = iter(items)
    while chunk := tuple(islice(source, grain)):
        yield from chunk
        if len(chunk) == grain:
            check_clock(deadline)
