"""One picture, alone or on a sheet: its size and its elements."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.drawing.svg import MARGIN, document, short
from nl2efg.drawing.view import View
from nl2efg.game import GameTree


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture in units of the layout.

    Args:
        width, height: its size.
        parts: its elements, as SVG, from its upper left corner.
    """

    width: float
    height: float
    parts: list[str]

    def at(self, x: float, y: float) -> list[str]:
        """The elements with the upper left corner there."""
        return [f'<g transform="translate({short(x)} {short(y)})">', *self.parts, "</g>"]


def alone(tree: GameTree, view: View, panel: Panel, words: str) -> str:
    """A document of one panel.

    Args:
        tree, view, words: as of :func:`nl2efg.drawing.svg.document`.
        panel: the picture.
    """
    size = (panel.width + 2 * MARGIN, panel.height + 2 * MARGIN)
    return document(tree, view, size, words, panel.at(MARGIN, MARGIN))
