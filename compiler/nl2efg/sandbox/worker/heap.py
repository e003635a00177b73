"""The heap of the worker, made ready for forks.

What is loaded leaves holes between what stays. A child that allocates gets these first, one here,
one there, and has a page copied for nearly each. With the holes taken, its objects lie side by
side, on pages of their own that need no copy. See ``Objects/obmalloc.c`` of CPython, where small
objects of one size share a pool, and glibc's ``malloc`` for the others; where the memory is managed
otherwise, a little of it is taken in vain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

_POOL, _POOL_HEAD = 1 << 14, 48  # bytes
_LARGEST = 512  # bytes of a small object
_STEP = 16
_HEAD = b"".__sizeof__()
_MOST = 1 << 20  # bytes that holes of one size may have
_CHUNKS = (*(1 << bits for bits in range(16, 9, -1)), 3 << 8, 5 << 7, _LARGEST + _STEP)


def take_holes() -> list[object]:
    """Take what is free between the objects there are, as far as it can be found.

    Returns:
        What was taken, to be kept for as long as the process lives.
    """
    held: list[object] = _small(2 * _STEP, lambda: float("1"))
    for size in range(3 * _STEP, _LARGEST + 1, _STEP):
        held += _small(size, partial(bytes, size - _HEAD))
    end = id(bytes(2 * _CHUNKS[0]))
    for size in _CHUNKS:
        held += _large(size, end)
    return held


def _small(size: int, make: Callable[[], object]) -> list[object]:
    """Objects of so many bytes, until one pool holds nothing else."""
    room = (_POOL - _POOL_HEAD) // size
    taken: list[object] = []
    found: Counter[int] = Counter()
    while len(taken) < _MOST // size:
        one = make()
        taken.append(one)
        pool = id(one) // _POOL
        found[pool] += 1
        if found[pool] == room:
            return [kept for kept in taken if id(kept) // _POOL != pool]
    return taken


def _large(size: int, end: int) -> list[bytes]:
    """Objects of so many bytes, until one is beyond ``end``."""
    taken: list[bytes] = []
    while len(taken) < _MOST // size:
        one = bytes(size - _HEAD)
        if id(one) >= end:
            break
        taken.append(one)
    return taken
