"""Curves in the plane of two letters, and the cells into which they cut it.

The plane is decomposed cylindrically (Collins 1975, LNCS 33, p. 134): the line of one letter is cut
where the curves' leading coefficients, discriminants and resultants vanish (McCallum 1988, J.
Symbolic Computation 5, p. 141), so that between two cuts no curves meet, turn back or go to
infinity. Over a point of every part the curves' own roots are found. Roots, and signs at them, are
z3's, which takes algebraic numbers; resultants and factors are sympy's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import combinations
from time import perf_counter
from typing import Any

from nl2efg.theorems.algebra import Poly
from nl2efg.theorems.line import between

MAX_CURVES = 40
"""Curves beyond which a plane is not decomposed."""

MAX_DEGREE = 12
"""Degree of a curve beyond which a plane is not decomposed."""

MAX_CUT_DEGREE = 12
"""Degree of an algebraic number beyond which the line above it is left out."""

CUT_SECONDS = 2.0
"""Seconds for the line above an algebraic number; after them it is left out."""

FACE, ARC, CORNER = 2, 1, 0
"""Dimensions of cells."""

Signs = tuple[int, ...]
Point = tuple[Fraction, Fraction]
Numeral = Any
"""A real algebraic number of z3."""


class PlaneTooLargeError(ValueError):
    """Too many curves, too high a degree, or too little time."""


@dataclass(frozen=True)
class PlaneCell:
    """Points at which every curve has the same sign.

    Args:
        dimension: of the cell: ``FACE``, ``ARC`` or ``CORNER``.
        signs: of the curves' polynomials on it, in their order.
        point: a rational point of it; None if none is at hand, as at irrational corners.
    """

    dimension: int
    signs: Signs
    point: Point | None

    @property
    def is_open(self) -> bool:
        """Whether it is a face."""
        return self.dimension == FACE


class Curves:
    """The zeros of polynomials in two letters.

    Args:
        polynomials: irreducible, none twice, no constant; elements of a ring of sympy with two
            generators.

    Raises:
        PlaneTooLargeError: they are too many, or of too high a degree.
    """

    def __init__(self, polynomials: Sequence[Poly]) -> None:
        import z3

        degrees = [sum(max(m) for m in zip(*p, strict=True)) for p in polynomials]
        if len(polynomials) > MAX_CURVES or max(degrees, default=0) > MAX_DEGREE:
            raise PlaneTooLargeError(f"{len(polynomials)} curves of degrees up to {max(degrees)}")
        # The letter of the lower degrees is the one that is lifted.
        highest = [max((max(m[n] for m in p) for p in polynomials), default=0) for n in (0, 1)]
        self.turned = highest[0] < highest[1]
        self.polynomials = tuple(polynomials)
        self.terms = [
            {(m[1], m[0]) if self.turned else (m[0], m[1]): Fraction(str(c)) for m, c in p.items()}
            for p in polynomials
        ]
        # A context of its own: z3 looks at the clock only where its context has a time limit, and
        # the roots over one algebraic number may take hours.
        self._context = z3.Context(timeout=int(1000 * CUT_SECONDS))
        self._formulas = [self._formula(terms) for terms in self.terms]
        self.skipped = 0
        """Cuts above which nothing was looked at: their numbers are of too high a degree, or too
        hard for the time that a cut is given."""

    def cells(self, wanted: Callable[[Signs], bool], deadline: float) -> tuple[PlaneCell, ...]:
        """The cells whose signs are wanted; one for all that have the same signs.

        Args:
            wanted: whether cells of these signs matter.
            deadline: on the clock of :func:`time.perf_counter`.

        Raises:
            PlaneTooLargeError: time ran out.
        """
        found: dict[Signs, PlaneCell] = {}
        for cell in self._every(deadline):
            if not wanted(cell.signs):
                continue
            known = found.get(cell.signs)
            if (
                known is None
                or known.dimension < cell.dimension
                or (known.point is None and known.dimension == cell.dimension)
            ):
                found[cell.signs] = cell
        return tuple(found.values())

    def _every(self, deadline: float) -> Iterator[PlaneCell]:
        """All cells of the cylinders."""
        import z3

        try:
            cuts = sorted(self._cuts(deadline), key=cmp_to_key(_compare_cuts))
        except z3.Z3Exception:
            raise PlaneTooLargeError("time ran out") from None
        self.skipped = 0
        for place in range(len(cuts) + 1):
            left = cuts[place - 1][0] if place else None
            right = cuts[place][0] if place < len(cuts) else None
            base = self._sample(left, right)
            try:
                yield from self._above(base, open_base=True, deadline=deadline)
            except z3.Z3Exception:
                raise PlaneTooLargeError("time ran out") from None
            if right is None:
                continue
            if cuts[place][1] > MAX_CUT_DEGREE:
                self.skipped += 1
                continue
            yield from self._above_cut(right, deadline)

    def _above_cut(self, base: Numeral, deadline: float) -> Sequence[PlaneCell]:
        """The cells over a cut; none where its number is too hard for the time it is given."""
        import z3

        limit = perf_counter() + CUT_SECONDS
        try:
            return list(self._above(base, open_base=False, deadline=min(limit, deadline)))
        except (z3.Z3Exception, PlaneTooLargeError):
            _in_time(deadline)
            self.skipped += 1
            return ()

    def _cuts(self, deadline: float) -> list[tuple[Numeral, int]]:
        """Where the line of the first letter is cut, each with the degree of its number."""
        from sympy import QQ, Poly, symbols
        from z3 import z3num

        x, y = symbols("x y")
        polys = [
            Poly.from_dict({(m[1], m[0]): QQ(c.numerator, c.denominator) for m, c in p.items()},
                           y, x, domain=QQ)
            for p in self.terms
        ]  # fmt: skip
        curved = [poly for poly in polys if poly.degree(y) > 0]
        shadows = [poly.as_expr() for poly in polys if poly.degree(y) == 0]
        for poly in curved:
            _in_time(deadline)
            shadows += [Poly(poly.as_expr(), y).LC(), poly.discriminant()]
        for one, other in combinations(curved, 2):
            _in_time(deadline)
            shadows.append(one.resultant(other))
        factors: dict[Any, None] = {}
        for shadow in shadows:
            poly = Poly(shadow, x, domain=QQ)
            if poly.degree() > 0:
                factors.update(dict.fromkeys(factor for factor, _ in poly.factor_list()[1]))
        found = []
        for factor in factors:
            _in_time(deadline)
            terms = {(m[0], 0): Fraction(str(c)) for m, c in factor.terms()}
            roots = z3num.isolate_roots(self._formula(terms))
            found += [(root, factor.degree()) for root in roots]
        return found

    def _above(self, base: Numeral, *, open_base: bool, deadline: float) -> Iterator[PlaneCell]:
        """The cells over a point of the line: those of its curves and those between them."""
        from z3 import z3num

        roots: list[Numeral] = []
        for terms, formula in zip(self.terms, self._formulas, strict=True):
            _in_time(deadline)
            if any(m[1] for m in terms):
                roots += z3num.isolate_roots(formula, [base])
        roots.sort(key=cmp_to_key(_compare))
        roots = [r for n, r in enumerate(roots) if not n or roots[n - 1] != r]
        for place in range(len(roots) + 1):
            left = roots[place - 1] if place else None
            right = roots[place] if place < len(roots) else None
            _in_time(deadline)
            yield self._cell(base, self._sample(left, right), open_base + 1)
            if right is not None:
                yield self._cell(base, right, open_base + 0)

    def _cell(self, base: Numeral, height: Numeral, dimension: int) -> PlaneCell:
        from z3 import z3num

        point = None
        if base.is_rational() and height.is_rational():
            x, y = base.as_fraction(), height.as_fraction()
            signs = tuple(_sign_at(terms, x, y) for terms in self.terms)
            point = (y, x) if self.turned else (x, y)
        else:
            signs = tuple(z3num.eval_sign_at(f, [base, height]) for f in self._formulas)
        return PlaneCell(dimension, signs, point)

    def _formula(self, terms: dict[tuple[int, int], Fraction]) -> Any:
        """A polynomial as z3's functions on algebraic numbers take it."""
        import z3

        sort = z3.RealSort(self._context)
        letters = (z3.Var(0, sort), z3.Var(1, sort))
        parts = []
        for powers, coefficient in terms.items():
            part = z3.RealVal(str(coefficient), self._context)
            for letter, power in zip(letters, powers, strict=True):
                for _ in range(power):
                    part = part * letter
            parts.append(part)
        return z3.Sum(parts) if len(parts) > 1 else parts[0]

    def _sample(self, left: Numeral | None, right: Numeral | None) -> Numeral:
        """A simple rational number between two others; None stands for infinity."""
        from z3.z3num import Numeral as Number

        precision = 8
        while True:
            low = None if left is None else left.upper(precision).as_fraction()
            high = None if right is None else right.lower(precision).as_fraction()
            if low is None or high is None or low < high:
                return Number(str(between(low, high)), self._context)
            precision *= 2


def _in_time(deadline: float) -> None:
    if perf_counter() > deadline:
        raise PlaneTooLargeError("time ran out")


def _sign_at(terms: dict[tuple[int, int], Fraction], x: Fraction, y: Fraction) -> int:
    total = sum((c * x ** m[0] * y ** m[1] for m, c in terms.items()), Fraction(0))
    return (total > 0) - (total < 0)


def _compare(a: Numeral, b: Numeral) -> int:
    return -1 if a < b else int(b < a)


def _compare_cuts(a: tuple[Numeral, int], b: tuple[Numeral, int]) -> int:
    return _compare(a[0], b[0])
