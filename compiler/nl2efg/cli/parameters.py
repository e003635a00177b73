"""What commands that read a game share: where it is, and ``--set c=1/3``, values of its letters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.families import GameFamily
    from nl2efg.game import GameTree

GAME = "a game file such as .efg, a compilation's folder, or a bundled game"
"""What a command that reads a game takes, for its help."""

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SYMBOL=VALUE", help="a parameter's value; may be repeated"),
]


_SIGNS = ("compilation.json", "compilation.json.gz", "history.json", "game.efg", "unfinished")


def is_compilation(folder: str | Path) -> bool:
    """Whether a folder is a compilation's, or what is left of one of which files were deleted."""
    return any(os.path.exists(os.path.join(folder, name)) for name in _SIGNS)


def file_place(text: str) -> Path:
    """The place of a file that is to be written, as it was typed.

    Raises:
        UserError: it ends like a folder.
    """
    if text.endswith(("/", os.sep)):
        raise UserError(
            f"{text} is a folder's name, and a file is written",
            hint=f"name a file in it, such as {text}NAME; folders that are missing are made",
        )
    return Path(text)


def file_option(words: str) -> Any:
    """``--output`` of a command that writes a file.

    Args:
        words: its help.
    """
    return typer.Option("--output", "-o", parser=file_place, metavar="FILE", help=words)


def game_at(path: Path) -> GameTree:
    """The game of a file or a compilation's folder; where there is none, the bundled one so called.

    Raises:
        UserError: there is no such game, or the file holds none.
    """
    from nl2efg.formats.files import GAME_FILE, load_game

    if not os.path.exists(path):  # False too of a name that no file system takes
        from nl2efg.pipeline.loading import bundled_game

        if (bundled := bundled_game(path)) is not None:
            return bundled
    if os.path.isdir(path) and not os.path.isfile(path / GAME_FILE):
        from nl2efg.pipeline.loading import read_compiled

        return read_compiled(path)[0]  # the record has the game too
    return load_game(path)


def settings(given: Sequence[str] | None) -> dict[str, str]:
    """The values by symbol.

    Raises:
        UserError: an entry is no ``SYMBOL=VALUE``, or a symbol comes twice.
    """
    found: dict[str, str] = {}
    for entry in given or ():
        symbol, sign, value = (part.strip() for part in entry.partition("="))
        if not (symbol and sign and value):
            raise UserError(f"--set {entry}: write a symbol and a value", hint="--set c=1/3")
        if symbol in found:
            raise UserError(f"--set gives {symbol} twice")
        found[symbol] = value
    return found


def family_in(tree: GameTree, source: object) -> GameFamily:
    """The family of a game that must have letters.

    Args:
        source: the game's file, for the message.

    Raises:
        UserError: it has none.
    """
    from nl2efg.sandbox.families import family_of

    found = family_of(tree)
    if found is None:
        raise UserError(
            f"{source}: the game has no parameters",
            hint="letters come from a description that is told with letters, such as that of "
            "`nl2efg entry_with_commitment`",
        )
    return found


def with_settings(tree: GameTree, given: Sequence[str] | None, source: object) -> GameTree:
    """The game at the values that ``--set`` gives; itself without any.

    Raises:
        UserError: the game has no such parameters, or cannot have these values.
    """
    values = settings(given)
    return family_in(tree, source).with_values(values).tree if values else tree


def with_fixed(tree: GameTree, given: Sequence[str] | None, source: object) -> GameTree:
    """The game at the values that ``--set`` gives; those letters are letters no more, others are.

    Raises:
        UserError: as :func:`with_settings`.
    """
    values = settings(given)
    return family_in(tree, source).fixed(values).tree if values else tree


def with_numbers(tree: GameTree, given: Sequence[str] | None, source: object) -> GameTree:
    """The game at the values that ``--set`` gives, told in numbers; with its letters without any.

    Raises:
        UserError: as :func:`with_settings`.
    """
    from dataclasses import replace

    from nl2efg.families import without_note
    from nl2efg.families.written import lettered

    if not given:
        return lettered(tree)
    found = with_settings(tree, given, source)
    return replace(found, comment=without_note(found.comment))
