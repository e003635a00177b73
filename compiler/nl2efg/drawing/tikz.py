"""A game tree as TikZ, from the same coordinates as the SVG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from nl2efg.drawing.labels import Piece
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point
from nl2efg.drawing.layout.measures import BAND, CURVED, NODE
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.palette import INK, LIGHT, SOFT, colour_class, corners
from nl2efg.drawing.tex_escaping import DEFINITION, PREAMBLE, tex
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.errors import UserError
from nl2efg.families.written import formulas, lettered
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE
from nl2efg.text import one_line

UNIT = 0.75  # bp for one pixel
TEX_LIMIT = 16_000.0  # bp; TeX's largest length is 16,384 pt
MARGIN = 8.0
ROUNDING = 2.0  # bp; without it, a rounded length may push the picture to a second page
LEGEND = 24.0
THIN, THICK = 0.5, 1.7  # bp
DIM = 0.42


def draw_tikz(
    tree: GameTree,
    view: View | None = None,
    *,
    profile: BehaviourProfile | None = None,
    standalone: bool = True,
    **options: Unpack[ViewOptions],
) -> str:
    """The tree as LaTeX source in pure ASCII; pdfLaTeX compiles it.

    Characters that pdfLaTeX has no font for appear as their code there, and as themselves in
    LuaLaTeX and XeLaTeX.

    Args:
        tree, view, profile, options: as :func:`nl2efg.draw_svg`.
        standalone: a whole document that is one page; else a ``tikzpicture`` for ``\\input``,
            whose comment lists the packages that it needs.

    Raises:
        UserError: the picture is larger than TeX can count.
    """
    tree = lettered(tree)
    geometry = lay_out(tree, View.of(view, options), profile=profile)
    if max(geometry.width, geometry.height) * UNIT > TEX_LIMIT:
        raise UserError(
            f"the picture of {len(geometry.nodes):,} nodes is larger than TeX's largest length",
            hint="cut it with --depth, or draw SVG or PDF",
        )
    picture = list(_Picture(tree, geometry, profile).lines())
    packages = [*PREAMBLE, r"\usepackage{tikz}"]
    if not standalone:
        needs = [f"% {line}" for line in packages]
        return "\n".join(["% In the preamble:", *needs, "", *picture, ""])
    width = UNIT * geometry.width + 2 * MARGIN + ROUNDING
    height = UNIT * (geometry.height + LEGEND) + 2 * MARGIN + ROUNDING
    page = f"papersize={{{width:.1f}bp,{height:.1f}bp}},margin={MARGIN:g}bp"
    head = [
        r"\documentclass{article}",
        rf"\usepackage[{page}]{{geometry}}",
        *packages,
        r"\pagestyle{empty}\parindent=0pt\topskip=0pt",
        r"\begin{document}\noindent",
    ]
    return "\n".join([*head, *picture, r"\end{document}", ""])


def _p(point: Point) -> str:
    return f"({point[0]:g},{point[1]:g})"


class _Picture:
    def __init__(self, tree: GameTree, geometry: Layout, profile: BehaviourProfile | None) -> None:
        self.tree, self.geometry, self.profile = tree, geometry, profile
        self.reach = None if profile is None else profile.reach
        self.formulas = formulas(tree)

    def lines(self) -> Iterator[str]:
        geometry = self.geometry
        yield DEFINITION
        for index, colour in enumerate(LIGHT):
            yield rf"\definecolor{{p{index}}}{{HTML}}{{{colour[1:].upper()}}}"
        yield rf"\definecolor{{c}}{{HTML}}{{{SOFT[0][1:].upper()}}}"
        yield rf"\definecolor{{i}}{{HTML}}{{{INK[0][1:].upper()}}}"
        yield (
            rf"\begin{{tikzpicture}}[x={UNIT}bp,y=-{UNIT}bp,line width={THIN}bp,"
            r"every node/.style={inner sep=0pt,outer sep=0pt,text height=6.5bp,text depth=2bp},"
            r"font=\sffamily\fontsize{9bp}{10.5bp}\selectfont]"
        )
        yield (
            rf"\useasboundingbox (0,{-LEGEND:g}) rectangle "
            rf"{_p((geometry.width, geometry.height))};"
        )
        yield from self._legend()
        for band in geometry.bands:
            yield self._band(band)
        for edge in geometry.edges:
            yield self._edge(edge)
        for node, place in geometry.nodes.items():
            yield self._node(node, place)
        for label in geometry.labels:
            yield from self._label(label)
        yield r"\end{tikzpicture}"

    def _legend(self) -> Iterator[str]:
        parts = [
            rf"\textcolor{{{colour_class(player)}}}{{{tex(one_line(name))}}}"
            for player, name in enumerate(self.tree.players)
        ]
        if parts:
            line = r"\quad ".join(parts)
            yield rf"\node[anchor=west] at (4,{-LEGEND / 2:g}) {{{line}}};"

    def _dim(self, node: int) -> str:
        return f",opacity={DIM}" if self.reach is not None and not self.reach[node] else ""

    def _band(self, band: Band) -> str:
        colour = colour_class(self.tree.information_sets[band.information_set].player)
        points = band.points if band.curved else (band.points[0], band.points[-1])
        way = " -- ".join(map(_p, points))
        width = 2 * UNIT * (CURVED if band.curved else BAND)
        return (
            rf"\draw[{colour},opacity=.16,line width={width:g}bp,line cap=round,"
            rf"rounded corners=6bp] {way};"
            "\n"
            rf"\draw[{colour},dashed,rounded corners=6bp] {way};"
        )

    def _edge(self, edge: Edge) -> str:
        style = "c"
        if self.profile is not None:
            number = self.tree.set_of[edge.parent]
            chance = float(self.profile.probabilities[number][self.tree.action_of[edge.child]])
            if chance:
                style = colour_class(self.tree.information_sets[number].player)
            style += f",line width={THIN + (THICK - THIN) * chance:.2f}bp{self._dim(edge.child)}"
        points = list(map(_p, edge.points))
        if edge.gap:
            first, last = map(_p, edge.gap)
            way = " -- ".join([*points[:-1], first]) + f" {last} -- {points[-1]}"
        else:
            way = " -- ".join(points)
        return rf"\draw[{style}] {way};"

    def _node(self, node: int, place: Point) -> str:
        player = self.tree.player_of(node)
        x, y = place
        dim = self._dim(node)
        if player is None:
            return rf"\fill[i{dim}] {_p(place)} circle[radius={2.2 * UNIT:.2f}bp];"
        if player == CHANCE:
            radius = (NODE - 1) * UNIT
            return rf"\filldraw[draw=c,fill=white{dim}] {_p(place)} circle[radius={radius:.2f}bp];"
        stump = ""
        if node in self.geometry.cut:
            reach = NODE + 8
            ends = (
                [(x - NODE, y + reach), (x + NODE, y + reach)]
                if self.geometry.direction == "down"
                else [(x + reach, y - NODE), (x + reach, y + NODE)]
            )
            stump = "".join(rf"\draw[c{dim}] {_p(place)} -- {_p(end)};" for end in ends)
        colour = colour_class(player)
        points = corners(player, NODE)
        if not points:
            radius = NODE * UNIT
            return rf"{stump}\fill[{colour}{dim}] {_p(place)} circle[radius={radius:.2f}bp];"
        way = " -- ".join(_p((round(x + dx, 2), round(y + dy, 2))) for dx, dy in points)
        return rf"{stump}\fill[{colour}{dim}] {way} -- cycle;"

    def _label(self, label: Label) -> Iterator[str]:
        anchor = {0.0: "west", 0.5: "center", 1.0: "east"}[label.anchor]
        text = "".join(
            rf"\textcolor{{{'c' if piece.kind == 'set' else colour_class(piece.player)}}}"
            rf"{{{self._formula(piece) or tex(piece.text)}}}"
            for piece in label.pieces
        )
        place = _p((round(label.x + label.anchor * label.width, 1), label.y))
        yield rf"\node[anchor={anchor}{self._dim(label.node)}] at {place} {{{text}}};"

    def _formula(self, piece: Piece) -> str:
        """A payoff or probability with letters in math mode; empty for another text."""
        if piece.kind not in ("payoff", "probability"):
            return ""
        text = piece.text.removesuffix(", ")
        found = self.formulas.get(text.removeprefix("+("))
        if found is None:
            return ""
        opening = "+(" if text.startswith("+(") else ""
        return f"{opening}${found}${', ' if piece.text.endswith(', ') else ''}"
