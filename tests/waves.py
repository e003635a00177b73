"""Runs of the engine openai-batch against the fake service."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nl2efg.batch import Batch, Corpus, Progress
from nl2efg.batch.engines import openai_batch
from nl2efg.models.budget import Budget, Price
from nl2efg.models.openai.body import abilities
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.openai.retry import Gate, RetryPolicy
from nl2efg.models.settings import Settings
from tests.fakes.batch_api import FakeBatchApi
from tests.killing import rows
from tests.openai_client import QuickClock


def model(url: str, name: str = "fake", **fields: Any) -> OpenAIModel:
    settings = Settings(
        name,
        url,
        key=fields.pop("key", ""),
        temperature=fields.pop("temperature", None),
        reply_tokens=fields.pop("reply_tokens", None),
        price=Price(1.0, 4.0),
    )
    return OpenAIModel(
        settings,
        fields.pop("budget", None) or Budget(),
        Gate(),
        RetryPolicy(tries=fields.pop("tries", 3)),
        QuickClock(),
    )


def batch_of(corpus: Path, folder: Path, models: list[OpenAIModel], **fields: Any) -> Batch:
    names = ("shard", "limit", "retry_failed")
    own = {name: fields.pop(name) for name in names if name in fields}
    options = {"rounds": 1, "solve_budget": 20.0, **fields}
    return Batch(Corpus(corpus), folder, models, options=options, **own)


def run(
    api: FakeBatchApi,
    corpus: Path,
    folder: Path,
    *,
    wait: bool = True,
    stop: threading.Event | None = None,
    tell: Callable[[str], None] = lambda _: None,
    **fields: Any,
) -> Progress:
    """One start, as a process that knows nothing of earlier ones."""
    abilities.cache_clear()
    names = ("key", "budget", "temperature", "reply_tokens", "tries")
    own = {name: fields.pop(name) for name in names if name in fields}
    work = batch_of(corpus, folder, [model(api.base_url, **own)], **fields)
    return asyncio.run(openai_batch.run_waves(work, stop=stop, wait=wait, tell=tell))


def start_until_done(api: FakeBatchApi, corpus: Path, folder: Path, **fields: Any) -> int:
    """Starts that do not wait, until one finds nothing to do; how many it took."""
    for count in range(1, 40):
        if run(api, corpus, folder, wait=False, **fields).before == len(rows(folder)) > 0:
            return count
    raise AssertionError("it does not end")


def statuses(folder: Path) -> list[str]:
    return [row["status"] if not row["cause"] else row["cause"] for row in rows(folder)]


def assert_paid_once(api: FakeBatchApi) -> None:
    names = [name for name, _ in api.asked]
    assert len(names) == len(set(names)), "something was paid for twice"
