"""SVG: well-formed, deterministic, complete; and the games of pygambit's catalogue."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.drawing import View, draw_svg, lay_out
from nl2efg.drawing.numbers import number
from nl2efg.drawing.palette import DARK, LIGHT, PAGE, shape_index
from nl2efg.drawing.text_metrics import shorten, width, wrap
from nl2efg.formats import load_efg
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.resources import shipped
from nl2efg.text import one_line
from tests.layout_properties import check, uniform
from tests.trees import ANY_LABELS, game_trees, kuhn

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</style><script>x()</script>",
    "]]>",
    "&amp;",
    '" onload="x()',
    "\x00\x08\ud800",
    "<!--",
]


def catalogue() -> list[Path]:
    """The .efg files that pygambit brings along."""
    import importlib.util

    found = importlib.util.find_spec("pygambit")
    assert found is not None
    assert found.origin is not None
    return sorted((Path(found.origin).parent / "catalog_data").rglob("*.efg"))


def texts(svg: str) -> list[str]:
    """All texts of a picture."""
    root = ElementTree.fromstring(svg)
    return ["".join(element.itertext()) for element in root.iter(f"{NAMESPACE}text")]


@settings(deadline=None, max_examples=40)
@given(game_trees(labels=ANY_LABELS), st.booleans(), st.sampled_from(["down", "right"]))
def test_well_formed_and_the_same_every_time(tree: GameTree, shown: bool, direction: str) -> None:
    profile = uniform(tree) if shown else None
    drawn = draw_svg(tree, profile=profile, direction=direction)
    ElementTree.fromstring(drawn)
    assert drawn == draw_svg(tree, profile=profile, direction=direction)


@pytest.mark.parametrize("path", catalogue(), ids=lambda path: path.stem)
def test_every_catalogue_game(path: Path) -> None:
    tree = load_efg(path)
    for direction in ("down", "right"):
        check(tree, lay_out(tree, direction=direction))
        check(tree, lay_out(tree, direction=direction, profile=uniform(tree)))
    ElementTree.fromstring(draw_svg(tree))


def test_every_bundled_game() -> None:
    games = sorted(shipped("fixtures").rglob("*.efg"))
    assert games
    for path in games:
        tree = load_efg(path)
        for direction in ("down", "right"):
            check(tree, lay_out(tree, direction=direction))


def test_names_payoffs_and_chances_are_written() -> None:
    found = texts(draw_svg(kuhn(), sets=True))
    assert found.count("1/3") == 3
    assert found.count("−2") == 12
    assert {"Check", "Bet", "Fold", "Call", "Alice 0-open"} <= set(found)


def test_an_equilibrium_is_told_by_numbers_thickness_and_paleness() -> None:
    tree = kuhn()
    rows = tuple(own.probabilities or (Fraction(1), Fraction(0)) for own in tree.information_sets)
    svg = draw_svg(tree, profile=BehaviourProfile(tree, rows))
    root = ElementTree.fromstring(svg)
    edges = [e for e in root.iter(f"{NAMESPACE}path") if e.get("class", "").startswith("e")]
    assert len(edges) == len(tree) - 1
    pale = [edge for edge in edges if edge.get("class", "").endswith(" o")]
    reach = BehaviourProfile(tree, rows).reach
    assert len(pale) == sum(1 for chance in reach if not chance)
    assert {edge.get("stroke-width") for edge in edges} == {"1.1", "1.8", "2.2", "3.2"}
    assert "[1/2]" in texts(svg)
    assert "Alice  E 0" in texts(svg)


def test_hostile_labels_are_texts() -> None:
    builder = TreeBuilder(HOSTILE[:2], HOSTILE[0])
    moves = builder.information_set(0, HOSTILE, HOSTILE[0])
    for child in builder.move(0, moves):
        builder.set_label(child, HOSTILE[3])
        builder.pay(child, [1, 2])
    svg = draw_svg(builder.build())
    root = ElementTree.fromstring(svg)
    assert not list(root.iter(f"{NAMESPACE}script"))
    assert not [name for element in root.iter() for name in element.attrib if name[:2] == "on"]
    assert len(list(root.iter(f"{NAMESPACE}style"))) == 1


def test_it_says_what_it_is_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(draw_svg(kuhn(), depth=1))
    assert root.get("role") == "img"
    assert root.findtext(f"{NAMESPACE}title") == "Kuhn poker with 3 cards"
    told = root.findtext(f"{NAMESPACE}desc") or ""
    assert "58 nodes" in told
    assert "54 nodes are left out" in told


def test_players_differ_by_colour_and_marker() -> None:
    pairs = {(player % len(LIGHT), shape_index(player)) for player in range(56)}
    assert len(pairs) == 56


@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_can_be_read(theme: int) -> None:
    for colour in (LIGHT, DARK)[theme]:
        assert contrast(colour, PAGE[theme]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, definition 'contrast ratio'."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = sorted([luminance(one), luminance(other)])
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_widths() -> None:
    assert width("", 10) == 0
    assert width("題", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)
    assert width("iii", 10) < width("www", 10)
    assert width("A", 1000) == pytest.approx(667)  # Arial's


def test_cutting() -> None:
    assert shorten("short", 12, 100) == "short"
    cut = shorten("a very long label indeed", 12, 60)
    assert cut.endswith("…")
    assert width(cut, 12) <= 60
    assert wrap("one two three", 12, 45, 3) == ("one two", "three")
    assert all(width(line, 12) <= 50 for line in wrap("word " * 40, 12, 50, 3))
    assert one_line("a\u202eb\n\tc\x00") == "ab c\ufffd"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(-1, 18), "−1/18"),
        (Fraction(10**40, 3), "≈3.333×10³⁹"),
        (Fraction(123456789, 1000), "123456.789"),
        (Fraction(1, 10**40), "≈1×10⁻⁴⁰"),
        (Fraction(1, 10**9 + 7), "≈1×10⁻⁹"),
        (Fraction(123456, 7919), "≈15.59"),
        (0.5, "0.5"),
        (1e-9, "<0.001"),
        (1 - 1e-9, ">0.999"),
        (0.0, "0"),
        (1.0, "1"),
        (-2.25, "−2.25"),
    ],
)
def test_numbers(value: Fraction | float, shown: str) -> None:
    assert number(value) == shown


def test_a_number_given_as_text_is_written_as_those_beside_it() -> None:
    beside = View().payoff_number_format.fit([Fraction(29, 10)])
    assert beside.show_text("29/10") == beside.show(Fraction(29, 10)) == "2.9"
    assert [beside.show_text(text) for text in ("1/0", "x + 1", "1/3")] == ["1/0", "x + 1", "1/3"]


@pytest.mark.parametrize(
    ("value", "digits", "share", "payoff"),
    [
        (Fraction(2, 5), 0, "<1", "0"),
        (Fraction(4, 5), 0, ">0", "1"),
        (-0.004, 2, ">−0.01", "0.00"),
        (Fraction(-2, 3), 1, "−0.7", "−0.7"),
        (0.9999, 2, ">0.99", "1.00"),
    ],
)
def test_digits_round_payoffs_but_never_a_probability_to_0_or_1(
    value: Fraction | float, digits: int, share: str, payoff: str
) -> None:
    view = View(numbers="decimal", digits=digits)
    assert view.number_format.show(value) == share
    assert view.payoff_number_format.show(value) == payoff
