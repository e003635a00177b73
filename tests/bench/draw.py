"""How long pictures take, how large they are, and when a big report answers. Run by hand.

Beside it, where they are installed: Graphviz's ``dot`` on our DOT, pdflatex on our TikZ, and with
the interpreters of their own environments gtdraw (PyPI) and OpenSpiel's treeviz (pygraphviz), which
draw the same ``.efg`` files as we do, from the file to the text of the picture::

    python tests/bench/draw.py
    python tests/bench/draw.py --gtdraw PYTHON --treeviz PYTHON
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.trees import kuhn

from nl2efg.drawing import draw_dot, draw_html, draw_svg, draw_tikz, lay_out
from nl2efg.formats import load_efg, write_efg
from nl2efg.game import GameTree, TreeBuilder

OTHERS = {
    "gtdraw": """
import gtdraw
def draw():
    gtdraw.tex(FILE, save_to=FOLDER + "/gtdraw.tex")
""",
    "treeviz": """
import pyspiel
from open_spiel.python.visualizations import treeviz
def draw():
    game = pyspiel.load_game("efg_game(filename=" + FILE + ")")
    treeviz.GameTree(game).draw(path=FOLDER + "/treeviz.svg", prog="dot", format="svg")
""",
}
"""How another program draws FILE into FOLDER."""
BEST_OF = """
import time
best = float("inf")
for _ in range(3):
    begun = time.perf_counter()
    draw()
    best = min(best, time.perf_counter() - begun)
print(best)
"""


def wide(levels: int, branching: int) -> GameTree:
    """A full tree in which no player sees the other's last move."""
    builder = TreeBuilder(["Alice", "Bob"], f"{branching} moves, {levels} levels")
    nodes = [0]
    for level in range(levels):
        actions = [f"move {number}" for number in range(branching)]
        following = []
        for start in range(0, len(nodes), branching):
            moves = builder.information_set(level % 2, actions, f"{level}.{start // branching}")
            for node in nodes[start : start + branching]:
                following += builder.move(node, moves)
        nodes = following
    for rank, node in enumerate(nodes):
        builder.pay(node, [rank % 7, -(rank % 5)])
    return builder.build()


def timed(work: Any, repeat: int = 3) -> tuple[float, Any]:
    """Best of a few times, in seconds, and the result."""
    best, result = float("inf"), None
    for _ in range(repeat):
        begun = perf_counter()
        result = work()
        best = min(best, perf_counter() - begun)
    return best, result


def outside(command: list[str], folder: Path, limit: float = 120.0) -> str:
    """Seconds that another program takes, or why it gives nothing."""
    if shutil.which(command[0]) is None:
        return "not installed"
    begun = perf_counter()
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"over {limit:.0f} s"
    return f"{perf_counter() - begun:.2f} s" if not done.returncode else "fails"


def beside(name: str, python: str, file: Path, ours: float) -> str:
    """How long another program takes for a file, and that as a multiple of our time."""
    head = f"FILE, FOLDER = {str(file)!r}, {str(file.parent)!r}"
    command = [python, "-W", "ignore", "-c", head + OTHERS[name] + BEST_OF]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return "over 300 s"
    if done.returncode:
        return f"fails: {(done.stderr.strip().splitlines() or ['no word'])[-1]}"
    seconds = float(done.stdout.split()[-1])
    return f"{seconds:.3f} s, {seconds / ours:.1f} times our {ours:.3f} s"


def click(html: str, folder: Path) -> str:
    """Seconds from opening a report until it has answered a click."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "playwright is not installed"
    program = shutil.which("chromium")
    if program is None:
        return "no chromium"
    (folder / "report.html").write_text(html, encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        begun = perf_counter()
        page.goto((folder / "report.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        ready = perf_counter() - begun
        shown = page.locator("#scene [role=treeitem]").count()
        begun = perf_counter()
        page.locator("#scene [data-node='0']").press("Enter")
        page.wait_for_function(
            "n => document.querySelectorAll('#scene [role=treeitem]').length !== n", arg=shown
        )
        answer = perf_counter() - begun
        browser.close()
    return f"ready after {ready:.2f} s, a click answered after {answer:.3f} s"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in OTHERS:
        parser.add_argument(f"--{name}", metavar="PYTHON", help=f"interpreter that has {name}")
    pythons = vars(parser.parse_args())
    games = {"Kuhn poker": kuhn(), "2,000": wide(10, 2), "20,000": wide(6, 5)}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, tree in games.items():
            print(f"{name}: {len(tree):,} nodes, {len(tree.terminals):,} ends")
            placing, _ = timed(lambda tree=tree: lay_out(tree))
            seconds, svg = timed(lambda tree=tree: draw_svg(tree))
            print(
                f"  layout {placing:.3f} s; SVG {seconds:.3f} s, {len(svg.encode()) / 1e3:,.0f} kB"
            )
            seconds, html = timed(lambda tree=tree: draw_html(tree))
            size = len(html.encode()) / 1e3
            print(f"  report {seconds:.3f} s, {size:,.0f} kB; {click(html, folder)}")
            (folder / "tree.dot").write_text(draw_dot(tree), encoding="utf-8")
            print("  Graphviz dot:", outside(["dot", "-Tsvg", "-otree.svg", "tree.dot"], folder))
            file = folder / "tree.efg"
            file.write_text(write_efg(tree), encoding="utf-8")
            ours, _ = timed(lambda file=file: draw_svg(load_efg(file)))
            for name, python in pythons.items():
                if python and len(tree) < 5000:
                    print(f"  {name}:", beside(name, python, file, ours))
            if len(tree) < 200:
                (folder / "tree.tex").write_text(draw_tikz(tree), encoding="utf-8")
                command = ["pdflatex", "-interaction=batchmode", "tree.tex"]
                print("  our TikZ through pdflatex:", outside(command, folder))


if __name__ == "__main__":
    main()
