"""Bytes of a text, decoded: by what somebody named, by a mark, as UTF-8, else by their looks.

Files by hand are in many encodings, and most do not say in which. UTF-8 is known by its form, and
UTF-16 by its zeros; of the older ones charset-normalizer says which are possible, and what letters
come out decides among these. A guess is said in a ``ReadingWarning``, so that nobody works with
other letters than he wrote without a word.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
import warnings
from contextvars import ContextVar

from nl2efg.errors import FormatError, ReadingWarning, UserError

named_encoding: ContextVar[str] = ContextVar("named_encoding", default="")
"""The encoding of all files that are read in this context; empty: each by its own looks."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = (
    "cp1252 gb18030 cp1251 cp932 cp949 euc_jp big5 cp1250 cp1253 cp1254 koi8_r".split()  # noqa: SIM905
)
"""Older encodings in the order in which they are believed if all else is equal."""

_LOOKED_AT = 16 * 1024
_SAMPLE = 1 << 20
_FALLBACK = "latin-1"
_ALIKE = 0.1  # scores that differ by less do not decide
_SCRIPTS = ("HANGUL", "CYRILLIC", "GREEK")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_BINARY = "this is a binary file, not a text"
_JAPANESE = ("cp932", "euc_jp")


def decoded(data: bytes, source: str = "", encoding: str = "") -> str:
    """The text that bytes are.

    Args:
        data: the bytes.
        source: where they come from, for messages.
        encoding: theirs, such as ``cp1251``; empty: :data:`named_encoding`, else by their looks.

    Raises:
        UserError: there is no such encoding.
        FormatError: the bytes are no text in it; or, unnamed, a binary file.
    """
    wanted = encoding or named_encoding.get()
    if wanted:
        return _in(known_encoding(wanted), data, source)
    if marked := marked_encoding(data):
        return _in(marked, data, source)
    if b"\0" in data:
        return _wide(data, source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    name = _looks_like(_telling_lines(data))
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        name = _FALLBACK
        text = data.decode(name)
    if _CONTROL.search(text):
        raise _binary(data, source)
    _tell(source, f"is not in UTF-8; it is read as {name}")
    return text


def marked_encoding(data: bytes) -> str:
    """The encoding whose mark bytes begin with; empty if there is none.

    Args:
        data: the first four of them, or more.
    """
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def guessed_encoding(data: bytes) -> str:
    """The encoding that bytes look like, which are not in UTF-8; empty if they look like none.

    Args:
        data: some lines.
    """
    name = _looks_like(_telling_lines(data))
    try:
        return "" if _CONTROL.search(data.decode(name, "ignore")) else name
    except LookupError:
        return ""


def known_encoding(name: str) -> str:
    """The name of an encoding, as Python writes it.

    Raises:
        UserError: there is none of this name that makes text of bytes.
    """
    try:
        found = codecs.lookup(name)
        bytes(8).decode(name)  # which codecs that make no text of bytes refuse
    except (LookupError, ValueError):
        raise UserError(
            f"there is no encoding {name!r}",
            hint="such as utf-8, utf-16, cp1252 (Windows, Western), cp1251 (Cyrillic) or gb18030",
        ) from None
    return found.name


def _in(name: str, data: bytes, source: str) -> str:
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"this is not in {name}: byte {error.start + 1} is 0x{data[error.start]:02x}",
            source=source,
            hint="name the encoding, as in --encoding cp1252, or save the file in UTF-8",
        ) from None


def _wide(data: bytes, source: str) -> str:
    """Text in UTF-16 without a mark: zeros stand in every other byte only."""
    head = data[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd else "utf-16-be"
    # A stray zero in a text of bytes leaves ASCII when it is taken out; wide ASCII is half zeros.
    stray = head.replace(b"\0", b"").isascii() and (even + odd) * 4 < len(head)
    if (even and odd) or len(data) % 2 or stray:
        raise _binary(data, source)
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise _binary(data, source) from None
    if "\0" in text or any(unicodedata.category(c) in ("Cn", "Co") for c in set(text)):
        raise _binary(data, source)
    _tell(source, f"has no mark of its encoding; it is read as {name}")
    return text


def _binary(data: bytes, source: str) -> FormatError:
    """That bytes are no text; with the encodings without a mark in which they might be one."""
    wide = [name for name in ("utf-16-le", "utf-16-be") if _may_be(name, data)]
    hint = f"if it is a text, name its encoding: --encoding {' or '.join(wide)}" if wide else ""
    return FormatError(_BINARY, source=source, hint=hint)


def _may_be(name: str, data: bytes) -> bool:
    """Whether bytes make a text of letters and blanks in an encoding, and nothing that none has."""
    if not data or len(data) % 2:
        return False
    try:
        text = data[:_LOOKED_AT].decode(name)
    except UnicodeDecodeError:
        return False
    kinds = [unicodedata.category(char) for char in text if char not in "\n\r\t"]
    letters = sum(kind[0] == "L" for kind in kinds)
    return letters > len(kinds) / 2 and not any(kind[0] == "C" and kind != "Cf" for kind in kinds)


def _tell(source: str, what: str) -> None:
    message = f"{source or 'the text'} {what} (--encoding names another)"
    warnings.warn(message, ReadingWarning, stacklevel=3)


def _telling_lines(data: bytes) -> bytes:
    """The lines that hold more than ASCII: numbers and key words tell nothing."""
    telling = [line for line in data[:_SAMPLE].split(b"\n") if not line.isascii()]
    return b"\n".join(telling or data.split(b"\n"))[:_LOOKED_AT]


def _looks_like(data: bytes) -> str:
    from charset_normalizer import from_bytes

    scores: list[tuple[float, str]] = []
    matches = from_bytes(data, cp_isolation=_CANDIDATES)
    found = {name: match for match in matches for name in match.could_be_from_charset}
    for name in _CANDIDATES:
        if name in found:
            looks = found[name].chaos - found[name].coherence / 4
            scores.append((looks + _oddness(data.decode(name, "replace"), name), name))
    if not scores:
        return _CANDIDATES[0]
    best = min(score for score, _ in scores)
    return next(name for score, name in scores if score <= best + _ALIKE)


def _oddness(text: str, name: str) -> float:
    """How seldom letters stand so: the share of odd ones, less where all are of one script."""
    odd = count = 0
    words = False
    scripts = dict.fromkeys((*_SCRIPTS, "CJK", "HIRAGANA", "KATAKANA"), 0)
    padded = f" {text} "
    for before, char, after in zip(padded, text, padded[2:], strict=False):
        if char.isascii():
            continue
        count += 1
        kind, script = unicodedata.category(char), unicodedata.name(char, "").partition(" ")[0]
        scripts[script] = scripts.get(script, 0) + 1
        within = before.isalpha() and after.isalpha()
        wide = script == "LATIN" and within and not before.isascii() and not after.isascii()
        turned = kind == "Lu" and before.islower()
        mark = kind[0] in "SN" and (before.isalpha() or after.isalpha())
        beside = any(near.isascii() and near.isalpha() for near in (before, after))
        alien = beside and script in _SCRIPTS  # as "niсo" with a Cyrillic letter, of "niño"
        words |= any(near.isalpha() and not near.isascii() for near in (before, after))
        of_none = kind[0] == "C" or script == "HALFWIDTH" or char == "\ufffd"
        odd += of_none or wide or turned or mark or alien
    if not count:
        return 1.0
    if scripts["HANGUL"] and scripts["CJK"]:
        odd += scripts["CJK"]
    whole = max(scripts[script] for script in _SCRIPTS) == count
    if whole and not words:  # single letters of another script between Latin words, or none
        return 1.0
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"] > count / 5
    fits = whole or (kana and name in _JAPANESE)
    return odd / count - (0.2 if fits else 0.0)
