"""The command line: arguments, progress and exit codes. Heavy modules load inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["INTERRUPTED", "main"]

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C stopped, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code, see :func:`nl2efg.cli.app.main`.

    Its modules are loaded here, which takes seconds on a slow disk: Ctrl-C ends that without a
    traceback too.

    Args:
        arguments: the words; those of this process by default.
    """
    try:
        from nl2efg.cli.app import main as run

        run(arguments)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        from nl2efg.given_up import leave_given_up

        leave_given_up(end.code)
        raise
