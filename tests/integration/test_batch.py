"""Runs: what survives, what is refused, what the results say."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from nl2efg.batch import Batch, Corpus, Pace, Progress, export, read_rows, run_batch
from nl2efg.batch import unit as work
from nl2efg.batch.storage.append_log import Part, entry_at, read_entries
from nl2efg.batch.storage.game_folder import game_folder
from nl2efg.batch.storage.ledger import Ledger
from nl2efg.batch.survey import Survey
from nl2efg.errors import BudgetError, NotFoundError, UserError
from nl2efg.formats import load_efg
from nl2efg.models.budget import FIRST_REPLY, Budget, Price
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.openai.retry import RetryPolicy
from nl2efg.models.settings import Settings
from tests.fakes.openai_server import FakeService, Received, Step, choose, drop, half, status, text
from tests.fakes.ordinal_games import asked, author, ordinal_games, program, sketch, story
from tests.killing import finish, kill_and_resume, rows, start, write_corpus

pytestmark = [pytest.mark.process, pytest.mark.server]


def run(
    service: FakeService,
    corpus: Path,
    folder: Path,
    *,
    shard: tuple[int, int] = (1, 1),
    limit: int | None = None,
    retry_failed: bool = False,
    budget: Budget | None = None,
    stop: threading.Event | None = None,
    tries: int = 6,
    deadline: float = 600.0,
    id_column: str = "id",
    text_column: str = "text",
    tell: Callable[[str], None] = lambda _: None,
) -> Progress:
    pace = Pace()
    settings = Settings("fake", service.base_url, price=Price(1.0, 1.0))
    model = OpenAIModel(
        settings,
        budget or Budget(),
        pace.gate,
        RetryPolicy(tries=tries, first=0.01, deadline=deadline),
        heard=pace.trouble,
    )
    batch = Batch(
        Corpus(corpus, id_column, text_column),
        folder,
        [model],
        options={"solve_budget": 20.0, "rounds": 1},
        shard=shard,
        limit=limit,
        retry_failed=retry_failed,
    )
    return asyncio.run(run_batch(batch, pace=pace, stop=stop, tell=tell))


def test_there_are_144_strict_ordinal_games() -> None:
    assert len(ordinal_games()) == 144
    assert len({story(number) for number in range(1000)}) == 1000


def test_killed_at_any_instant_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    counts = kill_and_resume(tmp_path, texts=40, kills=3, seed=7)
    assert any(0 < count < 80 for count in counts), "no kill hit a run under way"


def test_the_results_say_what_the_games_are(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "run")
    found = list(read_rows(tmp_path / "run"))
    assert [row.id for row in found] == ["g0", "g1", "g2"]
    for row in found:
        assert (row.status, row.nodes, row.terminals, row.samples) == ("compiled", 7, 4, 1), row
        assert row.equilibria == len(row.payoffs) > 0
        assert row.prompt_tokens > 0
        assert row.cost > 0
        assert row.perfect_recall
        assert not row.perfect_information
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert (summary["compiled"], summary["failed"]) == (3, 0)
    assert len(list((tmp_path / "run/games").rglob("compilation.json.gz"))) == 3


def test_a_server_in_trouble_changes_nothing_but_time(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 12)
    counts: dict[tuple[int, str], int] = {}
    troubles: list[Step] = [status(429, retry_after_ms="20"), status(500), drop, half]

    def troubled(received: Received) -> Step:
        about = asked(received)
        counts[about] = counts.get(about, 0) + 1
        if counts[about] <= about[0] % 3:
            return troubles[(sum(counts.values())) % 4]
        return author()

    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "calm")
    with FakeService(choose(troubled)) as service:
        run(service, corpus, tmp_path / "rough")
        assert len(service.requests) > 24
    assert rows(tmp_path / "rough") == rows(tmp_path / "calm")
    assert all(row["status"] == "compiled" for row in rows(tmp_path / "rough"))


def test_an_outage_is_no_result(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 4)
    down = threading.Event()
    down.set()
    with FakeService(choose(lambda _: status(503) if down.is_set() else author())) as service:
        run(service, corpus, tmp_path / "run", deadline=0.2)
        assert {row["cause"] for row in rows(tmp_path / "run")} == {"UnavailableError"}
        down.clear()
        run(service, corpus, tmp_path / "run")
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 4


def test_a_failed_text_is_tried_anew_only_when_asked(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    learnt = threading.Event()

    def teacher(received: Received) -> Step:
        number, stage = asked(received)
        good = sketch(number) if stage == "information" else program(number)
        return text(good if number != 1 or learnt.is_set() else "I do not know.")

    with FakeService(choose(teacher)) as service:
        run(service, corpus, tmp_path / "run")
        assert [row["status"] for row in rows(tmp_path / "run")][1] == "failed"
        failure = json.loads((tmp_path / "run/failures.jsonl").read_text())
        assert failure["id"] == "g1"
        assert failure["cause"]
        learnt.set()
        before = len(service.requests)
        run(service, corpus, tmp_path / "run")
        assert len(service.requests) == before
        run(service, corpus, tmp_path / "run", retry_failed=True)
        assert len(service.requests) == before + 2
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 3
    assert rows(tmp_path / "run")[1]["tried"] == 1
    assert not (tmp_path / "run/failures.jsonl").read_text()


def test_shards_and_limits_are_the_whole_in_parts(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 7)
    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "one")
        run(service, corpus, tmp_path / "two", shard=(1, 2), limit=2)
        assert len(rows(tmp_path / "two")) == 2
        run(service, corpus, tmp_path / "two", shard=(1, 2))
        run(service, corpus, tmp_path / "two", shard=(2, 2))
        assert len(service.requests) == 28
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_a_spent_budget_stops_cleanly(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 12)
    with FakeService(author()) as service:
        with pytest.raises(BudgetError):
            run(service, corpus, tmp_path / "run", budget=Budget(cost=0.012))
        kept = rows(tmp_path / "run")
        assert len(kept) < 12
        assert all(row["status"] == "compiled" for row in kept)
        run(service, corpus, tmp_path / "run")
        assert len(service.requests) == 24, "a paid reply was paid for again"
    assert len(rows(tmp_path / "run")) == 12


def test_a_budget_is_used_up_before_it_stops(tmp_path: Path) -> None:
    """What is set aside for calls under way is mostly more than they take: they are waited for."""
    corpus = write_corpus(tmp_path / "c.jsonl", 40)
    each = {"prompt_tokens": 2000, "completion_tokens": 100, "total_tokens": 2100}
    pace, budget = Pace(8), Budget(cost=2000.0)
    assert FIRST_REPLY < 2000 < 2 * FIRST_REPLY, "only one call fits until a reply is seen"
    with FakeService(author(0.02, usage=each)) as service:
        settings = Settings("m", service.base_url, price=Price(0.0, 1e6))
        reader = OpenAIModel(settings, budget, pace.gate)
        batch = Batch(Corpus(corpus), tmp_path / "run", [reader], workers=8)
        with pytest.raises(BudgetError):
            asyncio.run(run_batch(batch, pace=pace))
        assert len(service.requests) == 20, "the budget holds 20 calls of 100 dollars"
    assert budget.spent.cost == pytest.approx(2000)


def test_after_an_interrupt_no_unit_is_begun(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 64)
    stop = threading.Event()

    def late(received: Received) -> Step:
        if len(service.requests) == 6:
            stop.set()
        return author(0.4)

    with FakeService(choose(late)) as service:
        pace = Pace(2)
        reader = OpenAIModel(Settings("m", service.base_url), gate=pace.gate)
        batch = Batch(Corpus(corpus), tmp_path / "run", [reader], workers=32)
        asyncio.run(run_batch(batch, pace=pace, stop=stop))
        begun = {asked(one)[0] for one in service.requests[:6]}
        finished = {asked(one)[0] for one in service.requests}
    assert len(begun) < 6, "some had their second call by then"
    assert finished == begun
    assert len(rows(tmp_path / "run")) == len(begun)


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 6)
    append = Part.append
    room = [5]

    def bounded(self: Part, entry: object) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise UserError("the disk is full")
        return append(self, entry)

    with FakeService(author()) as service:
        monkeypatch.setattr(Part, "append", bounded)
        with pytest.raises(UserError, match="full"):
            run(service, corpus, tmp_path / "run")
        monkeypatch.undo()
        run(service, corpus, tmp_path / "run")
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 6


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "part.jsonl"
    file.write_bytes(b'{"a": 1}\n{"b": ')
    assert [entry.data for entry in read_entries(file)] == [{"a": 1}]
    part = Part(file)
    assert entry_at(file, part.append({"c": 3})) == {"c": 3}
    part.close()
    assert file.read_bytes() == b'{"a": 1}\n{"c": 3}\n'


def test_two_processes_do_not_share_a_shard(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path, (1, 2)),
        Ledger(tmp_path, (2, 2)),
        pytest.raises(UserError, match="works"),
    ):
        Ledger(tmp_path, (1, 2))
    with Ledger(tmp_path, (1, 2)) as again:
        assert not again.finished


def test_a_slip_of_ours_ends_one_game_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    compiled = work.run_samples

    async def slipping(models: Any, text: str, options: Any) -> Any:
        if text == story(1):
            raise ZeroDivisionError("a slip")
        return await compiled(models, text, options)

    monkeypatch.setattr(work, "run_samples", slipping)
    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "run")
    found = rows(tmp_path / "run")
    assert [row["status"] for row in found] == ["compiled", "failed", "compiled"]
    assert found[1]["cause"] == "InternalError"
    assert "ZeroDivisionError: a slip" in found[1]["message"]


def test_an_interrupt_finishes_what_is_under_way(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 400)
    with FakeService(author(0.05)) as service:
        process = start(corpus, tmp_path / "run", service.base_url)
        while len(service.requests) < 20 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = finish(process, 130)
        assert "same command" in said
        kept = rows(tmp_path / "run")
        assert 0 < len(kept) < 400
        assert all(row["status"] == "compiled" for row in kept)
        assert len(service.requests) == 2 * len(kept), "something under way was thrown away"


def test_another_run_is_refused_with_what_changed(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "run")
        write_corpus(corpus, 3)
        with pytest.raises(UserError, match=r"texts are not those .*; inputs.units was 2, is 3"):
            run(service, corpus, tmp_path / "run")
        manifest = tmp_path / "run/manifest.json"
        kept = json.loads(manifest.read_text())
        kept["layout"] = 0
        manifest.write_text(json.dumps(kept))
        with pytest.raises(UserError, match=r"layout was 0, is 1"):
            run(service, corpus, tmp_path / "run")
        manifest.write_text("{")
        with pytest.raises(UserError, match="damaged"):
            run(service, corpus, tmp_path / "run")
        with pytest.raises(UserError, match="no run folder"):
            run(service, corpus, tmp_path)


def test_a_renamed_corpus_and_a_moved_run_go_on(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 3)
    with FakeService(author()) as service:
        run(service, corpus, tmp_path / "run", limit=2)
        asked = len(service.requests)
        renamed = corpus.rename(tmp_path / "d.jsonl")
        moved = (tmp_path / "run").rename(tmp_path / "moved")
        run(service, renamed, moved)
        assert len(service.requests) == asked * 3 // 2
        run(service, renamed, moved)
        assert len(service.requests) == asked * 3 // 2
    assert [row["status"] for row in rows(moved)] == ["compiled"] * 3


def files_of_games(folder: Path) -> dict[str, bytes]:
    """Every game of a run, by the name of its folder; of the others who has a record."""
    files = {file.parent.name: b"" for file in folder.glob("games/*/compilation.json.gz")}
    return files | {file.parent.name: file.read_bytes() for file in folder.glob("games/*/game.efg")}


@pytest.mark.parametrize("kept", ["replies", "none", "corpus"])
def test_a_deleted_game_is_made_again_without_a_call(kept: str, tmp_path: Path) -> None:
    corpus, folder, told = write_corpus(tmp_path / "c.jsonl", 9), tmp_path / "run", []
    learnt = threading.Event()

    def teacher(received: Received) -> Step:
        return author() if learnt.is_set() or asked(received)[0] != 1 else text("I do not know.")

    def go_on() -> Progress:
        if kept != "corpus":
            return run(service, corpus, folder, retry_failed=learnt.is_set(), tell=told.append)
        lines = [{"id": f"g{n}", "text": story(n), "reply": program(n)} for n in range(9)]
        replies = tmp_path / "replies.jsonl"
        replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
        batch = Batch(Corpus(replies, reply_column="reply"), folder)
        return asyncio.run(run_batch(batch, tell=told.append))

    with FakeService(choose(teacher)) as service:
        go_on()
        learnt.set()
        go_on()
        before, whole, calls = files_of_games(folder), rows(folder), len(service.requests)
        assert len(before) == 9
        told.clear()
        for number in range(7):
            shutil.rmtree(folder / f"games/g{number}")
        (folder / "games/g7/game.efg").unlink()
        (folder / "games/g8/compilation.json.gz").unlink()
        if kept == "none":
            (folder / "parts/replies-1-of-1.jsonl").unlink()
        progress = go_on()
        assert len(service.requests) == calls, "a call was repeated"
    assert rows(folder) == whole
    if kept == "none":
        assert (progress.done, progress.before) == (0, 9)
        assert all("lost, and the replies that made it are not kept" in word for word in told[:5])
    else:
        assert (progress.compiled, progress.before) == (9, 0)
        assert all("is lost, and is made again from what is kept" in word for word in told[:5])
        assert files_of_games(folder) == before
        assert go_on().done == 0
    assert told[5] == "and 4 more such folders"


def test_a_clock_that_jumps_changes_no_duration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, count()
    monkeypatch.setattr(time, "time", lambda: real() + (-3e8, 0.0, 3e8)[next(jumps) % 3])
    corpus = write_corpus(tmp_path / "c.jsonl", 4)
    with FakeService(author(0.01)) as service:
        progress = run(service, corpus, tmp_path / "run")
    assert progress.rate > 0
    assert all(0.02 < (row.seconds or 0) < 1e6 for row in read_rows(tmp_path / "run"))


def test_a_run_without_files_misses_none(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    with FakeService(author()) as service:
        model = OpenAIModel(Settings("fake", service.base_url))
        batch = Batch(Corpus(corpus), tmp_path / "run", [model], files=False)
        for done in (2, 0):
            assert asyncio.run(run_batch(batch)).done == done


def test_texts_whose_names_differ_in_case_alone_have_a_game_each(tmp_path: Path) -> None:
    corpus, folder = tmp_path / "c.jsonl", tmp_path / "run"
    names = ["Game", "GAME", "other"]
    lines = [{"id": name, "text": story(n)} for n, name in enumerate(names)]
    corpus.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with FakeService(author()) as service:
        for _ in range(2):
            run(service, corpus, folder)
        assert len(service.requests) == 6
    made = [file.name for file in (folder / "games").iterdir()]
    assert len({name.casefold() for name in made}) == 3
    assert export(folder, "efg", tmp_path / "out") == 3
    assert [load_efg(game_folder(folder, name) / "game.efg").title for name in names] == [
        f"Case {number}" for number in range(3)
    ]
    page = (folder / "index.html").read_text()
    assert all(f"games/{quote(name)}/report.html" in page for name in made)


def test_bad_input_is_named_and_the_good_goes_on(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(story(0))
    (texts / "b.txt").write_bytes(b"\xff\xfe\x00")
    (texts / "c.txt").write_text(" \n")
    lines = tmp_path / "c.jsonl"
    good = [json.dumps({"id": name, "text": story(1)}) for name in ("x", "x")]
    lines.write_text("\n".join([*good, "{", json.dumps({"id": "y"})]) + "\n")
    with FakeService(author()) as service:
        run(service, texts, tmp_path / "one")
        run(service, lines, tmp_path / "two")
    one, two = rows(tmp_path / "one"), rows(tmp_path / "two")
    assert [row["status"] for row in one] == ["compiled", "failed", "failed"]
    assert "b.txt: this is not in utf-16: byte 3" in one[1]["message"]
    assert one[2]["cause"] == "DescriptionError"
    assert [row["status"] for row in two] == ["compiled", "failed", "failed", "failed"]
    assert "repeated" in two[1]["message"]
    assert "no JSON" in two[2]["message"]
    assert "'text' is missing" in two[3]["message"]


def test_corpora_of_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(f'name,story\none,"{story(0)}"\n')
    units = list(Corpus(tmp_path / "c.csv", "name", "story").units())
    assert [(unit.id, unit.text) for unit in units] == [("one", story(0))]
    with pytest.raises(UserError, match="no column 'text'; it has name, story"):
        list(Corpus(tmp_path / "c.csv").units())
    with pytest.raises(NotFoundError):
        list(Corpus(tmp_path / "none.csv").units())
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no texts"):
        Survey(Corpus(tmp_path / "empty"))
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"id": ["p"], "text": [story(2)]})
    parquet.write_table(table, tmp_path / "c.parquet")
    assert [unit.text for unit in Corpus(tmp_path / "c.parquet").units()] == [story(2)]
