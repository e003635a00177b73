"""Which format a game's text is in, known by how it starts; what to do with those not read."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NoReturn

from nl2efg.errors import FormatError

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

EFG, NFG, GTE, EF = "efg", "nfg", "gte", "ef"

_IN_WORKSPACE = ("efgfile", "nfgfile")
_LITE_EFG = re.compile(
    r"(?:[ \t\r]*(?:#[^\n]*)?\n)*+[ \t]*(?:node\s+/\S*\s+\w+|infoset\s+\S+\s+nodes)\b"
)
_CONVERT = "convert it to .nfg with Gambit: pygambit.read_agg(FILE).to_nfg()"
_BY_START = (
    ("#AGG", "an action-graph game (.agg)", _CONVERT),
    ("#BAGG", "a Bayesian action-graph game (.bagg)", _CONVERT),
)
_POINTER = re.compile(r"version https://git-lfs\.github\.com/spec/")
_BY_ENDING = {
    ".agg": ("an action-graph game (.agg)", _CONVERT),
    ".bagg": ("a Bayesian action-graph game (.bagg)", _CONVERT),
    ".gam": (
        "a table of GameTracer's (.gam)",
        "let GAMUT write it with -output GambitOutput, and read that",
    ),
    ".game": (
        "a game of LiteEFG's (.game)",
        "read the game that it was made from; OpenSpiel exports .efg with "
        "open_spiel.python.algorithms.gambit",
    ),
    ".py": ("a program, no game", "nl2efg build FILE runs it in the sandbox and writes the .efg"),
    ".txt": ("a text, no game", "nl2efg FILE compiles a game that is told in words"),
    ".md": ("a text, no game", "nl2efg FILE compiles a game that is told in words"),
    ".tex": ("a text, no game", "nl2efg FILE compiles a game that is told in words"),
}


def workspace_game(text: str, source: str = "") -> str:
    """The game inside a workspace of Gambit's window (.gbt); any other text as it is.

    The lines before it are kept as empty ones, so that errors name the lines of the file.

    Args:
        text: the whole file.
        source: its name, for messages.

    Raises:
        FormatError: it is a workspace without a game.
    """
    if "<gambit:document" not in text[:4096]:
        return text
    games = []
    for name in _IN_WORKSPACE:
        start = text.find(f"<{name}>")
        end = text.find(f"</{name}>", start)
        if 0 <= start < end:
            games.append((start + len(name) + 2, end))
    if not games:
        raise FormatError("this workspace of Gambit's (.gbt) holds no game", source=source)
    start, end = min(games)
    inner = text[start:end]
    for entity, char in _ENTITIES:
        inner = inner.replace(entity, char)
    return "\n" * text.count("\n", 0, start) + inner.strip(" \t\r")


def kind_of(text: str, source: str = "") -> str:
    """The format of a text: ``EFG``, ``NFG``, ``GTE`` or ``EF``.

    Args:
        text: the whole file.
        source: its name, for messages; its ending says what the text may be otherwise.

    Raises:
        FormatError: it is in a format that is not read; with what to do.
    """
    from nl2efg.formats.ef import is_ef
    from nl2efg.formats.gte_xml import is_gte

    start = text[:4096].lstrip("\ufeff \t\r\n")
    if is_pointer(start):
        _refuse(*POINTER, source)
    if start.startswith(("EFG", "NFG")):
        return NFG if start.startswith("NFG") else EFG
    if is_gte(start):
        return GTE
    if is_ef(text):
        return EF
    unread = not_read_by_start(start)
    if unread:
        _refuse(*unread, source)
    if is_lite_efg(text):
        _refuse(*_BY_ENDING[".game"], source)
    if start.startswith("<"):
        _refuse("XML or HTML, but no game of Game Theory Explorer's", "", source)
    if start.startswith(("{", "[")):
        _refuse("JSON", "nl2efg reads compilation.json by the name of its folder", source)
    ending = PurePath(source).suffix.lower() if source else ""
    if ending in _BY_ENDING:
        _refuse(*_BY_ENDING[ending], source)
    return EFG  # whose reader says what is wrong


POINTER = ("a pointer of Git LFS in place of the file", "`git lfs pull` fetches the file itself")
"""What stands for a large file in a checkout that was made without Git LFS, and what to do."""


def is_pointer(text: str) -> bool:
    """Whether a text is what Git LFS puts in the place of a file that it has not fetched."""
    return bool(_POINTER.match(text))


def not_read_by_start(text: str) -> tuple[str, str] | None:
    """What a game in a format that is not read is, by its first letters, and what to do with it."""
    return next(
        ((what, remedy) for sign, what, remedy in _BY_START if re.match(rf"{sign}\b", text)), None
    )


def is_lite_efg(text: str) -> bool:
    """Whether a text starts as a game of LiteEFG's does."""
    return bool(_LITE_EFG.match(text))


def _refuse(what: str, remedy: str, source: str) -> NoReturn:
    raise FormatError(
        f"this is {what}" if what.endswith("no game") else f"this is {what}, which is not read",
        source=source,
        hint=remedy or "formats that are read: .efg, .nfg, .gbt, .ef, and GTE's .xml",
    )
