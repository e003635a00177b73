"""The command line: arguments, progress and exit codes. Heavy modules load inside the commands."""

from nl2efg.cli.app import main

__all__ = ["main"]
