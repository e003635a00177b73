"""Conditions in few words: bounds in chains, factors kept, no alternative that others cover."""

from __future__ import annotations

from fractions import Fraction
from time import perf_counter

import pytest

from nl2efg.families import Condition, family_of, read_conditions, read_expression
from nl2efg.solving import solve
from nl2efg.theorems.algebra import LetterField, inequality
from nl2efg.theorems.conjunctions import conjunction
from nl2efg.theorems.curves import FACE
from nl2efg.theorems.plane import Plane
from nl2efg.theorems.result import SymbolicSolution
from tests.references.writing import family, game, letter, move, pay


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (["c <= 1/2", "d >= 1", "c > 1/6"], "1/6 < c <= 1/2, d >= 1"),
        (["0 < q", "q < 1"], "0 < q < 1"),
        (["c <= 1/2", "c <= d", "c >= 0"], "0 <= c <= 1/2, c <= d"),
        (["c > 0", "c > 1", "c < 2"], "c > 0, c > 1, c < 2"),
        (["2*c > 1", "c != 3", "c < 4"], "2*c > 1, c != 3, c < 4"),
    ],
)
def test_two_bounds_of_a_letter_are_a_chain(written: list[str], told: str) -> None:
    conditions = [each for text in written for each in read_conditions(text)]
    assert ", ".join(conjunction(conditions)) == told


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        (("c", "a*b - a - b"), "a*b*c >= a*c + b*c"),
        (("a*b - a*c + b - 1", "c + 1"), "(a*b - a*c + b - 1)*(c + 1) >= 0"),
        (("a", "b"), "a*b >= 0"),
    ],
)
def test_factors_are_kept_where_that_is_shorter(factors: tuple[str, ...], told: str) -> None:
    field = LetterField(("a", "b", "c"))
    parts = [field.element(read_expression(text)).numer for text in factors]
    found = inequality(field, 1, parts, strict=False)
    whole = inequality(field, -1, parts, strict=True)
    product = read_expression("*".join(f"({text})" for text in factors))
    assert found.difference in (product, -product)
    for point in ((2, 3, 5), (Fraction(1, 2), -3, Fraction(1, 3)), (-1, -1, -7)):
        values = dict(zip("abc", map(Fraction, point), strict=True))
        assert found.holds(values) == (product.at(values) >= 0)
        assert whole.holds(values) == (product.at(values) < 0)
    assert found.text == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1/(a - 1)", "1/(a - 1)"),
        ("b/(a - b)", "b/(a - b)"),
        ("-1/(1 + a)", "-1/(a + 1)"),
        ("(1 - a)/(2 - a)", "(1 - a)/(2 - a)"),
    ],
)
def test_a_quotient_has_few_signs(written: str, told: str) -> None:
    field = LetterField(("a", "b"))
    assert field.expression(field.element(read_expression(written))).text == told


def test_a_region_has_no_alternative_that_the_others_cover() -> None:
    letters = LetterField(("c", "d"))
    conditions = read_conditions("0 <= c") + read_conditions("0 <= d")
    for text in ("c > 1/6", "c > 1/4", "c > 1/3", "c > 1/2", "d > 1/12", "d > 1/6"):
        conditions += read_conditions(text)
    plane = Plane(letters, read_conditions("0 <= c <= 1") + read_conditions("0 <= d <= 1"),
                  conditions, perf_counter() + 60)  # fmt: skip
    inside: list[Condition] = [*read_conditions("1/6 < c < 1/2"), *read_conditions("d < 1/6")]
    chosen = {
        n
        for n, cell in enumerate(plane.cells)
        if cell.dimension == FACE
        and cell.point is not None
        and all(each.holds(dict(zip("cd", cell.point, strict=True))) for each in inside)
    }
    assert len(chosen) == 6
    (group,) = plane.region(chosen)
    assert set(conjunction(group)) == {"1/6 < c < 1/2", "d < 1/6"}


def choice(condition: str) -> SymbolicSolution:
    root = move("One", "only", {"A": pay("p", 0), "B": pay("q", 0)})
    tree = game("Choice", ["One", "Two"], root)
    letters = [letter("p", "1/3", 0, 1), letter("q", "2/3", 0, 1)]
    found = family_of(family(tree, letters, condition))
    assert found is not None
    return solve(found)


def test_a_domain_without_an_inside_has_a_theorem() -> None:
    found = choice("p + q == 1")
    assert [each.region for each in found.equilibria] == ["p >= q", "q >= p"]
    assert found.regimes is None
    assert found.coverage == "there is one at all values of the domain (proved)"
    assert found.uniqueness.startswith("one alone away from the boundaries")
