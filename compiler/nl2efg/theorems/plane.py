"""Two letters: their plane cut exactly at the curves of all conditions, and what holds there.

Where every condition is linear in each letter the cells' corners are at most square roots; other
curves are cut in the same way, as far as their degrees allow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from nl2efg.families.conditions import RELATIONS, Condition
from nl2efg.families.polynomials import Polynomial
from nl2efg.theorems.algebra import LetterField, Poly, inequality
from nl2efg.theorems.curves import FACE, Curves, PlaneCell, Signs

Product = tuple[int, tuple[int, ...]]
"""The sign of a constant, and the numbers of the curves whose product with it a polynomial is."""


class Plane:
    """The plane of two letters, cut.

    Args:
        letters: the field of two letters.
        domain: the conditions of the family.
        conditions: at whose curves it is cut, those of the domain too.
        deadline: on the clock of :func:`time.perf_counter`.

    Raises:
        PlaneTooLargeError: it cannot be cut within the bounds.
    """

    def __init__(
        self,
        letters: LetterField,
        domain: Sequence[Condition],
        conditions: Iterable[Condition],
        deadline: float,
    ) -> None:
        self.letters, self.domain = letters, tuple(domain)
        self._places: dict[Poly, int] = {}
        self._known: dict[Condition, tuple[Product, Product]] = {}
        for condition in (*self.domain, *conditions):
            self._parts(condition)
        self.polynomials = tuple(self._places)
        curves = Curves(self.polynomials)
        self.cells = curves.cells(lambda signs: self._holds(self.domain, signs), deadline)
        self.whole = not curves.skipped
        """Whether all corners were looked at; faces and the arcs between them always are."""

    @property
    def is_linear(self) -> bool:
        """Whether every curve is of the first degree in each letter."""
        return all(max(m) <= 1 for poly in self.polynomials for m in poly)

    def where(self, conditions: Sequence[Condition]) -> list[bool]:
        """For each cell whether conditions hold on it; they are among those it is cut by."""
        return [self._holds(conditions, cell.signs) for cell in self.cells]

    def _holds(self, conditions: Sequence[Condition], signs: Signs) -> bool:
        for condition in conditions:
            above, below = (_sign(part, signs) for part in self._parts(condition))
            if not below or not RELATIONS[condition.relation](above * below, 0):  # type: ignore[arg-type]
                return False
        return True

    def _parts(self, condition: Condition) -> tuple[Product, Product]:
        if condition not in self._known:
            difference = condition.difference
            self._known[condition] = (
                self._product(difference.numerator),
                self._product(difference.denominator),
            )
        return self._known[condition]

    def _product(self, terms: Polynomial) -> Product:
        poly = self.letters.polynomial_of(terms)
        if not poly:
            return 0, ()
        sign, factors = self.letters.factors(self.letters.field(poly)) or (0, ())
        return sign, tuple(self._places.setdefault(f, len(self._places)) for f in factors)

    def region(self, chosen: Collection[int]) -> tuple[tuple[Condition, ...], ...]:
        """Conditions whose solutions are, among all faces of the domain, exactly those chosen.

        Args:
            chosen: places of faces in ``cells``.

        Returns:
            alternatives: on each face exactly one or more of them hold in full.
        """
        faces = [n for n, cell in enumerate(self.cells) if cell.dimension == FACE]
        others = [self.cells[n].signs for n in faces if n not in chosen]
        left = [n for n in faces if n in chosen]
        found = []
        wanted = [self.cells[n].signs for n in left]
        while left:
            kept = self._implicant(self.cells[left[0]], wanted, others)
            found.append(kept)
            left = [n for n in left if not _meets(self.cells[n].signs, kept)]
        return tuple(
            tuple(
                inequality(self.letters, sign, (self.polynomials[place],), True)
                for place, sign in kept
            )
            for kept in _needed(found, wanted)
        )

    def _implicant(
        self, cell: PlaneCell, wanted: Sequence[Signs], others: Sequence[Signs]
    ) -> tuple[tuple[int, int], ...]:
        """Signs of few curves that the cell has and none of the others does.

        Those that most of the wanted cells do not have are left out first, then long ones.
        """
        kept = list(enumerate(cell.signs))

        def hinders(literal: tuple[int, int]) -> tuple[int, int]:
            place, sign = literal
            against = sum(signs[place] != sign for signs in wanted)
            return -against, -len(self.polynomials[place])

        for literal in sorted(kept, key=hinders):
            rest = [each for each in kept if each != literal]
            if not any(_meets(signs, rest) for signs in others):
                kept = rest
        return tuple(kept)


def _needed(
    groups: Sequence[tuple[tuple[int, int], ...]], wanted: Sequence[Signs]
) -> list[tuple[tuple[int, int], ...]]:
    """The groups without those whose cells the other ones have."""
    kept = list(groups)
    for each in sorted(groups, key=lambda group: sum(_meets(signs, group) for signs in wanted)):
        rest = [other for other in kept if other is not each]
        if all(any(_meets(signs, other) for other in rest) for signs in wanted):
            kept = rest
    return kept


def _sign(part: Product, signs: Signs) -> int:
    found = part[0]
    for place in part[1]:
        found *= signs[place]
    return found


def _meets(signs: Signs, literals: Iterable[tuple[int, int]]) -> bool:
    return all(signs[place] == sign for place, sign in literals)
