"""Games that come as the text of a file instead of code: nothing runs, but the limits hold."""

from __future__ import annotations

import re

from nl2efg.errors import FormatError
from nl2efg.formats import read_game
from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.protocol.encoding import HIDDEN
from nl2efg.sandbox.size import too_large
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.text import visible

_START = re.compile(r"\ufeff?\s*(?:EFG|NFG)\s+[0-9]")


def is_game_text(text: str) -> bool:
    """Whether it starts as a file of Gambit's does."""
    return bool(_START.match(text))


def read_text(text: str, limits: Limits) -> Built:
    """The game of an ``.efg`` or ``.nfg`` text, with U+FFFD for what does not show.

    Args:
        text: as a model wrote it.
        limits: of which those of the game apply.
    """
    shown = visible(text, keep="\n\t\r\ufeff")
    notices: list[str] = []
    try:
        tree = read_game(shown, notices=notices)
    except FormatError as error:
        refused = Diagnostic(
            "B108",
            Severity.ERROR,
            f"the game text cannot be read: {error.message}",
            line=error.line or None,
            fix=error.hint or None,
        )
        return Built(None, (refused,), text)
    large = too_large(tree, limits)
    if large is not None:
        return Built(None, (large,), text)
    found = [HIDDEN] if shown != text else []
    found += [_rounded(notice) for notice in notices]
    return Built(tree, tuple(found), text)


def _rounded(notice: str) -> Diagnostic:
    line, _, message = notice.partition(": ")
    return Diagnostic(
        "B310",
        Severity.WARNING,
        message,
        line=int(line),
        fix="write fractions that sum to 1, such as 1/3",
    )
