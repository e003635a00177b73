"""How wide a text is drawn, and how texts are cut to fit.

Widths come from a table of advance widths (``widths.json``; its licences are noted in it), so no
font file is needed and the same text is as wide on every machine.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files

FONT_FAMILY = "Arial, 'Liberation Sans', Helvetica, 'Nimbus Sans', 'Noto Sans', sans-serif"
ELLIPSIS = "…"
UNKNOWN_WIDTH = 0.85  # of an em; scripts outside the table, such as Devanagari
WIDE_WIDTH = 1.0


@cache
def _runs() -> tuple[list[int], list[tuple[int, int, int]]]:
    data = json.loads(files(__package__).joinpath("widths.json").read_text(encoding="utf-8"))
    runs = [(first, last, width) for first, last, width in data["runs"]]
    return [run[0] for run in runs], runs


@cache
def _advance(char: str) -> float:
    """Width of one character in em."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return WIDE_WIDTH if unicodedata.category(char) != "So" else 1.4
    starts, runs = _runs()
    position = bisect_right(starts, ord(char)) - 1
    if position >= 0 and runs[position][0] <= ord(char) <= runs[position][1]:
        return runs[position][2] / 1000
    return UNKNOWN_WIDTH


@lru_cache(maxsize=1 << 16)
def width(text: str, size: float) -> float:
    """How wide ``text`` is at a font size, in the unit of the size."""
    return size * sum(map(_advance, text))


def shorten(text: str, size: float, limit: float) -> str:
    """``text``, cut with an ellipsis where it is wider than ``limit``."""
    if width(text, size) <= limit:
        return text
    room = limit - width(ELLIPSIS, size)
    used = 0.0
    for position, char in enumerate(text):
        used += size * _advance(char)
        if used > room:
            return text[:position].rstrip() + ELLIPSIS
    return text


def wrap(text: str, size: float, limit: float, lines: int, *, cut: bool = True) -> tuple[str, ...]:
    """``text`` in at most ``lines`` lines, broken at blanks; the last is cut where it must be.

    Args:
        text: words between single blanks.
        size: of the font.
        limit: the widest line, in the unit of the size.
        lines: at most so many.
        cut: whether a word that is wider than the limit is cut; else it is broken.
    """
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= limit:
            taken += 1
        if width(words[0], size) > limit:
            if cut:
                break
            fits = max(1, len(shorten(words[0], size, limit)) - len(ELLIPSIS))
            found.append(words[0][:fits])
            words[0] = words[0][fits:]
            continue
        found.append(" ".join(words[:taken]))
        words = words[taken:]
    if words:
        found.append(shorten(" ".join(words), size, limit))
    return tuple(found)


_WIDE_FAMILIES = {
    "verdana": 1.2,
    "dejavu": 1.18,
    "courier": 1.35,
    "mono": 1.35,
    "comic": 1.12,
    "georgia": 1.08,
    "bookman": 1.15,
    "schoolbook": 1.1,
}


def stretch_of(family: str) -> float:
    """How much wider than the table a font family may be drawn; never less than 1."""
    name = family.casefold()
    return max((wide for key, wide in _WIDE_FAMILIES.items() if key in name), default=1.0)
