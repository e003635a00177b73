"""Progress on stderr: a line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nl2efg.cli.terminal import note


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
