"""Corpora: where texts come from, one at a time."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nl2efg.batch.parquet import read_parquet
from nl2efg.decoding import decoded
from nl2efg.errors import DescriptionError, FormatError, NotFoundError, UserError
from nl2efg.json_lines import MAX_LINE, read_json_lines
from nl2efg.pipeline import documents
from nl2efg.pipeline.descriptions import refuse_other_than_prose
from nl2efg.storage import open_regular
from nl2efg.text import valid

MAX_BYTES = MAX_LINE
"""Of one text file, or one line; more is no description."""

ENDINGS = (".txt", ".md", ".tex", ".html", ".htm", ".docx", ".pdf")
"""Of the files of a folder that are texts; the last four are documents, whose words are read."""

_DOCUMENTS = ENDINGS[3:]
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
    """

    position: int
    id: str
    text: str
    reply: str | None = None
    problem: str = ""


class Fingerprint:
    """A SHA-256 over all that units say, and their number."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.count = 0

    def add(self, unit: Unit) -> None:
        """Take in the next unit."""
        said = [unit.id, unit.text, unit.reply, unit.problem]
        self._digest.update(json.dumps(said).encode() + b"\n")
        self.count += 1

    @property
    def digest(self) -> str:
        """The hash so far."""
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of texts and documents, or a JSONL, CSV or Parquet file.

    Args:
        path: where it is.
        id_column, text_column: its columns, where it has some.
        reply_column: the column of replies, for replays; empty for texts.
        follow_links: whether files of a folder may be links that lead out of it. What they lead to
            is sent to the service, so they are not followed unless somebody asks for it.
        encoding: that of the texts, or of the table; empty: a text's is known by its looks, which
            a ReadingWarning says, and a table is in UTF-8.
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
        for position, unit in enumerate(self._units()):
            digest = hashlib.blake2b(unit.id.encode("utf-8", "replace"), digest_size=8).digest()
            problem = unit.problem
            if digest in seen and not problem:
                problem = f"the id {unit.id!r} is repeated; its first text is taken"
            seen.add(digest)
            yield Unit(position, unit.id, unit.text, unit.reply, problem)

    def survey(self) -> tuple[str, int]:
        """A SHA-256 over all that the corpus says, and its number of units."""
        found = Fingerprint()
        for unit in self.units():
            found.add(unit)
        if not found.count:
            raise UserError(f"{self.path} holds no texts", hint=f"a folder needs {_KINDS}")
        return found.digest, found.count

    def left_out(self) -> dict[str, int]:
        """How many files of a folder are no texts, by their endings; empty for a table.

        Files whose names begin with a dot are not counted, nor is what tells about the folder.
        """
        if not self.path.is_dir():
            return {}
        return dict(
            Counter(
                file.suffix.lower() or "no ending"
                for file in sorted(self.path.rglob("*"))
                if file.is_file() and not file.name.startswith(".") and not _is_text(file)
                if file.stem.lower() != "readme"
            )
        )

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
                hint=f"give a folder of {_KINDS}, or a .jsonl, .csv or .parquet file",
            )
        return readers[self.path.suffix.lower()]()

    def _of_folder(self) -> Iterator[Unit]:
        home = self.path.resolve()
        files = sorted(file for file in self.path.rglob("*.*") if _is_text(file))
        for file, name in zip(files, _names(files, self.path), strict=True):
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
        most = documents.MAX_BYTES if file.suffix.lower() in _DOCUMENTS else MAX_BYTES
        with open_regular(real, follow=False) as opened:
            content = opened.read(most + 1)
        if len(content) > most:
            raise OSError(f"it is longer than {most:,} bytes")
        words = documents.document_text(content, str(file))
        if words is None:
            words = decoded(content, str(file), self.encoding)
        refuse_other_than_prose(words, str(file))
        return words

    def _of_lines(self) -> Iterator[Unit]:
        checked = False
        with _opened(self.path) as file:
            for line in read_json_lines(file, MAX_BYTES):
                if line.problem:
                    yield self._bad(line.number, line.problem)
                    continue
                if not checked:
                    self._need(list(line.data))
                    checked = True
                yield self._row(line.data, line.number)

    def _of_csv(self) -> Iterator[Unit]:
        csv.field_size_limit(MAX_BYTES)
        with _opened(self.path) as file:
            # Strict: a quote that is never closed would swallow all the rows after it.
            lines = _csv_lines(self.path, file, self.encoding or "utf-8")
            rows = csv.DictReader(lines, strict=True)
            start = 1
            try:
                while rows.fieldnames == []:  # a blank line above the header
                    rows.fieldnames = None
                self._need(list(rows.fieldnames or ()))
                start = rows.line_num + 1
                for row in rows:
                    yield self._row(row, rows.line_num)
                    start = rows.line_num + 1
            except csv.Error as error:
                raise UserError(
                    f"{self.path}:{start}: {error}; is a quotation mark never closed?",
                    hint="a quotation mark within quotation marks is doubled",
                ) from None

    def _of_parquet(self) -> Iterator[Unit]:
        wanted = (self.id_column, self.text_column, self.reply_column)
        for number, (row, problem) in enumerate(
            read_parquet(self.path, wanted, MAX_BYTES, self._need), 1
        ):
            yield self._bad(number, problem) if problem else self._row(row, number)

    def _need(self, columns: list[str]) -> None:
        needed = [self.id_column, self.reply_column or self.text_column]
        missing = [name for name in needed if name not in columns]
        if missing:
            raise UserError(
                f"{self.path} has no column {missing[0]!r}; it has {', '.join(columns) or 'none'}",
                hint="name the columns with --id and --text",
            )

    def _row(self, row: dict[str, Any], number: int) -> Unit:
        identity = _identity(row.get(self.id_column))
        if not identity:
            return self._bad(number, f"has no {self.id_column!r}")
        text = row.get(self.text_column)
        reply = row.get(self.reply_column) if self.reply_column else None
        needed, name = (reply, self.reply_column) if self.reply_column else (text, self.text_column)
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


def _names(files: Sequence[Path], home: Path) -> list[str]:
    """The ids of files: their paths without the ending, but where two would be alike."""
    whole = [valid(file.relative_to(home).as_posix()) for file in files]
    names = [valid(file.relative_to(home).with_suffix("").as_posix()) for file in files]
    while True:
        counts = Counter(names)
        longer = [
            full if counts[name] > 1 else name for name, full in zip(names, whole, strict=True)
        ]
        if longer == names:
            return names
        names = longer


def _is_text(file: Path) -> bool:
    """Whether a file of a folder is one of its texts; what tells about the folder is none."""
    ending = file.suffix.lower()
    return ending in ENDINGS and (ending == ".txt" or file.stem.lower() != "readme")


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


def _csv_lines(path: Path, file: IO[bytes], encoding: str) -> Iterator[str]:
    """Lines decoded one at a time, so that an error names its own."""
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            raise UserError(f"{path}:{number} is longer than {MAX_BYTES:,} bytes")
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            raise UserError(
                f"{path}:{number} is not {encoding.upper()} at byte {error.start + 1}",
                hint="save the table as UTF-8, or name its encoding, as in --encoding cp1252",
            ) from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def _opened(path: Path) -> IO[bytes]:
    try:
        return open_regular(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
