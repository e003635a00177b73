"""The strategic form for the report: tables of cells with best responses and equilibria marked."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.drawing.matrix import cell_format, layers, names_of
from nl2efg.drawing.view import View
from nl2efg.game import GameTree
from nl2efg.game.strategic_form import strategic_form
from nl2efg.text import one_line

MAX_CELLS = 400
MAX_PLAYERS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What a profile of strategies pays.

    Args:
        values: for each player his payoff, and whether his strategy is a best response.
        equilibrium: whether all are.
    """

    values: tuple[tuple[str, bool], ...]
    equilibrium: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table: rows of the first player, columns of the second, fixed choices of the third.

    Args:
        title: the third player's strategy; empty if there is none.
        row_player, column_player: names; the second is empty for a single player.
        columns: strategies of the second player.
        rows: strategies of the first player, with their cells.
    """

    title: str
    row_player: str
    column_player: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def strategic_tables(tree: GameTree, view: View) -> list[Table]:
    """The tables of a small game of at most three players; none if it is not small."""
    if len(tree.players) > MAX_PLAYERS:
        return []
    form = strategic_form(tree, max_cells=MAX_CELLS)
    if form is None:
        return []
    numbers = cell_format(form, view)
    two = len(tree.players) > 1
    columns = names_of(form, 1) if two else [""]
    found = []
    for layer in layers(form):
        rows = []
        for row, name in enumerate(names_of(form, 0)):
            cells = []
            for column in range(len(columns)):
                profile = (row, *([column] if two else []), *layer)
                best = [(p, profile) in form.best_responses for p in range(len(tree.players))]
                paid = zip(map(numbers.show, form.payoffs[profile]), best, strict=True)
                cells.append(Cell(tuple(paid), all(best)))
            rows.append((name, tuple(cells)))
        title = ""
        if layer:
            title = f"{one_line(tree.players[2])}: {names_of(form, 2)[layer[0]]}"
        found.append(
            Table(
                title,
                one_line(tree.players[0]),
                one_line(tree.players[1]) if two else "",
                tuple(columns),
                tuple(rows),
            )
        )
    return found
