"""Parts: files of JSON lines that are only ever added to, with one writer each.

Not SQLite: a line that is appended by one ``write`` needs no lock that shared storage may not keep,
a torn last line is the only damage that a kill can do, and parts of many machines are joined by
reading them.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from nl2efg.batch.storage.portable import read_at, sync
from nl2efg.storage import lock, open_regular, open_unfollowed, unwritable
from nl2efg.text import load_json

PARTS = "parts"
"""Their folder within a run's."""

MAX_ENTRY = 64 * 2**20
"""Bytes of one line; a longer one is damage."""

MAX_VALUES = 1_000_000
"""Values in one line; what has more is damage, and would take far more memory than its bytes."""

Damaged = Callable[[str], None]
"""Told in words, with file and line, of a line that is passed over."""

SYNC_SECONDS = 0.05

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole line of a part.

    Args:
        place: file and line, for messages.
        offset: where it begins, in bytes.
        data: the object that it says.
    """

    place: str
    offset: int
    data: dict[str, Any]


class Part:
    """A file of JSON lines with one writer.

    What was added is with the disk a moment later: a thread syncs all that came in the last
    ``SYNC_SECONDS`` at once, so that a power cut loses no more than that.

    Args:
        file: made if there is none; a torn last line is cut off.

    Raises:
        OSError: it cannot be opened, or is a link: what it leads to is nobody's to cut.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle = open_own(file, os.O_RDWR | os.O_APPEND)
        self._size = _whole_lines(self._handle)
        os.ftruncate(self._handle, self._size)
        self._appended = threading.Event()
        self._dirty = False
        self._closed = False
        self._syncer: threading.Thread | None = None

    def append(self, entry: Any) -> int:
        """Add a line; it is whole or not there, whatever happens. Returns where it begins.

        Raises:
            StorageError: the disk is full, or the like.
        """
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            written = os.write(self._handle, line)
            if written < len(line):
                os.write(self._handle, line[written:])
        except OSError as error:
            os.ftruncate(self._handle, self._size)
            raise unwritable(self.file, error) from None
        start, self._size = self._size, self._size + len(line)
        self._dirty = True
        if not self._appended.is_set():
            self._appended.set()
        if self._syncer is None:
            self._syncer = threading.Thread(target=self._sync, daemon=True)
            self._syncer.start()
        return start

    def _sync(self) -> None:
        while not self._closed:
            self._appended.wait()
            self._appended.clear()
            while self._dirty and not self._closed:
                self._dirty = False
                with suppress(OSError):  # what cannot be synced is told when it cannot be written
                    sync(self._handle)
                time.sleep(SYNC_SECONDS)

    def close(self) -> None:
        """Sync and close the file."""
        self._closed = True
        self._appended.set()
        if self._syncer is not None:
            self._syncer.join()
            with suppress(OSError):
                sync(self._handle)
        os.close(self._handle)


def make_own(folder: Path) -> None:
    """Make a folder within the run folder, if it is not there; its parent is.

    Raises:
        OSError: it cannot be made, or is a link, which would lead what is written elsewhere.
    """
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, f"{folder.name} is a link")


def write_own(file: Path) -> BinaryIO:
    """A file of the run folder itself, emptied and open for writing.

    Raises:
        OSError: as :func:`open_own`.
    """
    return os.fdopen(open_own(file, os.O_WRONLY | os.O_TRUNC), "wb")


def open_own(file: Path, flags: int) -> int:
    """A file of the run folder itself, open for writing, and made if there is none.

    Raises:
        OSError: it cannot be opened, or is a link, or no file.
    """
    try:
        handle = open_unfollowed(file, flags | os.O_CREAT)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, f"{file.name} is a link") from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, f"{file.name} is no regular file")
    return handle


def _whole_lines(handle: int) -> int:
    """Size of a file up to the end of its last whole line."""
    end = os.fstat(handle).st_size
    while end:
        start = max(0, end - _CHUNK)
        found = read_at(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def read_entries(
    file: Path, damaged: Damaged = lambda _: None, *, words: bytes = b""
) -> Iterator[Entry]:
    """The whole lines of a part; a torn last line is passed over, as is whatever is damaged.

    Args:
        file: the part.
        damaged: told of each line that is passed over.
        words: only lines that hold these are read.

    Raises:
        OSError: it cannot be read.
    """
    for number, offset, line in _lines(file):
        if words not in line:
            continue
        place = f"{file}:{number}"
        try:
            data = _said(line) if line else None
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, dict):
            yield Entry(place, offset, data)
        else:
            damaged(f"{place} is damaged, and is passed over")


def _lines(file: Path) -> Iterator[tuple[int, int, bytes]]:
    """Number, offset and content of each whole line; of one that is too long no content.

    A line without an end is the last one, even if a writer goes on with it meanwhile.
    """
    with open_regular(file) as opened:
        number = offset = 0
        while (line := opened.readline(MAX_ENTRY)) and (size := _rest(opened, line)):
            number += 1
            yield number, offset, line if size == len(line) else b""
            offset += size


def _rest(opened: IO[bytes], line: bytes) -> int:
    """Size of the line that begins so, and is passed; 0 if it has no end yet."""
    size, asked, last = len(line), MAX_ENTRY, line
    while not last.endswith(b"\n"):
        if len(last) < asked:
            return 0
        last, asked = opened.readline(_CHUNK), _CHUNK
        size += len(last)
    return size


def entry_at(file: Path, offset: int) -> Any:
    """The entry of a part that begins there."""
    with open_regular(file) as opened:
        opened.seek(offset)
        return _said(opened.readline(MAX_ENTRY))


_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def _said(line: bytes) -> Any:
    """What a line of JSON says.

    Raises:
        ValueError: it is no JSON, or has more than ``MAX_VALUES`` values.
        RecursionError: it is nested too deeply.
    """
    if _separators(line) > MAX_VALUES and _separators(_STRING.sub(b"", line)) > MAX_VALUES:
        raise ValueError("too many values")
    return load_json(line)


def _separators(line: bytes) -> int:
    return line.count(b",") + line.count(b"[") + line.count(b"{")


def locked(file: Path, patience: float) -> IO[str]:
    """A file with an exclusive lock, which goes when it is closed or its process ends.

    Raises:
        BlockingIOError: somebody else has it, for all these seconds.
        OSError: it cannot be opened, or is a link.
    """
    opened = os.fdopen(open_own(file, os.O_RDWR), "r+")
    end = time.monotonic() + patience
    while True:
        try:
            lock(opened.fileno())
        except BlockingIOError:
            if time.monotonic() >= end:
                opened.close()
                raise
            time.sleep(0.1)
        except OSError:
            opened.close()
            raise
        else:
            return opened
