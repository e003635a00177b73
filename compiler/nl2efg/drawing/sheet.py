"""Several pictures on one sheet: a tree cut into parts, or one picture for each equilibrium."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from nl2efg.drawing.end_chances import ends_panels
from nl2efg.drawing.header import header_of, profile_key
from nl2efg.drawing.labels import Excerpt
from nl2efg.drawing.layout.picture import EASY_WIDTH, lay_out
from nl2efg.drawing.matrix import matrix_panel
from nl2efg.drawing.panel import Panel
from nl2efg.drawing.parts import is_cut, parts_of
from nl2efg.drawing.svg import MARGIN, THIN, Drawing, document, header_svg, short
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.families.written import lettered
from nl2efg.game import BehaviourProfile, GameTree

GAP = 18.0  # between pictures


def contact_sheet(
    tree: GameTree,
    profiles: Sequence[BehaviourProfile],
    view: View | None = None,
    **options: Unpack[ViewOptions],
) -> str:
    """One picture for each equilibrium, side by side, as one SVG document.

    Args:
        tree: the game.
        profiles: the equilibria, in order.
        view, options: as of :func:`nl2efg.draw_svg`; ``width`` is that of the sheet. Of the kinds
            ``"matrix"`` and ``"ends"`` it holds matrices and bars.

    Raises:
        UserError: the game has no picture of the kind that the view asks for.
    """
    view, tree = View.of(view, options), lettered(tree)
    views = [
        view.changed(title=False, caption=f"Equilibrium {number}")
        for number, _ in enumerate(profiles, start=1)
    ]
    words = f"{len(profiles)} pictures of one game, one for each equilibrium."
    if view.kind == "ends":
        panels = ends_panels(tree, views, profiles)
    elif is_cut(tree, view):
        panels = [
            panel
            for own, profile in zip(views, profiles, strict=True)
            for panel in _part_panels(tree, own, profile, legend=view.legend)
        ]
        words = f"{len(panels)} pictures of one game: its parts, for each equilibrium in turn."
    else:
        draw = matrix_panel if view.kind == "matrix" else _panel
        panels = [draw(tree, *each) for each in zip(views, profiles, strict=True)]
    return _sheet(tree, view.changed(legend=False), panels, words)


def draw_parts(tree: GameTree, view: View, profile: BehaviourProfile | None = None) -> str:
    """A tree cut into parts of at most ``view.parts`` terminal nodes, as one SVG document.

    Where a part goes on elsewhere its node has the letter of that part. Reach, beliefs and values
    are those of the whole game.

    Args:
        tree: the game.
        view: how it is looked at; ``parts`` is set.
        profile: an equilibrium whose probabilities are written in.
    """
    panels = _part_panels(tree, view.changed(caption=""), profile)
    words = f"A game tree of {len(tree):,} nodes in {len(panels)} parts."
    return _sheet(tree, view, panels, words, profile)


def _part_panels(
    tree: GameTree, view: View, profile: BehaviourProfile | None, *, legend: bool = False
) -> list[Panel]:
    """A picture for each part of a tree; the view's caption stands before its letter.

    Args:
        tree, view, profile: as of :func:`draw_parts`.
        legend: whether the first part has the legend of all.
    """
    found: list[Panel] = []
    key = "" if profile is None else profile_key(tree, profile)
    for part in parts_of(tree, view, profile):
        caption = f"{view.caption}, {part.caption}" if view.caption else part.caption
        shown = part.view.changed(title=False, legend=legend and not found, caption=caption)
        found.append(_panel(part.tree, shown, part.profile, part.excerpt, key))
    return found


def _panel(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    excerpt: Excerpt | None = None,
    key: str = "",
) -> Panel:
    geometry = lay_out(tree, view, profile=profile, excerpt=excerpt)
    header = header_of(tree, view, profile, geometry.width, key=key)
    parts = [
        *header_svg(header, view, 0.0),
        f'<g stroke-width="{THIN}" transform="translate(0 {short(header.height)})">',
        *Drawing(tree, geometry, profile).lines(),
        "</g>",
    ]
    return Panel(max(geometry.width, header.width), geometry.height + header.height, parts)


def _sheet(
    tree: GameTree,
    view: View,
    panels: Sequence[Panel],
    words: str,
    profile: BehaviourProfile | None = None,
) -> str:
    """Panels in rows, under the game's title and what else the view has above a picture."""
    room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale
    room = max(room, *(panel.width for panel in panels))
    header = header_of(tree, view, profile, room)
    parts = header_svg(header, view, MARGIN)
    x, y, high, widest = 0.0, header.height, 0.0, header.width
    for panel in panels:
        if x and x + panel.width > room:
            x, y, high = 0.0, y + high + GAP, 0.0
        parts += panel.at(MARGIN + x, MARGIN + y)
        widest = max(widest, x + panel.width)
        x, high = x + panel.width + GAP, max(high, panel.height)
    size = (widest + 2 * MARGIN, y + high + 2 * MARGIN)
    return document(tree, view, size, words, parts, len(panels))
