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
from nl2efg.batch.rate_limits import Pace, StoppedError
from nl2efg.batch.reports.summary import write_summary
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.batch.storage.manifest import keep_manifest, make_manifest, unit_key
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.survey import Survey
from nl2efg.batch.unit import UnitCompiler, is_outage, shard_of
from nl2efg.errors import Nl2efgError, UnavailableError, UserError
from nl2efg.models import Model

Result = TypeVar("Result")
MAX_FAILURES = 5
"""Failed units whose causes are told at the end of a start; a file has those of all."""

LOOK_SECONDS = 0.2
"""After which it is seen that somebody has stopped the run."""

OUTAGES = 20
"""So many units in a row that do not reach the service end the run: it is away."""


@dataclass
class Progress:
    """Counts of a run as it goes.

    Args:
        total: units of this shard.
        before: of these finished by earlier starts.
        compiled, failed: by this start.
        tokens, cost: of this start, in US dollars.
        unreached: failed units that did not reach the service; the next start tries them again.
        outstanding: requests that a service will answer later.
        noted: units of whose calls the user should hear something, such as that a prompt was cut.
        note: the first such word, with the unit's name.
        failures: why units of this start failed, with their names; the first few.
    """

    total: int = 0
    before: int = 0
    compiled: int = 0
    failed: int = 0
    tokens: int = 0
    cost: float = 0.0
    unreached: int = 0
    outstanding: int = 0
    noted: int = 0
    note: str = ""
    failures: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Units finished by this start."""
        return self.compiled + self.failed

    @property
    def rate(self) -> float:
        """Units finished per second."""
        return self.done / max(time.monotonic() - self.started, 1e-9)

    def count(self, row: ResultRow) -> None:
        """Count a unit."""
        self.compiled += row.status == "compiled"
        if row.status == "failed":
            self.failed += 1
            if len(self.failures) < MAX_FAILURES:
                self.failures.append(f"{row.id}: {row.message}")
        self.unreached += is_outage(row)
        self.tokens += row.prompt_tokens + row.completion_tokens
        self.cost += row.cost
        if row.notes:
            self.noted += 1
            self.note = self.note or f"{row.id}: {row.notes[0]}"


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
        pictures: whether each game gets its picture and its report at once; the gallery draws
            the first hundred of each of its lists; `nl2efg draw` draws others.
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
    pictures: bool = False


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
    stop, pace = stop or threading.Event(), pace or Pace()
    manifest, total, survey = open_run(batch)
    with open_ledger(batch, retry_failed=batch.retry_failed, tell=tell) as ledger:
        compiler = UnitCompiler(
            batch.folder,
            manifest,
            batch.models,
            batch.options,
            ledger,
            pace,
            batch.files,
            batch.pictures,
        )
        progress = Progress(total=total, before=ledger.finished)
        report(progress)
        units = PendingUnits(batch, manifest, ledger, survey)
        try:
            await finish_all(
                compiler.do,
                units,
                batch.workers,
                stop,
                progress,
                report,
                begun=lambda pair: pair[1] in compiler.begun,
            )
            units.check()
        finally:
            write_summary(batch.folder)
    return progress


def open_run(batch: Batch) -> tuple[dict[str, Any], int, Survey]:
    """Begin a run folder, or hold it against what is to be continued in it.

    Returns:
        Its manifest, how many units this shard has, and the corpus as it was read for that.

    Raises:
        UserError: the corpus or the folder cannot be used, or holds another run.
    """
    survey = Survey(batch.corpus)
    manifest = make_manifest(
        {"name": batch.corpus.path.name, "units": survey.count, "sha256": survey.sha256},
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
    return manifest, len(range(own - 1, survey.count, of)), survey


def open_ledger(
    batch: Batch, *, retry_failed: bool, tell: Callable[[str], None] = lambda _: None
) -> Ledger:
    """The ledger of a shard, in which units are open whose folders somebody has deleted.

    Raises:
        UserError: another process works at the shard, or the folder cannot be written.
    """
    return Ledger(
        batch.folder,
        batch.shard,
        retry_failed=retry_failed,
        damaged=tell,
        games=batch.files,
        asked=bool(batch.models),
    )


class PendingUnits:
    """The units of a shard that are not finished, with their keys; as many as a start may.

    Args:
        batch: which corpus and shard, and how many units.
        manifest: of the run.
        ledger: knows what is finished.
        survey: of the corpus.
    """

    def __init__(
        self, batch: Batch, manifest: dict[str, Any], ledger: Ledger, survey: Survey
    ) -> None:
        self._batch, self._manifest, self._ledger = batch, manifest, ledger
        self._survey = survey
        self._changed: UserError | None = None

    def __iter__(self) -> Iterator[tuple[Unit, str]]:
        return islice(self._all(), self._batch.limit)

    def _all(self) -> Iterator[tuple[Unit, str]]:
        shard, of = self._batch.shard
        try:
            for unit in self._survey.units():
                if shard_of(unit, of) == shard:
                    key = unit_key(self._manifest, unit)
                    if not self._ledger.is_finished(key):
                        yield unit, key
        except UserError as error:  # told by check, once what is under way has come to its end
            self._changed = error

    def check(self) -> None:
        """See to it that the corpus was read as it was at the start.

        Raises:
            UserError: it has changed meanwhile; no further unit was begun.
        """
        if self._changed is not None:
            raise self._changed


async def finish_all(
    do: Callable[[Unit, str], Awaitable[ResultRow]],
    units: Iterable[tuple[Unit, str]],
    workers: int,
    stop: threading.Event,
    progress: Progress,
    report: Callable[[Progress], None],
    begun: Callable[[tuple[Unit, str]], bool] = lambda _: True,
) -> None:
    """Bring units to their end, until all are there, somebody stops it, or none can go on.

    Args:
        do: brings one to its end.
        units: with their keys.
        workers: units at once.
        stop: once it is set no further unit is begun; those under way are finished.
        progress: counts them.
        report: told of the counts after each unit.
        begun: whether anything was done for a unit; once it stops, others are let go of.

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
        except StoppedError:
            return None
        except Nl2efgError as error:
            failures.append(error)
            return None

    def stopped() -> bool:
        return stop.is_set() or bool(failures)

    async for row in as_finished(units, work, workers, stopped, begun):
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
    begun: Callable[[Any], bool] = lambda _: True,
) -> AsyncIterator[Result]:
    """Results in the order in which they come, of so many entries at once.

    No entry is taken from the iterable before there is room for it. Once it is stopped, entries
    for which nothing was done yet are let go of, and the others are brought to their end.
    """
    source, tasks = iter(entries), dict[asyncio.Task[Result], Any]()

    async def one(entry: Any) -> Result:
        return await work(entry)

    try:
        while True:
            while len(tasks) < workers and not stopped():
                try:
                    entry = next(source)
                except StopIteration:
                    break
                tasks[asyncio.create_task(one(entry))] = entry
            if stopped():
                for task in [task for task, entry in tasks.items() if not begun(entry)]:
                    del tasks[task]
                    task.cancel()
            if not tasks:
                return
            done, _ = await asyncio.wait(
                tasks, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                del tasks[task]
                yield task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
