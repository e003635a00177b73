"""Random numbers for which a program gives no seed: the same in every run of it.

Each call that asks for a seed of the system's gets the next of 0, 1, 2 … instead, so that two
generators of one program differ.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from itertools import count
from typing import Any


def make_reproducible() -> None:
    """Replace the seeds of the system by fixed ones, of ``random`` and of numpy if it is loaded.

    A fork seeds the functions of ``random`` anew; ``random.seed()`` must be called after it.
    """
    seeds = count()
    # One that every generator uses, also those of classes derived from it.
    own: Any = random.Random
    own.seed = _seeded(own.seed, seeds, place=1)
    random.seed = random._inst.seed
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.default_rng = _seeded(numpy.random.default_rng, seeds)
        numpy.random.seed = _seeded(numpy.random.seed, seeds)
        numpy.random.seed(0)

        class RandomState(numpy.random.RandomState):  # type: ignore[misc,name-defined]
            def __init__(self, seed: Any = None) -> None:
                super().__init__(next(seeds) if seed is None else seed)

        numpy.random.RandomState = RandomState


def _seeded(function: Callable[..., Any], seeds: count[int], place: int = 0) -> Callable[..., Any]:
    """The function with the next seed where it is given none, at this place of its arguments."""

    def seeded(*given: Any, **named: Any) -> Any:
        name = next((key for key in ("seed", "a") if key in named), None)
        if name is not None:
            named[name] = next(seeds) if named[name] is None else named[name]
        elif len(given) <= place or given[place] is None:
            given = (*given[:place], next(seeds), *given[place + 1 :])
        return function(*given, **named)

    seeded.__name__ = function.__name__
    return seeded
