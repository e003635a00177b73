"""Numeric checks of conditions: exact certificates at rational points inside and outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from nl2efg.equilibria.assessment import assess
from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.deadline import OutOfTimeError, in_grace
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
    """The certificate of an equilibrium whose conditions are known; of few points if time ends.

    Args:
        found: the equilibrium; its certificate counts the inequalities.
        points: random points of the domain.
        cells: with one or two letters, a rational point of each cell of the domain, None where
            there is none, with whether the conditions hold there.
        concept: ``spe``, ``nash``, ``pbe`` or ``sequential``; of the last, the beliefs' support.
        passed_over: whether nothing is claimed where the letters have these values.
    """
    check = _Check(found, concept, passed_over)
    with in_grace():
        try:
            for point in points:
                check.at_point(point)
            for place, held in cells[:MAX_CELLS]:
                if place is not None:
                    check.at_cell(place, held)
        except OutOfTimeError:
            pass  # what was checked by then is told, and no more
    return FamilyCertificate(
        found.certificate.inequalities,
        check.inside,
        check.outside,
        tuple(check.cells),
        tuple(check.failures),
    )


class _Check:
    """What came out at points so far."""

    def __init__(
        self, found: SymbolicEquilibrium, concept: str, passed_over: Callable[[Values], bool]
    ) -> None:
        self.found, self.concept, self.passed_over = found, concept, passed_over
        self.inside = self.outside = 0
        self.cells: list[tuple[tuple[Fraction, ...], bool]] = []
        self.failures: list[str] = []

    def at_point(self, point: tuple[Fraction, ...]) -> None:
        """Check it at a random point, unless there are enough of its side."""
        values = _values(self.found.family, point)
        held = self.found.holds(values)
        if self.passed_over(values) or (self.inside if held else self.outside) >= MAX_CHECKS:
            return
        agreed = is_equilibrium(self.found, values, self.concept)
        if held:
            self.inside += 1
        else:
            self.outside += 1
        self._note(point, agreed == held)

    def at_cell(self, place: tuple[Fraction, ...], held: bool) -> None:
        """Check it at the point of a cell."""
        values = _values(self.found.family, place)
        if self.passed_over(values):
            return
        agreed = is_equilibrium(self.found, values, self.concept)
        self.cells.append((place, agreed))
        self._note(place, agreed == held)

    def _note(self, point: tuple[Fraction, ...], confirmed: bool) -> None:
        if not confirmed:
            self.failures.append(_told(self.found.family, point))


def _values(family: GameFamily, point: tuple[Fraction, ...]) -> dict[str, Fraction]:
    own = dict(zip((each.symbol for each in family.quantities), point, strict=True))
    return {**family.values, **own}


def _told(family: GameFamily, point: tuple[Fraction, ...]) -> str:
    pairs = zip((each.symbol for each in family.quantities), point, strict=True)
    return ", ".join(f"{symbol} = {value}" for symbol, value in pairs)
