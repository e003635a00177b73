"""What every layout of a tree promises, as assertions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import cos, hypot, radians, sin

from nl2efg.drawing.layout.geometry import Label, Layout, Point
from nl2efg.game import BehaviourProfile, GameTree

Box = tuple[float, float, float, float]
SLACK = 0.25  # coordinates are rounded to a tenth


def uniform(tree: GameTree) -> BehaviourProfile:
    """Every action as likely as the next."""
    rows = tuple(
        own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
        for own in tree.information_sets
    )
    return BehaviourProfile(tree, rows)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a border."""
    return (
        one[0] + SLACK < other[2]
        and other[0] + SLACK < one[2]
        and one[1] + SLACK < other[3]
        and other[1] + SLACK < one[3]
    )


def around(x: float, y: float, radius: float) -> Box:
    """The square around a point."""
    return (x - radius, y - radius, x + radius, y + radius)


def colliding(boxes: list[tuple[Box, object]]) -> list[tuple[object, object]]:
    """Pairs of named boxes that overlap, by a sweep from left to right."""
    found, open_boxes = [], []
    for box, name in sorted(boxes, key=lambda item: item[0]):
        open_boxes = [item for item in open_boxes if item[0][2] > box[0]]
        found += [(name, other) for rival, other in open_boxes if overlap(box, rival)]
        open_boxes.append((box, name))
    return found


def check(tree: GameTree, drawn: Layout) -> None:
    """Everything the layout promises."""
    labels = [(label.box, label) for label in drawn.labels if not label.angle]
    assert not colliding(labels)
    for node, (x, y) in drawn.nodes.items():
        inside = drawn.radius if not tree.is_terminal(node) else 2
        assert inside - SLACK <= x <= drawn.width - inside + SLACK
        assert inside - SLACK <= y <= drawn.height - inside + SLACK
        marker = around(x, y, drawn.radius - 1 if not tree.is_terminal(node) else 1.5)
        assert not [label for box, label in labels if overlap(marker, box)], node
    for left, top, right, bottom in (label.box for label in drawn.labels):
        assert left >= -SLACK
        assert right <= drawn.width + SLACK
        assert top >= -SLACK
        assert bottom <= drawn.height + SLACK
    size = drawn.radius - 1
    markers = [(around(x, y, size), node) for node, (x, y) in drawn.nodes.items()]
    assert not colliding(markers)
    check_bands(tree, drawn)
    check_order(tree, drawn)
    if not drawn.shaded:
        check_edges(drawn)
    check_tilted(drawn)


def check_edges(drawn: Layout) -> None:
    """No edge runs through a label or through the marker of a node that is not its own."""
    obstacles: list[tuple[Box, int, bool]] = [
        (label.box, label.node, True) for label in drawn.labels if not label.angle
    ]
    obstacles += [(around(x, y, 1.5), node, False) for node, (x, y) in drawn.nodes.items()]
    for edge in drawn.edges:
        for start, end in pairwise(edge.points):
            low, high = min(start[0], end[0]), max(start[0], end[0])
            for box, node, is_label in obstacles:
                if box[2] < low or box[0] > high:
                    continue
                if not is_label and node in (edge.parent, edge.child):
                    continue
                assert not runs_through(start, end, box), (edge, box, node)


def check_tilted(drawn: Layout) -> None:
    """No label that follows its edge meets another label, an edge, a node or a set."""
    shapes: list[tuple[list[Point], object]] = []
    shapes += [(corners(label), label) for label in drawn.labels]
    for edge in drawn.edges:
        shapes += [([a, b], edge) for a, b in pairwise(edge.points)]
    for band in drawn.bands:
        if not band.curved:
            shapes.append(([band.points[0], band.points[-1]], band))
    for label in drawn.labels:
        if label.angle:
            own = corners(label)
            met = [other for shape, other in shapes if other is not label and meet(own, shape)]
            assert not met, (label, met)


def corners(label: Label) -> list[Point]:
    """The corners of a label's box, turned as it is."""
    left, top, right, bottom = label.box
    x, y, turn = (left + right) / 2, (top + bottom) / 2, radians(label.angle)
    return [
        (x + dx * cos(turn) - dy * sin(turn), y + dx * sin(turn) + dy * cos(turn))
        for dx, dy in (
            (left - x, top - y),
            (right - x, top - y),
            (right - x, bottom - y),
            (left - x, bottom - y),
        )
    ]


def meet(one: list[Point], other: list[Point]) -> bool:
    """Whether two convex shapes overlap: no line parts them (the separating axis theorem)."""
    for shape in (one, other):
        for (x, y), (to_x, to_y) in zip(shape, [*shape[1:], shape[0]], strict=True):
            long = hypot(to_x - x, to_y - y)
            if not long:
                continue
            axis = ((y - to_y) / long, (to_x - x) / long)
            spans = [[px * axis[0] + py * axis[1] for px, py in each] for each in (one, other)]
            if max(spans[0]) <= min(spans[1]) + SLACK or max(spans[1]) <= min(spans[0]) + SLACK:
                return False
    return True


def runs_through(start: tuple[float, float], end: tuple[float, float], box: Box) -> bool:
    """Whether a segment shares more than a border with a box (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        way = end[axis] - start[axis]
        low, high = box[axis] + SLACK, box[axis + 2] - SLACK
        if low >= high:
            return False
        if not way:
            if not low < start[axis] < high:
                return False
            continue
        a, b = (low - start[axis]) / way, (high - start[axis]) / way
        first, last = max(first, min(a, b)), min(last, max(a, b))
    return first < last


def check_bands(tree: GameTree, drawn: Layout) -> None:
    """Bands are level, keep off foreign nodes and every label, and off each other."""
    axis = 1 if drawn.direction == "down" else 0
    half = drawn.shaded or 1.0
    rectangles: list[tuple[Box, object]] = []
    for band in drawn.bands:
        if band.curved:
            continue
        assert len({point[axis] for point in band.points}) == 1
        xs, ys = zip(*band.points, strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        thick = (
            (box[0], box[1] - half, box[2], box[3] + half)
            if axis
            else (box[0] - half, box[1], box[2] + half, box[3])
        )
        rectangles.append((thick, band.information_set))
        own = set(tree.members[band.information_set])
        for node, (x, y) in drawn.nodes.items():
            assert node in own or not overlap(thick, around(x, y, 2)), (node, band)
        for label in drawn.labels:
            assert label.angle or not overlap(thick, label.box), (label, band)
    assert not colliding(rectangles)


def check_order(tree: GameTree, drawn: Layout) -> None:
    """Children lie behind their parents and in order; parents over the middle of their children."""
    across, along = (0, 1) if drawn.direction == "down" else (1, 0)
    shown = drawn.nodes
    for node, place in shown.items():
        places = [shown[child] for child in tree.children[node] if child in shown]
        if not places:
            continue
        assert all(place[along] < child[along] for child in places)
        order = [child[across] for child in places]
        assert order == sorted(order)
        middle = (order[0] + order[-1]) / 2
        if drawn.shaded:
            assert abs(place[across] - middle) < SLACK
        else:
            nearest = order[len(order) // 2] if len(order) % 2 else middle
            assert min(abs(place[across] - middle), abs(place[across] - nearest)) < 2 * SLACK
