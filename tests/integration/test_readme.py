"""README and the page of figures say what is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import recorded_figures
from tests.prompt_tokens import PAPER, prompt_tokens

pytestmark = pytest.mark.process

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")
FIGURES = recorded_figures.PAGE.read_text(encoding="utf-8")


def test_there_are_two_commands_to_install_with() -> None:
    assert len(re.findall(r"^ {4}pip install ", README, flags=re.MULTILINE)) == 2


def test_files_that_it_shows_exist() -> None:
    for target in re.findall(r"(?:\]\(|src=\")((?!http)[^)#\"]+)", README):
        assert (TOP / target).exists(), target


def test_it_is_read_in_a_minute() -> None:
    assert len(README.split()) < 750
    assert "| --- |" not in README


def test_the_figures_of_the_bundled_games_are_what_the_command_prints() -> None:
    _, figures, _ = recorded_figures.parts(FIGURES)
    assert figures == recorded_figures.printed(), "`python -m tests.recorded_figures` writes them"


def test_the_pictures_say_what_their_commands_draw(tmp_path: Path) -> None:
    recorded_figures.draw(tmp_path)
    for name in recorded_figures.PICTURES:
        drawn, shown = (
            sorted(re.findall(r"<text[^>]*>(.*?)</text>", (folder / name).read_text("utf-8")))
            for folder in (tmp_path, TOP / "compiler/docs/pictures")
        )
        assert drawn == shown, "`python -m tests.recorded_figures` draws them anew"


def test_prompts_are_shorter_than_the_papers_and_as_long_as_it_says() -> None:
    pytest.importorskip("rs_bpe", reason="the test extra's tokeniser is not installed")
    found = prompt_tokens().calls
    assert found["both stages"] < PAPER
    assert f"takes {found['both stages']:,} tokens" in " ".join(FIGURES.split())
