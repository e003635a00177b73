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
    try:
        tree = read_game(shown)
    except FormatError as error:
        found = Diagnostic(
            "B108",
            Severity.ERROR,
            f"the game text cannot be read: {error.message}",
            line=error.line or None,
            fix=error.hint or None,
        )
        return Built(None, (found,), text)
    refused = too_large(tree, limits)
    if refused is not None:
        return Built(None, (refused,), text)
    return Built(tree, (HIDDEN,) if shown != text else (), text)
