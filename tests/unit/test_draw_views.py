"""Views: every control, layouts by kind, and how large the type is on a journal's column."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import fields
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.cli import view_options
from nl2efg.drawing import View, draw_svg, draw_tikz, lay_out
from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.layout.line import spine_of
from nl2efg.drawing.layout.signalling import is_signalling
from nl2efg.drawing.parts import all_cuts, divided_sets, subtree
from nl2efg.drawing.view import ViewOptions, length
from nl2efg.errors import UserError
from nl2efg.formats import read_efg
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.game.knowledge_words import infoset_numbers
from nl2efg.game.parts import ProfileBelow, part_below
from nl2efg.pipeline import example
from nl2efg.solving import solve
from tests.gallery import COLUMN, VIEWS, bundled, catalogue, fits, type_size
from tests.layout_properties import (
    SLACK,
    around,
    check,
    check_bands,
    check_edges,
    colliding,
    overlap,
    uniform,
)
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

NAMESPACE = "{http://www.w3.org/2000/svg}"


def special(tree: GameTree, drawn: Layout) -> None:
    """What every picture promises, whatever its shape."""
    assert set(drawn.nodes) == set(range(len(tree)))
    labels = [(label.box, label) for label in drawn.labels]
    assert not colliding(labels)
    for node, (x, y) in drawn.nodes.items():
        marker = around(x, y, 3.0 if not tree.is_terminal(node) else 1.5)
        assert not [label for box, label in labels if overlap(marker, box)], node
        assert 0 <= x <= drawn.width
        assert 0 <= y <= drawn.height
    for box, _ in labels:
        assert box[0] >= -SLACK
        assert box[1] >= -SLACK
        assert box[2] <= drawn.width + SLACK
        assert box[3] <= drawn.height + SLACK
    check_bands(tree, drawn)
    check_edges(drawn)


def signalling(words: list[str], probability: Fraction, answers: int, ending: bool) -> GameTree:
    """A signalling game; if ``ending``, the second message ends it."""
    builder = TreeBuilder([words[0], words[1]])
    types = builder.move(0, builder.chance(words[2:4], [probability, 1 - probability]))
    replies = [words[6 + n] for n in range(answers)]
    first = builder.information_set(1, replies)
    second = builder.information_set(1, replies)
    for kind in types:
        left, right = builder.move(kind, builder.information_set(0, words[4:6]))
        for leaf in builder.move(left, first):
            builder.pay(leaf, [-10, 5])
        if ending:
            builder.pay(right, [1, Fraction(1, 3)])
            continue
        for leaf in builder.move(right, second):
            builder.pay(leaf, [3, -100])
    return builder.build()


def centipede(words: list[str], moves: int) -> GameTree:
    """A centipede of so many moves."""
    builder = TreeBuilder(words[:2])
    node = 0
    for number in range(moves):
        down, node = builder.move(node, builder.information_set(number % 2, words[2:4]))
        builder.pay(down, [number, -number])
    builder.pay(node, [moves, 10 * moves])
    return builder.build()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(ANY_LABELS, min_size=10, max_size=10, unique=True),
    st.fractions(0, 1, max_denominator=9),
    st.integers(2, 4),
    st.booleans(),
    st.booleans(),
)
def test_signalling_games(
    words: list[str], chance: Fraction, answers: int, ending: bool, shown: bool
) -> None:
    tree = signalling(words, chance, answers, ending)
    assert is_signalling(tree)
    drawn = lay_out(tree, profile=uniform(tree) if shown else None)
    special(tree, drawn)
    chance_x = drawn.nodes[0][0]
    assert {drawn.nodes[kind][0] for kind in tree.children[0]} == {chance_x}
    for band in drawn.bands:
        assert len({x for x, _ in band.points}) == 1  # vertical


@settings(deadline=None, max_examples=40)
@given(st.lists(ANY_LABELS, min_size=4, max_size=4, unique=True), st.integers(3, 9), st.booleans())
def test_lines(words: list[str], moves: int, shown: bool) -> None:
    tree = centipede(words, moves)
    drawn = lay_out(tree, kind="line", profile=uniform(tree) if shown else None)
    special(tree, drawn)
    assert len({drawn.nodes[node][1] for node in spine_of(tree)}) == 1


def test_every_set_of_a_signalling_game_has_its_player() -> None:
    tree = dict(bundled())["beer_quiche"]
    drawn = lay_out(tree, kind="signalling")
    told = [label.node for label in drawn.labels if label.pieces[0].kind == "name"]
    assert {tree.set_of[node] for node in told} == set(range(len(tree.information_sets)))


def test_what_is_no_signalling_game_and_no_line() -> None:
    for tree in (kuhn(), absent_minded_driver()):
        assert not is_signalling(tree)
        assert not spine_of(tree)
        for kind in ("signalling", "line"):
            with pytest.raises(UserError):
                lay_out(tree, kind=kind)  # type: ignore[arg-type]


OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "style": st.sampled_from(["textbook", "lanes"]),
    "kind": st.sampled_from(["auto", "tree"]),
    "direction": st.sampled_from(["auto", "down", "right"]),
    "along": st.sampled_from(["depth", "time"]),
    "depth": st.none() | st.integers(0, 4),
    "parts": st.none() | st.integers(2, 6),
    "width": st.none() | st.sampled_from(["85mm", "640px", 300]),
    "height": st.none() | st.sampled_from(["60mm", "480px"]),
    "size": st.floats(4, 30),
    "font": st.sampled_from(["", "Verdana", "Times New Roman"]),
    "theme": st.sampled_from(["light", "dark", "auto", "print"]),
    "caption": st.sampled_from(["", "A line below, <b>&amp;"]),
    "numbers": st.sampled_from(["auto", "fraction", "decimal"]),
    "digits": st.none() | st.integers(0, 4),
    **{
        name: st.booleans()
        for name in ("title", "legend", "probabilities", "sets", "values", "tilt", "full")
    },
}


def test_a_field_is_an_option_everywhere() -> None:
    known = {field.name for field in fields(View) if field.init}
    assert set(ViewOptions.__annotations__) == known
    assert set(view_options.OPTIONS) == known - {"collapsed"}
    assert set(OPTIONS) <= known
    for name in known:
        assert re.search(rf"^    +(\w+, )*{name}(, \w+)*: ", View.__doc__ or "", re.M), name


VIEWED = st.fixed_dictionaries({}, optional=OPTIONS)


@settings(deadline=None, max_examples=80)
@given(game_trees(max_moves=9, labels=ANY_LABELS), VIEWED, st.booleans())
def test_every_control(tree: GameTree, options: dict[str, Any], shown: bool) -> None:
    view = View(**options)
    profile = uniform(tree) if shown else None
    svg = draw_svg(tree, view, profile=profile)
    ElementTree.fromstring(svg)
    assert svg == draw_svg(tree, view, profile=profile)
    if view.max_width is not None:
        wide = re.search(r'width="([\d.]+)"', svg)
        assert wide is not None
        assert float(wide[1]) <= view.max_width + 0.1
    if view.max_height is not None:
        high = re.search(r'height="([\d.]+)"', svg)
        assert high
        assert float(high[1]) <= view.max_height + 0.1
    drawn = lay_out(tree, view, profile=profile)
    if not is_signalling(tree) and not spine_of(tree):
        check(tree, drawn)


@pytest.mark.parametrize("name", list(VIEWS))
def test_every_view_of_every_bundled_game(name: str) -> None:
    for game, tree in bundled():
        if not fits(name, tree) or name in ("matrix", "parts"):
            continue
        drawn = lay_out(tree, VIEWS[name])
        shaped = VIEWS[name].kind == "auto" and (is_signalling(tree) or spine_of(tree))
        if shaped and VIEWS[name].style == "textbook":
            special(tree, drawn)
        else:
            check(tree, drawn)
        assert game


def test_the_textbook_style_of_the_catalogue() -> None:
    for _, tree in catalogue():
        for direction in ("down", "right"):
            view = View(kind="tree", direction=direction)  # type: ignore[arg-type]
            check(tree, lay_out(tree, view))
            check(tree, lay_out(tree, view, profile=uniform(tree)))


def test_type_of_six_points_on_a_column() -> None:
    """Of the 73 bundled games nine in ten, and Kuhn poker; the smallest is no less than 4.5."""
    sizes = {name: type_size(draw_svg(tree, width=COLUMN)) for name, tree in bundled()}
    assert len(sizes) == 73
    assert sum(points >= 6 for points in sizes.values()) >= 66
    assert sizes["kuhn_poker"] >= 6
    assert min(sizes.values()) >= 4.5


@pytest.mark.parametrize("width", [300.0, 500.0, 1000.0])
@pytest.mark.parametrize("height", [200.0, 450.0])
def test_a_picture_is_neither_wider_nor_higher_than_asked(width: float, height: float) -> None:
    """And grows whichever way has the larger type: measured on both."""
    for name in ("kuhn_poker", "beer_quiche", "voting_agenda", "five_players", "trust_game"):
        tree = dict(bundled())[name]
        sizes = {}
        for direction in ("auto", "down", "right"):
            view = View(width=width, height=height, direction=direction, kind="tree")  # type: ignore[arg-type]
            svg = draw_svg(tree, view)
            drawn = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
            assert drawn
            assert float(drawn[1]) <= width + 0.1
            assert float(drawn[2]) <= height + 0.1
            sizes[direction] = type_size(svg)
        assert sizes["auto"] >= 0.97 * max(sizes.values())
        assert set(sizes.values()) == {sizes["down"], sizes["right"]}


def test_pure_choices_have_no_probabilities() -> None:
    tree = kuhn()
    rows = tuple(own.probabilities or (Fraction(1), Fraction(0)) for own in tree.information_sets)
    drawn = lay_out(tree, profile=BehaviourProfile(tree, rows))
    told = {p.text for label in drawn.labels for p in label.pieces if p.kind == "probability"}
    assert told == {"1/3", "1/2"}


def test_players_of_one_depth_stand_on_one_row() -> None:
    """Three responders that nothing forces apart, as in the ultimatum game."""
    builder = TreeBuilder(["A", "B"])
    for child in builder.move(0, builder.information_set(0, ["low", "even", "high"])):
        for leaf in builder.move(child, builder.information_set(1, ["yes", "no"])):
            builder.pay(leaf, [1, 2])
    tree = builder.build()
    drawn = lay_out(tree, direction="down")
    assert len({drawn.nodes[node][1] for node in tree.children[0]}) == 1
    assert all(len(edge.points) == 2 for edge in drawn.edges)


def test_names_in_full_are_wrapped_not_cut() -> None:
    long = "a player whose name is told in many words, one after the other"
    builder = TreeBuilder([long])
    for leaf in builder.move(0, builder.information_set(0, ["w" * 80, "left"])):
        builder.pay(leaf, [1])
    tree = builder.build()
    drawn = lay_out(tree, full=True)
    check(tree, drawn)
    texts = [piece.text for label in drawn.labels for piece in label.pieces]
    assert not [text for text in texts if "…" in text]
    assert "".join(text for text in texts if set(text) == {"w"}) == "w" * 80
    assert [
        piece.text for label in lay_out(tree).labels for piece in label.pieces if "…" in piece.text
    ]


def ends_of(tree: GameTree, root: int, roots: set[int]) -> int:
    """Ends and cuts of a part, counted from its root downwards."""
    if tree.is_terminal(root):
        return 1
    return sum(
        1 if child in roots else ends_of(tree, child, roots) for child in tree.children[root]
    )


@settings(deadline=None, max_examples=40)
@given(game_trees(max_moves=12), st.integers(2, 6))
def test_parts_hold_every_node_once(tree: GameTree, most: int) -> None:
    seen = []
    cuts = all_cuts(tree, most)
    widest = max((len(own) for own in tree.children), default=0)
    for root, stops in cuts.items():
        assert ends_of(tree, root, set(cuts)) <= max(most, widest)
        below = {n for stop in stops for n in range(stop, tree.subtree_end[stop])}
        seen += [n for n in range(root, tree.subtree_end[root]) if n not in below]
        part, rows = subtree(tree, root, ())
        assert len(part) == tree.subtree_end[root] - root
        actions = [own.actions for own in part.information_sets]
        assert actions == [tree.information_sets[row].actions for row in rows]
    assert sorted(seen) == list(range(len(tree)))
    ElementTree.fromstring(draw_svg(tree, parts=most))


@settings(deadline=None, max_examples=60)
@given(game_trees(max_moves=9), st.integers(2, 7))
def test_no_parts_are_fewer(tree: GameTree, most: int) -> None:
    """An oracle: all ways to cut a small tree."""
    inner = [node for node in range(1, len(tree)) if not tree.is_terminal(node)]
    if any(len(own) > most for own in tree.children):
        return
    cuts = all_cuts(tree, most)
    for fewer in range(len(cuts) - 1):
        for roots in combinations(inner, fewer):
            parts = {0, *roots}
            assert any(ends_of(tree, root, parts) > most for root in parts)


@pytest.mark.parametrize(("most", "parts"), [(5, 7), (10, 6), (20, 4), (26, 2), (30, 1)])
def test_a_larger_number_gives_fewer_parts(most: int, parts: int) -> None:
    assert len(all_cuts(dict(bundled())["kuhn_poker"], most)) == parts


def test_numbers_are_written_alike_in_every_part() -> None:
    """0.4 in one part, where all can be decimals, and 2/5 in another was one number twice."""
    builder = TreeBuilder(["A"])
    early = builder.chance(["a", "b"], ["2/5", "3/5"])
    late = builder.chance(["c", "d"], ["1/100", "99/100"])
    first, second = builder.move(0, early)
    for leaf in builder.move(first, builder.information_set(0, ["x", "y"])):
        builder.pay(leaf, ["1/100"])
    for leaf in builder.move(second, late):
        builder.pay(leaf, [1])
    tree = builder.build()
    whole = set(re.findall(r">(0\.\d+)<", draw_svg(tree)))
    cut = draw_svg(tree, parts=2)
    assert whole == set(re.findall(r">(0\.\d+)<", cut)) == {"0.4", "0.6", "0.01", "0.99"}
    assert "/5</text>" not in cut


@pytest.mark.parametrize("tex", ["standalone", "istgame"])
def test_parts_are_pictures_in_tex(tex: Any) -> None:
    tree = dict(bundled())["kuhn_poker"]
    source = draw_tikz(tree, parts=10, tex=tex, profile=uniform(tree))
    assert source.count(r"\begin{" + ("istgame" if tex == "istgame" else "tikzpicture")) == 6
    assert "% part B: after JK" in source
    assert source.count("player2/.style") == 1


@settings(deadline=None, max_examples=40)
@given(game_trees(max_moves=12), st.integers(2, 6))
def test_parts_tell_reach_values_and_beliefs_of_the_whole(tree: GameTree, most: int) -> None:
    rows = [  # play goes the first way; chance as the game says
        own.probabilities or (Fraction(1), *[Fraction(0)] * (len(own.actions) - 1))
        for own in tree.information_sets
    ]
    whole = BehaviourProfile(tree, tuple(rows))
    for root in all_cuts(tree, most):
        part, sets = part_below(tree, root)
        own = ProfileBelow.of(whole, part, root, sets)
        for node in range(len(part)):
            assert own.reach[node] == whole.reach[root + node]
            assert own.node_values[node] == whole.node_values[root + node]
        for index, row in enumerate(sets):
            assert own.value_at(index) == whole.value_at(row)
            told, beliefs = whole.beliefs(row), own.beliefs(index)
            assert (told is None) == (beliefs is None)
            inside = [root + node for node in part.members[index]]
            assert (
                not beliefs
                or not told
                or list(beliefs) == [told[tree.members[row].index(node)] for node in inside]
            )
    ElementTree.fromstring(draw_svg(tree, parts=most, profile=whole))


def test_a_set_that_parts_divide_has_its_number_in_each_of_them() -> None:
    tree = kuhn()
    drawn = draw_svg(tree, parts=10, profile=uniform(tree))
    assert "E expected payoff" in drawn
    cuts = all_cuts(tree, 10)
    divided = divided_sets(tree, cuts)
    assert divided
    numbers = {f"set {infoset_numbers(tree)[index]}" for index in divided}
    panels = drawn.split('<g stroke-width="1.1"')[1:]
    assert len(panels) == len(cuts)
    for (root, stops), panel in zip(cuts.items(), panels, strict=True):
        hidden = {n for stop in stops for n in range(stop + 1, tree.subtree_end[stop])}
        shown = {tree.set_of[n] for n in range(root, tree.subtree_end[root]) if n not in hidden}
        wanted = {f"set {infoset_numbers(tree)[index]}" for index in shown & divided}
        assert set(re.findall(r"set \d+", panel)) == wanted
        assert wanted <= numbers


def test_a_matrix_underlines_best_responses_and_frames_equilibria() -> None:
    builder = TreeBuilder(["Row", "Column"])
    columns = builder.information_set(1, ["l", "r"])
    payoffs = iter([(3, 3), (0, 4), (4, 0), (1, 1)])
    for child in builder.move(0, builder.information_set(0, ["t", "b"])):
        for leaf in builder.move(child, columns):
            builder.pay(leaf, next(payoffs))
    root = ElementTree.fromstring(draw_svg(builder.build(), kind="matrix"))
    lines = [e for e in root.iter(f"{NAMESPACE}path") if e.get("class", "").startswith("e s")]
    assert len(lines) == 4  # 4 twice, and both of 1, 1
    assert len([e for e in root.iter(f"{NAMESPACE}rect") if "r" in e.get("class", "").split()]) == 1
    with pytest.raises(UserError, match="matrix"):
        draw_svg(TreeBuilder("abcd").build(), kind="matrix")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"style": "baroque"}, "style"),
        ({"size": 0.1}, "size"),
        ({"width": "wide"}, "width"),
        ({"width": "1mm"}, "width"),
        ({"digits": 99}, "digits"),
        ({"font": "x;}</style>"}, "font"),
        ({"parts": 1}, "parts"),
        ({"depth": -1}, "depth"),
    ],
)
def test_a_wrong_value_is_named(options: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=f"^{word}: ") as caught:
        View(**options)
    assert isinstance(caught.value, UserError)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("3mm", "width: 3mm is not between 10.6mm and 10583.3mm"),
        ("1 in", None),
        (12.5, "width: 12.5 is not between 40 and 40000"),
    ],
)
def test_the_range_of_widths_is_told_in_the_unit_that_was_given(
    given: float | str, told: str | None
) -> None:
    if told is None:
        assert View(width=given).max_width == 96
        return
    with pytest.raises(ValueError, match="width") as caught:
        View(width=given)
    assert str(caught.value) == told


def test_lengths() -> None:
    assert length("1in") == length("25.4mm") == length("72pt") == length(96)
    assert length("8.5 cm") == pytest.approx(321.26, abs=0.01)


def test_a_dark_desktop_changes_nothing_unless_asked() -> None:
    assert "prefers-color-scheme" not in draw_svg(kuhn())
    assert "prefers-color-scheme" in draw_svg(kuhn(), theme="auto")
    printed = draw_svg(kuhn(), theme="print")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", printed)) <= {"#000", "#fff"}


def test_beliefs_that_support_what_is_not_reached_stand_beside_the_nodes() -> None:
    tree = read_efg(example("beer_quiche").reference)
    profile = solve(tree).equilibria[0].profile
    drawn = draw_svg(tree, profile=profile)
    assert "[≤ 0.5]" in drawn
    assert "[≥ 0.5]" in drawn
    assert "[≤" not in draw_svg(tree, View(values=False), profile=profile)


def test_a_set_at_which_no_belief_supports_the_play_says_so() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    enter = builder.information_set(0, ["out", "left", "right"])
    answer = builder.information_set(1, ["good", "bad"])
    out, *into = builder.move(0, enter)
    builder.pay(out, [3, 0])
    for node in into:
        for leaf, paid in zip(builder.move(node, answer), ([4, 1], [0, 0]), strict=True):
            builder.pay(leaf, paid)
    tree = builder.build()
    rows = (1, 0, 0), (0, 1)
    threat = BehaviourProfile(tree, tuple(tuple(map(Fraction, row)) for row in rows))
    assert draw_svg(tree, profile=threat).count("[no belief]") == 2
