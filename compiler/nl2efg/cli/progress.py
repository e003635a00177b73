"""Progress on stderr: a line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nl2efg.cli.terminal import note

LINES = 10.0
"""Seconds between two lines of a count where there is no terminal."""


@contextmanager
def reporting(quiet: bool = False, *, plain_lines: bool = False) -> Iterator[Callable[[str], None]]:
    """A function that says in a few words what is being done.

    Args:
        quiet: say nothing.
        plain_lines: keep to lines on a terminal too.
    """
    if quiet:
        yield lambda _: None
    elif plain_lines or not sys.stderr.isatty():
        yield note
    else:
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield lambda words: status.update(words)


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A function to be called after each of ``total`` pieces of work.

    A bar on a terminal, a line every ``LINES`` seconds elsewhere.
    """
    if not sys.stderr.isatty():
        done, last = 0, time.monotonic()

        def count() -> None:
            nonlocal done, last
            done += 1
            if time.monotonic() - last >= LINES:
                last = time.monotonic()
                note(f"{what}: {done:,} of {total:,}")

        yield count
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
