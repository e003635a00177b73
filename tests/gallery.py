"""A page of pictures to look at: all bundled games, Gambit's catalogue and large trees.

    python -m tests.gallery [FOLDER]

writes ``FOLDER/index.html`` (by default ``gallery/`` in the temporary folder) and one SVG for each
picture, and prints how large the type is on a column of 8.5 cm. First come the games whose pictures
were criticised, before and after.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from html import escape
from pathlib import Path

from nl2efg import family_of, sweep
from nl2efg.drawing import View, draw_svg
from nl2efg.drawing.layout.line import spine_of
from nl2efg.drawing.layout.signalling import is_signalling
from nl2efg.drawing.view import ViewOptions
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
    "slide": View(width=SLIDE, height="120mm", size=18),
    "print": View(theme="print", width=COLUMN, title=False),
    "dark": View(theme="dark"),
    "tilted": View(tilt=True, kind="tree"),
    "in full": View(full=True, sets=True),
    "parts": View(parts=8, width="170mm"),
    "matrix": View(kind="matrix"),
    "payoffs": View(kind="payoffs"),
    "ends": View(kind="ends"),
}
WITH_PROFILE = ("equilibrium", "ends")
"""Views of the profile in which every action is as likely as the next."""
FEW = ("textbook", "lanes", "column", "slide", "print")
"""Views of the catalogue."""
LARGE = (*FEW, "parts")
"""Views of large trees."""
COMPARED: dict[str, ViewOptions] = {
    "before": {"style": "lanes", "width": COLUMN, "kind": "tree"},
    "now": {"width": COLUMN},
    "before, as large as it comes": {"style": "lanes", "kind": "tree"},
    "now, as large as it comes": {},
}
"""The only style there was, and today's."""
SWEPT = (("v=1:9:17", "d=1/2:9/2:17"), ("v=1:9:33",))
"""Axes over which the game of a user and an assistant is solved."""
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
    """Points of the type of a picture; 9, as it comes, of one that says no width."""
    found = re.search(r'width="([\d.]+)" height="[\d.]+" viewBox="0 0 ([\d.]+)', svg)
    if found is None:
        return 9.0
    return 9.0 * float(found[1]) / float(found[2])


def fits(name: str, tree: GameTree) -> bool:
    """Whether a view has something to show of a game."""
    if name == "matrix":
        return len(tree.players) <= 3 and strategic_form(tree, max_cells=64) is not None
    if name == "tree":
        return is_signalling(tree) or bool(spine_of(tree))
    if name == "payoffs":
        return len(tree.players) == 2
    if name == "parts":
        return len(tree.terminals) > 12
    return True


class Page:
    """The page, and the files beside it.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = ["<!doctype html><meta charset=utf-8><title>Gallery</title>", STYLE]

    def heading(self, words: str, level: int = 1) -> None:
        """A heading."""
        self.lines.append(f"<h{level}>{escape(words)}</h{level}>")

    def row(self, figures: Iterable[tuple[str, str, Callable[[], str]]]) -> dict[str, float]:
        """Pictures beside each other.

        Args:
            figures: of each the file's name, what stands below, and how it is drawn.

        Returns:
            points of the type by what stands below.
        """
        sizes = {}
        self.lines.append("<div class=row>")
        for name, words, drawn in figures:
            try:
                svg = drawn()
            except UserError as error:
                self.lines.append(f"<p>{escape(words)}: {escape(str(error))}</p>")
                continue
            file = re.sub(r"\W+", "_", name) + ".svg"
            (self.folder / file).write_text(svg, encoding="utf-8")
            sizes[words] = type_size(svg)
            self.lines.append(
                f"<figure><img src={file} alt='{escape(words)}'>"
                f"<figcaption>{escape(words)}, {sizes[words]:.1f} pt</figcaption></figure>"
            )
        self.lines.append("</div>")
        return sizes

    def games(
        self, group: str, games: Iterable[tuple[str, GameTree]], views: Sequence[str]
    ) -> dict[str, float]:
        """A row for each game; the type sizes on a column by game."""
        self.heading(group)
        sizes = {}
        for game, tree in games:
            self.heading(f"{game}{' (criticised before)' if game in CRITICISED else ''}", 2)
            shown = [name for name in views if fits(name, tree)]
            found = self.row((f"{group}-{game}-{v}", v, picture(tree, v)) for v in shown)
            sizes[game] = found.get("column", 0.0)
        return sizes

    def before_and_after(self) -> None:
        """The games that were criticised, as they were drawn and as they are, on a column."""
        self.heading("before and after")
        trees = dict(bundled())
        for game in CRITICISED:
            self.heading(game, 2)
            self.row(
                (f"{words}-{game}", words, partial(draw_svg, trees[game], View(**fields)))
                for words, fields in COMPARED.items()
            )

    def sweeps(self) -> None:
        """Regimes and values over the letters of a game."""
        self.heading("sweeps")
        family = family_of(dict(bundled())["assistant_price"])
        plane, line = (sweep(family, over, workers=1) for over in SWEPT)
        self.row(
            [
                ("sweep-regimes", "regimes", plane.svg),
                ("sweep-plane", "value over a plane", partial(plane.svg, "Assistant")),
                ("sweep-line", "values over a line", line.svg),
            ]
        )


def picture(tree: GameTree, name: str) -> Callable[[], str]:
    """How a game is drawn in one of the views."""
    profile = uniform(tree) if name in WITH_PROFILE else None
    return partial(draw_svg, tree, VIEWS[name], profile=profile)


def write(folder: Path) -> dict[str, float]:
    """Write the gallery; the type sizes of the bundled games on a column."""
    folder.mkdir(parents=True, exist_ok=True)
    page = Page(folder)
    page.before_and_after()
    sizes = page.games("bundled games", bundled(), tuple(VIEWS))
    page.games("catalogue", catalogue(), FEW)
    page.games("large", ((f"{n}", binary(n)) for n in (6, 8, 10)), LARGE)
    page.sweeps()
    (folder / "index.html").write_text("\n".join(page.lines), encoding="utf-8")
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(tempfile.gettempdir()) / "gallery"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    folder = parser.parse_args().folder
    sizes = write(folder)
    for game, points in sorted(sizes.items(), key=lambda item: item[1]):
        print(f"{points:5.1f} pt  {game}")
    enough = sum(points >= 6 for points in sizes.values())
    print(f"{enough} of {len(sizes)} bundled games have type of 6 pt or more on {COLUMN}")
    print(folder / "index.html")


if __name__ == "__main__":
    main()
