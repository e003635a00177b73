"""Pictures of games for library users."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, overload

from nl2efg.errors import UserError
from nl2efg.library.games import GameLike, as_tree

if TYPE_CHECKING:
    from nl2efg.drawing.view import ViewOptions
    from nl2efg.game import BehaviourProfile
    from nl2efg.solving import Equilibrium


@overload
def draw(
    game: GameLike,
    file: None = None,
    *,
    equilibrium: Equilibrium | BehaviourProfile | None = None,
    **view: Unpack[ViewOptions],
) -> str: ...


@overload
def draw(
    game: GameLike,
    file: str | PathLike[str],
    *,
    equilibrium: Equilibrium | BehaviourProfile | None = None,
    **view: Unpack[ViewOptions],
) -> Path: ...


def draw(
    game: GameLike,
    file: str | PathLike[str] | None = None,
    *,
    equilibrium: Equilibrium | BehaviourProfile | None = None,
    **view: Unpack[ViewOptions],
) -> str | Path:
    """Draw a game.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        file: where to; its ending says what: svg, html, tex, png, pdf, dot, graphml, ef.
        equilibrium: an equilibrium of the game, or a profile, to lay over it. (A compilation's
            own method ``draw`` takes its number too.)
        view: as :func:`nl2efg.draw_svg` takes it.

    Returns:
        The SVG text, or the file that was written.

    Raises:
        UserError: no game, an unknown ending, a package that is missing, or a file that cannot be
            written.

    >>> import nl2efg
    >>> nl2efg.draw("trust_game", depth=1)[:4]
    '<svg'
    """
    from nl2efg.drawing.picture_files import UNMARKED, format_of, picture_bytes, write_picture
    from nl2efg.library.profiles import as_profile

    tree = as_tree(game)
    ending = "svg" if file is None else format_of(Path(file))
    if equilibrium is not None and ending in UNMARKED:
        raise UserError(f".{ending} cannot show an equilibrium")
    shown = None if equilibrium is None else as_profile(tree, equilibrium)
    content = picture_bytes(tree, ending, profiles=[shown] if shown else [], shown=shown, view=view)
    return content.decode() if file is None else write_picture(content, Path(file))
