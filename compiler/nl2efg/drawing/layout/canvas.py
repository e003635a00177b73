"""A layout that is put together piece by piece, in coordinates of any origin."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.drawing.labels import LINE, Line, line_width
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point
from nl2efg.drawing.layout.measures import Grows


class Canvas:
    """Collects nodes, edges, bands and labels, and moves all to positive coordinates in the end."""

    def __init__(self) -> None:
        self.nodes: dict[int, Point] = {}
        self.edges: list[tuple[int, int]] = []
        self.bands: list[tuple[int, tuple[Point, ...]]] = []
        self.labels: list[Label] = []

    def write(self, node: int, lines: Sequence[Line], x: float, top: float, where: float) -> None:
        """Lines one below the other.

        Args:
            node: whose they are.
            lines: the texts.
            x: of their left ends, middles or right ends (``where`` 0, 0.5, 1).
            top: where the first begins.
            where: see ``x``.
        """
        for rank, line in enumerate(lines):
            extent = line_width(line)
            left = x - where * extent
            self.labels.append(Label(node, line, left, top + LINE * (rank + 0.5), extent, where))

    def beside(self, node: int, lines: Sequence[Line], start: Point, end: Point, up: bool) -> None:
        """Lines above or below the middle of an edge, so that a corner touches it."""
        if not lines:
            return
        (x, y), (to_x, to_y) = start, end
        half = max(map(line_width, lines)) / 2
        middle = (x + to_x) / 2
        slope = (to_y - y) / (to_x - x)
        ends = [y + slope * (middle + side * half - x) for side in (-1, 1)]
        high = LINE * len(lines)
        top = min(ends) - T.touch - high if up else max(ends) + T.touch
        self.write(node, lines, middle, top, 0.5)

    def layout(self, direction: Grows) -> Layout:
        """The finished layout."""
        boxes = [label.box for label in self.labels]
        boxes += [(x - T.dot, y - T.dot, x + T.dot, y + T.dot) for x, y in self.nodes.values()]
        left = min(box[0] for box in boxes) - T.gap / 2
        top = min(box[1] for box in boxes) - T.gap / 2

        def moved(point: Point) -> Point:
            return (round(point[0] - left, 1), round(point[1] - top, 1))

        labels = []
        for label in self.labels:
            x, y = moved((label.x, label.y))
            width = round(label.width, 1)
            labels.append(Label(label.node, label.pieces, x, y, width, label.anchor))
        return Layout(
            direction=direction,
            width=round(max(box[2] for box in boxes) - left + T.gap / 2, 1),
            height=round(max(box[3] for box in boxes) - top + T.gap / 2, 1),
            nodes={node: moved(point) for node, point in self.nodes.items()},
            cut=frozenset(),
            edges=tuple(
                Edge(a, b, (moved(self.nodes[a]), moved(self.nodes[b]))) for a, b in self.edges
            ),
            bands=tuple(
                Band(index, tuple(map(moved, points)), False) for index, points in self.bands
            ),
            labels=tuple(labels),
            radius=T.dot,
            shaded=0.0,
        )
