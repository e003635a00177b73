"""Corpora: where texts come from, one at a time."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nl2efg.errors import NotFoundError, UserError
from nl2efg.text import valid

MAX_BYTES = 4_000_000
"""Of one text file, or one line; more is no description."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to be compiled, or one reply to be replayed.

    Args:
        position: of its place in the corpus, from 0.
        id: its name there.
        text: the description; may be empty for a reply.
        reply: what a model wrote, for replays; else None.
        problem: why it cannot be used; empty if it can.
    """

    position: int
    id: str
    text: str
    reply: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of ``.txt`` files, or a JSONL, CSV or Parquet file.

    Args:
        path: where it is.
        id_column, text_column: its columns, where it has some.
        reply_column: the column of replies, for replays; empty for texts.
    """

    path: Path
    id_column: str = "id"
    text_column: str = "text"
    reply_column: str = ""

    def units(self) -> Iterator[Unit]:
        """Every unit in order; what cannot be used comes with its ``problem``.

        Memory grows by one small hash for each unit: repeated names are found out.

        Raises:
            NotFoundError: there is no such corpus.
            UserError: it is of no known kind, cannot be read, or lacks a column.
        """
        seen: set[bytes] = set()
        for position, unit in enumerate(self._units()):
            digest = hashlib.blake2b(unit.id.encode("utf-8", "replace"), digest_size=8).digest()
            problem = unit.problem
            if digest in seen and not problem:
                problem = f"the id {unit.id!r} is repeated; its first text is taken"
            seen.add(digest)
            yield Unit(position, unit.id, unit.text, unit.reply, problem)

    def survey(self) -> tuple[str, int]:
        """A SHA-256 over all that the corpus says, and its number of units."""
        digest, count = hashlib.sha256(), 0
        for unit in self.units():
            said = [unit.id, unit.text, unit.reply, unit.problem]
            digest.update(json.dumps(said).encode() + b"\n")
            count += 1
        if not count:
            raise UserError(f"{self.path} holds no texts", hint="a folder needs .txt files")
        return digest.hexdigest(), count

    def _units(self) -> Iterator[Unit]:
        if self.path.is_dir():
            return self._of_folder()
        readers: dict[str, Callable[[], Iterator[Unit]]] = {
            ".jsonl": self._of_lines,
            ".csv": self._of_csv,
            ".parquet": self._of_parquet,
        }
        if not self.path.is_file():
            raise NotFoundError(f"there is no corpus {self.path}")
        if self.path.suffix.lower() not in readers:
            raise UserError(
                f"{self.path} is no corpus",
                hint="give a folder of .txt files, or a .jsonl, .csv or .parquet file",
            )
        return readers[self.path.suffix.lower()]()

    def _of_folder(self) -> Iterator[Unit]:
        for file in sorted(self.path.rglob("*.txt")):
            name = valid(file.relative_to(self.path).with_suffix("").as_posix())
            try:
                with file.open("rb") as opened:
                    content = opened.read(MAX_BYTES)
                yield Unit(0, name, content.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                problem = f"{file} is not UTF-8 text at byte {error.start + 1}"
                yield Unit(0, name, "", problem=problem)
            except OSError as error:
                yield Unit(0, name, "", problem=f"{file} cannot be read: {error.strerror}")

    def _of_lines(self) -> Iterator[Unit]:
        with _opened(self.path, "rb") as file:
            number = 0
            while line := file.readline(MAX_BYTES):
                number += 1
                if not line.strip():
                    continue
                try:
                    found = json.loads(line.decode("utf-8-sig"))
                except (ValueError, RecursionError) as error:
                    yield self._bad(number, f"is no JSON: {error}")
                    continue
                if not isinstance(found, dict):
                    yield self._bad(number, "is no object")
                    continue
                if number == 1:
                    self._need(list(found))
                yield self._row(found, number)

    def _of_csv(self) -> Iterator[Unit]:
        csv.field_size_limit(MAX_BYTES)
        with _opened(self.path, "r") as file:
            rows = csv.DictReader(file)
            try:
                self._need(list(rows.fieldnames or ()))
                for row in rows:
                    yield self._row(row, rows.line_num)
            except (csv.Error, UnicodeDecodeError) as error:
                raise UserError(f"{self.path}:{rows.line_num + 1}: {error}") from None

    def _of_parquet(self) -> Iterator[Unit]:
        try:
            from pyarrow import ArrowInvalid, parquet
        except ImportError:
            raise UserError(
                f"{self.path}: Parquet needs pyarrow", hint="pip install 'nl2efg[parquet]'"
            ) from None
        try:
            file = parquet.ParquetFile(self.path)
        except (OSError, ArrowInvalid) as error:
            raise UserError(f"{self.path} cannot be read: {error}") from None
        self._need(file.schema_arrow.names)
        number = 0
        wanted = {self.id_column, self.text_column, self.reply_column}
        columns = [name for name in file.schema_arrow.names if name in wanted]
        with file:
            for batch in file.iter_batches(batch_size=256, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield self._row(row, number)

    def _need(self, columns: list[str]) -> None:
        needed = [self.id_column, self.reply_column or self.text_column]
        missing = [name for name in needed if name not in columns]
        if missing:
            raise UserError(
                f"{self.path} has no column {missing[0]!r}; it has {', '.join(columns) or 'none'}",
                hint="name the columns with --id and --text",
            )

    def _row(self, row: dict[str, Any], number: int) -> Unit:
        identity = row.get(self.id_column)
        if not isinstance(identity, str | int) or identity == "":
            return self._bad(number, f"has no {self.id_column!r}")
        text = row.get(self.text_column)
        reply = row.get(self.reply_column) if self.reply_column else None
        needed, name = (reply, self.reply_column) if self.reply_column else (text, self.text_column)
        problem = ""
        if not isinstance(needed, str):
            problem = f"{self.path}:{number}: {name!r} is missing or is no text"
        return Unit(
            0,
            valid(str(identity)),
            valid(text) if isinstance(text, str) else "",
            valid(reply) if isinstance(reply, str) else None,
            problem,
        )

    def _bad(self, number: int, what: str) -> Unit:
        return Unit(0, f"line {number}", "", problem=f"{self.path}:{number} {what}")


def _opened(path: Path, mode: str) -> Any:
    try:
        if mode == "rb":
            return path.open("rb")
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
