"""The compiler: the stages in a row, for one sample or several. Only here is their order known."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from nl2efg.errors import CompilationError, DescriptionError, Nl2efgError, UserError
from nl2efg.game import GameTree
from nl2efg.models import Model
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.consensus import agree
from nl2efg.pipeline.options import Options, make_options
from nl2efg.pipeline.recording import make_record
from nl2efg.pipeline.sample import Sample, run_sample
from nl2efg.sandbox import family_of, get_ready
from nl2efg.schema.record import CompilationRecord, ConsensusRecord, SolutionRecord
from nl2efg.text import valid

if TYPE_CHECKING:
    from nl2efg.solving import Solution

MAX_CHARACTERS = 100_000


def compile(
    text: str, *, model: Model | Sequence[Model] | None = None, name: str = "", **options: Any
) -> Compilation:
    """Compile a description into a game.

    Args:
        text: the description, in any language.
        model: who reads it: a model or several (see :mod:`nl2efg.models`); by default the one that
            the environment configures, or recorded replies for a bundled text.
        name: a name for the game's files.
        options: the fields of :class:`nl2efg.pipeline.Options`.

    Raises:
        DescriptionError: the text is empty, binary or too long.
        UserError: an option that does not exist, or out of its range.
        CompilationError: no game came out; its ``record`` holds what was made.
        ServiceError: of the model's; its ``record`` holds what was made.
    """
    work = compile_async(text, model=model, name=name, **options)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # Notebooks run a loop already: the work gets a thread with a loop of its own.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def compile_async(
    text: str, *, model: Model | Sequence[Model] | None = None, name: str = "", **options: Any
) -> Compilation:
    """The asynchronous twin of :func:`compile`."""
    chosen = make_options(**options)
    check_description(text)
    text, name = valid(text), valid(name)
    if model is None:
        from nl2efg.models.choice import choose_model

        model = choose_model(text)
    models = list(model) if isinstance(model, Sequence) else [model]
    started = time.time()
    get_ready()  # the worker that will run the code starts while the model thinks
    samples = await run_samples(models, text, chosen)
    return await compile_samples(samples, text, name=name, options=chosen, started=started)


async def run_samples(models: Sequence[Model], text: str, options: Options) -> list[Sample]:
    """Compile a description side by side by each model, as often as the options say.

    What fails is kept in a sample's ``failure``.

    Args:
        models: who reads.
        text: the description, which :func:`check_description` accepts.
        options: ``samples`` of each model, and how each is made.
    """
    return await asyncio.gather(
        *(
            run_sample(model, text, number, options)
            for model in models
            for number in range(options.samples)
        )
    )


async def compile_samples(
    samples: Sequence[Sample], text: str, *, name: str = "", options: Options, started: float
) -> Compilation:
    """Take the game that most samples agree on, and solve it.

    Args:
        samples: all of a description's, failed ones among them; at least one.
        text: the description.
        name: a name for the game's files.
        options: of the compilation.
        started: seconds since the epoch when the first sample was begun.

    Raises:
        Nl2efgError: why there is no game; its ``record`` holds what was made.
    """
    models = ", ".join(sample.model for sample in samples if sample.number == 0)
    job = _Job(text, name or _default_name(text), models, started)
    best, consensus = agree(samples)
    tree = best.tree if best else None
    if tree is None:
        raise _failure(job, samples, best)
    if options.values:
        try:
            tree = _with_values(tree, options)
        except Nl2efgError as error:  # what was paid for is kept
            error.record = _record(job, samples, best, consensus=consensus, tree=tree)
            raise
    solution = await _solve(tree, options) if options.solve else None
    record = _record(job, samples, best, consensus=consensus, tree=tree, solution=solution)
    return Compilation(tree, record, None if isinstance(solution, SolutionRecord) else solution)


class _Job(NamedTuple):
    """What one compilation is about."""

    text: str
    name: str
    model: str
    started: float


def check_description(text: str) -> None:
    """Refuse what cannot be a description.

    Raises:
        DescriptionError: it is empty, binary, or longer than ``MAX_CHARACTERS``.
    """
    if not text.strip():
        raise DescriptionError("the description is empty", hint="tell a game in a few sentences")
    if "\0" in text:
        raise DescriptionError(
            f"the description is binary: character {text.index(chr(0)) + 1} is NUL",
            hint="give plain text in UTF-8",
        )
    if len(text) > MAX_CHARACTERS:
        raise DescriptionError(
            f"the description has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read",
            hint="cut it to the part that tells the game",
        )


def _default_name(text: str) -> str:
    return f"game-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _with_values(tree: GameTree, options: Options) -> GameTree:
    """The game at the values that the caller gives its parameters."""
    found = family_of(tree)
    if found is None:
        raise UserError(
            "the game has no parameters to give values to",
            hint="letters come from a description that is told with letters",
        )
    return found.with_values(options.values).tree


async def _solve(tree: GameTree, options: Options) -> Solution | SolutionRecord:
    """Equilibria, or why there are none: a game is compiled even where it cannot be solved."""
    from nl2efg.solving import solve

    options.progress("looking for equilibria")
    try:
        return await asyncio.to_thread(solve, tree, budget=options.solve_budget)
    except UserError as error:
        return SolutionRecord(remarks=(error.message,))


def _record(
    job: _Job,
    samples: Sequence[Sample],
    best: Sample | None,
    *,
    consensus: ConsensusRecord | None = None,
    tree: GameTree | None = None,
    solution: Solution | SolutionRecord | None = None,
    error: str = "",
) -> CompilationRecord:
    return make_record(
        text=job.text,
        name=job.name,
        model=job.model,
        seconds=time.time() - job.started,
        samples=samples,
        best=best,
        consensus=consensus,
        tree=tree,
        solution=solution if isinstance(solution, SolutionRecord | None) else solution.record(),
        error=error or (best.failure.message if best and best.failure else ""),
    )


def _failure(job: _Job, samples: Sequence[Sample], best: Sample | None) -> Nl2efgError:
    """The error that says why there is no game, with all that was made on the way."""
    closest = best or samples[0]
    failed = [sample.failure for sample in samples if sample.failure]
    error: Nl2efgError
    if closest.failure is not None:
        error = closest.failure
    elif failed and not closest.tried:
        error = failed[0]
    else:
        last = closest.best
        worst = next(iter(last.diagnostics), None) if last else None
        error = CompilationError(
            f"no game came out (attempts: {len(closest.tried)}); the best one says: "
            f"{worst.message if worst else 'nothing'}",
            hint="the transcript holds every prompt, reply and diagnostic; a stronger model or "
            "a clearer text may help",
        )
    error.record = _record(job, samples, closest, error=error.message)
    return error
