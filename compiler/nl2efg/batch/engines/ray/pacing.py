"""Pacing for a cluster: one actor that all workers ask, and its clients within them.

What a process shares in memory elsewhere is asked for here: a turn before each call, the gate
before each try, the budget. The actor holds a :class:`Pace`, so a cluster is paced as one process.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from nl2efg.batch.rate_limits import Pace, StoppedError
from nl2efg.errors import UnavailableError
from nl2efg.models import Message, Reply
from nl2efg.models.budget import Budget, Price, Spent, estimate_tokens
from nl2efg.models.openai.retry import Clock, Gate


@dataclass(frozen=True, slots=True)
class Limits:
    """What an actor needs to know of a run's pace and its budgets.

    Args:
        most, requests, tokens: as of :class:`Pace`.
        budgets: of each budget its limits and what is spent of it.
    """

    most: int
    requests: int | None
    tokens: int | None
    budgets: tuple[tuple[float | None, int | None, Spent], ...]


@dataclass(frozen=True, slots=True)
class _Call:
    expected: int
    budget: int
    estimate: Spent


class SharedLimiter:
    """The actor. Times go in and out as seconds from now: machines' clocks differ."""

    def __init__(self, limits: Limits) -> None:
        self._pace = Pace(limits.most, limits.requests, limits.tokens)
        self._budgets = [Budget(cost, tokens) for cost, tokens, _ in limits.budgets]
        for budget, (_, _, spent) in zip(self._budgets, limits.budgets, strict=True):
            budget.spent = spent
        self._calls: dict[int, dict[int, _Call]] = defaultdict(dict)
        self._gone: set[int] = set()
        self._stopped = False
        self._tickets = count()

    async def stop(self) -> None:
        """From now on no call is begun that is a unit's first."""
        self._stopped = True

    async def begin(
        self,
        worker: int,
        budget: int,
        messages: Sequence[Message],
        price: Price | None,
        first: bool = False,
    ) -> int:
        """Wait for a turn and set the call's estimate aside; returns a ticket.

        Args:
            worker: who asks.
            budget: which one it spends from.
            messages: what will be sent.
            price: of the model.
            first: whether nothing was done yet for the unit that it is for.

        Raises:
            BudgetError: the call would go beyond the limit.
            StoppedError: the run was stopped, and nothing was done for the unit.
        """
        expected = await self._pace.begin(estimate_tokens(messages))
        try:
            if first and self._stopped:
                raise StoppedError("the run was stopped before this text was begun")
            estimate = self._budgets[budget].reserve(messages, price)
        except BaseException:
            await self._pace.end(expected, None)
            raise
        ticket = next(self._tickets)
        self._calls[worker][ticket] = _Call(expected, budget, estimate)
        if worker in self._gone:
            await self._end(worker, ticket, None)
        return ticket

    async def end(self, worker: int, ticket: int, reply: Reply | None) -> None:
        """End a call; of the reply only its counts matter."""
        if ticket in self._calls[worker]:
            await self._end(worker, ticket, reply)

    async def _end(self, worker: int, ticket: int, reply: Reply | None) -> None:
        call = self._calls[worker].pop(ticket)
        self._budgets[call.budget].settle(call.estimate, Spent(), longest=0)
        await self._pace.end(call.expected, reply)

    async def spend(self, budget: int, spent: Spent) -> None:
        """Count what one try came to."""
        self._budgets[budget].settle(Spent(), spent, longest=spent.completion_tokens)

    async def spent(self) -> list[Spent]:
        """What is spent of each budget."""
        return [budget.spent for budget in self._budgets]

    async def wait(self, left: float) -> None:
        """Come back when the gate is open and this request has its turn.

        Args:
            left: seconds that the call may still take.

        Raises:
            UnavailableError: the gate stays closed for longer.
        """
        await self._pace.gate.wait(Clock(), time.monotonic() + left)

    async def pause(self, seconds: float) -> None:
        """Let nobody through for so long."""
        self._pace.gate.close(time.monotonic() + seconds)

    async def trouble(self) -> None:
        """Halve the calls at once."""
        self._pace.trouble()

    async def settled(self) -> bool:
        """As :meth:`Pace.settled`."""
        return await self._pace.settled()

    async def forget(self, worker: int) -> None:
        """A worker has died. What it had under way was sent, and is counted as it was estimated."""
        self._gone.add(worker)
        for ticket, call in list(self._calls[worker].items()):
            self._budgets[call.budget].settle(Spent(), call.estimate, longest=0)
            await self._end(worker, ticket, None)


async def answer(asked: Awaitable[Any]) -> Any:
    """What an actor answers; errors that it raised come out as they went in."""
    from ray.exceptions import RayTaskError

    try:
        return await asked
    except RayTaskError as error:
        raise error.cause from None


async def _paced(asked: Awaitable[Any]) -> Any:
    from ray.exceptions import RayActorError

    try:
        return await answer(asked)
    except RayActorError:
        raise UnavailableError(
            "the process that paces the calls of the cluster has ended",
            hint="start the same command again",
        ) from None


class SharedPace:
    """The pace of one worker's calls of one model: all of it is asked of the actor.

    Args:
        pacer: the actor.
        worker: who asks.
        budget: which one the model spends from.
        price: of the model.
    """

    def __init__(self, pacer: Any, worker: int, budget: int, price: Price | None) -> None:
        self._pacer, self._worker, self._budget, self._price = pacer, worker, budget, price

    @asynccontextmanager
    async def call(
        self, messages: Sequence[Message], *, first: bool = False
    ) -> AsyncIterator[list[Reply]]:
        """As :meth:`Pace.call`.

        Raises:
            BudgetError: the call would go beyond the limit.
            StoppedError: the run was stopped, and the call is a unit's ``first``.
        """
        asked = self._pacer.begin.remote(self._worker, self._budget, messages, self._price, first)
        ticket = await _paced(asked)
        replies: list[Reply] = []
        try:
            yield replies
        finally:
            counts = replace(replies[0], text="") if replies else None
            self._pacer.end.remote(self._worker, ticket, counts)

    async def settled(self) -> bool:
        """As :meth:`Pace.settled`."""
        return bool(await _paced(self._pacer.settled.remote()))

    def trouble(self, _: str = "") -> None:
        """As :meth:`Pace.trouble`."""
        self._pacer.trouble.remote()


@dataclass(slots=True)
class UnitBegun:
    """Whether anything was done yet for a unit; its samples and models share one."""

    yes: bool


class UnitTurns:
    """The turns of one unit's calls: once the run is stopped, none that would be its first.

    Args:
        pace: of the worker and the model.
        begun: of the unit.
    """

    def __init__(self, pace: SharedPace, begun: UnitBegun) -> None:
        self._pace, self._begun = pace, begun

    @asynccontextmanager
    async def call(self, messages: Sequence[Message]) -> AsyncIterator[list[Reply]]:
        """As :meth:`SharedPace.call`."""
        async with self._pace.call(messages, first=not self._begun.yes) as replies:
            self._begun.yes = True
            yield replies

    async def settled(self) -> bool:
        """As :meth:`Pace.settled`."""
        return await self._pace.settled()


class SharedGate(Gate):
    """The gate of a worker's retry layer."""

    __slots__ = ("_pacer",)

    def __init__(self, pacer: Any) -> None:
        super().__init__()
        self._pacer = pacer

    def close(self, until: float) -> None:
        """As :meth:`Gate.close`."""
        self._pacer.pause.remote(until - time.monotonic())

    async def wait(self, clock: Clock, end: float) -> None:
        """As :meth:`Gate.wait`; then wait for this request's turn."""
        await _paced(self._pacer.wait.remote(end - clock.now()))


class SharedBudget(Budget):
    """The budget of a worker's models: it reports what is spent; turns are refused elsewhere."""

    def __init__(self, pacer: Any, budget: int) -> None:
        super().__init__()
        self._pacer, self._budget = pacer, budget

    @contextmanager
    def call(self, messages: Sequence[Message], price: Price | None) -> Iterator[Spent]:
        """As :meth:`Budget.call`; the estimate was set aside with the turn."""
        spent = Spent()
        try:
            yield spent
        finally:
            self._pacer.spend.remote(self._budget, spent)
