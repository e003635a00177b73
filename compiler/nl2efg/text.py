"""Text from outside: made valid Unicode, and kept from steering whoever shows it.

What a text is made fit for, from the mildest to the strictest:

* :func:`valid`: to be encoded (files, hashes, JSON);
* :func:`steady`: to stand in a document beside other text (reports, prompts, pages);
* :func:`one_line`: to be drawn as a label;
* :func:`visible`: to be a label of a game that untrusted code has named;
* :func:`terminal_text`: to be printed on a terminal;
* :func:`cell_text`: to stand in a table that a spreadsheet may open.
"""

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

_FORMULA = re.compile(r"[=+@\t\r\n＝＋－＠]|-(?![\d.,/eE+-]*\Z)")
"""How a cell begins that a spreadsheet takes for a formula, in wide signs too; a negative number is
none.
"""

_BIDI_CONTROLS = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_JOINERS = "\u200c\u200d"
_FEW = 64


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 set``, ``1,200 sets``.

    Args:
        number: how many.
        noun: for one.
        plural: for several, if an s does not make it.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


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


def visible(text: str, keep: str = "") -> str:
    """Text with U+FFFD for everything that does not show; the length stays.

    What does not show are control and format characters, surrogates, private use and unassigned
    code points. Characters that join others, which emoji and several scripts need, stay.

    Args:
        keep: further characters to let through, such as line feeds.
    """
    kept = keep + _JOINERS
    hidden = [
        char for char in set(text) if unicodedata.category(char)[0] == "C" and char not in kept
    ]
    if len(hidden) > _FEW:
        return text.translate(dict.fromkeys(map(ord, hidden), "\ufffd"))
    for char in hidden:  # of a few, this takes a tenth of the time
        text = text.replace(char, "\ufffd")
    return text


def terminal_text(text: str) -> str:
    """Text for a person's terminal: visible but for line feeds and tabs, so that it steers nothing.

    Joiners do not steer, but several of them may hide a word from a search; a terminal draws few
    emoji that need them.
    """
    return visible(text, "\n\t").replace(_JOINERS[0], "\ufffd").replace(_JOINERS[1], "\ufffd")


def one_line(text: str) -> str:
    """One line that every output format can hold.

    Control characters, lone surrogates and non-characters become U+FFFD; directional marks and
    overrides, which could turn the text around them, are dropped; white space is one blank.
    """
    if text.isascii() and text.isprintable():  # nearly all are
        return " ".join(text.split())
    kept = []
    for char in text:
        if char in _BIDI_CONTROLS:
            continue
        if char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE:
            kept.append("\ufffd")
        else:
            kept.append(char)
    return " ".join("".join(kept).split())


def cell_text(text: str) -> str:
    """A text as a cell: behind an apostrophe where a spreadsheet would take it for a formula.

    Args:
        text: labels of anybody, or a number.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def load_json(text: str | bytes) -> Any:
    r"""What a JSON text says, with valid Unicode throughout: ``"\ud800"`` is JSON, but no text.

    Raises:
        ValueError: it is no JSON, or an integer in it has more digits than Python reads.
        RecursionError: it is nested too deeply.
    """
    import json  # not at the top: a sandbox's worker reads none

    found = json.loads(text)
    escape = b"\\u" if isinstance(text, bytes) else "\\u"
    return found if escape not in text else _valid_within(found)  # type: ignore[operator]


def _valid_within(value: Any) -> Any:
    """What JSON says, with valid Unicode in all its texts."""
    if isinstance(value, str):
        return valid(value)
    if isinstance(value, list):
        return [_valid_within(each) for each in value]
    if isinstance(value, dict):
        return {valid(name): _valid_within(each) for name, each in value.items()}
    return value
