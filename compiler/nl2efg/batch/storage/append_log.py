"""Parts: files of JSON lines that are only ever added to, with one writer each.

Not SQLite: a line that is appended by one ``write`` needs no lock that shared storage may not keep,
a torn last line is the only damage that a kill can do, and parts of many machines are joined by
reading them.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nl2efg.storage import unwritable

PARTS = "parts"
"""Their folder within a run's."""


class Part:
    """A file of JSON lines with one writer.

    Args:
        file: made if there is none; a torn last line is cut off.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._size = _whole_lines(self._handle)
        os.ftruncate(self._handle, self._size)

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
        return start

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def _whole_lines(handle: int) -> int:
    """Size of a file up to the end of its last whole line."""
    end = os.fstat(handle).st_size
    while end:
        start = max(0, end - 65536)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def read_entries(file: Path) -> Iterator[tuple[int, Any]]:
    """The whole lines of a part with the offset of each; a torn last line is passed over."""
    with file.open("rb") as opened:
        offset = 0
        for line in opened:
            if line.endswith(b"\n"):
                yield offset, json.loads(line)
            offset += len(line)


def entry_at(file: Path, offset: int) -> Any:
    """The entry of a part that begins there."""
    with file.open("rb") as opened:
        opened.seek(offset)
        return json.loads(opened.readline())


def lines_with(file: Path, words: bytes) -> Iterator[bytes]:
    """The whole lines of a part that hold these words; none if there is no such part."""
    if not file.is_file():
        return
    with file.open("rb") as opened:
        for line in opened:
            if words in line and line.endswith(b"\n"):
                yield line


def locked(file: Path, patience: float) -> IO[str]:
    """A file with an exclusive lock, which goes when it is closed or its process ends.

    Raises:
        BlockingIOError: somebody else has it, for all these seconds.
    """
    opened = file.open("w")
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
