"""A run: units in bounded number at once, until all have a row."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from nl2efg.batch.corpus import Corpus, Unit
from nl2efg.batch.rate_limits import Pace
from nl2efg.batch.reports.summary import write_summary
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.batch.storage.manifest import keep_manifest, make_manifest, unit_key
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.unit import UnitCompiler, is_outage, shard_of
from nl2efg.errors import Nl2efgError, UnavailableError
from nl2efg.models import Model

Result = TypeVar("Result")
OUTAGES = 20
"""So many units in a row that do not reach the service end the run: it is away."""


@dataclass
class Progress:
    """Counts of a run as it goes.

    Args:
        total: units of this shard.
        before: of these finished by earlier starts.
    """

    total: int = 0
    before: int = 0
    compiled: int = 0
    failed: int = 0
    tokens: int = 0
    cost: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Units finished by this start."""
        return self.compiled + self.failed

    @property
    def rate(self) -> float:
        """Of those a second."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    def count(self, row: ResultRow) -> None:
        """Count a unit."""
        self.compiled += row.status == "compiled"
        self.failed += row.status == "failed"
        self.tokens += row.prompt_tokens + row.completion_tokens
        self.cost += row.cost


@dataclass(frozen=True)
class Batch:
    """What to convert, and how.

    Args:
        corpus: the texts or replies.
        folder: the run folder.
        models: who reads; empty for replays.
        place: where the models are, for the manifest.
        options: of a compilation; see :class:`nl2efg.pipeline.Options`.
        workers: units at once; calls at once adapt themselves below that.
        shard: which part of the corpus, from 1, and of how many.
        limit: units that this start finishes at most; None for all.
        retry_failed: whether failed units are tried anew.
        files: whether each game gets its folder.
    """

    corpus: Corpus
    folder: Path
    models: Sequence[Model] = ()
    place: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    workers: int = 32
    shard: tuple[int, int] = (1, 1)
    limit: int | None = None
    retry_failed: bool = False
    files: bool = True


async def run_batch(
    batch: Batch,
    *,
    pace: Pace | None = None,
    stop: threading.Event | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Progress:
    """Convert a corpus, or go on with it; then write summary, failures and gallery.

    Args:
        batch: what, and how.
        pace: the one that the models' gate belongs to.
        stop: once it is set no further unit is begun; those under way are finished.
        report: told of the counts after each unit.
        tell: told in words what a user should know.

    Raises:
        UserError: the corpus, the folder or a setting cannot be used.
        ServiceError: the service cannot be used, or the budget is spent; all that was finished is
            kept, and the next start goes on.
    """
    stop = stop or threading.Event()
    manifest, total = open_run(batch)
    with Ledger(batch.folder, batch.shard, retry_failed=batch.retry_failed) as ledger:
        shop = UnitCompiler(
            batch.folder,
            manifest,
            batch.models,
            batch.options,
            ledger,
            pace or Pace(),
            batch.files,
        )
        progress = Progress(total=total, before=ledger.finished)
        report(progress)
        try:
            units = pending(batch, manifest, ledger)
            await finish_all(shop.do, units, batch.workers, stop, progress, report)
        finally:
            write_summary(batch.folder)
    return progress


def open_run(batch: Batch) -> tuple[dict[str, Any], int]:
    """Begin a run folder, or hold it against what is to be continued in it.

    Returns:
        Its manifest, and how many units this shard has.

    Raises:
        UserError: the corpus or the folder cannot be used, or holds another run.
    """
    fingerprint, count = batch.corpus.survey()
    manifest = make_manifest(
        {"name": batch.corpus.path.name, "units": count, "sha256": fingerprint},
        {
            "models": [model.name for model in batch.models],
            "place": batch.place,
            "shards": batch.shard[1],
            "files": batch.files,
            **batch.options,
        },
    )
    keep_manifest(batch.folder, manifest)
    own, of = batch.shard
    return manifest, len(range(own - 1, count, of))


def pending(batch: Batch, manifest: dict[str, Any], ledger: Ledger) -> Iterator[tuple[Unit, str]]:
    """The units of this shard that are not finished, with their keys; as many as this start may."""
    keyed = (
        (unit, unit_key(manifest, unit))
        for unit in batch.corpus.units()
        if shard_of(unit, batch.shard[1]) == batch.shard[0]
    )
    return islice((pair for pair in keyed if not ledger.is_finished(pair[1])), batch.limit)


async def finish_all(
    do: Callable[[Unit, str], Awaitable[ResultRow]],
    units: Iterable[tuple[Unit, str]],
    workers: int,
    stop: threading.Event,
    progress: Progress,
    report: Callable[[Progress], None],
) -> None:
    """Bring units to their end, until all are there, somebody stops it, or none can go on.

    Args:
        do: brings one to its end.
        units: with their keys.
        workers: units at once.
        stop: once it is set no further unit is begun; those under way are finished.
        progress: counts them.
        report: told of the counts after each unit.

    Raises:
        ServiceError: the service cannot be used, or the budget is spent.
        SandboxError: the machine offers no isolation.
        UserError: the run folder cannot be written.
    """
    failures: list[Nl2efgError] = []
    outages = 0

    async def work(pair: tuple[Unit, str]) -> ResultRow | None:
        try:
            return await do(*pair)
        except Nl2efgError as error:
            failures.append(error)
            return None

    def stopped() -> bool:
        return stop.is_set() or bool(failures)

    async for row in as_finished(units, work, workers, stopped):
        if row is None:
            continue
        progress.count(row)
        report(progress)
        outages = outages + 1 if is_outage(row) else 0
        if outages == OUTAGES:
            failures.append(
                UnavailableError(
                    f"{outages} texts in a row did not reach the service; the last one: "
                    f"{row.message}",
                    hint="start the same command again when it is back",
                )
            )
    if failures:
        raise failures[0]


async def as_finished(
    entries: Iterable[Any],
    work: Callable[[Any], Awaitable[Result]],
    workers: int,
    stopped: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Result]:
    """Results in the order in which they come, of so many entries at once.

    No entry is taken from the iterable before there is room for it.
    """
    source, tasks = iter(entries), set[asyncio.Task[Result]]()

    async def one(entry: Any) -> Result:
        return await work(entry)

    try:
        while True:
            while len(tasks) < workers and not stopped():
                try:
                    entry = next(source)
                except StopIteration:
                    break
                tasks.add(asyncio.create_task(one(entry)))
            if not tasks:
                return
            done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
