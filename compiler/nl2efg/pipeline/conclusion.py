"""What several samples of a description come to: the game that is taken, solved, and its record."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nl2efg.errors import CompilationError, Nl2efgError, UserError
from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.consensus import agree
from nl2efg.pipeline.cutting import cut_remarks
from nl2efg.pipeline.letters import with_words
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.recording import make_record
from nl2efg.sandbox import family_of

if TYPE_CHECKING:
    from nl2efg.solving import Solution


def conclude(
    samples: Sequence[Sample], text: str, *, name: str = "", options: Options, started: float
) -> Compilation:
    """Take the game that most samples agree on, and solve it.

    A game is compiled even where it cannot be solved: a remark of its solution says why.

    Args:
        samples: all of a description's, failed ones among them; at least one.
        text: the description.
        name: a name for the game's files.
        options: of the compilation.
        started: of the monotonic clock, when the first sample was begun.

    Raises:
        Nl2efgError: why there is no game; its ``record`` holds what was made.
    """
    best, consensus = agree(samples)
    tree = best.tree if best else None
    failure = _failure(samples, best) if tree is None else None
    if tree is not None:
        tree = with_words(tree, best.sketch if best else None)
    solution: Solution | None = None
    if tree is not None and options.values:
        try:
            tree = _with_values(tree, options)
        except Nl2efgError as unusable:
            failure = unusable  # what was paid for is kept, the game among it
    if tree is not None and options.solve and failure is None:
        from nl2efg.solving import try_to_solve

        options.progress("looking for equilibria")
        solution = try_to_solve(
            tree, concept=options.concept, all=options.all_equilibria, budget=options.solve_budget
        )
        cut = cut_remarks(tree, solution, options.concept)
        solution = replace(solution, remarks=(*solution.remarks, *cut))
    error = best.failure if best else None
    record = make_record(
        text=text,
        name=name or f"game-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        model=", ".join(sample.model for sample in samples if sample.number == 0),
        seconds=time.monotonic() - started,
        samples=samples,
        best=best or samples[0],
        consensus=consensus,
        tree=tree,
        solution=solution.record() if solution is not None else None,
        error=failure.message if failure else error.message if error else "",
    )
    if failure is not None:
        failure.record = record
        raise failure
    assert tree is not None
    return Compilation(tree, record, solution)


def _with_values(tree: GameTree, options: Options) -> GameTree:
    """The game at the values that the caller gives its parameters."""
    found = family_of(tree)
    if found is None:
        raise UserError(
            "the game has no parameters to give values to",
            hint="letters come from a description that is told with letters",
        )
    return found.with_values(options.values).tree


def _failure(samples: Sequence[Sample], best: Sample | None) -> Nl2efgError:
    """The error that says why there is no game."""
    closest = best or samples[0]
    failed = [sample.failure for sample in samples if sample.failure]
    if closest.failure is not None:
        return closest.failure
    if failed and not closest.tried:
        return failed[0]
    last = closest.best
    worst = next(iter(last.diagnostics), None) if last else None
    return CompilationError(
        f"no game came out (attempts: {len(closest.tried)}); the best one says: "
        f"{worst.message if worst else 'nothing'}",
        hint="the transcript holds every prompt, reply and diagnostic; a stronger model or "
        "a clearer text may help",
    )
