"""The adapter for OpenAI-compatible services, over real HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator

import pytest

from nl2efg.errors import (
    AuthenticationError,
    NoModelError,
    RefusalError,
    ReplyError,
    ServiceError,
    TooLongError,
    TruncatedError,
    UnavailableError,
)
from nl2efg.models import Reply
from nl2efg.models.budget import Price
from nl2efg.models.openai.client import abilities
from nl2efg.models.openai.retry import Gate, RetryPolicy
from tests.fakes.openai_server import (
    FakeService,
    Received,
    Step,
    choose,
    completion,
    drip,
    drop,
    half,
    hang,
    raw,
    slow,
    status,
    text,
)
from tests.openai_client import KEY, QuickClock, ask, model, request

pytestmark = pytest.mark.server


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    abilities.cache_clear()
    yield
    abilities.cache_clear()


def test_a_reply_with_its_counts_and_cost() -> None:
    with FakeService(text("a b c"), key=KEY) as service:
        reply = ask(model(service, key=KEY, price=Price(prompt=1_000_000, completion=2_000_000)))
    assert reply == Reply("a b c", "m-2026-01-01", 6, 3, cost=6 * 1 + 3 * 2)
    (received,) = service.requests
    assert received.path == "/v1/chat/completions"
    assert received.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "You write games."},
            {"role": "user", "content": "Two players …"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_a_wrong_key_is_said_and_not_shown() -> None:
    with FakeService(text("hi"), key="sk-another-key-00000") as service:
        asked = model(service, key=KEY)
        with pytest.raises(AuthenticationError) as caught:
            ask(asked)
    assert "answers 401: Incorrect API key provided" in caught.value.message
    assert "OPENAI_API_KEY" in caught.value.hint
    shown = [caught.value.message, caught.value.hint, str(caught.value), repr(asked)]
    assert not any(KEY in words for words in shown)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert len(service.requests) == 1


@pytest.mark.parametrize("key", ["plain-gateway-secret", KEY])
@pytest.mark.parametrize(
    "answer",
    [
        lambda key: status(401, f"the key {key} is unknown"),
        lambda key: status(400, f"not with {key}"),
        lambda key: raw(f"<p>{key}".encode(), content_type="text/html"),
        lambda key: completion({"refusal": f"not for {key}"}),
    ],
)
def test_a_service_that_repeats_the_key_is_not_quoted(
    key: str, answer: Callable[[str], Step]
) -> None:
    with FakeService(answer(key)) as service, pytest.raises(ServiceError) as caught:
        ask(model(service, key=key))
    assert key not in str(caught.value)
    assert "…" in str(caught.value)


def test_a_missing_key_is_asked_for() -> None:
    with FakeService(text("hi"), key=KEY) as service, pytest.raises(AuthenticationError) as caught:
        ask(model(service))
    assert caught.value.hint == "this service needs a key: set OPENAI_API_KEY"


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeService(status(500), text("hi"), key=KEY) as service:
        ask(model(service, key=KEY))
    assert caplog.records
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("step", "kind", "words"),
    [
        (status(403, "no access to this model"), AuthenticationError, "403: no access"),
        (status(404, "The model `m` does not exist"), NoModelError, "404: The model `m`"),
        (status(402, "more credits"), UnavailableError, "402"),
        (
            status(429, "You exceeded your current quota", error_code="insufficient_quota"),
            UnavailableError,
            "current quota",
        ),
        (
            status(400, "This model's maximum context length is 8192 tokens"),
            TooLongError,
            "maximum context length",
        ),
        (
            status(400, "The response was filtered", error_code="content_filter"),
            RefusalError,
            "filtered",
        ),
        (status(400, "bad"), UnavailableError, "400: bad"),
        (status(501, "not here"), UnavailableError, "501: not here"),
        (raw(b"", 418), UnavailableError, "418"),
        (raw(b'{"detail": "nope"}', 422), UnavailableError, "422: nope"),
        (raw(b'{"detail": [{"loc": ["body", "x"]}]}', 422), UnavailableError, "'loc'"),
        (raw(b"", 302, Location="http://127.0.0.1:9/v1"), UnavailableError, "302"),
        (raw(b"<html>sign in</html>", content_type="text/html"), UnavailableError, "sign in"),
        (raw(b"{nonsense"), UnavailableError, "no chat completion"),
        (raw(b"[]"), UnavailableError, "no chat completion"),
        (raw(b"null"), UnavailableError, "no chat completion"),
        (completion({}, choices=[]), UnavailableError, "no chat completion"),
        (completion({}, choices=[{"index": 0}]), UnavailableError, "no chat completion"),
        (completion({"refusal": "I cannot help"}), RefusalError, "I cannot help"),
        (completion({"content": ""}, finish="content_filter"), RefusalError, "filter stopped"),
        (text("half a", finish="model_length"), TruncatedError, "context was full"),
        (completion({"content": None}, finish="length"), TruncatedError, "token limit"),
        (
            completion({"content": None, "tool_calls": [{"id": "1", "type": "function"}]}),
            ReplyError,
            "a tool call and no text",
        ),
        (
            completion({"content": [{"type": "image_url", "image_url": {"url": "x"}}]}),
            ReplyError,
            "a part of type image_url and no text",
        ),
        (completion({"content": 7}), ReplyError, "a part of type int and no text"),
    ],
)
def test_failures_that_are_final(step: Step, kind: type[Exception], words: str) -> None:
    clock = QuickClock()
    with FakeService(step) as service, pytest.raises(kind) as caught:
        ask(model(service, clock=clock))
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert getattr(caught.value, "hint", "")
    assert len(service.requests) == 1
    assert not clock.slept


def test_text_parts_are_joined_and_others_left_out() -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, {"text": "b"}]
    with FakeService(completion({"content": parts})) as service:
        assert ask(model(service)).text == "ab"


def test_half_a_character_is_replaced() -> None:
    with FakeService(text("a \ud83d b \U0001f3b2")) as service:
        assert ask(model(service)).text == "a \ufffd b \U0001f3b2"


@pytest.mark.parametrize(
    "step", [status(500), status(503), status(529), status(429), status(408), drop, half]
)
def test_what_may_pass_is_tried_again(step: Step) -> None:
    clock, heard = QuickClock(), list[str]()
    with FakeService(step, step, text("at last")) as service:
        reply = ask(model(service, clock=clock, heard=heard.append))
    assert reply.text == "at last"
    assert clock.slept == [0.5, 1.0]
    assert len(heard) == 2
    assert "m at http://127.0.0.1" in heard[0]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (status(500, "oh no"), "answers 500: oh no (after 3 tries)"),
        (raw(b'{"error": {"message": "out of memory"}}'), "out of memory"),
        (drop, "broke"),
        (half, "broke"),
    ],
)
def test_the_last_retry_is_the_last(step: Step, words: str) -> None:
    policy = RetryPolicy(tries=3)
    with FakeService(step) as service, pytest.raises(UnavailableError) as caught:
        ask(model(service, policy=policy))
    assert words in caught.value.message
    assert "(after 3 tries)" in caught.value.message
    assert caught.value.hint
    assert len(service.requests) == 3


@pytest.mark.parametrize("step", [text(""), text(" \n"), completion({"content": None})])
def test_an_empty_reply_is_asked_for_again(step: Step) -> None:
    with FakeService(step, text("hi")) as service:
        assert ask(model(service)).text == "hi"
    with FakeService(step) as service, pytest.raises(ReplyError, match="is empty"):
        ask(model(service))
    assert len(service.requests) == 3


def test_a_limit_is_waited_for_by_time_and_not_by_tries() -> None:
    clock = QuickClock()
    with FakeService(status(429, "slow down")) as service, pytest.raises(UnavailableError):
        ask(model(service, clock=clock, policy=RetryPolicy(tries=3, deadline=100.0)))
    assert len(service.requests) > 3
    assert 50 < clock.at <= 100


def test_retry_after_is_honoured_to_the_second() -> None:
    clock = QuickClock()
    with FakeService(status(429, retry_after="17"), text("hi")) as service:
        ask(model(service, clock=clock))
    assert clock.at == 17.0


def test_retry_after_beyond_the_deadline_is_no_wait_at_all() -> None:
    clock = QuickClock()
    with (
        FakeService(status(429, retry_after="86400"), text("hi")) as service,
        pytest.raises(UnavailableError, match="asks to wait 86400 s"),
    ):
        ask(model(service, clock=clock))
    assert not clock.slept


def test_one_pause_holds_for_all_workers() -> None:
    """While one is told to wait, the others begin no call."""
    clock, gate = QuickClock(), Gate()
    seen: list[float] = []

    def rule(_: Received) -> Step:
        seen.append(clock.at)
        return status(429, retry_after="30") if len(seen) == 1 else text("hi")

    with FakeService(choose(rule)) as service:
        asked = [model(service, clock=clock, gate=gate) for _ in range(4)]

        async def all_of_them() -> None:
            first = asyncio.create_task(asked[0].complete(request()))
            while not seen or gate.opens < 0:
                await asyncio.sleep(0.01)
            await asyncio.gather(first, *(other.complete(request()) for other in asked[1:]))

        asyncio.run(all_of_them())
    assert len(seen) == 5
    assert seen[0] == 0.0
    assert all(at >= 30.0 for at in seen[1:])


@pytest.mark.parametrize("step", [hang, drip])
def test_a_server_that_never_finishes_times_out(step: Step) -> None:
    with FakeService(step) as service, pytest.raises(UnavailableError) as caught:
        ask(model(service, timeout=0.3, policy=RetryPolicy(tries=2)))
    assert "did not answer within 0.3 s" in caught.value.message
    assert len(service.requests) == 1, "what ran out of time is not begun again from zero"
    assert "NL2EFG_TIMEOUT" in caught.value.hint


def test_a_slow_server_is_waited_for() -> None:
    with FakeService(slow(0.3, text("here"))) as service:
        assert ask(model(service, timeout=10.0)).text == "here"


def test_a_local_server_that_is_not_there_is_not_waited_for() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    clock = QuickClock()
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        ask(model(url, clock=clock))
    assert "is the server started" in caught.value.hint
    assert not clock.slept


def test_a_host_that_cannot_be_found_is_tried_again() -> None:
    clock = QuickClock()
    with pytest.raises(UnavailableError, match=r"cannot be reached.*after 2 tries"):
        ask(model("https://models.invalid/v1", clock=clock, policy=RetryPolicy(tries=2)))
    assert len(clock.slept) == 1
