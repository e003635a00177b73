"""Runs in trouble: full disks, replies that are cut, limits of tokens, corpora with holes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from nl2efg.batch import Corpus
from nl2efg.batch.survey import Survey
from nl2efg.errors import UserError
from tests.fakes.openai_server import FakeService, Received, Step, choose, status, text
from tests.fakes.ordinal_games import asked, author, program, sketch, story
from tests.killing import finish, rows, start, stored, write_corpus

pytestmark = [pytest.mark.process, pytest.mark.server]

TEXTS = 24
WORKERS = ("--workers", "8", "--no-solve")

LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from nl2efg.cli import main
main(sys.argv[2:])
"""


def check_whole(run: Path, service: FakeService, requests: int, lost: int) -> None:
    """All is there; of what was answered before the trouble only what was not kept came again."""
    assert [row["status"] for row in rows(run)] == ["compiled"] * TEXTS
    assert len(stored(run)) == 2 * TEXTS
    assert len(service.requests) - requests == 2 * TEXTS - lost
    assert not [file for file in run.rglob(".*") if file.is_file()], "litter"


def test_a_file_that_cannot_grow_loses_nothing(tmp_path: Path) -> None:
    """The kernel writes a part of a line and then refuses: as on a full disk, without one."""
    corpus, run = write_corpus(tmp_path / "c.jsonl", TEXTS), tmp_path / "run"
    with FakeService(author()) as service:
        bounded = [sys.executable, "-c", LIMITED, "9000", "batch", str(corpus), "-o", str(run)]
        where = ["--base-url", service.base_url, "--model", "fake", *WORKERS]
        done = subprocess.run([*bounded, *where], capture_output=True, text=True, timeout=120)
        assert done.returncode == 2, done.stderr
        assert re.search(r"cannot be written: File too large", done.stderr)
        assert "make room and start the same command again" in done.stderr
        kept, requests = len(stored(run)), len(service.requests)
        assert 0 < kept < 2 * TEXTS
        assert requests - kept <= 8
        finish(start(corpus, run, service.base_url, *WORKERS))
        check_whole(run, service, requests, kept)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for little."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a file system can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", TEXTS), small_disk / "run"
    with FakeService(author()) as service:
        said = finish(start(corpus, run, service.base_url, *WORKERS), 2)
        assert "cannot be written: No space left on device" in said
        assert "make room and start the same command again" in said
        kept, requests = len(stored(run)), len(service.requests)
        assert 0 < kept < 2 * TEXTS
        assert requests - kept <= 8
        again = finish(start(corpus, run, service.base_url, *WORKERS), 2)
        assert "No space left on device" in again
        kept, requests = len(stored(run)), len(service.requests)
        subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
        finish(start(corpus, run, service.base_url, *WORKERS))
        check_whole(run, service, requests, kept)


def test_a_reply_cut_at_the_token_limit_is_one_texts_trouble(tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", 6), tmp_path / "run"

    def cut(received: Received) -> Step:
        number, stage = asked(received)
        return (
            text("```python\ng =", finish="length") if (number, stage) == (2, "code") else author()
        )  # asked to go on, it says the same once more: nothing new

    with FakeService(choose(cut)) as service:
        finish(start(corpus, run, service.base_url, *WORKERS))
        found = rows(run)
        assert [row["cause"] for row in found] == ["", "", "TruncatedError", "", "", ""]
        assert "token limit" in found[2]["message"]
        before = len(service.requests)
        finish(start(corpus, run, service.base_url, *WORKERS))
        assert len(service.requests) == before, "a failure of the text was tried again unasked"


def test_a_reply_that_goes_on_after_its_limit_makes_the_game(tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", 3), tmp_path / "run"

    def short(received: Received) -> Step:
        number, stage = asked(received)
        whole = sketch(number) if stage == "information" else program(number)
        turns = [sent["content"] for sent in received.body["messages"][2:]]
        came = len(turns[0]) if turns else 0
        return text(
            whole[came : came + 150], finish="length" if came + 150 < len(whole) else "stop"
        )

    with FakeService(choose(short)) as service:
        finish(start(corpus, run, service.base_url, *WORKERS))
    with FakeService(author()) as service:
        finish(start(corpus, tmp_path / "calm", service.base_url, *WORKERS))
    apart = ("prompt_tokens", "completion_tokens", "notes")
    found = [[{n: v for n, v in row.items() if n not in apart} for row in rows(folder)]
             for folder in (run, tmp_path / "calm")]  # fmt: skip
    assert found[0] == found[1]
    assert all("went on" in row["notes"][0] for row in rows(run))


def test_texts_that_did_not_reach_the_service_are_its_failure(tmp_path: Path) -> None:
    """Exit 3, so that a script can start the command until all is done; a text that is too long
    for the model is tried once, and is no reason to go on."""
    corpus, run = write_corpus(tmp_path / "c.jsonl", 4), tmp_path / "run"
    away = [1]

    def moody(received: Received) -> Step:
        number, _ = asked(received)
        if number in away:
            return status(400, "no such parameter")
        if number == 2:
            return status(400, "too much", error_code="context_length_exceeded")
        return author()

    with FakeService(choose(moody)) as service:
        said = finish(start(corpus, run, service.base_url, *WORKERS), 3)
        assert "1 of the failed texts did not reach the service" in said
        away.clear()
        before = len(service.requests)
        finish(start(corpus, run, service.base_url, *WORKERS))
        assert len(service.requests) == before + 2, "of the others nothing is asked again"
    assert [row["cause"] for row in rows(run)] == ["", "", "TooLongError", ""]


def test_a_prompt_that_was_cut_is_told(tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", 3), tmp_path / "run"

    def clipping(received: Received) -> Step:
        number, _ = asked(received)
        few = {"prompt_tokens": 100, "completion_tokens": 5}
        return author(usage=few) if number else author()

    with FakeService(choose(clipping)) as service:
        said = finish(start(corpus, run, service.base_url, *WORKERS))
    assert "it may have cut the prompt" in said
    assert "2 texts have such a note" in said
    assert [bool(row["notes"]) for row in rows(run)] == [False, True, True]


def test_tokens_a_minute_are_kept(tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", 8), tmp_path / "run"
    came: list[float] = []

    def noted(_: Received) -> Step:
        came.append(time.monotonic())
        return author()

    with FakeService(choose(noted)) as service:
        finish(start(corpus, run, service.base_url, *WORKERS, "--tpm", "300000"))
    used = sum(row["prompt_tokens"] + row["completion_tokens"] for row in rows(run))
    # The last call goes out when those before it are paid for.
    assert came[-1] - came[0] >= used * 15 / 16 * 60 / 300_000 * 0.7
    assert Counter(row["status"] for row in rows(run)) == {"compiled": 8}


def test_a_folder_with_holes(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(story(0))
    (texts / "b.txt").symlink_to(tmp_path / "nowhere.txt")
    (texts / "c.txt").mkdir()
    (texts / "d.txt").write_text("")
    with FakeService(author()) as service:
        finish(start(texts, tmp_path / "run", service.base_url, *WORKERS))
    found = rows(tmp_path / "run")
    assert [row["status"] for row in found] == ["compiled", "failed", "failed", "failed"]
    assert "b.txt cannot be read: No such file" in found[1]["message"]
    assert "c.txt cannot be read: Is a directory" in found[2]["message"]
    assert found[3]["cause"] == "DescriptionError"
    failures = (tmp_path / "run/failures.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in failures] == ["b", "c", "d"]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_missing_column_is_named_with_those_there_are(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"c.{kind}"
    if kind == "jsonl":
        file.write_text(json.dumps({"id": "a", "story": "x"}) + "\n")
    elif kind == "csv":
        file.write_text("id,story\na,x\n")
    else:
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({"id": ["a"], "story": ["x"]}), file)
    with pytest.raises(UserError, match="has no column 'text'; it has id, story") as raised:
        Survey(Corpus(file))
    assert "--text" in raised.value.hint


def test_a_run_of_another_version_is_refused(tmp_path: Path) -> None:
    corpus, run = write_corpus(tmp_path / "c.jsonl", 1), tmp_path / "run"
    with FakeService(author()) as service:
        finish(start(corpus, run, service.base_url, *WORKERS))
        manifest = json.loads((run / "manifest.json").read_text())
        manifest["versions"]["nl2efg"] = "0.0.1"
        (run / "manifest.json").write_text(json.dumps(manifest))
        said = finish(start(corpus, run, service.base_url, *WORKERS), 2)
        assert "versions.nl2efg was '0.0.1', is " in said
        assert len(service.requests) == 2


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 1)
    locked = tmp_path / "locked"
    locked.mkdir()
    read_only = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(locked)]
    root = os.geteuid() == 0
    if root and subprocess.run(read_only, capture_output=True).returncode != 0:
        pytest.skip("root can write everywhere, and cannot mount here")
    if not root:
        locked.chmod(0o555)
    try:
        with FakeService(author()) as service:
            said = finish(start(corpus, locked / "run", service.base_url, *WORKERS), 2)
            assert not service.requests
        assert re.search(r"cannot be written: (Read-only file system|Permission denied)", said)
    finally:
        if root:
            subprocess.run(["umount", str(locked)], check=True)
        else:
            locked.chmod(0o755)
