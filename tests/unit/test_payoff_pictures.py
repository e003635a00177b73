"""Pictures of payoffs: the plane of two players' payoffs, and the chances of the ends."""

from __future__ import annotations

import re
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.drawing import View, draw_payoff_space, draw_svg
from nl2efg.drawing.payoff_space import (
    convex_hull,
    minmax_value,
    pareto_frontier,
    places_of_names,
    ticks,
)
from nl2efg.drawing.picture_files import picture_bytes
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.game.strategic_form import strategic_form
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.layout_properties import colliding
from tests.trees import kuhn

GAMES = dict(bundled())
DOCS = Path(__file__).parents[2] / "compiler/docs"
NUMBER = st.fractions(-5, 5, max_denominator=4)
POINTS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=12)


def table(payoffs: list[list[tuple[int, int]]]) -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    rows = [f"r{n}" for n in range(len(payoffs))]
    columns = builder.information_set(1, [f"c{n}" for n in range(len(payoffs[0]))])
    for node, paid in zip(builder.move(0, builder.information_set(0, rows)), payoffs, strict=True):
        for leaf, pair in zip(builder.move(node, columns), paid, strict=True):
            builder.pay(leaf, list(pair))
    return builder.build()


PENNIES = table([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
SEXES = table([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])


def turn(a: tuple[Fraction, ...], b: tuple[Fraction, ...], c: tuple[Fraction, ...]) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@given(POINTS)
def test_all_points_lie_in_the_hull_and_its_corners_are_points(
    points: list[tuple[Fraction, Fraction]],
) -> None:
    hull = convex_hull(points)
    assert set(hull) <= set(points)
    assert len(set(hull)) == len(hull)
    if len(hull) > 2:
        for a, b in zip(hull, [*hull[1:], hull[0]], strict=True):
            assert all(turn(a, b, point) >= 0 for point in points)
            assert all(turn(a, b, corner) > 0 for corner in hull if corner not in (a, b))
    else:
        assert {min(points), max(points)} == set(hull)


@given(POINTS)
def test_the_frontier_is_what_nothing_in_the_hull_beats(
    points: list[tuple[Fraction, Fraction]],
) -> None:
    hull = convex_hull(points)
    frontier = pareto_frontier(hull)

    def beaten(corner: tuple[Fraction, Fraction]) -> bool:
        """Whether a corner, or a point between two corners, gives somebody more, nobody less."""
        for a in hull:
            for b in hull:
                for step in range(9):
                    mixed = tuple(
                        x + (y - x) * Fraction(step, 8) for x, y in zip(a, b, strict=True)
                    )
                    more = [own >= old for own, old in zip(mixed, corner, strict=True)]
                    if all(more) and mixed != corner:
                        return True
        return False

    assert not any(beaten(corner) for corner in frontier)
    assert frontier == sorted(frontier)
    assert any(x == max(each for each, _ in hull) for x, _ in frontier)
    assert any(y == max(each for _, each in hull) for _, y in frontier)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=3),
        min_size=2,
        max_size=3,
    ).filter(lambda rows: len({len(row) for row in rows}) == 1)
)
def test_minmax_is_the_value_of_the_game_against_the_player(
    payoffs: list[list[tuple[int, int]]],
) -> None:
    """By the minmax theorem: what a player gets where the other's payoff is the opposite."""
    form = strategic_form(table(payoffs))
    against = table([[(own, -own) for own, _ in row] for row in payoffs])
    assert form is not None
    (found, *_) = solve(against, concept="nash", all=False).equilibria
    assert minmax_value(form, 0) == found.profile.values[0]


def test_minmax_needs_mixing() -> None:
    form = strategic_form(PENNIES)
    assert form is not None
    assert (minmax_value(form, 0), minmax_value(form, 1)) == (0, 0)
    form = strategic_form(SEXES)
    assert form is not None
    assert (minmax_value(form, 0), minmax_value(form, 1)) == (Fraction(2, 3), Fraction(2, 3))


@given(NUMBER, st.fractions(Fraction(1, 1000), 10**6))
def test_ticks_are_few_and_within(low: Fraction, span: Fraction) -> None:
    found = ticks(low, low + span)
    assert 1 <= len(found) <= 6
    assert low <= found[0] <= found[-1] <= low + span


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [each.text or "" for each in root.iter() if each.tag.endswith("}text")]


def inside(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    wide, high = map(float, root.attrib["viewBox"].split()[2:])
    for each in root.iter():
        if each.tag.endswith("}text"):
            assert 0 <= float(each.attrib["x"]) <= wide
            assert 0 <= float(each.attrib["y"]) <= high


def test_the_plane_shows_all_equilibria_by_number() -> None:
    profiles = [each.profile for each in solve(SEXES, concept="nash", all=True).equilibria]
    drawn = draw_payoff_space(SEXES, View(), profiles)
    told = words(drawn)
    assert {"E1", "E2", "E3", "minmax values: (2/3, 2/3)", "Ann", "Ben"} <= set(told)
    assert sum(text.startswith("equilibrium ") for text in told) == 3
    inside(drawn)
    assert drawn == draw_payoff_space(SEXES, View(), profiles)
    assert drawn == picture_bytes(SEXES, "svg", shown=profiles, view={"kind": "payoffs"}).decode()


def test_an_equilibrium_alone_has_no_number() -> None:
    profiles = [each.profile for each in solve(SEXES, concept="nash", all=True).equilibria]
    told = words(draw_payoff_space(SEXES, View(), profiles[1:2]))
    assert "E" in told
    assert not {"E1", "E2"} & set(told)
    assert sum(text.startswith("equilibrium: (") for text in told) == 1


def test_the_chances_of_the_ends_add_up() -> None:
    tree = kuhn()
    profile = solve(tree).equilibria[0].profile
    drawn = draw_svg(tree, kind="ends", profile=profile, numbers="fraction")
    chances = [Fraction(text) for text in words(drawn) if re.fullmatch(r"\d+/\d+", text)]
    assert sum(chances) == 1
    never = sum(not profile.reach[node] for node in tree.terminals)
    assert f"{never} ends are never reached" in words(drawn)
    inside(drawn)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.floats(0, 320, allow_nan=False), st.floats(0, 260), st.floats(10, 80)),
        max_size=14,
    )
)
def test_names_of_equilibria_meet_nothing(marks: list[tuple[float, float, float]]) -> None:
    at = [(x, y) for x, y, _ in marks]
    wide = [each for _, _, each in marks]
    room = (0.0, -10.0, 332.0, 260.0)
    places = places_of_names(at, wide, room)
    boxes = [((x - 4, y - 4, x + 4, y + 4), "mark") for x, y in at]
    names = [
        ((place[0], place[1] - 6, place[0] + each, place[1] + 6), "name")
        for place, each in zip(places, wide, strict=True)
        if place is not None
    ]
    for box, _ in names:
        assert room[0] <= box[0]
        assert room[1] <= box[1]
        assert box[2] <= room[2]
        assert box[3] <= room[3]
    met = colliding([*boxes, *names])
    assert all(pair == ("mark", "mark") for pair in met)
    if len(marks) == 1 and 40 < at[0][1] < 220:
        assert places[0] is not None


def test_a_frontier_of_one_point_is_shown() -> None:
    drawn = draw_svg(GAMES["stag_hunt"], kind="payoffs")
    assert "Pareto frontier: (5, 5)" in drawn
    assert drawn.count('<circle class="e r"') == 2  # in the plane and in the legend
    assert ">Pareto frontier<" in draw_svg(GAMES["battle_of_the_sexes"], kind="payoffs")


def test_axes_are_marked_in_decimals_unless_fractions_are_asked_for() -> None:
    assert ">0.5<" in draw_svg(GAMES["trust_game"], kind="payoffs")
    assert ">1/2<" in draw_svg(GAMES["trust_game"], kind="payoffs", numbers="fraction")


def test_what_cannot_be_drawn_says_so() -> None:
    alone = TreeBuilder(["Ann"])
    for leaf in alone.move(0, alone.information_set(0, ["a", "b"])):
        alone.pay(leaf, [1])
    tree = alone.build()
    with pytest.raises(UserError, match="two players"):
        draw_svg(tree, kind="payoffs")
    with pytest.raises(UserError, match="none is given"):
        draw_svg(tree, kind="ends")
    with pytest.raises(UserError, match="LaTeX"):
        picture_bytes(tree, "tex", view={"kind": "ends"})


def test_ends_of_several_equilibria_are_bars_to_one_scale() -> None:
    builder = TreeBuilder(["Ann"])
    for leaf in builder.move(0, builder.information_set(0, ["a", "b", "c", "d"])):
        builder.pay(leaf, [1])
    tree = builder.build()
    sure, even = (Fraction(1), Fraction(0), Fraction(0), Fraction(0)), (Fraction(1, 4),) * 4
    profiles = [BehaviourProfile(tree, (row,)) for row in (even, sure)]
    svg = picture_bytes(tree, "svg", shown=profiles, view={"kind": "ends"}).decode()
    widths = [float(each) for each in re.findall(r'<rect class="c".*?width="([\d.]+)"', svg)]
    assert widths == [45.0, 45.0, 45.0, 45.0, 180.0]
    assert svg.count(">Equilibrium ") == 2


def test_the_page_of_pictures_tells_every_control() -> None:
    page = (DOCS / "pictures.md").read_text(encoding="utf-8")
    for field in fields(View):
        if field.init:
            assert f"`{field.name}`" in page, field.name
