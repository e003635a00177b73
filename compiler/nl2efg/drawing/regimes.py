"""Pictures of a family over its parameters: regimes over a plane, values along a line.

Colours are told apart in grey print by patterns and dashes as well, and every regime is named in
the legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import groupby

from nl2efg.drawing.numbers import MINUS, exact_decimal, ticks
from nl2efg.drawing.palette import DARK, INK, LIGHT, PAGE, SOFT
from nl2efg.drawing.text_metrics import FONT_FAMILY, shorten, width
from nl2efg.text import one_line as clean

SIZE = 13.0
WIDTH, HEIGHT = 460.0, 380.0
LEFT, TOP, RIGHT = 74.0, 46.0, 24.0
LEGEND_LINE = 22.0
KEY = LEFT + 40
"""Where the words of the legend begin."""
ONE_OF_SEVERAL = "One equilibrium is shown of each point: another may hold as well."
MAX_TYPES = 24
"""Regimes that have a line of the legend of their own; the others share one."""

_ROOT = ".nl2efg-regimes"
_FEW = 5
"""So many points are all written at their axis."""
_DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4", "4 2 1 2")
_MARKS = 9  # along a line of values


@dataclass(frozen=True)
class Scale:
    """A parameter along an axis of a picture.

    Args:
        name: the parameter.
        values: where there are points, in order.
        texts: the same as they are written; left out, or of many points, round numbers are.
    """

    name: str
    values: tuple[float, ...]
    texts: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[float, ...]:
        """The borders between the points' cells, from 0 to 1."""
        if len(self.values) == 1:
            return 0.0, 1.0
        count = len(self.values)
        spread = self.values[-1] - self.values[0] or 1.0
        inner = [
            ((self.values[n] + self.values[n + 1]) / 2 - self.values[0]) / spread
            for n in range(count - 1)
        ]
        return 0.0, *inner, 1.0

    def place(self, value: float) -> float:
        """Where a value is, from 0 to 1."""
        if len(self.values) == 1:
            return 0.5
        spread = self.values[-1] - self.values[0] or 1.0
        return (value - self.values[0]) / spread

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """What is written at the axis, each with its place: the points if they are few."""
        if self.texts and len(self.values) <= _FEW:
            places = map(self.place, self.values)
            return list(zip(places, self.texts, strict=True))
        low, high = sorted((Fraction(self.values[0]), Fraction(self.values[-1])))
        round_ones = ticks(low, high) if low < high else [low]
        return [(self.place(float(value)), exact_decimal(value) or "") for value in round_ones]


def regime_map(
    title: str,
    across: Scale,
    up: Scale,
    types: Sequence[Sequence[str]],
    without: str = "no certified equilibrium",
) -> str:
    """Which equilibrium holds where, over a plane, as an SVG document.

    Args:
        title: of the game.
        across, up: the axes.
        types: for each point across, and each up, the name of the regime; empty for none.
        without: what the legend says of the points that have none.
    """
    names = _ranked([name for column in types for name in column])
    parts = []
    for column, row in enumerate(types):
        left, right = across.cells[column], across.cells[column + 1]
        start = 0
        for name, run in groupby(row):
            end = start + len(list(run))
            low, high = up.cells[start], up.cells[end]
            start = end
            if name:
                shape = _rectangle(left, right, low, high)
                parts.append(f'<path class="{_fill(names, name)}" d="{shape}"/>')
                parts.append(f'<path class="{_hatch(names, name)}" d="{shape}"/>')
    legend = [(_label(names, name), name or without) for name in names]
    return _document(title, across, up, parts, legend)


def value_map(
    title: str, across: Scale, up: Scale, values: Sequence[Sequence[float | None]], what: str
) -> str:
    """A value over a plane in shades, as an SVG document.

    Args:
        values: for each point across, and each up; None where there is none.
        what: whose value it is.
    """
    known = [value for column in values for value in column if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    steps = 8
    parts = []
    for column, row in enumerate(values):
        shades = [
            None if v is None else min(steps - 1, int(steps * (v - low) / (high - low or 1.0)))
            for v in row
        ]
        start = 0
        for shade, run in groupby(shades):
            end = start + len(list(run))
            if shade is not None:
                shape = _rectangle(
                    across.cells[column], across.cells[column + 1], up.cells[start], up.cells[end]
                )
                parts.append(f'<path class="v{shade}" d="{shape}"/>')
            start = end
    width_of = (high - low) / steps
    legend = [
        (f"v{n}", f"{_short(low + n * width_of)} to {_short(low + (n + 1) * width_of)}")
        for n in reversed(range(steps))
    ]
    return _document(f"{title}: {what}" if title else what, across, up, parts, legend)


def value_plot(
    title: str,
    across: Scale,
    types: Sequence[str],
    values: Sequence[Sequence[float | None]],
    players: Sequence[str],
    without: str = "no certified equilibrium",
) -> str:
    """Every player's value along a line, over the regimes, as an SVG document.

    Args:
        types: for each point the name of its regime; empty for none.
        values: for each player the value at each point; None where there is none.
        without: what the legend says of the points without a regime.
    """
    names = _ranked(types)
    known = [value for row in values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    margin = (high - low or 1.0) * 0.06
    low, high = low - margin, high + margin
    parts = []
    start = 0
    for name, run in groupby(types):
        end = start + len(list(run))
        if name:
            shape = _rectangle(across.cells[start], across.cells[end], 0.0, 1.0)
            parts.append(f'<path class="{_fill(names, name)} l" d="{shape}"/>')
            band = _rectangle(across.cells[start], across.cells[end], 0.0, 0.045)
            parts.append(f'<path class="{_hatch(names, name)}" d="{band}"/>')
        start = end
    for player, row in enumerate(values):
        parts += _curve(across, row, types, player, low, high)
    up = Scale("value", (low, high))
    legend = [(f"line{player}", name) for player, name in enumerate(players)]
    legend += [(_label(names, name), name or without) for name in names]
    return _document(title, across, up, parts, legend)


def _curve(
    across: Scale,
    row: Sequence[float | None],
    types: Sequence[str],
    player: int,
    low: float,
    high: float,
) -> list[str]:
    """A player's values as lines, broken where the regime changes, with marks."""
    parts: list[str] = []
    colour = player % len(LIGHT)
    step = max(1, len(row) // _MARKS)
    start = 0
    for _, run in groupby(zip(types, (value is None for value in row), strict=True)):
        end = start + len(list(run))
        places = [
            (_x(across.place(across.values[n])), _y((value - low) / (high - low)))
            for n, value in enumerate(row[start:end], start)
            if value is not None
        ]
        start = end
        if places:
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
            parts.append(f'<path class="line s{colour} d{player % len(_DASHES)}" d="{path}"/>')
    for n in range(player % step, len(row), step):
        value = row[n]
        if value is not None:
            x, y = _x(across.place(across.values[n])), _y((value - low) / (high - low))
            parts.append(_mark(player, x, y))
    return parts


def _mark(player: int, x: float, y: float) -> str:
    """A player's mark: a disc, a square, a triangle or a rhombus."""
    r = 3.6
    shapes = (
        f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z",
        f"M{x - r:.1f} {y + r:.1f}h{2 * r}l{-r} {-2 * r}z",
        f"M{x - r:.1f} {y:.1f}l{r} {-r} {r} {r} {-r} {r}z",
    )
    return f'<path class="p{player % len(LIGHT)}" d="{shapes[player % len(shapes)]}"/>'


def _ranked(types: Sequence[str]) -> dict[str, int]:
    """Numbers of the regimes, the most frequent first; nothing (an empty name) comes last."""
    counts: dict[str, int] = {}
    for name in types:
        counts[name] = counts.get(name, 0) + 1
    order = sorted(counts, key=lambda name: (not name, -counts[name], name))
    return {name: min(number, MAX_TYPES) for number, name in enumerate(order)}


def _fill(names: dict[str, int], name: str) -> str:
    return f"f{names[name] % len(LIGHT)}"


def _hatch(names: dict[str, int], name: str) -> str:
    return f"h{names[name] % (len(LIGHT) * 3)}"


def _label(names: dict[str, int], name: str) -> str:
    return f"{_fill(names, name)} {_hatch(names, name)}" if name else "none"


def _x(share: float) -> float:
    return LEFT + WIDTH * share


def _y(share: float) -> float:
    return TOP + HEIGHT * (1 - share)


def _rectangle(left: float, right: float, low: float, high: float) -> str:
    x, y = _x(left), _y(high)
    return f"M{x:.2f} {y:.2f}H{_x(right):.2f}V{_y(low):.2f}H{x:.2f}z"


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)


def _document(
    title: str,
    across: Scale,
    up: Scale,
    parts: Sequence[str],
    legend: Sequence[tuple[str, str]],
) -> str:
    shown = list(legend[:MAX_TYPES])
    if len(legend) > MAX_TYPES:
        shown.append(("none", f"{len(legend) - MAX_TYPES} more"))
    room = max(WIDTH + LEFT + RIGHT, *(KEY + width(name, SIZE) + RIGHT for _, name in shown), 0.0)
    total_width = min(room, 1100.0)
    bottom = TOP + HEIGHT + 58
    foot = bottom + LEGEND_LINE * len(shown)
    total_height = foot + LEGEND_LINE + 10
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="nl2efg-regimes" role="img" '
        f'viewBox="0 0 {total_width:.0f} {total_height:.0f}" width="{total_width:.0f}" '
        f'height="{total_height:.0f}">',
        f"<title>{escape(clean(title) or 'Regimes')}</title>",
        f"<style>{_css()}</style>",
        f"<defs>{_patterns()}</defs>",
        '<rect class="page" width="100%" height="100%"/>',
        f'<text class="t" x="{LEFT}" y="24">'
        f"{escape(shorten(clean(title), 15.0, total_width - LEFT - RIGHT))}</text>",
        *parts,
        *_axes(across, up),
        *_legend(shown, bottom, total_width),
        _text(LEFT, foot + 12, ONE_OF_SEVERAL, "start", "n"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _axes(across: Scale, up: Scale) -> list[str]:
    lines = [f'<path class="a" d="{_rectangle(0.0, 1.0, 0.0, 1.0)}"/>']
    for place, words in across.ticks:
        x = _x(place)
        lines.append(f'<path class="a" d="M{x:.1f} {TOP + HEIGHT}v5"/>')
        lines.append(_text(x, TOP + HEIGHT + 20, words, "middle"))
    for place, words in up.ticks:
        y = _y(place)
        lines.append(f'<path class="a" d="M{LEFT} {y:.1f}h-5"/>')
        lines.append(_text(LEFT - 9, y + 4.5, shorten(words, SIZE, LEFT - 26), "end"))
    lines.append(_text(_x(0.5), TOP + HEIGHT + 42, across.name, "middle", "n"))
    middle = _y(0.5)
    name = escape(clean(up.name))
    lines.append(
        f'<text class="n" text-anchor="middle" transform="translate(18 {middle:.1f}) rotate(-90)">'
        f"{name}</text>"
    )
    return lines


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    shown = escape(clean(text.replace("-", MINUS)))
    own = f' class="{kind}"' if kind else ""
    return f'<text{own} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{shown}</text>'


def _legend(legend: Sequence[tuple[str, str]], top: float, total: float) -> list[str]:
    lines = []
    for number, (kinds, name) in enumerate(legend):
        y = top + LEGEND_LINE * number
        box = f"M{LEFT} {y:.1f}h30v15h-30z"
        if kinds.startswith("line"):
            player = int(kinds[4:])
            path = f"M{LEFT} {y + 7.5:.1f}h30"
            style = f"line s{player % len(LIGHT)} d{player % len(_DASHES)}"
            lines.append(f'<path class="{style}" d="{path}"/>')
            lines.append(_mark(player, LEFT + 15, y + 7.5))
        else:
            lines += [f'<path class="{kind}" d="{box}"/>' for kind in kinds.split()]
            lines.append(f'<path class="a" d="{box}"/>')
        shown = escape(shorten(clean(name), SIZE, total - KEY - RIGHT + 1))
        lines.append(
            f'<text x="{KEY}" y="{y + 12:.1f}">{shown}<title>{escape(clean(name))}</title></text>'
        )
    return lines


def _patterns() -> str:
    """A pattern for each regime: lines in one of six ways, or dots."""
    ways = (
        "",
        "M0 8L8 0M-2 2L2 -2M6 10L10 6",
        "M0 0L8 8M-2 6L2 10M6 -2L10 2",
        "M0 4H8",
        "M4 0V8",
        "M0 4H8M4 0V8",
        "M0 8L8 0M0 0L8 8",
        "M3 4h2",
    )
    found = []
    for number in range(len(LIGHT) * 3):
        way = ways[(number + number // len(LIGHT)) % len(ways)]
        colour = number % len(LIGHT)
        found.append(
            f'<pattern id="nl2efg-h{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<path class="s{colour}" d="{way}" fill="none" stroke-width="1.5"/></pattern>'
        )
    return "".join(found)


def _css() -> str:
    fixed = (
        f"{_ROOT} text{{font:{SIZE:g}px {FONT_FAMILY}}}"
        f"{_ROOT} text.t{{font-size:15px;font-weight:bold}}{_ROOT} text.n{{font-style:italic}}"
        f"{_ROOT} .a{{fill:none;stroke-width:1}}{_ROOT} .line{{fill:none;stroke-width:2.2;"
        "stroke-linejoin:round}"
        f"{_ROOT} .none{{fill:none}}{_ROOT} path[class^=f],{_ROOT} path[class^=v]"
        "{shape-rendering:crispEdges}"
    )
    fixed += "".join(
        f"{_ROOT} .d{n}{{stroke-dasharray:{dash}}}" for n, dash in enumerate(_DASHES) if dash
    )
    fixed += "".join(f"{_ROOT} .h{n}{{fill:url(#nl2efg-h{n})}}" for n in range(len(LIGHT) * 3))
    return fixed + _theme(0) + "@media screen and (prefers-color-scheme:dark){" + _theme(1) + "}"


def _theme(theme: int) -> str:
    ink, soft, page = INK[theme], SOFT[theme], PAGE[theme]
    rules = [f"{_ROOT} .page{{fill:{page}}}{_ROOT} text{{fill:{ink}}}{_ROOT} .a{{stroke:{soft}}}"]
    for n, colour in enumerate((LIGHT, DARK)[theme]):
        rules.append(
            f"{_ROOT} .f{n}{{fill:{colour};fill-opacity:{(0.16, 0.22)[theme]}}}"
            f"{_ROOT} .f{n}.l{{fill-opacity:.09}}"
            f"{_ROOT} .s{n}{{stroke:{colour}}}{_ROOT} .p{n}{{fill:{colour}}}"
        )
    first = (LIGHT, DARK)[theme][0]
    rules += [f"{_ROOT} .v{n}{{fill:{first};fill-opacity:{0.05 + n * 0.13:.2f}}}" for n in range(8)]
    return "".join(rules)
