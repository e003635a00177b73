"""The maximum of a polynomial on [0, 1], and what it decides for absent-minded players."""

from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.equilibria.polynomial_peaks import greatest
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve, verify_profile

COEFFICIENTS = st.lists(st.integers(-9, 9).map(Fraction), min_size=1, max_size=6)
STEPS = 500
TINY = Fraction(1, 10**20)


def value(coefficients: list[Fraction], at: Fraction) -> Fraction:
    return sum((c * at**k for k, c in enumerate(coefficients)), Fraction(0))


@given(COEFFICIENTS)
def test_nothing_on_a_grid_is_greater_and_the_peak_is_worth_what_it_says(
    coefficients: list[Fraction],
) -> None:
    peak = greatest(coefficients)
    assert peak is not None
    assert 0 <= peak.at <= 1
    assert max(value(coefficients, Fraction(i, STEPS)) for i in range(STEPS + 1)) <= peak.worth
    gap = peak.worth - value(coefficients, peak.at)
    assert gap == 0 if peak.exact else 0 < gap < TINY


@given(COEFFICIENTS)
def test_a_floor_is_exceeded_or_not(coefficients: list[Fraction]) -> None:
    peak = greatest(coefficients)
    assert peak is not None
    assert greatest(coefficients, peak.worth) is None
    assert greatest(coefficients, peak.worth - TINY) is not None


def test_an_irrational_peak_that_equals_the_floor_is_not_above_it() -> None:
    # -(p² - 1/2)² is 0 at the root of 1/2 alone.
    coefficients = [Fraction(c) for c in ("-1/4", "0", "1", "0", "-1")]
    assert greatest(coefficients, Fraction(0)) is None
    above = greatest(coefficients, Fraction(-1, 10**90))
    assert above is not None
    assert not above.exact


def driver(coefficients: list[int]) -> GameTree:
    """A driver whose payoff is this polynomial in the probability of going on."""
    builder = TreeBuilder(["Driver"])
    junction = builder.information_set(0, ["Exit", "Go"])
    *exits, end = accumulate(coefficients)
    node = 0
    for payoff in exits:
        leaf, node = builder.move(node, junction)
        builder.pay(leaf, [payoff])
    builder.pay(node, [end])
    return builder.build()


def test_an_irrational_optimum_is_not_called_exact() -> None:
    tree = driver([0, 4, -3, -1])  # greatest at (√21 - 3) / 3
    solution = solve(tree, concept="nash")
    (found,) = solution.equilibria
    assert not found.certificate.exact
    assert found.certificate.is_nash
    assert found.profile.probabilities[0][1] == pytest.approx((21**0.5 - 3) / 3)
    assert str(solution.completeness).startswith("there is no pure equilibrium")


def test_no_rational_profile_is_proved_where_the_optimum_is_irrational() -> None:
    tree = driver([0, 4, -3, -1])
    near = Fraction((21**0.5 - 3) / 3)
    verdict = verify_profile(tree, [(1 - near, near)])
    assert verdict.holds is False


def test_a_flat_maximum_is_found_exactly() -> None:
    # 1000 - 10 (3p - 1)⁴: the slope has a root three times.
    tree = driver([990, 120, -540, 1080, -810])
    (found,) = solve(tree, concept="nash").equilibria
    assert found.certificate.exact
    assert found.profile.probabilities == ((Fraction(2, 3), Fraction(1, 3)),)
