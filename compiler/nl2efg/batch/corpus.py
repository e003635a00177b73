"""Corpora: where texts come from, one at a time."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from nl2efg.batch.folder_texts import DOCUMENTS, ENDINGS, left_out, text_files
from nl2efg.batch.parquet import read_parquet
from nl2efg.batch.tables import MAX_BYTES, column_of, csv_rows, json_rows, tell_of_numbers
from nl2efg.decoding import decoded
from nl2efg.errors import DescriptionError, FormatError, NotFoundError, UserError
from nl2efg.pipeline import documents
from nl2efg.pipeline.descriptions import refuse_other_than_prose
from nl2efg.storage import open_regular
from nl2efg.text import valid

USUAL_ID = "id"
"""The column of names; a table without it has its rows numbered."""

_KINDS = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]} files"


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to be compiled, or one reply to be replayed.

    Args:
        position: of its place in the corpus, from 0.
        id: its name there.
        text: the description; may be empty for a reply.
        reply: what a model wrote, for replays; else None.
        problem: why it cannot be used; empty if it can.
        apart: whether another text has a name that differs from this one in case alone; a
            :class:`nl2efg.batch.survey.Survey` says so.
    """

    position: int
    id: str
    text: str
    reply: str | None = None
    problem: str = ""
    apart: bool = False


@dataclass(slots=True)
class _Columns:
    """The columns of a table that are read, as it calls them.

    Args:
        id, text, reply: of names, descriptions and replies.
        numbered: whether rows without a name are called by their numbers.
        met: rows that came so far.
    """

    id: str
    text: str
    reply: str
    numbered: bool = False
    met: int = 0


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of texts and documents, or a table: JSON lines, JSON, CSV or Parquet.

    Args:
        path: where it is.
        id_column, text_column: its columns, where it has some; case and blanks around a name do not
            count. Rows of a table without a column ``id`` are called by their numbers.
        reply_column: the column of replies, for replays; empty for texts.
        follow_links: whether files of a folder may be links that lead out of it. What they lead to
            is sent to the service, so they are not followed unless somebody asks for it.
        encoding: that of the texts, or of the table; empty: a text's is known by its looks, which
            a ReadingWarning says, and a table is in UTF-8, or in UTF-16 that has a mark.
    """

    path: Path
    id_column: str = "id"
    text_column: str = "text"
    reply_column: str = ""
    follow_links: bool = False
    encoding: str = ""

    def units(self) -> Iterator[Unit]:
        """Every unit in order; what cannot be used comes with its ``problem``.

        Memory grows by one small hash for each unit: repeated names are found out.

        Raises:
            NotFoundError: there is no such corpus.
            UserError: it is of no known kind, cannot be read, or lacks a column; or it holds
                documents, and what reads them is not installed.
        """
        seen: set[bytes] = set()
        for position, unit in enumerate(self._read()):
            digest = hashlib.blake2b(unit.id.encode("utf-8", "replace"), digest_size=8).digest()
            problem = unit.problem
            if digest in seen and not problem:
                problem = f"the id {unit.id!r} is repeated; its first text is taken"
            seen.add(digest)
            yield Unit(position, unit.id, unit.text, unit.reply, problem)

    def refuse_empty(self) -> NoReturn:
        """Say that there is nothing to do.

        Raises:
            UserError: always.
        """
        hint = f"a folder needs {_KINDS}" if self.path.is_dir() else "it needs a row for each text"
        raise UserError(f"{self.path} holds no texts", hint=hint)

    def left_out(self) -> dict[str, int]:
        """How many files of a folder are no texts, by their endings; empty for a table.

        Files whose names begin with a dot are not counted, nor is what tells about the folder;
        links to folders that are not followed are.

        Raises:
            UserError: a folder within cannot be read.
        """
        return left_out(self.path, follow=self.follow_links) if self.path.is_dir() else {}

    def _read(self) -> Iterator[Unit]:
        try:
            yield from self._units()
        except OSError as error:  # a disk that fails, or storage that is gone
            raise UserError(f"{self.path} cannot be read: {error.strerror or error}") from None

    def _units(self) -> Iterator[Unit]:
        if self.path.is_dir():
            return self._of_folder()
        readers: dict[str, Callable[[], Iterator[Unit]]] = {
            ".jsonl": self._of_json,
            ".json": self._of_json,
            ".csv": self._of_csv,
            ".tsv": self._of_csv,
            ".parquet": self._of_parquet,
        }
        if not self.path.is_file():
            raise NotFoundError(f"there is no corpus {self.path}")
        if self.path.suffix.lower() not in readers:
            sheet = self.path.suffix.lower() in (".xlsx", ".xls", ".ods", ".numbers")
            raise UserError(
                f"{self.path} is no corpus",
                hint="save the sheet as .csv"
                if sheet
                else f"give a folder of {_KINDS}, or a .jsonl, .json, .csv, .tsv or .parquet file",
            )
        return readers[self.path.suffix.lower()]()

    def _of_folder(self) -> Iterator[Unit]:
        home = self.path.resolve()
        files, names = text_files(self.path, follow=self.follow_links)
        for file, name in zip(files, names, strict=True):
            try:
                yield Unit(0, name, self._text_of(file, home))
            except (FormatError, DescriptionError) as error:
                yield Unit(0, name, "", problem=error.message)
            except OSError as error:
                problem = f"{file} cannot be read: {error.strerror or error}"
                yield Unit(0, name, "", problem=problem)

    def _text_of(self, file: Path, home: Path) -> str:
        file.stat()
        real = file.resolve()
        if not self.follow_links and not real.is_relative_to(home):
            raise OSError("it is a link that leads out of the corpus (see --follow-links)")
        most = documents.MAX_BYTES if file.suffix.lower() in DOCUMENTS else MAX_BYTES
        with open_regular(real, follow=False) as opened:
            content = opened.read(most + 1)
        if len(content) > most:
            raise OSError(f"it is longer than {most:,} bytes")
        words = documents.document_text(content, str(file))
        if words is None:
            words = decoded(content, str(file), self.encoding)
        refuse_other_than_prose(words, str(file))
        return words

    def _of_json(self) -> Iterator[Unit]:
        columns: _Columns | None = None
        with _opened(self.path) as file:
            first = ""
            for number, row, problem in json_rows(file, self.path, self.encoding):
                if problem:
                    first = first or f"row {number} {problem}"
                    yield self._bad(number, problem)
                    continue
                if columns is None:
                    columns = self._columns(list(row))
                yield self._row(row, number, columns)
        if columns is None and first:
            raise UserError(
                f"{self.path} has no row that is a JSON object; {first}",
                hint='a row is an object on one line, such as {"id": "a", "text": "…"}; '
                "jq -c . writes objects so",
            )

    def _of_csv(self) -> Iterator[Unit]:
        columns: _Columns | None = None
        with _opened(self.path) as file:
            for found in csv_rows(file, self.path, self.encoding, self._wanted()):
                if isinstance(found, list):
                    columns = self._columns(found)
                elif columns is not None:
                    number, row, problem = found
                    if problem:
                        yield self._bad(number, problem)
                    else:
                        yield self._row(row, number, columns)

    def _of_parquet(self) -> Iterator[Unit]:
        columns = _Columns(self.id_column, self.text_column, self.reply_column)

        def met(names: list[str]) -> None:
            nonlocal columns
            columns = self._columns(names)

        for number, (row, problem) in enumerate(
            read_parquet(self.path, self._wanted(), MAX_BYTES, met), 1
        ):
            yield self._bad(number, problem) if problem else self._row(row, number, columns)

    def _wanted(self) -> tuple[str, ...]:
        return (self.id_column, self.text_column, self.reply_column)

    def _columns(self, names: list[str]) -> _Columns:
        """The columns that are meant, among those of the table.

        Raises:
            UserError: one is missing, or there more than once.
        """
        found = {name: column_of(name, names) for name in self._wanted() if name}
        needed = self.reply_column or self.text_column
        for name in (needed, self.id_column):
            if found[name] is None and (name == needed or name != USUAL_ID):
                raise UserError(
                    f"{self.path} has no column {name!r}; it has {', '.join(names) or 'none'}",
                    hint="name the columns with --id and --text",
                )
        for name in filter(None, found.values()):
            if names.count(name) > 1:
                raise UserError(f"{self.path} has {names.count(name)} columns {name!r}")
        if found[self.id_column] is None:
            tell_of_numbers(self.path, self.id_column)
        return _Columns(
            found[self.id_column] or self.id_column,
            found.get(self.text_column) or self.text_column,
            found.get(self.reply_column) or self.reply_column,
            numbered=found[self.id_column] is None,
        )

    def _row(self, row: dict[str, Any], number: int, columns: _Columns) -> Unit:
        columns.met += 1
        identity = _identity(row.get(columns.id))
        if not identity and columns.numbered:
            identity = f"row-{columns.met}"
        if not identity:
            return self._bad(number, f"has no {columns.id!r}")
        text = row.get(columns.text)
        reply = row.get(columns.reply) if self.reply_column else None
        needed, name = (reply, columns.reply) if self.reply_column else (text, columns.text)
        problem = ""
        if not isinstance(needed, str):
            problem = f"{self.path}:{number}: {name!r} is missing or is no text"
        return Unit(
            0,
            identity,
            valid(text) if isinstance(text, str) else "",
            valid(reply) if isinstance(reply, str) else None,
            problem,
        )

    def _bad(self, number: int, what: str) -> Unit:
        return Unit(0, f"line {number}", "", problem=f"{self.path}:{number} {what}")


def _identity(value: Any) -> str:
    """A name in words: text, or a number as it is written; empty if there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        # Tables turn a column of whole numbers with a gap into floating point.
        value = int(value) if value.is_integer() and abs(value) < 2**53 else value
    return valid(str(value))


def _opened(path: Path) -> IO[bytes]:
    try:
        return open_regular(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
