"""Expressions are bounded before they are made, in terms and in digits, and so are their values."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import UserError
from nl2efg.families import family_of, polynomials, read_expression
from nl2efg.families.expression_text import MAX_WORK
from nl2efg.families.polynomials import ExpressionTooLargeError, Polynomial, value_at
from nl2efg.formats import read_efg
from nl2efg.sweeps.point import solve_point

SYMBOLS = "abc"
COEFFICIENTS = st.fractions(-9, 9, max_denominator=9).filter(bool)
MONOMIALS = st.dictionaries(st.sampled_from(SYMBOLS), st.integers(1, 5), max_size=3).map(
    lambda powers: tuple(sorted(powers.items()))
)
POLYNOMIALS = st.dictionaries(MONOMIALS, COEFFICIENTS, max_size=6)
VALUES = st.fixed_dictionaries({each: st.fractions(max_denominator=30) for each in SYMBOLS})

LONG = "(" + "+".join(f"a**{n}/{10**90 + 2 * n + 1}" for n in range(150)) + ")**2"
"""Sums of fractions whose denominators have no factor in common."""

GAME = """EFG 2 R "t" { "A" } "[family
parameter a quantity 1 - - - -
payoff 0 0 a**1000
]"
t "" 1 "" { 1 }"""


@given(POLYNOMIALS, VALUES)
def test_a_value_is_the_sum_of_its_terms(
    polynomial: Polynomial, values: dict[str, Fraction]
) -> None:
    terms = (
        coefficient * prod((values[symbol] ** power for symbol, power in monomial), start=1)
        for monomial, coefficient in polynomial.items()
    )
    assert value_at(polynomial, values) == sum(terms, Fraction(0))


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "(1/(a + b)^3 - 1/(a + c)^4 + a)^43",
        "(a+b+c+d)**30",
        "(a+b+c+d)**(-30)",
        "(a+b+c+d+e)**10*(a+b+c+d+f)**10",
        "+".join(f"(a+b+c+d+{letter})**14" for letter in "efghijklm"),
    ],
)
def test_the_work_of_reading_is_counted_before_it_is_done(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = 0
    multiply = polynomials.multiply

    def counted(a: Polynomial, b: Polynomial) -> Polynomial:
        nonlocal done
        done += len(a) * len(b)
        return multiply(a, b)

    monkeypatch.setattr(polynomials, "multiply", counted)
    with pytest.raises(ExpressionTooLargeError):
        read_expression(text)
    assert done <= 1.1 * MAX_WORK


def test_powers_that_are_meant_are_read() -> None:
    found = read_expression("(a + b)**40 / (1 - delta)**40")
    assert found.at({"a": Fraction(1), "b": Fraction(1), "delta": Fraction(1, 2)}) == 2**80
    assert read_expression("delta**1000").at({"delta": Fraction(1, 2)}) == Fraction(1, 2**1000)
    assert read_expression("a**(-2)").at({"a": Fraction(3)}) == Fraction(1, 9)


@pytest.mark.parametrize(
    "value", [Fraction(10**90 + 1, 7), Fraction(1, 10**90), Fraction(-(9**99))]
)
def test_a_value_of_far_too_many_digits_is_refused(value: Fraction) -> None:
    expression = read_expression("+".join(f"a**{n}" for n in range(900, 1000)))
    assert expression.at({"a": Fraction(-1)}) == 0
    with pytest.raises(ExpressionTooLargeError, match="too many digits"):
        expression.at({"a": value})
    with pytest.raises(ExpressionTooLargeError, match="too many digits"):
        (read_expression("1") / expression).at({"a": value})


def test_a_game_at_such_values_is_the_users_mistake() -> None:
    family = family_of(read_efg(GAME))
    assert family is not None
    assert family.at(a="1/2").outcomes[0].payoffs == (Fraction(1, 2**1000),)
    far = Fraction(10**90)
    with pytest.raises(UserError, match="too many digits"):
        family.with_values({"a": far})
    assert "too many digits" in solve_point(family, {"a": far}, "spe", 1.0).trouble


def test_a_note_at_such_values_is_none() -> None:
    assert family_of(read_efg(GAME.replace("quantity 1 ", f"quantity {10**90} "))) is None
