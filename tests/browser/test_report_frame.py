"""The frame of the report's picture, on the screen and on paper, and what is pale in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from nl2efg.drawing import draw_html
from nl2efg.game import TreeBuilder
from tests.browser.test_report import marker, node, profile
from tests.trees import kuhn


def test_a_set_that_play_comes_to_has_no_pale_name(opened: Any) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    second = builder.information_set(1, ["l", "r"])
    for child in builder.move(0, builder.information_set(0, ["L", "R"])):
        for leaf in builder.move(child, second):
            builder.pay(leaf, [0, 0])
    tree = builder.build()
    page = opened(draw_html(tree, None, [profile(tree, Fraction(0))]))
    first, other = tree.members[1]
    told = page.locator(f"{node(first)} > text")
    found = {each.text_content(): each.get_attribute("class") for each in told.all()}
    assert found["Ben"] is None
    assert found["[0]"] == "o"
    opacity = "each => getComputedStyle(each).opacity"
    assert page.locator(marker(first)).evaluate(opacity) == "0.42"
    assert page.locator(marker(other)).evaluate(opacity) == "1"


def test_a_frame_keeps_its_height_when_the_tree_is_folded(opened: Any) -> None:
    page = opened(draw_html(kuhn()))
    before = page.locator("#canvas").bounding_box()["height"]
    page.click("#close")
    page.click("#fit")
    assert page.locator("#canvas").bounding_box()["height"] == before


def test_a_small_tree_has_a_small_frame(opened: Any) -> None:
    builder = TreeBuilder(["Ann"])
    for leaf in builder.move(0, builder.information_set(0, ["L", "R"])):
        builder.pay(leaf, [0])
    page = opened(draw_html(builder.build()))
    assert page.locator("#canvas").bounding_box()["height"] < 300


def test_a_high_tree_is_printed_on_the_first_page(opened: Any) -> None:
    page = opened(draw_html(kuhn()))
    if page.evaluate("state.down"):
        page.click("#turn")
    page.set_viewport_size({"width": 1000, "height": 700})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    box = page.locator("#canvas").bounding_box()
    assert 400 < box["height"] < box["y"] + box["height"] <= 700
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1400, "height": 1000})
