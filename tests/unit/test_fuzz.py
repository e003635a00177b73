"""Targets of the fuzzer hold with good samples, and with every input by which one failed before."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz import targets

KEPT = Path(__file__).parents[1] / "fuzz/kept"
TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_targets_hold(name: str) -> None:
    target, samples = TARGETS[name]
    for sample in islice(samples(), 12):
        target(sample)
    for file in sorted((KEPT / name).glob("*")):
        target(file.read_bytes())


def test_whatever_is_kept_has_its_target() -> None:
    assert {folder.name for folder in KEPT.glob("*")} <= set(TARGETS)
