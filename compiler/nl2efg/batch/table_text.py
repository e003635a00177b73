"""The text of tables: lines in any encoding and with any line ends, errors told by line."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nl2efg.decoding import guessed_encoding, marked_encoding
from nl2efg.errors import UserError
from nl2efg.json_lines import MAX_LINE

LOOKED_AT = 1 << 16
"""Bytes at the start of a table by which its form is known, and of its lines its encoding."""

_UTF8 = "utf-8"
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""What stands for bytes that are no text: no decoder makes it of any that are."""

_LINE_END = re.compile("\r\n|\r|\n")
_WITHOUT_A_MARK = {
    b"\1\0\0\0": "utf-32-le",
    b"\0\0\0\1": "utf-32-be",
    b"\1\0\1\0": "utf-16-le",
    b"\0\1\0\1": "utf-16-be",
}
"""Wide encodings by where zeros stand in the first four bytes of what begins with ASCII."""

_PASSED = "nl2efg.no-text"
codecs.register_error(_PASSED, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]


def text_lines(file: IO[bytes], path: Path, encoding: str) -> Iterator[str]:
    """The lines of a table with their ends, one at a time.

    A lone carriage return ends lines where it ends the first one, as of old on the Macintosh.

    Args:
        file: open at its start.
        path: its name, for messages.
        encoding: its encoding; empty: UTF-8, or a wider one where a mark says so.

    Raises:
        UserError: it is in another encoding, which names the line; or a line is too long.
    """
    codec = _codec(file, path, encoding)
    with _decoded(file, codec) as text:
        for number, line in enumerate(iter(lambda: text.readline(MAX_LINE + 1), ""), 1):
            if len(line) > MAX_LINE:
                raise UserError(f"{path}:{number} is longer than {MAX_LINE:,} characters")
            if not line.isascii() and (found := _NO_TEXT.search(line)):
                raise _refusal(path, number, codec, line, found.start(), text)
            yield line.removeprefix("\ufeff") if number == 1 else line


def in_utf8(file: IO[bytes], path: Path, encoding: str) -> IO[bytes]:
    """A table as bytes of UTF-8, whatever it is in; one that is in UTF-8 as it is, with its faults.

    Args:
        file: open at its start.
        path: its name, for messages.
        encoding: as for :func:`text_lines`.

    Raises:
        UserError: its first bytes are no text; so does reading where later ones are none.
    """
    codec = _codec(file, path, encoding)
    return file if codec == _UTF8 else io.BufferedReader(_InUtf8(file, path, codec), LOOKED_AT)


def not_utf8(path: Path, number: int, line: bytes, place: int, more: bytes = b"") -> UserError:
    """The error of a table in another encoding than UTF-8, with the one that it looks like.

    Args:
        path: the table's.
        number: of the line.
        line: its bytes.
        place: of the first one in it that is no text.
        more: bytes after the line.
    """
    name = guessed_encoding(line + more)
    return UserError(
        f"{path}:{number} is not UTF-8 at byte {place + 1}",
        hint=f"it looks like {name}, as --encoding {name} says; or save it as UTF-8"
        if name
        else "save the table as UTF-8, or name its encoding, as in --encoding cp1252",
    )


def _codec(file: IO[bytes], path: Path, encoding: str) -> str:
    """What a table is decoded with.

    Raises:
        UserError: it seems to be in a wide encoding, and nothing says in which.
    """
    start = file.read(4)
    file.seek(0)
    if encoding:
        return codecs.lookup(encoding).name
    if marked := marked_encoding(start):
        return _UTF8 if marked == "utf-8-sig" else marked
    zeros = bytes(map(bool, start))
    if wide := _WITHOUT_A_MARK.get(zeros, ""):
        raise UserError(
            f"{path} is not UTF-8; it looks like {wide.upper()}", hint=f"say so: --encoding {wide}"
        )
    return _UTF8


def _decoded(file: IO[bytes], codec: str) -> io.TextIOWrapper:
    """A table open as text, in which lone surrogates stand for bytes that are none."""
    start = file.read(LOOKED_AT).decode(codec, "ignore")
    file.seek(0)
    first = _LINE_END.search(start)
    ends = "" if first and first[0] == "\r" else "\n"
    errors = "surrogateescape" if codec == _UTF8 else _PASSED
    return io.TextIOWrapper(file, codec, errors, newline=ends)


def _refusal(
    path: Path, number: int, codec: str, line: str, place: int, text: io.TextIOWrapper
) -> UserError:
    if codec == _UTF8:
        before, found, after = (
            part.encode(_UTF8, "surrogateescape")
            for part in (line[:place], line, text.read(LOOKED_AT))
        )
        return not_utf8(path, number, found, len(before), after)
    return UserError(
        f"{path}:{number} is not {codec.upper()} at character {place + 1}",
        hint="save the table as UTF-8, or name its encoding, as in --encoding cp1252",
    )


class _InUtf8(io.RawIOBase):
    """A table in another encoding, read as UTF-8."""

    def __init__(self, file: IO[bytes], path: Path, codec: str) -> None:
        self._text, self._path, self._codec = _decoded(file, codec), path, codec
        self._at, self._line = 0, 1

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the start, which is the only place that can be gone to."""
        if offset or whence:
            raise io.UnsupportedOperation("only its start")
        self._text.seek(0)
        self._at, self._line = 0, 1
        return 0

    def close(self) -> None:
        self._text.close()
        super().close()

    def readinto(self, room: Any) -> int:
        """Fill a buffer: a character takes four bytes at most."""
        said = self._text.read(len(room) // 4)
        if not said.isascii() and (found := _NO_TEXT.search(said)):
            before = said[: found.start()]
            place = len(before) - before.rfind("\n") - 1
            number = self._line + before.count("\n")
            raise _refusal(self._path, number, self._codec, before, place, self._text)
        self._line += said.count("\n")
        content = said.encode()
        room[: len(content)] = content
        self._at += len(content)
        return len(content)
