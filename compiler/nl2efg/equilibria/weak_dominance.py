"""Weak dominance by mixtures, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nl2efg.equilibria.exact_lp import optimum


def is_weakly_dominated(table: Sequence[Sequence[Fraction]], own: int) -> bool:
    """Whether a mixture is as good as a choice in every row, and better in one.

    Args:
        table: rows of what each choice pays, one for each combination of the others' choices.
        own: the choice.
    """
    width = len(table[0])
    pure = [Fraction(int(j == own)) for j in range(width)]
    return is_mixture_weakly_dominated(table, pure) is True


def is_mixture_weakly_dominated(
    table: Sequence[Sequence[Fraction]], mixture: Sequence[Fraction]
) -> bool | None:
    """Whether another mixture is as good in every row, and better in one; None if undecided.

    Args:
        table: rows of what each choice pays, one for each combination of the others' choices.
        mixture: how often each choice is made.
    """
    gains = []
    for paid in dict.fromkeys(map(tuple, table)):
        kept = sum((p * c for p, c in zip(mixture, paid, strict=True)), Fraction(0))
        gains.append({j: c - kept for j, c in enumerate(paid) if c != kept})
    at_most = [({j: -gain for j, gain in row.items()}, Fraction(0)) for row in gains if row]
    total: dict[int, Fraction] = {}
    for row in gains:
        for j, gain in row.items():
            total[j] = total.get(j, Fraction(0)) + gain
    width = len(table[0])
    whole = (dict.fromkeys(range(width), Fraction(1)), Fraction(1))
    found = optimum(total, width, at_most=at_most, equal=[whole])
    return None if found is None or found.value is None else found.value > 0
