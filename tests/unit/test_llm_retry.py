"""The retry layer, on a clock of its own."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import RefusalError, UnavailableError
from nl2efg.models.openai.retry import (
    Clock,
    Gate,
    RetryPolicy,
    Transient,
    with_retries,
)
from nl2efg.models.openai.waits import asked_wait


class Time(Clock):
    """Sleeping moves the clock, and takes no time."""

    def __init__(self, fraction: float = 0.5) -> None:
        self.at, self.slept = 100.0, list[float]()
        super().__init__(now=lambda: self.at, sleep=self._sleep, fraction=lambda: fraction)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


class Service:
    """Fails as told, then answers.

    Args:
        waits: what each failure asks to wait, or None.
        takes: seconds that a call takes.
    """

    def __init__(self, clock: Time, *waits: float | None, takes: float = 0.0) -> None:
        self.clock, self.waits, self.takes = clock, list(waits), takes
        self.calls: list[float] = []

    async def call(self) -> str:
        self.calls.append(self.clock.at)
        self.clock.at += self.takes
        if self.waits:
            raise Transient(UnavailableError("down", hint="wait"), self.waits.pop(0))
        return "up"


def run(
    service: Service,
    policy: RetryPolicy | None = None,
    gate: Gate | None = None,
    heard: Callable[[str], None] | None = None,
) -> str:
    return asyncio.run(
        with_retries(service.call, policy or RetryPolicy(), gate or Gate(), service.clock, heard)
    )


def test_the_waits_double_up_to_the_longest() -> None:
    service = Service(Time(fraction=1.0), *[None] * 6)
    run(service, RetryPolicy(tries=7, first=1.0, longest=10.0))
    assert service.clock.slept == [1, 2, 4, 8, 10, 10]


@given(failures=st.integers(1, 10**6), fraction=st.floats(0, 1))
def test_a_wait_is_between_half_and_all(failures: int, fraction: float) -> None:
    policy = RetryPolicy(first=1.0, longest=60.0)
    whole = min(60.0, 2.0 ** min(failures - 1, 100))
    assert whole / 2 <= policy.wait(failures, fraction) <= whole


def test_other_errors_go_through_at_once() -> None:
    clock = Time()

    async def refuse() -> str:
        raise RefusalError("no")

    with pytest.raises(RefusalError):
        asyncio.run(with_retries(refuse, RetryPolicy(), Gate(), clock))
    assert not clock.slept


def test_the_last_failure_keeps_its_kind_and_hint() -> None:
    service = Service(Time(), *[None] * 9)
    with pytest.raises(UnavailableError, match=r"down \(after 4 tries\)") as caught:
        run(service, RetryPolicy(tries=4))
    assert caught.value.hint == "wait"
    assert len(service.calls) == 4


def test_a_single_try() -> None:
    service = Service(Time(), None)
    with pytest.raises(UnavailableError, match="after one try"):
        run(service, RetryPolicy(tries=1))
    assert not service.clock.slept


@given(
    waits=st.lists(st.one_of(st.none(), st.floats(0, 300)), max_size=30),
    takes=st.floats(0, 100),
    deadline=st.floats(1, 500),
    fraction=st.floats(0, 1),
)
def test_no_call_begins_after_the_deadline(
    waits: list[float | None], takes: float, deadline: float, fraction: float
) -> None:
    clock = Time(fraction)
    service = Service(clock, *waits, takes=takes)
    # Waiting callers spread by a tenth, so that is how late the last one may be.
    start, waited = clock.at, deadline * 1.1 + 1e-6
    with contextlib.suppress(UnavailableError):
        assert run(service, RetryPolicy(tries=50, deadline=deadline)) == "up"
    # What the calls take themselves does not count.
    assert all(at - start - takes * i <= waited for i, at in enumerate(service.calls))


@given(asked=st.floats(0, 500), fraction=st.floats(0, 1))
def test_retry_after_is_never_cut_short(asked: float, fraction: float) -> None:
    clock = Time(fraction)
    service = Service(clock, asked)
    run(service)
    first, second = service.calls
    assert second >= first + asked - 1e-9
    assert second <= first + max(asked * 1.1, 1.0) + 1e-9


def test_a_gate_closed_beyond_the_deadline_is_not_waited_for() -> None:
    clock, gate = Time(), Gate()
    gate.close(clock.at + 1000)
    service = Service(clock)
    with pytest.raises(UnavailableError, match="another 1000 s"):
        run(service, RetryPolicy(deadline=10), gate)
    assert not service.calls
    assert not clock.slept


def test_a_gate_that_others_keep_closing_is_left_at_the_deadline() -> None:
    clock, gate = Time(), Gate()
    gate.close(clock.at + 5)
    sleep = clock.sleep

    async def meanwhile(seconds: float) -> None:
        await sleep(seconds)
        gate.close(clock.at + 5)

    clock.sleep = meanwhile
    service = Service(clock)
    with pytest.raises(UnavailableError, match="longer than one call may take"):
        run(service, RetryPolicy(deadline=60), gate)
    assert not service.calls
    assert clock.at <= 100 + 60 + 6


def test_short_pauses_do_not_use_up_the_tries_at_once() -> None:
    service = Service(Time(fraction=1.0), 0.0, 0.0, 0.0)
    run(service)
    assert service.calls == [100, 101, 103, 107]


def test_a_gate_only_ever_closes_for_longer() -> None:
    gate = Gate()
    gate.close(50.0)
    gate.close(20.0)
    assert gate.opens == 50.0


def test_what_is_said_while_waiting() -> None:
    heard: list[str] = []
    run(Service(Time(), 30.0), heard=heard.append)
    assert heard == ["down; next try in 30 s"]


NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "?", "retry-after": "2"}, 2.0),
        (
            {
                "retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True),
                "date": format_datetime(NOW, usegmt=True),
            },
            90.0,
        ),
        (
            {
                "retry-after": format_datetime(NOW - timedelta(days=1), usegmt=True),
                "date": format_datetime(NOW, usegmt=True),
            },
            0.0,
        ),
        ({"retry-after": "Sun, 99 Mar 2026 12:00:00 GMT"}, None),
    ],
)
def test_the_spellings_of_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers) == seconds


def test_a_date_without_the_replys_own_is_read_against_this_clock() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert asked_wait({"retry-after": until}) == pytest.approx(60, abs=5)


@given(st.text(max_size=40))
def test_any_header_gives_a_wait_or_none(value: str) -> None:
    found = asked_wait({"retry-after": value})
    assert found is None or (found >= 0 and math.isfinite(found))
