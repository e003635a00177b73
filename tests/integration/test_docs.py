"""The documentation builds strictly, and whatever it shows runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.slow]

TOP = Path(__file__).parents[2]
PAGES = sorted(
    [*(TOP / "compiler/docs").glob("*.md"), *(TOP / "compiler/nl2efg/skill").rglob("*.md")]
)


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a language on a page."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_runs(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "console"):
        for line in block.splitlines():
            command = shlex.split(line.removeprefix("$ nl2efg "))
            done = subprocess.run(
                [sys.executable, "-m", "nl2efg", *command],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                env={"PYTHONPATH": str(TOP / "compiler"), "PATH": "/usr/bin:/bin"},
            )
            assert done.returncode == 0, (line, done.stderr)
    for block in blocks(page, "python"):
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, (block, done.stderr)


def test_commands_that_are_named_exist() -> None:
    from nl2efg.cli.app import COMMANDS

    known = {*COMMANDS, "story", "kuhn"}
    for page in PAGES:
        for name in re.findall(r"`nl2efg ([a-z]+)[ `]", page.read_text(encoding="utf-8")):
            assert name in known, (page.name, name)


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="the extra 'docs' is not installed")
def test_the_site_builds_strictly(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"),
            *("-f", "compiler/mkdocs.yml", "-d", str(tmp_path / "site")),
        ],
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "nl2efg.solve" in (tmp_path / "site/library.html").read_text(encoding="utf-8")


def test_one_glossary() -> None:
    words = (TOP / "compiler/docs/glossary.md").read_text(encoding="utf-8")
    assert words.removeprefix("# Words") in (TOP / "compiler/README.md").read_text(encoding="utf-8")
