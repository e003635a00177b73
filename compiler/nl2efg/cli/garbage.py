"""How often Python looks for garbage in cycles: seldom in short commands, as usual in long ones."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_OBJECTS = 200_000
"""After so many more objects a short command looks for garbage in cycles."""

USUAL = (2_000, 10, 10)
"""The thresholds of a long command, as newer versions of Python have them."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage less often: loading modules makes many objects, and hardly any of it.

    A short command would spend a quarter of its time on looking: a tenth on the way, and the rest
    when the process ends and all that it still has is looked through once more.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *thresholds[1:])
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def often_collected() -> None:
    """Look for garbage as often as usual from now on: for commands that run for long.

    What a batch leaves in cycles piled up between two rare looks, a third of its memory after a
    thousand texts. What is loaded by now stays anyway, and is not looked through again.
    """
    gc.freeze()
    gc.set_threshold(*USUAL)
