"""The host's own model as a model of ours: it is asked when the host comes for the question."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from nl2efg.errors import NotFoundError, UserError
from nl2efg.models import Reply, Request
from nl2efg.pipeline import Compilation, compile_async
from nl2efg.pipeline.options import CompileOptions

MAX_JOBS = 16
"""Compilations that wait for a host at the same time; the oldest gives way."""
MAX_WAIT = 3600.0
"""Seconds after which a compilation that nobody answers is given up."""
MAX_REPLY = 1_000_000
"""Characters of a host's reply that are read."""


class HostModel:
    """A model whose replies come from outside, one at a time."""

    name = "the host's model"

    def __init__(self) -> None:
        self._pending: tuple[Request, asyncio.Future[str]] | None = None
        self.asked = asyncio.Event()

    @property
    def question(self) -> Request | None:
        """What it is asked now."""
        return self._pending[0] if self._pending else None

    async def complete(self, request: Request) -> Reply:
        """Wait for the host's reply.

        Args:
            request: what is asked.
        """
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._pending = (request, answer)
        self.asked.set()
        return Reply(await answer, self.name)

    def answer(self, reply: str) -> None:
        """Give the reply that it waits for.

        Args:
            reply: what the host's model wrote.

        Raises:
            UserError: nothing is asked, or the reply is too long.
        """
        if self._pending is None:
            raise UserError("nothing is asked at the moment", hint="call compile first")
        if len(reply) > MAX_REPLY:
            raise UserError(f"the reply is longer than {MAX_REPLY:,} characters")
        _, answer = self._pending
        self._pending = None
        self.asked.clear()
        if not answer.done():  # else the compilation was given up meanwhile
            answer.set_result(reply)


@dataclass
class CompileJob:
    """A compilation on its way.

    Args:
        handle: its secret name.
        model: who answers.
        task: the compilation.
        touched: when the host last came for it, on the monotonic clock.
    """

    handle: str
    model: HostModel
    task: asyncio.Task[Compilation]
    touched: float = field(default_factory=time.monotonic)

    async def step(self, reply: str | None = None) -> Request | Compilation:
        """Go on to the next question, or to the end.

        Args:
            reply: to the last question; None to hear it again.

        Raises:
            Nl2efgError: why there is no game.
        """
        self.touched = time.monotonic()
        if reply is not None:
            self.model.answer(reply)
        waiting = asyncio.ensure_future(self.model.asked.wait())
        try:
            await asyncio.wait({self.task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self.task.cancelled():  # not this call: the compilation
            raise NotFoundError(
                "the compilation was given up for newer ones",
                hint=f"call compile again; {MAX_JOBS} at most wait for replies",
            )
        if self.task.done():
            return self.task.result()
        question = self.model.question
        assert question is not None
        return question


class Jobs:
    """The compilations that wait for hosts."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, CompileJob] = OrderedDict()

    def start(self, text: str, options: CompileOptions) -> CompileJob:
        """Begin a compilation.

        Args:
            text: the description.
            options: of the compilation.
        """
        self._tidy()
        model = HostModel()
        task = asyncio.get_running_loop().create_task(compile_async(text, model=model, **options))
        job = CompileJob(f"job-{secrets.token_urlsafe(12)}", model, task)
        self._jobs[job.handle] = job
        return job

    def find(self, handle: str) -> CompileJob:
        """A compilation by its handle.

        Args:
            handle: as :meth:`start` gave it.

        Raises:
            NotFoundError: there is none, or no longer.
        """
        self._tidy()
        if handle not in self._jobs:
            raise NotFoundError(
                "there is no compilation of that handle, or no longer", hint="call compile again"
            )
        return self._jobs[handle]

    def end(self, handle: str) -> None:
        """Forget a compilation, and stop it if it runs.

        Args:
            handle: of the compilation.
        """
        job = self._jobs.pop(handle, None)
        if job is not None and not job.task.done():
            job.task.cancel()

    def close(self) -> None:
        """Stop all of them."""
        for handle in list(self._jobs):
            self.end(handle)

    def _tidy(self) -> None:
        now = time.monotonic()
        late = [handle for handle, job in self._jobs.items() if now - job.touched > MAX_WAIT]
        crowd = list(self._jobs)[: max(0, len(self._jobs) + 1 - MAX_JOBS)]
        for handle in dict.fromkeys([*late, *crowd]):
            self.end(handle)
