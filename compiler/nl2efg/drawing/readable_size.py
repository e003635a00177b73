"""Warnings of type that nobody can read, and of a picture that no page holds: what would do."""

from __future__ import annotations

import warnings
from math import ceil

from nl2efg.drawing.view import NATURAL_SIZE, View, as_given, is_on_paper

LEAST_POINTS = 6.0
"""The smallest type that journals print."""
PAGE = 240 * 96 / 25.4
"""CSS pixels of text on a page of A4 from top to bottom, or of US letter."""
INSTEAD = {
    "matrix": "draw the tree",
    "signalling": "draw it as a tree",
    "line": "draw it as a tree",
    "payoffs": "",
    "ends": "",
}
"""What has larger type than a kind of picture; trees are cut."""


def tell_size(view: View, scale: float, size: tuple[float, float], pictures: int = 1) -> None:
    """Warn where the width or height that was asked for makes the type smaller than six points.

    Who asks for a smaller size than that gets it without a word. Where the width is one on paper, a
    picture that is higher than a page is told too.

    Args:
        view: its width, height and size.
        scale: CSS pixels for a unit of the layout.
        size: width and height of the picture, in units of the layout.
        pictures: how many stand on it.
    """
    points, (width, height) = scale * NATURAL_SIZE, size
    instead = INSTEAD.get(view.kind, "cut it into parts, or at a depth")
    if view.parts is not None and view.kind not in INSTEAD:
        instead = "make the parts smaller"
    elif pictures > 1:
        instead = "draw one at a time"
    if points < min(LEAST_POINTS, view.size) - 0.05:
        by_width = view.max_width is not None and view.max_width / width <= scale * 1.001
        given, name, side = (
            (view.width, "width", width) if by_width else (view.height, "height", height)
        )
        least = as_given(given, ceil(side * LEAST_POINTS / NATURAL_SIZE))
        warnings.warn(
            f"the type is {points:.1f} pt at a {name} of {as_given(given, side * scale)}: "
            f"for {LEAST_POINTS:g} pt it must be {least} {'wide' if by_width else 'high'}"
            f"{f'; or {instead}' * bool(instead)}",
            UserWarning,
            stacklevel=3,
        )
    elif is_on_paper(view.width) and height * scale > PAGE and pictures == 1:
        warnings.warn(
            f"the picture is {as_given(view.width, height * scale)} high, more than a page holds"
            f"{f': {instead}' * bool(instead)}",
            UserWarning,
            stacklevel=3,
        )
