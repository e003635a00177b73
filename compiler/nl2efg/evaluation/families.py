"""Comparing a compiled family with the reference's: the same game for all values of the letters."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

from nl2efg.comparison import Comparison, Verdict
from nl2efg.errors import CompilationError, UserError
from nl2efg.families import GameFamily
from nl2efg.game import GameTree
from nl2efg.theorems.samples import random_points

POINTS = 5
"""Random points at which families are compared, beside the values that each works with.

Payoffs are rational functions of the letters: two that differ agree at a random point, one of
some hundreds, by chance only (Schwartz 1980, Lemma 1), so hardly at five.
"""


def difference_of_families(
    built: GameFamily, reference: GameFamily, compare: Callable[[GameTree, GameTree], Comparison]
) -> tuple[Verdict, str]:
    """Whether two families are one, by comparing their games at points.

    :func:`nl2efg.comparison.families.compare_families` compares expressions under one renaming of
    equal trees; this holds at every level of structure, as a corpus may ask for.

    Args:
        built: what was compiled (A).
        reference: what is right (B); its letters are the description's.
        compare: how two games are compared.

    Returns:
        the verdict, and in words the first difference.
    """
    if set(built.values) != set(reference.values):
        only = ", ".join(sorted(set(built.values) ^ set(reference.values)))
        return Verdict.DIFFERENT, f"only one of the games has the letters {only}"
    for values in _points(built, reference):
        told = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
        try:
            own, other = built.with_values(values), reference.with_values(values)
        except (CompilationError, UserError) as error:
            return Verdict.DIFFERENT, f"no game with {told}: {error.message}"
        found = compare(own.tree, other.tree)
        if found.verdict is not Verdict.SAME:
            return found.verdict, f"with {told}: {found.difference}"
    return Verdict.SAME, ""


def _points(built: GameFamily, reference: GameFamily) -> Iterator[dict[str, Fraction]]:
    yield dict(reference.values)
    yield dict(built.values)
    sizes = {each.symbol for each in reference.sizes}
    symbols = [symbol for symbol in reference.values if symbol not in sizes]
    source = random.Random(reference.tree.title)
    for point in random_points(reference, symbols, reference.demands, POINTS, source):
        yield {**reference.values, **dict(zip(symbols, point, strict=True))}
