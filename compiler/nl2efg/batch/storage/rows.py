"""The rows of a run as they are read: of all its parts, in order, without what is damaged."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from nl2efg.batch.storage.append_log import PARTS, Damaged, Entry, entry_at, read_entries
from nl2efg.batch.storage.manifest import read_manifest
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.storage.told import Told
from nl2efg.errors import NotFoundError, ReadingWarning, UnavailableError, UserError

OUTAGE = UnavailableError.__name__
"""Cause of failures that say nothing about the text: tried again by every start."""

_KEY = re.compile(r"[0-9a-f]{32}")


def entries_of(file: Path, damaged: Damaged, *, words: bytes = b"") -> Iterator[Entry]:
    """As :func:`read_entries`.

    Raises:
        UserError: the part cannot be read.
    """
    try:
        yield from read_entries(file, damaged, words=words)
    except OSError as error:
        raise UserError(
            f"{file} cannot be read: {error.strerror or error}",
            hint="what it holds is finished or paid for; only if that is lost, move it elsewhere",
        ) from None


def row_of(entry: Entry, damaged: Damaged, units: int) -> ResultRow | None:
    """The row that a line says; None, and a word about it, if it says none of a run of so many."""
    try:
        row = ResultRow.model_validate(entry.data, strict=False)
        key_of(row.key)
    except ValueError:
        damaged(f"{entry.place} is no row of results, and is passed over")
        return None
    if not 0 <= row.position < units:
        damaged(f"{entry.place} is a row of another run, and is passed over")
        return None
    return row


def key_of(text: str) -> bytes:
    """A unit's key, as it is held in memory.

    Raises:
        ValueError: it is no such key.
    """
    if not _KEY.fullmatch(text):
        raise ValueError("no key")
    return bytes.fromhex(text)


def units_of(folder: Path) -> int:
    """How many units a run has, as its manifest says; any number where it does not."""
    try:
        found = read_manifest(folder)["inputs"]["units"]
    except (UserError, KeyError, TypeError):
        return sys.maxsize
    return found if isinstance(found, int) else sys.maxsize


def rank_of(tried: int, cause: str) -> int:
    """Of two rows of a unit the higher one holds: the later try, a result rather than an outage."""
    return 2 * tried + (cause != OUTAGE)


def _warn(words: str) -> None:
    warnings.warn(words, ReadingWarning, stacklevel=2)


def read_rows(folder: Path, damaged: Damaged = _warn) -> Iterator[ResultRow]:
    """The rows of a run in the order of its corpus; of a unit that was tried again the last one.

    Memory holds a few numbers for each row, not the rows.

    Args:
        folder: the run folder.
        damaged: told of lines that cannot be read, which are passed over; by default they are
            ReadingWarnings.

    Raises:
        NotFoundError: it is no run folder, or what holds its results is gone.
        UserError: its rows cannot be read.
    """
    if not (folder / "manifest.json").is_file():
        raise NotFoundError(f"{folder} is no run folder", hint="`nl2efg batch` makes them")
    if not (folder / PARTS).is_dir():
        raise NotFoundError(
            f"{folder / PARTS} is missing, which holds the results",
            hint=f"the same `nl2efg batch … -o {folder}` makes them again",
        )
    files = sorted((folder / PARTS).glob("results-*.jsonl"))
    last: dict[bytes, tuple[int, int, int, int]] = {}
    told = Told(damaged, "such lines; the same `nl2efg batch` does again what they said")
    units = units_of(folder)
    try:
        for number, file in enumerate(files):
            for entry in entries_of(file, told):
                row = row_of(entry, told, units)
                if row is None:
                    continue
                key, rank = bytes.fromhex(row.key), rank_of(row.tried, row.cause)
                if key not in last or rank >= last[key][3]:
                    last[key] = (row.position, number, entry.offset, rank)
        told.end()
        for _, number, offset, _ in sorted(last.values()):
            yield ResultRow.model_validate(entry_at(files[number], offset))
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror or error}") from None
