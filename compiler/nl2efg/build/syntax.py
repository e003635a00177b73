"""Is a text a Python program? Nothing of it is run."""

from __future__ import annotations

import ast
import warnings
from threading import Lock

LONGEST = 200_000
"""Characters; a longer text is not parsed, and counts as no program."""

_PARSING = Lock()
"""Python 3.11 counts the depth of a syntax tree for all threads together, and trips over it."""


def wrong_line(code: str) -> int | None:
    """The line (from 1) of the first syntax error, 0 if no line is at fault; None without error."""
    if len(code) > LONGEST:
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
