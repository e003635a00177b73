"""Files that a user named for what a command makes: whole, or as they were before."""

from __future__ import annotations

import json
import os
import re
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import nl2efg
from nl2efg import storage
from nl2efg.errors import StorageError
from nl2efg.formats import load_efg, write_efg
from tests.command_line import ran
from tests.references.families import entry_with_commitment
from tests.scripted import CODE
from tests.trees import kuhn

pytestmark = pytest.mark.process

SWEEP = ("sweep", "letters.efg", "--over", "c=0:1:3", "--workers", "1")
CASES: dict[str, tuple[str, ...]] = {
    "build": ("build", "coin.py", "-o", "new.efg"),
    "build many": ("build", "--jsonl", "replies.jsonl", "-o", "new.jsonl"),
    "code": ("code", "game.efg", "-o", "new.py"),
    "draw": ("draw", "game.efg", "-o", "new.svg"),
    "report": ("draw", "game.efg", "-o", "new.html"),
    "set": ("set", "game.efg", "--rename", "Alice", "Ann", "-o", "new.efg"),
    "simulate": ("simulate", "game.efg", "-n", "200", "--seed", "1", "-o", "new.csv"),
    "sweep": (*SWEEP, "-o", "new.csv"),
    "sweep drawn": (*SWEEP, "-o", "new.svg"),
    "sweep as Parquet": (*SWEEP, "-o", "new.parquet"),
}
"""A call of every command that writes a file which the user names."""

BELOW = Path(nl2efg.__file__).parent
WRITING = re.compile(r"\.write_(text|bytes)\(|\bopen\([^)]*[\"'][wx]b?[\"']")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a game, one with letters, a program and replies."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "game.efg").write_text(write_efg(kuhn()), encoding="utf-8")
    (tmp_path / "letters.efg").write_text(write_efg(entry_with_commitment()), encoding="utf-8")
    (tmp_path / "coin.py").write_text(CODE, encoding="utf-8")
    row = json.dumps({"id": "coin", "reply": CODE}) + "\n"
    (tmp_path / "replies.jsonl").write_text(row, encoding="utf-8")
    return tmp_path


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From the moment in which a command begins its file the kernel takes 64 bytes of any."""
    real, (soft, hard) = storage._beside, resource.getrlimit(resource.RLIMIT_FSIZE)

    def begun(place: Path) -> Path:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
        return real(place)

    with monkeypatch.context() as patched:
        patched.setattr(storage, "_beside", begun)
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def named(words: tuple[str, ...]) -> Path:
    """The file that a call writes."""
    return Path(words[words.index("-o") + 1])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("old", [None, "what was there before"])
def test_a_full_disk_leaves_what_was_there(
    work: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str | None,
) -> None:
    words = CASES[name]
    if name == "sweep as Parquet":
        pytest.importorskip("pyarrow")
    if name == "set" and old is not None:  # only the game itself is replaced
        old = write_efg(kuhn())
        words = (*words[:-1], "game.efg")
    file = named(words)
    if old is not None:
        file.write_text(old, encoding="utf-8")
    before = {each.name for each in work.iterdir()}
    with full_disk(monkeypatch):
        done = ran(capsys, *words)
    assert done.code == 2
    assert f"{file} cannot be written: File too large" in done.err
    assert "gets" not in done.err
    after = {each.name for each in work.iterdir() if each.suffix != ".log"}
    assert after == before
    assert old is None or file.read_text(encoding="utf-8") == old
    assert ran(capsys, *words).code == 0
    assert file.stat().st_size > 64


def test_commands_write_through_one_writer() -> None:
    """No command writes by itself, so that none leaves half a file."""
    rooms = ("cli", "drawing", "sweeps", "library")
    found = [
        f"{file.relative_to(BELOW)}: {line.strip()}"
        for room in rooms
        for file in (BELOW / room).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if WRITING.search(line)
    ]
    assert found == []


def test_links_modes_and_pipes_stay(work: Path) -> None:
    real, link = work / "real.txt", work / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("real.txt")
    storage.write_output(link, "new")
    assert (link.is_symlink(), real.read_text()) == (True, "new")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    storage.write_output(Path("/dev/null"), "nothing")
    assert not Path("/dev/null").is_file()
    old = os.umask(0o077)
    try:
        storage.write_output(work / "mine.txt", "secret")
    finally:
        os.umask(old)
    assert stat.S_IMODE((work / "mine.txt").stat().st_mode) == 0o600
    storage.write_output(work / ("x" * 250 + ".efg"), "long")
    for place in (work, work / "real.txt" / "x.txt"):
        with pytest.raises(StorageError, match="cannot be written"):
            storage.write_output(place, "text")


@pytest.mark.parametrize("words", CASES.values(), ids=CASES)
def test_missing_folders_are_made(
    work: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    place = f"new/deep/{words[-1]}"
    assert ran(capsys, *words[:-1], place).code == 0
    assert (work / place).stat().st_size > 0


def test_a_failed_output_leaves_no_new_folder(work: Path) -> None:
    (work / "old").mkdir()
    for start in ("new", "old/new"):
        with pytest.raises(KeyError), storage.output(work / start / "deep" / "x.txt"):
            raise KeyError
    assert not (work / "new").exists()
    assert list((work / "old").iterdir()) == []


def test_what_a_killed_command_left_of_a_file_goes_later(work: Path) -> None:
    begun = [storage._beside(work / "new.svg") for _ in range(2)]
    for each in begun:
        each.write_text("half")
    os.utime(begun[0], (1, 1))
    storage.write_output(work / "new.svg", "whole")
    assert [each.exists() for each in begun] == [False, True]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("notes.txt", "what is written is .efg"),
        ("out.gbt", "what is written is .efg"),
        ("letters.efg", "exists; nothing was overwritten"),
        ("folder/", "is a folder's name"),
        ("folder.efg/", "is a folder's name"),
    ],
)
def test_an_edited_game_replaces_no_other_file(
    work: Path, capsys: pytest.CaptureFixture[str], place: str, says: str
) -> None:
    (work / "notes.txt").write_text("mine")
    before = {each.name: each.read_bytes() for each in work.iterdir()}
    done = ran(capsys, "set", "game.efg", "--rename", "Alice", "Ann", "-o", place)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "is called" not in done.err
    assert {each.name: each.read_bytes() for each in work.iterdir()} == before


def test_an_edited_game_may_replace_itself(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("set", "game.efg", "--rename", "Alice", "Ann", "-o", "./game.efg")
    assert ran(capsys, *words).code == 0
    assert load_efg("game.efg").players[0] == "Ann"


@pytest.mark.parametrize("option", ["--json", "--solve", "--no-solve"])
def test_what_is_of_folders_is_refused_of_a_file(
    work: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    done = ran(capsys, "set", "game.efg", "--rename", "Alice", "Ann", option)
    assert (done.code, done.out) == (2, "")
    assert "is of a FOLDER" in done.err


@pytest.mark.parametrize("command", ["code", "draw", "build", "simulate", "sweep"])
def test_a_folder_is_no_file(work: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    words = next(words for words in CASES.values() if words[0] == command)
    done = ran(capsys, *words[:-1], "new.svg/")
    assert done.code == 2
    assert "folder's name" in done.err
    assert not (work / "new.svg").exists()
