"""What equilibria with conditions cover together, and where one is alone, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from nl2efg.equilibria.deadline import is_late
from nl2efg.families.conditions import Condition
from nl2efg.theorems.conjunctions import conjunction
from nl2efg.theorems.decisions import Region, inner
from nl2efg.theorems.regimes import Regimes, counts_words
from nl2efg.theorems.result import SymbolicEquilibrium
from nl2efg.theorems.samples import Samples

MAX_PAIRS = 400
"""Pairs of equilibria whose regions are compared."""

MAX_WORDS = 200
"""Characters of regions that are told; of more it is told how many there are."""

_EVERYWHERE = "there is one at all values of the domain"
_LEFT_OUT = "candidates were left out"
_NOT_ALONE = f"not decided: {_LEFT_OUT}"
_NONE_PROVED = f"not decided: none is proved, and {_LEFT_OUT}"


def coverage_of_cells(regimes: Regimes) -> str:
    """Whether there is an equilibrium on every cell.

    Args:
        regimes: the cells; where candidates were left out no gap is claimed.
    """
    cells = counts_words(regimes.counts)
    undecided = any(part.undecided for part in regimes.parts)
    if regimes.gaps and len(regimes.gaps) == len(regimes.parts):
        if all(part.undecided for part in regimes.parts):
            return _NONE_PROVED
        if not undecided:
            return "no equilibrium was found"
    if regimes.gaps:
        told = []
        if gaps := [gap for gap in regimes.gaps if not gap.undecided]:
            shown = f", such as at {point_words(gaps[0].point)}"
            told.append(f"none of these where {_either([gap.region for gap in gaps])}{shown}")
        if maybe := [gap.region for gap in regimes.gaps if gap.undecided]:
            told.append(f"not decided where {_either(maybe)}: {_LEFT_OUT}")
        return "; ".join(told)
    if regimes.bare and undecided:
        return f"one on every open cell; not decided on some boundaries: {_LEFT_OUT}"
    if regimes.bare:
        known = [point for point in regimes.bare if point is not None]
        shown = f", such as at {point_words(known[0])}" if known else ""
        count = f"{len(regimes.bare)} boundar{'y' if len(regimes.bare) == 1 else 'ies'}"
        return f"one on every open cell; none of these on {count}{shown}"
    if not regimes.whole:
        return f"one on every cell looked at ({cells}); some corners were left out"
    return f"{_EVERYWHERE} (on each cell: {cells})"


def uniqueness_of_cells(regimes: Regimes, among: str, alike: Sequence[int]) -> str:
    """Where one is alone, by cells.

    Args:
        regimes: the cells; where candidates were left out no uniqueness is claimed.
        among: as :func:`among_words`.
        alike: for each equilibrium the first with the same strategies, as
            :func:`nl2efg.theorems.regimes.behaviours` gives it.
    """
    alone, several, maybe = [], [], []
    for part in regimes.parts:
        count = len({alike[number - 1] for number in part.equilibria})
        if count > 1:
            several.append(part.region)
        elif part.undecided:
            maybe.append(part.region)
        elif count:
            alone.append(part.region)
    if not (alone or several):
        return _NOT_ALONE if maybe else "not decided"
    if not alone and not maybe:
        return "several everywhere that there is one, boundaries aside"
    if not several and not maybe:
        return f"one alone away from the boundaries, among {among}"
    kinds = (("one alone", alone), ("several", several), ("not decided", maybe))
    where = "; ".join(f"{name} where {_either(own)}" for name, own in kinds if own)
    if len(where) > MAX_WORDS:
        where = ", ".join(f"{name} in {len(own)}" for name, own in kinds if own) + " of the regimes"
    left = f"; {_LEFT_OUT} there" if maybe else ""
    return f"{where}{left}; boundaries aside, among {among}"


def _either(regions: Sequence[str]) -> str:
    if len(regions) == 1:
        return regions[0]
    return " or ".join(f"({r})" if " " in r else r for r in regions)


def coverage(
    equilibria: Sequence[SymbolicEquilibrium],
    region: Region,
    samples: Samples,
    left_out: Sequence[Sequence[Condition]] = (),
) -> str:
    """Whether there is an equilibrium everywhere, by proof or, said so, at samples.

    Args:
        equilibria: those that were found.
        region: the domain.
        samples: points of it.
        left_out: for candidates that were left out as not decided the conditions under which
            they may be equilibria; no gap is claimed there.
    """
    if not equilibria:
        return _NONE_PROVED if left_out else "no equilibrium was found"
    if any(not each.conditions for each in equilibria):
        return _EVERYWHERE
    gap = region.point((), [each.conditions for each in equilibria])
    if gap is None:
        return f"{_EVERYWHERE} (proved)"
    if left_out and isinstance(gap, dict):
        sure = region.point((), [*(each.conditions for each in equilibria), *left_out])
        if not isinstance(sure, dict):
            return f"not decided where {point_words(gap)}, for one: {_LEFT_OUT}"
        gap = sure
    if gap is True and left_out:
        return f"not decided at some point without rational coordinates: {_LEFT_OUT}"
    if isinstance(gap, dict):
        return f"none of these where {point_words(gap)}, for one"
    if gap is True:
        return "none of these at some point without rational coordinates"
    covered = sum(
        any(each.holds(dict(zip(region.symbols, point, strict=True))) for each in equilibria)
        for point in samples.points
    )
    return f"not decided; one of these at {covered} of {len(samples.points)} sampled points"


def uniqueness(
    equilibria: Sequence[SymbolicEquilibrium],
    region: Region,
    among: str,
    left_out: Sequence[Sequence[Condition]] = (),
) -> str:
    """Whether one is alone, by proof for each pair of regions.

    Args:
        equilibria: those that were found.
        region: the domain.
        among: as :func:`among_words`.
        left_out: as for :func:`coverage`; no uniqueness is claimed there.
    """
    if not equilibria:
        return _NOT_ALONE if left_out else "not decided"
    pairs = list(combinations(equilibria, 2))
    if len(pairs) > MAX_PAIRS:
        return f"not decided: {len(equilibria)} types overlap in too many ways to be compared"
    undecided = False
    for a, b in pairs:
        if is_late():
            return "not decided within the budget"
        if a.rows == b.rows:
            continue
        both = region.point(inner((*a.conditions, *b.conditions)))
        if isinstance(both, dict):
            return f"several where {point_words(both)}, for one" if both else "several"
        undecided |= both is not None
    if undecided:
        return "not decided"
    if left_out:
        if not all(left_out):
            return _NOT_ALONE
        where = _either([" and ".join(conjunction(group)) for group in left_out])
        if len(where) > MAX_WORDS:
            return _NOT_ALONE
        return (
            f"not decided where {where}: {_LEFT_OUT}; elsewhere one alone away from the "
            f"boundaries, among {among}"
        )
    return f"one alone away from the boundaries, among {among}"


def among_words(*, all_pure: bool) -> str:
    """Among which equilibria one is said to be alone.

    Args:
        all_pure: whether all pure ones were found, or left out where that is told.
    """
    return "all pure ones and those mixtures that were found" if all_pure else "these"


def point_words(point: Mapping[str, Fraction]) -> str:
    """A point: ``V = 1, C = 2``."""
    return ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
