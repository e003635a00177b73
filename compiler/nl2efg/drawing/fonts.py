"""Fonts for renderers that take one font for a text: each character gets one that has it.

Fontconfig (``fc-match``, ``fc-list``) says which fonts hold which characters; where it is not
installed, texts stay as they are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import warnings
from bisect import bisect_right
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape, unescape

from nl2efg.drawing.labels import SIZE
from nl2efg.drawing.text_metrics import width

PREFERRED = ("Noto Sans", "DejaVu Sans", "Droid Sans Fallback", "WenQuanYi", "Liberation Sans")
PACKAGES = (
    (0x2E80, 0x9FFF, "fonts-noto-cjk"),
    (0xAC00, 0xD7AF, "fonts-noto-cjk"),
    (0xF900, 0xFAFF, "fonts-noto-cjk"),
    (0x20000, 0x3FFFF, "fonts-noto-cjk"),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
    (0x0590, 0x1CFF, "fonts-noto-core"),
)
UPRIGHT = ("Regular", "Book", "Roman", "Normal")
"""Styles whose characters are taken for a family's: others of it may have fewer."""
OTHER_PACKAGE = "fonts-dejavu-core"
_ELEMENT = re.compile(r"<(text|tspan)([^>]*)>(<title>[^<]*</title>)?([^<]+)<")
_FAMILY = re.compile(r" text\{font:[\d.]+px ([^},]+)")
Charset = tuple[list[int], list[int]]


class MissingGlyphWarning(UserWarning):
    """Characters that no installed font has."""


def with_fonts(svg: str) -> str:
    """An SVG in which texts that its first font lacks name a font that has them.

    Warns with :class:`MissingGlyphWarning`, naming packages of fonts, if no font has a character.

    Args:
        svg: a picture of :func:`nl2efg.draw_svg`.
    """
    if svg.isascii() or shutil.which("fc-list") is None or shutil.which("fc-match") is None:
        return svg
    named = _FAMILY.search(svg)
    main = _main_charset(named[1].strip("' ") if named else "Arial")
    lost: set[str] = set()

    def mended(found: re.Match[str]) -> str:
        kind, attributes, title, text = found.groups(default="")
        plain = unescape(text)
        runs = [
            (font, "".join(chars))
            for font, chars in groupby(plain, lambda char: _font_of(char, main, lost))
        ]
        if all(font is None for font, _ in runs):
            return found[0]
        if len(runs) == 1:
            return f'<{kind}{attributes} style="font-family:{runs[0][0]}">{title}{text}<'
        spans = "".join(_span(font, run) for font, run in runs)
        return f"<{kind}{_from_the_left(attributes, plain)}>{title}{spans}<"

    done = _ELEMENT.sub(mended, svg)
    if lost:
        shown = " ".join(sorted(lost)[:10])
        packages = ", ".join(sorted({package_of(char) for char in lost}))
        warnings.warn(
            f"no installed font has {shown}; install {packages} (Debian's names), or draw SVG",
            MissingGlyphWarning,
            stacklevel=3,
        )
    return done


def _span(font: str | None, run: str) -> str:
    text = escape(run)
    return text if font is None else f'<tspan style="font-family:{font}">{text}</tspan>'


def package_of(char: str) -> str:
    """A package of fonts, by Debian's name, that has a character."""
    code = ord(char)
    return next((name for low, high, name in PACKAGES if low <= code <= high), OTHER_PACKAGE)


def _font_of(char: str, main: Charset, lost: set[str]) -> str | None:
    """The font for a character; None for the main one."""
    if char <= "~" or _holds(main, ord(char)) or unicodedata.category(char) in ("Zs", "Cf", "Mn"):
        return None
    for family, charset in _installed():
        if _holds(charset, ord(char)):
            return family
    lost.add(char)
    return None


def _from_the_left(attributes: str, text: str) -> str:
    """Attributes of a text that begins at its left end: pieces are anchored one by one."""
    anchor = re.search(r' text-anchor="(middle|end)"', attributes)
    place = re.search(r' x="([-\d.]+)"', attributes)
    if anchor is None or place is None:
        return attributes
    share = 0.5 if anchor[1] == "middle" else 1.0
    x = float(place[1]) - share * width(text, SIZE)
    return attributes.replace(anchor[0], "").replace(place[0], f' x="{x:.1f}"')


def _holds(charset: Charset, code: int) -> bool:
    position = bisect_right(charset[0], code) - 1
    return position >= 0 and code <= charset[1][position]


def _charset(text: str) -> Charset:
    """Fontconfig's way to write one: ``20-7e a0-17f 192``."""
    lows, highs = [], []
    for part in text.split():
        low, _, high = part.partition("-")
        lows.append(int(low, 16))
        highs.append(int(high or low, 16))
    return lows, highs


@cache
def _main_charset(family: str) -> Charset:
    return _charset(_said("fc-match", "-f", "%{charset}", family))


@cache
def _installed() -> tuple[tuple[str, Charset], ...]:
    """The installed fonts and their characters, those first that look best beside Arial."""
    found: dict[str, str] = {}
    for line in _said("fc-list", "-f", "%{family}|%{style}|%{charset}\n").splitlines():
        families, style, charset = line.split("|", 2)
        family = families.split(",")[0]
        if family not in found or style.split(",")[0] in UPRIGHT:
            found[family] = charset

    def rank(family: str) -> tuple[int, str]:
        first = next((n for n, name in enumerate(PREFERRED) if family.startswith(name)), 99)
        return first, family

    safe = [family for family in found if re.fullmatch(r"[\w .-]+", family)]
    return tuple((family, _charset(found[family])) for family in sorted(safe, key=rank))


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
