"""The documentation as a site: it builds strictly, runs the notebooks, and fetches nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tests.documentation import DOCS, TOP

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.slow]

NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
SHOWN = {
    "first_game": "Mark tells (Red, Raise) from (Black, Raise) now",
    "signalling": "supported if P(Surly, Beer) ≤ 1/2",
    "corpus": "The camera on the website",
    "letters": "exactly if P1 + c &gt;= D1 and M1 &gt;= D1 + c",
}
"""What each notebook's page has to show of its outputs."""


def built(folder: Path) -> Path:
    """The site, as the command of the documentation builds it."""
    command = ("mkdocs", "build", "--strict", "--quiet", "-f", "compiler/mkdocs.yml")
    done = subprocess.run(
        [sys.executable, "-m", *command, "-d", str(folder)],
        cwd=TOP,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_builds_strictly_and_is_whole(tmp_path: Path) -> None:
    """One test, since building takes its time: it runs the notebooks."""
    site = built(tmp_path / "site")
    every_page_is_there(site)
    nothing_is_fetched_from_elsewhere(site)
    for notebook in NOTEBOOKS:
        notebook_is_shown_with_its_outputs(site, notebook)
    library_is_told_by_its_docstrings(site)


def docsite(name: str) -> ModuleType:
    """A module of the site's own."""
    spec = importlib.util.spec_from_file_location(name, TOP / f"compiler/docsite/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def every_page_is_there(site: Path) -> None:
    sources = [*DOCS.rglob("*.md"), *NOTEBOOKS]
    expected = {source.relative_to(DOCS).with_suffix(".html") for source in sources}
    assert expected <= {page.relative_to(site) for page in site.rglob("*.html")}


def nothing_is_fetched_from_elsewhere(site: Path) -> None:
    tags, fields = "script|link|img|iframe|object|source", "src|href|data"
    fetched = rf"""<(?:{tags})\b[^>]*\b(?:{fields})=["']?(?:https?:)?//"""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(fetched, re.sub(r'<link rel="canonical"[^>]*>', "", text)), page.name
    for style in site.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//", style.read_text()), style


def notebook_is_shown_with_its_outputs(site: Path, notebook: Path) -> None:
    page = (site / f"notebooks/{notebook.stem}.html").read_text(encoding="utf-8")
    assert SHOWN[notebook.stem] in page
    assert (site / "notebooks" / notebook.name).exists()
    for picture in re.findall(r'src="([^"]+\.svg)"', page):
        assert (site / "notebooks" / picture).exists()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_notebooks_are_kept_without_outputs(notebook: Path) -> None:
    found = nbformat.read(notebook, as_version=4)
    nbformat.validate(found)
    for cell in found.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_an_error_in_a_notebook_ends_the_build(tmp_path: Path) -> None:
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(broken, tmp_path / "broken.ipynb")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        docsite("notebooks").executed(tmp_path / "broken.ipynb")


def library_is_told_by_its_docstrings(site: Path) -> None:
    page = (site / "library.html").read_text(encoding="utf-8")
    assert 'id="nl2efg.solve"' in page
    assert ":func:" not in page
    assert "<blockquote>" not in page  # what an example is taken for that is not told apart
    assert 'href="#nl2efg.draw_svg"' in page


def test_docstrings_in_markdown() -> None:
    markdown = docsite("docstrings").markdown
    assert markdown("Args:\n    a, b: the games,\n        both.") == (
        "Args:\n    a: see `b`.\n    b: the games,\n        both."
    )
    assert markdown("Do so::\n\n    x = 1\n") == "Do so:\n\n    x = 1\n"
    assert markdown("Words.\n\n>>> 1 + 1\n2\n>>> 3\n3\n").count("```") == 2
