"""The report in a real browser: what a reader does with it, and what a hostile text cannot do."""

from __future__ import annotations

import shlex
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from nl2efg.drawing import draw_html
from nl2efg.equilibria.wording import profile_words
from nl2efg.gambit import from_gambit
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.open_points import answered, assumed, taken
from nl2efg.schema.record import (
    Attempt,
    CompilationRecord,
    ConsensusRecord,
    EquilibriumRecord,
    PlayerResult,
    Provenance,
    SolutionRecord,
)
from nl2efg.schema.sketch import Sketch
from tests.trees import absent_minded_driver, kuhn

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.server]

TEXT = "Two players hold cards.\nAlice checks or bets.  Bob answers her."
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "\"><a href='javascript:alert(1)'>x</a>",
    "{{ 7 * 7 }}{% raw %}",
    "<!--<script>",
    "&lt;b&gt;",
    "\u2028alert(1)\u2029",
    "<iframe src='https://example.org'></iframe>",
    "' onmouseover='alert(1)",
    "__proto__",
]


def profile(tree: GameTree, share: Fraction) -> BehaviourProfile:
    """The first of two actions with this probability, everywhere."""
    return BehaviourProfile(
        tree, tuple(own.probabilities or (share, 1 - share) for own in tree.information_sets)
    )


def record(tree: GameTree, text: str = TEXT, word: str = "plain") -> CompilationRecord:
    """A record in which every field that a text or model can fill holds ``word``."""
    finding = Diagnostic("I301", Severity.WARNING, word, tree.history(4), 2, word, word)
    equilibrium = EquilibriumRecord(
        concept="nash",
        method=word,
        exact=True,
        probabilities=(),
        players=(PlayerResult(player=word, value="0", best_response_value="1/2", regret="1/2"),),
        max_regret="1/2",
        relative_regret=0.1,
        subgame_perfect=None,
        seconds=0.1,
        words=(word,),
    )
    first = tree.members[1][0] if len(tree.members) > 1 else 0
    return CompilationRecord(
        status="compiled",
        name=word,
        text=text,
        text_sha256="0",
        model=word,
        versions={word: word},
        prompts_sha256="0",
        sketch=Sketch.model_validate(
            {
                "players": [{"name": word}],
                "information_sets": [
                    {"player": word, "histories": [[word]], "actions": [word], "quote": word}
                ],
                "claims": [{"history": [word], "payoffs": [{"player": word, "value": "1"}]}],
            }
        ),
        attempts=(
            Attempt(stage=word, code=f"first = 1  # {word}\nsecond = 2\n", built=True, output=word),
        ),
        diagnostics=(finding,),
        assumptions=(word,),
        solution=SolutionRecord(equilibria=(equilibrium,), completeness=word, remarks=(word,)),
        provenance=(
            Provenance(kind="move", node=first, line=2, sentence="Alice checks or bets."),
            Provenance(kind="move", node=0, line=1, sentence=word),
            Provenance(kind="payoff", node=4, line=1),
        ),
        consensus=ConsensusRecord(
            samples=3, agreeing=2, clusters=((0, 1), (2,)), differences=(word,)
        ),
    )


@pytest.fixture
def page(opened: Any) -> Any:
    """Kuhn poker's report with two profiles."""
    tree = kuhn()
    profiles = [profile(tree, Fraction(1, 3)), profile(tree, Fraction(1))]
    return opened(draw_html(tree, record(tree), profiles))


def node(number: int) -> str:
    """Selector of a node of the tree."""
    return f'#scene [data-node="{number}"]'


def marker(number: int) -> str:
    """Selector of the mark that a reader points at."""
    return f"{node(number)} > :is(circle:not(.halo), polygon)"


def test_the_whole_tree_is_there(page: Any) -> None:
    assert page.locator("#scene [role=treeitem]").count() == 58
    assert page.locator("#canvas").get_attribute("role") == "tree"
    assert page.locator("#scene path.d").count() == 12


def test_a_node_shows_its_sentence_and_line(page: Any) -> None:
    page.get_by_text("Code", exact=True).first.click()
    number = kuhn().members[1][0]
    page.hover(marker(number))
    assert page.locator(".sentence.lit").inner_text() == "Alice checks or bets."
    assert page.locator(".line.lit").get_attribute("data-line") == "2"
    page.mouse.move(5, 5)
    assert page.locator(".lit").count() == 0


def test_a_sentence_and_a_line_show_their_nodes(page: Any) -> None:
    page.hover(".sentence")
    number = kuhn().members[1][0]
    assert page.locator("g.lit").get_attribute("data-node") == str(number)
    page.get_by_text("Code", exact=True).first.click()
    page.focus('[data-line="1"]')
    lit = page.locator("g.lit")
    assert {lit.nth(i).get_attribute("data-node") for i in range(lit.count())} == {"0", "4"}


def test_the_switch_changes_the_picture_and_moves_no_node(page: Any) -> None:
    def picture() -> tuple[str, int]:
        scene = page.locator("#scene")
        return scene.inner_html(), page.locator("#scene path.o").count()

    before, pale_before = picture()
    page.select_option("#equilibrium", "1")
    after, pale_after = picture()
    assert before != after
    assert pale_before == 0 < pale_after
    page.select_option("#equilibrium", "-1")
    assert "[1/2]" not in page.locator("#scene").inner_html()
    assert page.locator("#scene path.o").count() == 0
    page.select_option("#equilibrium", "0")
    assert picture()[0] == before


def test_the_keyboard_walks_the_tree(page: Any) -> None:
    def focused() -> str:
        return str(page.evaluate("document.activeElement.dataset.node"))

    page.focus(node(0))
    for key, expected in (
        ("ArrowRight", "1"),
        ("ArrowDown", "2"),
        ("ArrowUp", "1"),
        ("End", "57"),
        ("ArrowLeft", "55"),
        ("Home", "0"),
    ):
        page.keyboard.press(key)
        assert focused() == expected
    page.keyboard.press("ArrowLeft")
    assert page.locator(node(0)).get_attribute("aria-expanded") == "false"
    assert page.locator("#scene [role=treeitem]").count() == 1
    page.keyboard.press("Enter")
    assert page.locator("#scene [role=treeitem]").count() == 58
    assert focused() == "0"
    assert page.locator("#scene [tabindex='0']").count() == 1


def test_folding_with_the_mouse_says_how_much_is_hidden(page: Any) -> None:
    page.click(marker(1))
    assert page.locator("#scene [role=treeitem]").count() == 58
    assert "Chance moves after 0" in page.inner_text("#readout")
    page.click(f"{node(1)} .handle")
    assert page.locator("#scene [role=treeitem]").count() == 58 - 18
    assert "+18" in page.locator(node(1)).inner_html()
    page.click("#open")
    assert page.locator("#scene [role=treeitem]").count() == 58


def test_search_walks_through_the_matches(page: Any) -> None:
    page.click("#close")
    page.fill("#search", "2-raised")
    assert page.inner_text("#found") == "2 found"
    assert page.locator("#matches li").count() == 2
    assert "Check → Bet: Alice" in page.locator("#matches li").first.inner_text()
    page.press("#search", "Enter")
    assert page.inner_text("#found") == "1 of 2"
    first = page.locator("g.lit").get_attribute("data-node")
    page.press("#search", "Enter")
    assert page.inner_text("#found") == "2 of 2"
    assert page.locator("g.lit").get_attribute("data-node") != first
    page.fill("#search", "nowhere to be found")
    page.press("#search", "Enter")
    assert page.inner_text("#found") == "nothing found"


def test_a_diagnostic_jumps_to_its_node(page: Any) -> None:
    page.click("#close")
    page.locator(".diagnostics [data-go]").click()
    assert page.evaluate("document.activeElement.dataset.node") == "4"


def test_zoom_pan_turn_and_fit(page: Any) -> None:
    def place() -> str:
        return str(page.get_attribute("#scene", "transform"))

    start = place()
    page.click("#in")
    zoomed = place()
    assert zoomed != start
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] - 60, steps=4)
    page.mouse.up()
    assert place() != zoomed
    page.mouse.wheel(0, 300)
    page.click("#fit")
    assert place() == start
    page.click("#turn")
    assert place() != start
    assert page.locator("#scene [role=treeitem]").count() == 58


def test_no_two_labels_overlap_on_the_screen(page: Any) -> None:
    script = """() => {
      const boxes = [...document.querySelectorAll('#scene text')].map((t) => t.getBBox());
      let hits = 0;
      boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
        if (a.x + 0.5 < b.x + b.width && b.x + 0.5 < a.x + a.width
            && a.y + 2 < b.y + b.height && b.y + 2 < a.y + a.height) hits++;
      }));
      return hits;
    }"""
    assert page.evaluate(script) == 0
    page.click("#turn")
    assert page.evaluate(script) == 0


def test_downloads(page: Any, tmp_path: Path) -> None:
    for button, name in (("#svg", "tree.svg"), ("#efg", "game.efg"), ("#code", "game.py")):
        with page.expect_download() as waiting:
            page.click(button)
        assert waiting.value.suggested_filename == name
        file = tmp_path / name
        waiting.value.save_as(file)
        if name == "tree.svg":
            ElementTree.fromstring(file.read_text(encoding="utf-8"))
        elif name == "game.efg":
            from nl2efg.formats import load_efg

            assert len(load_efg(file)) == 58
        else:
            names: dict[str, Any] = {}
            exec(compile(file.read_text(encoding="utf-8"), name, "exec"), names)
            assert len(from_gambit(names["game"])) == 58


def test_assumptions_stand_out(page: Any) -> None:
    assert page.locator(".assumptions li").inner_text() == "plain"
    assert page.locator("g.unsourced").get_attribute("data-node") == "4"
    assert "no sentence of the text" in page.inner_text(".legend")


def test_open_points_are_answered_by_a_command_line(opened: Any) -> None:
    question = 'Does Alice\'s card stay "hers"? > $HOME'
    points = (
        assumed(question, "it does"),
        taken("Who deals?", "Bob"),
        answered("Who pays?", "both do"),
    )
    told = record(kuhn()).model_copy(update={"assumptions": points})
    page = opened(draw_html(kuhn(), told, []))
    fields = page.locator("input.answer")
    assert fields.count() == 2
    assert not page.locator("#answering").is_visible()
    fields.nth(0).fill("no, it's everybody's")
    fields.nth(1).fill("nobody")
    words = shlex.split(page.inner_text("#command"))
    folder = words.pop(2)
    assert words == [
        *("nl2efg", "edit"),
        *("--answer", question, "no, it's everybody's"),
        *("--answer", "Who deals?", "nobody"),
    ]
    assert Path(folder).is_absolute()
    assert Path(folder).is_dir()
    fields.nth(0).fill("")
    assert shlex.split(page.inner_text("#command"))[3:] == ["--answer", "Who deals?", "nobody"]


def test_a_bare_tree(opened: Any) -> None:
    page = opened(draw_html(absent_minded_driver()))
    assert page.locator("#scene path.d.v").count() == 1
    assert page.locator("#equilibrium").count() == 0
    assert page.locator(".grid tbody tr").count() == 2


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_stay_words(opened: Any, word: str) -> None:
    builder = TreeBuilder([word, word + " "], word, word)
    first = builder.information_set(0, [word, "b"], word)
    second = builder.information_set(1, [word, "d"], word)
    for child in builder.move(0, first):
        builder.set_label(child, word)
        for leaf in builder.move(child, second):
            builder.pay(leaf, [1, 2], word)
    tree = builder.build()
    text = f"{TEXT} {word} and {word}"
    page = opened(draw_html(tree, record(tree, text, word), [profile(tree, Fraction(1, 2))]))
    page.hover(marker(1))
    page.fill("#search", word)
    page.press("#search", "Enter")
    with page.expect_download():
        page.click("#svg")
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, a").count() == 0
    handlers = """[...document.querySelectorAll('*')].some(
        (e) => e.getAttributeNames().some((n) => n.startsWith('on')))"""
    assert page.evaluate(handlers) is False
    shown = page.locator(".text").inner_text()
    assert " ".join(word.split()) in " ".join(shown.split())


def test_the_policy_stops_foreign_scripts(browser: Any, tmp_path: Path) -> None:
    html = draw_html(absent_minded_driver())
    slipped = html.replace("</body>", "<script>window.slipped = 1</script></body>")
    file = tmp_path / "slipped.html"
    file.write_text(slipped, encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("window.slipped") is None
    page.close()


def test_a_big_tree_opens_folded_and_answers(opened: Any) -> None:
    builder = TreeBuilder(["A", "B"], "Big")
    leaves = [0]
    for level in range(11):
        moves = builder.information_set(level % 2, ["left", "right"], f"level {level}")
        leaves = [child for leaf in leaves for child in builder.move(leaf, moves)]
    for leaf in leaves:
        builder.pay(leaf, [1, 2])
    page = opened(draw_html(builder.build()))
    shown = page.locator("#scene [role=treeitem]").count()
    assert 50 < shown <= 150
    page.locator("#scene [aria-expanded=false]").first.press("Enter")
    assert page.locator("#scene [role=treeitem]").count() == shown + 2


def test_dark_and_without_motion(opened: Any) -> None:
    page = opened(draw_html(kuhn()))
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    shade = "getComputedStyle(document.querySelector('#scene text tspan')).fill"
    assert page.evaluate(shade) != "rgb(31, 35, 40)"


def test_a_telephone_shows_everything_without_scrolling_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    table = page.locator(".strategies").first
    assert table.evaluate("each => each.scrollWidth <= each.parentElement.clientWidth")
    assert not table.locator("thead").is_visible()
    page.set_viewport_size({"width": 1400, "height": 1000})


def test_the_inspector_tells_strategies_beliefs_and_values(page: Any) -> None:
    page.click(marker(kuhn().members[2][0]))
    told = page.inner_text("#readout")
    assert "information set" in told
    assert "Check 1/3, Bet 2/3" in told
    assert "expected from here" in told
    assert "reached with probability" in told
    page.select_option("#equilibrium", "-1")
    assert "Check 1/3" not in page.inner_text("#readout")


def test_an_equilibrium_is_told_by_player_and_by_what_he_knows(page: Any) -> None:
    first = page.locator(".strategies").first
    assert "with 0" in first.inner_text()
    page.locator("[data-show='1']").click()
    assert page.input_value("#equilibrium") == "1"
    first.locator("[data-go]").first.click()
    assert page.locator("g.lit").count() == 1


def test_the_whole_report_is_printed(page: Any, tmp_path: Path) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box = page.locator("#canvas").bounding_box()
    scene = page.evaluate("document.querySelector('#scene').getBBox().height")
    assert box["height"] > 0
    assert scene > 0
    view = page.get_attribute("#canvas", "viewBox").split()
    assert float(view[3]) >= scene
    assert page.locator(".strategies").first.is_visible()
    assert not page.locator("#fit").is_visible()
    assert not page.locator("#scene .handle").first.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    shade = "getComputedStyle(document.querySelector('#scene text tspan')).fill"
    assert page.evaluate(shade) == "rgb(91, 98, 107)"
    page.pdf(path=str(tmp_path / "report.pdf"))
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    page.emulate_media(media="screen")


def test_the_printed_tree_is_on_one_page_and_code_is_not_cut(opened: Any) -> None:
    tree = kuhn()
    long = record(tree)
    code = "first = 1  # " + "a comment of many words " * 20 + "\nsecond = 2\n"
    attempt = long.attempts[0].model_copy(update={"code": code})
    page = opened(draw_html(tree, long.model_copy(update={"attempts": (attempt,)})))
    page.set_viewport_size({"width": 700, "height": 500})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#canvas").bounding_box()["height"] <= 500
    line = page.locator(".program .line").first
    assert line.evaluate("each => each.scrollWidth <= each.clientWidth")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1400, "height": 1000})


def test_sentences_are_told_with_numbers_by_a_switch(opened: Any) -> None:
    tree = kuhn()
    found = profile(tree, Fraction(1, 3))
    whole = record(tree)
    assert whole.solution is not None
    worded = whole.solution.equilibria[0].model_copy(update={"words": profile_words(found)})
    solution = whole.solution.model_copy(update={"equilibria": (worded,)})
    page = opened(draw_html(tree, whole.model_copy(update={"solution": solution}), [found]))
    page.click(".sentences summary")
    told = page.locator(".sentences ul")
    assert "one time in three" in told.inner_text()
    page.check(".sentences input")
    assert "Check 1/3, Bet 2/3" in told.inner_text()
    assert "time" not in told.inner_text()


def test_two_reports_of_one_text_are_compared_on_the_tree(opened: Any, tmp_path: Path) -> None:
    def game(last: int, actions: tuple[str, ...]) -> GameTree:
        builder = TreeBuilder(["A", "B"])
        first, second = builder.move(0, builder.information_set(0, ["l", "r"]))
        builder.pay(first, [0, 0])
        for leaf in builder.move(second, builder.information_set(1, actions)):
            builder.pay(leaf, [1, last])
        return builder.build()

    (tmp_path / "other.html").write_text(draw_html(game(3, ("x", "z"))), encoding="utf-8")
    (tmp_path / "same.html").write_text(draw_html(game(2, ("x", "y"))), encoding="utf-8")
    page = opened(draw_html(game(2, ("x", "y"))))
    page.set_input_files("#other", str(tmp_path / "other.html"))
    page.wait_for_selector("#differences li")
    told = page.inner_text("#differences")
    assert "r, x: payoffs 1, 2 here, 1, 3 there" in told
    assert "y is possible here only" in told
    assert "z possible there only" in told
    assert page.locator("g.differs").count() == 3
    page.set_input_files("#other", str(tmp_path / "same.html"))
    page.wait_for_selector("text=the same game")
