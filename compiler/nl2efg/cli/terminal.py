"""What is said to a person: on stderr, so that stdout stays data."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from typing import Any

from nl2efg.text import terminal_text

plain = terminal_text
"""A text as it is printed, so that no game can steer the reader's terminal."""


class StdoutError(OSError):
    """What is said on stdout cannot be written: it leads to a disk that is full, say."""


class _Stdout(io.FileIO):
    """Stdout's descriptor, whose errors are known from those of other files."""

    def write(self, data: Any) -> int:
        """As it is, but for the error."""
        try:
            return super().write(data)
        except OSError as error:
            # A reader that has gone is no failure; on Windows it is told by the second.
            if error.errno in (errno.EPIPE, errno.EINVAL):
                raise
            raise StdoutError(error.errno, error.strerror) from None


def _told_stdout(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """The process's own stdout, as a stream whose errors say that they are its own."""
    raw = getattr(stream.buffer, "raw", stream.buffer)  # the latter with python -u
    if stream is not sys.__stdout__ or type(raw) is not io.FileIO:
        return stream
    own = _Stdout(raw.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(own) if raw is not stream.buffer else own,
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def ready_streams() -> None:
    """See to it that no letter of a game ends a command: consoles know few of them.

    What a console's code page (cp1252, say) does not have is shown as ``\\u4e2d``. On Windows what
    goes to a file or another program is UTF-8, as data is; ``PYTHONIOENCODING`` has the last word.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _told_stdout(sys.stdout)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):  # a notebook's, or a test's
            continue
        if sys.platform == "win32" and not stream.isatty() and "PYTHONIOENCODING" not in os.environ:
            stream.reconfigure(encoding="utf-8")
        if stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def print_json(data: Any) -> None:
    """Data on stdout, as JSON in ASCII: no text of a game reaches the terminal as it is."""
    print(json.dumps(data, indent=2))


def complain(message: str, hint: str = "") -> None:
    """One line that says what is wrong, and one that says what to do next."""
    print(f"nl2efg: {plain(message)}", file=sys.stderr)
    if hint:
        print(f"  → {plain(hint)}", file=sys.stderr)


def note(message: str) -> None:
    """Something that a person wants to know, and that is no data."""
    print(plain(message), file=sys.stderr, flush=True)
