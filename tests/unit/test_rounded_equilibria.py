"""What is said of profiles in floating point: how little anybody gains, not that nobody does."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.cli.equilibrium_summary import equilibrium_rows
from nl2efg.cli.solve_report import Telling, solution_lines
from nl2efg.equilibria.certificate import certify
from nl2efg.game import BehaviourProfile
from nl2efg.solving import solve, verify_profile
from tests.oracles.games import table_game
from tests.unit.test_polynomial_peaks import driver

THIRDS = table_game([[(2, -2), (-1, 1)], [(-1, 1), (0, 0)]])
"""Pennies of unlike sizes: the equilibrium is in quarters and is told in floats a little off."""

QUARTER = (0.25, 0.75)


@given(st.floats(1e-14, 1e-10))
def test_a_profile_that_is_off_by_rounding_is_not_said_to_gain_nothing(off: float) -> None:
    row = (0.25 + off, 0.75 - off)
    for concept in ("nash", "spe", "pbe", "sequential"):
        verdict = verify_profile(THIRDS, [row, QUARTER], concept=concept)
        assert verdict.holds
        assert "to within rounding" in verdict.reason
        bound = re.search(r"nobody gains more than (\S+?e-\d+)", verdict.reason)
        assert bound
        exact = [tuple(map(Fraction, own)) for own in (row, QUARTER)]
        exact[0] = (exact[0][0], 1 - exact[0][0])
        assert certify(BehaviourProfile(THIRDS, tuple(exact))).max_regret <= Fraction(
            bound.group(1)
        ) * Fraction(10001, 10000)


def test_a_profile_whose_numbers_are_an_equilibrium_gains_nothing() -> None:
    verdict = verify_profile(THIRDS, [QUARTER, QUARTER])
    assert verdict.reason == "nobody gains by deviating"


def test_the_report_says_to_within_rounding() -> None:
    solution = solve(driver([0, 4, -3, -1]), concept="nash")
    told = "\n".join(solution_lines("", solution, Telling()))
    assert "an equilibrium to within rounding: nobody gains more than" in told
    rows = [line for _, line in equilibrium_rows(solution)]
    assert any("to within rounding, max regret" in line for line in rows)


def test_of_an_exact_profile_nothing_is_said_of_rounding() -> None:
    exact = (Fraction(1, 4), Fraction(3, 4))
    assert certify(BehaviourProfile(THIRDS, (exact, exact))).rounding_words == ""


@pytest.mark.parametrize("concept", ["ce", "security"])
def test_concepts_of_plans_are_told_where_they_are_answered(concept: str) -> None:
    from nl2efg.errors import UserError

    with pytest.raises(UserError, match="of plans of action") as caught:
        solve(THIRDS, concept=concept)
    assert "nl2efg.solving." in str(caught.value.hint)


def test_the_error_lists_every_concept() -> None:
    from nl2efg.errors import UserError
    from nl2efg.solving import CONCEPTS
    from nl2efg.solving.concepts import OF_BEHAVIOUR, OF_PLANS

    assert set(CONCEPTS) == set(OF_BEHAVIOUR)
    with pytest.raises(UserError, match="there is no concept 'fair'") as caught:
        solve(THIRDS, concept="fair")
    assert all(name in str(caught.value.hint) for name in (*OF_BEHAVIOUR, *OF_PLANS))
