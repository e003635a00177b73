"""The SVG of the kind that a view asks for: a tree (whole or in parts), a matrix, payoffs, ends."""

from __future__ import annotations

from typing import Unpack

from nl2efg.drawing.end_chances import draw_end_chances
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.matrix import draw_matrix
from nl2efg.drawing.parts import is_cut
from nl2efg.drawing.payoff_space import draw_payoff_space
from nl2efg.drawing.sheet import draw_parts
from nl2efg.drawing.svg import svg_of
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.families.written import lettered
from nl2efg.game import BehaviourProfile, GameTree


def draw_svg(
    tree: GameTree,
    view: View | None = None,
    *,
    profile: BehaviourProfile | None = None,
    **options: Unpack[ViewOptions],
) -> str:
    """The tree as an SVG document; the same input gives the same bytes.

    Args:
        tree: the game.
        view: how it is looked at: style, size, theme, what is written; see :class:`View`.
        profile: an equilibrium to lay over the tree: probability as thickness and number, what is
            never reached dimmed, beliefs in brackets, expected payoffs as ``E``. In a matrix the
            cells that are played are framed, and probabilities stand beside mixed strategies.
        options: fields of the view that are to be different, such as ``direction="right"``.

    Raises:
        UnfitError: an option is out of range; the text names it.
        UserError: the game has no picture of the kind that the view asks for.
    """
    view, tree = View.of(view, options), lettered(tree)
    if view.kind == "matrix":
        return draw_matrix(tree, view, profile)
    if view.kind == "payoffs":
        return draw_payoff_space(tree, view, () if profile is None else (profile,))
    if view.kind == "ends":
        return draw_end_chances(tree, view, profile)
    if is_cut(tree, view):
        return draw_parts(tree, view, profile)
    return svg_of(tree, lay_out(tree, view, profile=profile), view, profile)
