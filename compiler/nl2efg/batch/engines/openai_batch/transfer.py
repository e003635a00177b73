"""Taking jobs to the service and their answers back, one written-down step after the other."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nl2efg.batch.engines.local import OUTAGES, Batch, open_ledger
from nl2efg.batch.engines.openai_batch.collect import Collected, Collector
from nl2efg.batch.engines.openai_batch.failed_calls import Failed
from nl2efg.batch.engines.openai_batch.journal import Job, Journal
from nl2efg.batch.engines.openai_batch.requests import Drafts
from nl2efg.batch.engines.openai_batch.service import FULL, BatchService, FullError
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.errors import NoModelError, UnavailableError
from nl2efg.models import Request
from nl2efg.models.budget import Spent
from nl2efg.models.openai.body import Abilities, abilities, make_body
from nl2efg.models.openai.client import MAX_CHANGES, OpenAIModel
from nl2efg.models.openai.failure import without_key
from nl2efg.models.settings import Settings

if TYPE_CHECKING:
    from openai.types import Batch as RemoteBatch

DISCOUNT = 0.5
"""What a call in a batch costs, as a part of a direct call's price: the Batch API's guide names a
"50% cost discount" for prompt and completion tokens of all its models."""

ENDED = ("completed", "expired", "cancelled")
"""States of a batch with answers to collect; ``failed`` has none."""


@dataclass
class Transfer:
    """What goes to the service and comes back.

    Args:
        batch: the run.
        models: who is asked.
        journal: where every step is written down.
        service: who answers.
        stop: once it is set, nothing more is sent.
        tell: told in words what was done.

    ``cancelled`` is set when a batch ends that way while it is looked at.
    """

    batch: Batch
    models: Sequence[OpenAIModel]
    journal: Journal
    service: BatchService
    stop: threading.Event
    tell: Callable[[str], None]
    cancelled: bool = field(default=False, init=False)
    _aside: dict[str, Spent] = field(default_factory=lambda: defaultdict(Spent), init=False)
    _collected: list[Collected] = field(default_factory=list, init=False)
    _seen: set[str] = field(default_factory=set, init=False)
    _full: bool = field(default=False, init=False)
    _told: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._by_name = {model.name: model for model in self.models}
        learnt = self.journal.state.learnt
        for name in self._by_name:
            learnt.setdefault(name, replace(self._known(name)))

    def _known(self, name: str) -> Abilities:
        settings = self._by_name[name].settings
        return abilities(settings.base_url, settings.model)

    def _settings(self, name: str) -> Settings:
        """Of a model, with the price of batches."""
        settings = self._by_name[name].settings
        price = settings.price.times(DISCOUNT) if settings.price else None
        return replace(settings, price=price)

    def ledger(self) -> Ledger:
        """The shard's ledger. It is opened for each step: what one stores the next one reads.

        Failed units are open in it; which of them are tried anew is in the journal.
        """
        return open_ledger(self.batch, retry_failed=True)

    @contextmanager
    def failures(self) -> Iterator[Failed]:
        """The failed calls."""
        with closing(Failed(self.journal.folder / "failed.jsonl")) as failed:
            yield failed

    def draft(self, drafts: Drafts, key: str, call: str, name: str, request: Request) -> None:
        """Add a request to those of the next wave.

        Raises:
            BudgetError: it would go beyond the limit; it was not added.
        """
        settings = self._settings(name)
        estimate = self._by_name[name].budget.reserve(request.messages, settings.price)
        body = make_body(request, settings, self.journal.state.learnt[name])
        self._aside[drafts.add(key, call, request, body).name].add(estimate)

    def release(self, jobs: Iterable[Job]) -> None:
        """Give back what was set aside for jobs that will not be sent."""
        for job in jobs:
            self._settle(job, Collected())

    async def advance(self) -> bool:
        """Take every open job as far as it goes now; whether any of them moved.

        Raises:
            ServiceError: the service cannot be used, or refuses a file.
            UserError: the run folder cannot be written.
        """
        before = self._moments()
        if not any(job.is_away for job in self.journal.state.jobs):
            self._full = False
        for job in self.journal.state.open:
            if job.is_away:
                await self._look(job)
        while not self._holds():
            here = [job for job in self.journal.state.open if not job.is_away]
            if not here:
                break
            await self._send(here[0])
        return before != self._moments()

    def _holds(self) -> bool:
        """Whether nothing more is to be sent now."""
        ending = any(job.status == "cancelling" for job in self.journal.state.open)
        return self._full or self.cancelled or ending or self.stop.is_set()

    def _moments(self) -> list[tuple[object, ...]]:
        return [
            (job.name, job.step, job.status, job.answered, job.failed)
            for job in self.journal.state.jobs
        ]

    def in_words(self) -> str:
        """How the open wave is getting on."""
        state = self.journal.state
        jobs = [job for job in state.jobs if job.wave == state.wave and job.step != "refused"]
        sent = [job for job in jobs if job.is_away or not job.is_open]
        answered = sum(job.answered + job.failed for job in sent)
        statuses = Counter(job.status for job in sent)
        statuses["not sent yet"] = len(jobs) - len(sent)
        return (
            f"wave {state.wave}: {answered:,} of {sum(job.requests for job in jobs):,} requests "
            f"answered; batches: {', '.join(f'{n} {word}' for word, n in statuses.items() if n)}"
        )

    def check_wave(self) -> None:
        """Raise what a wave failed with, if another one would be no use.

        Raises:
            ServiceError: every further request would meet it too; or the wave answered nothing,
                for which a few requests that always fail are no reason.
        """
        wave, self._collected = self._collected, []
        for found in wave:
            if found.stopping is not None:
                raise found.stopping
        state = self.journal.state
        jobs = [job for job in state.jobs if job.wave == state.wave]
        if not wave or any(job.settled for job in jobs) or any(found.learnt for found in wave):
            return
        last = next((found.passing for found in reversed(wave) if found.passing), None)
        if last is None or sum(job.requests for job in jobs) >= OUTAGES:
            why = last.message if last else "its batches expired"
            raise UnavailableError(
                f"the last wave answered nothing: {why}",
                hint="start the same command again later; nothing is lost",
            )

    async def _send(self, job: Job) -> None:
        if job.step == "uploading":
            job.file_id = await self.service.find_file(job.name, job.size)
        if job.step in ("written", "uploading"):
            self.journal.step(job, "uploading")
            if not job.file_id:
                job.file_id = await self.service.upload(self.journal.requests(job))
            self.journal.step(job, "uploaded")
        made = None
        if job.step == "creating":
            made = await self.service.find_batch(job.file_id, job.name)
        self.journal.step(job, "creating")
        try:
            made = made or await self.service.create(job.file_id, job.name)
        except FullError as error:
            self._no_room(job, error)
            return
        job.batch_id, job.status = made.id, made.status
        self._seen.add(job.name)
        self.journal.step(job, "submitted")

    async def _look(self, job: Job) -> None:
        found = await self.service.batch(job.batch_id)
        job.status = found.status
        if found.request_counts is not None:
            job.answered = found.request_counts.completed or 0
            job.failed = found.request_counts.failed or 0
        self.journal.save()
        if found.status == "failed":
            self._refused(job, found)
        elif found.status in ENDED:
            await self._collect(job, found)
            self._full = False
        elif found.status != "cancelling":
            self._seen.add(job.name)

    def _refused(self, job: Job, found: RemoteBatch) -> None:
        """A batch that never ran: there was no room for it, or its file is not as it should be."""
        errors = (found.errors.data if found.errors else None) or []
        said = [without_key(str(error.message), self.service.settings.key) for error in errors]
        for error, words in zip(errors, said, strict=True):
            if FULL in str(error.code) or "enqueued token" in words.lower():
                self._no_room(job, FullError(words))
                return
        self.journal.step(job, "refused")
        self._settle(job, Collected())
        file = self.journal.requests(job)
        lines = [
            f"{file}{f':{error.line}' if error.line else ''}: {words} ({error.code})"
            for error, words in zip(errors[:3], said, strict=False)
        ]
        message = (
            f"the service refuses the batch {found.id}: {'; '.join(lines) or 'no reason given'}"
        )
        if any("model" in str(error.code) for error in errors):
            raise NoModelError(message, hint=f"can {job.model} be used in batches?")
        raise UnavailableError(
            message, hint="nothing of it was run or paid for; the next start sends it anew"
        )

    def _no_room(self, job: Job, error: FullError) -> None:
        """Let a job wait for those under way; or split it, if it alone is too large."""
        job.batch_id = job.status = ""
        self.journal.step(job, "uploaded")
        if any(other.is_away for other in self.journal.state.jobs):
            self._full = True
            return
        # The estimate may be wrong by a part; half of the limit it is not.
        too_large = error.limit is None or job.tokens > error.limit / 2
        if too_large and job.requests > 1:
            first, second = self.journal.split(job)
            if job.name in self._aside:
                # The first one gives all of it back; the second one is counted all the same.
                self._aside[first], self._aside[second] = self._aside.pop(job.name), Spent()
            return
        if too_large:
            raise UnavailableError(
                f"not even one request finds room in the queue: {error.message}",
                hint="start the same command again when other batches are done",
            )
        self._full = True
        if not self._told:
            self._told = True
            self.tell(f"other batches fill the queue: {error.message}")

    async def _collect(self, job: Job, found: RemoteBatch) -> None:
        again = job.step == "collecting"
        self.journal.step(job, "collecting")
        files = []
        targets = self.journal.answers(job)
        for file_id, target in zip(
            (found.output_file_id, found.error_file_id), targets, strict=True
        ):
            if file_id:
                await self.service.download(file_id, target)
                files.append(target)
        changes = self.journal.state.changes
        with self.ledger() as ledger, self.failures() as failed:
            collected = Collector(
                job,
                self.journal.requests(job),
                self._settings(job.model),
                self.journal.state.learnt[job.model],
                changes.get(job.model, 0) < MAX_CHANGES,
                ledger,
                failed,
                self.batch.folder,
                self.tell,
            ).collect(files, ended_early=found.status != "completed", again=again)
        changes[job.model] = changes.get(job.model, 0) + collected.learnt
        job.settled, job.cost = collected.settled, collected.spent.cost
        self._settle(job, collected)
        self._collected.append(collected)
        self.journal.step(job, "collected")
        if found.status == "cancelled" and job.name in self._seen:
            self.cancelled = True
        self._tell_end(job)

    def _settle(self, job: Job, collected: Collected) -> None:
        """Count what a batch of this start came to; others are not in this start's budget."""
        aside = self._aside.pop(job.name, None)
        if aside is not None:
            budget = self._by_name[job.model].budget
            budget.settle(aside, collected.spent, longest=collected.longest)

    def _tell_end(self, job: Job) -> None:
        words = f"batch {job.batch_id} {job.status}: {job.settled:,} of {job.requests:,} answered"
        if job.cost:
            words += f", ${job.cost:.4f}"
        left = job.requests - job.settled
        self.tell(f"{words}; {left:,} will be asked again" if left else words)
