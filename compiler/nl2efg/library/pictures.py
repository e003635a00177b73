"""Pictures of games for library users."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, overload

from nl2efg.errors import UserError
from nl2efg.library.games import GameLike, as_tree
from nl2efg.library.profiles import ProfileLike, as_profile
from nl2efg.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nl2efg.drawing.view import View, ViewOptions
    from nl2efg.game import BehaviourProfile, GameTree
    from nl2efg.schema.record import CompilationRecord
    from nl2efg.solving import Equilibrium


@overload
def draw(
    game: GameLike,
    file: None = None,
    *,
    equilibrium: Equilibrium | BehaviourProfile | int | None = None,
    **view: Unpack[ViewOptions],
) -> str: ...


@overload
def draw(
    game: GameLike,
    file: str | PathLike[str],
    *,
    equilibrium: Equilibrium | BehaviourProfile | int | None = None,
    **view: Unpack[ViewOptions],
) -> Path: ...


def draw(
    game: GameLike,
    file: str | PathLike[str] | None = None,
    *,
    equilibrium: Equilibrium | BehaviourProfile | int | None = None,
    **view: Unpack[ViewOptions],
) -> str | Path:
    """Draw a game.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        file: where to; its ending says what: svg, html, tex, png, pdf, dot, graphml, ef.
        equilibrium: an equilibrium of the game, or a profile, to lay over it; or the number of
            one of the compilation's equilibria, or of those of :func:`nl2efg.solve`, from 1.
        view: as :func:`nl2efg.draw_svg` takes it.

    Returns:
        The SVG text, or the file that was written.

    Raises:
        UserError: no game, no such equilibrium, an unknown ending, a package that is missing, or a
            file that cannot be written.

    >>> import nl2efg
    >>> nl2efg.draw("trust_game", depth=1)[:4]
    '<svg'
    """
    from nl2efg.drawing.picture_files import UNMARKED, format_of, picture_bytes, write_picture

    tree = as_tree(game)
    ending = "svg" if file is None else format_of(Path(file))
    if equilibrium is not None and ending in UNMARKED:
        raise UserError(f".{ending} cannot show an equilibrium")
    if isinstance(equilibrium, int):
        equilibrium = _numbered(game, tree, equilibrium)
    shown = None if equilibrium is None else as_profile(tree, equilibrium)
    content = picture_bytes(tree, ending, profiles=[shown] if shown else [], shown=shown, view=view)
    return content.decode() if file is None else write_picture(content, Path(file))


def _numbered(game: GameLike, tree: GameTree, number: int) -> Equilibrium:
    from nl2efg.pipeline.compilation import Compilation
    from nl2efg.solving import solve

    found = game.equilibria if isinstance(game, Compilation) else solve(tree).equilibria
    if not 1 <= number <= len(found):
        raise UserError(
            f"there is no equilibrium {number}; the list has "
            f"{counted(len(found), 'equilibrium', 'equilibria')}",
            hint="they count from 1",
        )
    return found[number - 1]


def draw_svg(
    game: GameLike,
    view: View | None = None,
    *,
    profile: ProfileLike = None,
    **options: Unpack[ViewOptions],
) -> str:
    """The tree as an SVG document; the same input gives the same bytes.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        view: how it is looked at: style, size, theme, what is written; see :class:`nl2efg.View`.
        profile: an equilibrium, or a profile as :func:`nl2efg.verify` takes it, to lay over the
            tree: probability as thickness and number, what is never reached dimmed, beliefs in
            brackets, expected payoffs as ``E``. In a matrix the cells that are played are framed,
            and probabilities stand beside mixed strategies.
        options: fields of the view that are to be different, such as ``direction="right"``.

    Raises:
        UnfitError: an option is out of range; the text names it.
        UserError: no game, or it has no picture of the kind that the view asks for.
    """
    from nl2efg.drawing.svg_kinds import draw_svg

    tree = as_tree(game)
    return draw_svg(tree, view, profile=_held(tree, profile), **options)


def draw_tikz(
    game: GameLike,
    view: View | None = None,
    *,
    profile: ProfileLike = None,
    **options: Unpack[ViewOptions],
) -> str:
    """The tree as LaTeX source in pure ASCII; pdfLaTeX compiles it.

    Numbers and letters are in mathematical mode. Characters that pdfLaTeX has no font for appear
    as their code there, and as themselves in LuaLaTeX and XeLaTeX.

    Args:
        game, view, profile, options: as :func:`nl2efg.draw_svg`. ``tex="standalone"`` is a
            document that is one page; ``"fragment"`` a ``tikzpicture`` to ``\\input``, with its
            styles unless the document has some of these names; ``"istgame"`` a document for the
            package of that name (Cho 2022). With ``kind="matrix"``, a table.

    Raises:
        UserError: no game, a picture that is larger than TeX can count or of a kind that LaTeX has
            none of, or a theme for screens.
    """
    from nl2efg.drawing.tikz import draw_tikz

    tree = as_tree(game)
    return draw_tikz(tree, view, profile=_held(tree, profile), **options)


def draw_html(
    game: GameLike,
    record: CompilationRecord | None = None,
    profiles: Sequence[ProfileLike] = (),
    *,
    code: str | None = None,
) -> str:
    """The report as one HTML page that works offline, of a game in any form.

    A compilation's own report, with its text and equilibria, is ``compilation.report()``.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        record: the compilation it comes from: text, code, diagnostics, equilibria, consensus. None
            for a bare tree.
        profiles: the equilibria to switch between, in the order of ``record.solution``.
        code: the program to download, which rebuilds the game with pygambit; without it, one for
            the installed pygambit.

    Raises:
        UserError: no game, or a profile of another one.
    """
    from nl2efg.drawing.html.report import draw_html

    tree = as_tree(game)
    return draw_html(tree, record, [as_profile(tree, each) for each in profiles], code=code)


def _held(tree: GameTree, profile: ProfileLike) -> BehaviourProfile | None:
    return None if profile is None else as_profile(tree, profile)
