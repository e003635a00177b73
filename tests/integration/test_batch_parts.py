"""Parts of many writers read as one, and the pace that a cluster shares, without a cluster."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import Batch, Corpus, read_rows
from nl2efg.batch.engines.ray.engine import run_on_ray
from nl2efg.batch.engines.ray.pacing import (
    Limits,
    SharedBudget,
    SharedGate,
    SharedLimiter,
    SharedPace,
    UnitBegun,
    UnitTurns,
)
from nl2efg.batch.engines.ray.worker import Worker, WorkerConfig
from nl2efg.batch.rate_limits import StoppedError
from nl2efg.batch.storage.ledger import Ledger, Writer, part_name
from nl2efg.batch.storage.manifest import code_versions, keep_manifest
from nl2efg.batch.storage.result_row import ResultRow, failed_row
from nl2efg.errors import BudgetError, UnavailableError, UserError
from nl2efg.models import Message, Reply
from nl2efg.models.budget import Price, Spent
from nl2efg.models.openai.retry import Clock

# Libraries of Ray look at their import whether a port can be bound.
pytestmark = [pytest.mark.process, pytest.mark.server]

KEY = "ab" * 16
ASKED = (Message("user", "word " * 70),)
PRICE = Price(1.0, 1.0)


def row(tried: int, cause: str) -> ResultRow:
    return failed_row(0, "g", KEY, (cause, "said"), tried=tried)


STORIES = [
    # What happened to one unit, in order; whether it is finished then, without and with
    # --retry-failed, and how often it counts as tried.
    ([(0, "UnavailableError")], False, (0, 0)),
    ([(0, "ReplyError")], True, (0, 1)),
    ([(0, "UnavailableError"), (0, "ReplyError")], True, (0, 1)),
    ([(0, "ReplyError"), (1, "UnavailableError")], False, (1, 1)),
    ([(0, "ReplyError"), (1, "UnavailableError"), (1, "RefusalError")], True, (0, 2)),
]


@pytest.mark.parametrize(("happened", "finished", "tried"), STORIES)
def test_what_holds_does_not_depend_on_who_wrote_it(
    happened: list[tuple[int, str]], finished: bool, tried: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    for order in permutations(range(len(happened))):
        for worker, number in enumerate(order):
            with Writer(tmp_path, part_name((1, 1), worker)) as writer:
                writer.keep_row(row(*happened[number]))
        with Ledger(tmp_path, (1, 1)) as ledger:
            assert (ledger.is_finished(KEY), ledger.tried(KEY)) == (finished, tried[0])
        with Ledger(tmp_path, (1, 1), retry_failed=True) as ledger:
            assert (ledger.is_finished(KEY), ledger.tried(KEY)) == (False, tried[1])
        assert list(read_rows(tmp_path)) == [row(*happened[-1])]
        for file in (tmp_path / "parts").iterdir():
            file.unlink()


def test_replies_of_all_workers_are_known_and_those_of_other_shards_are_not(
    tmp_path: Path,
) -> None:
    reply = Reply("said", "m", 3, 4, 0.5)
    for name, call in (("1-of-2", "a"), ("1-of-2-worker-7", "b"), ("1-of-20-worker-1", "c")):
        with Writer(tmp_path, name) as writer:
            writer.keep_reply(KEY, call, reply)
    with Ledger(tmp_path, (1, 2)) as ledger:
        assert ledger.replies(KEY) == {"a": reply, "b": reply}


def test_what_a_dead_worker_wrote_of_this_try_counts(tmp_path: Path) -> None:
    old, new = Reply("old", "m"), Reply("new", "m")
    other = "cd" * 16
    with Writer(tmp_path, part_name((1, 1), 3)) as writer:
        writer.keep_reply(KEY, "a", old)
        writer.keep_row(row(0, "ReplyError"))
        writer.expect(KEY, 1)
        writer.keep_reply(KEY, "b", new)
        writer.keep_reply(other, "c", new)
    with Ledger(tmp_path, (1, 1), retry_failed=True) as ledger:
        assert ledger.left_by(part_name((1, 1), 3), KEY, 1) == (None, {"b": new})
        assert ledger.left_by(part_name((1, 1), 3), KEY, 0) == (row(0, "ReplyError"), {"a": old})
        assert ledger.left_by(part_name((1, 1), 9), KEY, 0) == (None, {})


def test_workers_of_a_killed_start_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nl2efg.batch.storage.ledger.PATIENCE", 0.2)
    with (
        Writer(tmp_path, part_name((1, 1), 1)),
        Ledger(tmp_path, (1, 2)),
        pytest.raises(UserError, match="earlier start still write"),
    ):
        Ledger(tmp_path, (1, 1))
    with Ledger(tmp_path, (1, 1)) as ledger:
        assert not ledger.finished


class _Method:
    def __init__(self, method: Callable[..., Awaitable[Any]]) -> None:
        self._method = method

    def remote(self, *given: Any) -> asyncio.Future[Any]:
        return asyncio.ensure_future(self._method(*given))


class _Handle:
    """An actor in this process, asked as Ray's are."""

    def __init__(self, actor: object) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> _Method:
        return _Method(getattr(self._actor, name))


def pacer(most: int = 8, cost: float | None = None) -> Any:
    return _Handle(SharedLimiter(Limits(most, None, None, ((cost, None, Spent()),))))


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_calls_at_once_are_counted_over_all_workers_and_a_dead_ones_are_given_back() -> None:
    pytest.importorskip("ray")

    async def main() -> None:
        actor = pacer(most=1)
        one, two = (SharedPace(actor, worker, 0, PRICE) for worker in (1, 2))
        second, third = two.call(ASKED), SharedPace(actor, 3, 0, PRICE).call(ASKED)
        async with one.call(ASKED):
            waiting = asyncio.create_task(second.__aenter__())
            await asyncio.sleep(0.05)
            assert not waiting.done(), "two calls at once"
            await actor.forget.remote(1)
            await asyncio.wait_for(waiting, 1)
            (spent,) = await actor.spent.remote()
            assert spent.cost > 0, "what was under way was sent, and may be billed"
        # The end of a call of a worker that is gone changes nothing more.
        await settled()
        waiting = asyncio.create_task(third.__aenter__())
        await asyncio.sleep(0.05)
        assert not waiting.done(), "two calls at once"
        await second.__aexit__(None, None, None)
        await asyncio.wait_for(waiting, 1)
        assert await actor.spent.remote() == [spent]

    asyncio.run(main())


def test_the_budget_is_one_and_counts_estimates_until_calls_end() -> None:
    pytest.importorskip("ray")

    async def main() -> None:
        # About 110 tokens of prompt and 1,500 of a first reply: one call fits, two do not.
        actor = pacer(cost=0.003)
        budget = SharedBudget(actor, 0)
        one, two = (SharedPace(actor, worker, 0, PRICE) for worker in (1, 2))
        async with one.call(ASKED) as replies:
            with pytest.raises(BudgetError, match="--max-cost"):
                async with two.call(ASKED):
                    raise AssertionError("beyond the budget")
            with budget.call(ASKED, PRICE) as spent:
                spent.prompt_tokens, spent.completion_tokens, spent.cost = 100, 10, 0.00011
            replies.append(Reply("a long text", "m", 100, 10, 0.00011))
        await settled()
        async with two.call(ASKED):
            pass
        assert await actor.spent.remote() == [Spent(100, 10, 0.00011)]

    asyncio.run(main())


def test_once_stopped_no_unit_of_the_cluster_is_begun() -> None:
    pytest.importorskip("ray")

    async def main() -> None:
        actor = pacer(most=1)
        pace = SharedPace(actor, 1, 0, PRICE)
        begun, other = UnitBegun(False), UnitBegun(False)
        waiting = UnitTurns(pace, other).call(ASKED)
        async with UnitTurns(pace, begun).call(ASKED):
            turn = asyncio.create_task(waiting.__aenter__())
            await asyncio.sleep(0.05)
            await actor.stop.remote()
        with pytest.raises(StoppedError):
            await asyncio.wait_for(turn, 1)
        async with UnitTurns(pace, begun).call(ASKED):  # of the unit that has had a call
            pass
        assert (begun.yes, other.yes) == (True, False)

    asyncio.run(main())


def test_a_pause_reaches_all_and_one_too_long_is_an_error() -> None:
    pytest.importorskip("ray")

    async def main() -> None:
        actor = pacer()
        one, two = SharedGate(actor), SharedGate(actor)
        one.close(time.monotonic() + 0.3)
        await settled()
        begun = time.monotonic()
        await two.wait(Clock(), time.monotonic() + 10)
        assert time.monotonic() - begun >= 0.25
        one.close(time.monotonic() + 100)
        await settled()
        with pytest.raises(UnavailableError, match="pause"):
            await two.wait(Clock(), time.monotonic() + 10)

    asyncio.run(main())


def orders(folder: Path, **versions: str) -> WorkerConfig:
    manifest = {"layout": 1, "versions": {**code_versions(), **versions}}
    keep_manifest(folder, manifest)
    return WorkerConfig(folder, manifest, (1, 1), (), {}, True)


def test_a_machine_that_does_not_fit_says_why(tmp_path: Path) -> None:
    good = orders(tmp_path / "run")
    asyncio.run(Worker(1, good, None).start())
    (tmp_path / "run/manifest.json").write_text(json.dumps({"layout": 2}))
    with pytest.raises(UserError, match="does not see the run folder"):
        asyncio.run(Worker(2, good, None).start())
    with pytest.raises(UserError, match="other code"):
        asyncio.run(Worker(1, orders(tmp_path / "other", code_sha256="x"), None).start())


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "{", "[" * 100_000, "1" * 5000, "a link", "a pipe", "a folder"]
)
def test_a_machine_whose_manifest_is_none_says_so(content: str, tmp_path: Path) -> None:
    good = orders(tmp_path / "run")
    file = tmp_path / "run/manifest.json"
    file.unlink()
    if content == "a link":
        file.symlink_to("/dev/zero")
    elif content == "a pipe":
        os.mkfifo(file)
    elif content == "a folder":
        file.mkdir()
    else:
        file.write_text(content)
    with pytest.raises(UserError, match="does not see the run folder"):
        asyncio.run(Worker(1, good, None).start())
    assert not (tmp_path / "run/parts").exists()


def test_a_machine_takes_the_run_of_a_corpus_that_has_another_name(tmp_path: Path) -> None:
    """As the machine that began it does."""
    manifest = {"inputs": {"name": "a.jsonl", "sha256": "0"}, "versions": code_versions()}
    renamed = {**manifest, "inputs": {"name": "b.jsonl", "sha256": "0"}}
    others = {**manifest, "inputs": {"name": "a.jsonl", "sha256": "1"}}
    keep_manifest(tmp_path, manifest)
    keep_manifest(tmp_path, renamed)
    asyncio.run(Worker(1, WorkerConfig(tmp_path, renamed, (1, 1), (), {}, True), None).start())
    with pytest.raises(UserError, match="does not see the run folder"):
        asyncio.run(Worker(2, WorkerConfig(tmp_path, others, (1, 1), (), {}, True), None).start())


def test_without_ray_the_way_to_get_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    file = tmp_path / "r.jsonl"
    file.write_text(json.dumps({"id": "a", "reply": "x"}) + "\n")
    work = Batch(Corpus(file, reply_column="reply"), tmp_path / "run")
    with pytest.raises(UserError) as raised:
        asyncio.run(run_on_ray(work))
    assert raised.value.hint == "pip install 'nl2efg[ray]'"
    assert not (tmp_path / "run").exists()


def test_a_cluster_that_does_not_answer_is_said_at_once(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    file = tmp_path / "r.jsonl"
    file.write_text(json.dumps({"id": "a", "reply": "x"}) + "\n")
    work = Batch(Corpus(file, reply_column="reply"), tmp_path / "run")
    with pytest.raises(UserError, match=r"no Ray cluster answers at 127.0.0.1:9"):
        asyncio.run(run_on_ray(work, address="127.0.0.1:9"))
