"""pdfLaTeX compiles what is drawn, where TeX is installed.

Debian: ``texlive-latex-extra texlive-pictures``; too large for every run, so tests are skipped
where a package is missing.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from nl2efg.drawing import View, draw_tikz
from nl2efg.drawing.tikz import tikz_for_each
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve
from tests.gallery import bundled
from tests.layout_properties import uniform
from tests.trees import absent_minded_driver, kuhn

pytestmark = pytest.mark.process


def compiles(source: str, folder: Path, needs: str, pages: int = 1) -> None:
    """Run pdflatex; skipped where it or a package is missing."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        pytest.skip("pdflatex is not installed")
    if subprocess.run(["kpsewhich", needs], capture_output=True, check=False).returncode:
        pytest.skip(f"{needs} is not installed")
    (folder / "tree.tex").write_text(source, encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tree.tex"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    said = done.stdout.decode("latin-1")
    assert not done.returncode, said[-2000:]
    assert f"({pages} page" in said
    assert "Missing character" not in said


def hostile() -> GameTree:
    """Labels of which TeX would act upon every character."""
    builder = TreeBuilder([r"\input{x}", "50% & #1_$^~{}", "玩家"], "%")
    labels = ["-", "''", "題", "[,]", "=;", "a'b", '|"<>', "„ß“ Σς", "^^5cinput{x}", "\\"]
    for leaf in builder.move(0, builder.information_set(0, labels)):
        builder.pay(leaf, [1, -2, 3])
    return builder.build()


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("tree", [kuhn(), absent_minded_driver(), hostile()], ids=["k", "d", "h"])
def test_documents(tree: GameTree, direction: str, tmp_path: Path) -> None:
    view = View(direction=direction)  # type: ignore[arg-type]
    compiles(draw_tikz(tree, view, profile=uniform(tree)), tmp_path, "standalone.cls")


@pytest.mark.parametrize("name", ["beer_quiche", "centipede", "rock_paper_scissors"])
def test_kinds(name: str, tmp_path: Path) -> None:
    tree = dict(bundled())[name]
    compiles(draw_tikz(tree), tmp_path, "standalone.cls")
    compiles(draw_tikz(tree, kind="matrix"), tmp_path, "standalone.cls")
    profiles = [found.profile for found in solve(tree, all=True).equilibria]
    compiles(tikz_for_each(tree, profiles, View(kind="matrix")), tmp_path, "standalone.cls")


def test_istgame(tmp_path: Path) -> None:
    for tree in (kuhn(), hostile()):
        for style in ("textbook", "lanes"):
            view = View(tex="istgame", style=style)  # type: ignore[arg-type]
            compiles(draw_tikz(tree, view, profile=uniform(tree)), tmp_path, "istgame.sty")


@pytest.mark.parametrize("name", ["beer_quiche", "selten_horse", "centipede", "tough_offers"])
def test_istgame_draws_every_kind(name: str, tmp_path: Path) -> None:
    tree = dict(bundled())[name]
    source = draw_tikz(tree, tex="istgame", profile=uniform(tree), width="85mm", tilt=True)
    compiles(source, tmp_path, "istgame.sty")


@pytest.mark.parametrize("tex", ["standalone", "istgame"])
def test_every_equilibrium_is_a_page(tex: str, tmp_path: Path) -> None:
    tree = dict(bundled())["stag_hunt"]
    profiles = [found.profile for found in solve(tree, all=True).equilibria]
    source = tikz_for_each(tree, profiles, View(tex=tex))  # type: ignore[arg-type]
    compiles(source, tmp_path, "istgame.sty", pages=len(profiles))


def test_beliefs_stand_below_names(tmp_path: Path) -> None:
    """In brackets, which after the end of a line would be taken for a length."""
    tree = dict(bundled())["selten_horse"]
    profile = solve(tree).equilibria[0].profile
    source = draw_tikz(tree, profile=profile)
    assert r"\\{}[\ensuremath{\leq} 1/3]" in source
    compiles(source, tmp_path, "standalone.cls")


def test_a_fragment_in_a_document_of_another_kind(tmp_path: Path) -> None:
    tree = absent_minded_driver()
    fragment = draw_tikz(tree, tex="fragment", profile=uniform(tree))
    (tmp_path / "fragment.tex").write_text(fragment, encoding="ascii")
    source = r"""\documentclass{article}
\usepackage{tikz}\usetikzlibrary{shapes.geometric}\usepackage{iftex}\usepackage{textcomp}
\usepackage[a3paper]{geometry}\pagestyle{empty}
\begin{document}\centering\input{fragment}\end{document}
"""
    compiles(source, tmp_path, "tikz.sty")
