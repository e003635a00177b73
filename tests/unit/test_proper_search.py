"""A proper equilibrium is found in every small game of two players; there always is one."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from nl2efg.game import TreeBuilder
from nl2efg.solving import solve
from tests.oracles.games import cube_game, random_cube, random_table, table_game
from tests.oracles.tables import Bimatrix, is_proper

MIXED = [[(1, 0), (0, 2), (0, 2)], [(0, 4), (3, 1), (0, 4)]]
"""The extreme equilibria are not proper: trembles of Column single out one mixture of Row."""


def test_trembles_single_out_a_mixture_within_a_continuum() -> None:
    tree = table_game([list(row) for row in MIXED])
    (found,) = solve(tree, concept="proper", all=True).equilibria
    row = tuple(Fraction(p) for p in found.profile.probabilities[0])
    column = tuple(Fraction(p) for p in found.profile.probabilities[1])
    assert is_proper(Bimatrix([list(row) for row in MIXED]), (row, column))
    listed = solve(tree, concept="nash", all=True).equilibria
    assert found.profile not in [other.profile for other in listed]


@given(st.integers(0, 10**6))
def test_every_table_has_a_proper_equilibrium(seed: int) -> None:
    table = random_table(random.Random(seed))
    solution = solve(table_game(table), concept="proper", all=True)
    assert solution.equilibria
    for found in solution.equilibria:
        row, column = (tuple(map(Fraction, own)) for own in found.profile.probabilities)
        assert is_proper(Bimatrix(table), (row, column))


def test_what_is_found_before_the_listing_is_kept_if_nothing_listed_is_proper() -> None:
    """Lemke's equilibrium is proper, and the corners that a listing has are not."""
    builder = TreeBuilder(["One", "Two"])
    out, inside = builder.move(0, builder.information_set(0, ["out", "in"]))
    deep, guess, rest = builder.move(inside, builder.information_set(0, ["a", "b", "c"]))
    left, right, end = builder.move(deep, builder.information_set(0, ["d", "e", "f"]))
    seen = builder.information_set(1, ["l", "r"])
    last = builder.information_set(1, ["u", "v"])
    ends = [*builder.move(left, seen), *builder.move(right, seen), end, out, rest]
    ends += builder.move(guess, last)
    pays = ["30 1/500000000", "30 -1/10", "1000000000 -100000000", "-10 100", "0 3/10000000"]
    pays += ["0 -1000000", "1000000 0", "-1/100000000 0", "1/500000 1"]
    for node, payoffs in zip(ends, pays, strict=True):
        builder.pay(node, [Fraction(payoff) for payoff in payoffs.split()])
    assert solve(builder.build(), concept="proper", all=True).equilibria


def test_of_three_players_nothing_is_searched_for_in_vain() -> None:
    tree = cube_game(random_cube(random.Random(3)))
    solution = solve(tree, concept="proper", all=True)
    assert not any("trembles" in line and "no proof" in line for line in solution.tried)
    assert any("two players only" in remark for remark in solution.remarks)
