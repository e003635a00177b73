"""``nl2efg waves``: the batches of a run, as the service tells them now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.terminal import plain, print_json

if TYPE_CHECKING:
    from nl2efg.batch.engines.openai_batch import BatchStatus
    from nl2efg.batch.engines.openai_batch.journal import State
    from nl2efg.models.settings import Settings


def waves(
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="made by `nl2efg batch` with --engine openai-batch"),
    ],
    end: Annotated[bool, typer.Option("--cancel", help="end the batches under way")] = False,
    base_url: Annotated[str | None, typer.Option(help="the service they are at")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON on stdout")] = False,
) -> None:
    """Show how the batches of a run are getting on. It changes nothing and costs nothing.

    With --cancel batches end early: what they answered is kept and paid for, the rest is neither.

    Example: [bold]nl2efg waves run/[/bold]
    """
    import asyncio

    from nl2efg.batch.engines.openai_batch import cancel, look, read_states

    states = read_states(run)
    settings = _settings(states, base_url)
    found = asyncio.run((cancel if end else look)(run, settings))
    if as_json:
        print_json([{"shard": each.shard, **each.job.model_dump()} for each in found])
        return
    for each in found:
        print(_line(each))


def _settings(states: dict[str, State], base_url: str | None) -> Settings:
    """Where the batches are is a setting like any other: a key goes nowhere by a file's word."""
    from nl2efg.errors import NoModelError
    from nl2efg.models.flags import ModelFlags
    from nl2efg.models.settings import load_settings

    models = [job.model for state in states.values() for job in state.jobs]
    settings = load_settings(ModelFlags(base_url=base_url), model=models[0] if models else None)
    if settings is None:
        raise NoModelError(
            "no service is configured", hint="set OPENAI_API_KEY, or name a server with --base-url"
        )
    return settings


def _line(shown: BatchStatus) -> str:
    job = shown.job
    words = [
        f"wave {job.wave}",
        job.batch_id or job.name,
        job.model,
        job.status if job.step != "refused" else "refused",
        f"{job.answered:,} of {job.requests:,} answered",
    ]
    if job.failed:
        words.append(f"{job.failed:,} failed")
    if job.step == "collected":
        words.append(f"collected, ${job.cost:.4f}" if job.cost else "collected")
    if shown.shard != "1-of-1":
        words.insert(0, f"shard {shown.shard}")
    return plain("  ".join(words))
