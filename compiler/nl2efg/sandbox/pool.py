"""Builders: a pool of workers, and the build functions that use one."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fractions import Fraction
from functools import cache
from typing import Self

from nl2efg.errors import SandboxError, expect
from nl2efg.sandbox.game_text import is_game_text, read_text
from nl2efg.sandbox.host import EVERY_LAYER, Worker, start_worker
from nl2efg.sandbox.limits import MAX_CODE_BYTES, MIB, Limits
from nl2efg.sandbox.protocol.frames import Layer, Request
from nl2efg.sandbox.protocol.payload import pack
from nl2efg.sandbox.verdict import failure, verdict
from nl2efg.schema.built import Built
from nl2efg.text import visible

_pools: weakref.WeakSet[Builders] = weakref.WeakSet()


class Builders:
    """Workers that run generated code; safe to use from threads, tasks and forked processes.

    Workers are started when they are needed and kept until the pool is closed. Code that names
    numpy gets workers of its own kind, as the others are half as large without it::

        with Builders(4) as pool:
            built = pool.build(code)

    Args:
        size: jobs that may run at the same time; the number of processors by default.
        layers: the layers to put around a job, all that hold here by default. To leave one out
            is for tests of the others.
    """

    def __init__(self, size: int | None = None, *, layers: Layer = EVERY_LAYER) -> None:
        self._size = max(1, size or os.cpu_count() or 1)
        self._layers = layers
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._idle: list[Worker] = []
        self._running: set[Worker] = set()
        self._free = threading.Semaphore(self._size)
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._early: threading.Thread | None = None

    def build(
        self,
        code: str,
        limits: Limits | None = None,
        *,
        values: Mapping[str, Fraction] | None = None,
    ) -> Built:
        """Run code, or read the text of a game file, and give back the game.

        Args:
            code: Python that builds a game with pygambit, or the text of an ``.efg`` or ``.nfg``.
            limits: what the job may use.
            values: of the code's parameters, by symbol, in the place of its own.

        Raises:
            SandboxError: the machine offers no isolation, or a worker broke.
        """
        limits = limits or Limits()
        try:
            given = code.encode("utf-8")
        except UnicodeEncodeError:
            refused = failure("X107", "the code holds half a character (a lone surrogate)")
            return Built(None, (refused,), visible(code, keep="\n\t\r"))
        if len(given) > MAX_CODE_BYTES:
            refused = failure("X107", f"the code is longer than {MAX_CODE_BYTES // MIB} MiB")
            return Built(None, (refused,), code[:1000])
        if is_game_text(code):
            return read_text(code, limits)
        with self._free:
            worker = self._take(numpy="numpy" in code)
            try:
                layers = self._layers & worker.hello.layers
                answer = worker.run(Request(layers, limits, pack(given, values)))
            finally:
                self._put_back(worker)
        return verdict(code, limits, answer)

    async def abuild(self, code: str, limits: Limits | None = None) -> Built:
        """As :meth:`build`, without blocking the event loop."""
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._size, "nl2efg-build")
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self.build, code, limits
        )

    def start(self) -> Worker:
        """A started worker of this pool, for a look at what holds here."""
        worker = self._take()
        self._put_back(worker)
        return worker

    def get_ready(self) -> None:
        """Start a worker behind the scenes, while there is something else to wait for.

        The first job waits for it instead of starting its own. Where none can be started, that job
        says so.
        """
        with self._lock:
            if not (self._early or self._idle or self._running):
                self._early = threading.Thread(target=self._start_early, daemon=True)
                self._early.start()

    def _start_early(self) -> None:
        with suppress(SandboxError):
            worker = start_worker()
            with self._lock:
                wanted = self._early is threading.current_thread()
                if wanted:
                    self._idle.append(worker)
            if not wanted:  # the pool was closed meanwhile
                worker.close()

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        with self._lock:
            return [worker.pid for worker in (*self._idle, *self._running)]

    def close(self) -> None:
        """End all workers, and the jobs they may be running."""
        with self._lock:
            workers, threads = [*self._idle, *self._running], self._threads
            self._idle, self._threads, self._early = [], None, None
        for worker in workers:
            worker.close()
        if threads:
            threads.shutdown(wait=False, cancel_futures=True)

    def _take(self, *, numpy: bool = False) -> Worker:
        early = self._early
        if early and not numpy:
            early.join()
        with self._lock:
            while fitting := [worker for worker in self._idle if worker.numpy == numpy]:
                worker = fitting[-1]
                self._idle.remove(worker)
                if worker.alive:
                    self._running.add(worker)
                    return worker
                worker.close()
        worker = start_worker(numpy=numpy)
        with self._lock:
            self._running.add(worker)
        return worker

    def _put_back(self, worker: Worker) -> None:
        with self._lock:
            self._running.discard(worker)
            if worker.alive:
                self._idle.append(worker)

    def forget(self) -> None:
        """After a fork: the workers are the parent's; this process starts its own."""
        workers = [*self._idle, *self._running]
        self._reset()
        for worker in workers:
            worker.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def build(code: str, limits: Limits | None = None) -> Built:
    """Run code that a model wrote, isolated, and give back its game.

    Uses a pool of the process's own, which is started by the first call.

    Args:
        code: Python that builds a game with pygambit, or the text of an ``.efg`` or ``.nfg``.
        limits: what the job may use.

    Raises:
        UserError: it is no text.
        SandboxError: the machine offers no isolation, or a worker broke.
    """
    expect(code, str, "program", hint="give the text; of a file, path.read_text()")
    return own_pool().build(code, limits)


async def abuild(code: str, limits: Limits | None = None) -> Built:
    """As :func:`build`, without blocking the event loop."""
    return await own_pool().abuild(code, limits)


def get_ready() -> None:
    """Start a worker for :func:`build` behind the scenes; as :meth:`Builders.get_ready`."""
    own_pool().get_ready()


def ensure_ready() -> None:
    """Have a worker for :func:`build`, so that what cannot run here is known before it is made.

    Raises:
        SandboxError: the machine offers no isolation, or no worker starts.
    """
    own_pool().start()


def can_run_code() -> bool:
    """Whether generated code can be isolated on this machine, or may run all the same."""
    try:
        ensure_ready()
    except SandboxError:
        return False
    return True


@cache
def own_pool() -> Builders:
    """The pool of this process."""
    pool = Builders()
    atexit.register(pool.close)
    return pool


def _after_fork() -> None:
    for pool in list(_pools):
        pool.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
