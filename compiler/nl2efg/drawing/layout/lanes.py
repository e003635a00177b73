"""Lanes: how the information sets of one row share it without touching a foreign node."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from nl2efg.drawing.layout.measures import BAND, NODE, Box
from nl2efg.game import GameTree

WAY_STEPS = 50  # edges that curved bands may follow, for each node of the picture
FAN_LEAST, FAN_MOST, FAN_SLOPE = 20.0, 64.0, 0.14
END_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the picture, in coordinates along the tree.

    Args:
        fan: where the edges from the row above begin to spread.
        tine: where they have reached their own line; labels follow.
        start: where the labels of the edges end and the lanes begin.
        end: where the lanes end.
    """

    fan: float
    tine: float
    start: float
    end: float


def pack_lanes(
    tree: GameTree,
    row: Sequence[int],
    aligned: set[int],
    across: dict[int, float],
    boxes: dict[int, Box],
    ends: set[int],
) -> dict[int, int]:
    """The lane of each node of one row: no band passes through a foreign node or its labels.

    Nodes in ``ends`` share one lane, behind every band that would cross one of them.
    """
    spans: dict[int, tuple[float, float, list[int]]] = {}
    for node in row:
        if node in ends:
            continue
        number = tree.set_of[node]
        own = number if number in aligned else -1 - node
        left, right = across[node] - boxes[node].left, across[node] + boxes[node].right
        low, high, members = spans.get(own, (left, right, []))
        members.append(node)
        spans[own] = (min(low, left), max(high, right), members)
    lanes = pack_spans(list(spans.values()))
    places = sorted(across[node] for node in row if node in ends)
    last = 0
    for _, _, members in spans.values():
        after = bisect_left(places, across[members[0]])
        if len(members) > 1 and after < len(places) and places[after] < across[members[-1]]:
            last = max(last, lanes[members[0]] + 1)
    lanes.update((node, last) for node in row if node in ends)
    return lanes


def pack_spans(spans: list[tuple[float, float, list[int]]]) -> dict[int, int]:
    """The lane of each node: intervals that overlap lie in different lanes.

    Greedy colouring of intervals by their left ends, which needs the fewest lanes.

    Args:
        spans: left and right end of each interval, and its nodes.
    """
    lanes: dict[int, int] = {}
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    used = 0
    for left, right, members in sorted(spans, key=lambda span: (span[0], span[2])):
        while busy and busy[0][0] <= left:
            heappush(free, heappop(busy)[1])
        if free:
            lane = heappop(free)
        else:
            lane, used = used, used + 1
        heappush(busy, (right, lane))
        lanes.update((node, lane) for node in members)
    return lanes


def way_between(tree: GameTree, start: int, end: int) -> list[int]:
    """The edges from one node to another.

    An edge is named by its child; one that is walked upwards as ``-1 - child``.
    """
    up, down = [], []
    while start != end:
        if tree.depth[start] >= tree.depth[end]:
            up.append(-1 - start)
            start = tree.parents[start]
        else:
            down.append(end)
            end = tree.parents[end]
    return up + down[::-1]


def stack_rows(
    rows: Sequence[Sequence[int]],
    lanes: dict[int, int],
    boxes: dict[int, Box],
    ends: set[int],
    edges: Sequence[tuple[float, float]],
    top: float,
) -> tuple[list[Row], dict[int, float]]:
    """Rows one behind the other, and the coordinate of each node along the tree.

    Args:
        rows: the nodes of each row.
        lanes, boxes: of each node.
        ends: nodes that nothing follows.
        edges: for each row the widest spread across of an edge that comes into it from the row
            before, and the longest label of one.
        top: where the first row begins.
    """
    found: list[Row] = []
    along: dict[int, float] = {}
    cursor, needed = top, top
    for index, row in enumerate(rows):
        spread, label = edges[index]
        fan = cursor
        tine = fan + (min(FAN_MOST, max(FAN_LEAST, FAN_SLOPE * spread)) if index else 0.0)
        start = max(tine + label + (6.0 if label else 0.0), needed + END_GAP if index else fan)
        tine = start - label - (6.0 if label else 0.0)
        cursor = start
        count = max((lanes[node] for node in row), default=-1) + 1
        before = [0.0] * count
        half = [NODE] * count
        for node in row:
            lane = lanes[node]
            before[lane] = max(before[lane], boxes[node].side)
            if node not in ends:
                half[lane] = BAND
        centres = []
        for lane in range(count):
            centres.append(cursor + before[lane] + half[lane])
            cursor = centres[-1] + half[lane]
        needed = cursor
        for node in row:
            along[node] = centres[lanes[node]]
            needed = max(needed, along[node] + boxes[node].end)
        found.append(Row(fan, tine, start, cursor))
    return found, along
