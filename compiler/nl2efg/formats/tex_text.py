"""Short texts of TeX, such as labels in a picture, as plain Unicode."""

from __future__ import annotations

import re
import unicodedata

_DEEPEST = 20  # groups within groups; labels have two or three
_TOKEN = re.compile(r"\\([A-Za-z]+) *|\\(.)|(---?|``|'')|(.)", re.DOTALL)
_SYMBOLS = {
    "textbackslash": "\\",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textquotedbl": '"',
    "textquotesingle": "'",
    "textasciigrave": "`",
    "ldots": "…",
    "dots": "…",
    "textperiodcentered": "·",
    "cdot": "·",
    "times": "×",
    "div": "÷",
    "pm": "±",
    "approx": "≈",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "neq": "≠",
    "ne": "≠",
    "infty": "∞",
    "rightarrow": "→",
    "to": "→",
    "leftarrow": "←",
    "leftrightarrow": "↔",
    "in": "∈",
    "neg": "¬",
    "textdegree": "°",
    "texteuro": "€",
    "pounds": "£",
    "S": "§",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "o": "ø",
    "O": "Ø",
    "oe": "œ",
    "OE": "Œ",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "quad": " ",
    "varsigma": "ς",
}
_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "c": "\u0327",
    "k": "\u0328",
}
_LIGATURES = {"--": "–", "---": "—", "``": "“", "''": "”"}
_CHARACTERS = {"~": " ", "$": "", "{": "", "}": "", "`": "‘", "'": "’"}
_FRACTIONS = ("frac", "tfrac", "dfrac", "nicefrac", "sfrac")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def plain_text(source: str) -> str:
    r"""A short text of TeX without its commands: ``\mbox{Gr\"o\ss e}~(\frac{1}{2})``.

    Known are fractions, accents, Greek letters and common symbols; other commands only style
    and are left out, their arguments stay.

    >>> plain_text(r"\mbox{Gr\"o\ss e}~(\frac{1}{2})")
    'Größe (1/2)'
    """
    return unicodedata.normalize("NFC", _plain(source, 0)).strip()


def _plain(source: str, depth: int) -> str:
    found: list[str] = []
    place = 0
    while place < len(source):
        token = _TOKEN.match(source, place)
        assert token is not None
        command, sign, ligature, char = token.groups()
        place = token.end()
        if ligature is not None:
            found.append(_LIGATURES[ligature])
        elif char is not None:
            found.append(_CHARACTERS.get(char, char))
        elif (command or sign) in _ACCENTS:
            letter, place = _argument(source, place, depth)
            found.append(letter[:1] + _ACCENTS[command or sign] + letter[1:])
        elif sign is not None:
            found.append(" " if sign in " ,;:/" else "" if sign in "!()[]" else sign)
        else:
            told, place = _command(command, source, place, depth)
            found.append(told)
    return "".join(found)


def _command(name: str, source: str, place: int, depth: int) -> tuple[str, int]:
    """What a command stands for, and where the text goes on after it and its arguments."""
    if name in _FRACTIONS:
        over, place = _argument(source, place, depth)
        under, place = _argument(source, place, depth)
        return f"{over}/{under}", place
    if name == "nlunicode":
        code, place = _argument(source, place, depth)
        known = re.fullmatch(r"[0-9A-F]{1,6}", code) and int(code, 16) < 0x110000
        return chr(int(code, 16)) if known else "\ufffd", place
    if name == "textsuperscript":
        raised, place = _argument(source, place, depth)
        return raised.translate(_RAISED), place
    if name == "ensuremath":
        inner, place = _argument(source, place, depth)
        if re.fullmatch(r"_\d", inner):
            return inner[1:].translate(_LOWERED), place
        return inner, place
    symbol = _SYMBOLS.get(name) or _greek(name)
    if symbol and source.startswith("{}", place):
        place += 2
    return symbol, place


def _greek(name: str) -> str:
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    bare = name.removeprefix("var").upper()
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {'LAMDA' if bare == 'LAMBDA' else bare}")
    except KeyError:
        return ""


def _argument(source: str, place: int, depth: int) -> tuple[str, int]:
    """The next group in braces, or the next character, as plain text."""
    while source[place : place + 1] == " ":
        place += 1
    if source[place : place + 1] != "{":
        token = _TOKEN.match(source, place)
        if token is None:
            return "", place
        return _plain(token[0], depth + 1) if depth < _DEEPEST else "", token.end()
    open_groups, end = 1, place + 1
    while end < len(source) and open_groups:
        open_groups += {"{": 1, "}": -1}.get(source[end], 0) if source[end - 1] != "\\" else 0
        end += 1
    inner = source[place + 1 : end - (not open_groups)]
    return _plain(inner, depth + 1) if depth < _DEEPEST else "", end
