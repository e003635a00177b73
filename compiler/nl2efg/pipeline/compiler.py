"""The compiler: the stages in a row, for one sample or several. Only here is their order known."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nl2efg.errors import DescriptionError
from nl2efg.models import Model
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.conclusion import conclude
from nl2efg.pipeline.options import Options, make_options
from nl2efg.pipeline.sample import Sample, run_sample
from nl2efg.sandbox import get_ready
from nl2efg.text import valid

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
    started = time.monotonic()
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
        started: of the monotonic clock, when the first sample was begun.

    Raises:
        Nl2efgError: why there is no game; its ``record`` holds what was made.
    """
    return await asyncio.to_thread(
        conclude, samples, text, name=name, options=options, started=started
    )


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
