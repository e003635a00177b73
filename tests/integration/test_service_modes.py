"""Every documented shape of a reply leads to what it must: the table of ``tests.fakes.modes``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from nl2efg.errors import Nl2efgError
from nl2efg.models import Reply
from nl2efg.models.budget import Price
from nl2efg.models.openai.body import abilities
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.settings import Settings
from tests.fakes.mode_steps import Mode, delta, events
from tests.fakes.modes import modes
from tests.fakes.openai_server import FakeService, text
from tests.openai_client import SCHEMA, QuickClock, request

pytestmark = pytest.mark.server

MODES = modes()
PRICE = Price(prompt=1e6, completion=2e6, cached=0.25e6, cache_write=3e6)


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    abilities.cache_clear()
    yield
    abilities.cache_clear()


def ask(service: FakeService, mode: Mode, clock: QuickClock) -> Reply:
    settings = Settings("m", service.base_url, price=PRICE, **mode.settings)
    more: dict[str, Any] = {"schema": SCHEMA} if mode.schema else {}
    return asyncio.run(OpenAIModel(settings, clock=clock).complete(request(**more)))


def test_each_shape_has_one_name() -> None:
    assert len({mode.name for mode in MODES}) == len(MODES)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_a_shape_leads_to_what_it_must(mode: Mode) -> None:
    must, clock = mode.must, QuickClock()
    with FakeService(*mode.steps, models=("m-near", "other")) as service:
        if must.error is not None:
            with pytest.raises(must.error) as caught:
                ask(service, mode, clock)
            error: Nl2efgError = caught.value
            assert must.words in f"{error.message} {error.hint}"
            assert error.hint
        else:
            reply = ask(service, mode, clock)
            assert reply.text == must.text
            assert must.note in reply.note
            if must.tokens is not None:
                assert (reply.prompt_tokens, reply.completion_tokens) == must.tokens
            if must.cost is not None:
                assert reply.cost == pytest.approx(must.cost)
    assert must.calls is None or len(service.requests) == must.calls
    if must.waited is not None:
        assert clock.at == pytest.approx(must.waited)
    last = service.requests[-1].body
    assert not must.lacks or must.lacks not in last
    assert not must.has or must.has in last


def test_as_much_of_a_reply_as_came_is_kept() -> None:
    """A service that falls silent, one at its limit: what came was paid for."""
    hold = events(delta("half "), delta("a reply"), end=False)

    def silent(received: Any, handler: Any) -> None:
        hold(received, handler)
        handler.wfile.flush()
        handler.service.stopped.wait(5)

    for step in (silent, text("half a reply", finish="model_length")):
        with FakeService(step) as service, pytest.raises(Nl2efgError) as caught:
            asyncio.run(
                OpenAIModel(Settings("m", service.base_url, timeout=0.5)).complete(request())
            )
        assert caught.value.exchange is not None
        assert caught.value.exchange[1].text == "half a reply"
        assert len(service.requests) == 1
