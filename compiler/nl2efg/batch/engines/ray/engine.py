"""The Ray engine: the units of a run on the machines of a cluster.

Ray places the workers, carries units to them and says when one has died. The driver alone knows
what is finished and handles out what is not; each worker writes parts of its own into the run
folder, so whatever dies, what was written counts.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from textwrap import shorten
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.batch.engines.local import (
    LOOK_SECONDS,
    Batch,
    PendingUnits,
    Progress,
    finish_all,
    open_ledger,
    open_run,
)
from nl2efg.batch.engines.ray.connection import connected, loaded
from nl2efg.batch.engines.ray.head import head_answers
from nl2efg.batch.engines.ray.pacing import Limits, SharedLimiter, answer
from nl2efg.batch.engines.ray.worker import Service, Worker, WorkerConfig, WorkItem
from nl2efg.batch.rate_limits import Pace
from nl2efg.batch.reports.summary import write_summary
from nl2efg.batch.storage.ledger import Ledger, part_name
from nl2efg.batch.storage.result_row import ResultRow, failed_row
from nl2efg.errors import Nl2efgError, UnavailableError, UserError
from nl2efg.models import Model
from nl2efg.models.budget import Budget
from nl2efg.models.openai.client import OpenAIModel

MAX_DEATHS = 3
"""Workers that one unit may take with it, and starts of one worker that may fail."""

NO_ROOM = 30.0
"""Seconds without any worker after which the user hears of it."""

REACHED = 10.0
"""Seconds that the end of an actor may take."""

HEAD_SECONDS, MISSED = 3.0, 5
"""How often the head is looked at, and how often in a row it may be missed."""


async def run_on_ray(
    batch: Batch,
    *,
    address: str = "",
    pace: Pace | None = None,
    stop: threading.Event | None = None,
    report: Callable[[Progress], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Progress:
    """As :func:`nl2efg.batch.run_batch`, on a Ray cluster; either goes on where the other stopped.

    Limits, pauses that the service asks for, and the budget hold for the whole cluster.

    Args:
        batch: what, and how; its folder must be on storage that all machines share.
        address: of a cluster; by default one is started on this machine, unless Ray is
            connected already.
        pace: its limits; the pace itself is kept in the cluster.
        stop: once it is set no further unit is begun; those under way are finished.
        report: told of the counts after each unit.
        tell: told in words when the cluster has no room yet, or a worker has died.

    Raises:
        UserError: Ray is not installed, there is no such cluster, or as ``run_batch``.
        ServiceError: as ``run_batch``.
    """
    budgets = _budgets(batch)
    services = tuple(_service(model, budgets) for model in batch.models)
    batch = replace(batch, folder=batch.folder.resolve())
    with loaded(address) as ray:
        manifest, total, survey = open_run(batch)
        with (
            connected(ray, address) as connection,
            open_ledger(batch, retry_failed=batch.retry_failed, tell=tell) as ledger,
        ):
            progress = Progress(total=total, before=ledger.finished)
            report(progress)
            config = WorkerConfig(
                batch.folder, manifest, batch.shard, services, batch.options, batch.files
            )
            limits = _limits(pace or Pace(), budgets)
            stop = stop or threading.Event()
            workers = WorkerPool(ray, config, ledger, limits, batch.workers, tell, stop)
            try:
                units = PendingUnits(batch, manifest, ledger, survey)
                await finish_all(workers.do, units, batch.workers, stop, progress, report)
                units.check()
            finally:
                try:
                    await workers.shut_down(budgets)
                finally:
                    connection.lost = workers.lost
                    write_summary(batch.folder)
    return progress


def _budgets(batch: Batch) -> list[Budget]:
    services = [model for model in batch.models if isinstance(model, OpenAIModel)]
    return list({id(model.budget): model.budget for model in services}.values())


def _service(model: Model, budgets: list[Budget]) -> Service:
    if not isinstance(model, OpenAIModel):
        raise UserError(
            f"the model {model.name} lives in this process and cannot be asked from a cluster",
            hint="take a service, or the local engine",
        )
    number = next(i for i, budget in enumerate(budgets) if budget is model.budget)
    return Service(model.settings, model.policy, number)


def _limits(pace: Pace, budgets: list[Budget]) -> Limits:
    told = tuple((budget.cost, budget.tokens, budget.spent) for budget in budgets)
    return Limits(pace.most, pace.requests, pace.tokens, told)


@dataclass(eq=False)
class _WorkerHandle:
    """A worker as the driver sees it; it is in the queue once for each unit it may take."""

    number: int
    places: int
    actor: Any = None
    working: bool = False
    dead: bool = False
    failure: Exception | None = None


class WorkerPool:
    """The workers of a run.

    Args:
        ray: the module, connected.
        config: what all workers are told.
        ledger: of the run.
        limits: of the whole cluster.
        texts: units at once; there are as many workers as processors, and not more than these.
        tell: told in words what a user should know.
        stop: once it is set, no unit is begun.
    """

    def __init__(
        self,
        ray: Any,
        config: WorkerConfig,
        ledger: Ledger,
        limits: Limits,
        texts: int,
        tell: Callable[[str], None],
        stop: threading.Event,
    ) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self._ray, self._config, self._ledger, self._tell = ray, config, ledger, tell
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=True)
        self._pacer = (
            ray.remote(SharedLimiter)
            .options(num_cpus=0, max_concurrency=8 * texts + 100, scheduling_strategy=here)
            .remote(limits)
        )
        self._worker = ray.remote(Worker)
        self._numbers = count(1)
        self._free: asyncio.Queue[_WorkerHandle] = asyncio.Queue()
        self._handles: set[_WorkerHandle] = set()
        self._starting: set[asyncio.Task[None]] = set()
        size = max(1, min(texts, int(ray.cluster_resources().get("CPU", 1))))
        for own in range(size):
            self._begin(self._start(len(range(own, texts, size))))
        self._begin(self._watch())
        self._begin(self._watch_stop(stop))
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._head = ray.get_runtime_context().gcs_address
        self._gone = False
        self._begin(self._watch_head())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _watch(self) -> None:
        await asyncio.sleep(NO_ROOM)
        if not any(handle.working for handle in self._handles):
            self._tell("no processor of the cluster is free yet; waiting for one")

    async def _watch_stop(self, stop: threading.Event) -> None:
        while not stop.is_set():
            await asyncio.sleep(LOOK_SECONDS)
        self._pacer.stop.remote()

    async def _watch_head(self) -> None:
        """See whether the cluster's head still answers.

        Ray itself waits for a minute, and then ends this process without a word; for a head that
        hangs it waits for ever.
        """
        missed = 0
        while missed < MISSED:
            _, answers = await asyncio.gather(asyncio.sleep(HEAD_SECONDS), self._head_answers())
            missed = 0 if answers else missed + 1
        self._lost.set_exception(
            UnavailableError(
                f"the head of the Ray cluster at {self._head} does not answer any more",
                hint="what is finished is kept; start the same command again, with any engine",
            )
        )
        self._lost.exception()  # seen, even where nobody waits for it

    async def _head_answers(self) -> bool:
        host, _, port = self._head.rpartition(":")
        try:
            return await asyncio.wait_for(head_answers(host.strip("[]"), int(port)), HEAD_SECONDS)
        except (OSError, TimeoutError):
            return False

    async def _while_there(self, asked: Awaitable[Any]) -> Any:
        """What is waited for; unless the cluster is lost before it comes.

        Raises:
            UnavailableError: the cluster is lost.
        """
        task = asyncio.ensure_future(asked)
        await asyncio.wait({task, self._lost}, return_when=asyncio.FIRST_COMPLETED)
        if self._lost.done():
            task.cancel()
            await self._lost
        return await task

    @property
    def lost(self) -> bool:
        """Whether the cluster's head has gone."""
        return self._gone or self._lost.done()

    async def _start(self, places: int) -> None:
        """Start a worker, and let it be found by whoever has a unit."""
        for _ in range(MAX_DEATHS):
            handle = _WorkerHandle(next(self._numbers), places)
            options = {"num_cpus": 1, "max_concurrency": places + 1}
            handle.actor = self._worker.options(**options, scheduling_strategy="SPREAD").remote(
                handle.number, self._config, self._pacer
            )
            self._handles.add(handle)
            try:
                await answer(handle.actor.start.remote())
                handle.working = True
                break
            except self._ray.exceptions.RayError as death:
                self._mark_dead(handle)
                handle.failure = UnavailableError(
                    f"workers end as soon as they are started: {_reason(death)}",
                    hint="see the logs of Ray on that machine",
                )
            except Exception as error:  # noqa: BLE001  raised again by whoever has a unit
                handle.failure = error
                break
        for _ in range(places):
            self._free.put_nowait(handle)

    def _mark_dead(self, handle: _WorkerHandle) -> None:
        handle.dead = True
        self._handles.discard(handle)
        self._ray.kill(handle.actor)  # it may only be out of reach
        self._pacer.forget.remote(handle.number)

    async def do(self, unit: Unit, key: str) -> ResultRow:
        """Bring a unit to its end on some worker.

        A worker that dies is replaced. What it wrote of the unit counts, and another goes on.

        Raises:
            ServiceError, SandboxError, UserError: as :meth:`UnitCompiler.do`, or no worker starts.
        """
        task = WorkItem(unit, key, self._ledger.tried(key), self._ledger.replies(key))
        reason = ""
        for _ in range(MAX_DEATHS):
            handle = await self._while_there(self._alive())
            try:
                done = answer(handle.actor.do.remote(task))
                row: ResultRow = await self._while_there(done)
            except self._ray.exceptions.RayError as death:
                reason = _reason(death)
                if not handle.dead:
                    self._mark_dead(handle)
                    self._begin(self._start(handle.places))
                    self._tell(f"a worker has died, and another takes its place: {reason}")
                name = part_name(self._config.shard, handle.number)
                left = await asyncio.to_thread(self._ledger.left_by, name, key, task.tried)
                if left[0] is not None:
                    self._ledger.note(left[0])
                    return left[0]
                task = replace(task, replies={**task.replies, **left[1]})
            else:
                self._ledger.note(row)
                return row
            finally:
                if not handle.dead:
                    self._free.put_nowait(handle)
        told = (UnavailableError.__name__, f"{MAX_DEATHS} workers died of it; the last: {reason}")
        row = failed_row(unit.position, unit.id, key, told, tried=task.tried)
        self._ledger.keep_row(row)
        return row

    async def _alive(self) -> _WorkerHandle:
        while True:
            handle = await self._free.get()
            if handle.failure is not None:
                self._free.put_nowait(handle)
                raise handle.failure
            if not handle.dead:
                return handle

    async def shut_down(self, budgets: list[Budget]) -> None:
        """End all workers, and count what they spent of the budgets."""
        for task in self._starting:
            task.cancel()
        self._gone = self.lost or not await self._head_answers()
        if self._gone:  # each farewell would wait for it
            return
        with _quiet(self._ray):
            spent = await asyncio.wait_for(answer(self._pacer.spent.remote()), REACHED)
            for budget, total in zip(budgets, spent, strict=True):
                budget.spent = total
        ends = [
            handle.actor.__ray_terminate__.remote() for handle in self._handles if handle.working
        ]
        with _quiet(self._ray):
            await asyncio.wait_for(asyncio.gather(*ends, return_exceptions=True), REACHED)
        for actor in (self._pacer, *(handle.actor for handle in self._handles)):
            self._ray.kill(actor)


@contextmanager
def _quiet(ray: Any) -> Iterator[None]:
    """At the end it does not matter what has ended already."""
    try:
        yield
    except (TimeoutError, ray.exceptions.RayError, Nl2efgError):
        return


def _reason(death: Exception) -> str:
    """Ray's last line, without the advice that it adds."""
    lines = str(death).strip().splitlines()
    return shorten(lines[-1], 160, placeholder="…") if lines else type(death).__name__
