"""Files of JSON lines: one object a line, read one at a time, each bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from nl2efg.text import load_json

MAX_LINE = 4_000_000
"""Bytes of a line; more is neither a description nor a reply."""


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line that is not blank.

    Args:
        number: of the line in its file, from 1.
        data: what it says; empty if it is no object.
        problem: why it cannot be used, as in "line 3 {problem}"; empty if it can.
    """

    number: int
    data: dict[str, Any]
    problem: str = ""


def read_json_lines(file: IO[bytes], most: int = MAX_LINE) -> Iterator[JsonLine]:
    """The lines of a file; one that cannot be used comes with its problem, and the rest goes on.

    Args:
        file: open for reading.
        most: bytes of a line; of a longer one the rest is passed over.
    """
    number = 0
    while line := file.readline(most + 1):
        number += 1
        if len(line) > most and not line.endswith(b"\n"):
            while (rest := file.readline(most)) and not rest.endswith(b"\n"):
                pass
            yield JsonLine(number, {}, f"is longer than {most:,} bytes")
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _read(line, number)


def _read(line: bytes, number: int) -> JsonLine:
    try:
        found = load_json(line.decode())
    except UnicodeDecodeError as error:
        return JsonLine(number, {}, f"is not UTF-8 at byte {error.start + 1}")
    except RecursionError:
        return JsonLine(number, {}, "is no JSON: it is nested too deeply")
    except ValueError as error:
        return JsonLine(number, {}, f"is no JSON: {error}")
    if not isinstance(found, dict):
        return JsonLine(number, {}, "is no object")
    return JsonLine(number, found)
