"""What a caller may choose about a compilation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nl2efg.sketch import SketchAssumption

Ask = Callable[[Sequence[SketchAssumption]], Sequence[tuple[str, str]]]
"""Puts open points to the author; returns the questions that were answered, with the answers."""

Progress = Callable[[str], None]
"""Told in a few words what is being done."""


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Options:
    """How to compile.

    Args:
        samples: independent compilations per model, from 1; the largest class of equivalent games
            is taken.
        rounds: repairs at most, from 0.
        sketch: whether to run stage 1.
        check: whether to check each game against the text and the sketch, and repair by it.
        critic: whether a model call compares the description with the game read back.
        solve: whether to look for equilibria.
        solve_budget: seconds for that.
        ask: puts what stage 1 found open to the author before stage 2.
        progress: told what is being done.
    """

    samples: int = 1
    rounds: int = 3
    sketch: bool = True
    check: bool = True
    critic: bool = False
    solve: bool = True
    solve_budget: float = 10.0
    ask: Ask | None = None
    progress: Progress = _silent
