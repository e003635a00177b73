"""Every solution concept against brute force on a few random games; the bench runs hundreds."""

from __future__ import annotations

import pytest

from tests.bench.concepts import CHECKS, counted

FEW = 12
"""Games for each concept here; ``python -m tests.bench.concepts`` runs 500."""

SEED = 20_000
"""Away from the seeds of the bench."""


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_is_false_missed_or_left_open(name: str) -> None:
    wrong: list[str] = []
    total = counted(name, FEW, SEED, wrong.append)
    assert not wrong
    assert total["false"] == total["missed"] == total["undecided"] == 0
    assert total["checked"] >= FEW // 2
