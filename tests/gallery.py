"""A page of pictures to look at: all bundled games, Gambit's catalogue and large trees.

    python -m tests.gallery [FOLDER]

writes ``FOLDER/index.html`` (by default ``gallery/`` in the temporary folder) and one SVG for each
picture, and prints how large the type is on a column of 8.5 cm.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from nl2efg.drawing import View, draw_svg
from nl2efg.drawing.layout.line import spine_of
from nl2efg.drawing.layout.signalling import is_signalling
from nl2efg.errors import UserError
from nl2efg.formats import load_efg
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.strategic_form import strategic_form
from nl2efg.resources import shipped
from tests.layout_properties import uniform

COLUMN, SLIDE = "85mm", "254mm"
VIEWS = {
    "textbook": View(),
    "equilibrium": View(),
    "tree": View(kind="tree"),
    "lanes": View(style="lanes"),
    "column": View(width=COLUMN),
    "slide": View(width=SLIDE, size=18),
    "print": View(theme="print", width=COLUMN, title=False),
    "dark": View(theme="dark"),
    "tilted": View(tilt=True, kind="tree"),
    "in full": View(full=True, sets=True),
    "parts": View(parts=8, width="170mm"),
    "matrix": View(kind="matrix"),
}
FEW = ("textbook", "lanes", "print")
"""Views of games that are not bundled."""
CRITICISED = (
    "kuhn_poker",
    "ultimatum",
    "selten_horse",
    "beer_quiche",
    "centipede",
    "werewolf_vote",
    "voting_agenda",
    "levine_hats",
    "trust_game",
    "nim",
    "first_price_auction",
    "in_chinese",
)


def bundled() -> Iterator[tuple[str, GameTree]]:
    """The bundled games that have a tree."""
    for file in sorted(shipped("fixtures").joinpath("games").glob("*/reference.efg")):
        yield file.parent.name, load_efg(file)


def catalogue() -> Iterator[tuple[str, GameTree]]:
    """The games that pygambit brings along."""
    from tests.unit.test_draw_svg import catalogue as files

    for file in files():
        yield file.stem, load_efg(file)


def binary(levels: int) -> GameTree:
    """A full tree in which no player sees the other's last move."""
    builder = TreeBuilder(["Alice", "Bob"], f"{2 ** (levels + 1) - 1} nodes")
    nodes = [0]
    for level in range(levels):
        following = []
        for start in range(0, len(nodes), 2):
            moves = builder.information_set(level % 2, ["left", "right"])
            for node in nodes[start : start + 2]:
                following += builder.move(node, moves)
        nodes = following
    for rank, node in enumerate(nodes):
        builder.pay(node, [rank % 7, -(rank % 5)])
    return builder.build()


def type_size(svg: str) -> float:
    """Points of the type of a picture."""
    found = re.search(r'width="([\d.]+)" height="[\d.]+" viewBox="0 0 ([\d.]+)', svg)
    assert found is not None
    return 9.0 * float(found[1]) / float(found[2])


def fits(name: str, tree: GameTree) -> bool:
    """Whether a view has something to show of a game."""
    if name == "matrix":
        return len(tree.players) <= 3 and strategic_form(tree, max_cells=64) is not None
    if name == "tree":
        return is_signalling(tree) or bool(spine_of(tree))
    if name == "parts":
        return len(tree.terminals) > 12
    return True


def write(folder: Path) -> dict[str, float]:
    """Write the gallery; the type sizes of the bundled games on a column."""
    folder.mkdir(parents=True, exist_ok=True)
    page = ["<!doctype html><meta charset=utf-8><title>Gallery</title>", STYLE]
    sizes: dict[str, float] = {}
    groups = [
        ("bundled games", list(bundled()), tuple(VIEWS)),
        ("catalogue", list(catalogue()), FEW),
        ("large", [(f"{n}", binary(n)) for n in (6, 8, 10)], ("textbook",)),
    ]
    for group, games, views in groups:
        page.append(f"<h1>{group}</h1>")
        for game, tree in games:
            star = " (criticised before)" if game in CRITICISED else ""
            page.append(f"<h2>{escape(game)}{star}</h2><div class=row>")
            for name in views:
                if not fits(name, tree):
                    continue
                profile = uniform(tree) if name == "equilibrium" else None
                try:
                    svg = draw_svg(tree, VIEWS[name], profile=profile)
                except UserError as error:
                    page.append(f"<p>{escape(name)}: {escape(str(error))}</p>")
                    continue
                file = re.sub(r"\W+", "_", f"{group}-{game}-{name}") + ".svg"
                (folder / file).write_text(svg, encoding="utf-8")
                points = type_size(svg)
                if group == "bundled games" and name == "column":
                    sizes[game] = points
                page.append(
                    f"<figure><img src={file} alt='{escape(name)}'>"
                    f"<figcaption>{escape(name)}, {points:.1f} pt</figcaption></figure>"
                )
            page.append("</div>")
    (folder / "index.html").write_text("\n".join(page), encoding="utf-8")
    return sizes


STYLE = """<style>
body{font:14px sans-serif;margin:1rem;background:#ddd}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start}
figure{margin:0;background:#fff;border:1px solid #bbb}
img{max-width:1100px;display:block}
figcaption{color:#555;padding:2px 6px}
</style>"""


def main() -> None:
    """Write the page and print the sizes."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir() + "/gallery")
    sizes = write(folder)
    for game, points in sorted(sizes.items(), key=lambda item: item[1]):
        print(f"{points:5.1f} pt  {game}")
    enough = sum(points >= 6 for points in sizes.values())
    print(f"{enough} of {len(sizes)} bundled games have type of 6 pt or more on {COLUMN}")
    print(folder / "index.html")


if __name__ == "__main__":
    main()
