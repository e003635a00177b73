"""Games in the forms that users hold, as the one tree."""

from __future__ import annotations

import os
import warnings
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from nl2efg.errors import ReadingWarning, UserError
from nl2efg.game.model import GameTree

if TYPE_CHECKING:
    from nl2efg.pipeline.compilation import Compilation
    from nl2efg.pipeline.examples import Example

MAX_NAME = 1_000
"""Longer texts, and those of several lines, are no paths; they may be a game's text."""


@runtime_checkable
class GambitGame(Protocol):
    """A ``pygambit.Game``, of either generation."""

    def to_efg(self) -> str:
        """The game as .efg text."""
        ...


if TYPE_CHECKING:
    GameLike: TypeAlias = GameTree | Compilation | Example | GambitGame | str | PathLike[str]
    """A tree; a compilation; a bundled game; a ``pygambit.Game``; the path of an ``.efg`` or
    ``.nfg`` file or of a compilation's folder; ``.efg`` text; the name of a bundled game."""
else:
    GameLike = object


def as_tree(game: GameLike) -> GameTree:
    """The tree of a game in any form that :data:`GameLike` lists.

    Args:
        game: the game. A text is a path if such a file or folder exists, else ``.efg`` or ``.nfg``
            text if it begins like it, else the name of a bundled game.

    Raises:
        NotFoundError: a text that names nothing.
        UserError: an object that is no game, or a file that holds none.

    >>> import nl2efg
    >>> len(nl2efg.as_tree("kuhn_poker"))
    55
    """
    if isinstance(game, GameTree):
        return game
    if isinstance(game, str | PathLike):
        return _named(game)
    held: Any = getattr(game, "tree", None)
    if isinstance(held, GameTree):
        return held
    text: Any = getattr(game, "reference", None)
    if isinstance(text, str):
        return _reference(game)
    if type(game).__module__.partition(".")[0] == "pygambit":
        from nl2efg.gambit import from_gambit

        return from_gambit(game)
    raise UserError(
        f"{type(game).__name__} is no game",
        hint="give a GameTree, a Compilation, a pygambit.Game, or the path of a game file",
    )


def _named(game: str | PathLike[str]) -> GameTree:
    from nl2efg.pipeline.loading import read_compiled, told_edits

    folder = len(os.fspath(game)) <= MAX_NAME and os.path.isdir(game)
    if folder and (words := told_edits(game)):
        warnings.warn(words, ReadingWarning, stacklevel=4)
    if not isinstance(game, str):
        return read_compiled(Path(game))[0]
    if game.lstrip("\ufeff \t\r\n").startswith(("EFG ", "NFG ")):
        from nl2efg.formats.files import read_game

        return read_game(game, "the text")
    if len(game) > MAX_NAME or "\n" in game or "\0" in game:
        raise UserError(
            "a text of this length is neither a path nor a game in the .efg format",
            hint="a description becomes a game by nl2efg.compile",
        )
    if os.path.exists(game) or game.lower().endswith((".efg", ".nfg", ".json")):
        return read_compiled(Path(game))[0]
    from nl2efg.pipeline.examples import example

    return _reference(example(game))


def _reference(game: Any) -> GameTree:
    from nl2efg.formats.efg_reader import read_efg

    if not game.reference:
        raise UserError(f"the bundled text {game.name} describes no game")
    return read_efg(game.reference, game.name)
