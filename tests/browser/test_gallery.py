"""The gallery of a run in a real browser: pages, lists, filters that stay, no foreign script."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import Batch, Corpus, run_batch
from nl2efg.batch.reports import gallery
from tests.fakes.ordinal_games import program, story

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.server]

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lines = [{"id": f"g{i}", "text": story(i), "reply": program(i)} for i in range(5)]
    lines.append({"id": EVIL, "text": story(5), "reply": EVIL})
    file = tmp_path / "replies.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.setattr(gallery, "UNITS", 4)
    work = Batch(Corpus(file, reply_column="reply"), tmp_path / "run", options={"solve": False})
    # In a thread: the browser keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(run_batch(work))).result()
    return tmp_path / "run"


def shown(page: Any) -> list[str]:
    cards = page.locator("li:visible h2")
    return [cards.nth(number).inner_text() for number in range(cards.count())]


def test_a_reader_pages_filters_and_sees_pictures(run: Path, browser: Any) -> None:
    page = browser.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: (trouble.append("a dialog"), dialog.dismiss()))
    page.goto((run / "index.html").as_uri())
    assert shown(page) == ["Case 0", "Case 1", "Case 2", "Case 3"]
    width = page.locator("img").first.evaluate(
        "async i => { await i.decode(); return i.naturalWidth }"
    )
    assert width > 0
    page.click("text=next")
    page.wait_for_url("**/all-2.html*")
    assert shown(page) == ["Case 4", EVIL]
    page.fill("#words", "case 4")
    assert shown(page) == ["Case 4"]
    page.click("text=previous")
    page.wait_for_url("**/index.html*")
    assert page.input_value("#words") == "case 4"
    assert shown(page) == []
    page.fill("#words", "")
    page.fill("#page", "2")
    page.press("#page", "Tab")
    page.wait_for_url("**/all-2.html*")
    for kind, cards in (("imperfect information", ["Case 4"]), ("perfect information", [])):
        page.select_option("#kind", kind)
        assert shown(page) == cards
    page.select_option("#kind", "")
    page.click("text=failed 1")
    page.wait_for_url("**/failed-1.html*")
    assert shown(page) == [EVIL]
    assert not trouble
    page.close()
