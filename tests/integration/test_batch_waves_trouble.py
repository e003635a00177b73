"""The engine openai-batch: kills at any instant, full queues, refused files, cancelled batches."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import Batch, Corpus
from nl2efg.batch.engines import openai_batch
from nl2efg.batch.engines.openai_batch import cancel, look, requests
from nl2efg.batch.engines.openai_batch.journal import Journal
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.cli.app import main
from nl2efg.cli.batch import OUTSTANDING
from nl2efg.errors import (
    AuthenticationError,
    NoModelError,
    UnavailableError,
    UserError,
)
from nl2efg.models.budget import Budget
from nl2efg.pipeline import sample
from tests.fakes.batch_api import FakeBatchApi, HangUp
from tests.fakes.openai_server import choose, status
from tests.fakes.ordinal_games import author, story
from tests.killing import finish, rows, start, write_corpus
from tests.openai_client import KEY
from tests.scripted import coin_model
from tests.waves import (
    assert_paid_once,
    batch_of,
    model,
    run,
    statuses,
)

pytestmark = [pytest.mark.process, pytest.mark.server]

TEXTS = 2


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with FakeBatchApi(author()) as api:
        run(api, write_corpus(folder / "c.jsonl", TEXTS), folder / "run")
    return rows(folder / "run")


def killed_at(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, count: int, *, done: bool
) -> Callable[[], bool]:
    """Kill at a method's call of this number, before or after its work; tells whether it did."""
    real, calls = getattr(owner, name), [0]

    def method(self: Any, *given: Any, **fields: Any) -> Any:
        calls[0] += 1
        if calls[0] == count and not done:
            raise Killed
        found = real(self, *given, **fields)
        if calls[0] == count:
            raise Killed
        return found

    monkeypatch.setattr(owner, name, method)
    return lambda: calls[0] >= count


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(
    ("owner", "name", "least"),
    [(Journal, "save", 15), (Ledger, "keep_reply", 4), (Ledger, "keep_row", 2)],
)
def test_killed_beside_any_step_it_goes_on(
    owner: type,
    name: str,
    least: int,
    done: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: list[dict[str, Any]],
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    for count in range(1, 100):
        folder = tmp_path / f"run-{count}"
        with FakeBatchApi(author()) as api:
            with monkeypatch.context() as patch:
                was_killed = killed_at(patch, owner, name, count, done=done)
                with suppress(Killed):
                    run(api, corpus, folder)
            run(api, corpus, folder)
            assert_paid_once(api)
            assert len(api.batches) == 2
        assert rows(folder) == undisturbed
        replies = [
            (entry["unit"], entry["call"])
            for file in (folder / "parts").glob("replies-*.jsonl")
            for entry in map(json.loads, file.read_text().splitlines())
        ]
        assert len(replies) == len(set(replies)) == 2 * TEXTS
        if not was_killed():
            break
    assert count > least


@pytest.mark.parametrize(
    ("call", "starts", "done"),
    [
        ("POST /files", 0, False),
        ("POST /files", 0, True),
        ("POST /batches", 0, False),
        ("POST /batches", 0, True),
        ("GET /batches/batch_0002", 1, False),
        ("GET /files/file-0003/content", 3, False),
    ],
)
def test_killed_with_9_while_the_service_is_asked(
    call: str,
    starts: int,
    done: bool,
    tmp_path: Path,
    undisturbed: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    engine = ("--engine", "openai-batch", "--price-in", "1", "--price-out", "4")
    reached, over = threading.Event(), threading.Event()

    def hook(method: str, path: str) -> None:
        if f"{method} {path}" == call and not reached.is_set():
            reached.set()
            over.wait(60)
            raise HangUp

    with FakeBatchApi(author()) as api:
        more = ("--base-url", api.base_url, "--model", "fake", *engine)

        def start_here() -> None:
            with suppress(SystemExit):
                main(["batch", str(corpus), "-o", str(tmp_path / "run"), *more])

        for _ in range(starts):
            start_here()
        setattr(api, "after" if done else "before", hook)
        process = start(corpus, tmp_path / "run", api.base_url, *engine)
        assert reached.wait(60)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        over.set()
        while len(rows(tmp_path / "run")) < TEXTS:
            start_here()
        assert_paid_once(api)
        assert len(api.batches) == 2
        assert len(api.uploads) == 2
    assert rows(tmp_path / "run") == undisturbed


@pytest.mark.parametrize("call", ["POST /files", "POST /batches", "GET /batches/batch_0002"])
def test_an_answer_that_is_lost_is_not_paid_for_again(
    call: str, tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    lost = [2]

    def hook(method: str, path: str) -> None:
        if f"{method} {path}" == call and lost[0]:
            lost[0] -= 1
            raise HangUp

    with FakeBatchApi(author()) as api:
        api.after = hook
        api.torn = 2
        run(api, corpus, tmp_path / "run", tries=5)
        assert lost == [0] or call == "POST /batches"
        assert api.torn == 0
        assert_paid_once(api)
        assert len(api.batches) == 2
    assert rows(tmp_path / "run") == undisturbed


@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_answers_that_are_cut_are_asked_for_again(
    kept: float, tmp_path: Path, undisturbed: list[dict[str, Any]]
) -> None:
    """Every call's first answer ends early, files' contents too; its length is what is left."""
    corpus, seen = write_corpus(tmp_path / "c.jsonl", TEXTS), set[str]()

    def cut(call: str, content: bytes) -> bytes:
        first = call not in seen
        seen.add(call)
        return content[: int(kept * len(content))] if first else content

    with FakeBatchApi(author()) as api:
        api.cut = cut
        run(api, corpus, tmp_path / "run", tries=5)
        assert_paid_once(api)
        assert len(api.batches) == 2
    assert {call.split("?")[0].split("/file-")[0] for call in seen} >= {
        "POST /v1/files", "POST /v1/batches", "GET /v1/batches", "GET /v1/files"
    }  # fmt: skip
    assert rows(tmp_path / "run") == undisturbed


def test_other_peoples_batches_do_not_hide_ours(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)

    def hook(method: str, path: str) -> None:
        if (method, path) == ("POST", "/batches"):
            api.after = lambda *_: None
            (made,) = api.batches.values()
            for number in range(250):
                other = type(made)(f"batch_x{number}", "file-0000", made.created_at + 1, None)
                api.batches[other.id] = other
            raise HangUp

    with FakeBatchApi(author()) as api:
        api.after = hook
        run(api, corpus, tmp_path / "run")
        assert_paid_once(api)
        assert sum(batch.id.startswith("batch_0") for batch in api.batches.values()) == 2
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_a_queue_with_room_for_a_part_takes_one_after_the_other(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 8)
    told: list[str] = []
    with FakeBatchApi(author()) as api:
        run(api, corpus, tmp_path / "whole")
        whole = max(batch.tokens for batch in api.batches.values())
    with FakeBatchApi(author()) as api:
        api.queue = whole // 3
        budget = Budget(cost=1.0)
        run(api, corpus, tmp_path / "run", tell=told.append, budget=budget)
        assert_paid_once(api)
        assert any(batch.status == "failed" for batch in api.batches.values())
    assert any("not sent yet" in line for line in told)
    assert budget.spent.cost == pytest.approx(sum(row["cost"] for row in rows(tmp_path / "run")))
    assert budget._set_aside.cost == pytest.approx(0)
    assert rows(tmp_path / "run") == rows(tmp_path / "whole")


def test_a_queue_that_others_fill_is_waited_for(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    told: list[str] = []
    words = "Enqueued token limit reached for fake. Limit: 90,000,000 enqueued tokens."
    with FakeBatchApi(author()) as api:
        real = api._create
        refusals = [3]

        def create(given: dict[str, Any]) -> Any:
            if refusals[0]:
                refusals[0] -= 1
                api.fail(429, words, "token_limit_exceeded")
            return real(given)

        api._create = create  # type: ignore[method-assign]
        run(api, corpus, tmp_path / "run", tell=told.append)
    assert sum("other batches fill the queue" in line for line in told) == 1
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_a_file_that_is_refused_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    with FakeBatchApi(author()) as api:
        with monkeypatch.context() as patch:
            patch.setattr(requests, "ENDPOINT", "/v1/elsewhere")
            with pytest.raises(
                UnavailableError, match=r"-01-001\.jsonl:1: The URL does not"
            ) as raised:
                run(api, corpus, tmp_path / "run")
        named = raised.value.message.split(": ")[1].rpartition(":")[0]
        assert len(Path(named).read_text().splitlines()) == TEXTS
        run(api, corpus, tmp_path / "run")
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_cancelled_batches_keep_what_they_answered(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 4)
    folder = tmp_path / "run"
    with FakeBatchApi(author()) as api:
        api.stuck = True
        run(api, corpus, folder, wait=False)
        run(api, corpus, folder, wait=False)
        settings = model(api.base_url).settings
        (shown,) = asyncio.run(look(folder, settings))
        assert (shown.job.status, shown.job.answered) == ("in_progress", 0)
        (shown,) = asyncio.run(cancel(folder, settings))
        assert shown.job.status == "cancelling"
        api.stuck = False
        run(api, corpus, folder)
        assert [batch.counts["total"] for batch in api.batches.values()] == [4, 4, 2]
        assert_paid_once(api)
    assert statuses(folder) == ["compiled"] * 4


def test_a_batch_cancelled_elsewhere_ends_the_waiting(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 4)
    stop, told = threading.Event(), []

    def tell(words: str) -> None:
        told.append(words)
        if "in_progress" in words:
            for batch in api.batches.values():
                batch.status = "cancelling"

    with FakeBatchApi(author()) as api:
        api.stuck = True
        run(api, corpus, tmp_path / "run", stop=stop, tell=tell)
        assert stop.is_set()
        assert len(api.batches) == 1
        assert len(api.asked) == 2
    assert any("was cancelled" in words for words in told)


def test_stopped_while_it_waits_it_leaves_batches_running(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    options = ("--engine", "openai-batch", "--wait")
    with FakeBatchApi(author()) as api:
        api.stuck = True
        process = start(corpus, tmp_path / "run", api.base_url, *options)
        while not any(call.startswith("GET /batches/") for call in api.calls):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = finish(process, 130)
        assert "batches go on at the service; start the same command again" in said
        assert "--cancel" in said
        assert not any("cancel" in call for call in api.calls)


def test_answers_and_requests_that_are_gone_are_said_to_be(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    with FakeBatchApi(author()) as api:
        for _ in range(3):
            run(api, corpus, tmp_path / "run", wait=False)
        kept = dict(api.files)
        api.files.clear()
        with pytest.raises(NoModelError, match="answers are kept for 30 days") as raised:
            run(api, corpus, tmp_path / "run")
        assert f"remove {tmp_path / 'run/waves/1-of-1'} to" in raised.value.hint
        api.files.update(kept)
        (file,) = (tmp_path / "run/waves/1-of-1/files").glob("*.jsonl")
        content = file.read_bytes()
        file.unlink()
        with pytest.raises(UserError, match=r"-01-001\.jsonl is missing"):
            run(api, corpus, tmp_path / "run")
        file.write_bytes(content)
        run(api, corpus, tmp_path / "run")
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_a_slip_of_ours_ends_one_game_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    real = sample.check

    def slipping(tree: Any, *, text: str, **fields: Any) -> Any:
        if text == story(1):
            raise ZeroDivisionError("a slip")
        return real(tree, text=text, **fields)

    monkeypatch.setattr(sample, "check", slipping)
    with FakeBatchApi(author()) as api:
        run(api, corpus, tmp_path / "run", samples=2)
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled", "InternalError", "compiled"]


def test_a_service_in_trouble_loses_nothing(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    with FakeBatchApi(author()) as api:
        real, down = api._route, threading.Event()

        def route(*given: Any) -> Any:
            if down.is_set():
                api.fail(503, "away")
            return real(*given)

        api._route = route  # type: ignore[method-assign]
        for _ in range(12):
            down.set()
            with pytest.raises(UnavailableError, match=r"Batch API at .* answers 503: away"):
                run(api, corpus, tmp_path / "run", wait=False)
            down.clear()
            if run(api, corpus, tmp_path / "run", wait=False).compiled:
                break
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_keys_services_and_settings_that_cannot_be_used(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    with FakeBatchApi(author(), key=KEY) as api:
        with pytest.raises(AuthenticationError, match="answers 401: Incorrect API key"):
            run(api, corpus, tmp_path / "run", key="sk-other-0123456789")
        run(api, corpus, tmp_path / "run", key=KEY)
        assert KEY not in (tmp_path / "run/waves/1-of-1/journal.json").read_text()
        with pytest.raises(UserError, match="repairs at most once, not 2 times"):
            run(api, corpus, tmp_path / "two", rounds=2)
        with (
            Journal(tmp_path / "run", (1, 1), ""),
            pytest.raises(UserError, match="another process works"),
        ):
            run(api, corpus, tmp_path / "run", key=KEY)
        journal = tmp_path / "run/waves/1-of-1/journal.json"
        journal.write_text(journal.read_text().replace('"place":', '"places":'))
        with pytest.raises(UserError, match=r"journal.json is damaged: place: Field"):
            run(api, corpus, tmp_path / "run", key=KEY)
        work = batch_of(corpus, tmp_path / "three", [model(f"{api.base_url}/elsewhere", key=KEY)])
        with pytest.raises(NoModelError, match="answers 404") as raised:
            asyncio.run(openai_batch.run_waves(work))
    assert "--engine local" in raised.value.hint
    with pytest.raises(UserError, match="needs a service with OpenAI's Batch API"):
        asyncio.run(
            openai_batch.run_waves(Batch(Corpus(corpus), tmp_path / "four", [coin_model()]))
        )
    with pytest.raises(UserError, match="replays ask none"):
        asyncio.run(
            openai_batch.run_waves(Batch(Corpus(corpus, reply_column="reply"), tmp_path / "five"))
        )


def test_an_error_that_all_requests_meet_ends_the_start(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    credit = threading.Event()
    poor = status(429, "You exceeded your current quota", kind="insufficient_quota")
    with FakeBatchApi(choose(lambda _: author() if credit.is_set() else poor)) as api:
        with pytest.raises(UnavailableError, match="429: You exceeded") as raised:
            run(api, corpus, tmp_path / "run")
        assert "no credit left" in raised.value.hint
        assert rows(tmp_path / "run") == []
        credit.set()
        run(api, corpus, tmp_path / "run")
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    write_corpus(tmp_path / "c.jsonl", 2)

    def said(*arguments: str, code: int = 0, or_else: int = 0) -> tuple[str, str]:
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        assert (ended.value.code or 0) in (code, or_else or code)
        found = capsys.readouterr()
        return found.out, found.err

    with FakeBatchApi(author(), key=KEY) as api:
        asked = ("--base-url", api.base_url, "--model", "fake")
        engine = ("batch", "c.jsonl", "-o", "run", *asked, "--engine", "openai-batch")
        api.stuck = True
        assert "wave 1: 0 of 2 requests answered" in said(*engine, code=OUTSTANDING)[1]
        shown = json.loads(said("waves", "run", "--base-url", api.base_url, "--json")[0])
        assert [(job["wave"], job["status"], job["model"]) for job in shown] == [
            (1, "in_progress", "fake")
        ]
        assert "in_progress" in said("waves", "run", "--base-url", api.base_url)[0]
        assert "not at https://api.openai.com/v1" in said("waves", "run", code=2)[1]
        api.stuck = False
        for _ in range(9):
            words = said(*engine, "-q", or_else=OUTSTANDING)[1]
            assert "wave" not in words
        assert "2 were finished before" in words
        assert "2 of 2 answered  collected" in said("waves", "run", "--base-url", api.base_url)[0]
        assert "cancelling" not in said("waves", "run", "--base-url", api.base_url, "--cancel")[0]
    assert "has no batches" in said("waves", "elsewhere", code=2)[1]
    assert "--wait is for" in said("batch", "c.jsonl", "-o", "x", "--wait", code=2)[1]
