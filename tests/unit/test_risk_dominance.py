"""Risk dominance: products of losses where they decide, else the tracing procedure."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import risk_dominance as risk
from nl2efg.solving import solve
from nl2efg.solving.risk_dominance import dominating, is_strict
from nl2efg.solving.selection import select

Pairs = list[list[tuple[int, int]]]


def table(rows: Pairs) -> GameTree:
    """Two players who move at once."""
    builder = TreeBuilder(["Row", "Column"])
    own = builder.information_set(0, [f"r{i}" for i in range(len(rows))])
    other = builder.information_set(1, [f"c{j}" for j in range(len(rows[0]))])
    for row, node in zip(rows, builder.move(0, own), strict=True):
        for pay, leaf in zip(row, builder.move(node, other), strict=True):
            builder.pay(leaf, list(pay))
    return builder.build()


def strict_pairs(form: ReducedForm) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    cells = [(cell[0], cell[1]) for cell in form.payoffs]
    return list(combinations([cell for cell in cells if is_strict(form, cell)], 2))


numbers = st.integers(0, 9)


@given(
    st.lists(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=2), min_size=2, max_size=2)
)
def test_tracing_agrees_with_products_in_games_of_two_plans(rows: Pairs) -> None:
    form = reduced_form(table(rows))
    for one, other in strict_pairs(form):
        products = risk._losses(form, one, other), risk._losses(form, other, one)
        traced = {risk._traced(form, one, other, lean) for lean in (one, other)}
        if products[0] == products[1]:
            assert len(traced) == 2 or traced == {None}
        else:
            assert traced == {one if products[0] > products[1] else other}


@given(
    st.lists(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=3), min_size=3, max_size=3)
)
def test_the_order_of_the_equilibria_and_of_the_players_does_not_matter(rows: Pairs) -> None:
    form = reduced_form(table(rows))
    turned = reduced_form(
        table([[(b, a) for a, b in column] for column in zip(*rows, strict=True)])
    )
    for one, other in strict_pairs(form):
        winner, _ = dominating(form, one, other)
        assert dominating(form, other, one)[0] == winner
        mirrored, _ = dominating(turned, one[::-1], other[::-1])
        assert mirrored == (winner and winner[::-1])


@given(
    st.lists(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=3), min_size=3, max_size=3)
)
def test_a_bicentric_prior_is_what_a_fine_grid_gives(rows: Pairs) -> None:
    form = reduced_form(table(rows))
    grid = 400
    for one, other in strict_pairs(form):
        for place in (0, 1):
            shares = [Fraction(0)] * 3
            for step in range(grid):
                odds = Fraction(2 * step + 1, 2 * grid)
                worth = [
                    odds * risk.pays(form, place, plan, one[1 - place])
                    + (1 - odds) * risk.pays(form, place, plan, other[1 - place])
                    for plan in range(3)
                ]
                best = [plan for plan in range(3) if worth[plan] == max(worth)]
                for plan in best:
                    shares[plan] += Fraction(1, grid * len(best))
            found = risk._replies(form, place, one, other)
            assert sum(found) == 1
            assert found == pytest.approx(shares, abs=0.01)


def test_a_third_plan_that_is_best_between_two_equilibria_is_traced() -> None:
    # Row's third plan is best against half and half; by symmetry neither dominates.
    even: Pairs = [[(4, 4), (0, 0), (0, 3)], [(0, 0), (4, 4), (0, 3)], [(3, 0), (3, 0), (0, 0)]]
    game = table(even)
    found = select(game, solve(game, concept="nash", all=True).equilibria, "risk")
    assert found.equilibria == ()
    assert "tracing procedure from the bicentric prior leads to neither" in found.reason
    # It answers badly to both when the second equilibrium pays its players more.
    odd: Pairs = [[(4, 4), (0, 0), (0, 0)], [(0, 0), (8, 8), (0, 0)], [(3, 0), (3, 0), (0, 0)]]
    game = table(odd)
    equilibria = solve(game, concept="nash", all=True).equilibria
    found = select(game, equilibria, "risk")
    assert [equilibria[number - 1].values for number in found.equilibria] == [(8, 8)]


def test_too_many_plans_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "MAX_EXACT_SIZE", 7)
    even: Pairs = [[(4, 4), (0, 0), (0, 3)], [(0, 0), (4, 4), (0, 3)], [(3, 0), (3, 0), (0, 0)]]
    game = table(even)
    with pytest.raises(UserError, match="up to 5 plans of action; the game has 6"):
        select(game, solve(game, concept="nash", all=True).equilibria, "risk")
