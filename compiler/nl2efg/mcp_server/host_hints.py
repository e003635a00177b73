"""Hints of errors as a host's model can follow them: it has tools, and no command line."""

from __future__ import annotations

import re

_FOR_TOOLS = {
    "`nl2efg examples` lists the games": "the tool examples lists the bundled games",
    "the transcript holds every prompt, reply and diagnostic; a stronger model or a clearer text "
    "may help": "call compile again, or hand a program of your own to build",
}
_FOR_OTHERS = re.compile(r"`nl2efg |nl2efg\.\w|--[a-z]|pip install|transcript")
"""What only somebody at a terminal or in Python can do."""


def hint_for_host(hint: str) -> str:
    """What a host's model can do next; empty if that is nothing.

    Args:
        hint: of an error, for people.
    """
    hint = _FOR_TOOLS.get(hint, hint)
    return "" if _FOR_OTHERS.search(hint) else hint
