"""Text from outside: made valid Unicode, and kept from steering whoever shows it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_LONE = re.compile("[\ud800-\udfff]")
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of direction
    "\ud800-\udfff]"
)

_DIRECTIONAL = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def valid(text: str) -> str:
    """Text that can be encoded: U+FFFD for every surrogate that is not one of a pair."""
    if _LONE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def steers(text: str) -> bool:
    """Whether :func:`steady` would change a text."""
    return _STEERING.search(text) is not None


def steady(text: str) -> str:
    """Text that can neither steer a terminal nor turn the text around it.

    U+FFFD takes the place of control characters other than tab and line feed, of what overrides
    the direction of text, and of lone surrogates. Joiners, which scripts and emoji need, stay.
    """
    return _STEERING.sub("\ufffd", text)


def one_line(text: str) -> str:
    """A text as one line of a picture, a table or a page.

    Control characters, lone surrogates and non-characters become U+FFFD; directional overrides,
    which could turn the text around them, are dropped; white space is one blank.
    """
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if char in _DIRECTIONAL:
            continue
        if char.isspace():
            kept.append(" ")
        elif category in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE:
            kept.append("\ufffd")
        else:
            kept.append(char)
    return " ".join("".join(kept).split())


def load_json(text: str | bytes) -> Any:
    r"""What a JSON text says, with valid Unicode throughout: ``"\ud800"`` is JSON, but no text.

    Raises:
        ValueError: it is no JSON, or an integer in it has more digits than Python reads.
        RecursionError: it is nested too deeply.
    """
    import json  # not at the top: a sandbox's worker reads none

    found = json.loads(text)
    escape = b"\\u" if isinstance(text, bytes) else "\\u"
    if escape not in text:  # type: ignore[operator]
        return found
    written = json.dumps(found, ensure_ascii=False)
    mended = valid(written)
    return found if mended is written else json.loads(mended)
