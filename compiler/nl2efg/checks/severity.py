"""Which checks may ask for a repair: severity is earned.

A warning sends a program back to the model, so a check that is mistaken costs money and may spoil
a right game. A code may warn only if at least 99 of 100 of its firings on labelled foreign games
are on wrong ones; ``python -m tests.bench.checks_judged`` measures it. Those that rest on English
word lists do not carry over from one collection of texts to another: all but three of them are
notes, which a reader sees and no repair is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nl2efg.schema.diagnostics import Diagnostic, Severity

EARNED = frozenset(
    {
        # The shape of the tree alone.
        "C101", "C102", "C103", "C104", "C301",
        # Forgetting in one of text and tree, and simultaneous moves that everybody sees.
        "C201", "C202", "C203", "C204",
        # Two readings of one text: the sketch and the game built from it.
        "C601", "C602", "C603", "C604", "C605", "C606", "C607", "C608", "C609", "C610", "C611",
        "C613", "C614",
    }
)  # fmt: skip
"""Codes that are as severe as their check says; all others are notes."""


def as_earned(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings, each no more severe than its code has earned."""
    for one in found:
        heavy = one.severity is not Severity.NOTE and one.code not in EARNED
        yield replace(one, severity=Severity.NOTE) if heavy else one
