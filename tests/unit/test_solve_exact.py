"""Sparse integer systems solved exactly."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.deadline import time_limit
from nl2efg.equilibria.exact_systems import DENSE, MAX_SIZE, SparseRow, solve_exactly


def solved(rows: list[SparseRow], right: list[int]) -> list[Fraction] | None:
    return solve_exactly(rows, right, len(rows))


def system(size: int, peak: int, seed: int) -> tuple[list[SparseRow], list[int]]:
    """A regular system: no diagonal entry is less than the others of its row together."""
    draw = random.Random(seed)
    rows = []
    for i in range(size):
        row = {draw.randrange(size): draw.randint(-peak, peak) or 1 for _ in range(3)}
        row[i] = sum(map(abs, row.values())) + draw.randint(1, peak)
        rows.append(dict(draw.sample(sorted(row.items()), len(row))))
    return rows, [draw.randint(-peak, peak) for _ in range(size)]


@pytest.mark.slow
@settings(deadline=None, max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    shape=st.sampled_from([(1, 10**400), (7, 10**400), (DENSE, 10**19), (DENSE + 1, 10**6)]),
    seed=st.integers(0, 10**6),
)
@example((DENSE + 1, 10**19), 0)
@example((3 * DENSE, 9), 0)
@example((3 * DENSE, 1), 0)
def test_every_equation_holds_exactly(shape: tuple[int, int], seed: int) -> None:
    rows, right = system(*shape, seed)
    found = solved(rows, right)
    assert found is not None
    for row, value in zip(rows, right, strict=True):
        assert sum(c * found[j] for j, c in row.items()) == value


@pytest.mark.parametrize("size", [4, DENSE + 5])
def test_what_has_no_one_solution_has_none(size: int) -> None:
    rows, right = system(size, 9, 1)
    rows[-1] = {j: 2 * c for j, c in rows[0].items()}
    assert solved(rows, right) is None
    rows[-1] = {}
    assert solved(rows, right) is None
    assert solve_exactly(rows[:-1], right[:-1], size) is None


def test_what_is_too_large_or_too_late_is_left() -> None:
    rows, right = system(3, 9, 1)
    with time_limit(0.0):
        assert solve_exactly(rows, right, 3) is None
    many: list[SparseRow] = [{i: 1} for i in range(MAX_SIZE + 1)]
    assert solved(many, [1] * len(many)) is None
    assert solved(many[:-1], [1] * MAX_SIZE) == [1] * MAX_SIZE
