"""How a run's batches are getting on, without changing anything, and how to end them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.batch.engines.openai_batch.journal import WAVES, Job, State, read_state
from nl2efg.batch.engines.openai_batch.service import BatchService
from nl2efg.errors import NotFoundError, UserError
from nl2efg.models.settings import Settings

if TYPE_CHECKING:
    from openai.types import Batch


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """One batch as it stands.

    Args:
        shard: such as ``1-of-2``.
        job: what is known of it, and its present status.
    """

    shard: str
    job: Job


def read_states(run: Path) -> dict[str, State]:
    """The state of every shard that sent batches.

    Raises:
        NotFoundError: none did.
        UserError: one cannot be read.
    """
    files = sorted((run / WAVES).glob("*/journal.json"))
    if not files:
        raise NotFoundError(
            f"{run} has no batches", hint="`nl2efg batch CORPUS -o RUN --engine openai-batch`"
        )
    return {file.parent.name: read_state(file) for file in files}


async def look(run: Path, settings: Settings) -> list[BatchStatus]:
    """All batches of a run, the open ones as the service tells it now.

    Raises:
        NotFoundError, UserError, ServiceError: see :func:`read_states` and the service.
    """
    return await _each_open(run, settings, _look)


async def cancel(run: Path, settings: Settings) -> list[BatchStatus]:
    """End all batches that are under way; what they answered is kept, and paid for.

    Raises:
        NotFoundError, UserError, ServiceError: see :func:`read_states` and the service.
    """
    return await _each_open(run, settings, _cancel)


async def _each_open(
    run: Path, settings: Settings, do: Callable[[BatchService, Job], Awaitable[Job]]
) -> list[BatchStatus]:
    states = read_states(run)
    for state in states.values():
        if state.place != settings.place:
            raise UserError(
                f"{run}'s batches are at {state.place}, not at {settings.place}",
                hint="name their service with --base-url",
            )
    found = []
    async with BatchService(settings) as service:
        for shard, state in states.items():
            for job in state.jobs:
                found.append(BatchStatus(shard, await do(service, job) if job.is_open else job))
    return found


async def _look(service: BatchService, job: Job) -> Job:
    """A job with its batch's present status."""
    return _with(job, await _find(service, job))


async def _cancel(service: BatchService, job: Job) -> Job:
    batch = await _find(service, job)
    if batch is not None and batch.status in ("validating", "in_progress", "finalizing"):
        batch = await service.cancel(batch.id)
    return _with(job, batch)


async def _find(service: BatchService, job: Job) -> Batch | None:
    if job.batch_id:
        return await service.batch(job.batch_id)
    if job.step == "creating":
        return await service.find_batch(job.file_id, job.name)
    return None


def _with(job: Job, batch: Batch | None) -> Job:
    if batch is None:
        return job.model_copy(update={"status": "not sent"})
    counts = batch.request_counts
    told = {"answered": counts.completed, "failed": counts.failed} if counts else {}
    return job.model_copy(update={"batch_id": batch.id, "status": batch.status, **told})
