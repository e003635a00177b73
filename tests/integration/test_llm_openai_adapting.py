"""The adapter to OpenAI-compatible servers: what it adapts to, connections and budgets."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from nl2efg.errors import (
    BudgetError,
    TruncatedError,
    UnavailableError,
)
from nl2efg.models import Message, Request
from nl2efg.models.budget import Budget, Price
from nl2efg.models.openai.client import abilities
from tests.fakes.openai_server import (
    FakeService,
    Received,
    Step,
    choose,
    hang,
    raw,
    slow,
    status,
    text,
)
from tests.openai_client import KEY, SCHEMA, ask, ask_often, model, request

pytestmark = [pytest.mark.process, pytest.mark.server]


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
    assert "may have cut the prompt" in reply.note


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
            FakeService(text("a", finish="model_length", usage=usage)) as service,
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
        "import sys; from nl2efg.models.openai.client import OpenAIModel; "
        "import nl2efg.models.replay; "
        "from nl2efg.models.settings import Settings; OpenAIModel(Settings('m'));"
        "heavy = {'openai', 'httpx', 'httpx2', 'pydantic', 'dotenv', 'numpy', 'pygambit'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
