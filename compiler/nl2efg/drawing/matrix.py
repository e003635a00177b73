"""The strategic form as a table with best responses underlined, and an equilibrium marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from nl2efg.drawing.header import FRAMED, header_of
from nl2efg.drawing.labels import SIZE
from nl2efg.drawing.layout.picture import EASY_WIDTH
from nl2efg.drawing.numbers import NumberFormat, letter_values
from nl2efg.drawing.palette import colour_class
from nl2efg.drawing.panel import Panel, alone
from nl2efg.drawing.svg import MARGIN, header_svg, short, text_svg
from nl2efg.drawing.text_metrics import shorten, stretch_of, width
from nl2efg.drawing.view import View
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, absent_minded_sets
from nl2efg.game.profile import Probability
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


@dataclass(frozen=True, slots=True)
class Marks:
    """Which strategies are played in an equilibrium.

    Args:
        weights: for each player the probability of each strategy.
    """

    weights: tuple[tuple[Probability, ...], ...]

    def played(self, profile: Sequence[int]) -> bool:
        """Whether strategies are played together, with some probability."""
        return all(own[index] > 0 for own, index in zip(self.weights, profile, strict=True))


def marks_of(form: StrategicForm, profile: BehaviourProfile | None) -> Marks | None:
    """What is played in a profile; None without one.

    Raises:
        UserError: a player mixes where he is absent-minded.
    """
    if profile is None:
        return None
    for index in absent_minded_sets(form.tree):
        if any(0 < chance < 1 for chance in profile.probabilities[index]):
            raise UserError(
                "no mixed strategy pays what this equilibrium does: a player is absent-minded",
                hint="draw it over the tree",
            )
    return Marks(form.weights(profile))


def draw_matrix(tree: GameTree, view: View, profile: BehaviourProfile | None = None) -> str:
    """The strategic form as an SVG document.

    The first player chooses rows, the second columns, the third tables. Best responses are
    underlined; a cell in which all are is a pure equilibrium and is framed. With a profile the
    cells are framed that are played in it, and probabilities stand beside the strategies.

    Args:
        tree: the game.
        view: title, legend, theme, font, size and numbers are taken from it; with a profile,
            whether probabilities and expected payoffs are written.
        profile: the equilibrium to mark.

    Raises:
        UserError: the game has no such form, or one that is too large; or a player mixes where he
            is absent-minded.
    """
    form = form_to_draw(tree)
    counts = " × ".join(str(len(own)) for own in form.strategies)
    words = f"Strategic form with {counts} strategies and {len(form.equilibria)} pure equilibria."
    return alone(tree, view, matrix_panel(tree, view, profile), words)


def matrix_panel(tree: GameTree, view: View, profile: BehaviourProfile | None) -> Panel:
    """The strategic form with what stands above and below it; as :func:`draw_matrix`."""
    form = form_to_draw(tree)
    marks = marks_of(form, profile)
    placed = _placed([_Table(form, layer, view, marks) for layer in layers(form)], view)
    wide = max(x + table.width for x, _, table in placed)
    high = max(y + table.height for _, y, table in placed)
    header = header_of(tree, view, profile, wide, key=f"E expected payoff · {FRAMED}")
    parts = header_svg(header, view, 0.0)
    for x, y, table in placed:
        parts += table.elements(x, y + header.height)
    letters = letters_note(tree)
    if letters:
        wide = max(wide, width(letters, SIZE) * stretch_of(view.font))
        parts.append(text_svg("t", letters, 0.0, header.height + high + HIGH / 2, "start"))
        high += HIGH
    return Panel(max(wide, header.width), high + header.height, parts)


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

    def __init__(
        self, form: StrategicForm, layer: tuple[int, ...], view: View, marks: Marks | None
    ) -> None:
        self.form, self.layer, self.marks = form, layer, marks
        self.stretch = stretch_of(view.font)
        self.show = cell_format(form, view).show
        self.rows = names_of(form, 0, full=view.full)
        self.two = len(form.tree.players) > 1
        self.columns = names_of(form, 1, full=view.full) if self.two else [""]
        self.chances = chances_of(marks, view, len(form.tree.players))
        cells = [
            self._wide(", ".join(self._texts((row, column))))
            for row in range(len(self.rows))
            for column in range(len(self.columns))
        ]
        heads = [*self.columns, *(self.chances[1] if self.two else ())]
        self.cell = max([*cells, *map(self._wide, heads)]) + 2 * PAD
        self.chance = max(map(self._wide, self.chances[0]), default=0.0)
        self.left = max(map(self._wide, self.rows)) + 2 * PAD
        above = one_line(form.tree.players[1]) if self.two else ""
        beside = one_line(form.tree.players[0])
        self.above, self.beside = above, beside
        self.left = max(self.left, self._wide(beside) + 2 * PAD)
        self.left += self.chance + PAD if self.chance else 0.0
        self.top = HIGH * (2 if above else 1) + (HIGH if layer else 0.0)
        self.top += HIGH if self.two and any(self.chances[1]) else 0.0
        self.width = max(
            self.left + self.cell * len(self.columns), self.left + self._wide(above) + PAD
        )
        self.width = max(self.width, self.left + self._wide(self._layer_name()))
        self.height = self.top + HIGH * len(self.rows)

    def _wide(self, text: str) -> float:
        return width(text, SIZE) * self.stretch

    def _profile(self, cell: tuple[int, int]) -> tuple[int, ...]:
        return (*(cell if self.two else cell[:1]), *self.layer)

    def _texts(self, cell: tuple[int, int]) -> list[str]:
        return [self.show(value) for value in self.form.payoffs[self._profile(cell)]]

    def _layer_name(self) -> str:
        """The third player's strategy, with its probability where that is told."""
        if not self.layer:
            return ""
        name = f"{one_line(self.form.tree.players[2])}: {names_of(self.form, 2)[self.layer[0]]}"
        chance = self.chances[2][self.layer[0]] if self.chances[2] else ""
        return f"{name}  {chance}" if chance else name

    def elements(self, x: float, y: float) -> list[str]:
        """The table's elements, with its upper left corner there."""
        top, left = y + self.top, x + self.left
        found = list(self._heads(x, y))
        wide, high = self.cell * len(self.columns), HIGH * len(self.rows)
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

    def _heads(self, x: float, y: float) -> Iterator[str]:
        """The names of players and strategies, and the probabilities of these."""
        top, left = y + self.top, x + self.left
        wide = self.cell * len(self.columns)
        chances = self.two and any(self.chances[1])
        names = top - (HIGH if chances else 0.0)
        if self.layer:
            yield text_svg("p2", self._layer_name(), left, y + HIGH / 2, "start")
        if self.above:
            yield text_svg("p1 w", self.above, left + wide / 2, names - 1.5 * HIGH, "middle")
        end = left - PAD - (self.chance + PAD if self.chance else 0.0)
        yield text_svg("p0 w", self.beside, end, names - HIGH / 2, "end")
        for index, name in enumerate(self.columns):
            middle = left + self.cell * (index + 0.5)
            yield text_svg("p1", name, middle, names - HIGH / 2, "middle")
            if chances:
                yield text_svg("p1", self.chances[1][index], middle, top - HIGH / 2, "middle")
        for index, name in enumerate(self.rows):
            middle = top + HIGH * (index + 0.5)
            yield text_svg("p0", name, end, middle, "end")
            if self.chance:
                yield text_svg("p0", self.chances[0][index], left - PAD, middle, "end")

    def _cell(self, cell: tuple[int, int], left: float, top: float) -> Iterator[str]:
        profile, texts = self._profile(cell), self._texts(cell)
        x = left + (self.cell - self._wide(", ".join(texts))) / 2
        best = [(player, profile) in self.form.best_responses for player in range(len(texts))]
        framed = all(best) and len(texts) > 1
        if self.marks is not None:
            framed = self.marks.played(profile)
        if framed:
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


def chances_of(marks: Marks | None, view: View, players: int) -> list[list[str]]:
    """For each player the probabilities of his strategies as written; none where he is pure."""
    if marks is None or not view.probabilities:
        return [[] for _ in range(players)]
    exact = {chance for own in marks.weights for chance in own if not isinstance(chance, float)}
    show = view.number_format.fit(map(Fraction, exact)).show
    return [
        [show(chance) for chance in own] if any(0 < chance < 1 for chance in own) else []
        for own in marks.weights
    ]
