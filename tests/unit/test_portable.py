"""Files where POSIX's calls are missing, as on Windows."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from nl2efg import storage
from nl2efg.batch.storage.portable import lock, read_at, sync
from nl2efg.cli.terminal import ready_streams
from nl2efg.storage import open_regular, write_whole
from tests.windows import msvcrt


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """``sys`` and ``os`` as there, as far as these calls look at them."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt())
    for name in ("pread", "fdatasync", "O_NOFOLLOW", "O_NONBLOCK", "set_blocking"):
        monkeypatch.delattr(os, name)


@pytest.mark.usefixtures("windows")
def test_two_writers_do_not_share_a_lock(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w+b") as first, (tmp_path / "lock").open("r+b") as second:
        lock(first.fileno())
        with pytest.raises(BlockingIOError):
            lock(second.fileno())
        first.write(b"here")
        first.flush()
        sync(first.fileno())
        assert read_at(second.fileno(), 2, 2) == b"re"


@pytest.mark.usefixtures("windows")
def test_links_are_refused_where_they_are_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\nb")
    (tmp_path / "link").symlink_to("file")
    with open_regular(tmp_path / "file") as file:
        assert file.read() == b"a\r\nb"
    with open_regular(tmp_path / "link") as file:
        assert file.read(1) == b"a"
    with pytest.raises(OSError, match="is a link") as error:
        open_regular(tmp_path / "link", follow=False)
    assert error.value.errno == errno.ELOOP
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)


@pytest.mark.usefixtures("windows")
def test_a_file_that_is_looked_at_for_a_moment_is_replaced_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, waited = os.replace, list[float]()

    def replace_later(made: str, file: Path) -> None:
        if len(waited) < 3:
            raise PermissionError(errno.EACCES, "somebody reads it")
        replace(made, file)

    monkeypatch.setattr(os, "replace", replace_later)
    monkeypatch.setattr(storage.time, "sleep", waited.append)
    write_whole(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "new"
    assert len(waited) == 3
    waited.clear()
    monkeypatch.setattr(storage.time, "sleep", lambda _: None)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "file", "newer")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("platform", "encoding", "letters"),
    [
        ("linux", "cp1252", b"\\u4e2d \xe9"),
        ("linux", "utf-8", "中 é".encode()),
        ("win32", "cp1252", "中 é".encode()),
    ],
)
def test_no_letter_ends_a_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    encoding: str,
    letters: bytes,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    with (tmp_path / "out").open("w", encoding=encoding) as out:
        monkeypatch.setattr(sys, "stdout", out)
        ready_streams()
        print("中 é", end="")
    assert (tmp_path / "out").read_bytes() == letters
