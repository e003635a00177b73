"""Symmetric equilibria: those that stay the same when players change places."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.equilibria.reduced_form import reduced_form
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve
from nl2efg.solving.selection import select
from nl2efg.solving.symmetry import symmetries
from tests.oracles.games import cube_game, random_table, table_game


def symmetric_table(draw: random.Random, size: int, order: list[int]) -> GameTree:
    """A symmetric game, the columns of which stand in another order."""
    own = [[draw.randint(0, 4) for _ in range(size)] for _ in range(size)]
    return table_game(
        [[(own[i][order[j]], own[order[j]][i]) for j in range(size)] for i in range(size)]
    )


@given(st.integers(0, 10**6), st.permutations([0, 1, 2]))
def test_the_order_of_the_plans_does_not_matter(seed: int, order: list[int]) -> None:
    tree = symmetric_table(random.Random(seed), 3, order)
    found = symmetries(reduced_form(tree))
    if found.matched != "payoffs":
        return
    equilibria = solve(tree, concept="nash", all=True).equilibria
    for number in select(tree, equilibria, "symmetric").equilibria:
        row, column = equilibria[number - 1].profile.probabilities
        assert all(row[order[j]] == p for j, p in enumerate(column))


@given(st.integers(0, 10**6))
def test_every_symmetry_keeps_what_everybody_gets(seed: int) -> None:
    table = random_table(random.Random(seed), peak=1, least=2)
    form = reduced_form(table_game(table))
    try:
        found = symmetries(form)
    except UserError:
        found = None
    swaps = [] if len(table) != len(table[0]) else swaps_of(table)
    assert bool(swaps) == (found is not None)
    if found is not None and found.matched == "payoffs":
        assert {way.plans for way in found.ways} == set(swaps)


def swaps_of(table: list[list[tuple[int, ...]]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """By trying all: rows to columns and columns to rows so that payoffs change places."""
    size = range(len(table))
    return [
        (to_columns, to_rows)
        for to_columns in permutations(size)
        for to_rows in permutations(size)
        if all(table[i][j] == table[to_rows[j]][to_columns[i]][::-1] for i in size for j in size)
    ]


def test_two_of_three_may_change_places() -> None:
    """The first chooses alone; the others get what they agree on."""
    cube = [[[[i, int(j == k), int(j == k)] for k in (0, 1)] for j in (0, 1)] for i in (0, 1)]
    tree = cube_game(cube)
    equilibria = solve(tree, concept="nash", all=True).equilibria
    found = select(tree, equilibria, "symmetric")
    assert found.reason == "Two and Three do the same"
    for number, own in enumerate(equilibria, 1):
        _, two, three = own.profile.probabilities
        assert (number in found.equilibria) == (two == three)


def test_plans_that_are_called_alike_stand_for_each_other() -> None:
    builder = TreeBuilder(["One", "Two"])
    one = builder.information_set(0, ["left", "right"])
    two = builder.information_set(1, ["right", "left"])
    for i, node in enumerate(builder.move(0, one)):
        for j, leaf in enumerate(builder.move(node, two)):
            builder.pay(leaf, [int(i != j)] * 2)
    tree = builder.build()
    equilibria = solve(tree, concept="nash", all=True).equilibria
    found = select(tree, equilibria, "symmetric")
    assert symmetries(reduced_form(tree)).matched == "name"
    # Both choose left, both choose right, or both mix: called alike, though in another order.
    assert len(found.equilibria) == len(equilibria) == 3


def test_one_alone_is_no_symmetry() -> None:
    builder = TreeBuilder(["One"])
    for leaf in builder.move(0, builder.information_set(0, ["a", "b"])):
        builder.pay(leaf, [1])
    tree = builder.build()
    with pytest.raises(UserError, match="one player alone"):
        select(tree, solve(tree).equilibria, "symmetric")


def test_players_who_do_not_change_places_do_not_do_the_same() -> None:
    """One and Two match each other, for little, and Three and Four, for much."""
    builder = TreeBuilder(["One", "Two", "Three", "Four"])
    sets = [builder.information_set(player, ["a", "b"]) for player in range(4)]
    level: list[tuple[tuple[int, ...], int]] = [((), 0)]
    for own in sets:
        level = [
            ((*plan, action), node)
            for plan, place in level
            for action, node in enumerate(builder.move(place, own))
        ]
    for (one, two, three, four), leaf in level:
        builder.pay(leaf, [int(one == two)] * 2 + [3 * int(three == four)] * 2)
    tree = builder.build()
    found = select(tree, solve(tree, concept="nash", all=True).equilibria, "symmetric")
    assert found.reason == "One and Two do the same, and Three and Four do the same"
