"""The ledger: what is finished, and which replies are paid for.

Append-only JSON lines, one part for each shard with one writer each, not SQLite: a line that is
appended by one ``write`` needs no lock that shared storage may not keep, a torn last line is the
only damage that a kill can do, and parts of many machines are joined by reading them.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nl2efg.batch.row import ResultRow
from nl2efg.errors import NotFoundError, UnavailableError, UserError
from nl2efg.llm import Reply

PARTS = "parts"
OUTAGE = UnavailableError.__name__
"""Cause of failures that say nothing about the text: tried again by every start."""


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
            UserError: the disk is full, or the like.
        """
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            written = os.write(self._handle, line)
            if written < len(line):
                os.write(self._handle, line[written:])
        except OSError as error:
            os.ftruncate(self._handle, self._size)
            raise UserError(
                f"{self.file} cannot be written: {error.strerror}",
                hint="what is finished is kept; make room and start the same command again",
            ) from None
        start, self._size = self._size, self._size + len(line)
        return start

    def at(self, offset: int) -> Any:
        """The entry that begins there."""
        with self.file.open("rb") as file:
            file.seek(offset)
            return json.loads(file.readline())

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


class Ledger:
    """A run folder's parts of one shard, open for writing.

    Args:
        folder: the run folder.
        shard: which one, from 1, and of how many.
        retry_failed: whether failed units are to be tried anew.

    Raises:
        UserError: another process works at the same shard, or the folder cannot be written.
    """

    def __init__(self, folder: Path, shard: tuple[int, int], *, retry_failed: bool = False) -> None:
        name = f"{shard[0]}-of-{shard[1]}"
        parts = folder / PARTS
        try:
            parts.mkdir(exist_ok=True)
            self._lock = (parts / f"{name}.lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._results = Part(parts / f"results-{name}.jsonl")
            self._replies = Part(parts / f"replies-{name}.jsonl")
        except BlockingIOError:
            raise UserError(
                f"another process works in {folder}", hint="wait for it, or split with --shard"
            ) from None
        except OSError as error:
            raise UserError(f"{folder} cannot be written: {error.strerror}") from None
        self._finished: set[bytes] = set()
        self._tries: dict[bytes, int] = {}
        self._offsets: dict[bytes, list[int]] = {}
        self._read(retry_failed)

    def _read(self, retry_failed: bool) -> None:
        for _, row in read_entries(self._results.file):
            key = bytes.fromhex(row["key"])
            outage = row["cause"] == OUTAGE
            if row["status"] == "failed" and (outage or retry_failed):
                self._finished.discard(key)
                # Replies before an outage count; those of a finished failure would repeat it.
                self._tries[key] = row["tried"] + (not outage)
            else:
                self._finished.add(key)
                self._tries.pop(key, None)
        for offset, entry in read_entries(self._replies.file):
            key = bytes.fromhex(entry["unit"])
            if key not in self._finished and entry["tried"] == self._tries.get(key, 0):
                self._offsets.setdefault(key, []).append(offset)

    def is_finished(self, key: str) -> bool:
        """Whether a unit has its row and is not to be tried anew."""
        return bytes.fromhex(key) in self._finished

    @property
    def finished(self) -> int:
        """How many units are."""
        return len(self._finished)

    def tried(self, key: str) -> int:
        """How often a unit was tried to a failed end that is to be tried anew."""
        return self._tries.get(bytes.fromhex(key), 0)

    def replies(self, key: str) -> dict[str, Reply]:
        """A unit's replies of an interrupted try, by call."""
        entries = map(self._replies.at, self._offsets.pop(bytes.fromhex(key), ()))
        return {entry["call"]: Reply(**entry["reply"]) for entry in entries}

    def keep_reply(self, key: str, call: str, reply: Reply) -> None:
        """Store a reply at the moment of its arrival."""
        tried = self.tried(key)
        self._replies.append({"unit": key, "tried": tried, "call": call, "reply": asdict(reply)})

    def keep_row(self, row: ResultRow) -> None:
        """Finish a unit."""
        self._results.append(row.model_dump(mode="json"))
        if row.cause != OUTAGE:
            self._finished.add(bytes.fromhex(row.key))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._results.close()
        self._replies.close()
        self._lock.close()


def read_rows(folder: Path) -> Iterator[ResultRow]:
    """The rows of a run in the order of its corpus; of a unit that was tried again the last one.

    Memory holds a few numbers for each row, not the rows.

    Raises:
        NotFoundError: it is no run folder.
    """
    if not (folder / "manifest.json").is_file():
        raise NotFoundError(f"{folder} is no run folder", hint="`nl2efg batch` makes them")
    files = sorted((folder / PARTS).glob("results-*.jsonl"))
    last: dict[bytes, tuple[int, int, int]] = {}
    for number, file in enumerate(files):
        for offset, row in read_entries(file):
            last[bytes.fromhex(row["key"])] = (row["position"], number, offset)
    opened = [file.open("rb") for file in files]
    try:
        for _, number, offset in sorted(last.values()):
            opened[number].seek(offset)
            yield ResultRow.model_validate_json(opened[number].readline())
    finally:
        for part in opened:
            part.close()
