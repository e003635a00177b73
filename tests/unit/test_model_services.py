"""Services by name, prices with dates, flags of models: data and rules, without a server."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from nl2efg.errors import NoModelError, UnavailableError, UserError
from nl2efg.models import Message, Request
from nl2efg.models.budget import (
    SOON,
    Budget,
    Price,
    ended,
    known_price,
    price_table,
    words_of_end,
)
from nl2efg.models.choice import Listeners, choose_model
from nl2efg.models.flags import ModelFlags, parse_body, parse_headers
from nl2efg.models.openai.body import Abilities, make_body
from nl2efg.models.openai.cut_bodies import is_cut
from nl2efg.models.openai.prompt_cuts import is_prompt_cut
from nl2efg.models.providers import provider_at, provider_named, providers
from nl2efg.models.settings import Settings, load_settings
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.consensus import agree

PAGE = Path(__file__).parents[2] / "compiler/docs/models.md"


def test_no_listed_model_has_ended() -> None:
    """It fails on purpose once one has: take it out, and bring the prices up to date."""
    today = datetime.now(UTC).date()
    assert not ended(today), "take them out of prices.toml"
    assert date(2026, 1, 1) < price_table().taken <= today


def test_a_model_that_ends_is_found_on_its_day_and_told_before() -> None:
    name, end = min(price_table().ends.items(), key=lambda entry: entry[1])
    assert name not in ended(end - timedelta(days=1))
    assert ended(end)[name] == end
    assert words_of_end(name, end - SOON - timedelta(days=1)) == ""
    assert f"{name} is not served from {end}" in words_of_end(name, end - SOON)
    assert f"is not served since {end}" in words_of_end(f"openai/{name}-2024-08-06", end)
    assert known_price(name) is not None, "what is still served under that name has its price"
    assert words_of_end("a-model-of-ones-own", end) == ""


def test_who_takes_a_model_that_ends_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = min(price_table().ends.items(), key=lambda entry: entry[1])
    monkeypatch.setattr("nl2efg.models.budget.SOON", timedelta(days=100_000))
    flags, told = ModelFlags(base_url="http://127.0.0.1:9/v1", models=(name,)), list[str]()
    choose_model("t", flags, listeners=Listeners(notices=told.append))
    assert [name in words for words in told] == [True]
    choose_model("t", flags.with_model("mine"), listeners=Listeners(notices=told.append))
    assert len(told) == 1


@pytest.mark.parametrize("name", list(providers()))
def test_a_key_alone_finds_its_service(name: str, tmp_path: Path) -> None:
    provider = provider_named(name)
    values = {variable: "https://h.openai.azure.com" if "ENDPOINT" in variable else "eu-1"
              for variable in provider.variables}  # fmt: skip
    url = provider.address(values)
    assert provider_at(url) == provider
    if provider.keys and provider.detect:
        environment = {**values, provider.keys[0]: "k-1"}
        found = load_settings(environment=environment, dotenv=tmp_path / "none")
        assert found is not None
        assert (found.base_url, found.key) == (url, "k-1")
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")


def test_keys_of_several_services_are_asked_about(tmp_path: Path) -> None:
    environment = {"ANTHROPIC_API_KEY": "a", "GROQ_API_KEY": "g"}
    with pytest.raises(NoModelError, match="anthropic, groq"):
        load_settings(environment=environment, dotenv=tmp_path / "none")
    found = load_settings(
        ModelFlags(provider="groq"), environment=environment, dotenv=tmp_path / "none"
    )
    assert found is not None
    assert found.key == "g"
    with pytest.raises(UserError, match="no provider 'grok'"):
        provider_named("grok")


def test_flags_reach_the_request() -> None:
    settings = Settings("m", "http://h/v1", effort="low", extra_body={"options": {"num_ctx": 9}})
    request = Request("code", (Message("user", "x"),), "t")
    body = make_body(request, settings, Abilities(), stream=True)
    assert (body["reasoning_effort"], body["options"], body["stream"]) == (
        "low",
        {"num_ctx": 9},
        True,
    )
    assert "stream" not in make_body(request, settings, Abilities())
    router = Settings("m", "https://openrouter.ai/api/v1", effort="high")
    assert make_body(request, router, Abilities())["reasoning"] == {"effort": "high"}


@pytest.mark.parametrize("text", ["{", "[]", '{"messages": []}', '{"model": "x"}'])
def test_an_extra_body_that_cannot_be_is_told(text: str) -> None:
    with pytest.raises(UserError, match="--extra-body"):
        parse_body(text, "--extra-body")


@pytest.mark.parametrize("line", ["no colon", ": x", "A b: c", "X: a\nY: b", "Authorization: k"])
def test_a_header_that_cannot_be_is_told(line: str) -> None:
    with pytest.raises(UserError, match="--header"):
        parse_headers((line,), "--header")


def test_a_prompt_that_was_cut_is_noticed() -> None:
    prompt = (Message("user", "word " * 1000),)
    known = Abilities()
    assert not is_prompt_cut(prompt, 1250, known)
    assert not is_prompt_cut(prompt, 1200, known)
    assert is_prompt_cut(prompt, 850, known), "three quarters of what the same model counted before"
    assert is_prompt_cut(prompt, 950, Abilities()), "below a fifth of a token a character"
    assert not is_prompt_cut(prompt, 0, known), "a server that does not count says nothing"


def test_a_call_that_was_never_accounted_for_stays_spent() -> None:
    budget = Budget(cost=1.0)
    with budget.call((Message("user", "x"),), Price(1.0, 100.0)) as spent:
        spent.unaccounted = True
    assert budget.spent.cost > 0
    with budget.call((Message("user", "x"),), Price(1.0, 100.0)):
        before = budget.spent.cost
    assert budget.spent.cost == before, "what was never sent costs nothing"


def test_samples_that_the_service_failed_do_not_count_as_disagreement() -> None:
    lost = [Sample("m", n, failure=UnavailableError("m answers 429")) for n in range(2)]
    own = [Sample("m", n) for n in (2, 3)]
    _, record = agree([*lost, *own])
    assert record is not None
    assert (record.samples, record.failed, record.failures) == (2, 2, ("m answers 429",))
    assert agree(lost)[1] is None


def test_a_body_that_is_cut_anywhere_is_known() -> None:
    whole = json.dumps({"a": [1.5e-3, -2, True, False, None, 'x\u00e9 \\ " y'], "b": {"c": []}})
    for text in (whole, json.dumps(json.loads(whole), ensure_ascii=False)):
        body = text.encode()
        assert not is_cut(body)
        assert all(is_cut(body[:end]) for end in range(len(body)))


@pytest.mark.parametrize("body", ["null", "<html>sign in", '{"a": 1} x', "{oops", "[" * 200_000])
def test_what_is_no_beginning_of_a_reply_is_not_cut(body: str) -> None:
    assert not is_cut(body)
