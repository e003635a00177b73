"""``nl2efg record``: keep a model's replies, so that a description compiles without a model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.terminal import note
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.models.flags import ModelFlags


@model_options("paste", "paste_folder")
def record(
    source: Annotated[str, typer.Argument(metavar="FILE|NAME", help="a text, or a bundled game")],
    flags: ModelFlags,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="the .jsonl file; default is the bundled game's own"),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="independent samples to record")] = 1,
) -> None:
    """Compile with a model and keep its replies, right or wrong.

    Example: [bold]nl2efg record kuhn_poker --samples 5 --model gpt-4o[/bold]. A recorded text
    compiles without a key; replies of the same text, stage and sample are replaced.
    """
    from nl2efg.cli.compile import read_source
    from nl2efg.cli.models import models_for
    from nl2efg.cli.progress import reporting
    from nl2efg.errors import Nl2efgError
    from nl2efg.models.cached import CachedModel
    from nl2efg.models.replay import FILE_NAME, RecordingFile, recordings_of
    from nl2efg.pipeline import compile_async, examples

    text, name = read_source(source)
    file = output or next((g.folder / FILE_NAME for g in examples() if g.name == name), None)
    if file is None:
        raise UserError(f"{source} is no bundled game", hint="name a .jsonl file with --output")
    if len(flags.models) > 1:
        raise UserError("one model is recorded at a time", hint="give --model once")
    (asked,) = models_for(text, flags)
    if recordings_of(asked) is not None:
        raise UserError(
            "no model is configured; recording a recording makes no sense",
            hint="set OPENAI_API_KEY, or give --base-url and --model",
        )
    recorder = CachedModel(asked, RecordingFile(file))
    with reporting() as progress:
        try:
            result = asyncio.run(
                compile_async(
                    text, model=recorder, name=name, samples=samples, solve=False, progress=progress
                )
            )
            note(f"{len(result.record.exchanges)} replies kept in {file}; the game compiled")
        except Nl2efgError as error:
            if error.exit_code != 1:
                raise
            note(f"replies kept in {file}; no game came out: {error.message}")
    recorder.store.drop_leftovers()
