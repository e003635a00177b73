"""From a game and a view to a layout: which style, which direction, and how large the type."""

from __future__ import annotations

from typing import Unpack

from nl2efg.drawing.labels import Excerpt
from nl2efg.drawing.layout.geometry import Layout, visible_nodes
from nl2efg.drawing.layout.lane_style import lay_out_lanes
from nl2efg.drawing.layout.line import lay_out_line, spine_of
from nl2efg.drawing.layout.measures import Grows
from nl2efg.drawing.layout.signalling import is_signalling, lay_out_signalling
from nl2efg.drawing.layout.textbook import lay_out_textbook
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree

EASY_WIDTH = 760.0
"""Units of a layout that a reader sees at a glance; a wider tree grows right."""
HEADER = 24.0
"""Units of a layout that a title takes, and about those of a legend."""
MAX_DOWN = 600
"""Nodes of a picture above which a tree grows right without trying whether it is narrow enough."""


def lay_out(
    tree: GameTree,
    view: View | None = None,
    *,
    profile: BehaviourProfile | None = None,
    excerpt: Excerpt | None = None,
    **options: Unpack[ViewOptions],
) -> Layout:
    """Lay a tree out, in near-linear time and the same way every time.

    Args:
        tree: the game.
        view: how it is looked at.
        profile: an equilibrium whose probabilities, beliefs and values are written in.
        excerpt: what a part of a larger game takes from the whole.
        options: fields of the view that are to be different.
    """
    view = View.of(view, options)
    special = _special(tree, view, profile)
    if special is not None:
        return special
    visible = visible_nodes(tree, view.depth, view.collapsed)

    def drawn(direction: Grows) -> Layout:
        function = lay_out_lanes if view.style == "lanes" else lay_out_textbook
        return function(tree, view, profile, direction, visible, excerpt)

    if view.direction != "auto":
        return drawn(view.direction)
    if len(visible) > MAX_DOWN:
        return drawn("right")
    room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale
    down = drawn("down")
    if down.width <= room and view.max_height is None:
        return down
    right = drawn("right")
    if view.max_height is None:
        return right if right.width < down.width else down
    return max((down, right), key=lambda each: _fit(each, view))


def _fit(drawn: Layout, view: View) -> float:
    """How large a layout can be drawn, with what stands above it."""
    above = HEADER * view.title + HEADER * view.legend
    return view.scale_to(drawn.width, drawn.height + above)


def _special(tree: GameTree, view: View, profile: BehaviourProfile | None) -> Layout | None:
    """The layout of a signalling game or of a line, where it is one and may be drawn as one."""
    if view.kind == "signalling":
        if not is_signalling(tree):
            raise UserError(
                "this is no signalling game of two types and two messages",
                hint="draw it as a tree",
            )
        return lay_out_signalling(tree, view, profile)
    if view.kind == "line":
        if not spine_of(tree):
            raise UserError(
                "this game is no line: some move leaves more than one way to go on",
                hint="draw it as a tree",
            )
        return lay_out_line(tree, view, profile)
    as_it_comes = view.depth is None and not view.collapsed and view.direction == "auto"
    if view.kind != "auto" or view.style != "textbook" or not as_it_comes or view.along == "time":
        return None
    if is_signalling(tree):
        return lay_out_signalling(tree, view, profile)
    if spine_of(tree):
        room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale
        drawn = lay_out_line(tree, view, profile)
        return drawn if drawn.width <= room else None
    return None
