"""Numeric checks of conditions: exact certificates at rational points inside and outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from nl2efg.equilibria.assessment import assess
from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.errors import UserError
from nl2efg.families.family import GameFamily
from nl2efg.theorems.result import FamilyCertificate, SymbolicEquilibrium

Values = dict[str, Fraction]

MAX_CHECKS = 20
"""Points on each side at which an equilibrium is checked."""

MAX_CELLS = 400
"""Cells at whose points an equilibrium is checked."""


def is_equilibrium(found: SymbolicEquilibrium, values: dict[str, Fraction], concept: str) -> bool:
    """Whether the profile is certified, exactly, where the letters have these values."""
    try:
        tree = found.family.values_at(values)
        profile = found.profile(tree, values)
        certificate = certify(profile)
    except (UserError, ZeroDivisionError):
        return False
    if concept == "nash":
        return certificate.is_nash
    if concept == "spe" or not certificate.is_subgame_perfect:
        return certificate.is_subgame_perfect
    return assess(flat_game_of(tree), profile, subgame_perfect=True).supported


def verified(
    found: SymbolicEquilibrium,
    points: Sequence[tuple[Fraction, ...]],
    cells: Sequence[tuple[tuple[Fraction, ...] | None, bool]],
    concept: str,
    passed_over: Callable[[Values], bool] = lambda _: False,
) -> FamilyCertificate:
    """The certificate of an equilibrium whose conditions are known.

    Args:
        found: the equilibrium; its certificate counts the inequalities.
        points: random points of the domain.
        cells: with one or two letters, a rational point of each cell of the domain, None where
            there is none, with whether the conditions hold there.
        concept: ``spe``, ``nash``, ``pbe`` or ``sequential``; of the last, the beliefs' support.
        passed_over: whether nothing is claimed where the letters have these values.
    """
    failures = []
    inside = outside = 0
    for point in points:
        values = _values(found.family, point)
        held = found.holds(values)
        if passed_over(values):
            continue
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
        values = _values(found.family, place)
        if passed_over(values):
            continue
        agreed = is_equilibrium(found, values, concept)
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
