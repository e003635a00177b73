"""Families with numbers in the place of some letters: the same games, with fewer letters."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from nl2efg.errors import UserError
from nl2efg.families import GameFamily, family_of, read_expression
from nl2efg.theorems.decisions import domain_of
from nl2efg.theorems.samples import random_points
from tests.references.families import REFERENCES


def family(name: str) -> GameFamily:
    found = family_of(REFERENCES[name]())
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_the_games_are_those_of_the_family(name: str) -> None:
    whole = family(name)
    for gone in whole.quantities:
        fewer = whole.fixed({gone.symbol: gone.value})
        assert [each.symbol for each in fewer.parameters] == [
            each.symbol for each in whole.parameters if each is not gone
        ]
        symbols = [each.symbol for each in fewer.quantities]
        bounds = {each.symbol: (each.low, each.high) for each in fewer.quantities}
        sizes = {each.symbol: each.value for each in fewer.sizes}
        quantities = [each for each in fewer.conditions if not each.letters <= set(sizes)]
        domain = domain_of(bounds, quantities)
        for point in random_points(fewer, symbols, domain, 5, random.Random(1)):
            rest = {**sizes, **dict(zip(symbols, point, strict=True))}
            here = fewer.values_at(rest)
            assert here == whole.values_at({**rest, gone.symbol: gone.value})
            assert all(each.holds({**rest, gone.symbol: gone.value}) for each in whole.conditions)


def test_all_letters_may_be_fixed_and_none() -> None:
    whole = family("hawk_dove_letters")
    assert whole.fixed({}) is whole
    none = whole.fixed({"V": 3, "C": 4})
    assert none.parameters == ()
    assert none.tree.outcomes == whole.at(V=3, C=4).outcomes
    with pytest.raises(UserError, match="breaks V > 0"):
        whole.fixed({"V": 0})


@pytest.mark.parametrize(
    ("written", "there"),
    [("(a*b + b**2)/(a - 1)", "(3*b + b**2)/2"), ("a/b", "3/b"), ("b", "b"), ("a**2", "9")],
)
def test_an_expression_where_a_letter_is_three(written: str, there: str) -> None:
    found = read_expression(written).partly_at({"a": Fraction(3)})
    assert found == read_expression(there)


def test_a_denominator_that_is_zero_there() -> None:
    with pytest.raises(ZeroDivisionError):
        read_expression("b/(a - 3)").partly_at({"a": Fraction(3)})
