"""Large tables: their pure equilibria are found in time linear in the table."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.equilibria.sequence_form import common, stage_at
from nl2efg.formats.nfg import simultaneous_game
from nl2efg.game import GameTree, Outcome
from nl2efg.solving import solve
from nl2efg.solving.methods.pure_strategies import mutual_best_replies

CELL = st.tuples(st.integers(0, 3), st.integers(-2, 2))


def table(cells: list[list[tuple[int, int]]]) -> GameTree:
    """A game of two players in strategic form; rows are the first one's."""
    rows, columns = len(cells), len(cells[0])
    flat = [cells[row][column] for column in range(columns) for row in range(rows)]
    names = [[str(n) for n in range(rows)], [str(n) for n in range(columns)]]
    outcomes = [Outcome((Fraction(a), Fraction(b))) for a, b in flat]
    return simultaneous_game(["Row", "Column"], names, outcomes, range(len(flat)))


def best(cells: list[list[tuple[int, int]]], row: int, column: int) -> bool:
    """Whether both reply best, by the definition."""
    own, other = cells[row][column]
    return all(line[column][0] <= own for line in cells) and all(
        cell[1] <= other for cell in cells[row]
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_a_pure_equilibrium_is_found_exactly_if_there_is_one(
    rows: int, columns: int, data: st.DataObject
) -> None:
    line = st.lists(CELL, min_size=columns, max_size=columns)
    cells = data.draw(st.lists(line, min_size=rows, max_size=rows))
    stage = stage_at(flat_game_of(table(cells)), 0)
    leaves = [cells[row][column] for row in range(rows) for column in range(columns)]
    payoffs = [common([Fraction(cell[place]) for cell in leaves])[0] for place in (0, 1)]
    found = mutual_best_replies(stage, payoffs)
    pure = {(r, c) for r in range(rows) for c in range(columns) if best(cells, r, c)}
    assert (found is None) == (not pure)
    assert found is None or (found[0][0], found[1][0]) in pure


def test_a_table_of_ten_thousand_cells_is_solved_by_it() -> None:
    source = random.Random(100)
    drawn = [(source.randint(0, 999), source.randint(0, 999)) for _ in range(10_000)]
    cells = [drawn[start : start + 100] for start in range(0, 10_000, 100)]
    cells[7][9] = (1000, 1000)
    found = solve(table(cells), concept="nash", all=False, budget=60).equilibria[0]
    assert found.method == "mutual best replies"
    assert best(cells, *(row.index(1) for row in found.profile.probabilities))
