"""The style ``"lanes"``: edges that end upright, and a lane for each information set of a row.

The picture is made of rows. Between two rows, edges first spread (the fan) and then run straight
to their nodes (the tines), with their labels on the tines; inside a row, nodes stand in lanes.
Bands lie in lanes, so that none can meet an edge's label, and no two that overlap share a lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nl2efg.drawing.labels import LINE, Describer, Excerpt, Line, NodeText, line_width
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point
from nl2efg.drawing.layout.lanes import WAY_STEPS, Row, pack_lanes, stack_rows, way_between
from nl2efg.drawing.layout.measures import BAND, END, GAP, SIDE, Grows, measure
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.drawing.layout.tidy import TidyTree
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE


def lay_out_lanes(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    direction: Grows,
    visible: Sequence[int],
    excerpt: Excerpt | None = None,
) -> Layout:
    """The tree in the style ``"lanes"``, in near-linear time and the same way every time.

    Args:
        tree: the game.
        view: what is written; its direction, depth and collapsed nodes are not asked.
        profile: an equilibrium whose probabilities, beliefs and values are written in.
        direction: which way the tree grows.
        visible: the nodes in the picture, in preorder.
        excerpt: as of :class:`Describer`.
    """
    return _Composer(tree, view, profile, direction, visible, excerpt).compose()


class _Composer:
    """Goes from a tree to its :class:`Layout`, step by step."""

    def __init__(
        self,
        tree: GameTree,
        view: View,
        profile: BehaviourProfile | None,
        direction: Grows,
        visible: Sequence[int],
        excerpt: Excerpt | None,
    ) -> None:
        self.tree, self.direction, self.visible = tree, direction, visible
        self.texts: dict[int, NodeText] = Describer(
            tree, visible, profile, view, upright=direction == "down", excerpt=excerpt
        ).describe()
        self.row_of, self.aligned = assign_rows(tree, visible, view.along)
        shown = set(visible)
        self.children = {
            node: tree.children[node]
            if tree.children[node] and tree.children[node][0] in shown
            else ()
            for node in visible
        }
        self.ends = {node for node in visible if tree.is_terminal(node)}
        self.members: dict[int, list[int]] = {}
        for node in visible:
            if tree.player_of(node) not in (None, CHANCE):
                self.members.setdefault(tree.set_of[node], []).append(node)
        self.ways = self._ways()
        led = {max(step, -1 - step) for ways in self.ways.values() for way in ways for step in way}
        self.boxes = {
            node: measure(self.texts[node], direction, led=node in led) for node in visible
        }
        self.labels: list[Label] = []

    def _ways(self) -> dict[int, list[list[int]]]:
        """For each information set that has no row of its own, the edges from node to node.

        Sets that would need more steps than the tree can bear get no band.
        """
        budget = WAY_STEPS * len(self.visible)
        found: dict[int, list[list[int]]] = {}
        for number, members in self.members.items():
            if number in self.aligned or len(members) < 2:
                continue
            ways = [way_between(self.tree, a, b) for a, b in pairwise(members)]
            budget -= sum(map(len, ways))
            if budget < 0:
                break
            found[number] = ways
        return found

    def compose(self) -> Layout:
        """The finished layout."""
        across = self._across()
        row_nodes: list[list[int]] = [[] for _ in range(max(self.row_of.values()) + 1)]
        for node in self.visible:
            row_nodes[self.row_of[node]].append(node)
        lanes: dict[int, int] = {}
        for nodes in row_nodes:
            lanes.update(pack_lanes(self.tree, nodes, self.aligned, across, self.boxes, self.ends))
        room = self._edge_room(across, len(row_nodes))
        rows, along = stack_rows(row_nodes, lanes, self.boxes, self.ends, room, GAP)
        length = GAP + max(along[node] + max(self.boxes[node].end, BAND) for node in self.visible)
        breadth = GAP / 2 + max(across[node] + self.boxes[node].right for node in self.visible)
        points = {node: self._point(across[node], along[node]) for node in self.visible}
        edges = self._edges(across, along, rows)
        for node in self.visible:
            self._label(node, across[node], along[node], rows)
        size = self._point(breadth, length)
        return Layout(
            direction=self.direction,
            width=size[0],
            height=size[1],
            nodes=points,
            cut=frozenset(
                node for node in self.visible if not self.children[node] and node not in self.ends
            ),
            edges=edges,
            bands=self._bands(across, along, rows, points),
            labels=tuple(self.labels),
        )

    def _point(self, across: float, along: float) -> Point:
        x, y = (across, along) if self.direction == "down" else (along, across)
        return (round(x, 1), round(y, 1))

    def _across(self) -> dict[int, float]:
        number = {node: position for position, node in enumerate(self.visible)}
        boxes = [self.boxes[node] for node in self.visible]
        placed = TidyTree(
            [[number[child] for child in self.children[node]] for node in self.visible],
            [box.left for box in boxes],
            [box.right for box in boxes],
            # What is written behind a last node lies beside the next row.
            [
                self.row_of[node] + (2 if node in self.ends and self.texts[node].end else 1)
                for node in self.visible
            ],
        ).place()
        least = min(x - box.left for x, box in zip(placed, boxes, strict=True))
        return {node: x - least + GAP / 2 for node, x in zip(self.visible, placed, strict=True)}

    def _edge_room(self, across: dict[int, float], count: int) -> list[tuple[float, float]]:
        room = [(0.0, 0.0)] * count
        for node in self.visible:
            for child in self.children[node]:
                row = self.row_of[node] + 1
                spread, label = room[row]
                room[row] = (
                    max(spread, abs(across[child] - across[node])),
                    max(label, self.boxes[child].edge),
                )
        return room

    def _edges(
        self, across: dict[int, float], along: dict[int, float], rows: Sequence[Row]
    ) -> tuple[Edge, ...]:
        found = []
        for node in self.visible:
            for child in self.children[node]:
                row, next_row = rows[self.row_of[node]], rows[self.row_of[node] + 1]
                way = [(across[node], along[node])]
                if row.end - along[node] > BAND + 1:
                    way.append((across[node], row.end))
                way.append((across[child], next_row.tine))
                way.append((across[child], along[child]))
                gap = None
                if self.direction == "down" and self.boxes[child].edge:
                    end = next_row.tine + 3.0 + self.boxes[child].edge
                    gap = (
                        self._point(across[child], next_row.tine + 3.0),
                        self._point(across[child], end),
                    )
                found.append(Edge(node, child, tuple(self._point(*p) for p in way), gap))
        return tuple(found)

    def _bands(
        self,
        across: dict[int, float],
        along: dict[int, float],
        rows: Sequence[Row],
        points: dict[int, Point],
    ) -> tuple[Band, ...]:
        found = []
        for number, members in sorted(self.members.items()):
            if number in self.aligned and len(members) > 1:
                found.append(Band(number, tuple(points[node] for node in members), False))
            for way, start in zip(self.ways.get(number, ()), members, strict=False):
                route = [points[start]]
                for step in way:
                    node = step if step >= 0 else -1 - step
                    lead = self.boxes[node].lead * (-1 if self.direction == "down" else 1)
                    tine = rows[self.row_of[self.tree.parents[node]] + 1].tine
                    passed = rows[self.row_of[node]].end if node not in members else along[node]
                    part = [
                        self._point(across[node] + lead, tine),
                        self._point(across[node] + lead, passed),
                    ]
                    route += part if step >= 0 else part[::-1]
                end = way[-1] if way[-1] >= 0 else self.tree.parents[-1 - way[-1]]
                found.append(Band(number, (*route, points[end]), True))
        return tuple(found)

    def _add(self, node: int, line: Line, x: float, y: float, where: float) -> None:
        """A line whose left end, middle or right end (``where`` 0, 0.5, 1) is at ``x``."""
        extent = line_width(line)
        self.labels.append(
            Label(node, line, round(x - where * extent, 1), round(y, 1), round(extent, 1), where)
        )

    def _label(self, node: int, across: float, along: float, rows: Sequence[Row]) -> None:
        text = self.texts[node]
        if node:
            tine = rows[self.row_of[self.tree.parents[node]] + 1].tine + 3.0
            self._edge_label(node, text.edge, across, tine)
        if self.direction == "down":
            top = along - BAND - LINE * len(text.side)
            for rank, line in enumerate(text.side):
                self._add(node, line, across + SIDE, top + LINE * (rank + 0.5), 0)
            for rank, line in enumerate(text.end):
                self._add(node, line, across, along + END + LINE * (rank + 0.5), 0.5)
            return
        top = across - 3.0 - LINE * len(text.side)
        for rank, line in enumerate(text.side):
            self._add(node, line, along - BAND - 2.0, top + LINE * (rank + 0.5), 1)
        for line in text.end:
            self._add(node, line, along + END, across, 0)

    def _edge_label(self, node: int, lines: Sequence[Line], across: float, tine: float) -> None:
        if self.direction == "down":
            for rank, line in enumerate(lines):
                self._add(node, line, across, tine + 2.0 + LINE * (rank + 0.5), 0.5)
            return
        room = max(map(line_width, lines), default=0.0)
        above = [line for line in lines if line[0].kind == "action"]
        for rank, line in enumerate(above):
            y = across - 2.0 - LINE * (len(above) - rank - 0.5)
            self._add(node, line, tine + room / 2, y, 0.5)
        for line in lines[len(above) :]:
            self._add(node, line, tine + room / 2, across + 2.0 + LINE / 2, 0.5)
