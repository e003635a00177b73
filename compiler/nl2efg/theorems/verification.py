"""Numeric checks of conditions: exact certificates at rational points inside and outside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nl2efg.equilibria.certificate import certify
from nl2efg.errors import UserError
from nl2efg.families.family import GameFamily
from nl2efg.theorems.result import FamilyCertificate, SymbolicEquilibrium

MAX_CHECKS = 20
"""Points on each side at which an equilibrium is checked."""

MAX_CELLS = 400
"""Cells at whose points an equilibrium is checked."""


def is_equilibrium(found: SymbolicEquilibrium, values: dict[str, Fraction], concept: str) -> bool:
    """Whether the profile is certified, exactly, where the letters have these values."""
    try:
        tree = found.family.values_at(values)
        certificate = certify(found.profile(tree, values))
    except (UserError, ZeroDivisionError):
        return False
    return certificate.is_nash if concept == "nash" else certificate.is_subgame_perfect


def verified(
    found: SymbolicEquilibrium,
    points: Sequence[tuple[Fraction, ...]],
    cells: Sequence[tuple[tuple[Fraction, ...] | None, bool]],
    concept: str,
) -> FamilyCertificate:
    """The certificate of an equilibrium whose conditions are known.

    Args:
        found: the equilibrium; its certificate counts the inequalities.
        points: random points of the domain.
        cells: with one or two letters, a rational point of each cell of the domain, None where
            there is none, with whether the conditions hold there.
        concept: ``spe`` or ``nash``.
    """
    failures = []
    inside = outside = 0
    for point in points:
        values = _values(found.family, point)
        held = found.holds(values)
        if (inside if held else outside) >= MAX_CHECKS:
            continue
        if held:
            inside += 1
        else:
            outside += 1
        if is_equilibrium(found, values, concept) != held:
            failures.append(_told(found.family, point))
    checked = []
    for place, held in cells[:MAX_CELLS]:
        if place is None:
            continue
        agreed = is_equilibrium(found, _values(found.family, place), concept)
        checked.append((place, agreed))
        if agreed != held:
            failures.append(_told(found.family, place))
    return FamilyCertificate(
        found.certificate.inequalities, inside, outside, tuple(checked), tuple(failures)
    )


def _values(family: GameFamily, point: tuple[Fraction, ...]) -> dict[str, Fraction]:
    own = dict(zip((each.symbol for each in family.quantities), point, strict=True))
    return {**family.values, **own}


def _told(family: GameFamily, point: tuple[Fraction, ...]) -> str:
    pairs = zip((each.symbol for each in family.quantities), point, strict=True)
    return ", ".join(f"{symbol} = {value}" for symbol, value in pairs)
