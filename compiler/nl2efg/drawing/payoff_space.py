"""The payoffs of two players as a plane: what is feasible, efficient, secure and in equilibrium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from nl2efg.drawing.header import header_of
from nl2efg.drawing.labels import SIZE
from nl2efg.drawing.numbers import ticks
from nl2efg.drawing.palette import colour_class, stroke_class
from nl2efg.drawing.svg import MARGIN, document, header_svg, short, text_svg
from nl2efg.drawing.text_metrics import shorten, stretch_of, width
from nl2efg.drawing.view import View
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.strategic_form import StrategicForm, strategic_form
from nl2efg.text import one_line

Pair = tuple[Fraction, Fraction]
Box = tuple[float, float, float, float]

PLOT = (320.0, 260.0)
"""Width and height of the plane."""
LEFT, RIGHT, BELOW, LINE, TICK, DOT, MARK = 64.0, 44.0, 40.0, 18.0, 4.0, 2.2, 4.0
RING, RINGS, BOLD = 7.0, 6, 1.08
MOST_NAMED = 3
"""Equilibria whose numbers stand at one mark."""
MAX_CELLS = 20_000
"""Pure strategy profiles whose payoffs are worked out."""
NAME_ROOM = 220.0


def draw_payoff_space(tree: GameTree, view: View, profiles: Sequence[BehaviourProfile] = ()) -> str:
    """The payoff space of a game of two players as an SVG document.

    Shown are the expected payoffs of every pure strategy profile, their convex hull (what the two
    can get with a common lottery), its Pareto frontier, each player's minmax value (what the other
    can hold that player down to, with mixed strategies), and the payoffs of equilibria.

    Args:
        tree: the game.
        view: title, legend, theme, font, size and numbers are taken from it.
        profiles: equilibria, numbered from 1; one alone has no number.

    Raises:
        UserError: the game has not two players, or too many strategies.
    """
    if len(tree.players) != 2:
        raise UserError(
            f"a payoff space is for two players; this game has {len(tree.players)}",
            hint="draw it as a tree, or the chances of its ends with --as ends",
        )
    form = strategic_form(tree, max_cells=MAX_CELLS)
    if form is None:
        raise UserError(
            f"the payoff space would need more than {MAX_CELLS:,} pure strategy profiles",
            hint="draw the chances of its ends with --as ends",
        )
    plane = _Plane(form, view, profiles)
    header = header_of(tree, view, None, plane.width, at_values=True)
    parts = header_svg(header, view, MARGIN)
    parts += plane.elements(MARGIN, MARGIN + header.height)
    size = (
        max(plane.width, header.width) + 2 * MARGIN,
        plane.height + header.height + 2 * MARGIN,
    )
    return document(tree, view, size, plane.words, parts)


def convex_hull(points: Sequence[Pair]) -> list[Pair]:
    """The corners of the convex hull, counter-clockwise, the lowest of the leftmost ones first.

    Andrew's monotone chain ("Another efficient algorithm for convex hulls in two dimensions",
    Information Processing Letters 9, 1979, pages 216 to 219), exactly.

    Args:
        points: any number of points, at least one.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def _chain(ordered: Sequence[Pair]) -> list[Pair]:
    found: list[Pair] = []
    for point in ordered:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(a: Pair, b: Pair, c: Pair) -> Fraction:
    """Positive where the way from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def pareto_frontier(hull: Sequence[Pair]) -> list[Pair]:
    """The corners at which nobody can get more without the other getting less, from left to right.

    Args:
        hull: corners of a convex set of payoffs.
    """
    top, right = max(y for _, y in hull), max(x for x, _ in hull)
    start = (max(x for x, y in hull if y == top), top)
    end = (right, max(y for x, y in hull if x == right))
    return sorted(
        {each for each in hull if _turn(start, end, each) >= 0 or each == end}
        - {each for each in hull if each[0] < start[0] or each[1] < end[1]}
    )


def minmax_value(form: StrategicForm, player: int) -> Fraction:
    """The least that the other player can hold one down to, with a mixed strategy; exactly.

    A linear program (von Neumann 1928; Maschler, Solan and Zamir 2013, Game Theory, section 5.2).

    Args:
        form: of a game of two players.
        player: 0 or 1.
    """
    own, others = (range(len(form.strategies[each])) for each in (player, 1 - player))
    rows = [[form.payoffs[(a, b) if player == 0 else (b, a)][player] for b in others] for a in own]
    least = min(map(min, rows))
    found = maximise(
        [0] * len(rows[0]) + [-1],
        at_most=[([*(value - least for value in row), -1], 0) for row in rows],
        equal=[([1] * len(rows[0]) + [0], 1)],
    )
    assert found is not None
    assert found.value is not None
    return least - found.value


@dataclass(frozen=True)
class _Axis:
    low: Fraction
    high: Fraction

    @classmethod
    def around(cls, values: Sequence[Fraction]) -> _Axis:
        low, high = min(values), max(values)
        room = (high - low) / 20 or Fraction(1)
        return cls(low - room, high + room)

    def share(self, value: Fraction) -> float:
        return float((value - self.low) / (self.high - self.low))


class _Plane:
    """The plane with everything in it."""

    def __init__(
        self, form: StrategicForm, view: View, profiles: Sequence[BehaviourProfile]
    ) -> None:
        self.form, self.tree = form, form.tree
        self.outcomes = sorted({(Fraction(a), Fraction(b)) for a, b in form.payoffs.values()})
        self.hull = convex_hull(self.outcomes)
        self.frontier = pareto_frontier(self.hull)
        self.minmax = (minmax_value(form, 0), minmax_value(form, 1))
        self.numbered = len(profiles) > 1
        self.equilibria: dict[Pair, list[int]] = {}
        for number, profile in enumerate(profiles, start=1):
            a, b = profile.values
            self.equilibria.setdefault((Fraction(a), Fraction(b)), []).append(number)
        places = [*self.outcomes, *self.equilibria, self.minmax]
        self.axes = tuple(_Axis.around([each[player] for each in places]) for player in (0, 1))
        shown = {value for each in places for value in each}
        self.show = view.payoff_number_format.fit(shown).show
        self.stretch = stretch_of(view.font)
        self.show_tick = replace(view, numbers="decimal").payoff_number_format.show
        if view.numbers == "fraction":
            self.show_tick = self.show
        self.legend = list(self._legend())
        self.width = LEFT + PLOT[0] + RIGHT
        self.height = PLOT[1] + BELOW + LINE * (len(self.legend) + 1)

    @property
    def words(self) -> str:
        """What the picture shows, for who cannot see it."""
        names = [one_line(name) for name in self.tree.players]
        told = "; ".join(self._of_equilibria())
        return (
            f"Payoffs of {names[0]} (across) and {names[1]} (up): {len(self.outcomes)} points of "
            f"pure strategies; minmax values {self._pair(self.minmax)}."
            + (f" {told}." * bool(told))
        )

    def _pair(self, point: Pair) -> str:
        return f"({self.show(point[0])}, {self.show(point[1])})"

    def _legend(self) -> Iterator[tuple[str, str]]:
        yield "dot", "pure strategy profiles, and their convex hull"
        if len(self.frontier) > 1:
            yield "frontier", "Pareto frontier"
        else:
            yield "best", f"Pareto frontier: {self._pair(self.frontier[0])}"
        yield "minmax", f"minmax values: {self._pair(self.minmax)}"
        for words in self._of_equilibria():
            yield "equilibrium", words

    def _of_equilibria(self) -> Iterator[str]:
        """For each mark which equilibria it is of, and what they pay."""
        for point, numbers in self.equilibria.items():
            name = "equilibria" if len(numbers) > 1 else "equilibrium"
            which = f" {', '.join(map(str, numbers))}" if self.numbered else ""
            yield f"{name}{which}: {self._pair(point)}"

    def _at(self, point: Pair) -> tuple[float, float]:
        x, y = (axis.share(value) for axis, value in zip(self.axes, point, strict=True))
        return self.x + x * PLOT[0], self.y + (1 - y) * PLOT[1]

    def elements(self, left: float, top: float) -> list[str]:
        """All elements, with the upper left corner there."""
        self.x, self.y = left + LEFT, top + LINE
        return [
            *self._area(),
            *self._frame(left),
            *self._secure(),
            *self._points(),
            *self._key(left, self.y + PLOT[1] + BELOW),
        ]

    def _area(self) -> Iterator[str]:
        corners = [self._at(point) for point in self.hull]
        way = "L".join(f"{short(x)} {short(y)}" for x, y in corners)
        yield f'<path class="c" fill-opacity=".14" d="M{way}Z"/>'
        yield f'<path class="e" d="M{way}Z"/>'
        best = "L".join(f"{short(x)} {short(y)}" for x, y in map(self._at, self.frontier))
        if len(self.frontier) > 1:
            yield f'<path class="e r" stroke-width="2.4" d="M{best}"/>'
        else:
            yield _ring(*self._at(self.frontier[0]))

    def _frame(self, left: float) -> Iterator[str]:
        wide, high = PLOT
        yield (
            f'<path class="e" d="M{short(self.x)} {short(self.y)}v{short(high)}h{short(wide)}"/>'
        )
        names = [shorten(one_line(name), SIZE, NAME_ROOM) for name in self.tree.players]
        for value in ticks(self.axes[0].low, self.axes[0].high):
            x = self._at((value, self.axes[1].low))[0]
            yield f'<path class="e" d="M{short(x)} {short(self.y + high)}v{short(TICK)}"/>'
            yield text_svg("t", self.show_tick(value), x, self.y + high + TICK + 9, "middle")
        for value in ticks(self.axes[1].low, self.axes[1].high):
            y = self._at((self.axes[0].low, value))[1]
            yield f'<path class="e" d="M{short(self.x)} {short(y)}h{short(-TICK)}"/>'
            yield text_svg("t", self.show_tick(value), self.x - TICK - 3, y, "end")
        yield text_svg("p0 w", names[0], self.x + wide, self.y + high + TICK + 24, "end")
        yield text_svg("p1 w", names[1], left, self.y - LINE / 2, "start")

    def _secure(self) -> Iterator[str]:
        x, y = self._at(self.minmax)
        ends = (
            f"M{short(x)} {short(self.y)}v{short(PLOT[1])}",
            f"M{short(self.x)} {short(y)}h{short(PLOT[0])}",
        )
        for player, way in enumerate(ends):
            yield f'<path class="d {stroke_class(player)}" d="{way}"/>'

    def _points(self) -> Iterator[str]:
        for x, y in map(self._at, self.outcomes):
            yield f'<circle class="c" cx="{short(x)}" cy="{short(y)}" r="{DOT}"/>'
        marks = [self._at(point) for point in self.equilibria]
        yield from (_diamond(*mark) for mark in marks)
        names = [_name(each if self.numbered else []) for each in self.equilibria.values()]
        wide = [width(name, SIZE) * self.stretch * BOLD for name in names]
        inside = (self.x, self.y - LINE / 2, self.x + PLOT[0] + RIGHT, self.y + PLOT[1])
        for name, place in zip(names, places_of_names(marks, wide, inside), strict=True):
            if place is not None:  # else the legend alone tells it
                yield text_svg("w", name, *place, "start")

    def _key(self, left: float, top: float) -> Iterator[str]:
        for number, (kind, words) in enumerate(self.legend):
            y = top + LINE * (number + 0.5)
            x = left + 12
            line = f"M{short(x - 9)} {short(y)}h18"
            yield {
                "dot": f'<circle class="c" cx="{short(x)}" cy="{short(y)}" r="{DOT}"/>',
                "frontier": f'<path class="e r" stroke-width="2.4" d="{line}"/>',
                "best": _ring(x, y),
                "minmax": "".join(
                    f'<path class="d {stroke_class(player)}" d="M{short(x - 9)} {short(end)}h18"/>'
                    for player, end in enumerate((y - 3, y + 3))
                ),
                "equilibrium": _diamond(x, y),
            }[kind]
            told = shorten(words, SIZE, (self.width - 30) / self.stretch)
            yield text_svg(colour_class(None), told, left + 27, y, "start")


def _name(numbers: Sequence[int]) -> str:
    """What stands beside the mark of equilibria that pay the same; of one alone, no number."""
    more = ", …" if len(numbers) > MOST_NAMED else ""
    return f"E{', '.join(map(str, numbers[:MOST_NAMED]))}{more}"


def places_of_names(
    marks: Sequence[tuple[float, float]], wide: Sequence[float], inside: Box
) -> list[tuple[float, float] | None]:
    """For each mark where its name begins, so that names meet neither each other nor a mark.

    The nearest free place is taken, first at the right above the mark; None where there is none.

    Args:
        marks: their middles.
        wide: the widths of their names.
        inside: left, top, right and bottom of the room for names.
    """
    taken: list[Box] = [(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in marks]
    found: list[tuple[float, float] | None] = []
    for (x, y), room in zip(marks, wide, strict=True):
        near: tuple[float, float] | None = None
        for ring, side, step in product(range(RINGS), (1, -1, 0), (-1, 1, 0)):
            if not side and not step:
                continue
            away = MARK + 3 + ring * LINE / 2
            left = x + away if side > 0 else x - away - room if side < 0 else x - room / 2
            middle = y + step * (MARK + 4 + ring * LINE / 2 + (LINE / 4 if not side else 0))
            box = (left, middle - SIZE / 2, left + room, middle + SIZE / 2)
            if _within(box, inside) and not any(_meet(box, other) for other in taken):
                taken.append(box)
                near = (left, middle)
                break
        found.append(near)
    return found


def _within(box: Box, room: Box) -> bool:
    return room[0] <= box[0] and room[1] <= box[1] and box[2] <= room[2] and box[3] <= room[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ring(x: float, y: float) -> str:
    return f'<circle class="e r" stroke-width="1.6" cx="{short(x)}" cy="{short(y)}" r="{RING}"/>'


def _diamond(x: float, y: float) -> str:
    way = f"M{short(x)} {short(y - MARK)}l{MARK} {MARK}l{-MARK} {MARK}l{-MARK} {-MARK}Z"
    return f'<path class="i" d="{way}"/>'


__all__ = ["convex_hull", "draw_payoff_space", "minmax_value", "pareto_frontier", "ticks"]
