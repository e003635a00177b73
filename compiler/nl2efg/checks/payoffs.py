"""Checks of payoffs against what the text says of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from nl2efg.checks.context import CheckContext
from nl2efg.game.analysis import is_constant_sum
from nl2efg.game.wording import told_payoffs
from nl2efg.prose.numbers import values_in, vectors_in
from nl2efg.schema.diagnostics import Diagnostic, Severity

_SCALES = tuple(Fraction(10) ** power for power in (0, 2, 3, 6, -2, -3, -6))
"""A text may speak of dollars where the game counts thousands."""


def check_payoffs(case: CheckContext) -> Iterator[Diagnostic]:
    """Every finding about payoffs."""
    if case.prose is None or not case.tree.players:
        return
    yield from _sums(case)
    if case.prose.cues("accumulating"):
        return
    yield from _values(case)
    yield from _vectors(case)


def _sums(case: CheckContext) -> Iterator[Diagnostic]:
    assert case.prose is not None
    tree = case.tree
    cue = case.prose.first_cue("zero_sum", "constant_sum")
    if cue is None:
        return
    if not is_constant_sum(tree):
        first = sum(tree.path_payoffs[tree.terminals[0]])
        node = next(node for node in tree.terminals if sum(tree.path_payoffs[node]) != first)
        yield case.found(
            "C401",
            Severity.WARNING,
            f"the text calls the game {cue.words!r}, but the payoffs do not add up to one number: "
            f"here to {sum(tree.path_payoffs[node])}, elsewhere to {first}",
            node=node,
            part="outcome",
            sentence=cue,
            fix="let the payoffs of every outcome add up to the same number",
        )


def _values(case: CheckContext) -> Iterator[Diagnostic]:
    """A number that the text calls a payoff, and that nobody gets anywhere."""
    assert case.prose is not None
    quoted = values_in(case.prose, "payoff_value")
    if not quoted:
        return
    tree = case.tree
    paid = {abs(value) for payoffs in tree.end_payoffs for value in payoffs}
    scales = [
        scale
        for scale in _SCALES
        if any(abs(value) * scale in paid for value, _ in quoted if value)
    ] or [Fraction(1)]
    for value, cue in quoted:
        if not any(abs(value) * scale in paid for scale in scales):
            yield case.found(
                "C402",
                Severity.WARNING,
                f"the text gives a payoff of {value}, but nobody gets it at any end",
                sentence=cue,
                fix=f"set the payoff {value} where the text says so",
            )
            return


def _vectors(case: CheckContext) -> Iterator[Diagnostic]:
    """A vector of payoffs in the text that no end has, in whatever order of the players."""
    assert case.prose is not None
    tree = case.tree
    size = len(tree.players)
    paid = {tuple(sorted(payoffs)) for payoffs in tree.end_payoffs}
    quoted = [found for found in vectors_in(case.prose, "payoff_vector") if len(found[0]) == size]
    for vector, cue in quoted:
        if tuple(sorted(vector)) not in paid:
            yield case.found(
                "C403",
                Severity.WARNING,
                f"the text gives the payoffs {told_payoffs(vector)}, but no end has them",
                sentence=cue,
                fix=f"set the payoffs {told_payoffs(vector)} where the text says so",
            )
            return
