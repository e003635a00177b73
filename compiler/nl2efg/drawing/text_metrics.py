"""How wide a text is drawn, and how texts and numbers are cut to fit.

Widths come from a table of advance widths (``widths.json``; its licences are noted in it), so no
font file is needed and the same text is as wide on every machine.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files

from nl2efg.game.profile import Probability
from nl2efg.text import one_line

clean = one_line
"""A label as it is drawn."""

FONT_FAMILY = "Arial, 'Liberation Sans', Helvetica, 'Nimbus Sans', 'Noto Sans', sans-serif"
ELLIPSIS = "…"
MINUS = "−"
UNKNOWN_WIDTH = 0.85  # of an em; scripts outside the table, such as Devanagari
WIDE_WIDTH = 1.0
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


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


def wrap(text: str, size: float, limit: float, lines: int) -> tuple[str, ...]:
    """``text`` in at most ``lines`` lines, broken at blanks; the last is cut where it must be."""
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < lines - 1:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= limit:
            taken += 1
        if width(words[0], size) > limit:
            break
        found.append(" ".join(words[:taken]))
        words = words[taken:]
    if words:
        found.append(shorten(" ".join(words), size, limit))
    return tuple(found)


def exact_number(value: Probability) -> str:
    """A number in full, with a true minus sign."""
    shown = str(value) if isinstance(value, int | Fraction) else repr(float(value))
    return shown.replace("-", MINUS)


def number(value: Probability, limit: int = 9) -> str:
    """A number as it is drawn: exact where that is short, else rounded and marked ``≈``.

    Args:
        value: a fraction, or a float (shown with three decimals, and never as 0 or 1 unless it is).
        limit: the longest exact text, in characters.
    """
    if not isinstance(value, float):
        shown = str(Fraction(value))
        if len(shown) <= limit:
            return shown.replace("-", MINUS)
        return "≈" + _rounded(Fraction(value))
    shown = f"{value:.3f}".rstrip("0").rstrip(".")
    if shown in ("-0", "0") and value:
        shown = "<0.001" if value > 0 else ">-0.001"
    elif shown == "1" and value < 1:
        shown = ">0.999"
    elif len(shown) > limit:
        return "≈" + _rounded(Fraction(value))
    return shown.replace("-", MINUS)


def _rounded(value: Fraction) -> str:
    """Three or four significant digits; powers of ten outside 0.001 to 99,999.

    Works on integers: a payoff may be beyond every float.
    """
    sign = MINUS if value < 0 else ""
    size = abs(value)
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    if size < Fraction(10) ** exponent:
        exponent -= 1
    if -4 < exponent < 5:
        return sign + f"{float(size):.4g}"
    mantissa = f"{float(size / Fraction(10) ** exponent):.3g}"
    return f"{sign}{mantissa}×10{str(exponent).translate(_SUPERSCRIPTS)}"
