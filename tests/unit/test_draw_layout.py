"""Properties of the layout, over random trees and trees that are hard to draw."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.drawing.layout.geometry import Layout, visible_nodes
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.layout.row_assignment import assign_rows, is_met_twice
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

DIRECTIONS = st.sampled_from(["down", "right"])
STYLES = st.sampled_from(["textbook", "lanes"])
ALONG = st.sampled_from(["depth", "time"])
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
        middle = (order[0] + order[-1]) / 2
        if drawn.shaded:
            assert abs(place[across] - middle) < SLACK
        else:
            nearest = order[len(order) // 2] if len(order) % 2 else middle
            assert min(abs(place[across] - middle), abs(place[across] - nearest)) < 2 * SLACK


@settings(deadline=None, max_examples=60)
@given(game_trees(max_moves=14), STYLES, DIRECTIONS, ALONG, st.booleans())
def test_nothing_overlaps(
    tree: GameTree, style: str, direction: str, along: str, shown: bool
) -> None:
    profile = uniform(tree) if shown else None
    check(tree, lay_out(tree, profile=profile, style=style, direction=direction, along=along))


@settings(deadline=None, max_examples=40)
@given(game_trees(max_moves=12, labels=ANY_LABELS), STYLES, DIRECTIONS, st.booleans())
def test_any_label(tree: GameTree, style: str, direction: str, full: bool) -> None:
    check(tree, lay_out(tree, style=style, direction=direction, full=full, sets=True))


@settings(deadline=None, max_examples=30)
@given(game_trees(max_moves=14), STYLES, DIRECTIONS, st.integers(0, 4))
def test_cut_at_a_depth(tree: GameTree, style: str, direction: str, depth: int) -> None:
    drawn = lay_out(tree, style=style, direction=direction, depth=depth)
    check(tree, drawn)
    assert set(drawn.nodes) == {node for node in range(len(tree)) if tree.depth[node] <= depth}
    told = sum(
        int(label.pieces[0].text.replace(",", ""))
        for label in drawn.labels
        if label.pieces[0].kind == "more"
    )
    assert told == len(tree) - len(drawn.nodes)


@settings(deadline=None, max_examples=40)
@given(game_trees(max_moves=14))
def test_sets_lie_on_one_row_unless_a_path_forbids_it(tree: GameTree) -> None:
    rows, aligned = assign_rows(tree, range(len(tree)))
    for number, members in enumerate(tree.members):
        if number in aligned:
            assert len({rows[node] for node in members}) == 1
            assert not is_met_twice(tree, members)
    assert all(rows[tree.parents[node]] < rows[node] for node in range(1, len(tree)))


@pytest.mark.parametrize("direction", ["down", "right"])
def test_kuhn_poker(direction: str) -> None:
    tree = kuhn(4)
    drawn = lay_out(tree, profile=uniform(tree), direction=direction)
    check(tree, drawn)
    # All information sets but the chance moves' lie level.
    assert len(drawn.bands) == sum(1 for own in tree.information_sets if not own.is_chance)
    assert not any(band.curved for band in drawn.bands)


@pytest.mark.parametrize("direction", ["down", "right"])
def test_absent_mindedness_is_a_curved_band_beside_the_labels(direction: str) -> None:
    tree = absent_minded_driver()
    drawn = lay_out(tree, direction=direction)
    (band,) = drawn.bands
    assert band.curved
    assert (band.points[0], band.points[-1]) == (drawn.nodes[0], drawn.nodes[2])
    for x, y in band.points[1:-1]:
        assert not [label for label in drawn.labels if overlap(around(x, y, 4), label.box)]


def test_sets_in_opposite_orders_cannot_both_be_level() -> None:
    builder = TreeBuilder(["A", "B"])
    first, second = (builder.information_set(player, ["l", "r"]) for player in (0, 1))
    left, right = builder.move(0, builder.chance(["x", "y"], [Fraction(1, 2)] * 2))
    for node, one, other in ((left, first, second), (right, second, first)):
        for child in builder.move(node, one):
            builder.move(child, other)
    tree = builder.build()
    drawn = lay_out(tree)
    check(tree, drawn)
    assert {band.curved for band in drawn.bands} == {True, False}


def test_terminal_nodes_share_the_last_row_over_time() -> None:
    tree = kuhn()
    for style in ("textbook", "lanes"):
        drawn = lay_out(tree, style=style, direction="down", along="time")
        check(tree, drawn)
        assert len({drawn.nodes[leaf][1] for leaf in tree.terminals}) == 1


def test_a_game_without_moves() -> None:
    builder = TreeBuilder(["Nobody"], "Nothing happens")
    builder.pay(0, [7])
    check(builder.build(), lay_out(builder.build()))
    check(TreeBuilder().build(), lay_out(TreeBuilder().build()))


@pytest.mark.parametrize("direction", ["down", "right"])
def test_hard_labels(direction: str) -> None:
    builder = TreeBuilder(["a" * 200, "مرحبا بالعالم", "玩家三"], "題" * 200)
    moves = builder.information_set(
        0, ["long word " * 20, "שלום עולם", "x" * 200, "👩‍👩‍👧 é́"], "s" * 200
    )
    for rank, child in enumerate(builder.move(0, moves)):
        builder.pay(child, [Fraction(10**40 + rank, 3), -(10**39), Fraction(1, 10**40)])
    tree = builder.build()
    check(tree, lay_out(tree, direction=direction, profile=uniform(tree)))


@pytest.mark.parametrize("direction", ["down", "right"])
def test_three_hundred_children(direction: str) -> None:
    builder = TreeBuilder(["A", "B"])
    wide = builder.move(0, builder.information_set(0, [f"offer {n}" for n in range(300)]))
    hidden = builder.information_set(1, ["yes", "no"])
    for child in wide[::3]:
        builder.move(child, hidden)
    tree = builder.build()
    check(tree, lay_out(tree, direction=direction))


def test_a_path_of_fifty_thousand_moves() -> None:
    builder = TreeBuilder(["A"])
    node = 0
    for _ in range(50_000):
        node = builder.move(node, builder.information_set(0, ["on"]))[0]
    tree = builder.build()
    assert len(lay_out(tree).nodes) == 50_001
    assert visible_nodes(tree, depth=3) == [0, 1, 2, 3]
