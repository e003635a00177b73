"""Playing a game in its report: what a person sees, what he does not, and what he is told."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from nl2efg.drawing import draw_html
from nl2efg.drawing.notebook import Explorer
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.playing import observe
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.trees import absent_minded_driver, game_of_poker

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.server]

CARDS = ("Jack", "Queen", "King")
LOW, HIGH = 0, 0.999999


def poker() -> tuple[GameTree, BehaviourProfile]:
    """Kuhn poker with named cards, and an equilibrium of it."""
    tree = game_of_poker(CARDS)
    return tree, solve(tree).equilibria[0].profile


@pytest.fixture
def page(opened: Any) -> Any:
    """Kuhn poker's report, with an equilibrium; the panel is open."""
    tree, found = poker()
    page = opened(draw_html(tree, None, [found]))
    page.click("#play")
    return page


def draws(page: Any, *numbers: float) -> None:
    """Have these numbers drawn, the last of them again and again."""
    page.evaluate("(n) => { Math.random = () => (n.length > 1 ? n.shift() : n[0]); }", numbers)


def press(page: Any, words: str) -> None:
    """Push the panel's button of this name; actions have their number before it."""
    page.locator("#playing button").filter(has_text=re.compile(rf"^\d?{words}")).first.click()


def told(page: Any) -> str:
    """What can be read in the panel."""
    return str(page.inner_text("#playing"))


def paid(page: Any) -> list[Fraction]:
    """What the players get, as the panel tells it."""
    cells = page.locator("#playing td:nth-child(2)")
    return [Fraction(words.replace("−", "-")) for words in cells.all_inner_texts()]


def end_of(tree: GameTree, *labels: str) -> int:
    """The terminal node after these moves."""
    return next(node for node in tree.terminals if tree.history(node) == labels)


def test_a_person_plays_poker_against_the_equilibrium(page: Any) -> None:
    tree, found = poker()
    draws(page, LOW, HIGH)  # Alice has the Jack, Bob the King; he bets after a check
    press(page, "Start")
    assert "So far: Jack, ?" in told(page)
    assert "Where you are: with Jack" in told(page)
    assert "King" not in told(page)
    press(page, "Check")
    assert "So far: Jack, ?, Check, Bet" in told(page)
    assert "King" not in told(page)
    assert "Queen" not in told(page)
    press(page, "Fold")
    assert "The play: Jack, King, Check, Bet, Fold." in told(page)
    end = end_of(tree, "Jack", "King", "Check", "Bet", "Fold")
    assert paid(page) == list(tree.path_payoffs[end]) == [-1, 1]
    assert [str(value) for value in found.values] == ["-1/18", "1/18"]
    assert page.locator("#playing tbody td:nth-child(3)").all_inner_texts() == ["−1/18", "1/18"]
    moves = page.locator("#playing li").all_inner_texts()
    assert len(moves) == 5
    assert moves[0].startswith("Chance: Jack, with probability 1/3.")
    assert moves[3].startswith("Bob: Bet, in equilibrium with probability 1.")
    known = found.value_at(tree.set_of[tree.parents[end]])
    assert known is not None
    wanted = f"Given what Alice knew, the expected payoff was {known[0]}."
    assert wanted.replace("-", "−") in moves[4]


def test_a_game_is_played_inside_a_notebooks_cell(opened: Any) -> None:
    tree, found = poker()
    cell = Explorer(draw_html(tree, None, [found]))._repr_html_()
    notebook = opened(f"<!doctype html><html data-ready><body><p>In [1]</p>{cell}</body></html>")
    inside = notebook.frame_locator("iframe")
    inside.locator("#play").click()
    panel = inside.locator("#playing")
    panel.locator("button", has_text="Start").click()
    assert "So far: " in panel.inner_text()
    while panel.locator("[data-action]").count():
        panel.locator("[data-action]").last.click()
    assert "The play: " in panel.inner_text()
    assert panel.locator("tbody tr").count() == 2
    panel.locator("button", has_text="Close").click()
    assert not panel.is_visible()


def test_every_way_to_play_ends_as_the_tree_does(page: Any) -> None:
    tree, _ = poker()
    for deal in range(6):
        draws(page, (deal // 2 + 0.5) / 3, (deal % 2 + 0.5) / 2, HIGH)
        press(page, "(Start|Play again)")
        while page.locator("[data-action]").count():
            page.locator("[data-action]").last.click()
        history = re.search(r"The play: (.*)\.", told(page))
        assert history is not None
        end = end_of(tree, *history.group(1).split(", "))
        assert tuple(paid(page)) == tree.path_payoffs[end]


def test_while_one_plays_the_page_is_covered(page: Any) -> None:
    draws(page, LOW, HIGH)
    press(page, "Start")
    box = page.locator("#playing").bounding_box()
    size = page.evaluate("[innerWidth, innerHeight]")
    assert (box["x"], box["y"], [box["width"], box["height"]]) == (0, 0, size)
    corners = "(x, y) => document.elementFromPoint(x, y).closest('#playing') !== null"
    for x in range(5, size[0], 60):
        for y in range(5, size[1], 60):
            assert page.evaluate(f"([x, y]) => ({corners})(x, y)", [x, y])
    opaque = page.evaluate("getComputedStyle(document.getElementById('playing')).backgroundColor")
    assert re.fullmatch(r"rgb\(.*\)", opaque)
    for _ in range(3):
        page.keyboard.press("Escape")
    assert page.locator("#playing").is_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest"
        assert page.evaluate(f"{inside}('#playing')")


def test_two_people_pass_the_screen(page: Any) -> None:
    draws(page, LOW, HIGH)
    page.select_option("#playing label:has-text('Bob') select", label="a person")
    press(page, "Start")
    assert "Alice, it is your turn" in told(page)
    assert not any(card in told(page) for card in CARDS)
    press(page, "I am Alice")
    assert "Jack" in told(page)
    press(page, "Bet")
    assert "Bob, it is your turn" in told(page)
    assert not any(card in told(page) for card in CARDS)
    press(page, "I am Bob")
    assert "So far: ?, King, Bet" in told(page)
    assert "Jack" not in told(page)
    press(page, "Call")
    assert paid(page) == [-2, 2]


def test_the_keyboard_plays(page: Any) -> None:
    draws(page, LOW, HIGH)
    page.locator("#playing button").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "play-title"
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first action, Fold
    assert paid(page) == [-1, 1]
    page.keyboard.press("Escape")
    assert not page.locator("#playing").is_visible()
    assert page.evaluate("document.activeElement.id") == "play"


def test_the_end_is_shown_in_the_tree(page: Any) -> None:
    draws(page, LOW, HIGH)
    press(page, "Start")
    press(page, "Check")
    press(page, "Fold")
    press(page, "Show in the tree")
    end = end_of(poker()[0], "Jack", "King", "Check", "Bet", "Fold")
    assert page.evaluate("document.activeElement.dataset.node") == str(end)


def test_what_is_seen_is_what_the_terminal_shows(opened: Any) -> None:
    for tree in (poker()[0], absent_minded_driver(), _repeated()):
        page = opened(draw_html(tree))
        for index, infoset in enumerate(tree.information_sets):
            if infoset.player >= 0:
                seen = page.evaluate(f"seenAt({index})")
                assert tuple(seen) == observe(tree.told, index).seen


def _repeated() -> GameTree:
    """Two players of one name, whose actions have one name or none."""
    builder = TreeBuilder(["A", "A"], "Repeated")
    second = builder.information_set(1, ["", "same", "same"])
    for number, child in enumerate(builder.move(0, builder.information_set(0, ["same"] * 2))):
        for place, leaf in enumerate(builder.move(child, second)):
            builder.pay(leaf, [number, 10 + place])
    return builder.build()


def test_positions_decide_where_labels_repeat(opened: Any) -> None:
    page = opened(draw_html(_repeated()))
    page.click("#play")
    assert "No equilibrium of this game is known here" in told(page)
    press(page, "Start")
    press(page, "I am")
    page.click("[data-action='1']")
    press(page, "I am")
    assert page.locator("[data-action]").count() == 3
    page.click("[data-action='2']")
    assert paid(page) == [1, 12]


def test_a_telephone_and_paper(page: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    draws(page, LOW, HIGH)
    sideways = "document.getElementById('playing').scrollWidth <= 400"
    assert page.evaluate(sideways)
    press(page, "Start")
    assert page.evaluate(sideways)
    page.click("[data-action='1']")
    assert "The end" in told(page)
    assert page.evaluate(sideways)
    page.emulate_media(media="print")
    assert not page.locator("#playing").is_visible()
    assert not page.locator("#play").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1400, "height": 1000})


def test_the_chosen_equilibrium_is_played_and_letters_have_values(opened: Any) -> None:
    tree = dict(bundled())["hawk_dove_letters"]
    first, second = solve(tree).equilibria[:2]
    moves = [each.profile.probabilities for each in (first, second)]
    page = opened(draw_html(tree, None, [first.profile, second.profile]))
    for number in (0, 1):
        page.select_option("#equilibrium", str(number))
        page.click("#play")
        page.select_option("#playing select >> nth=0", label="the equilibrium")
        press(page, "Start")
        assert "values to work with: V = 2, C = 5" in told(page)
        end = 0
        while not tree.is_terminal(end):  # both equilibria are pure
            end = tree.children[end][moves[number][tree.set_of[end]].index(1)]
        assert f"The play: {', '.join(tree.told.history(end))}." in told(page)
        cells = page.locator("#playing td:nth-child(2)").all_inner_texts()
        values = [Fraction(words.split(" = ")[-1].replace("−", "-")) for words in cells]
        assert tuple(values) == tree.path_payoffs[end]
        assert f"Equilibrium {number + 1}: " in told(page)
        page.keyboard.press("Escape")


def test_a_play_can_be_stopped_and_begun_again(page: Any) -> None:
    draws(page, LOW, HIGH)
    press(page, "Start")
    press(page, "Stop")
    assert page.locator("#playing select").count() == 2
    assert "Jack" not in told(page)
    page.keyboard.press("Escape")
    assert not page.locator("#playing").is_visible()
    page.click("#play")
    press(page, "Start")
    assert "So far: King, ?" in told(page)
