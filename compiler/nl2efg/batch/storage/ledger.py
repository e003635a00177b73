"""The ledger: what is finished, and which replies are paid for.

A shard has one ledger; several workers may write for it, each parts of its own.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from nl2efg.batch.storage.append_log import (
    PARTS,
    Damaged,
    Entry,
    Part,
    entry_at,
    locked,
    make_own,
)
from nl2efg.batch.storage.game_folder import game_folder, is_lost
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.storage.rows import (
    OUTAGE,
    entries_of,
    key_of,
    rank_of,
    row_of,
    units_of,
)
from nl2efg.batch.storage.told import Told
from nl2efg.errors import UserError
from nl2efg.models import Reply
from nl2efg.models.reply_files import reply_of
from nl2efg.storage import unwritable

PATIENCE = 30.0
"""Seconds that workers may take to end after the process that started them was killed."""


_FIRST = rank_of(0, "")


def part_name(shard: tuple[int, int], worker: int = 0) -> str:
    """Name of the parts of a shard's writer; workers are counted from 1, 0 is the run itself."""
    return f"{shard[0]}-of-{shard[1]}" + (f"-worker-{worker}" if worker else "")


class Writer:
    """The parts of one writer: what it adds to a run folder.

    Args:
        folder: the run folder.
        name: of the parts; see :func:`part_name`.

    Raises:
        UserError: another process writes them, or the folder cannot be written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        parts = folder / PARTS
        try:
            make_own(parts)
            self._lock = locked(parts / f"{name}.lock", 0.0)
            self._results = Part(parts / f"results-{name}.jsonl")
            self._replies = Part(parts / f"replies-{name}.jsonl")
        except BlockingIOError:
            raise UserError(
                f"another process works in {folder}", hint="wait for it, or split with --shard"
            ) from None
        except OSError as error:
            raise unwritable(Path(error.filename or folder), error) from None
        self._tries: dict[bytes, int] = {}

    def tried(self, key: str) -> int:
        """How often a unit was tried to a failed end that is to be tried anew."""
        return self._tries.get(bytes.fromhex(key), 0)

    def expect(self, key: str, tried: int) -> None:
        """Be told how often a unit was tried."""
        if tried:
            self._tries[bytes.fromhex(key)] = tried

    def replies(self, key: str) -> dict[str, Reply]:
        """A unit's replies of an interrupted try, by call."""
        return {}

    def keep_reply(self, key: str, call: str, reply: Reply) -> None:
        """Store a reply at the moment of its arrival."""
        tried = self.tried(key)
        self._replies.append({"unit": key, "tried": tried, "call": call, "reply": asdict(reply)})

    def keep_row(self, row: ResultRow) -> None:
        """Finish a unit."""
        self._results.append(row.model_dump(mode="json"))

    def close(self) -> None:
        """Let go of the parts."""
        self._results.close()
        self._replies.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Ledger(Writer):
    """What is finished and paid for in a shard; all its parts are read, the first is written.

    Args:
        folder: the run folder.
        shard: which one, from 1, and of how many.
        retry_failed: whether failed units are to be tried anew.
        damaged: told of lines that cannot be read; what they said is done again.
        games: whether games have a folder each: units whose folder is lost are open again, with the
            replies that made it.
        asked: whether a model's replies made them, or those of the corpus.

    Raises:
        UserError: another process works at the same shard, or the folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        shard: tuple[int, int],
        *,
        retry_failed: bool = False,
        damaged: Damaged = lambda _: None,
        games: bool = False,
        asked: bool = True,
    ) -> None:
        super().__init__(folder, part_name(shard))
        self._folder, self._damaged = folder, Told(damaged, "such lines")
        self._units = units_of(folder)
        self._lost: dict[bytes, tuple[int, str]] | None = {} if games else None
        self._finished: set[bytes] = set()
        self._ranks: dict[bytes, int] = {}
        self._offsets: dict[bytes, list[tuple[Path, int]]] = {}
        try:
            _await_workers(folder, shard)
            self._read_results(shard_parts(folder, "results", shard), retry_failed)
            self._read_replies(shard_parts(folder, "replies", shard))
            self._damaged.end()
            self._reopen(asked, Told(damaged, "such folders"))
        except BaseException:
            self.close()
            raise

    def _read_results(self, files: Iterable[Path], retry_failed: bool) -> None:
        # Nearly all units are finished at their first try: for those a set is all that is kept.
        for file in files:
            for entry in entries_of(file, self._damaged):
                row = row_of(entry, self._damaged, self._units)
                if row is None:
                    continue
                key, rank = bytes.fromhex(row.key), rank_of(row.tried, row.cause)
                if rank < self._ranks.get(key, _FIRST if key in self._finished else 0):
                    continue
                if row.status == "failed" and (row.cause == OUTAGE or retry_failed):
                    self._finished.discard(key)
                    # Replies before an outage count; those of a finished failure would repeat it.
                    self._tries[key] = row.tried + (row.cause != OUTAGE)
                else:
                    self._finished.add(key)
                    self._tries.pop(key, None)
                if rank != _FIRST or key not in self._finished:
                    self._ranks[key] = rank
                if self._lost is not None:
                    self._lost.pop(key, None)
                    if row.status == "compiled" and is_lost(self._folder, row.id):
                        self._lost[key] = (row.tried, row.id)

    def _read_replies(self, files: Iterable[Path]) -> None:
        for file in files:
            for entry in entries_of(file, self._damaged):
                try:
                    key, tried = key_of(entry.data["unit"]), operator.index(entry.data["tried"])
                    lost = self._lost.get(key) if self._lost else None
                    wanted = lost[0] if lost else self._tries.get(key, 0)
                    if (lost or key not in self._finished) and tried == wanted:
                        _reply_of(entry.data)
                        self._offsets.setdefault(key, []).append((file, entry.offset))
                except (KeyError, TypeError, ValueError):
                    self._damaged(f"{entry.place} is no stored reply, and is passed over")

    def _reopen(self, asked: bool, told: Told) -> None:
        """Open the units whose folders are lost, where they can be made again without a call."""
        for key, (tried, identity) in (self._lost or {}).items():
            place = game_folder(self._folder, identity)
            if asked and key not in self._offsets:
                told(f"{place} is lost, and the replies that made it are not kept")
                continue
            told(f"{place} is lost, and is made again from what is kept")
            self._finished.discard(key)
            if tried:
                self._tries[key] = tried
        told.end()

    def is_finished(self, key: str) -> bool:
        """Whether a unit has its row and is not to be tried anew."""
        return bytes.fromhex(key) in self._finished

    @property
    def finished(self) -> int:
        """How many units are."""
        return len(self._finished)

    def replies(self, key: str) -> dict[str, Reply]:
        """A unit's replies of an interrupted try, by call."""
        places = self._offsets.pop(bytes.fromhex(key), ())
        return dict(_reply_of(entry_at(file, offset)) for file, offset in places)

    def keep_row(self, row: ResultRow) -> None:
        """Finish a unit."""
        super().keep_row(row)
        self.note(row)

    def note(self, row: ResultRow) -> None:
        """Hear of a row that another writer has kept."""
        if row.cause != OUTAGE:
            self._finished.add(bytes.fromhex(row.key))

    def left_by(self, name: str, key: str, tried: int) -> tuple[ResultRow | None, dict[str, Reply]]:
        """What another writer, which has ended, left of one try of a unit: its row and replies."""
        row: ResultRow | None = None
        for entry in self._entries_of("results", name, key):
            found = row_of(entry, self._damaged, self._units)
            if (
                found is not None
                and found.key == key
                and found.tried == tried
                and found.cause != OUTAGE
            ):
                row = found
        replies = {}
        for entry in self._entries_of("replies", name, key):
            if entry.data.get("unit") == key and entry.data.get("tried") == tried:
                try:
                    call, reply = _reply_of(entry.data)
                    replies[call] = reply
                except (KeyError, TypeError):
                    self._damaged(f"{entry.place} is no stored reply, and is passed over")
        return row, replies

    def _entries_of(self, kind: str, name: str, key: str) -> Iterator[Entry]:
        """Lines of a writer's part that hold a key; none if there is no such part."""
        file = self._folder / PARTS / f"{kind}-{name}.jsonl"
        if file.is_file():
            yield from entries_of(file, self._damaged, words=f'"{key}"'.encode())


def _reply_of(entry: Mapping[str, Any]) -> tuple[str, Reply]:
    """The call and the reply that a line says.

    Raises:
        KeyError, TypeError: it says none.
    """
    reply = reply_of(entry["reply"])
    if reply is None or not isinstance(entry["call"], str):
        raise TypeError("no reply")
    return entry["call"], reply


def shard_parts(folder: Path, kind: str, shard: tuple[int, int]) -> list[Path]:
    """The parts of all who ever wrote for a shard; ``kind`` is ``results`` or ``replies``."""
    own = f"{kind}-{part_name(shard)}"
    parts = folder / PARTS
    return [*parts.glob(f"{own}.jsonl"), *sorted(parts.glob(f"{own}-*.jsonl"))]


def _await_workers(folder: Path, shard: tuple[int, int]) -> None:
    """Wait for workers of a start that was killed: they end a little after it."""
    for file in (folder / PARTS).glob(f"{part_name(shard)}-*.lock"):
        try:
            locked(file, PATIENCE).close()
        except BlockingIOError:
            raise UserError(
                f"workers of an earlier start still write to {folder}",
                hint="wait for their end, or end them",
            ) from None
        except OSError as error:
            raise unwritable(folder, error) from None
