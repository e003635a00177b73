"""The strategic form as a table with best responses underlined: SVG and LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from nl2efg.drawing.header import header_of
from nl2efg.drawing.labels import SIZE
from nl2efg.drawing.layout.picture import EASY_WIDTH
from nl2efg.drawing.numbers import NumberFormat, letter_values
from nl2efg.drawing.palette import colour_class
from nl2efg.drawing.svg import MARGIN, document, header_svg, short, text_svg
from nl2efg.drawing.tex_escaping import tex, tex_formula
from nl2efg.drawing.text_metrics import shorten, stretch_of, width
from nl2efg.drawing.view import View
from nl2efg.errors import UserError
from nl2efg.families.written import WrittenNumber
from nl2efg.families.written import tex as formula
from nl2efg.game import GameTree
from nl2efg.game.strategic_form import StrategicForm, strategic_form
from nl2efg.text import one_line

MAX_CELLS = 400
MAX_PLAYERS = 3
NAME_LIMIT = 150.0
PAD, HIGH, BETWEEN = 9.0, 22.0, 16.0


def form_to_draw(tree: GameTree) -> StrategicForm:
    """The strategic form of a game that can be drawn as a matrix.

    Raises:
        UserError: there are no players or more than three, or too many strategies.
    """
    if not 1 <= len(tree.players) <= MAX_PLAYERS:
        raise UserError(
            f"a matrix is for one to {MAX_PLAYERS} players; this game has {len(tree.players)}",
            hint="draw it as a tree",
        )
    form = strategic_form(tree, max_cells=MAX_CELLS)
    if form is None:
        raise UserError(
            f"the strategic form has more than {MAX_CELLS} cells", hint="draw it as a tree"
        )
    return form


def names_of(form: StrategicForm, player: int, *, full: bool = True) -> list[str]:
    """The names of a player's strategies; ``·`` for one without a move."""
    names = [one_line(form.name(player, n)) or "·" for n in range(len(form.strategies[player]))]
    return names if full else [shorten(name, SIZE, NAME_LIMIT) for name in names]


def layers(form: StrategicForm) -> list[tuple[int, ...]]:
    """The strategies of the players beyond the second: a table for each."""
    return list(product(*(range(len(own)) for own in form.strategies[2:])))


def cell_format(form: StrategicForm, view: View) -> NumberFormat:
    """How the payoffs in the cells are written."""
    return view.payoff_number_format.fit(
        {value for paid in form.payoffs.values() for value in paid}
    )


def draw_matrix(tree: GameTree, view: View) -> str:
    """The strategic form as an SVG document.

    The first player chooses rows, the second columns, the third tables. Best responses are
    underlined; a cell in which all are is a pure equilibrium and is framed.

    Args:
        tree: the game.
        view: title, legend, theme, font, size and numbers are taken from it.

    Raises:
        UserError: the game has no such form, or one that is too large.
    """
    form = form_to_draw(tree)
    placed = _placed([_Table(form, layer, view) for layer in layers(form)], view)
    wide = max(x + table.width for x, _, table in placed)
    high = max(y + table.height for _, y, table in placed)
    header = header_of(tree, view, None, wide)
    parts = header_svg(header, view, MARGIN)
    for x, y, table in placed:
        parts += table.elements(MARGIN + x, MARGIN + y + header.height)
    letters = letters_note(tree)
    if letters:
        wide = max(wide, width(letters, SIZE) * stretch_of(view.font))
        middle = MARGIN + header.height + high + HIGH / 2
        parts.append(text_svg("t", letters, MARGIN, middle, "start"))
        high += HIGH
    size = (max(wide, header.width) + 2 * MARGIN, high + header.height + 2 * MARGIN)
    counts = " × ".join(str(len(own)) for own in form.strategies)
    words = f"Strategic form with {counts} strategies and {len(form.equilibria)} pure equilibria."
    return document(tree, view, size, words, parts)


def letters_note(tree: GameTree) -> str:
    """At which values of a game's letters its best responses are told; empty without letters."""
    values = letter_values(tree)
    return f"best responses at {values}" if values else ""


def _placed(tables: Sequence[_Table], view: View) -> list[tuple[float, float, _Table]]:
    """Tables beside each other, in as many rows as the width of the picture asks for."""
    room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale - 2 * MARGIN
    found: list[tuple[float, float, _Table]] = []
    x = y = 0.0
    for table in tables:
        if x and x + table.width > room:
            x, y = 0.0, y + table.height + BETWEEN
        found.append((x, y, table))
        x += table.width + BETWEEN
    return found


class _Table:
    """One table: rows of the first player, columns of the second."""

    def __init__(self, form: StrategicForm, layer: tuple[int, ...], view: View) -> None:
        self.form, self.layer = form, layer
        self.stretch = stretch_of(view.font)
        self.show = cell_format(form, view).show
        self.rows = names_of(form, 0, full=view.full)
        self.two = len(form.tree.players) > 1
        self.columns = names_of(form, 1, full=view.full) if self.two else [""]
        cells = [
            self._wide(", ".join(self._texts((row, column))))
            for row in range(len(self.rows))
            for column in range(len(self.columns))
        ]
        self.cell = max([*cells, *map(self._wide, self.columns)]) + 2 * PAD
        self.left = max(map(self._wide, self.rows)) + 2 * PAD
        above = one_line(form.tree.players[1]) if self.two else ""
        beside = one_line(form.tree.players[0])
        self.above, self.beside = above, beside
        self.left = max(self.left, self._wide(beside) + 2 * PAD)
        self.top = HIGH * (2 if above else 1) + (HIGH if layer else 0.0)
        self.width = max(
            self.left + self.cell * len(self.columns), self.left + self._wide(above) + PAD
        )
        self.height = self.top + HIGH * len(self.rows)

    def _wide(self, text: str) -> float:
        return width(text, SIZE) * self.stretch

    def _profile(self, cell: tuple[int, int]) -> tuple[int, ...]:
        return (*(cell if self.two else cell[:1]), *self.layer)

    def _texts(self, cell: tuple[int, int]) -> list[str]:
        return [self.show(value) for value in self.form.payoffs[self._profile(cell)]]

    def elements(self, x: float, y: float) -> list[str]:
        """The table's elements, with its upper left corner there."""
        found = []
        top, left = y + self.top, x + self.left
        wide, high = self.cell * len(self.columns), HIGH * len(self.rows)
        if self.layer:
            told = names_of(self.form, 2)[self.layer[0]]
            name = f"{one_line(self.form.tree.players[2])}: {told}"
            found.append(text_svg("p2", name, x + self.left, y + HIGH / 2, "start"))
        if self.above:
            middle = left + wide / 2
            found.append(text_svg("p1 w", self.above, middle, top - 1.5 * HIGH, "middle"))
        found.append(text_svg("p0 w", self.beside, left - PAD, top - HIGH / 2, "end"))
        for index, name in enumerate(self.columns):
            middle = left + self.cell * (index + 0.5)
            found.append(text_svg("p1", name, middle, top - HIGH / 2, "middle"))
        for index, name in enumerate(self.rows):
            found.append(text_svg("p0", name, left - PAD, top + HIGH * (index + 0.5), "end"))
        lines = [
            (left, top + HIGH * n, left + wide, top + HIGH * n) for n in range(len(self.rows) + 1)
        ]
        lines += [
            (left + self.cell * n, top, left + self.cell * n, top + high)
            for n in range(len(self.columns) + 1)
        ]
        way = "".join(f"M{short(a)} {short(b)}L{short(c)} {short(d)}" for a, b, c, d in lines)
        found.append(f'<path class="e" d="{way}"/>')
        for cell in product(range(len(self.rows)), range(len(self.columns))):
            found += self._cell(cell, left + self.cell * cell[1], top + HIGH * cell[0])
        return found

    def _cell(self, cell: tuple[int, int], left: float, top: float) -> Iterator[str]:
        profile, texts = self._profile(cell), self._texts(cell)
        x = left + (self.cell - self._wide(", ".join(texts))) / 2
        best = [(player, profile) in self.form.best_responses for player in range(len(texts))]
        if all(best) and len(texts) > 1:
            yield (
                f'<rect class="e r" x="{short(left + 2)}" y="{short(top + 2)}" '
                f'width="{short(self.cell - 4)}" height="{short(HIGH - 4)}" stroke-width="1.6"/>'
            )
        for player, text in enumerate(texts):
            yield text_svg(colour_class(player), text, x, top + HIGH / 2 - 1, "start")
            end = x + self._wide(text)
            if best[player]:
                y = top + HIGH / 2 + SIZE * 0.5
                yield (
                    f'<path class="e s{player % 8}" stroke-width="1.3" '
                    f'd="M{short(x)} {short(y)}L{short(end)} {short(y)}"/>'
                )
            if player + 1 < len(texts):
                yield text_svg("i", ",", end, top + HIGH / 2 - 1, "start")
            x = end + self._wide(", ")


def matrix_tex(tree: GameTree, view: View) -> str:
    """The strategic form as LaTeX ``tabular`` lines, best responses underlined.

    Raises:
        UserError: as :func:`draw_matrix`.
    """
    form = form_to_draw(tree)
    show = cell_format(form, view).show
    letters = letters_note(tree)
    lines = [f"% {letters}".encode("ascii", "replace").decode()] if letters else []
    for layer in layers(form):
        if layer:
            name = f"{one_line(tree.players[2])}: {names_of(form, 2)[layer[0]]}"
            lines.append(rf"% {name}".encode("ascii", "replace").decode())
        lines += _tabular(form, layer, show)
    return "\n".join(lines)


def _formula(value: Fraction, show: Callable[[Fraction], str]) -> str:
    if isinstance(value, WrittenNumber):
        return tex_formula(formula(value.expression))
    return show(value).replace("−", "-").replace("≈", r"\approx ")


def _tabular(
    form: StrategicForm, layer: Sequence[int], show: Callable[[Fraction], str]
) -> list[str]:
    two = len(form.tree.players) > 1
    columns = names_of(form, 1) if two else [""]
    lines = [rf"\begin{{tabular}}{{r|{'c|' * len(columns)}}}"]
    if two:
        player = tex(one_line(form.tree.players[1]))
        lines.append(
            rf"\multicolumn{{1}}{{r}}{{}} & \multicolumn{{{len(columns)}}}{{c}}{{{player}}} \\"
        )
    first = tex(one_line(form.tree.players[0]))
    heads = " & ".join(rf"\multicolumn{{1}}{{c}}{{{tex(name)}}}" for name in columns)
    lines.append(rf"\multicolumn{{1}}{{r}}{{{first}}} & {heads} \\ \cline{{2-{len(columns) + 1}}}")
    for row, name in enumerate(names_of(form, 0)):
        cells = []
        for column in range(len(columns)):
            profile = (row, *([column] if two else []), *layer)
            texts = []
            for mover, value in enumerate(form.payoffs[profile]):
                text = f"${_formula(value, show)}$"
                best = (mover, profile) in form.best_responses
                texts.append(rf"\underline{{{text}}}" if best else text)
            cells.append(", ".join(texts))
        lines.append(rf"{tex(name)} & {' & '.join(cells)} \\ \cline{{2-{len(columns) + 1}}}")
    return [*lines, r"\end{tabular}"]
