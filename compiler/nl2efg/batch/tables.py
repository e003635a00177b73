"""Tables of texts: JSON lines, JSON, and CSV as spreadsheets write it."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

from nl2efg.batch.table_text import LOOKED_AT, in_utf8, not_utf8, text_lines
from nl2efg.errors import ReadingWarning, UserError
from nl2efg.json_lines import MAX_LINE, read_json_lines

MAX_BYTES = MAX_LINE
"""Of one line; more is no description."""

MAX_ARRAY = 64 * 2**20
"""Bytes of a file that is one JSON array: it is read as a whole."""

DELIMITERS = ",;\t|"
"""What spreadsheets part columns with: where a comma is in decimals, a semicolon."""

_NOTHING = DELIMITERS + ' "\r\n'
"""What a line consists of that holds empty cells alone."""

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


def json_rows(file: IO[bytes], path: Path, encoding: str) -> Iterator[Row]:
    """The rows of JSON lines, or of one JSON array of objects.

    Args:
        file: open at its start.
        path: its name, for messages.
        encoding: its encoding; empty: UTF-8, or a wider one where a mark says so.

    Raises:
        UserError: an array that is too large, or no JSON; or it is in another encoding.
    """
    with in_utf8(file, path, encoding) as opened:
        start = opened.read(LOOKED_AT)
        opened.seek(0)
        first, _, more = start.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
        if first.startswith(b"[") and not (more.strip() and _is_json(first)):
            yield from _array(opened, path)
            return
        for line in read_json_lines(opened, MAX_BYTES):
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
    except UnicodeDecodeError as error:
        begin = content.rfind(b"\n", 0, error.start) + 1
        number = content.count(b"\n", 0, begin) + 1
        place = error.start - begin
        raise not_utf8(path, number, content[begin : begin + LOOKED_AT], place) from None
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
    lines = text_lines(file, path, encoding)
    head: list[str] = []
    for line in lines:
        head.append(line)
        if line.strip(_NOTHING):
            break
    parted = _delimiter(head[-1] if head else "", wanted)
    # Strict: a quote that is never closed would swallow all the rows after it.
    rows = csv.DictReader(chain(head, lines), strict=True, delimiter=parted)
    start = 1
    try:
        while rows.fieldnames is not None and not _says_something(rows.fieldnames):
            rows.fieldnames = None  # a row without anything above the header
        yield list(rows.fieldnames or ())
        start = rows.line_num + 1
        for row in rows:
            more = _says_something(row.pop(None, None) or ())
            problem = "has more cells than the table has columns: a text needs quotation marks"
            if more or _says_something(row.values()):
                yield rows.line_num, row, problem if more else ""
            start = rows.line_num + 1
    except csv.Error as error:
        if "new-line" in str(error):  # Python adds advice for programs that read tables
            raise UserError(
                f"{path}:{start}: a carriage return is in a cell without quotation marks",
                hint="a text of several lines needs quotation marks around it",
            ) from None
        raise UserError(
            f"{path}:{start}: {error}; is a quotation mark never closed?",
            hint="a quotation mark within quotation marks is doubled",
        ) from None


def _says_something(cells: Iterable[str | None]) -> bool:
    """Whether a row is more than blanks: spreadsheets write rows of empty cells."""
    return any(cell and cell.strip() for cell in cells)


def _delimiter(head: str, wanted: Sequence[str]) -> str:
    """What parts the columns of a header: what finds most of those that are wanted in it."""

    def found(delimiter: str) -> int:
        try:
            columns = next(csv.reader([head], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(column_of(name, columns) is not None for name in wanted)

    return max(DELIMITERS, key=found)


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
