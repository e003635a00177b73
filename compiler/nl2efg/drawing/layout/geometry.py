"""What a layout is: coordinates that SVG, the report and TikZ share; y grows downwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nl2efg.drawing.labels import LINE, Piece
from nl2efg.drawing.layout.measures import BAND, NODE, Grows
from nl2efg.game import GameTree

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text.

    Args:
        node: whose label it is.
        pieces: texts in one row, each with its colour.
        x, y: centre of the line's left end.
        width, height: its box, ``(x, y - height / 2)`` to ``(x + width, y + height / 2)``.
        anchor: which part of it stays where it is if a font is wider or narrower: 0 its left
            end, 0.5 its middle, 1 its right end.
        angle: degrees by which it is turned, clockwise, around the middle of its box.
    """

    node: int
    pieces: tuple[Piece, ...]
    x: float
    y: float
    width: float
    anchor: float = 0.0
    height: float = LINE
    angle: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        half = self.height / 2
        return (self.x, self.y - half, self.x + self.width, self.y + half)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as a line through points.

    Args:
        parent, child: its nodes.
        points: from the one to the other.
        gap: what its label leaves out of the last part, or None.
    """

    parent: int
    child: int
    points: tuple[Point, ...]
    gap: tuple[Point, Point] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """The mark of an information set with several nodes in the picture.

    Args:
        information_set: its index.
        points: its nodes, in order and on one line across the tree; or, if ``curved``, the whole
            way along the edges from one to the next.
        curved: whether it joins nodes of different rows.
    """

    information_set: int
    points: tuple[Point, ...]
    curved: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's geometry; y grows downwards, the unit is a CSS pixel.

    Args:
        direction: which way the tree grows.
        width, height: of the picture; everything lies inside.
        nodes: where each visible node is.
        cut: visible nodes whose subtree is left out.
        edges, bands, labels: what is drawn between and beside the nodes.
        radius: of the markers of decision nodes.
        shaded: half the width of the shade of a straight band; 0 for a dashed line alone.
    """

    direction: Grows
    width: float
    height: float
    nodes: dict[int, Point]
    cut: frozenset[int]
    edges: tuple[Edge, ...]
    bands: tuple[Band, ...]
    labels: tuple[Label, ...]
    radius: float = NODE
    shaded: float = BAND


def visible_nodes(
    tree: GameTree, depth: int | None = None, collapsed: Collection[int] = ()
) -> list[int]:
    """The nodes in the picture, in preorder.

    Args:
        depth: the deepest row of actions shown; None for all.
        collapsed: nodes whose subtrees are left out.
    """
    hidden_from = set(collapsed)
    found = []
    node = 0
    while node < len(tree):
        found.append(node)
        stop = node in hidden_from or (depth is not None and tree.depth[node] >= depth)
        node = tree.subtree_end[node] if stop else node + 1
    return found
