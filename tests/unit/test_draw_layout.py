"""Properties of the layout, over random trees and trees that are hard to draw."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.drawing.layout.geometry import visible_nodes
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.analysis import is_met_twice
from tests.gallery import bundled
from tests.layout_properties import (
    around,
    check,
    overlap,
    uniform,
)
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

DIRECTIONS = st.sampled_from(["down", "right"])
STYLES = st.sampled_from(["textbook", "lanes"])
ALONG = st.sampled_from(["depth", "time"])


@settings(deadline=None, max_examples=50)
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


@pytest.mark.slow
def test_a_path_of_fifty_thousand_moves() -> None:
    builder = TreeBuilder(["A"])
    node = 0
    for _ in range(50_000):
        node = builder.move(node, builder.information_set(0, ["on"]))[0]
    tree = builder.build()
    assert len(lay_out(tree).nodes) == 50_001
    assert visible_nodes(tree, depth=3) == [0, 1, 2, 3]


def test_edges_of_small_families_are_straight() -> None:
    """Their children are kept apart where texts between the edges need it."""
    builder = TreeBuilder(["Proposer", "Responder"])
    for node in builder.move(0, builder.information_set(0, ["Offer 1", "Offer 5", "Offer 8"])):
        for end in builder.move(node, builder.information_set(1, ["Yes", "No"])):
            builder.pay(end, [5, 5])
    drawn = lay_out(builder.build(), direction="down")
    assert all(len(edge.points) == 2 for edge in drawn.edges)
    check(builder.build(), drawn)
    kneed = {
        name: sum(len(edge.points) > 2 for edge in lay_out(tree).edges) for name, tree in bundled()
    }
    assert {name for name, count in kneed.items() if count} == {"levine_hats"}  # of 16 deals


@pytest.mark.parametrize("name", ["ultimatum", "rock_paper_scissors", "dictator"])
def test_the_middle_child_stands_in_the_middle(name: str) -> None:
    tree = dict(bundled())[name]
    drawn = lay_out(tree, direction="down", kind="tree")
    families = [own for own in tree.children if len(own) == 3]
    assert families
    for own in families:
        left, middle, right = (drawn.nodes[child][0] for child in own)
        assert middle - left == pytest.approx(right - middle, rel=0.25)
