"""How fast a service is asked: limits per minute, and as many calls at once as it bears."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from nl2efg.errors import BudgetError, Nl2efgError
from nl2efg.models import Message, Model, Reply, Request
from nl2efg.models.budget import FIRST_REPLY, estimate_tokens
from nl2efg.models.openai.retry import Clock, Gate

FIRST_CALLS = 8
"""Calls at once to begin with."""

SETTLE = 1.0
"""Seconds between two cuts: the calls under way at the first all report the same trouble."""

REMEMBERED = 16
"""Replies whose mean length is expected of the next one."""


class StoppedError(Nl2efgError):
    """The run was stopped before anything was done for a unit. Never seen outside of a run."""

    stops_run = True


class Rate:
    """So many a minute, evenly.

    Args:
        per_minute: None for no limit.
    """

    def __init__(self, per_minute: int | None) -> None:
        self._each = 60 / per_minute if per_minute else 0.0
        self._next = 0.0

    async def take(self, amount: int = 1) -> None:
        """Come back when that much is free."""
        if not self._each:
            return
        now = time.monotonic()
        turn = max(now, self._next)
        self._next = turn + amount * self._each
        if turn > now:
            await asyncio.sleep(turn - now)

    def correct(self, amount: int) -> None:
        """Count so much more than was taken, or less."""
        self._next += amount * self._each


class Turns(Protocol):
    """Whatever says when a call may be made."""

    def call(self, messages: Sequence[Message]) -> AbstractAsyncContextManager[list[Reply]]:
        """Wait for a turn; the caller puts the reply into the list that it gets."""
        ...

    async def settled(self) -> bool:
        """Wait until a call under way has brought a reply; False if none will."""
        ...


class PacedGate(Gate):
    """The gate of the retry layer that also counts every try against the requests per minute."""

    __slots__ = ("_requests",)

    def __init__(self, requests: Rate) -> None:
        super().__init__()
        self._requests = requests

    async def wait(self, clock: Clock, end: float) -> None:
        """As :meth:`Gate.wait`; then wait for this request's turn."""
        await super().wait(clock, end)
        await self._requests.take()


@dataclass
class Pace:
    """Shared by all calls of a run.

    The number of calls at once grows by one for each round without trouble and is halved at a sign
    of it (additive increase, multiplicative decrease: Chiu and Jain 1989). Retries, and pauses
    that the service asks for, are the retry layer's; ``gate`` and ``trouble`` tie it to this.

    Args:
        most: calls at once at most.
        requests, tokens: per minute at most; None for no limit.
    """

    most: int = 64
    requests: int | None = None
    tokens: int | None = None
    gate: PacedGate = field(init=False)
    _limit: float = field(init=False)
    _running: int = field(default=0, init=False)
    _replies: int = field(default=0, init=False)
    _cut: float = field(default=0.0, init=False)
    _reply: float = field(default=FIRST_REPLY, init=False)

    def __post_init__(self) -> None:
        self.gate = PacedGate(Rate(self.requests))
        self._tokens = Rate(self.tokens)
        self._limit = float(min(self.most, FIRST_CALLS))
        self._changed = asyncio.Condition()

    @property
    def limit(self) -> int:
        """Calls that may be under way now."""
        return int(self._limit)

    def trouble(self, _: str = "") -> None:
        """Halve the calls at once; told by the retry layer whenever a call has to be repeated."""
        now = time.monotonic()
        if now - self._cut >= SETTLE:
            self._cut = now
            self._limit = max(1.0, self._limit / 2)

    @asynccontextmanager
    async def call(self, messages: Sequence[Message]) -> AsyncIterator[list[Reply]]:
        """Wait for a turn; the caller puts the reply into the list that it gets."""
        expected = await self.begin(estimate_tokens(messages))
        replies: list[Reply] = []
        try:
            yield replies
        finally:
            await self.end(expected, replies[0] if replies else None)

    async def begin(self, prompt_tokens: int) -> int:
        """Wait for a turn; for callers that cannot hold a context open.

        Returns:
            The tokens that the call is expected to take, for :meth:`end`.
        """
        expected = prompt_tokens + round(self._reply)
        await self._tokens.take(expected)
        async with self._changed:
            await self._changed.wait_for(lambda: self._running < self.limit)
            self._running += 1
        return expected

    async def end(self, expected: int, reply: Reply | None) -> None:
        """End a call that was begun; ``reply`` is None if it brought none."""
        self._running -= 1
        if reply is not None:
            self._replies += 1
            self._limit = min(float(self.most), self._limit + 1 / self._limit)
            used = reply.prompt_tokens + reply.completion_tokens
            if used:
                self._tokens.correct(used - expected)
                self._reply += (reply.completion_tokens - self._reply) / REMEMBERED
        async with self._changed:
            self._changed.notify_all()

    async def settled(self) -> bool:
        """Wait until one of the calls under way has brought a reply; False if none will.

        For who has none under way itself.
        """
        async with self._changed:
            replies = self._replies
            await self._changed.wait_for(lambda: self._replies > replies or not self._running)
            return self._replies > replies


class PacedModel:
    """A model that is asked no faster than its service may be.

    Args:
        model: who answers.
        pace: shared by all who ask the service.
        begun: told when a call has its turn.
    """

    def __init__(self, model: Model, pace: Turns, begun: Callable[[], None] = lambda: None) -> None:
        self._model, self._pace, self._begun = model, pace, begun

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def complete(self, request: Request) -> Reply:
        """Answer one request in its turn.

        What calls under way may cost is set aside, and mostly more than they will: where a budget
        has no room for another one, it is asked again when one of them has ended.

        Raises:
            BudgetError: it has no room, and no call is under way.
        """
        while True:
            try:
                async with self._pace.call(request.messages) as replies:
                    self._begun()
                    reply = await self._model.complete(request)
                    replies.append(reply)
                return reply
            except BudgetError:
                if not await self._pace.settled():
                    raise
