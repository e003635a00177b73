"""Random small families against the numeric solver; ``tests.random_families`` checks thousands."""

from __future__ import annotations

import pytest

from nl2efg.solving import solve
from tests.random_families import belief_troubles, random_family, troubles

pytestmark = [pytest.mark.process, pytest.mark.slow]

ONCE_WRONG = (37, 116, 437, 503)
"""Mixtures that divide by zero or are one behaviour, a condition never met, a square."""


@pytest.mark.parametrize("seed", [*range(8), *ONCE_WRONG])
def test_conditions_are_exact(seed: int) -> None:
    family = random_family(seed)
    solution = solve(family)
    assert list(troubles(family, solution, seed)) == []


@pytest.mark.parametrize("seed", [1, 2, 9, 36])
def test_beliefs_are_exact(seed: int) -> None:
    family = random_family(seed)
    solution = solve(family, concept="pbe", budget=20)
    assert list(belief_troubles(family, solution, seed)) == []
