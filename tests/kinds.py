"""What a test starts decides where it lies and which marker it has; this sees to it.

``process``: starts a process, a sandbox worker among them. ``server``: listens on loopback.
``ray``: starts a cluster. ``browser``: drives one. ``slow``: takes more than a second or so.
Tests below ``tests/unit`` start nothing, and those without ``slow`` are the fast subset.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STARTS = ("process", "server", "ray", "browser")
MARKERS = {
    "process": "starts a process, or a sandbox worker",
    "server": "listens on loopback",
    "ray": "starts a Ray cluster",
    "browser": "drives a headless browser",
    "slow": "takes more than about a second",
}
_STARTED_BY = {
    "subprocess.Popen": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.posix_spawn": "process",
    "socket.bind": "server",
}
_seen: set[str] | None = None


def _look(event: str, _: Any) -> None:
    kind = _STARTED_BY.get(event)
    if kind and _seen is not None:
        _seen.add(kind)


def look_at_starts() -> None:
    """Hear of every process and server that this process starts from now on."""
    sys.addaudithook(_look)


@contextmanager
def starts() -> Iterator[set[str]]:
    """The set of what is started inside: ``process``, ``server``."""
    global _seen
    _seen = seen = set()
    try:
        yield seen
    finally:
        _seen = None
