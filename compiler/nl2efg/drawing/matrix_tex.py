"""The strategic form as a table in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from nl2efg.drawing.matrix import (
    Marks,
    cell_format,
    chances_of,
    form_to_draw,
    layers,
    letters_note,
    marks_of,
    names_of,
)
from nl2efg.drawing.tex_escaping import tex, tex_formula, tex_label
from nl2efg.drawing.view import View
from nl2efg.families.written import WrittenNumber
from nl2efg.families.written import tex as formula
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.strategic_form import StrategicForm
from nl2efg.text import one_line

BETWEEN = "\n\\quad\n"
"""Between tables beside each other."""
FRAME = r"{\setlength{\fboxsep}{2pt}\fbox{%s}}"


def matrix_tex(tree: GameTree, view: View, profile: BehaviourProfile | None = None) -> str:
    """The strategic form as LaTeX ``tabular`` lines, best responses underlined.

    Args:
        tree: the game.
        view: how numbers are written, and whether probabilities are.
        profile: the equilibrium to mark: cells that are played in it are framed, and the
            probabilities of mixed strategies stand beside them.

    Raises:
        UserError: as :func:`nl2efg.drawing.matrix.draw_matrix`.
    """
    form = form_to_draw(tree)
    marks = marks_of(form, profile)
    letters = letters_note(tree)
    lines = [f"% {letters}".encode("ascii", "replace").decode()] if letters else []
    tables = ["\n".join(_Tabular(form, each, view, marks).lines()) for each in layers(form)]
    return "\n".join([*lines, BETWEEN.join(tables)])


def _formula(value: Fraction, show: Callable[[Fraction], str]) -> str:
    if isinstance(value, WrittenNumber):
        return tex_formula(formula(value.expression))
    return show(value).replace("−", "-").replace("≈", r"\approx ")


class _Tabular:
    """One table: rows of the first player, columns of the second."""

    def __init__(
        self, form: StrategicForm, layer: Sequence[int], view: View, marks: Marks | None
    ) -> None:
        self.form, self.layer, self.marks = form, layer, marks
        self.show = cell_format(form, view).show
        self.chances = chances_of(marks, view, len(form.tree.players))
        self.two = len(form.tree.players) > 1

    def heads(self, player: int) -> list[str]:
        """A player's strategies, with their probabilities where he mixes."""
        names = list(map(tex, names_of(self.form, player)))
        chances = map(tex_label, self.chances[player])
        return (
            [f"{n} ({c})" for n, c in zip(names, chances, strict=True)]
            if self.chances[player]
            else names
        )

    def lines(self) -> list[str]:
        """The table."""
        columns = self.heads(1) if self.two else [""]
        rule = rf"\cline{{2-{len(columns) + 1}}}"
        found = [rf"\begin{{tabular}}{{r|{'c|' * len(columns)}}}"]
        if self.marks is not None:  # room for the frames
            found[:0] = [r"{\renewcommand{\arraystretch}{1.5}"]
        above = rf"\multicolumn{{1}}{{r}}{{}} & \multicolumn{{{len(columns)}}}{{c}}"
        if self.layer:
            third = f"{tex(one_line(self.form.tree.players[2]))}: {self.heads(2)[self.layer[0]]}"
            found.append(rf"{above}{{{third}}} \\")
        if self.two:
            player = tex(one_line(self.form.tree.players[1]))
            found.append(rf"{above}{{{player}}} \\")
        first = tex(one_line(self.form.tree.players[0]))
        heads = " & ".join(rf"\multicolumn{{1}}{{c}}{{{name}}}" for name in columns)
        found.append(rf"\multicolumn{{1}}{{r}}{{{first}}} & {heads} \\ {rule}")
        for row, name in enumerate(self.heads(0)):
            cells = " & ".join(self._cell(row, column) for column in range(len(columns)))
            found.append(rf"{name} & {cells} \\ {rule}")
        return [*found, r"\end{tabular}" + "}" * (self.marks is not None)]

    def _cell(self, row: int, column: int) -> str:
        profile = (row, *([column] if self.two else []), *self.layer)
        texts = []
        for mover, value in enumerate(self.form.payoffs[profile]):
            text = f"${_formula(value, self.show)}$"
            best = (mover, profile) in self.form.best_responses
            texts.append(rf"\underline{{{text}}}" if best else text)
        told = ", ".join(texts)
        return FRAME % told if self.marks is not None and self.marks.played(profile) else told
