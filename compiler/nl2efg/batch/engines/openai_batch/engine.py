"""A run in waves: ask for all that is due, wait, collect, and ask for what is due then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.batch.engines.local import Batch, Progress, as_finished, open_ledger, open_run
from nl2efg.batch.engines.openai_batch.failed_calls import Failed
from nl2efg.batch.engines.openai_batch.journal import Journal
from nl2efg.batch.engines.openai_batch.requests import ArrivedReplies, Drafts, WaitingModel
from nl2efg.batch.engines.openai_batch.service import BatchService
from nl2efg.batch.engines.openai_batch.transfer import Transfer
from nl2efg.batch.rate_limits import Pace
from nl2efg.batch.reports.summary import write_summary
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.batch.storage.manifest import unit_key
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.survey import Survey
from nl2efg.batch.unit import UnitCompiler, is_outage, shard_of
from nl2efg.errors import BudgetError, DescriptionError, Nl2efgError, UserError
from nl2efg.models import Model, Request
from nl2efg.models.cached import CachedModel
from nl2efg.models.continuation import WholeReplies
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.pipeline.compiler import run_samples
from nl2efg.pipeline.descriptions import check_description
from nl2efg.pipeline.options import make_options

MAX_ROUNDS = 1
"""Repairs at most: each would be another wave, and a wave may take a day."""

FIRST_POLL = 5.0
MAX_POLL_SECONDS = 60.0
"""Seconds between two looks at the batches: the first ones, doubled up to the longest."""

_Due = dict[str, tuple[str, Request]]
"""By call: the model's name, and what it is to be asked."""


async def run_waves(
    batch: Batch,
    *,
    pace: Pace | None = None,
    stop: threading.Event | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    wait: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Progress:
    """Convert a corpus through the OpenAI Batch API, or go on with it.

    A call looks at the batches that are under way, stores what they answered, finishes the texts
    that need nothing more and sends off what the others are waiting for: stage 1, then stage 2,
    then the first repair. Killed between any two steps, the next call goes on from there.

    Args:
        batch: what, and how; at most ``MAX_ROUNDS`` repairs.
        pace: not used: nothing is asked directly.
        stop: once it is set, nothing more is begun; batches under way go on at the service.
        report: told of the counts after each text.
        wait: whether to come back only when all is done; else once nothing can be done now.
        tell: told in words what was done.

    Raises:
        UserError: the corpus, the folder or a setting cannot be used.
        ServiceError: the service cannot be used, or the budget is spent; all that was answered is
            kept, and the next call goes on.
    """
    models = _checked(batch)
    stop = stop or threading.Event()
    manifest, total, survey = open_run(batch)
    first = models[0]
    with Journal(batch.folder, batch.shard, first.settings.place) as journal:
        service = BatchService(first.settings, first.gate, first.policy, first.clock, tell)
        async with service:
            run = _Run(
                batch,
                manifest,
                survey,
                journal,
                Transfer(batch, models, journal, service, stop, tell),
                stop,
                report,
                tell,
                Progress(total=total),
            )
            try:
                await run.go(wait)
            finally:
                write_summary(batch.folder)
        run.progress.outstanding = sum(job.requests for job in journal.state.open)
    return run.progress


def _checked(batch: Batch) -> list[OpenAIModel]:
    hint = "take --engine local"
    if batch.corpus.reply_column or not batch.models:
        raise UserError("--engine openai-batch asks a model; replays ask none", hint=hint)
    models = [model for model in batch.models if isinstance(model, OpenAIModel)]
    if len(models) < len(batch.models):
        raise UserError(
            "--engine openai-batch needs a service with OpenAI's Batch API",
            hint=f"set OPENAI_API_KEY, or {hint}",
        )
    if len({(model.settings.base_url, model.settings.key) for model in models}) > 1:
        raise UserError("all models of --engine openai-batch must be of one service", hint=hint)
    options = make_options(**batch.options)
    if options.rounds > MAX_ROUNDS:
        raise UserError(
            f"--engine openai-batch repairs at most once, not {options.rounds} times: every round "
            "is a wave that may take a day",
            hint="say --rounds 1, or take --engine local",
        )
    return models


@dataclass
class _Run:
    batch: Batch
    manifest: dict[str, Any]
    survey: Survey
    journal: Journal
    transfer: Transfer
    stop: threading.Event
    report: Callable[[Progress], None]
    tell: Callable[[str], None]
    progress: Progress
    given_up: set[str] = field(default_factory=set)

    async def go(self, wait: bool) -> None:
        """All that can be done now, or, if ``wait``, all that is to be done."""
        if self.batch.retry_failed:
            self._retry_failed()
        self.progress.before = self._finished()
        self.report(self.progress)
        poll = FIRST_POLL
        while not self.stop.is_set():
            moved = await self.transfer.advance()
            if self.transfer.cancelled:
                self.tell("a batch was cancelled; what it had answered is kept")
                self.stop.set()
            elif not self.journal.state.open:
                self.transfer.check_wave()
                if not await self._begin_wave():
                    return
                poll = FIRST_POLL
            elif not wait:
                self.tell(
                    f"{self.transfer.in_words()}; start the same command again to go on "
                    "(--wait stays until all is done)"
                )
                return
            else:
                if moved:
                    self.tell(self.transfer.in_words())
                await self._pause(poll)
                poll = FIRST_POLL if moved else min(2 * poll, MAX_POLL_SECONDS)
        if self.journal.state.open:
            self.tell(
                "batches go on at the service; start the same command again to collect them, or "
                f"end them with `nl2efg waves {self.batch.folder} --cancel`"
            )

    async def _pause(self, seconds: float) -> None:
        clock = self.transfer.service.clock
        end = clock.now() + seconds
        while clock.now() < end and not self.stop.is_set():
            await clock.sleep(min(0.2, seconds))

    def _retry_failed(self) -> None:
        """Note the failed units of now, with the number of the try that is to come."""
        retried = self.journal.state.retried
        with self.transfer.ledger() as ledger, self.transfer.failures() as failed:
            for _, key in self._keyed():
                tried = ledger.tried(key)
                if tried and not ledger.is_finished(key) and retried.get(key) != tried:
                    retried[key] = tried
                    failed.forget(key)
        self.journal.save()

    def _finished(self) -> int:
        """Units with a row that are not being tried anew."""
        retried = self.journal.state.retried
        with open_ledger(self.batch, retry_failed=False, tell=self.tell) as ledger:
            ended = ledger.finished
            failed = [key for key in retried if ledger.is_finished(key)]
        with self.transfer.ledger() as ledger:
            return ended - sum(
                ledger.tried(key) == retried[key] and not ledger.is_finished(key) for key in failed
            )

    def _keyed(self) -> Iterator[tuple[Unit, str]]:
        own, of = self.batch.shard
        for unit in self.survey.units():
            if shard_of(unit, of) == own:
                yield unit, unit_key(self.manifest, unit)

    def _pending(self, ledger: Ledger) -> Iterator[tuple[Unit, str]]:
        for unit, key in self._keyed():
            wanted = self.journal.state.retried.get(key, 0)
            if ledger.is_finished(key) or ledger.tried(key) != wanted:
                continue
            if key not in self.given_up:
                yield unit, key

    async def _begin_wave(self) -> bool:
        """Finish what needs nothing more, and write down what the rest is waiting for.

        Returns:
            Whether it waits for anything.

        Raises:
            BudgetError: nothing of it may be asked.
        """
        self.journal.tidy()
        state = self.journal.state
        stem = f"nl2efg-{state.run}"
        drafts = Drafts(self.journal.files, stem, state.wave + 1)
        try:
            with self.transfer.ledger() as ledger, self.transfer.failures() as failed:
                beyond = await self._through(ledger, failed, drafts)
        except Nl2efgError:
            self.transfer.release(drafts.jobs)
            raise
        finally:
            drafts.close()
        if self.stop.is_set():
            self.transfer.release(drafts.jobs)
            return False
        if beyond is not None and not drafts.jobs:
            raise beyond
        if drafts.jobs:
            self.journal.begin_wave(drafts.jobs)
        return bool(drafts.jobs)

    async def _through(self, ledger: Ledger, failed: Failed, drafts: Drafts) -> BudgetError | None:
        """One pass over the unfinished units."""
        compiler = UnitCompiler(
            self.batch.folder,
            self.manifest,
            self.batch.models,
            self.batch.options,
            ledger,
            files=self.batch.files,
        )
        failures: list[Nl2efgError] = []
        beyond: BudgetError | None = None

        async def work(pair: tuple[Unit, str]) -> tuple[str, ResultRow | _Due] | None:
            try:
                return pair[1], await self._unit(compiler, failed, *pair)
            except Nl2efgError as error:
                failures.append(error)
                return None

        def stopped() -> bool:
            return self.stop.is_set() or bool(failures)

        left = self.batch.limit - self.progress.done if self.batch.limit else None
        units = islice(self._pending(ledger), left)
        async for found in as_finished(units, work, self.batch.workers, stopped):
            if found is None:
                continue
            key, outcome = found
            if isinstance(outcome, ResultRow):
                self._finish(key, outcome, failed)
                continue
            for call, (name, request) in outcome.items():
                try:
                    self.transfer.draft(drafts, key, call, name, request)
                except BudgetError as error:
                    beyond = error
        if failures:
            raise failures[0]
        return beyond

    def _finish(self, key: str, row: ResultRow, failed: Failed) -> None:
        failed.forget(key)
        if is_outage(row):
            # Every start tries it again, and this one has.
            self.given_up.add(key)
        self.progress.count(row)
        self.report(self.progress)

    async def _unit(
        self, compiler: UnitCompiler, failed: Failed, unit: Unit, key: str
    ) -> ResultRow | _Due:
        """The row of a unit, or what it is waiting for."""
        kept = compiler.ledger.replies(key)
        arrived = ArrivedReplies(key, kept, failed)
        waiting = [WaitingModel(model.name) for model in self.batch.models]
        models = [WholeReplies(CachedModel(model, arrived)) for model in waiting]
        if unit.problem or not await _try(models, unit.text, self.batch.options):
            return await compiler.do(unit, key, models)
        due = {
            call: (model.name, request) for model in waiting for call, request in model.due.items()
        }
        return due or await compiler.do(unit, key, models)


async def _try(models: Sequence[Model], text: str, options: dict[str, Any]) -> bool:
    """Take every sample as far as its replies reach; False if that cannot be done at all."""
    try:
        check_description(text)
    except DescriptionError:
        return False
    chosen = make_options(**options)
    try:
        await run_samples(models, text, chosen)
    except Exception:  # noqa: BLE001  the unit is then done in earnest, and says what is wrong
        return False
    return True
