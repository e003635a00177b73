"""The budget inside this process: long work looks at the clock and gives up in time.

A phase of the search opens its limit once, with ``time_limit`` or ``share_of_time``; whatever runs
inside it obeys, and no function hands a deadline on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from math import inf
from time import perf_counter
from typing import TypeVar

from nl2efg.errors import UserError

T = TypeVar("T")

GRAIN = 4096
"""Items between two looks at the clock; shorter loops never look."""

GRACE = 0.3
"""Seconds after the budget in which what was found may still be certified."""

_LIMITS: ContextVar[tuple[float, float]] = ContextVar("limits", default=(inf, inf))
"""When the present phase ends, and when the whole call does, on the clock of perf_counter."""


class OutOfTimeError(Exception):
    """The budget ended within a computation; who opened the limit catches it and says so."""


@contextmanager
def time_limit(deadline: float, grace: float | None = None) -> Iterator[None]:
    """Let all that is done inside end by a deadline, unless a nearer one holds already.

    Not for the body of a generator: what is set there would hold for its caller too.

    Args:
        deadline: on the clock of :func:`time.perf_counter`.
        grace: seconds after it that :func:`in_grace` allows; None leaves that as it is.
    """
    soft, hard = _LIMITS.get()
    if grace is not None:
        hard = min(deadline + grace, hard)
    token = _LIMITS.set((min(deadline, soft), hard))
    try:
        yield
    finally:
        _LIMITS.reset(token)


@contextmanager
def within_budget(seconds: float, task: str) -> Iterator[None]:
    """A whole call's limit, whose end is an error of the user's.

    Args:
        seconds: how long the call may take.
        task: what they are too few for.

    Raises:
        UserError: they are no time, or were not enough.
    """
    if not 0 < seconds < inf:
        raise UserError(f"a budget of {seconds} seconds is no time", hint="give a positive one")
    try:
        with time_limit(perf_counter() + seconds, GRACE):
            yield
    except OutOfTimeError:
        raise UserError(
            f"{seconds:g} seconds are too few {task}", hint="give a greater budget"
        ) from None


@contextmanager
def share_of_time(share: float) -> Iterator[None]:
    """Let what is done inside take a share, between 0 and 1, of the time that is left."""
    with time_limit(perf_counter() + share * max(time_left(), 0.0)):
        yield


@contextmanager
def in_grace() -> Iterator[None]:
    """Let what is done inside, a certificate, take until the end of the whole call."""
    _, hard = _LIMITS.get()
    token = _LIMITS.set((hard, hard))
    try:
        yield
    finally:
        _LIMITS.reset(token)


def time_left() -> float:
    """Seconds until the present phase ends; negative if it has."""
    return _LIMITS.get()[0] - perf_counter()


def is_late() -> bool:
    """Whether the present phase is over."""
    return perf_counter() > _LIMITS.get()[0]


def check_clock() -> None:
    """Stop if time has run out.

    Raises:
        OutOfTimeError: the present phase is over.
    """
    if is_late():
        raise OutOfTimeError


def in_time(items: Iterable[T], grain: int = GRAIN) -> Iterator[T]:
    """The items, as long as there is time.

    Args:
        grain: how many items between two looks at the clock.

    Raises:
        OutOfTimeError: the present phase is over.
    """
    source = iter(items)
    while chunk := tuple(islice(source, grain)):
        yield from chunk
        if len(chunk) == grain:
            check_clock()
