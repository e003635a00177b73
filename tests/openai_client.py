"""A client of the fake service, with a clock that does not wait."""

from __future__ import annotations

import asyncio
from typing import Any

from nl2efg.models import Message, Reply, Request
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.openai.retry import Clock
from nl2efg.models.settings import Settings
from tests.fakes.openai_server import (
    FakeService,
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
