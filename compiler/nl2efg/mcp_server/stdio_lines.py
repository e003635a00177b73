"""Messages over stdin: one line each, and none longer than memory should hold.

The SDK reads a line to its end however long it is. So it gets what a pipe holds, and a thread fills
that with lines that have an end.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator

MAX_LINE = 8 * 1024 * 1024
"""Bytes of a message, as of a request over HTTP."""

_CHUNK = 1 << 16
_SEEN = 1_000
"""Bytes at both ends of a line that is too long where its id is looked for."""
_ID = rb'"id"\s*:\s*(\d{1,18}|"[\w-]{1,100}")'
_FIRST = re.compile(rb'\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?' + _ID + rb"\s*,")
_LAST = re.compile(rb"," + rb"\s*" + _ID + rb"\s*\}\s*\Z")


def bound_stdin(tell: Callable[[str], None]) -> None:
    """Let stdin of this process have lines of at most ``MAX_LINE`` bytes.

    Of a longer request a short one remains that no server knows, so that it is answered.

    Args:
        tell: told in words of what was too long.
    """
    source = os.dup(0)
    reader, writer = os.pipe()
    os.dup2(reader, 0)
    os.close(reader)
    threading.Thread(target=_fill, args=(source, writer, tell), daemon=True).start()


def _fill(source: int, writer: int, tell: Callable[[str], None]) -> None:
    try:
        for line in bounded_lines(lambda: os.read(source, _CHUNK), tell):
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(writer, rest) :]
    except OSError:
        pass  # whoever wrote, or whoever read, is gone
    finally:
        os.close(writer)


def bounded_lines(read: Callable[[], bytes], tell: Callable[[str], None]) -> Iterator[bytes]:
    """Lines of what comes in pieces, in place of those that are too long a word about them.

    Args:
        read: gives the next piece; an empty one is the end.
        tell: told in words of what was too long.
    """
    line = bytearray()
    ends: tuple[bytes, bytes] | None = None  # of a line that is too long
    while chunk := read():
        *whole, rest = chunk.split(b"\n")
        for number, piece in enumerate([*whole, rest]):
            if ends is None and len(line) + len(piece) > MAX_LINE:
                ends = bytes(line[:_SEEN] or piece[:_SEEN]), bytes(line[-_SEEN:])
                line = bytearray()
            if ends is not None:
                ends = ends[0], (ends[1] + piece)[-_SEEN:]
            else:
                line += piece
            if number == len(whole):
                break
            if ends is not None:
                tell(f"a message of more than {MAX_LINE:,} bytes was passed over")
            yield (bytes(line) if ends is None else _refused(*ends)) + b"\n"
            line, ends = bytearray(), None
    if line:
        yield bytes(line)


def _refused(first: bytes, last: bytes) -> bytes:
    """A request that is answered with an error, in place of one that is too long."""
    found = _FIRST.match(first) or _LAST.search(last)
    if found is None:
        return b""
    words = f"a message of more than {MAX_LINE:,} bytes"
    return b'{"jsonrpc":"2.0","id":%b,"method":"%b"}' % (found[1], words.encode())
