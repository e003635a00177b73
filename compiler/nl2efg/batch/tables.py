"""Tables of texts: JSON lines, JSON, and CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

from nl2efg.decoding import guessed_encoding
from nl2efg.errors import ReadingWarning, UserError
from nl2efg.json_lines import MAX_LINE, read_json_lines

MAX_BYTES = MAX_LINE
"""Of one line; more is no description."""

MAX_ARRAY = 64 * 2**20
"""Bytes of a file that is one JSON array: it is read as a whole."""

DELIMITERS = ",;\t|"
"""What spreadsheets part columns with: where a comma is in decimals, a semicolon."""

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 1 << 16

Row = tuple[int, dict[str, Any], str]
"""Its line, from 1, what it holds, and why it cannot be used; empty if it can."""


def column_of(wanted: str, columns: Sequence[str]) -> str | None:
    """The column that a name means: so called, or but for case and blanks if one alone is.

    Args:
        wanted: the name.
        columns: those that there are.
    """
    if wanted in columns:
        return wanted
    alike = [name for name in columns if name.strip().casefold() == wanted.strip().casefold()]
    return alike[0] if len(alike) == 1 else None


def json_rows(file: IO[bytes], path: Path) -> Iterator[Row]:
    """The rows of JSON lines, or of one JSON array of objects.

    Args:
        file: open at its start.
        path: its name, for messages.

    Raises:
        UserError: an array that is too large, or no JSON.
    """
    start = file.read(_LOOKED_AT)
    file.seek(0)
    first, _, more = start.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if first.startswith(b"[") and not (more.strip() and _is_json(first)):
        yield from _array(file, path)
        return
    for line in read_json_lines(file, MAX_BYTES):
        yield line.number, line.data, line.problem


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _array(file: IO[bytes], path: Path) -> Iterator[Row]:
    content = file.read(MAX_ARRAY + 1)
    if len(content) > MAX_ARRAY:
        raise UserError(
            f"{path} is one JSON array of more than {MAX_ARRAY // 2**20} MB",
            hint=f"write an object a line: jq -c '.[]' {path} > texts.jsonl",
        )
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is no JSON: {error}") from None
    for number, each in enumerate(found, 1):
        yield (
            number,
            each if isinstance(each, dict) else {},
            ("" if isinstance(each, dict) else "is no object"),
        )


def csv_rows(
    file: IO[bytes], path: Path, encoding: str, wanted: Sequence[str]
) -> Iterator[Row | list[str]]:
    """The names of a table's columns, and then its rows.

    Args:
        file: open at its start.
        path: its name, for messages.
        encoding: its encoding; empty: UTF-8, or UTF-16 where a mark says so.
        wanted: columns that the table should have, which tell how its columns are parted.

    Raises:
        UserError: it is in another encoding, or a quotation mark is never closed.
    """
    csv.field_size_limit(MAX_BYTES)
    lines = _lines(path, file, encoding)
    head: list[str] = []
    for line in lines:
        head.append(line)
        if line.strip():
            break
    parted = _delimiter(head[-1] if head else "", wanted)
    # Strict: a quote that is never closed would swallow all the rows after it.
    rows = csv.DictReader(chain(head, lines), strict=True, delimiter=parted)
    start = 1
    try:
        while rows.fieldnames == []:  # a blank line above the header
            rows.fieldnames = None
        yield list(rows.fieldnames or ())
        start = rows.line_num + 1
        for row in rows:
            more = any(cell.strip() for cell in row.pop(None, None) or ())
            problem = "has more cells than the table has columns: a text needs quotation marks"
            yield rows.line_num, row, problem if more else ""
            start = rows.line_num + 1
    except csv.Error as error:
        raise UserError(
            f"{path}:{start}: {error}; is a quotation mark never closed?",
            hint="a quotation mark within quotation marks is doubled",
        ) from None


def _delimiter(head: str, wanted: Sequence[str]) -> str:
    """What parts the columns of a header: what finds most of those that are wanted in it."""

    def found(delimiter: str) -> int:
        try:
            columns = next(csv.reader([head], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(column_of(name, columns) is not None for name in wanted)

    return max(DELIMITERS, key=found)


def _lines(path: Path, file: IO[bytes], encoding: str) -> Iterator[str]:
    """Lines decoded one at a time, so that an error names its own."""
    start = file.read(2)
    file.seek(0)
    if not encoding and start in _WIDE:
        yield from _wide_lines(path, file)
        return
    number = 0
    while line := file.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            raise UserError(f"{path}:{number} is longer than {MAX_BYTES:,} bytes")
        try:
            text = line.decode(encoding or "utf-8")
        except UnicodeDecodeError as error:
            name = "" if encoding else guessed_encoding(line + file.read(_LOOKED_AT))
            raise UserError(
                f"{path}:{number} is not {(encoding or 'utf-8').upper()} at byte {error.start + 1}",
                hint=f"it looks like {name}, as --encoding {name} says; or save it as UTF-8"
                if name
                else "save the table as UTF-8, or name its encoding, as in --encoding cp1252",
            ) from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def _wide_lines(path: Path, file: IO[bytes]) -> Iterator[str]:
    """Lines of a table in UTF-16, as spreadsheets call "Unicode text"."""
    number = 0
    with io.TextIOWrapper(file, "utf-16", newline="") as text:
        try:
            while line := text.readline(MAX_BYTES + 1):
                number += 1
                if len(line) > MAX_BYTES:
                    raise UserError(f"{path}:{number} is longer than {MAX_BYTES:,} characters")
                yield line
        except UnicodeDecodeError:
            raise UserError(
                f"{path}:{number + 1} is not UTF-16", hint="save the table as UTF-8"
            ) from None


def tell_of_numbers(path: Path, column: str) -> None:
    """Say that the texts of a table are called by their numbers.

    Args:
        path: the table's.
        column: of ids, which it does not have.
    """
    warnings.warn(
        f"{path} has no column {column!r}; its texts are called row-1, row-2, … (--id names one)",
        ReadingWarning,
        stacklevel=2,
    )
