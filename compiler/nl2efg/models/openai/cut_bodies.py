"""Bodies that ended before they were whole, though their status says success.

A connection that breaks is reported by the HTTP library. Not so a proxy that cuts a body and
counts what is left, a compressed body without its end, or a server that dies after its headers:
what such a body lacks has to be seen in the body itself. The call is then made again.
"""

from __future__ import annotations

import json
import re

WORDS = "the reply ended before it was whole"

_BEGUN = re.compile(
    r"(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|[eE][+-]?|\.\d+[eE][+-]?)?", re.ASCII
)
"""What is left of a text at the end of which a literal or a number had begun."""


class CutBodyError(Exception):
    """A body ended before it was whole."""

    def __init__(self) -> None:
        super().__init__(WORDS)


def is_cut(body: str | bytes) -> bool:
    """Whether a body is empty, or the beginning of a JSON object or array without its end."""
    text = (body.decode("utf-8", "replace") if isinstance(body, bytes) else body).strip()
    if not text:
        return True
    if text[0] not in "{[":
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string"):
            return True
        if error.msg.startswith("Invalid \\u"):
            return len(text) - error.pos < len("\\u1234")
        return _BEGUN.fullmatch(text, error.pos) is not None
    except (ValueError, RecursionError):
        return False
    return False


def unread_body(error: BaseException) -> str | bytes | None:
    """The body that could not be read as JSON; None if an error is of another kind."""
    if isinstance(error, json.JSONDecodeError):
        return error.doc
    return error.object if isinstance(error, UnicodeDecodeError) else None
