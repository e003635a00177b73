"""The parts of a tree as TikZ: styles by name, nodes, edges and what is written beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from math import hypot

from nl2efg.drawing.labels import LINE, OF_SETS, SIZE, Line, Piece
from nl2efg.drawing.layout.geometry import Band, Edge, Label, Layout, Point
from nl2efg.drawing.palette import LIGHT, SOFT, colour_index, shape_index
from nl2efg.drawing.tex_escaping import formulas_of, tex, tex_label
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE
from nl2efg.text import one_line

CENTIMETRES = 2.54 / 96  # in a unit of the layout
SHAPES = (
    "circle",
    "rectangle",
    "regular polygon,regular polygon sides=3",
    "diamond",
    "regular polygon,regular polygon sides=3,shape border rotate=180",
    "regular polygon,regular polygon sides=5",
    "regular polygon,regular polygon sides=6",
)
GREY = "000000"
PAY = 1.9  # em; the width of a column of payoffs beside the ends, at least
FAR = 10.0  # from a node to a name that is not written beside it, beyond its lines
NEAR = 6.0  # from a node to the end of lines that end at it


class TikzPicture:
    """Writes a layout as TikZ.

    Args:
        tree: the game.
        geometry: where everything is.
        profile: the equilibrium that is laid over it, or None.
        view: size, theme and what is written.
    """

    def __init__(
        self, tree: GameTree, geometry: Layout, profile: BehaviourProfile | None, view: View
    ) -> None:
        self.tree, self.geometry, self.profile, self.view = tree, geometry, profile, view
        self.formulas = formulas_of(tree)
        self.reach = None if profile is None else profile.reach
        self.scale = CENTIMETRES * view.scale_to(geometry.width, geometry.height)
        self.labels: dict[int, list[Label]] = {}
        for label in geometry.labels:
            self.labels.setdefault(label.node, []).append(label)
        self.edge_of: dict[int, Edge] = {edge.child: edge for edge in geometry.edges}

    @property
    def players(self) -> set[int]:
        """Who moves in the picture."""
        movers = {self.tree.player_of(node) for node in self.geometry.nodes}
        return {player for player in movers if player is not None and player != CHANCE}

    def styles(self, players: Collection[int]) -> list[str]:
        """The named styles, one line each.

        Args:
            players: who moves in this picture, or in others that share its styles.
        """
        unit = self.scale / CENTIMETRES
        scaled = "" if unit == 1 else f"every node/.style={{scale={unit:.3g}}},"
        colours = [SOFT[0], *LIGHT]
        own = []
        for player in sorted(players):
            colour = GREY if self.view.theme == "print" else colours[1 + colour_index(player)][1:]
            name = f"player{player + 1}"
            shape = SHAPES[shape_index(player)]
            own.append(rf"\definecolor{{{name}}}{{HTML}}{{{colour.upper()}}}")
            own.append(
                rf"\tikzset{{{name}/.style={{decision,draw={name},fill={name},{shape}}}}}"
                f"% {tex(one_line(self.tree.players[player]))}"
            )
        return [
            r"\providecommand{\tight}{\medmuskip=1mu\relax}% signs near their numbers",
            r"\tikzset{",
            rf"  game/.style={{x={unit:.3g}cm,y=-{unit:.3g}cm,"
            # Scaled, not set smaller: Computer Modern is wider for its height in small sizes.
            # Its formulas would be wider than what is laid out if signs kept their room.
            rf"font=\fontsize{{9}}{{10.5}}\selectfont\tight,{scaled}"
            r"label distance=1pt,every label/.append style={inner sep=1.5pt,align=center}},",
            r"  decision/.style={draw,inner sep=1.3pt},"
            r" chance/.style={circle,draw,fill=white,inner sep=1.5pt},",
            r"  end/.style={circle,fill,inner sep=.6pt}, infoset/.style={dashed},",
            r"  action/.style={black,inner sep=2pt,align=center},"
            r" nw/.style={action,anchor=north west}, ne/.style={action,anchor=north east},",
            r"  sw/.style={action,anchor=south west}, se/.style={action,anchor=south east},",
            r"  played/.style={line width=1.4pt}, unreached/.style={opacity=.42}}",
            *own,
            rf"\providecommand{{\pay}}[2][{PAY}em]{{\makebox[#1][r]{{$#2$}}}}",
        ]

    def lines(self) -> Iterator[str]:
        """The picture."""
        yield r"\begin{tikzpicture}[game]"
        for node in self.geometry.nodes:
            yield self._node(node)
        for band in self.geometry.bands:
            yield self._band(band)
        yield from self._far_labels()
        yield r"\end{tikzpicture}"

    def _far_labels(self) -> Iterator[str]:
        """Names that stand beside the middle of their sets."""
        for label in self.geometry.labels:
            if self._is_far(label):
                anchor = {0.0: "west", 0.5: "center", 1.0: "east"}[label.anchor]
                place = self._at((label.x + label.anchor * label.width, label.y))
                text = _text(label.pieces, self.formulas)
                yield rf"\node[action,anchor={anchor}] at {place} {{{text}}};"

    @cached_property
    def columns(self) -> dict[int, float]:
        """The widths in em of the players' columns of payoffs beside the ends."""
        found: dict[int, float] = {}
        for label in self.geometry.labels:
            piece = label.pieces[0]
            if piece.kind == "payoff" and piece.player is not None:
                wide = label.width / SIZE + 0.3
                found[piece.player] = max(found.get(piece.player, PAY), wide)
        return found

    def _pay(self, label: Label) -> str:
        """A payoff in its column."""
        number = _text(label.pieces, self.formulas).strip("$")
        wide = self.columns.get(label.pieces[0].player or 0, PAY)
        return rf"\pay{f'[{wide:.1f}em]' if wide > PAY else ''}{{{number}}}"

    def _is_far(self, label: Label) -> bool:
        """Whether a name stands beside the middle of its set and not beside its node."""
        if label.pieces[0].kind not in OF_SETS:
            return False
        kinds = [other.pieces[0].kind for other in self.labels[label.node]]
        lines = sum(kind in OF_SETS or kind == "belief" for kind in kinds)
        return abs(label.y - self.geometry.nodes[label.node][1]) > FAR + LINE * lines

    def _at(self, point: Point) -> str:
        x, y = point[0] * CENTIMETRES, point[1] * CENTIMETRES
        return f"({x:.2f},{y:.2f})".replace(".00", "").replace("-0,", "0,")

    def _node(self, node: int) -> str:
        options = [self._style(node), *map("label={{{0[0]}:{0[1]}}}".format, self._beside(node))]
        place = self.geometry.nodes[node]
        line = rf"\node[{','.join(options)}] (n{node}) at {self._at(place)} {{}}"
        edge = self.edge_of.get(node)
        if edge is None:
            return line + ";"
        options = self._edge_options(edge)
        drawn = f"[{','.join(options)}]" if options else ""
        found = self._action(edge)
        label = ""
        if found is not None:
            anchor, share, text = found
            label = f"node[{anchor},pos={share:.2g}] {{{text}}} "
        if len(edge.points) == 2:
            return f"{line} edge{drawn} {label}(n{edge.parent});"
        knees = " -- ".join(self._at(point) for point in reversed(edge.points[1:-1]))
        return rf"{line}; \draw{drawn} (n{node}) -- {label}{knees} -- (n{edge.parent});"

    def _style(self, node: int) -> str:
        """A node's named style, and whether play never comes there."""
        player = self.tree.player_of(node)
        style = "end" if player is None else "chance" if player == CHANCE else f"player{player + 1}"
        return style + (",unreached" if self._is_unreached(node) else "")

    def _is_unreached(self, node: int) -> bool:
        return self.reach is not None and not self.reach[node]

    def _is_seen(self, information_set: int) -> bool:
        return self.profile is None or self.profile.comes_to(information_set)

    def _edge_options(self, edge: Edge) -> list[str]:
        """How an edge is drawn under an equilibrium."""
        options: list[str] = []
        if self.profile is not None:
            index = self.tree.set_of[edge.parent]
            chance = self.profile.probabilities[index][self.tree.action_of[edge.child]]
            player = self.tree.information_sets[index].player
            if chance == 1:
                options.append("played")
            elif chance:
                options.append(f"line width={0.4 + float(chance):.2g}pt")
            if chance and player != CHANCE:
                options.append(f"draw=player{player + 1}")
            if self._is_unreached(edge.child):
                options.append("unreached")
        return options

    def _action(self, edge: Edge) -> tuple[str, float, str] | None:
        """The label of an edge: its anchor, how far it is from the child, and its text.

        One of its corners touches the last part of the edge; a label that follows its edge lies
        along it.
        """
        labels = [
            label
            for label in self.labels.get(edge.child, [])
            if label.pieces[0].kind in ("action", "probability")
        ]
        if not labels:
            return None
        text = self._lines_of(labels)
        boxes = [label.box for label in labels]
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
        (x, y), (to_x, to_y) = edge.points[-1], edge.points[-2]
        long = hypot(to_x - x, to_y - y) or 1.0

        def share_of(point: Point) -> float:
            """How far along the edge the point is that is nearest to another."""
            return ((point[0] - x) * (to_x - x) + (point[1] - y) * (to_y - y)) / long**2

        def distance(point: Point) -> float:
            return abs((point[0] - x) * (to_y - y) - (point[1] - y) * (to_x - x)) / long

        middle = ((left + right) / 2, (top + bottom) / 2)
        if labels[0].angle:
            share = share_of(middle)
            side = "above" if middle[1] < y + share * (to_y - y) else "below"
            return f"action,sloped,{side}", share, text
        if abs(to_y - y) < 1 and self.geometry.direction == "right" and len(edge.points) > 2:
            # What is written at the node begins there.
            return ("se" if bottom <= y else "ne"), (right - x) / (to_x - x), text
        if abs(to_y - y) < 1:  # level: the middle of a side touches
            return f"action,{'above' if bottom <= y else 'below'}", share_of(middle), text
        if abs(to_x - x) < 1:
            return f"action,{'right' if left >= x else 'left'}", share_of(middle), text
        corners = {"nw": (left, top), "ne": (right, top)}
        corners |= {"sw": (left, bottom), "se": (right, bottom)}
        anchor = min(corners, key=lambda name: (round(distance(corners[name]), 1), name))
        return anchor, share_of(corners[anchor]), text

    def _beside(self, node: int) -> list[tuple[str, str]]:
        """The texts beside a node, and the payoffs behind an end: on which side, and what."""
        found = []
        labels = [
            label
            for label in self.labels.get(node, [])
            if label.pieces[0].kind not in ("action", "probability")
        ]
        is_end = self.tree.is_terminal(node)
        payoffs = [label for label in labels if is_end and label.pieces[0].kind == "payoff"]
        names = [label for label in labels if label not in payoffs and not self._is_far(label)]
        if names:
            text = self._lines_of(names)
            seen = not self._is_unreached(node)
            if names[0].pieces[0].kind in OF_SETS:
                seen = self._is_seen(self.tree.set_of[node])
            found.append((_pale(self._direction(node, names), seen=seen), text))
        if payoffs:
            side = self._direction(node, payoffs)
            beside = side in ("left", "right") and payoffs[0].y == payoffs[-1].y
            beside = beside and len(payoffs) > 1
            text = "".join(map(self._pay, payoffs)) if beside else self._lines_of(payoffs)
            found.append((_pale(side, seen=not self._is_unreached(node)), text))
        return found

    def _lines_of(self, labels: Sequence[Label]) -> str:
        """Labels below each other; a bracket after a line's end would be taken for its length."""
        lines = [_text(label.pieces, self.formulas) for label in labels]
        return r"\\".join("{}" * line.startswith(("[", "*")) + line for line in lines)

    def _direction(self, node: int, labels: Sequence[Label]) -> str:
        """On which side of a node its labels are, in TikZ's words."""
        x, y = self.geometry.nodes[node]
        left, right = min(label.box[0] for label in labels), max(label.box[2] for label in labels)
        top, bottom = min(label.box[1] for label in labels), max(label.box[3] for label in labels)
        upright = "above" if bottom <= y + 1 else "below" if top >= y - 1 else ""
        wide = right - left
        middle = (left + right) / 2
        if upright and self.geometry.direction == "right" and abs(right - x) <= NEAR:
            corner = "south east" if upright == "above" else "north east"
            return f"[anchor={corner},align=right]{upright}"
        aside = "left" if middle < x - wide / 4 else "right" if middle > x + wide / 4 else ""
        return " ".join(word for word in (upright, aside) if word) or "above"

    def _band(self, band: Band) -> str:
        style = f"infoset,draw=player{self.tree.information_sets[band.information_set].player + 1}"
        if not self._is_seen(band.information_set):
            style += ",unreached"
        nodes = [
            node for node in self.tree.members[band.information_set] if node in self.geometry.nodes
        ]
        if not band.curved:
            way = " -- ".join(f"(n{node})" for node in nodes)
            return rf"\draw[{style}] {way};"
        way = " -- ".join(self._at(point) for point in band.points[1:-1])
        first, last = (self._node_at(band.points[end]) for end in (0, -1))
        return rf"\draw[{style},rounded corners=3pt] (n{first}) -- {way} -- (n{last});"

    def _node_at(self, point: Point) -> int:
        return next(node for node, place in self.geometry.nodes.items() if place == point)


def _pale(side: str, *, seen: bool) -> str:
    """A label's place, with the style of what is never reached unless it is ``seen``."""
    if seen:
        return side
    return side.replace("[", "[unreached,", 1) if "[" in side else f"[unreached]{side}"


def _text(line: Line, formulas: Mapping[str, str]) -> str:
    return "".join(_formula(piece, formulas) or tex_label(piece.text) for piece in line)


def _formula(piece: Piece, formulas: Mapping[str, str]) -> str:
    """A payoff or probability with letters in mathematical mode; empty for another text."""
    if piece.kind not in ("payoff", "probability"):
        return ""
    text = piece.text.removesuffix(", ")
    found = formulas.get(text.removeprefix("+("))
    if found is None:
        return ""
    opening = "+(" if text.startswith("+(") else ""
    return f"{opening}${found}${', ' if piece.text.endswith(', ') else ''}"
