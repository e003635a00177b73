"""Edges, bands and labels of the textbook style, once the nodes have their places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING

from nl2efg.drawing.labels import LINE, Line, line_width
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point

if TYPE_CHECKING:
    from nl2efg.drawing.layout.textbook import Plan


MAX_TILT = 1.7
"""Slope of the steepest edge along which a label is written: 60 degrees."""


def draw_lines(plan: Plan, *, tilt: bool) -> Layout:
    """The layout of a plan whose nodes are placed."""
    return _Lines(plan, tilt).compose()


class _Lines:
    def __init__(self, plan: Plan, tilt: bool) -> None:
        self.plan, self.tilt = plan, tilt
        self.down = plan.direction == "down"
        self.labels: list[Label] = []
        self._places = [[plan.across[node] for node in row] for row in plan.rows]
        self._families = [self._intervals(row) for row in plan.rows]
        self.paths: dict[int, list[Point]] = {}  # of the edge to each node, (across, along)

    def _intervals(self, row: Sequence[int]) -> tuple[list[float], list[float]]:
        """Where the edges that leave a row are: left and right ends of the families' intervals."""
        plan, lows, highs = self.plan, [], []
        for node in row:
            own = plan.children[node]
            if own:
                lows.append(plan.across[own[0]] - plan.frames[own[0]].before)
                highs.append(plan.across[own[-1]] + plan.frames[own[-1]].behind)
        return lows, highs

    def compose(self) -> Layout:
        """The finished layout."""
        plan = self.plan
        for parent in plan.visible:
            for child in plan.children[parent]:
                self.paths[child] = self._path(parent, child)
        edges = tuple(
            Edge(plan.tree.parents[child], child, tuple(self._point(*p) for p in path))
            for child, path in self.paths.items()
        )
        for node in plan.visible:
            self._edge_label(node)
            self._node_text(node)
            self._payoffs(node)
        breadth = max(plan.across[node] + plan.frames[node].behind for node in plan.visible)
        length = T.gap + max(
            plan.along[node] + max(plan.frames[node].end, plan.frames[node].overhang, T.dot)
            for node in plan.visible
        )
        width, height = self._point(breadth, length)
        return Layout(
            direction=plan.direction,
            width=width,
            height=height,
            nodes={n: self._point(plan.across[n], plan.along[n]) for n in plan.visible},
            cut=frozenset(n for n in plan.visible if not plan.children[n] and n not in plan.ends),
            edges=edges,
            bands=self._bands(),
            labels=tuple(self.labels),
            radius=T.dot,
            shaded=0.0,
        )

    def _point(self, across: float, along: float) -> Point:
        x, y = (across, along) if self.down else (along, across)
        return (round(x, 1), round(y, 1))

    # ---- Edges ---------------------------------------------------------------------------------

    def _path(self, parent: int, child: int) -> list[Point]:
        plan = self.plan
        rank = plan.row_of[parent]
        start: Point = (plan.across[parent], plan.along[parent])
        end: Point = (plan.across[child], plan.along[child])
        stop, first = plan.stops[rank], plan.starts[rank + 1]
        bent = [start]
        if start[1] < stop:
            bent.append((start[0], stop))
        if parent in plan.kneed:
            bent.append((end[0], first - plan.kneed[parent]))
            return _straightened([*bent, end])
        if start[1] == stop and end[1] == first:
            return [start, end]
        if len(plan.children[parent]) <= 2 and self._is_clear(parent, child):
            return [start, end]
        return _straightened([*bent, (end[0], first), end])

    def _is_clear(self, parent: int, child: int) -> bool:
        """Whether nothing is in the way of a straight edge that passes lanes or rows."""
        plan = self.plan
        (u, v), (to_u, to_v) = ((plan.across[node], plan.along[node]) for node in (parent, child))
        low, high = min(u, to_u), max(u, to_u)
        slope = (to_u - u) / (to_v - v)
        looked = 0
        for rank in range(plan.row_of[parent], plan.row_of[child] + 1):
            places, row = self._places[rank], plan.rows[rank]
            first = max(0, bisect_left(places, low) - 1)
            last = min(len(row), bisect_right(places, high) + 1)
            looked += last - first
            if looked > T.obstacles:
                return False
            for node in row[first:last]:
                if node in (parent, child):
                    continue
                frame, at = plan.frames[node], plan.along[node]
                top, bottom = max(v, at - frame.head), min(to_v, at + max(T.dot, frame.end))
                ends = (u + slope * (top - v), u + slope * (bottom - v))
                if (
                    top < bottom
                    and min(ends) < plan.across[node] + frame.behind
                    and max(ends) > plan.across[node] - frame.before
                ):
                    return False
        return all(
            self._passes(rank, u, v, slope)
            for rank in range(plan.row_of[parent] + 1, plan.row_of[child])
        )

    def _passes(self, rank: int, u: float, v: float, slope: float) -> bool:
        """Whether a line keeps off all families whose edges leave a row."""
        plan = self.plan
        lows, highs = self._families[rank]
        ends = [u + slope * (plan.starts[rank] - v), u + slope * (plan.starts[rank + 1] - v)]
        return bisect_right(highs, min(ends)) >= bisect_left(lows, max(ends))

    # ---- Labels --------------------------------------------------------------------------------

    def _edge_label(self, node: int) -> None:
        lines = self.plan.texts[node].edge
        if not node or not lines:
            return
        plan, frame = self.plan, self.plan.frames[node]
        parent = plan.tree.parents[node]
        rank = plan.row_of[parent]
        first = plan.starts[rank + 1]
        head = frame.head if plan.along[node] == first else T.dot + T.near
        low = plan.stops[rank] + T.near + max(0.0, plan.frames[parent].overhang)
        high = first - head
        position = plan.tree.action_of[node]
        count = len(plan.children[parent])
        outer = position == (0 if frame.side < 0 else count - 1)
        middle = (low + high + frame.edge_along) / 2
        end = min(high, middle) if outer and parent not in plan.kneed else high
        begin = end - frame.edge_along
        path = self.paths[node]
        if self.tilt and outer and len(path) == 2 and self._tilted(node, path, lines, (low, high)):
            return
        ends = (_across_at(path, begin), _across_at(path, end))
        edge = min(ends) - T.touch if frame.side < 0 else max(ends) + T.touch
        if self.down:
            for rank_, line in enumerate(lines):
                anchor = 1.0 if frame.side < 0 else 0.0
                self._add(node, line, edge, begin + LINE * (rank_ + 0.5), anchor)
            return
        top = edge - frame.edge_across if frame.side < 0 else edge
        for rank_, line in enumerate(lines):
            self._add(node, line, (begin + end) / 2, top + LINE * (rank_ + 0.5), 0.5)

    def _tilted(
        self, node: int, path: list[Point], lines: Sequence[Line], room: tuple[float, float]
    ) -> bool:
        """Write a label along its edge, if it has room there (``room`` along the tree)."""
        plan, frame = self.plan, self.plan.frames[node]
        (x, y), (to_x, to_y) = (self._point(*point) for point in path)
        long = hypot(to_x - x, to_y - y)
        wide = max(map(line_width, lines))
        steep = abs(to_y - y) > MAX_TILT * abs(to_x - x)
        if len(lines) != 1 or steep or long < wide + 2 * frame.head + 2 * T.near:
            return False
        angle = atan2(to_y - y, to_x - x)
        angle = angle if abs(angle) <= 1.5708 else angle - 3.14159265 * (1 if angle > 0 else -1)
        aside = T.touch + LINE / 2
        normal = ((to_y - y) / long, -(to_x - x) / long)  # one of the two sides of the edge
        across = normal[0] if self.down else normal[1]
        if across * frame.side < 0:
            normal = (-normal[0], -normal[1])
        centre = ((x + to_x) / 2 + aside * normal[0], (y + to_y) / 2 + aside * normal[1])
        half = LINE / 2 * abs(across) + wide / 2 * abs(normal[1] if self.down else normal[0])
        own = centre[0 if self.down else 1]
        reach = wide / 2 * abs(normal[0] if self.down else normal[1]) + LINE / 2 * abs(
            normal[1] if self.down else normal[0]
        )
        middle = centre[1 if self.down else 0]
        if middle - reach < room[0] or middle + reach > room[1]:
            return False
        if not (
            plan.across[node] - frame.before <= own - half
            if frame.side < 0
            else own + half <= plan.across[node] + frame.behind
        ):
            return False
        left = round(centre[0] - wide / 2, 1)
        self.labels.append(
            Label(
                node,
                lines[0],
                left,
                round(centre[1], 1),
                round(wide, 1),
                0.5,
                angle=round(degrees(angle), 1),
            )
        )
        return True

    def _node_text(self, node: int) -> None:
        lines = self.plan.texts[node].side
        if not lines:
            return
        plan, frame = self.plan, self.plan.frames[node]
        across, along = plan.across[node], plan.along[node]
        if self.down:
            top = along - T.near - LINE * len(lines) - (0 if node else T.near)
            for rank, line in enumerate(lines):
                at, anchor = across + frame.side * T.aside, 0.0 if frame.side > 0 else 1.0
                if not node:
                    at, anchor = across, 0.5
                self._add(node, line, at, top + LINE * (rank + 0.5), anchor)
            return
        near = T.dot + T.near
        top = across + near if frame.side > 0 else across - near - LINE * len(lines)
        for rank, line in enumerate(lines):
            self._add(node, line, along + frame.overhang, top + LINE * (rank + 0.5), 1.0)

    def _payoffs(self, node: int) -> None:
        lines = self.plan.texts[node].end
        across, along = self.plan.across[node], self.plan.along[node] + T.end
        if self.down:
            for rank, line in enumerate(lines):
                self._add(node, line, across, along + LINE * (rank + 0.5), 0.5)
            return
        for line, column in zip(lines, self.plan.columns, strict=False):
            along += column
            self._add(node, line, along, across, 1.0)
            along += T.column

    def _add(self, node: int, line: Line, x: float, y: float, where: float) -> None:
        """A line whose left end, middle or right end (``where`` 0, 0.5, 1) is at ``x``."""
        extent = line_width(line)
        self.labels.append(
            Label(node, line, round(x - where * extent, 1), round(y, 1), round(extent, 1), where)
        )

    # ---- Bands ---------------------------------------------------------------------------------

    def _bands(self) -> tuple[Band, ...]:
        plan, found = self.plan, []
        for index, members in sorted(plan.members.items()):
            if index in plan.aligned and len(members) > 1:
                places = [(plan.across[node], plan.along[node]) for node in members]
                found.append(Band(index, tuple(self._point(*p) for p in places), False))
            for way, start in zip(plan.ways.get(index, ()), members, strict=False):
                route: list[Point] = [(plan.across[start], plan.along[start])]
                for step in way:
                    part = self._beside(step if step >= 0 else -1 - step)
                    route += part if step >= 0 else part[::-1]
                end = way[-1] if way[-1] >= 0 else plan.tree.parents[-1 - way[-1]]
                route.append((plan.across[end], plan.along[end]))
                found.append(Band(index, tuple(self._point(*p) for p in route), True))
        return tuple(found)

    def _beside(self, node: int) -> list[Point]:
        """A curved band's way along the inner side of an edge."""
        path = self.paths[node]
        shift = -self.plan.frames[node].side * T.inner
        (u, v), (to_u, to_v) = path[-2:]
        found = []
        if len(path) > 2:
            found.append((u + shift, v))
        else:
            found.append((u + 0.3 * (to_u - u) + shift, v + 0.3 * (to_v - v)))
        found.append((u + 0.8 * (to_u - u) + shift, v + 0.8 * (to_v - v)))
        return found


def _straightened(path: list[Point]) -> list[Point]:
    """A path without points that change nothing."""
    found = path[:1]
    for point, after in pairwise(path[1:]):
        before = found[-1]
        if point in (before, after):
            continue
        if point[0] == before[0] == after[0]:
            continue
        found.append(point)
    return [*found, path[-1]]


def _across_at(path: Sequence[Point], along: float) -> float:
    """Where a path is across the tree, at a place along it."""
    for (u, v), (to_u, to_v) in pairwise(path):
        if along <= to_v:
            return u + (to_u - u) * (along - v) / (to_v - v) if to_v > v else to_u
    return path[-1][0]
