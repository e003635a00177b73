"""Two letters: the plane is cut into cells exactly, and regimes are what holds on them."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from itertools import combinations
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import QQ, ring

from nl2efg.families import family_of, read_conditions
from nl2efg.game import GameTree
from nl2efg.solving import solve
from nl2efg.theorems.algebra import LetterField
from nl2efg.theorems.curves import ARC, CORNER, FACE, Curves, PlaneCell, PlaneTooLargeError
from nl2efg.theorems.plane import Plane
from nl2efg.theorems.result import SymbolicSolution
from tests.references.families import REFERENCES
from tests.references.writing import family, game, letter, move, pay

RING, X, Y = ring("x,y", QQ)
COEFFICIENTS = st.integers(-3, 3)
POINTS = st.tuples(st.fractions(-4, 4, max_denominator=9), st.fractions(-4, 4, max_denominator=9))


def cells_of(polynomials: list[Any]) -> tuple[PlaneCell, ...]:
    return Curves(polynomials).cells(lambda _: True, perf_counter() + 60)


def signs_at(polynomials: list[Any], x: Fraction, y: Fraction) -> tuple[int, ...]:
    values = [poly.evaluate([(X, QQ(*x.as_integer_ratio())), (Y, QQ(*y.as_integer_ratio()))])
              for poly in polynomials]  # fmt: skip
    return tuple((v > 0) - (v < 0) for v in values)


def factors_of(polynomials: list[Any]) -> list[Any]:
    found: dict[Any, None] = {}
    for poly in polynomials:
        if poly:
            found.update(dict.fromkeys(factor.monic() for factor, _ in poly.factor_list()[1]))
    return list(found)


@given(st.lists(st.tuples(*[COEFFICIENTS] * 4), min_size=1, max_size=4), st.lists(POINTS))
@settings(max_examples=60, deadline=None)
def test_every_point_of_the_plane_lies_in_a_cell(
    rows: list[tuple[int, ...]], points: list[tuple[Fraction, Fraction]]
) -> None:
    polynomials = factors_of([a * X * Y + b * X + c * Y + d for a, b, c, d in rows])
    known = {cell.signs for cell in cells_of(polynomials)}
    assert all(signs_at(polynomials, *point) in known for point in points)


@given(st.lists(st.tuples(*[COEFFICIENTS] * 3), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_lines_meet_in_corners(rows: list[tuple[int, ...]]) -> None:
    polynomials = factors_of([b * X + c * Y + d for b, c, d in rows])
    lines = [tuple(p.coeff(monomial) for monomial in (X, Y, 1)) for p in polynomials]
    cells = cells_of(polynomials)
    corners = {cell.point for cell in cells if cell.dimension == CORNER}
    met = set()
    for (a, b, c), (d, e, f) in combinations(lines, 2):
        slope = a * e - b * d
        if slope:  # by Cramer's rule
            met.add((ratio(b * f - c * e, slope), ratio(c * d - a * f, slope)))
    assert corners == met
    # A line that k others meet in different points is cut into k + 1 arcs; Euler gives the faces.
    arcs = sum(1 + len({corner for corner in met if on(line, corner)}) for line in lines)
    counts = [sum(cell.dimension == n for cell in cells) for n in (ARC, FACE)]
    assert counts == [arcs, 1 + arcs - len(met)]


def on(line: tuple[Any, ...], point: tuple[Fraction, Fraction]) -> bool:
    a, b, c = (Fraction(str(coefficient)) for coefficient in line)
    return not a * point[0] + b * point[1] + c


def ratio(above: Any, below: Any) -> Fraction:
    return Fraction(str(above / below))


def test_a_corner_may_be_irrational() -> None:
    cells = cells_of([X * Y - 1, Y - X - 1])
    corners = [cell for cell in cells if cell.dimension == CORNER]
    assert [cell.signs for cell in corners] == [(0, 0)]
    assert corners[0].point is None
    assert {cell.signs for cell in cells if cell.dimension == FACE} == {
        (a, b) for a in (-1, 1) for b in (-1, 1)
    }


def test_a_circle_is_cut_where_it_turns() -> None:
    cells = {cell.signs: cell for cell in cells_of([X**2 + Y**2 - 1, Y - X])}
    assert cells[0, 0].dimension == CORNER
    assert cells[0, 1].dimension == ARC
    assert {signs for signs, cell in cells.items() if cell.dimension == FACE} == {
        (a, b) for a in (-1, 1) for b in (-1, 1)
    }


def test_what_is_too_much_is_refused() -> None:
    with pytest.raises(PlaneTooLargeError):
        Curves([X**13 - Y])
    with pytest.raises(PlaneTooLargeError):
        Curves([X - n for n in range(41)])
    with pytest.raises(PlaneTooLargeError, match="time"):
        Curves([X * Y - 1]).cells(lambda _: True, perf_counter() - 1)


def test_a_region_is_told_by_few_conditions() -> None:
    letters = LetterField(("a", "b"))
    domain = read_conditions("0 < a") + read_conditions("0 < b")
    conditions = [c for text in ("a > b", "a + b < 3", "a*b > 1") for c in read_conditions(text)]
    plane = Plane(letters, domain, conditions, perf_counter() + 60)
    assert plane.whole
    assert plane.is_linear
    held = [plane.where([condition]) for condition in conditions]
    for own, condition in zip(held, conditions, strict=True):
        chosen = {n for n, cell in enumerate(plane.cells) if own[n] and cell.dimension == FACE}
        ((told,),) = plane.region(chosen)
        assert told.difference == condition.difference or told.difference == -condition.difference
    either = {
        n
        for n, cell in enumerate(plane.cells)
        if cell.dimension == FACE and (held[0][n] or held[1][n])
    }
    texts = {tuple(c.text for c in group) for group in plane.region(either)}
    assert texts == {("a > b",), ("3 > a + b",)}


@cache
def solution(name: str) -> SymbolicSolution:
    found = family_of(REFERENCES[name]())
    assert found is not None
    return solve(found, budget=120)


def test_the_regimes_of_hawks_and_doves() -> None:
    found = solution("hawk_dove_letters")
    assert found.regimes is not None
    assert {(part.equilibria, part.region) for part in found.regimes.parts} == {
        ((1,), "V > C"),
        ((2, 3, 4), "C > V"),
    }
    assert found.regimes.counts == {"faces": 2, "arcs": 1, "corners": 0}
    assert "at all values of the domain" in found.coverage
    assert "one alone where V > C; several where C > V" in found.uniqueness
    for each in found.equilibria:
        assert len(each.certificate.cells) == 3
        assert each.certificate.holds


def test_regimes_of_one_letter() -> None:
    found = solution("beer_quiche_prior")
    assert found.regimes is not None
    assert {part.region for part in found.regimes.parts} == {"p > 1/2", "p < 1/2"}
    assert "one alone where p < 1/2; several where p > 1/2" in found.uniqueness


def guess(x: str, y: str) -> GameTree:
    """Two of whom one wants to match and the other not to, with no pure equilibrium inside."""
    rows = {
        ("H", "H"): (x, "0"), ("H", "T"): ("0", y), ("T", "H"): ("0", "1"), ("T", "T"): ("1", "0"),
    }  # fmt: skip
    replies = {
        own: move("Two", "only", {other: pay(*rows[own, other]) for other in ("H", "T")})
        for own in ("H", "T")
    }
    tree = game("Guess", ["One", "Two"], move("One", "only", replies))
    return family(tree, [letter("x", 1, -1, 3), letter("y", 1, -1, 3)])


def test_random_points_lie_where_the_map_says() -> None:
    own = family_of(guess("x*y - 1", "y + x - 1"))
    assert own is not None
    found = solve(own, budget=60)
    assert found.regimes is not None
    assert found.regimes.gaps == ()
    source = random.Random(5)
    for _ in range(200):
        values = {s: Fraction(source.randrange(-97, 300), 97) for s in ("x", "y")}
        held = {n for n, each in enumerate(found.equilibria, 1) if each.holds(values)}
        told = [
            set(part.equilibria)
            for part in found.regimes.parts
            if any(all(c.holds(values) for c in group) for group in part.alternatives)
        ]
        assert told in ([held], [])


def test_the_record_has_the_map() -> None:
    record = solution("hawk_dove_letters").record()
    assert [part["region"] for part in record["regimes"]["parts"]] == ["V > C", "C > V"]
    assert record["equilibria"][0]["certificate"]["cells"][0] in (
        [["1", "2"], False], [["2", "1"], True], [["1", "1/2"], True], [["1", "1"], True],
    )  # fmt: skip
