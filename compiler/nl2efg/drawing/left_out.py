"""What a picture cannot follow of a view, in its format or of its kind: said, never silent."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import fields

from nl2efg.drawing.tex_escaping import NEEDS_UNICODE
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.errors import UserError

UNLAID = ("html", "dot", "graphml", "ef")
"""Formats in which no field of a :class:`View` holds: who reads them lays them out."""
NOT_IN_TEX = ("title", "caption", "legend", "font")
"""Fields that LaTeX leaves out: captions and fonts there are the document's."""
NOT_IN_TABLES = ("width", "height", "size", "full", "theme", "values", *NOT_IN_TEX)
"""Fields that a table in LaTeX leaves out: it is set as the document around it."""
OF_TREES = ("style", "direction", "along", "depth", "collapsed", "parts", "tilt")
"""Fields that only hold for a tree as it is grown, not for a signalling game or a line."""
OF_NODES = (*OF_TREES, "probabilities", "sets", "values")
"""Fields that only hold where nodes are drawn."""
WITHOUT = {
    "signalling": OF_TREES,
    "line": OF_TREES,
    "matrix": (*OF_TREES, "sets"),
    "payoffs": OF_NODES,
    "ends": OF_NODES,
}
"""For each kind of picture the fields that it leaves out in every format."""
CHARTS = ("payoffs", "ends")
"""Kinds of pictures that LaTeX has none of."""
SCREEN_THEMES = ("dark", "auto")
"""Themes that only a picture on a screen can have."""


def asked_for(view: View | ViewOptions | None) -> tuple[str, ...]:
    """The fields that a caller chose: those of the options, or in which a view is not the usual.

    Args:
        view: a view, fields of one, or None.
    """
    if not isinstance(view, View):
        return tuple(view or {})
    usual = View()
    names = [each.name for each in fields(View) if each.init]
    return tuple(name for name in names if getattr(view, name) != getattr(usual, name))


def not_followed(ending: str, view: View) -> frozenset[str]:
    """The fields of a view that change nothing in a picture.

    Args:
        ending: a format with a layout of its own, such as ``"svg"``.
        view: its kind, and its form of LaTeX.
    """
    found = set(WITHOUT.get(view.kind, ()))
    if ending != "png":
        found.add("dpi")
    if ending != "tex":
        found.add("tex")
    elif view.kind == "matrix":
        found.update(NOT_IN_TABLES)
    else:
        found.update(NOT_IN_TEX)
    return frozenset(found)


def refuse_unfit(ending: str, asked: Collection[str], view: View) -> None:
    """Refuse a picture that would have nothing of what was asked for, or not its theme.

    Args:
        ending: the format.
        asked: the fields that the caller chose.
        view: the view that they make.

    Raises:
        UserError: the format has no layout, so that it can follow none; or it has no such kind
            of picture or theme.
    """
    if ending in UNLAID and asked:
        raise UserError(f".{ending} cannot show {', '.join(asked)}: it is laid out by its reader")
    if ending == "tex" and view.kind in CHARTS:
        raise UserError(f"LaTeX has no picture of {view.kind}", hint="draw a .pdf and include that")
    if ending == "tex" and view.theme in SCREEN_THEMES:
        raise UserError(
            f"LaTeX has no theme {view.theme}", hint="draw it with the theme light or print"
        )


def tell_what_is_left_out(ending: str, asked: Collection[str], view: View) -> None:
    """Warn of fields that were asked for and change nothing.

    Who asks for no title, where there is none, is told nothing.

    Args:
        ending, asked, view: as of :func:`refuse_unfit`.
    """
    without = not_followed(ending, view)
    wanted = [name for name in asked if getattr(view, name) is not False]
    left_out = [name for name in wanted if name in without]
    if left_out:
        of_kind = set(left_out) <= set(WITHOUT.get(view.kind, ()))
        name = f"a picture of kind {view.kind}" if of_kind else f".{ending}"
        warnings.warn(f"{name} leaves out {', '.join(left_out)}", UserWarning, stacklevel=4)


def tell_what_latex_lacks(source: str) -> None:
    """Warn of letters that pdfLaTeX cannot set.

    Args:
        source: the LaTeX source.
    """
    if NEEDS_UNICODE in source:
        warnings.warn(
            "pdflatex has no font for some letters of this .tex: compile it with lualatex or "
            "xelatex and a font that has them",
            UserWarning,
            stacklevel=3,
        )
