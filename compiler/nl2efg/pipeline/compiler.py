"""The compiler: the stages in a row, for one sample or several. Only here is their order known."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Unpack

from nl2efg.errors import CompilationError, Nl2efgError, UserError
from nl2efg.game import GameTree
from nl2efg.models import Model
from nl2efg.models.choice import ModelChoice, choose_models
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.consensus import agree
from nl2efg.pipeline.descriptions import Description, check_description, text_and_name
from nl2efg.pipeline.options import CompileOptions, Options, make_options
from nl2efg.pipeline.recording import make_record
from nl2efg.pipeline.sample import Sample, run_sample
from nl2efg.sandbox import get_ready
from nl2efg.schema.record import CompilationRecord, ConsensusRecord, SolutionRecord
from nl2efg.text import valid

if TYPE_CHECKING:
    from nl2efg.solving import Solution


def compile(
    text: Description,
    *,
    model: ModelChoice = None,
    name: str = "",
    **options: Unpack[CompileOptions],
) -> Compilation:
    """Compile a description into a game.

    Args:
        text: the description, in any language; or a path object, or a bundled game.
        model: who reads it: a model's name as ``--model`` takes it, a model (see
            :mod:`nl2efg.models`), or several of them for a consensus; by default the one that the
            environment configures, or recorded replies for a bundled text.
        name: a name for the game's files.
        options: the fields of :class:`nl2efg.Options`.

    Raises:
        DescriptionError: the text is empty, binary or too long.
        UserError: an option that does not exist, or out of its range.
        CompilationError: no game came out; its ``record`` holds what was made.
        ServiceError: of the model's; its ``record`` holds what was made.

    >>> import nl2efg
    >>> compilation = nl2efg.compile(nl2efg.example("trust_game"))
    >>> compilation.tree.players
    ('Buyer', 'Seller')
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
    text: Description,
    *,
    model: ModelChoice = None,
    name: str = "",
    **options: Unpack[CompileOptions],
) -> Compilation:
    """The asynchronous twin of :func:`nl2efg.compile`.

    Args:
        text: the description, a path object, or a bundled game.
        model: a name, a model, or several.
        name: a name for the game's files.
        options: the fields of :class:`nl2efg.Options`.

    Raises:
        Nl2efgError: as :func:`nl2efg.compile`.
    """
    chosen = make_options(**options)
    words, own_name = text_and_name(text)
    check_description(words)
    words, name = valid(words), valid(name or own_name)
    models = choose_models(words, model)
    started = time.time()
    get_ready()  # the worker that will run the code starts while the model thinks
    samples = await run_samples(models, words, chosen)
    return await compile_samples(samples, words, name=name, options=chosen, started=started)


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
    solution = await _solve(tree, options) if options.solve else None
    record = _record(job, samples, best, consensus=consensus, tree=tree, solution=solution)
    return Compilation(tree, record, None if isinstance(solution, SolutionRecord) else solution)


class _Job(NamedTuple):
    """What one compilation is about."""

    text: str
    name: str
    model: str
    started: float


def _default_name(text: str) -> str:
    return f"game-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


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
