"""Games in files, whatever their encoding and format."""

from __future__ import annotations

import os
from os import PathLike, fspath
from pathlib import Path

from nl2efg.decoding import decoded
from nl2efg.errors import NotFoundError, UserError
from nl2efg.formats import kinds
from nl2efg.formats.efg_reader import read_efg
from nl2efg.formats.nfg import read_nfg
from nl2efg.game.model import GameTree

MAX_BYTES = 512 * 1024 * 1024
"""Files beyond this size are refused; a tree of 10^6 nodes takes about a tenth of it."""

GAME_FILE = "game.efg"
"""The game in the folder of a compilation."""

VERSIONS = "versions"
"""The folder within it of its earlier versions, by number."""


def load_efg(path: str | PathLike[str], encoding: str = "") -> GameTree:
    """The game in an .efg file.

    Args:
        path: the file.
        encoding: its encoding, such as ``cp1251``; empty: it is known by its looks, and a
            ReadingWarning says so where it is neither UTF-8 nor marked.

    Raises:
        NotFoundError: there is no such file.
        UserError: it cannot be read.
        FormatError: it is not in the format; with line and column.
    """
    return read_efg(_read(path, encoding), fspath(path))


def load_game(path: str | PathLike[str], encoding: str = "") -> GameTree:
    """The game in a file: .efg, .nfg, .gbt, .ef, or the XML of Game Theory Explorer.

    How it starts says which, whatever its name.

    Of a compilation's folder, or a game's folder of a run, the game in it is meant.

    Args:
        path: the file.
        encoding: its encoding, such as ``cp1251``; empty: it is known by its looks, and a
            ReadingWarning says so where it is neither UTF-8 nor marked.

    Raises:
        NotFoundError: there is no such file.
        UserError: it cannot be read.
        FormatError: it is not in the format; with line and column.
    """
    path = Path(path)
    if os.path.isdir(path) and os.path.isfile(path / GAME_FILE):
        path /= GAME_FILE
    return read_game(_read(path, encoding), fspath(path))


def read_game(text: str, source: str = "", notices: list[str] | None = None) -> GameTree:
    """The game that a text describes; how it starts says in which format.

    Read are .efg, .nfg, .gbt, .ef and the XML of Game Theory Explorer.

    Args:
        text: the whole file.
        source: its name, for messages.
        notices: takes up what had to be read into the text; None: a ReadingWarning says it.

    Raises:
        FormatError: with line and column, if the text is no such game.
    """
    text = kinds.workspace_game(text, source)
    kind = kinds.kind_of(text, source)
    if kind == kinds.EFG:
        return read_efg(text, source, notices)
    if kind == kinds.NFG:
        return read_nfg(text, source)
    if kind == kinds.GTE:
        from nl2efg.formats.gte_xml import read_gte

        return read_gte(text, source)
    from nl2efg.formats.ef import read_ef

    return read_ef(text, source)


def _read(path: str | PathLike[str], encoding: str) -> str:
    name = fspath(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {name}", hint=_near(Path(path))) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{name} cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise UserError(f"{name} is larger than {MAX_BYTES // 2**20} MB")
    return decoded(data, name, encoding)


def _near(path: Path) -> str:
    """What to do where a file is missing: of a version, of a run's game, or of a folder's name."""
    home = path.parent.parent
    if path.parent.name == "games" and os.path.isfile(home / "manifest.json"):
        return f"{home} has no game of this name; {home / 'failures.jsonl'} says why texts failed"
    if not path.suffix and os.path.isdir(folder := path.with_name(f"{path.name}.nl2efg")):
        return f"did you mean {folder}?"
    if path.parent.name != VERSIONS or not os.path.isfile(home / GAME_FILE):
        return ""
    return f"the current version is {home} itself; `nl2efg versions {home}` says its number"
