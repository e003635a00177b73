"""A game tree for the LaTeX package istgame (In-Sung Cho, "The istgame Package", 2022)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from nl2efg.drawing.layout.geometry import Band, Edge, Label
from nl2efg.drawing.tikz_picture import CENTIMETRES, TikzPicture


class IstgamePicture(TikzPicture):
    """Writes a layout with the macros of istgame: one for each node that moves, and each branch.

    The package grows a branch by whole degrees, so that an information set would run aslant; here
    a branch goes so many steps across and up from its node, which is exact and still moves with
    it. Labels are text, since mathematical mode has no place for words, and stand where the layout
    has kept room for them; what the package has no macro for (a set that joins nodes of different
    rows, a name beside a long one) is plain TikZ.
    """

    def styles(self, players: Collection[int]) -> list[str]:
        """The named styles, and the two ways that a branch takes."""
        return [
            *super().styles(players),
            r"\tikzset{",
            r"  go/.style args={#1,#2}{level distance=0pt,sibling distance=0pt,shift={(#1,#2)}},",
            r"  via/.style={edge from parent path={(\tikzparentnode) #1 -- (\tikzchildnode)}}}",
            r"\providecommand{\knee}[1]{-- ([shift={(#1)}]\tikzparentnode.center)}",
            r"\providecommand{\lines}[2][c]"
            r"{{\renewcommand{\arraystretch}{.9}\begin{tabular}[b]{@{}#1@{}}#2\end{tabular}}}",
            r"\setistmathTF000% labels are text",
            r"\setxtinfosetstyle{infoset}",
        ]

    def lines(self) -> Iterator[str]:
        """The ``istgame`` environment."""
        yield r"\begin{istgame}[game]"
        for node in self.geometry.nodes:
            if not self.tree.is_terminal(node) or not node:
                yield from self._mover(node)
        for band in self.geometry.bands:
            yield from self._set(band)
        yield from self._far_labels()
        yield r"\end{istgame}"

    def _mover(self, node: int) -> Iterator[str]:
        """The macro of a node, and those of its branches."""
        parent, place = self.tree.parents[node], self._at(self.geometry.nodes[node])
        if node:
            place = f"(n{parent}-{self.tree.action_of[node] + 1})"
        owner = ""
        for side, text in self._beside(node):
            owner = f"<{_kept(side)}>{{{text}}}"
        yield rf"\istroot(n{node}){place}[{self._style(node)}]{owner}"
        for child in self.tree.children[node]:
            if child in self.edge_of:
                yield "  " + self._branch(self.edge_of[child])
        yield r"\endist"

    def _branch(self, edge: Edge) -> str:
        start, end = edge.points[0], edge.points[-1]
        options = self._edge_options(edge)
        knees = [rf"\knee{{{self._step(start, knee)}}}" for knee in edge.points[1:-1]]
        if knees:
            options.append(f"via={{{''.join(knees)}}}")
        line = rf"\istb<go={{{self._step(start, end)}}}>"
        line += f"[{','.join(options)}]" if options else ""
        found = self._action(edge)
        paid = self._beside(edge.child) if self.tree.is_terminal(edge.child) else []
        anchor, share, text = found or ("", 0.0, "")
        if found or paid:
            line += f"{{{text}}}"
        if found:
            line += f"[{anchor},pos={1 - share:.2g}]"
        for side, pay in paid:
            line += f"{{{pay}}}[{_kept(side)}]"
        return line

    def _step(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """The way from a point to another."""
        x, y = ((to - own) * CENTIMETRES for own, to in zip(start, end, strict=True))
        return f"{x:.2f},{y:.2f}".replace(".00", "").replace("-0,", "0,")

    def _set(self, band: Band) -> Iterator[str]:
        if band.curved:
            yield self._band(band)
            return
        player = self.tree.information_sets[band.information_set].player
        pale = "" if self._is_seen(band.information_set) else ",unreached"
        style = f"draw=player{player + 1}{pale}"
        nodes = [n for n in self.tree.members[band.information_set] if n in self.geometry.nodes]
        for one, other in pairwise(nodes):
            yield rf"\xtInfoset[{style}](n{one})(n{other})"

    def _lines_of(self, labels: Sequence[Label]) -> str:
        """Labels below each other: in braces of the package, no line may be broken as it is."""
        text = super()._lines_of(labels)
        if len(labels) < 2:
            return text
        where = {0.0: "[l]", 1.0: "[r]"}.get(labels[0].anchor, "")
        return rf"\lines{where}{{{text}}}"


def _kept(side: str) -> str:
    """A place with options of its own, in braces that keep them together."""
    return f"{{{side}}}" if "[" in side else side
