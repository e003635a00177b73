"""The engine openai-batch: what it sends, what it makes of the answers, what it survives."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import run_batch
from nl2efg.batch.engines import openai_batch
from nl2efg.batch.engines.openai_batch import look
from nl2efg.batch.engines.openai_batch.requests import Drafts
from nl2efg.batch.engines.openai_batch.transfer import DISCOUNT
from nl2efg.errors import (
    BudgetError,
    UnavailableError,
)
from nl2efg.models import Message, Request
from nl2efg.models.budget import Budget
from nl2efg.models.openai.body import abilities
from nl2efg.models.openai.client import OpenAIModel
from tests.fakes.batch_api import FakeBatchApi
from tests.fakes.openai_server import FakeService, Received, Step, choose, completion, status, text
from tests.fakes.ordinal_games import asked, author, program, sketch
from tests.killing import rows, write_corpus
from tests.waves import (
    assert_paid_once,
    batch_of,
    model,
    run,
    start_until_done,
    statuses,
)

pytestmark = [pytest.mark.process, pytest.mark.server]


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    abilities.cache_clear()
    yield
    abilities.cache_clear()


def trouble(received: Received) -> Step:
    """A model that does to each game something else."""
    number, stage = asked(received)
    good = text(sketch(number) if stage == "information" else program(number))
    turns = len(received.body["messages"])
    if number == 1 and stage == "code" and turns == 2:
        return text("I do not know.")
    if number == 2 and stage == "code":
        return text("I still do not know.")
    if number == 3:
        return completion({"content": None, "refusal": "I would rather not."})
    if number == 4 and stage == "code":
        return text("```python\nimport", finish="length")
    if number == 5 and stage == "code":
        return status(400, "stopped by the content filter", error_code="content_filter")
    if number == 6 and stage == "information" and turns == 2:
        return text("no JSON")
    if number == 7 and stage == "code":
        return status(500, "trouble")
    return good


def comparable(folder: Path) -> list[dict[str, Any]]:
    """Rows without what tells servers apart: costs, and addresses in messages."""
    found = rows(folder)
    for row in found:
        del row["cost"], row["message"]
    return found


def bodies(sent: list[dict[str, Any]]) -> list[str]:
    """Bodies without what says that a reply may come piece by piece, as it cannot in a batch."""
    alike = [{n: v for n, v in body.items() if not n.startswith("stream")} for body in sent]
    return sorted({json.dumps(body, sort_keys=True) for body in alike})


def test_results_and_requests_are_those_of_the_local_engine(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 9)
    fields: dict[str, Any] = {"temperature": 0.5, "reply_tokens": 4000}
    with FakeService(choose(trouble)) as service:
        work = batch_of(corpus, tmp_path / "local", [model(service.base_url, **fields)])
        asyncio.run(run_batch(work))
        sent = bodies([received.body for received in service.requests])
    with FakeBatchApi(choose(trouble)) as api:
        run(api, corpus, tmp_path / "waves", **fields)
        assert bodies([body for _, body in api.asked]) == sent
    assert comparable(tmp_path / "waves") == comparable(tmp_path / "local")
    causes = ["compiled", "compiled", "CompilationError", "RefusalError", "TruncatedError"]
    causes += ["RefusalError", "compiled", "UnavailableError", "compiled"]
    assert statuses(tmp_path / "waves") == causes
    whole, half = (sum(row["cost"] for row in rows(tmp_path / name)) for name in ("local", "waves"))
    assert 0 < half == pytest.approx(DISCOUNT * whole)


def test_a_reply_at_its_limit_goes_on_in_the_next_wave(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)

    def short(received: Received) -> Step:
        number, stage = asked(received)
        whole = sketch(number) if stage == "information" else program(number)
        if number or stage == "information":
            return text(whole)
        turns = received.body["messages"]
        return text(whole[200:]) if len(turns) > 2 else text(whole[:200], finish="length")

    with FakeBatchApi(choose(short)) as api:
        run(api, corpus, tmp_path / "run")
        assert len(api.batches) == 3
        assert_paid_once(api)
    found = rows(tmp_path / "run")
    assert [row["status"] for row in found] == ["compiled"] * 2
    assert ["went on once" in "".join(row["notes"]) for row in found] == [True, False]


def test_samples_and_several_models_make_one_batch_a_model(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)

    def models(url: str) -> list[OpenAIModel]:
        return [model(url, "one"), model(url, "two")]

    with FakeService(author()) as service:
        work = batch_of(corpus, tmp_path / "local", models(service.base_url), samples=2)
        asyncio.run(run_batch(work))
    with FakeBatchApi(author()) as api:
        work = batch_of(corpus, tmp_path / "waves", models(api.base_url), samples=2)
        asyncio.run(openai_batch.run_waves(work, wait=True))
        assert [batch.counts["total"] for batch in api.batches.values()] == [4, 4, 4, 4]
        asked_of = [{entry["body"]["model"] for entry in b.lines} for b in api.batches.values()]
        assert asked_of == [{"one"}, {"two"}, {"one"}, {"two"}]
    assert comparable(tmp_path / "waves") == comparable(tmp_path / "local")
    assert [(row["agreeing"], row["samples"]) for row in rows(tmp_path / "waves")] == [(4, 4)] * 2


def test_starts_that_do_not_wait_go_on_from_each_other(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    told: list[str] = []
    with FakeBatchApi(author()) as api:
        count = start_until_done(api, corpus, tmp_path / "run", tell=told.append)
        assert count > 4
        assert len(api.batches) == 2
        assert_paid_once(api)
        last = run(api, corpus, tmp_path / "run", wait=False)
    assert statuses(tmp_path / "run") == ["compiled"] * 3
    assert (last.before, last.done, last.total) == (3, 0, 3)
    assert "wave 1: 0 of 3 requests answered; batches: 1 validating; start the same" in told[0]
    assert any(re.search(r"completed: 3 of 3 answered, \$0\.\d{4}$", line) for line in told), told
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert summary["compiled"] == 3
    assert list((tmp_path / "run/waves/1-of-1/files").iterdir()) == []


def test_files_are_split_by_count_and_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 5)
    with FakeBatchApi(author()) as api:
        monkeypatch.setattr(openai_batch.engine, "Drafts", partial(Drafts, most_requests=2))
        run(api, corpus, tmp_path / "run")
        assert [batch.counts["total"] for batch in api.batches.values()] == [2, 2, 1] * 2
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled"] * 5
    request = Request("code", (Message("user", "é" * 50),), "")
    drafts = Drafts(tmp_path, "x", 1, most_bytes=1000)
    for number in range(20):
        body = {"model": "m", "messages": [{"role": "user", "content": "é" * 50}]}
        drafts.add(f"{number:032d}", "0" * 32, request, body)
    drafts.close()
    sizes = [(tmp_path / job.name).stat().st_size for job in drafts.jobs]
    assert sizes == [job.size for job in drafts.jobs]
    assert 700 < max(sizes) <= 1000
    assert sum(job.requests for job in drafts.jobs) == 20


@pytest.mark.parametrize("unwritten", [False, True])
def test_a_batch_that_expires_keeps_what_it_answered(tmp_path: Path, unwritten: bool) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 5)
    with FakeBatchApi(author()) as api:
        api.answered = lambda number: 2 if number == 0 else None
        api.unwritten = unwritten
        run(api, corpus, tmp_path / "run")
        assert [b.status for b in api.batches.values()] == ["expired", "completed", "completed"]
        assert [batch.counts["total"] for batch in api.batches.values()] == [5, 5, 3]
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled"] * 5


def test_a_wave_without_any_answer_ends_the_start_and_not_the_run(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    with FakeBatchApi(author()) as api:
        api.answered = lambda number: 0 if number == 0 else None
        with pytest.raises(UnavailableError, match="answered nothing: its batches expired"):
            run(api, corpus, tmp_path / "run")
        assert len(api.batches) == 1
        run(api, corpus, tmp_path / "run")
    assert statuses(tmp_path / "run") == ["compiled"] * 2


def test_trouble_of_the_service_is_tried_three_times_by_every_start(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    down, tries = threading.Event(), [0]
    down.set()

    def troubled(received: Received) -> Step:
        if asked(received)[0] != 1 or not down.is_set():
            return author()
        tries[0] += 1
        return status(503, "away")

    with FakeBatchApi(choose(troubled)) as api:
        for expected in (3, 6):
            run(api, corpus, tmp_path / "run")
            assert tries == [expected]
            assert statuses(tmp_path / "run") == ["compiled", "UnavailableError", "compiled"]
        down.clear()
        run(api, corpus, tmp_path / "run")
    assert statuses(tmp_path / "run") == ["compiled"] * 3


def test_a_service_that_is_away_ends_the_start(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 20)
    with FakeBatchApi(status(503, "away")) as api:
        with pytest.raises(UnavailableError, match=r"answered nothing: .* answers 503: away"):
            run(api, corpus, tmp_path / "run")
        assert len(api.batches) == 1
    assert rows(tmp_path / "run") == []


def test_parameters_that_are_refused_are_left_out_from_then_on(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)

    def strict(received: Received) -> Step:
        if "temperature" in received.body:
            return status(400, "temperature is not supported with this model", param="temperature")
        return author()

    with FakeBatchApi(choose(strict)) as api:
        start_until_done(api, corpus, tmp_path / "run", temperature=0.5)
        shapes = [
            "temperature" in entry["body"]
            for batch in api.batches.values()
            for entry in batch.lines
        ]
        assert shapes[:4] == [True, True, False, False]
        assert not any(shapes[4:])
    assert statuses(tmp_path / "run") == ["compiled"] * 2


def test_failed_texts_are_tried_anew_only_when_asked(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    learnt = threading.Event()

    def teacher(received: Received) -> Step:
        return author() if learnt.is_set() or asked(received)[0] != 1 else text("I do not know.")

    with FakeBatchApi(choose(teacher)) as api:
        run(api, corpus, tmp_path / "run")
        assert statuses(tmp_path / "run") == ["compiled", "ReplyError", "compiled"]
        paid = len(api.asked)
        learnt.set()
        run(api, corpus, tmp_path / "run")
        assert len(api.asked) == paid
        assert run(api, corpus, tmp_path / "run", wait=False, retry_failed=True).before == 2
        start_until_done(api, corpus, tmp_path / "run")
        assert len(api.asked) == paid + 2
    assert statuses(tmp_path / "run") == ["compiled"] * 3
    assert rows(tmp_path / "run")[1]["tried"] == 1


def test_shards_and_limits_are_the_whole_in_parts(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 5)
    with FakeBatchApi(author()) as api:
        run(api, corpus, tmp_path / "one")
        paid = len(api.asked)
        run(api, corpus, tmp_path / "two", shard=(1, 2), limit=2)
        assert len(rows(tmp_path / "two")) == 2
        run(api, corpus, tmp_path / "two", shard=(1, 2))
        run(api, corpus, tmp_path / "two", shard=(2, 2))
        assert len(api.asked) == 2 * paid
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_engines_go_on_from_each_other(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 4)

    def local(limit: int | None = None) -> None:
        # The address is no part of this manifest: `place` is the command's.
        work = batch_of(corpus, tmp_path / "run", [model(service.base_url)], limit=limit)
        asyncio.run(run_batch(work))

    with FakeService(author()) as service, FakeBatchApi(author()) as api:
        local(limit=1)
        for _ in range(5):
            run(api, corpus, tmp_path / "run", wait=False)
        assert len(api.asked) == 3
        local()
        assert len(service.requests) == 2 + 3
    assert statuses(tmp_path / "run") == ["compiled"] * 4


def test_a_deleted_game_is_made_again_without_a_call(tmp_path: Path) -> None:
    corpus, folder = write_corpus(tmp_path / "c.jsonl", 4), tmp_path / "run"
    with FakeBatchApi(author()) as api:
        run(api, corpus, folder)
        whole = {file.parent.name: file.read_bytes() for file in folder.glob("games/*/game.efg")}
        before, told = rows(folder), []
        shutil.rmtree(folder / "games/g1")
        shutil.rmtree(folder / "games/g3")
        progress = run(api, corpus, folder, wait=False, tell=told.append)
        assert (progress.compiled, progress.before, progress.outstanding) == (2, 2, 0)
        assert sum("is lost, and is made again" in words for words in told) == 2
        assert_paid_once(api)
    made = {file.parent.name: file.read_bytes() for file in folder.glob("games/*/game.efg")}
    assert (made, rows(folder)) == (whole, before)


def test_a_budget_bounds_what_is_sent(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 8)
    with FakeBatchApi(author()) as api:
        with pytest.raises(BudgetError) as refused:
            run(api, corpus, tmp_path / "none", budget=Budget(cost=1e-6))
        expected = re.search(r"about \$([\d.]+),", refused.value.message)
        assert expected
        # Before a reply was seen, a request is expected to cost more than it will.
        budget = Budget(cost=1.3 * float(expected[1]))
        with pytest.raises(BudgetError, match="beyond --max-cost"):
            run(api, corpus, tmp_path / "run", budget=budget)
        first = next(iter(api.batches.values()))
        assert first.counts["total"] == 1
        assert 0 < budget.spent.cost <= float(budget.cost or 0)
        assert 1 < len(api.asked) < 16
        assert budget._set_aside.cost == pytest.approx(0)
        run(api, corpus, tmp_path / "run")
        assert_paid_once(api)
        shown = asyncio.run(look(tmp_path / "run", model(api.base_url).settings))
    assert statuses(tmp_path / "run") == ["compiled"] * 8
    total = sum(row["cost"] for row in rows(tmp_path / "run"))
    assert sum(batch.job.cost for batch in shown) == pytest.approx(total)
