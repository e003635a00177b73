"""What every layout of a tree promises, as assertions."""

from __future__ import annotations

from fractions import Fraction

from nl2efg.drawing.layout.measures import BAND, NODE
from nl2efg.drawing.layout.picture import Layout
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
    labels = [(label.box, label) for label in drawn.labels]
    assert not colliding(labels)
    for node, (x, y) in drawn.nodes.items():
        assert NODE - SLACK <= x <= drawn.width - NODE + SLACK
        assert NODE - SLACK <= y <= drawn.height - NODE + SLACK
        marker = around(x, y, NODE - 1 if drawn.nodes and not tree.is_terminal(node) else 2)
        assert not [label for box, label in labels if overlap(marker, box)], node
    for left, top, right, bottom in (label.box for label in drawn.labels):
        assert left >= -SLACK
        assert right <= drawn.width + SLACK
        assert top >= -SLACK
        assert bottom <= drawn.height + SLACK
    markers = [(around(x, y, NODE - 1), node) for node, (x, y) in drawn.nodes.items()]
    assert not colliding(markers)
    check_bands(tree, drawn)
    check_order(tree, drawn)


def check_bands(tree: GameTree, drawn: Layout) -> None:
    """Bands are level, keep off foreign nodes and every label, and off each other."""
    axis = 1 if drawn.direction == "down" else 0
    rectangles: list[tuple[Box, object]] = []
    for band in drawn.bands:
        if band.curved:
            continue
        assert len({point[axis] for point in band.points}) == 1
        xs, ys = zip(*band.points, strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        thick = (
            (box[0], box[1] - BAND, box[2], box[3] + BAND)
            if axis
            else (box[0] - BAND, box[1], box[2] + BAND, box[3])
        )
        rectangles.append((thick, band.information_set))
        own = set(tree.members[band.information_set])
        for node, (x, y) in drawn.nodes.items():
            assert node in own or not overlap(thick, around(x, y, 2)), (node, band)
        for label in drawn.labels:
            assert not overlap(thick, label.box), (label, band)
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
        assert abs(place[across] - (order[0] + order[-1]) / 2) < SLACK
