"""Is a text a Python program? Nothing of it is run.

The one place where the application itself parses what a model wrote, to tell a program from prose.
So its length is bounded: within it Python's parser takes seconds and some 100 MB at worst, and
its own limits of nesting hold.
"""

from __future__ import annotations

import ast
import warnings
from _thread import allocate_lock

MAX_LENGTH = 50_000
"""Characters; a longer text is not parsed, and counts as no program."""

_PARSING = allocate_lock()
"""Python 3.11 counts the depth of a syntax tree for all threads together, and trips over it."""


def wrong_line(code: str) -> int | None:
    """The line (from 1) of the first syntax error, 0 if no line is at fault; None without error."""
    if len(code) > MAX_LENGTH:
        return 0
    try:
        with _PARSING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return None
