"""Work that nobody waits for any more, and the end of a process in which some is left."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

_NAME = "given up by nl2efg"


def give_up_after(work: Callable[[], object], seconds: float) -> None:
    """Do something in a thread, and wait for it no longer than that.

    Args:
        work: what may hang.
        seconds: to wait.
    """
    thread = threading.Thread(target=work, daemon=True, name=_NAME)
    thread.start()
    thread.join(seconds)


def leave_given_up(code: object) -> None:
    """End this process at once where work is left: code of libraries crashes the usual end.

    Args:
        code: of :class:`SystemExit`.
    """
    if not any(each.name == _NAME for each in threading.enumerate()):
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
