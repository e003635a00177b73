"""A game tree as SVG: for papers, web pages and notebooks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import hypot
from xml.sax.saxutils import escape, quoteattr

from nl2efg.drawing.labels import LINE, NAME_LIMIT, SIZE
from nl2efg.drawing.layout.measures import BAND, CURVED, NODE, Direction
from nl2efg.drawing.layout.picture import Band, Edge, Label, Layout, Point, lay_out
from nl2efg.drawing.layout.row_assignment import Along
from nl2efg.drawing.palette import colour_class, corners, css, stroke_class
from nl2efg.drawing.text_metrics import FONT_FAMILY, clean, number, shorten, width
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE

BASELINE = 0.35  # of the font size, below the middle of a line
MARGIN = 14.0
TITLE_SIZE = 15.0
MIN_HEADER = 420.0
NODES_WITH_TITLES = 1000
THIN, THICK = 1.2, 3.6  # an edge of probability 0 and 1
DIM = "0.42"
PROFILE_KEY = "E expected payoff · [p] belief · pale: not reached"
CORNER = 10.0
ROOT = ".nl2efg-tree"


def draw_svg(
    tree: GameTree,
    *,
    profile: BehaviourProfile | None = None,
    direction: Direction = "down",
    depth: int | None = None,
    collapsed: Collection[int] = (),
    along: Along = "depth",
    caption: str = "",
) -> str:
    """The tree as an SVG document; the same input gives the same bytes.

    Colours follow the reader's light or dark preference; fonts are the system's.

    Args:
        tree: the game.
        profile: an equilibrium to lay over the tree: probability as thickness and number, what is
            never reached dimmed, beliefs in brackets, expected payoffs as ``E``.
        direction: ``"down"`` or ``"right"``.
        depth: how many actions deep the picture goes; None for all.
        collapsed: nodes whose subtrees are left out.
        along: see :func:`nl2efg.drawing.layout.picture.lay_out`.
        caption: a line under the title.
    """
    geometry = lay_out(
        tree, profile=profile, direction=direction, depth=depth, collapsed=collapsed, along=along
    )
    return "\n".join(_Drawing(tree, geometry, profile, caption).lines()) + "\n"


def fixed_css(root: str) -> str:
    """Style rules that are the same in light and dark, for everything inside ``root``."""
    return (
        f"{root} text{{font:{SIZE:g}px {FONT_FAMILY}}}{root} tspan{{unicode-bidi:isolate}}"
        f"{root} text.h{{font-size:{TITLE_SIZE:g}px;font-weight:bold}}"
        f"{root} .e{{fill:none;stroke-linejoin:round}}"
        f"{root} .b{{fill:none;stroke-width:{2 * BAND:g};stroke-linecap:round;opacity:.16}}"
        f"{root} .b.v{{stroke-width:{2 * CURVED:g}}}"
        f"{root} .d{{fill:none;stroke-width:1;stroke-dasharray:4 3}}"
        f"{root} .b.u{{opacity:.07}}{root} .d.u{{opacity:{DIM}}}"
        f"{root} .o{{opacity:{DIM}}}{root} .m{{stroke-width:1.6}}"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


class _Drawing:
    def __init__(
        self, tree: GameTree, geometry: Layout, profile: BehaviourProfile | None, caption: str
    ) -> None:
        self.tree, self.geometry, self.profile = tree, geometry, profile
        self.caption = clean(caption)
        self.reach = None if profile is None else profile.reach
        self.titles = len(geometry.nodes) <= NODES_WITH_TITLES

    def lines(self) -> list[str]:
        header, header_width, top = self._header()
        geometry = self.geometry
        total = max(geometry.width, header_width) + 2 * MARGIN
        height = geometry.height + top + MARGIN
        left = MARGIN + max(0.0, (header_width - geometry.width) / 2)
        size = f'width="{_n(total)}" height="{_n(height)}" viewBox="0 0 {_n(total)} {_n(height)}"'
        title = clean(self.tree.title) or "Extensive-form game"
        return [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nl2efg-tree" role="img" {size}>',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(self._description())}</desc>",
            f"<style>{fixed_css(ROOT) + css(ROOT)}</style>",
            '<rect class="page" width="100%" height="100%" fill="#fff"/>',
            *header,
            f'<g stroke-width="{THIN}" transform="translate({_n(left)} {_n(top)})">',
            *(self._band(band) for band in geometry.bands),
            *(self._edge(edge) for edge in geometry.edges),
            *(self._node(node, place) for node, place in geometry.nodes.items()),
            *(self._label(label) for label in geometry.labels),
            "</g>",
            "</svg>",
        ]

    def _description(self) -> str:
        tree = self.tree
        players = ", ".join(map(clean, tree.players)) or "no players"
        text = (
            f"Game tree of {players}: {len(tree):,} nodes, "
            f"{sum(not each.is_chance for each in tree.information_sets):,} information sets, "
            f"{len(tree.terminals):,} terminal nodes."
        )
        if self.geometry.cut:
            text += f" {len(tree) - len(self.geometry.nodes):,} nodes are left out."
        if self.profile is not None:
            values = zip(tree.players, self.profile.values, strict=True)
            told = ", ".join(f"{clean(player)} {number(value)}" for player, value in values)
            text += f" Shown with a behaviour strategy profile; expected payoffs: {told}."
        return text

    def _header(self) -> tuple[list[str], float, float]:
        """Title, caption and legend; also their width and where the tree begins."""
        room = max(self.geometry.width, MIN_HEADER)
        lines, y, widest = [], MARGIN, 0.0
        title = clean(self.tree.title)
        if title:
            shown = shorten(title, TITLE_SIZE * 1.08, room)
            y += TITLE_SIZE
            lines.append(f'<text class="h" x="{_n(MARGIN)}" y="{_n(y)}">{escape(shown)}</text>')
            widest, y = width(shown, TITLE_SIZE * 1.08), y + 6
        if self.caption:
            shown = shorten(self.caption, SIZE, room)
            y += SIZE
            lines.append(f'<text class="t" x="{_n(MARGIN)}" y="{_n(y)}">{escape(shown)}</text>')
            widest, y = max(widest, width(shown, SIZE)), y + 6
        x = 0.0
        y += LINE / 2
        for player, text in self._legend():
            extent = width(text, SIZE) + 2 * NODE + 6
            if x and x + extent > room:
                x, y = 0.0, y + LINE + 4
            marker = self._marker(player, (MARGIN + x + NODE + 1, y))
            lines.append(
                f'{marker}<text class="{colour_class(player)}" '
                f'x="{_n(MARGIN + x + 2 * NODE + 6)}" y="{_n(y + SIZE * BASELINE)}">'
                f"{escape(text)}</text>"
            )
            x += extent + 16
            widest = max(widest, x - 16)
        if self.profile is not None:
            y += LINE + 4
            lines.append(
                f'<text class="t" x="{_n(MARGIN)}" y="{_n(y + SIZE * BASELINE)}">'
                f"{PROFILE_KEY}</text>"
            )
            widest = max(widest, width(PROFILE_KEY, SIZE))
        return lines, widest, y + LINE

    def _legend(self) -> list[tuple[int, str]]:
        found = []
        for player, name in enumerate(self.tree.players):
            text = shorten(clean(name), SIZE, NAME_LIMIT)
            if self.profile is not None:
                text += f"  E {number(self.profile.values[player])}"
            found.append((player, text))
        if any(infoset.is_chance for infoset in self.tree.information_sets):
            found.append((CHANCE, "Chance"))
        return found

    def _dim(self, node: int) -> str:
        return " o" if self.reach is not None and not self.reach[node] else ""

    def _marker(self, player: int, place: Point, dim: str = "") -> str:
        x, y = place
        kind = colour_class(player)
        if player == CHANCE:
            return f'<circle class="c m{dim}" cx="{_n(x)}" cy="{_n(y)}" r="{NODE - 1:g}"/>'
        points = corners(player, NODE)
        if not points:
            return f'<circle class="{kind}{dim}" cx="{_n(x)}" cy="{_n(y)}" r="{NODE:g}"/>'
        where = " ".join(f"{_n(x + dx)},{_n(y + dy)}" for dx, dy in points)
        return f'<polygon class="{kind}{dim}" points="{where}"/>'

    def _node(self, node: int, place: Point) -> str:
        player = self.tree.player_of(node)
        dim = self._dim(node)
        if player is None:
            shape = f'<circle class="i{dim}" cx="{_n(place[0])}" cy="{_n(place[1])}" r="2.2"/>'
        else:
            shape = self._marker(player, place, dim)
            if node in self.geometry.cut:
                shape = self._stump(place, dim) + shape
        if not self.titles:
            return shape
        words = ", ".join(map(clean, self.tree.history(node))) or "the root"
        label = clean(self.tree.node_labels[node])
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
            f"M{_n(place[0])} {_n(place[1])}L{_n(place[0] + dx)} {_n(place[1] + dy)}"
            for dx, dy in ends
        )
        return f'<path class="e{dim}" d="{way}"/>'

    def _edge(self, edge: Edge) -> str:
        tree = self.tree
        number_ = tree.set_of[edge.parent]
        style, kind = "", "e"
        if self.profile is not None:
            chance = float(self.profile.probabilities[number_][tree.action_of[edge.child]])
            # Where play never comes, what is planned there is still shown, but dimmed.
            style = f' stroke-width="{_n(THIN + (THICK - THIN) * chance)}"'
            if chance:
                kind += " " + stroke_class(tree.information_sets[number_].player)
            kind += self._dim(edge.child)
        parts = [edge.points]
        if edge.gap:
            parts = [(*edge.points[:-1], edge.gap[0]), (edge.gap[1], edge.points[-1])]
        way = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) for points in parts)
        return f'<path class="{kind}" d="{way}"{style}/>'

    def _band(self, band: Band) -> str:
        kind = stroke_class(self.tree.information_sets[band.information_set].player)
        if not band.curved:
            way = band_path((band.points[0], band.points[-1]))
        else:
            way, kind = band_path(band.points), kind + " v"
        members = self.tree.members[band.information_set]
        if self.reach is not None and not any(self.reach[node] for node in members):
            kind += " u"
        return f'<path class="b {kind}" d="{way}"/><path class="d {kind}" d="{way}"/>'

    def _label(self, label: Label) -> str:
        # Several pieces begin at their left end: CairoSVG anchors each piece by itself.
        part = label.anchor if len(label.pieces) == 1 else 0.0
        anchor = {0.5: ' text-anchor="middle"', 1.0: ' text-anchor="end"'}.get(part, "")
        x = label.x + label.width * part
        head = f'x="{_n(x)}" y="{_n(label.y + SIZE * BASELINE)}"{anchor}'
        dim = self._dim(label.node)
        full = " ".join(piece.full for piece in label.pieces if piece.full)
        title = f"<title>{escape(full)}</title>" if full else ""
        if len(label.pieces) == 1:
            (piece,) = label.pieces
            kind = colour_class(piece.player) + dim
            return f"<text class={quoteattr(kind)} {head}>{title}{escape(piece.text)}</text>"
        spans = "".join(
            f'<tspan class="{"t" if piece.kind == "set" else colour_class(piece.player)}">'
            f"{escape(piece.text)}</tspan>"
            for piece in label.pieces
        )
        return f'<text class="i{dim}" {head}>{title}{spans}</text>'


def band_path(points: Sequence[Point]) -> str:
    """A line through points, with rounded corners."""
    way = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        (x, y), (end_x, end_y) = _towards(corner, before), _towards(corner, after)
        way += f"L{_n(x)} {_n(y)}Q{_n(corner[0])} {_n(corner[1])} {_n(end_x)} {_n(end_y)}"
    return way + f"L{_n(points[-1][0])} {_n(points[-1][1])}"


def _towards(corner: Point, other: Point) -> Point:
    """A point on the way from a corner, at most half the way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(CORNER / max(hypot(dx, dy), CORNER), 0.5)
    return (corner[0] + share * dx, corner[1] + share * dy)
