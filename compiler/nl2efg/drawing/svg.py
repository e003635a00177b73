"""A game tree as SVG: for papers, web pages and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from xml.sax.saxutils import escape, quoteattr

from nl2efg.drawing.header import TITLE_SIZE, Header, header_of
from nl2efg.drawing.labels import OF_SETS, SIZE
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point
from nl2efg.drawing.layout.measures import BAND, CURVED, NODE
from nl2efg.drawing.palette import colour_class, corners, css, stroke_class
from nl2efg.drawing.readable_size import tell_size
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE
from nl2efg.text import one_line

BASELINE = 0.35  # of the font size, below the middle of a line
MARGIN = 4.0
NODES_WITH_TITLES = 1000
THIN, THICK = 1.1, 3.2  # an edge of probability 0 and 1
DIM = "0.42"
CORNER = 10.0
ROOT = ".nl2efg-tree"


def svg_of(tree: GameTree, geometry: Layout, view: View, profile: BehaviourProfile | None) -> str:
    """A layout as an SVG document, with its title and legend."""
    header = header_of(tree, view, profile, geometry.width)
    width = max(geometry.width, header.width) + 2 * MARGIN
    height = geometry.height + header.height + 2 * MARGIN
    left = MARGIN + max(0.0, (header.width - geometry.width) / 2)
    parts = [
        *header_svg(header, view, MARGIN),
        f'<g stroke-width="{THIN}" transform="translate({short(left)} '
        f'{short(MARGIN + header.height)})">',
        *Drawing(tree, geometry, profile).lines(),
        "</g>",
    ]
    return document(tree, view, (width, height), description(tree, geometry, view, profile), parts)


def document(
    tree: GameTree,
    view: View,
    size: tuple[float, float],
    words: str,
    parts: Sequence[str],
    pictures: int = 1,
) -> str:
    """An SVG document around what is drawn; warns where its type is too small to be read.

    Args:
        tree: the game, for the title.
        view: gives the size on the page, the theme and the font.
        size: width and height in units of the layout.
        words: what the picture shows, for who cannot see it.
        parts: the elements.
        pictures: how many there are.
    """
    width, height = size
    scale = view.scale_to(width, height)
    tell_size(view, scale, size, pictures)
    root = f"{ROOT}.{view.theme}"  # a page may hold pictures of several themes
    title = one_line(tree.title) or "Extensive-form game"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nl2efg-tree {view.theme}" role="img" '
        f'width="{short(width * scale)}" height="{short(height * scale)}" '
        f'viewBox="0 0 {short(width)} {short(height)}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(words)}</desc>",
        f"<style>{fixed_css(root, view.font_family) + css(root, view.theme)}</style>",
        '<rect class="page" width="100%" height="100%" fill="#fff"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def fixed_css(root: str, font: str) -> str:
    """Style rules that are the same in light and dark, for everything inside ``root``."""
    return (
        f"{root} text{{font:{SIZE:g}px {font}}}{root} tspan{{unicode-bidi:isolate}}"
        f"{root} text.h{{font-size:{TITLE_SIZE:g}px;font-weight:bold}}"
        f"{root} .e{{fill:none;stroke-linejoin:round}}"
        f"{root} .b{{fill:none;stroke-width:{2 * BAND:g};stroke-linecap:round;opacity:.16}}"
        f"{root} .b.v{{stroke-width:{2 * CURVED:g}}}"
        f"{root} .d{{fill:none;stroke-width:1.2;stroke-dasharray:4 3}}"
        f"{root} .b.u{{opacity:.07}}{root} .d.u{{opacity:{DIM}}}"
        f"{root} .o{{opacity:{DIM}}}{root} .m{{stroke-width:1.4}}{root} .w{{font-weight:bold}}"
    )


def short(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def text_svg(kind: str, text: str, x: float, y: float, anchor: str) -> str:
    """One line of text as an element, its middle at a height.

    Args:
        kind: classes of style.
        text: what is written.
        x, y: where.
        anchor: ``"start"``, ``"middle"`` or ``"end"``: which part of it is at ``x``.
    """
    return (
        f'<text class="{kind}" x="{short(x)}" y="{short(y + SIZE * BASELINE)}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def description(
    tree: GameTree, geometry: Layout, view: View, profile: BehaviourProfile | None
) -> str:
    """What a picture shows, in a few sentences."""
    players = ", ".join(map(one_line, tree.players)) or "no players"
    text = (
        f"Game tree of {players}: {len(tree):,} nodes, "
        f"{sum(not each.is_chance for each in tree.information_sets):,} information sets, "
        f"{len(tree.terminals):,} terminal nodes."
    )
    if geometry.cut:
        text += f" {len(tree) - len(geometry.nodes):,} nodes are left out."
    if profile is not None:
        show = view.payoff_format(tree, profile).show
        values = zip(tree.players, profile.values, strict=True)
        told = ", ".join(f"{one_line(player)} {show(value)}" for player, value in values)
        text += f" Shown with a behaviour strategy profile; expected payoffs: {told}."
    return text


def header_svg(header: Header, view: View, margin: float) -> list[str]:
    """Title, caption and legend as elements."""
    found = []
    for kind, text, y in header.lines:
        found.append(
            f'<text class="{kind}" x="{short(margin)}" y="{short(margin + y)}">'
            f"{escape(text)}</text>"
        )
    for player, text, x, y in header.legend:
        place = (margin + x + NODE, margin + y)
        found.append(
            f'{marker(player, place, header.radius)}<text class="{colour_class(player)}" '
            f'x="{short(margin + x + 2 * NODE + 3)}" y="{short(margin + y + SIZE * BASELINE)}">'
            f"{escape(text)}</text>"
        )
    return found


def marker(player: int, place: Point, radius: float, dim: str = "") -> str:
    """The marker of a player's nodes."""
    x, y = place
    kind = colour_class(player)
    if player == CHANCE:
        size = max(radius - 0.7, 3.0)
        return f'<circle class="c m{dim}" cx="{short(x)}" cy="{short(y)}" r="{size:g}"/>'
    points = corners(player, radius)
    if not points:
        return f'<circle class="{kind}{dim}" cx="{short(x)}" cy="{short(y)}" r="{radius:g}"/>'
    where = " ".join(f"{short(x + dx)},{short(y + dy)}" for dx, dy in points)
    return f'<polygon class="{kind}{dim}" points="{where}"/>'


class Drawing:
    """The elements of a layout.

    Args:
        tree: the game.
        geometry: where everything is.
        profile: the equilibrium that is laid over it, or None.
    """

    def __init__(self, tree: GameTree, geometry: Layout, profile: BehaviourProfile | None) -> None:
        self.tree, self.geometry, self.profile = tree, geometry, profile
        self.reach = None if profile is None else profile.reach
        self.titles = len(geometry.nodes) <= NODES_WITH_TITLES

    def lines(self) -> list[str]:
        """Bands, edges, nodes and labels, in the order in which they are drawn."""
        geometry = self.geometry
        return [
            *(self._band(band) for band in geometry.bands),
            *(self._edge(edge) for edge in geometry.edges),
            *(self._node(node, place) for node, place in geometry.nodes.items()),
            *(self._label(label) for label in geometry.labels),
        ]

    def _dim(self, node: int) -> str:
        return " o" if self.reach is not None and not self.reach[node] else ""

    def _node(self, node: int, place: Point) -> str:
        player = self.tree.player_of(node)
        dim = self._dim(node)
        if player is None:
            radius = 2.2 if self.geometry.shaded else 1.6
            shape = (
                f'<circle class="i{dim}" cx="{short(place[0])}" cy="{short(place[1])}" '
                f'r="{radius:g}"/>'
            )
        else:
            shape = marker(player, place, self.geometry.radius, dim)
            if node in self.geometry.cut:
                shape = self._stump(place, dim) + shape
        if not self.titles:
            return shape
        words = ", ".join(map(one_line, self.tree.history(node))) or "the root"
        label = one_line(self.tree.node_labels[node])
        title = f"{label}: {words}" if label else words
        return f"<g><title>{escape(title)}</title>{shape}</g>"

    def _stump(self, place: Point, dim: str) -> str:
        """Two short lines: the tree goes on here."""
        forth, aside = NODE + 8, NODE
        ends = (
            [(-aside, forth), (aside, forth)]
            if self.geometry.direction == "down"
            else [(forth, -aside), (forth, aside)]
        )
        way = "".join(
            f"M{short(place[0])} {short(place[1])}L{short(place[0] + dx)} {short(place[1] + dy)}"
            for dx, dy in ends
        )
        return f'<path class="e{dim}" d="{way}"/>'

    def _edge(self, edge: Edge) -> str:
        tree = self.tree
        index = tree.set_of[edge.parent]
        style, kind = "", "e"
        if self.profile is not None:
            chance = float(self.profile.probabilities[index][tree.action_of[edge.child]])
            # Where play never comes, what is planned there is still shown, but dimmed.
            style = f' stroke-width="{short(THIN + (THICK - THIN) * chance)}"'
            if chance:
                kind += " " + stroke_class(tree.information_sets[index].player)
            kind += self._dim(edge.child)
        parts = [edge.points]
        if edge.gap:
            parts = [(*edge.points[:-1], edge.gap[0]), (edge.gap[1], edge.points[-1])]
        way = "".join(
            "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points) for points in parts
        )
        return f'<path class="{kind}" d="{way}"{style}/>'

    def _band(self, band: Band) -> str:
        kind = stroke_class(self.tree.information_sets[band.information_set].player)
        if not band.curved:
            way = band_path((band.points[0], band.points[-1]))
        else:
            way, kind = band_path(band.points), kind + " v"
        if self.profile is not None and not self.profile.comes_to(band.information_set):
            kind += " u"
        shade = f'<path class="b {kind}" d="{way}"/>' if self.geometry.shaded else ""
        return f'{shade}<path class="d {kind}" d="{way}"/>'

    def _label(self, label: Label) -> str:
        # Several pieces begin at their left end: CairoSVG anchors each piece by itself.
        part = label.anchor if len(label.pieces) == 1 else 0.0
        anchor = {0.5: ' text-anchor="middle"', 1.0: ' text-anchor="end"'}.get(part, "")
        x = label.x + label.width * part
        head = f'x="{short(x)}" y="{short(label.y + SIZE * BASELINE)}"{anchor}'
        if label.angle:
            middle = label.x + label.width / 2
            head += f' transform="rotate({label.angle:g} {short(middle)} {short(label.y)})"'
        dim = self._dim(label.node)
        if self.profile is not None and label.pieces[0].kind in OF_SETS:
            dim = "" if self.profile.comes_to(self.tree.set_of[label.node]) else " o"
        full = " ".join(piece.full for piece in label.pieces if piece.full)
        title = f"<title>{escape(full)}</title>" if full else ""
        if len(label.pieces) == 1:
            (piece,) = label.pieces
            kind = ("t" if piece.kind == "set" else colour_class(piece.player)) + dim
            return f"<text class={quoteattr(kind)} {head}>{title}{escape(piece.text)}</text>"
        spans = "".join(
            f'<tspan class="{"t" if piece.kind == "set" else colour_class(piece.player)}">'
            f"{escape(piece.text)}</tspan>"
            for piece in label.pieces
        )
        return f'<text class="i{dim}" {head}>{title}{spans}</text>'


def band_path(points: Sequence[Point]) -> str:
    """A line through points, with rounded corners."""
    way = f"M{short(points[0][0])} {short(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        (x, y), (end_x, end_y) = _towards(corner, before), _towards(corner, after)
        way += (
            f"L{short(x)} {short(y)}"
            f"Q{short(corner[0])} {short(corner[1])} {short(end_x)} {short(end_y)}"
        )
    return way + f"L{short(points[-1][0])} {short(points[-1][1])}"


def _towards(corner: Point, other: Point) -> Point:
    """A point on the way from a corner, at most half the way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(CORNER / max(hypot(dx, dy), CORNER), 0.5)
    return (corner[0] + share * dx, corner[1] + share * dy)
