"""A warning of type that nobody can read, with what would do."""

from __future__ import annotations

import warnings
from math import ceil

from nl2efg.drawing.view import NATURAL_SIZE, View, as_given

LEAST_POINTS = 6.0
"""The smallest type that journals print."""
INSTEAD = {
    "matrix": "draw the tree",
    "signalling": "draw it as a tree",
    "line": "draw it as a tree",
    "payoffs": "",
    "ends": "",
}
"""What has larger type than a kind of picture; trees are cut."""


def tell_small_type(view: View, scale: float, width: float, pictures: int = 1) -> None:
    """Warn where the width that was asked for makes the type smaller than six points.

    Who asks for a smaller size than that gets it without a word.

    Args:
        view: its width and size.
        scale: CSS pixels for a unit of the layout.
        width: of the picture, in units of the layout.
        pictures: how many stand on it.
    """
    points = scale * NATURAL_SIZE
    if view.max_width is None or points >= min(LEAST_POINTS, view.size) - 0.05:
        return
    least = as_given(view.width, ceil(width * LEAST_POINTS / NATURAL_SIZE))
    instead = INSTEAD.get(view.kind, "cut it into parts, or at a depth")
    if pictures > 1:
        instead = "draw one at a time" if view.parts is None else "make the parts smaller"
    other = f"; or {instead}" if instead else ""
    warnings.warn(
        f"the type is {points:.1f} pt at a width of {as_given(view.width, view.max_width)}: "
        f"for {LEAST_POINTS:g} pt it must be {least} wide{other}",
        UserWarning,
        stacklevel=3,
    )
