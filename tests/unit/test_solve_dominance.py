"""Remarks on strictly dominated actions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve
from nl2efg.solving.dominance import MAX_NODES, dominance_remarks

Table = list[list[tuple[int, int]]]


def bimatrix(table: Table) -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    first = builder.information_set(0, [f"r{i}" for i in range(len(table))])
    second = builder.information_set(1, [f"c{j}" for j in range(len(table[0]))])
    for row, node in zip(table, builder.move(0, first), strict=True):
        for payoffs, leaf in zip(row, builder.move(node, second), strict=True):
            builder.pay(leaf, payoffs)
    return builder.build()


def line(player: str, better: str, worse: str) -> str:
    return (
        f"strictly dominated: {player} gets more by {better} than by {worse}, "
        "whatever the others do"
    )


def test_both_prisoners_have_a_dominated_action() -> None:
    remarks = solve(bimatrix([[(3, 3), (0, 4)], [(4, 0), (1, 1)]])).remarks
    assert line("Ann", "r1", "r0") in remarks
    assert line("Ben", "c1", "c0") in remarks


def test_weak_dominance_is_no_strict_dominance() -> None:
    assert dominance_remarks(flat_game_of(bimatrix([[(3, 0), (1, 0)], [(4, 0), (1, 0)]]))) == []


def test_large_games_are_passed_over() -> None:
    table = [[(i, 0) for _ in range(30)] for i in range(30)]
    tree = bimatrix(table)
    assert len(tree) > MAX_NODES
    assert dominance_remarks(flat_game_of(tree)) == []


payoff = st.integers(-3, 3)
tables = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda shape: st.lists(
        st.lists(st.tuples(payoff, payoff), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@given(tables)
def test_they_are_those_of_the_table(table: Table) -> None:
    by_row = [[cell[0] for cell in row] for row in table]
    by_column = [[row[j][1] for row in table] for j in range(len(table[0]))]
    expected = []
    for player, letter, lines in (("Ann", "r", by_row), ("Ben", "c", by_column)):
        for worse, low in enumerate(lines):
            for better, high in enumerate(lines):
                if all(a < b for a, b in zip(low, high, strict=True)):
                    expected.append(line(player, f"{letter}{better}", f"{letter}{worse}"))
                    break
    assert dominance_remarks(flat_game_of(bimatrix(table))) == expected
