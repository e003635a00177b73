"""Larger stages of two players: equilibria found at points hold with letters."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest

from nl2efg.families import GameFamily, family_of, read_expression
from nl2efg.solving import solve
from nl2efg.theorems.algebra import LetterField
from nl2efg.theorems.linear import LinearSystem
from nl2efg.theorems.result import SymbolicSolution
from nl2efg.theorems.solver import solve_family
from nl2efg.theorems.wording import report_lines
from tests.oracles.poker import value
from tests.references.families import kuhn_bet
from tests.references.writing import family, game, letter, move, pay

BETS = ("1/10", "1/2", "9/10", "1", "11/10", "3/2", "19/10", "2", "3", "7")


@cache
def poker() -> SymbolicSolution:
    found = family_of(kuhn_bet())
    assert found is not None
    return solve(found, budget=120)


@pytest.mark.parametrize("bet", BETS)
def test_poker_is_worth_what_a_linear_program_says(bet: str) -> None:
    b = Fraction(bet)
    here = poker().at({"b": b})
    assert here
    assert all(
        float(each.values[0].at({"b": b})) == pytest.approx(value(float(b))) for each in here
    )


def test_poker_bluffs_as_kuhn_says() -> None:
    # Kuhn (1950): the second player bets a jack and calls with a queen one time in three each.
    here = poker().at({"b": Fraction(1)})
    tree = here[0].family.tree
    place = {each.label: n for n, each in enumerate(tree.information_sets)}
    third = (Fraction(1, 3), Fraction(2, 3))

    def row(each: int, name: str) -> dict[str, Fraction]:
        number = place[name]
        actions = tree.information_sets[number].actions
        row = here[each].rows[number]
        return {a: p.at({"b": Fraction(1)}) for a, p in zip(actions, row, strict=True)}

    classic = [
        n for n in range(len(here))
        if row(n, "J check")["Bet"] == third[0] and row(n, "Q bet")["Call"] == third[0]
        and row(n, "J bet")["Fold"] == 1 and row(n, "K bet")["Call"] == 1
    ]  # fmt: skip
    assert classic
    for n in classic:
        bluff, sure = row(n, "J")["Bet"], row(n, "K")["Bet"]
        assert sure == 3 * bluff
        assert row(n, "Q raised")["Call"] == bluff + third[0]


def test_poker_is_covered_and_certified() -> None:
    found = poker()
    assert found.regimes is not None
    assert found.regimes.gaps == ()
    assert "at all values of the domain" in found.coverage
    for each in found.equilibria:
        assert each.certificate.holds
        assert each.certificate.inside
    told = "\n".join(report_lines(found))
    assert "in each First gets -b**2/(6*b + 12), Second gets b**2/(6*b + 12)" in told


def wide(size: int) -> GameFamily:
    """Guessing one of so many numbers, the first of which is worth x."""
    names = [str(n) for n in range(size)]

    def reply(own: str) -> dict[str, object]:
        return {
            other: pay(
                *(("x", "-x") if own == "0" else ("1", "-1")) if other == own else ("0", "0")
            )
            for other in names
        }

    root = move("One", "only", {own: move("Two", "only", reply(own)) for own in names})
    found = family_of(family(game("Guess", ["One", "Two"], root), [letter("x", 2)], "x > 0"))
    assert found is not None
    return found


def test_a_mixture_of_more_than_three_strategies() -> None:
    found = solve(wide(5))
    # By hand: with weight 1/x on the first number and 1 on each other, all over their sum.
    (only,) = found.equilibria
    assert only.conditions == ()
    assert only.values[0] == read_expression("x/(4*x + 1)")
    assert only.rows[0][0] == read_expression("1/(4*x + 1)")
    assert only.values[0].text == "x/(4*x + 1)"
    assert any("more than 3 strategies" in remark for remark in found.remarks)


def test_without_proposals_it_is_said() -> None:
    found = solve_family(wide(5))
    assert found.equilibria == ()
    assert any("were not sought" in remark for remark in found.remarks)


def test_systems_of_equations() -> None:
    letters = LetterField(("a",))
    a, one, zero = letters.letter("a"), letters.one, letters.zero
    system = LinearSystem(2, zero)
    system.demand({0: one, 1: a}, one)
    assert not system.is_determined
    system.demand({0: a, 1: a * a}, a)  # the same again
    assert system.consistent
    assert not system.is_determined
    system.demand({0: one, 1: -a}, zero)
    assert system.solution() == {0: one / 2, 1: one / (2 * a)}
    system.demand({0: one}, a)
    assert not system.consistent
    assert system.solution() is None
