"""How likely each end of a game is under a behaviour strategy profile, as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from nl2efg.drawing.header import header_of
from nl2efg.drawing.labels import SIZE
from nl2efg.drawing.palette import colour_class
from nl2efg.drawing.panel import Panel, alone
from nl2efg.drawing.svg import header_svg, short, text_svg
from nl2efg.drawing.text_metrics import shorten, stretch_of, width
from nl2efg.drawing.view import View
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.text import one_line

MAX_BARS = 60
"""Ends that have a bar; of more, the likeliest, in the tree's order."""
BAR, LINE, GAP, NAME_ROOM = 180.0, 18.0, 10.0, 260.0


def draw_end_chances(tree: GameTree, view: View, profile: BehaviourProfile | None) -> str:
    """The probabilities of the terminal nodes as an SVG document; those never reached are counted.

    Args:
        tree: the game.
        view: title, legend, theme, font, size and numbers are taken from it.
        profile: how the game is played.

    Raises:
        UserError: there is no profile.
    """
    if profile is None:
        raise UserError(
            "the chances of the ends are those of an equilibrium, and none is given",
            hint="add --equilibrium 1",
        )
    bars = _Bars(tree, view, profile)
    words = "; ".join(f"{name}: {chance}" for name, chance, *_ in bars.rows[:20])
    panel = _panel(tree, view, bars)
    return alone(tree, view, panel, f"Probabilities of the ends: {words}.")


def ends_panels(
    tree: GameTree, views: Sequence[View], profiles: Sequence[BehaviourProfile]
) -> list[Panel]:
    """The bars of several profiles to one scale, with what stands above them.

    Args:
        tree: the game.
        views: for each profile, as of :func:`draw_end_chances`.
        profiles: how the game is played.
    """
    found = [_Bars(tree, *each) for each in zip(views, profiles, strict=True)]
    largest = max(bars.largest for bars in found)
    for bars in found:
        bars.largest = largest
    return [_panel(tree, view, bars) for view, bars in zip(views, found, strict=True)]


def _panel(tree: GameTree, view: View, bars: _Bars) -> Panel:
    header = header_of(tree, view, None, bars.width, at_values=True)
    parts = [*header_svg(header, view, 0.0), *bars.elements(0.0, header.height)]
    return Panel(max(bars.width, header.width), bars.height + header.height, parts)


class _Bars:
    """One line for each end: history, bar, probability, payoffs."""

    def __init__(self, tree: GameTree, view: View, profile: BehaviourProfile) -> None:
        stretch = stretch_of(view.font)
        ends = [node for node in tree.terminals if profile.reach[node]]
        likely = sorted(ends, key=lambda node: (-profile.reach[node], node))[:MAX_BARS]
        self.left_out = len(tree.terminals) - len(ends), len(ends) - len(likely)
        chances = [Fraction(profile.reach[node]) for node in sorted(likely)]
        show = view.number_format.fit(set(chances)).show
        pay = view.payoff_format(tree).show
        self.rows = [
            (
                ", ".join(map(one_line, tree.told.history(node))) or "the start",
                show(chance),
                float(chance),
                [pay(value) for value in tree.path_payoffs[node]],
            )
            for node, chance in zip(sorted(likely), chances, strict=True)
        ]
        room = NAME_ROOM / stretch if not view.full else float("inf")
        self.names = [shorten(row[0], SIZE, room) for row in self.rows]

        def wide(text: str) -> float:
            return width(text, SIZE) * stretch

        self.name = max(map(wide, self.names), default=0.0)
        self.chance = max((wide(row[1]) for row in self.rows), default=0.0)
        self.columns = [
            max((wide(row[3][player]) for row in self.rows), default=0.0)
            for player in range(len(tree.players))
        ]
        self.largest = max((row[2] for row in self.rows), default=1.0)
        self.notes = list(self._notes())
        self.width = (
            self.name + BAR + self.chance + sum(self.columns) + GAP * (3 + len(self.columns))
        )
        self.width = max([self.width, *map(wide, self.notes)])
        self.height = LINE * (len(self.rows) + len(self.notes))

    def _notes(self) -> Iterator[str]:
        never, unlikely = self.left_out
        if unlikely:
            yield f"{unlikely:,} less likely ends are left out"
        if never:
            yield f"{never:,} {'end is' if never == 1 else 'ends are'} never reached"

    def elements(self, left: float, top: float) -> Iterator[str]:
        """All elements, with the upper left corner there."""
        start = left + self.name + GAP
        for number, (name, row) in enumerate(zip(self.names, self.rows, strict=True)):
            y = top + LINE * (number + 0.5)
            long = BAR * row[2] / self.largest
            yield text_svg("i", name, left + self.name, y, "end")
            yield (
                f'<rect class="c" x="{short(start)}" y="{short(y - LINE * 0.32)}" '
                f'width="{short(max(long, 0.5))}" height="{short(LINE * 0.64)}"/>'
            )
            yield text_svg("i", row[1], start + BAR + GAP + self.chance, y, "end")
            x = start + BAR + GAP + self.chance
            for player, text in enumerate(row[3]):
                x += GAP + self.columns[player]
                yield text_svg(colour_class(player), text, x, y, "end")
        for number, words in enumerate(self.notes, start=len(self.rows)):
            yield text_svg("t", words, left, top + LINE * (number + 0.5), "start")
