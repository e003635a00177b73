"""The adapter for OpenAI-compatible services, over real HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nl2efg.errors import (
    AuthenticationError,
    BudgetError,
    NoModelError,
    RefusalError,
    ReplyError,
    ServiceError,
    TruncatedError,
    UnavailableError,
)
from nl2efg.llm import Message, Reply, Request
from nl2efg.llm.budget import Budget, Price
from nl2efg.llm.openai import OpenAIModel, abilities
from nl2efg.llm.retry import Clock, Gate, RetryPolicy
from nl2efg.llm.settings import Settings
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

KEY = "sk-test-0123456789abcdef"
SCHEMA = {
    "type": "object",
    "properties": {"players": {"type": "array", "items": {"type": "string"}, "default": []}},
}


class QuickClock(Clock):
    """Real time is not passed by sleeping, but counted."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.at = 0.0
        super().__init__(now=lambda: self.at, sleep=self._sleep, fraction=lambda: 0.0)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    abilities.cache_clear()
    yield
    abilities.cache_clear()


def request(**fields: Any) -> Request:
    messages = (Message("system", "You write games."), Message("user", "Two players …"))
    return Request("code", messages, "Two players …", **fields)


def model(service: FakeService | str, **fields: Any) -> OpenAIModel:
    url = service if isinstance(service, str) else service.base_url
    names = ("key", "timeout", "temperature", "reply_tokens", "price")
    own = {name: fields.pop(name) for name in names if name in fields}
    return OpenAIModel(Settings("m", url, **own), **{"clock": QuickClock(), **fields})


def ask(asked: OpenAIModel, **fields: Any) -> Reply:
    return asyncio.run(asked.complete(request(**fields)))


def ask_often(asked: OpenAIModel) -> None:
    for _ in range(10):
        ask(asked)


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
            UnavailableError,
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
        (raw(b'{"error": {"message": "out of memory"}}'), UnavailableError, "out of memory"),
        (raw(b"[]"), UnavailableError, "no chat completion"),
        (raw(b"null"), UnavailableError, "no chat completion"),
        (completion({}, choices=[]), UnavailableError, "no chat completion"),
        (completion({}, choices=[{"index": 0}]), UnavailableError, "no chat completion"),
        (completion({"refusal": "I cannot help"}), RefusalError, "I cannot help"),
        (completion({"content": ""}, finish="content_filter"), RefusalError, "content filter"),
        (text("half a", finish="length"), TruncatedError, "cut at the token limit"),
        (completion({"content": None}, finish="length"), TruncatedError, "token limit"),
        (text(""), ReplyError, "empty"),
        (text(" \n"), ReplyError, "empty"),
        (completion({"content": None}), ReplyError, "empty"),
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
        assert ask(model(service)).text == "a ? b \U0001f3b2"


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
        (status(429, "slow down"), "answers 429: slow down (after 3 tries)"),
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
    started = time.monotonic()
    with FakeService(step) as service, pytest.raises(UnavailableError) as caught:
        ask(model(service, timeout=0.3, policy=RetryPolicy(tries=2)))
    assert "did not answer within 0.3 s (after 2 tries)" in caught.value.message
    assert "NL2EFG_TIMEOUT" in caught.value.hint
    assert time.monotonic() - started < 10


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


def test_structured_output_is_asked_for_strictly() -> None:
    with FakeService(text("{}")) as service:
        ask(model(service), schema=SCHEMA, schema_name="sketch")
    assert service.requests[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "sketch",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"players": {"type": "array", "items": {"type": "string"}}},
                "required": ["players"],
                "additionalProperties": False,
            },
        },
    }


def refusing(*formats: str, code: int = 400) -> Step:
    """A server that refuses these response formats, in the words of one that does."""

    def rule(received: Received) -> Step:
        sent = received.body.get("response_format", {}).get("type", "")
        if sent in formats:
            return status(code, f"'response_format.type' must be 'text', but got: {sent}")
        return text("{}")

    return choose(rule)


@pytest.mark.parametrize("code", [400, 422, 500])
def test_structured_output_is_given_up_step_by_step_and_remembered(code: int) -> None:
    with FakeService(refusing("json_schema", "json_object", code=code)) as service:
        ask(model(service), schema=SCHEMA)
        ask(model(service), schema=SCHEMA)
    sent = [received.body.get("response_format", {}).get("type") for received in service.requests]
    assert sent == ["json_schema", "json_object", None, None]


def test_a_server_with_json_objects_only_gets_those() -> None:
    with FakeService(refusing("json_schema")) as service:
        ask(model(service), schema=SCHEMA)
        ask(model(service), schema=SCHEMA)
    sent = [received.body["response_format"]["type"] for received in service.requests]
    assert sent == ["json_schema", "json_object", "json_object"]


def test_calls_side_by_side_give_up_one_step_only() -> None:
    with FakeService(refusing("json_schema")) as service:
        asked = model(service)

        async def together() -> None:
            await asyncio.gather(*(asked.complete(request(schema=SCHEMA)) for _ in range(5)))

        asyncio.run(together())
    assert abilities(service.base_url, "m").structure == "json_object"


def test_a_late_refusal_does_not_undo_what_was_learnt() -> None:
    late = slow(0.5, refusing("json_schema"))
    quick = refusing("json_schema", "json_object")
    with FakeService(late, quick) as service:
        asked = model(service)

        async def together() -> None:
            first = asyncio.create_task(asked.complete(request(schema=SCHEMA)))
            while not service.requests:
                await asyncio.sleep(0.01)
            await asked.complete(request(schema=SCHEMA))
            assert abilities(service.base_url, "m").structure == ""
            await first

        asyncio.run(together())
    assert abilities(service.base_url, "m").structure == ""
    formats = [sent.body.get("response_format", {}).get("type") for sent in service.requests]
    assert formats == ["json_schema", "json_schema", "json_object", None, None]


def test_a_refused_temperature_is_left_out_and_remembered() -> None:
    def rule(received: Received) -> Step:
        if "temperature" in received.body:
            return status(
                400,
                "Unsupported value: 'temperature' does not support 0.2 with this model.",
                param="temperature",
            )
        return text("hi")

    with FakeService(choose(rule)) as service:
        ask(model(service, temperature=0.2))
        ask(model(service, temperature=0.2))
    assert ["temperature" in received.body for received in service.requests] == [True, False, False]


def test_the_limit_of_a_reply_goes_by_the_name_that_the_model_wants() -> None:
    def rule(received: Received) -> Step:
        if "max_tokens" in received.body:
            return status(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                "'max_completion_tokens' instead.",
            )
        return text("hi")

    with FakeService(choose(rule)) as service:
        ask(model(service, reply_tokens=99))
    assert service.requests[1].body["max_completion_tokens"] == 99
    assert "max_tokens" not in service.requests[1].body


def test_a_limit_that_no_name_is_known_for_is_left_out() -> None:
    def rule(received: Received) -> Step:
        for name in ("max_tokens", "max_completion_tokens"):
            if name in received.body:
                return status(400, f"Extra inputs are not permitted: {name}")
        return text("hi")

    with FakeService(choose(rule)) as service:
        assert ask(model(service, reply_tokens=99)).text == "hi"
    assert len(service.requests) == 2


def test_a_server_that_contradicts_itself_is_left() -> None:
    message = "use max_tokens and not max_completion_tokens, or the other way round"
    with FakeService(status(400, message)) as service, pytest.raises(UnavailableError):
        ask(model(service, reply_tokens=99))
    assert 1 < len(service.requests) < 10


def test_a_query_in_the_address_and_azures_header_arrive() -> None:
    with FakeService(text("hi"), path="/openai/deployments/d") as service:
        ask(model(f"{service.base_url}?api-version=2024-10-21", key=KEY))
    (received,) = service.requests
    assert received.path == "/openai/deployments/d/chat/completions?api-version=2024-10-21"
    assert received.headers["api-key"] == KEY


def test_a_key_does_not_follow_a_redirect() -> None:
    with FakeService(text("stolen")) as other:
        to = f"{other.base_url}/chat/completions"
        with (
            FakeService(raw(b"", 307, Location=to)) as service,
            pytest.raises(UnavailableError, match="307"),
        ):
            ask(model(service, key=KEY))
        assert not other.requests


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with FakeService(text("hi")) as service:
        assert ask(model(service)).text == "hi"


def test_a_prompt_that_was_cut_is_noted() -> None:
    messages = (Message("user", "word " * 1000),)
    usage = {"prompt_tokens": 200, "completion_tokens": 3}
    with FakeService(text("hi", usage=usage)) as service:
        reply = asyncio.run(model(service).complete(Request("code", messages, "t")))
    assert "may have cut it" in reply.note


def test_one_model_serves_several_loops_and_leaves_no_connection() -> None:
    with FakeService(text("hi")) as service, warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        asked = model(service)
        assert [ask(asked).text, ask(asked).text] == ["hi", "hi"]
        assert not asked._clients


def test_calls_side_by_side_share_a_client() -> None:
    with FakeService(slow(0.05, text("hi"))) as service:
        asked = model(service)

        async def together() -> int:
            tasks = [asyncio.create_task(asked.complete(request())) for _ in range(5)]
            await asyncio.sleep(0.02)
            users = sum(shared.users for shared in asked._clients.values())
            await asyncio.gather(*tasks)
            return users

        assert asyncio.run(together()) == 5
        assert not asked._clients


def test_a_cancelled_call_leaves_no_connection() -> None:
    with FakeService(hang) as service:
        asked = model(service)

        async def cancel() -> None:
            task = asyncio.create_task(asked.complete(request()))
            while not service.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(cancel())
        assert not asked._clients


class TestBudget:
    """A budget is kept before and after each call."""

    def test_nothing_is_sent_beyond_it(self) -> None:
        budget = Budget(tokens=100)
        with FakeService(text("hi")) as service, pytest.raises(BudgetError, match="--max-tokens"):
            ask(model(service, budget=budget))
        assert not service.requests

    def test_it_ends_when_it_is_spent(self) -> None:
        usage = {"prompt_tokens": 400, "completion_tokens": 600}
        budget = Budget(tokens=3000)
        with FakeService(text("hi", usage=usage)) as service:
            asked = model(service, budget=budget)
            with pytest.raises(BudgetError, match="are spent"):
                ask_often(asked)
        assert 2 <= len(service.requests) <= 3
        assert budget.spent.prompt_tokens + budget.spent.completion_tokens <= 3000

    def test_dollars_count_too(self) -> None:
        usage = {"prompt_tokens": 1000, "completion_tokens": 1000}
        budget = Budget(cost=0.05)
        with FakeService(text("hi", usage=usage)) as service:
            asked = model(service, budget=budget, price=Price(prompt=2.5, completion=10.0))
            with pytest.raises(BudgetError, match=r"--max-cost 0\.05"):
                ask_often(asked)
        assert budget.spent.cost == pytest.approx(0.0125 * len(service.requests))
        assert 0.03 < budget.spent.cost <= 0.05

    def test_a_reply_that_was_cut_is_paid_for(self) -> None:
        usage = {"prompt_tokens": 7, "completion_tokens": 5}
        budget = Budget()
        with (
            FakeService(text("a", finish="length", usage=usage)) as service,
            pytest.raises(TruncatedError),
        ):
            ask(model(service, budget=budget))
        assert (budget.spent.prompt_tokens, budget.spent.completion_tokens) == (7, 5)

    def test_a_server_that_does_not_count_is_estimated(self) -> None:
        budget = Budget()
        with FakeService(text("a", usage={})) as service:
            reply = ask(model(service, budget=budget))
        assert (reply.prompt_tokens, reply.completion_tokens) == (0, 0)
        assert budget.spent.prompt_tokens > 0

    def test_retries_set_nothing_aside_for_good(self) -> None:
        budget = Budget(tokens=5000)
        with FakeService(status(500), status(500), status(500), text("hi")) as service:
            ask(model(service, budget=budget))
        assert budget._set_aside.prompt_tokens == budget._set_aside.completion_tokens == 0


def test_the_sdk_is_imported_with_the_first_call_only(tmp_path: Path) -> None:
    code = (
        "import sys; from nl2efg.llm.openai import OpenAIModel; import nl2efg.llm.recorded;"
        "from nl2efg.llm.settings import Settings; OpenAIModel(Settings('m'));"
        "heavy = {'openai', 'httpx', 'httpx2', 'pydantic', 'dotenv', 'numpy', 'pygambit'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
