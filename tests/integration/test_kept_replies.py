"""What was paid for is kept: kills, failures, and the same text compiled again, over real HTTP."""

from __future__ import annotations

import json
import os
import pty
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import nl2efg
from nl2efg.cli import main
from nl2efg.formats import load_efg
from nl2efg.models import Message, Reply, Request
from nl2efg.models.reply_files import ReplyFiles
from nl2efg.models.user_cache import UserCache, cache_content, make_room, strangers_of
from nl2efg.pipeline.folder import read_record
from tests.fakes.openai_server import FakeService, Received, Step, choose, hang, status, text
from tests.killing import KILLED_AT
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = [pytest.mark.process, pytest.mark.server]


def author(received: Received) -> Step:
    return text(SKETCH if received.asks_for_the_sketch else fenced(CODE))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coin.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def command(service: FakeService, *more: str) -> list[str]:
    return [
        *("coin.txt", "--no-solve", "--base-url", service.base_url, "--model", "fake"),
        *("--no-stream", *more),
    ]


def start(
    service: FakeService, *more: str, cache: Path | None = None, kill_at: int | None = None
) -> subprocess.Popen[str]:
    """The command as a user starts it; without a cache only the folder keeps anything."""
    program = ["-m", "nl2efg"] if kill_at is None else ["-c", KILLED_AT, str(kill_at)]
    return subprocess.Popen(
        [sys.executable, *program, *command(service, *more)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NL2EFG_CACHE": str(cache or "/dev/null/none")},
    )


def run(
    service: FakeService, *more: str, cache: Path | None = None, code: int = 0
) -> tuple[str, str]:
    process = start(service, *more, cache=cache)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    return out, err


def kept(folder: Path) -> int:
    return len(list(folder.glob("unfinished/replies/*.json")))


@pytest.mark.slow
def test_a_kill_at_every_step_loses_no_reply(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2EFG_CACHE", "/dev/null/none")
    folder = here / "coin.nl2efg"
    met: set[int] = set()
    for step in range(200):
        with FakeService(choose(author)) as service:
            process = start(service, "-o", folder.name, kill_at=step)
            process.communicate(timeout=120)
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL
            had, before = kept(folder), len(service.requests)
            # Killed between taking one folder away and the other's coming, the replies lie aside.
            aside = before == 2 and not folder.exists()
            whole = (folder / "compilation.json").exists()
            met.add(had)
            with pytest.raises(SystemExit) as left:
                main(command(service, "-o", folder.name))
            assert left.value.code == 0
            asked = len(service.requests) - before
        assert whole or asked == (0 if aside else 2 - had)
        assert len(load_efg(folder / "game.efg")) == 5
        assert sorted(file.name for file in folder.iterdir()) == [
            *("compilation.json", "game.efg", "game.py", "history.json"),
            *("report.html", "transcript", "tree.svg"),
        ]
        _remove(here, folder)
    assert met == {0, 1, 2}
    assert 10 < step < 199


STRIDE = 11
"""Of the steps at which other ways to a game are killed, every so-manieth is tried."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("coin.txt", "--no-solve", "--verify"),
        ("coin.txt", "--no-solve", "--samples", "2"),
        ("coin.txt", "--no-solve", "--method", "tree-first"),
        ("edit", "coin.nl2efg", "Otto gets 2 for the coin", "--yes", "--verify"),
    ],
    ids=" ".join,
)
def test_a_kill_loses_no_reply_whatever_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NL2EFG_CACHE", "/dev/null/none")
    folder, edited = here / "coin.nl2efg", words[0] == "edit"

    def killed_at(step: int | None, service: FakeService) -> int:
        """Once from the beginning, to this step; the exit code."""
        _remove(here, folder)
        if edited:
            nl2efg.compile(TEXT, model=coin_model(), solve=False).write(folder)
        asked = ("--base-url", service.base_url, "--model", "fake", "--no-stream")
        program = ["-m", "nl2efg"] if step is None else ["-c", KILLED_AT, str(step)]
        done = subprocess.run([sys.executable, *program, *words, *asked], capture_output=True)
        return done.returncode

    with FakeService(choose(editor)) as service:
        assert killed_at(None, service) == 0
        whole = len(service.requests)
    met: set[int] = set()
    for step in range(3, 300, STRIDE):
        with FakeService(choose(editor)) as service:
            if killed_at(step, service) == 0:
                break
            had, before = kept(folder), len(service.requests)
            if not folder.exists() or _is_whole(folder, edited=edited):
                continue
            met.add(had)
            assert before - had <= 2  # so many may be answered at once and not be kept yet
            asked = ("--base-url", service.base_url, "--model", "fake", "--no-stream")
            with pytest.raises(SystemExit) as left:
                main([*words, *asked])
            assert left.value.code == 0
            assert len(service.requests) - before == whole - had
    assert len(met) > 1


def editor(received: Received) -> Step:
    """The author, who does what it is told of Otto."""
    told = str(received.body["messages"])
    return (
        text(fenced(CODE.replace("[0, 1]", "[0, 2]")))
        if "Otto gets 2" in told
        else author(received)
    )


def _is_whole(folder: Path, *, edited: bool) -> bool:
    record = read_record(folder) if (folder / "compilation.json").exists() else None
    return record is not None and (record.revision is not None or not edited)


def _remove(here: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for left in here.glob(".coin.nl2efg*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()  # a killed command's lock


def test_ctrl_c_keeps_what_came_and_the_same_command_goes_on(here: Path) -> None:
    with FakeService(text(SKETCH), hang) as service:
        process = start(service)
        while len(service.requests) < 2 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "what came so far is in coin.nl2efg/unfinished; the same command goes on" in err
    place = here / "coin.nl2efg/unfinished"
    assert (place / "transcript/01-information.reply.md").read_text().strip() == SKETCH
    assert json.loads((place / "sketch.json").read_text())["title"] == "A coin"
    code, err = _draw(here)
    assert code == 2
    assert "is unfinished" in err


OPEN = SKETCH.replace(
    '"assumptions": [', '"assumptions": [{"question": "Who sees it?", "assumed": "Otto does."}, '
)


def _asked(here: Path, service: FakeService, *typed: bytes) -> tuple[int, str]:
    """The command with ``--ask``, and what is typed at its questions."""
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nl2efg", *command(service, "--ask")],
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=here,
        env={**os.environ, "NL2EFG_CACHE": "/dev/null/none"},
    )
    os.close(terminal)
    assert process.stderr is not None
    said = b""
    for number, line in enumerate(typed, 1):
        while said.count(b"your answer") < number and (more := process.stderr.read1(4096)):
            said += more
        if line:
            os.write(keyboard, line)
        else:
            process.send_signal(signal.SIGINT)
    said += process.communicate(timeout=60)[1]
    os.close(keyboard)
    return process.returncode, said.decode()


def test_answers_that_were_given_are_not_asked_for_again(here: Path) -> None:
    with FakeService(text(OPEN), text(fenced(CODE))) as service:
        code, err = _asked(here, service, b"Everybody does.\n", b"")
        assert code == 130, err
        assert len(service.requests) == 1
        code, err = _asked(here, service, b"\n")  # the default
        assert code == 0, err
        assert len(service.requests) == 2
    assert "Who sees it?\n  answered before: Everybody does." in err
    assert err.count("your answer") == 1
    prompt = str(service.requests[1].body["messages"])
    assert "Everybody does." in prompt
    assert not (here / "coin.nl2efg/unfinished").exists()


def test_answers_go_with_their_text(here: Path) -> None:
    with FakeService(text(OPEN), text(OPEN), text(fenced(CODE))) as service:
        assert _asked(here, service, b"Everybody does.\n", b"")[0] == 130
        (here / "coin.txt").write_text(f"{TEXT} Really.", encoding="utf-8")
        code, err = _asked(here, service, b"Nobody.\n", b"\n")
    assert code == 0, err
    assert "answered before" not in err


def _draw(here: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "nl2efg", "draw", "coin.nl2efg", "-o", "x.svg"],
        capture_output=True,
        text=True,
        cwd=here,
    )
    return done.returncode, done.stderr


def test_a_service_that_fails_half_way_is_asked_the_rest_only(here: Path) -> None:
    steps = [text(SKETCH), status(401, "the key was revoked"), text(fenced(CODE))]
    with FakeService(*steps) as service:
        _, err = run(service, code=3)
        assert "the same command goes on from there" in err
        record = read_record(here / "coin.nl2efg/unfinished")
        assert [each.stage for each in record.exchanges] == ["information"]
        _, err = run(service)
        assert "going on from 1 reply in coin.nl2efg/unfinished" in err
        assert [each.asks_for_the_sketch for each in service.requests] == [True, False, False]
    record = read_record(here / "coin.nl2efg")
    assert [each.stage for each in record.exchanges] == ["information", "code"]
    assert record.prompt_tokens > 0
    assert not (here / "coin.nl2efg/unfinished").exists()


def test_a_fresh_compile_that_was_interrupted_goes_on_too(here: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with FakeService(choose(author)) as service:
        run(service, cache=cache)
        assert len(service.requests) == 2
        service.steps = (text(SKETCH), status(401), text(fenced(CODE)))
        service.requests.clear()
        run(service, "--fresh", cache=cache, code=3)
        run(service, "--fresh", cache=cache)
        assert len(service.requests) == 3
    assert (here / "coin.nl2efg/game.efg").exists()


@pytest.mark.parametrize("place", ["a file", "a folder of something else", "not writable"])
def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(
    here: Path, place: str
) -> None:
    taken = here / "taken"
    if place == "a file":
        taken.write_text("thesis")
    elif place == "a folder of something else":
        taken.mkdir()
        (taken / "thesis.txt").write_text("years of work")
    else:
        taken = Path("/dev/null/taken")
    with FakeService(choose(author)) as service:
        _, err = run(service, "-o", str(taken), code=2)
        assert service.requests == []
    assert "taken" in err
    assert "--output" in err


def test_a_full_disk_is_said_before_anything_is_asked(here: Path) -> None:
    with FakeService(choose(author)) as service:
        done = subprocess.run(
            [sys.executable, "-m", "nl2efg", *command(service)],
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        )
        assert done.returncode == 2, done.stderr
        assert service.requests == []
    assert "cannot write coin.nl2efg" in done.stderr
    assert [file.name for file in here.iterdir()] == ["coin.txt"]


def test_code_that_cannot_be_isolated_is_said_before_anything_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nl2efg.errors import SandboxError

    def refuse(_: object) -> None:
        raise SandboxError("no isolation holds here")

    monkeypatch.setattr("nl2efg.sandbox.pool.Builders.start", refuse)
    with FakeService(choose(author)) as service:
        with pytest.raises(SystemExit) as left:
            main([*command(service), "--method", "tree-first"])  # a sketch alone needs no code
        assert service.requests == []
    assert left.value.code == 1
    assert [file.name for file in here.iterdir()] == ["coin.txt"]


def test_the_same_text_costs_nothing_and_a_changed_one_is_asked_again(here: Path) -> None:
    cache = here / "cache"
    with FakeService(choose(author)) as service:
        prices = ("--price-in", "100", "--price-out", "100")
        run(service, *prices, cache=cache)
        assert read_record(here / "coin.nl2efg").cost > 0
        out, err = run(service, *prices, "-o", "again", cache=cache)
        assert len(service.requests) == 2
        assert "2 replies kept from earlier, at no cost; --fresh asks anew" in err
        assert "nothing was asked or paid" in " ".join(out.split())
        record = read_record(here / "again")
        assert (record.cost, record.prompt_tokens) == (0, 0)
        assert record.efg == read_record(here / "coin.nl2efg").efg
        run(service, "-o", "again", "--effort", "high", cache=cache)
        assert len(service.requests) == 4  # how a model is asked is part of the question
        run(service, "-o", "again", "--fresh", cache=cache)
        assert len(service.requests) == 6
        (here / "coin.txt").write_text(TEXT.replace("worth 1", "worth one"), encoding="utf-8")
        run(service, "-o", "again", cache=cache)
        assert len(service.requests) == 8
    for file in cache.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_the_library_keeps_replies_where_it_is_asked_to(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeService(choose(author)) as service:
        monkeypatch.setenv("OPENAI_BASE_URL", service.base_url)
        for cache, asked in ((False, 2), (True, 4), (True, 4), (False, 6)):
            made = nl2efg.compile(TEXT, model="fake", cache=cache, solve=False)
            assert len(service.requests) == asked
    assert len(made.tree) == 5


def test_a_damaged_entry_is_asked_again(here: Path) -> None:
    cache = here / "cache"
    with FakeService(choose(author)) as service:
        run(service, cache=cache)
        first, second = sorted(cache.iterdir())
        first.write_text('{"text": "half of a', encoding="utf-8")
        second.write_text('{"text": 1, "model": []}', encoding="utf-8")
        run(service, "-o", "again", cache=cache)
        assert len(service.requests) == 4
        run(service, "-o", "once more", cache=cache)
        assert len(service.requests) == 4


def test_the_cache_is_shown_bounded_and_cleared(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:

    monkeypatch.setenv("NL2EFG_CACHE", str(here / "cache"))
    with FakeService(choose(author)) as service:
        with pytest.raises(SystemExit) as left:
            main(command(service))
        assert left.value.code == 0
    assert cache_content().replies == 2
    oldest, newest = sorted((here / "cache").iterdir())
    os.utime(oldest, (1, 1))
    make_room(here / "cache", oldest.stat().st_size + newest.stat().st_size - 1)
    assert list((here / "cache").iterdir()) == [newest]
    (here / "cache/mine.txt").write_text("kept")
    capsys.readouterr()
    for arguments, words in ((["cache"], "1 reply, 0.0 of"), (["cache", "--clear"], "deleted 1")):
        with pytest.raises(SystemExit):
            main(arguments)
        assert words in capsys.readouterr().out
    assert [file.name for file in (here / "cache").iterdir()] == ["mine.txt"]


@pytest.mark.skipif(os.name == "nt", reason="owners are looked at elsewhere only")
def test_a_cache_that_others_may_write_is_neither_read_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL2EFG_CACHE", str(tmp_path / "cache"))
    request = Request("code", (Message("user", "x"),), "t")
    told: list[str] = []
    UserCache("i").keep("m", request, Reply("kept", "m"))
    assert UserCache("i").find("m", request) is not None
    (tmp_path / "cache").chmod(0o777)
    cache = UserCache("i", told=told.append)
    assert cache.find("m", request) is None
    cache.keep("m", request, Reply("other", "m"))
    assert len(told) == 1
    assert "others may write in it" in told[0]
    (tmp_path / "cache").chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "cache").stat().st_uid + 1)
    assert "another user's" in strangers_of(tmp_path / "cache")
    monkeypatch.undo()


def test_a_kept_reply_of_many_megabytes_is_asked_again(tmp_path: Path) -> None:
    files = ReplyFiles(tmp_path)
    request = Request("code", (Message("user", "x"),), "t")
    files.keep("m", request, Reply("kept", "m"))
    place = files.place("m", request)
    place.write_text(place.read_text()[:-2] + ', "more": [' + "[]," * 3_000_000 + "[]]}")
    assert files.find("m", request) is None
