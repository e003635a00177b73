"""The one retry layer between the pipeline and a model service.

Written here, not taken from tenacity: that library's loop is the easy part, while a pause that all
workers share, a service's own words on how long to wait and one deadline for the whole call would
each have to be hooked into it by hand.

The waits are exponential with equal jitter, half of each fixed and half random (M. Brooker,
"Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from nl2efg.errors import Nl2efgError, UnavailableError

Result = TypeVar("Result")
SPREAD = 0.1
"""How much longer than asked a pause may get, as a part of it."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to keep trying.

    Args:
        tries: calls at most, from 1, that fail otherwise than by a limit of the service; limits
            pass with time, however often they come.
        first: seconds before the second call; doubled before each further one.
        longest: seconds that one such wait takes at most. What a server asks for is not cut.
        deadline: seconds that are waited in all before a further call; the time that calls take
            themselves does not count.
    """

    tries: int = 6
    first: float = 1.0
    longest: float = 60.0
    deadline: float = 600.0

    def wait(self, failures: int, fraction: float) -> float:
        """Seconds to wait after so many failures in a row.

        Args:
            failures: from 1.
            fraction: the random part, from 0 to 1.
        """
        # 2.0**1023 is the largest power that a float holds.
        whole = min(self.first * 2.0 ** min(failures - 1, 1000), self.longest)
        return whole * (0.5 + 0.5 * fraction)


class Transient(Exception):
    """A failure that may pass.

    Args:
        error: what to raise if it does not.
        retry_after: seconds that the server asks to wait, or None.
        limited: whether the service has too much to do, which passes with time.
        sent: whether the call may have been paid for.
        tries: how often such a failure is worth another call; None for the policy's number.
    """

    def __init__(
        self,
        error: Nl2efgError,
        retry_after: float | None = None,
        *,
        limited: bool = False,
        sent: bool = False,
        tries: int | None = None,
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after = retry_after
        self.limited, self.sent, self.tries = limited, sent, tries


@dataclass(slots=True)
class Clock:
    """Time, chance and sleep, so that tests need not wait.

    Args:
        now: seconds on a clock that never goes back.
        sleep: waits for so many seconds.
        fraction: a random number from 0 to 1.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    fraction: Callable[[], float] = random.random


@dataclass(slots=True)
class Gate:
    """A pause that all callers of one service share.

    When one of them is told to wait, none begins a new call until the time is over. Shared between
    threads and event loops too: it is a moment in time and nothing else.
    """

    opens: float = field(default=-math.inf)

    def close(self, until: float) -> None:
        """Let nobody through before ``until``, on the clock of whoever waits."""
        self.opens = max(self.opens, until)

    async def wait(self, clock: Clock, end: float) -> None:
        """Come back when the gate is open, a little later each, so that not all call at once.

        Raises:
            UnavailableError: it will not be open by ``end``.
        """
        while (left := self.opens - clock.now()) > 0:
            if self.opens > end:
                raise UnavailableError(
                    f"the service asked for a pause of another {left:.0f} s, longer than one call "
                    "may take",
                    hint="try again later",
                )
            await clock.sleep(left * (1 + SPREAD * clock.fraction()))


async def with_retries(
    call: Callable[[], Awaitable[Result]],
    policy: RetryPolicy,
    gate: Gate,
    clock: Clock,
    heard: Callable[[str], None] | None = None,
) -> Result:
    """Call until it succeeds, the tries are used up, or the deadline would be passed.

    Args:
        call: raises :class:`Transient` for what may pass; any other error goes through at once.
        policy: how long to keep trying.
        gate: shared by all callers of the service; closed when the server asks for a pause.
        clock: time, chance and sleep.
        heard: told, in words, why and how long it waits.

    Raises:
        Nl2efgError: the last failure's.
        UnavailableError: the server asks for a longer pause than the deadline leaves.
    """
    end = clock.now() + policy.deadline
    failures = others = 0
    while True:
        await gate.wait(clock, end)
        begun = clock.now()
        try:
            return await call()
        except Transient as failure:
            end += clock.now() - begun
            failures += 1
            others += not failure.limited
            if others >= (failure.tries or policy.tries):
                raise _after(failure.error, failures) from None
            # A server that keeps asking for short pauses gets the longer ones all the same.
            wait = policy.wait(failures, clock.fraction())
            if failure.retry_after is not None:
                gate.close(clock.now() + failure.retry_after)
            whole = max(wait, failure.retry_after or 0.0)
            if clock.now() + whole > end:
                raise _too_late(failure, failures, policy) from None
            if heard is not None:
                heard(f"{failure.error.message}; next try in {whole:.0f} s")
            await clock.sleep(wait)


def _after(error: Nl2efgError, failures: int) -> Nl2efgError:
    tries = f"{failures} tries" if failures > 1 else "one try"
    found = type(error)(f"{error.message} (after {tries})", hint=error.hint)
    found.exchange = error.exchange
    return found


def _too_late(failure: Transient, failures: int, policy: RetryPolicy) -> Nl2efgError:
    if failure.retry_after is None:
        return _after(failure.error, failures)
    return UnavailableError(
        f"{failure.error.message}; it asks to wait {failure.retry_after:.0f} s, more than is left "
        f"of the {policy.deadline:.0f} s that one call may take",
        hint=failure.error.hint,
    )
