"""The Ray engine on a cluster of two machines: what it gives, and what it survives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cluster import QUIET, Machines, command_of, machines
from tests.fakes.openai_server import FakeService, Received, Step, choose, status
from tests.fakes.ordinal_games import asked, author, story
from tests.killing import finish, rows, start, stored, write_corpus

pytest.importorskip("ray")
pytestmark = [
    pytest.mark.process,
    pytest.mark.server,
    pytest.mark.ray,
    pytest.mark.xdist_group("ray"),  # one cluster, not one for each test process
]

TEXTS = 20
AT_ONCE = 4
SLOW = 0.2
PATIENCE = 60.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Machines]:
    with machines(2) as found:
        yield found


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)


def begin(
    cluster: Machines, corpus: Path, run: Path, service: FakeService, *more: str
) -> subprocess.Popen[str]:
    where = ("--engine", "ray", "--ray-address", cluster.address, "--workers", str(AT_ONCE))
    return start(corpus, run, service.base_url, "--no-solve", *where, *more)


def alone(corpus: Path, run: Path, *more: str) -> list[dict[str, object]]:
    """The rows of an undisturbed run of one process."""
    with FakeService(author()) as service:
        finish(start(corpus, run, service.base_url, "--no-solve", *more))
    return rows(run)


def wait_for(met: Callable[[], object], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not met():
        assert process.poll() is None, process.communicate()[1]
        if time.monotonic() > end:
            pytest.fail("it did not come")
        time.sleep(0.02)


def replies_of(run: Path) -> int:
    """How many replies are stored, whole or not."""
    return sum(file.read_bytes().count(b"\n") for file in run.glob("parts/replies-*.jsonl"))


def workers_of(cluster: Machines) -> list[int]:
    return [pid for pid, command in cluster.processes().items() if "ray::Worker" in command]


def check_paid_once(service: FakeService, run: Path) -> None:
    """Every call is stored once, and only those under way at the one kill were asked again."""
    assert len(stored(run)) == 2 * TEXTS
    requests = [asked(received) for received in service.requests]
    assert set(requests) == {(i, stage) for i in range(TEXTS) for stage in ("information", "code")}
    assert len(requests) - len(set(requests)) <= AT_ONCE


def test_a_cluster_gives_what_one_process_and_two_shards_give(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 8)
    seen: dict[int, str] = {}
    with FakeService(author(SLOW)) as service:
        process = start(
            corpus,
            tmp_path / "ray",
            service.base_url,
            *("--engine", "ray", "--ray-address", cluster.address, "--workers", str(AT_ONCE)),
        )
        while process.poll() is None:
            seen |= cluster.processes()
            time.sleep(0.05)
        finish(process)
        assert len(service.requests) == 16
    with FakeService(author()) as service:
        finish(start(corpus, tmp_path / "one", service.base_url))
        for shard in ("1/2", "2/2"):
            finish(start(corpus, tmp_path / "two", service.base_url, "--shard", shard))
    assert rows(tmp_path / "ray") == rows(tmp_path / "one") == rows(tmp_path / "two")
    assert all(row["equilibria"] for row in rows(tmp_path / "ray"))
    assert (tmp_path / "ray/summary.json").read_text() == (
        tmp_path / "one/summary.json"
    ).read_text()
    written = [file.stat().st_size for file in (tmp_path / "ray/parts").glob("results-*-worker-*")]
    assert len(written) == 2
    assert all(written), "one of the two workers did nothing"
    ours = {pid: command for pid, command in seen.items() if "nl2efg" in command}
    assert any("nl2efg.sandbox.worker.main" in command for command in ours.values())
    end = time.monotonic() + PATIENCE
    while left := [pid for pid, command in ours.items() if command_of(pid) == command]:
        if time.monotonic() > end:
            pytest.fail(f"left behind: {left}")
        time.sleep(0.1)


def test_deleted_games_are_made_again_and_names_that_differ_in_case_are_told_apart(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus, run = tmp_path / "c.jsonl", tmp_path / "run"
    lines = [{"id": name, "text": story(n)} for n, name in enumerate(["Game", "GAME", "other"])]
    corpus.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with FakeService(author()) as service:
        finish(begin(cluster, corpus, run, service))
        made = {file.parent.name: file.read_bytes() for file in run.glob("games/*/game.efg")}
        assert len({name.casefold() for name in made}) == 3
        shutil.rmtree(run / "games")
        assert "is made again from what is kept" in finish(begin(cluster, corpus, run, service))
        assert len(service.requests) == 6, "a call was repeated"
    assert {file.parent.name: file.read_bytes() for file in run.glob("games/*/game.efg")} == made


def test_a_killed_driver_loses_nothing_and_either_engine_goes_on(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    run = tmp_path / "run"
    with FakeService(author(SLOW)) as service:
        process = begin(cluster, corpus, run, service)
        wait_for(lambda: replies_of(run) >= 10, process)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert 0 < replies_of(run) < 2 * TEXTS
        finish(start(corpus, run, service.base_url, "--no-solve", "--limit", "5"))
        assert len(rows(run)) < TEXTS
        finish(begin(cluster, corpus, run, service, "--workers", "1"))
        check_paid_once(service, run)
    assert rows(run) == alone(corpus, tmp_path / "alone")


def test_a_killed_worker_is_replaced_and_nothing_is_lost(cluster: Machines, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    run = tmp_path / "run"
    with FakeService(author(SLOW)) as service:
        process = begin(cluster, corpus, run, service)
        wait_for(lambda: replies_of(run) >= 10 and len(workers_of(cluster)) == 2, process)
        victim = workers_of(cluster)[0]
        sandboxes = {
            pid: command
            for pid, command in cluster.processes().items()
            if "nl2efg.sandbox.worker.main" in command
        }
        os.kill(victim, signal.SIGKILL)
        assert "a worker has died, and another takes its place" in finish(process)
        check_paid_once(service, run)
    assert len(list(run.glob("parts/results-1-of-1-worker-*.jsonl"))) == 3
    assert rows(run) == alone(corpus, tmp_path / "alone")
    assert not [pid for pid, command in sandboxes.items() if command_of(pid) == command]


def test_an_interrupt_finishes_what_is_under_way_in_the_cluster(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 200)
    run = tmp_path / "run"
    with FakeService(author(SLOW)) as service:
        process = begin(cluster, corpus, run, service)
        wait_for(lambda: replies_of(run) >= 6, process)
        process.send_signal(signal.SIGINT)
        assert "same command" in finish(process, 130)
        kept = rows(run)
        assert 0 < len(kept) < 200
        assert len(service.requests) == 2 * len(kept), "something under way was thrown away"


def test_a_pause_that_one_worker_is_asked_for_holds_for_all(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 12)
    came: list[float] = []
    pause = 2.5

    def once_troubled(received: Received) -> Step:
        came.append(time.monotonic())
        return status(429, retry_after=str(pause)) if len(came) == 9 else author()

    with FakeService(choose(once_troubled)) as service:
        finish(begin(cluster, corpus, tmp_path / "run", service))
    asked_to_wait = came[8]
    # Of the fifteen calls that were left, those that were sent before the others heard of it.
    early = [moment for moment in came if asked_to_wait < moment < asked_to_wait + pause * 0.9]
    assert len(early) <= 2 * AT_ONCE
    assert len(rows(tmp_path / "run")) == 12


def test_requests_a_minute_and_the_budget_are_the_clusters(
    cluster: Machines, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 12)
    prices = ("--price-in", "1", "--price-out", "1")
    came: list[float] = []

    def noted(_: Received) -> Step:
        came.append(time.monotonic())
        return author()

    with FakeService(choose(noted)) as service:
        capped = begin(cluster, corpus, tmp_path / "run", service, *prices, "--max-cost", "0.012")
        assert "--max-cost" in finish(capped, 3)
        kept = rows(tmp_path / "run")
        assert 0 < len(kept) < 12
        assert all(row["status"] == "compiled" for row in kept)
        assert sum(float(row["cost"]) for row in kept) <= 0.012
        came.clear()
        finish(begin(cluster, corpus, tmp_path / "run", service, *prices, "--rpm", "120"))
        assert len(service.requests) == 24, "a paid reply was paid for again"
    # The first request may come late, as a new client takes its time; without the limit all are
    # there in a fraction of this.
    assert came[-1] - came[0] >= (len(came) - 1) * 60 / 120 * 0.6
    assert len(rows(tmp_path / "run")) == 12


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
def test_a_cluster_whose_head_is_lost_ends_the_run_with_a_word(
    tmp_path: Path, how: signal.Signals
) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    hurry = threading.Event()

    def slow(_: Received) -> Step:
        return author() if hurry.is_set() or len(service.requests) <= AT_ONCE else author(40.0)

    with FakeService(choose(slow)) as service:
        with machines(1) as other:
            process = begin(other, corpus, tmp_path / "run", service)
            wait_for(lambda: stored(tmp_path / "run"), process)
            head = head_of(other)
            os.kill(head, how)
            try:
                said = finish(process, 3)
            finally:
                with suppress(ProcessLookupError):
                    os.kill(head, signal.SIGCONT)
        assert "head of the Ray cluster" in said
        assert "start the same command again" in said
        assert (tmp_path / "run/summary.json").is_file()
        hurry.set()
        finish(start(corpus, tmp_path / "run", service.base_url, "--no-solve"))
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * TEXTS


def test_a_run_ends_though_the_head_hangs_when_all_is_done(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    stopped = threading.Event()

    def late(_: Received) -> Step:
        stopped.wait(60)
        return author()

    with FakeService(choose(late)) as service, machines(1) as other:
        process = begin(other, corpus, tmp_path / "run", service)
        wait_for(lambda: service.requests, process)
        head = head_of(other)
        os.kill(head, signal.SIGSTOP)
        stopped.set()
        try:
            finish(process)
        finally:
            os.kill(head, signal.SIGCONT)
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 2


def head_of(cluster: Machines) -> int:
    """The process at the head of a cluster."""
    siblings = children_of(parent_of(cluster.roots[0]))
    (head,) = [pid for pid in siblings if "gcs_server" in command_of(pid)]
    return head


def parent_of(pid: int) -> int:
    """The process that started another one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> list[int]:
    """The processes that it started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(word) for task in tasks for word in (task / "children").read_text().split()]
