"""The words of a PDF, taken out by a process of its own that has an end.

A page is a program: a few bytes draw the same form a million times, unfold to whatever their header
says, or nest without end, and no look at them tells how long they take.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import suppress

from nl2efg.own_python import own_python

MAX_MEMORY = 2 * 2**30
"""Bytes of address space of the process that reads."""

MAX_SECONDS = 30
"""Of processor time for all pages; a book of a thousand takes less."""

_PATIENCE = 4 * MAX_SECONDS
LOCKED, TOO_LONG = "locked", "too long"
"""What is said of a file that needs a password, and of one that takes too long."""


def pdf_pages(content: bytes, most: int) -> tuple[list[str], str]:
    """The text of each page, up to some length in all, and why there is none: empty if there is.

    Args:
        content: the whole file.
        most: characters after which no further page is read.
    """
    command = own_python("from nl2efg.pipeline.pdf_text import main; main()", str(most))
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], TOO_LONG
    try:
        found = json.loads(done.stdout)
    except ValueError:  # it was ended, by its limit of time or for its memory
        return [], TOO_LONG
    return found["pages"], found["problem"]


def main() -> None:
    """The process that reads: the file comes on stdin, the pages go to stdout as JSON."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS + 1))
    content = sys.stdin.buffer.read()
    pages: list[str] = []
    problem = ""
    try:
        pages, problem = read_pages(content, int(sys.argv[1]))
    except MemoryError:
        problem = TOO_LONG
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever it likes
        problem = f"{type(error).__name__}: {str(error)[:200]}"
    sys.stdout.write(json.dumps({"pages": pages, "problem": problem}))


def read_pages(content: bytes, most: int) -> tuple[list[str], str]:
    """As :func:`pdf_pages`, in the process that calls, and without an end in sight.

    Raises:
        Exception: any, of a damaged file.
    """
    import pypdf

    document = pypdf.PdfReader(io.BytesIO(content))
    if document.is_encrypted and not document.decrypt(""):
        return [], LOCKED
    pages: list[str] = []
    length = 0
    for page in document.pages:
        pages.append(page.extract_text())
        length += len(pages[-1])
        if length > most:
            break
    return pages, ""
