"""Where everything is: coordinates that SVG, HTML and TikZ share.

The picture is made of rows. Between two rows, edges first spread (the fan) and then run straight
to their nodes (the tines), with their labels on the tines; inside a row, nodes stand in lanes.
Bands lie in lanes, so that none can meet an edge's label, and no two that overlap share a lane.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nl2efg.drawing.labels import LINE, Describer, Line, NodeText, Piece, line_width
from nl2efg.drawing.layout.lanes import Row, pack_lanes, stack_rows
from nl2efg.drawing.layout.measures import BAND, END, GAP, SIDE, Direction, measure
from nl2efg.drawing.layout.row_assignment import Along, assign_rows
from nl2efg.drawing.layout.tidy import TidyTree
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE

Point = tuple[float, float]

WAY_STEPS = 50  # edges that curved bands may follow, for each node of the picture


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
    """

    node: int
    pieces: tuple[Piece, ...]
    x: float
    y: float
    width: float
    anchor: float = 0.0
    height: float = LINE

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        half = self.height / 2
        return (self.x, self.y - half, self.x + self.width, self.y + half)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as a line through points; ``gap`` is what its label leaves out of the last part."""

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
    """

    direction: Direction
    width: float
    height: float
    nodes: dict[int, Point]
    cut: frozenset[int]
    edges: tuple[Edge, ...]
    bands: tuple[Band, ...]
    labels: tuple[Label, ...]


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


def lay_out(
    tree: GameTree,
    *,
    profile: BehaviourProfile | None = None,
    direction: Direction = "down",
    depth: int | None = None,
    collapsed: Collection[int] = (),
    along: Along = "depth",
) -> Layout:
    """Lay a tree out, in near-linear time and the same way every time.

    Args:
        tree: the game.
        profile: an equilibrium whose probabilities, beliefs and values are written in.
        direction: ``"down"`` or ``"right"``.
        depth: how many actions deep the picture goes; None for all.
        collapsed: nodes whose subtrees are left out.
        along: ``"depth"``: a row for each action, information sets on one row wherever the tree
            allows it; ``"time"``: as that, and all terminal nodes in the last row.
    """
    return _Composer(
        tree, profile, direction, visible_nodes(tree, depth, collapsed), along
    ).compose()


class _Composer:
    """Goes from a tree to its :class:`Layout`, step by step."""

    def __init__(
        self,
        tree: GameTree,
        profile: BehaviourProfile | None,
        direction: Direction,
        visible: Sequence[int],
        along: Along,
    ) -> None:
        self.tree, self.direction, self.visible = tree, direction, visible
        self.texts: dict[int, NodeText] = Describer(
            tree, visible, profile, upright=direction == "down"
        ).describe()
        self.row_of, self.aligned = assign_rows(tree, visible, along)
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

        An edge is named by its child; one that is walked upwards as ``-1 - child``. Sets that
        would need more steps than the tree can bear get no band.
        """
        budget = WAY_STEPS * len(self.visible)
        found: dict[int, list[list[int]]] = {}
        for number, members in self.members.items():
            if number in self.aligned or len(members) < 2:
                continue
            ways = [self._way(a, b) for a, b in pairwise(members)]
            budget -= sum(map(len, ways))
            if budget < 0:
                break
            found[number] = ways
        return found

    def _way(self, start: int, end: int) -> list[int]:
        up, down = [], []
        while start != end:
            if self.tree.depth[start] >= self.tree.depth[end]:
                up.append(-1 - start)
                start = self.tree.parents[start]
            else:
                down.append(end)
                end = self.tree.parents[end]
        return up + down[::-1]

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
