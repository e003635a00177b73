"""From a game and a view to a layout: which style, which direction, and how large the type."""

from __future__ import annotations

from typing import Unpack

from nl2efg.drawing.layout.geometry import Layout, visible_nodes
from nl2efg.drawing.layout.lane_style import lay_out_lanes
from nl2efg.drawing.layout.measures import Grows
from nl2efg.drawing.layout.textbook import lay_out_textbook
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.game import BehaviourProfile, GameTree

EASY_WIDTH = 760.0
"""Units of a layout that a reader sees at a glance; a wider tree grows right."""
MAX_DOWN = 600
"""Nodes of a picture above which a tree grows right without trying whether it is narrow enough."""


def lay_out(
    tree: GameTree,
    view: View | None = None,
    *,
    profile: BehaviourProfile | None = None,
    **options: Unpack[ViewOptions],
) -> Layout:
    """Lay a tree out, in near-linear time and the same way every time.

    Args:
        tree: the game.
        view: how it is looked at.
        profile: an equilibrium whose probabilities, beliefs and values are written in.
        options: fields of the view that are to be different.
    """
    view = View.of(view, options)
    visible = visible_nodes(tree, view.depth, view.collapsed)

    def drawn(direction: Grows) -> Layout:
        function = lay_out_lanes if view.style == "lanes" else lay_out_textbook
        return function(tree, view, profile, direction, visible)

    if view.direction != "auto":
        return drawn(view.direction)
    if len(visible) > MAX_DOWN:
        return drawn("right")
    room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale
    down = drawn("down")
    if down.width <= room:
        return down
    right = drawn("right")
    return right if right.width < down.width else down
