"""The compiler: the stages in a row, for one sample or several. Only here is their order known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, Unpack

from nl2efg.models import Model
from nl2efg.models.choice import ModelChoice, choose_models
from nl2efg.models.user_cache import with_user_cache
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.conclusion import conclude
from nl2efg.pipeline.descriptions import Description, check_description, text_and_name
from nl2efg.pipeline.options import CompileOptions, Options, make_options
from nl2efg.pipeline.sample import run_sample
from nl2efg.sandbox import ensure_ready
from nl2efg.text import valid

Result = TypeVar("Result")


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
    return finished(compile_async(text, model=model, name=name, **options))


def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """What some work comes to, whether or not an event loop runs here already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        running = False
    else:
        running = True
    if not running:  # not within ``except``: tracebacks would tell of the loop that is not there
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
        Nl2efgError: as :func:`nl2efg.compile`; SandboxError before anything is asked.
    """
    chosen = make_options(**options)
    words, own_name = text_and_name(text)
    check_description(words)
    words, name = valid(words), valid(name or own_name)
    models = choose_models(words, model)
    if chosen.cache:
        models = [with_user_cache(each) for each in models]
    started = time.monotonic()
    if chosen.code and (not chosen.sketch or chosen.method == "tree-first"):
        # What needs code is not paid for where none can be run; else the sketch is read as a game.
        await asyncio.to_thread(ensure_ready)
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
        started: of the monotonic clock, when the first sample was begun.

    Raises:
        Nl2efgError: why there is no game; its ``record`` holds what was made.
    """
    return await asyncio.to_thread(
        conclude, samples, text, name=name, options=options, started=started
    )
