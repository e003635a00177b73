"""Families that would take hours: every part of the search gives up in time, and says so."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from time import perf_counter
from typing import Any

import pytest
import z3
from sympy import QQ, ring
from z3 import z3num

from nl2efg.equilibria.deadline import OutOfTimeError, time_limit
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.errors import UserError
from nl2efg.families import GameFamily, family_of, read_conditions
from nl2efg.solving import solve
from nl2efg.theorems import curves
from nl2efg.theorems.algebra import LetterField
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.samples import Samples
from nl2efg.theorems.search import Search
from nl2efg.theorems.strategic_form import StageEquilibrium, StrategicForm
from nl2efg.theorems.verification import verified
from tests.references.writing import family, game, letter, move, pay

RING, X, Y = ring("x,y", QQ)
HARD = [
    X**3 + X**2 + Y - X * Y - X,
    7 * Y**3 - 3 * X * Y**2 - 63 * Y**2 - 3 * X - 56 * Y - 63,
]
"""Their resultant has a root of degree 9, over which roots may take z3 long."""


@pytest.mark.parametrize("gives_up", ["z3", "the clock"])
def test_a_cut_that_is_too_hard_is_left_out(monkeypatch: pytest.MonkeyPatch, gives_up: str) -> None:
    found = curves.Curves(HARD)
    roots = z3num.isolate_roots

    def canceled(formula: object, base: Sequence[Any] = ()) -> object:
        if base and not base[0].is_rational():
            raise z3.Z3Exception("canceled")  # as it does at its context's limit
        return roots(formula, base)

    if gives_up == "z3":
        monkeypatch.setattr(z3num, "isolate_roots", canceled)
    else:
        monkeypatch.setattr(curves, "CUT_SECONDS", 0.0)
    signs = {cell.signs for cell in found.cells(lambda _: True, perf_counter() + 60)}
    assert found.skipped
    source = random.Random(1)
    for _ in range(200):  # all faces are there nevertheless
        x, y = (QQ(source.randrange(-5000, 5000), 97) for _ in range(2))
        values = [poly.evaluate([(X, x), (Y, y)]) for poly in HARD]
        assert tuple((v > 0) - (v < 0) for v in values) in signs


def pennies() -> GameFamily:
    """Matching pennies for a prize of x; only mixing is an equilibrium."""
    root = move(
        "One",
        "one",
        {
            own: move(
                "Two",
                "two",
                {other: pay("x", 0) if own == other else pay(0, "x") for other in ("H", "T")},
            )
            for own in ("H", "T")
        },
    )
    found = family_of(family(game("Pennies", ["One", "Two"], root), [letter("x", 1, "1/2", 3)]))
    assert found is not None
    return found


def search_of(found: GameFamily) -> Search:
    field = LetterField(("x",))
    samples = Samples(field, [(Fraction(1),), (Fraction(2),)])
    return Search(found, flat_game_of(found.tree), field, samples, Region(("x",), ()))


def test_a_search_that_is_out_of_time_says_so() -> None:
    search = search_of(pennies())
    with time_limit(perf_counter() - 1):
        found = search.run()
    assert not found.branches
    assert not found.all_pure
    assert any("time ran out" in remark for remark in found.remarks)
    assert search_of(pennies()).run().branches


def test_supports_are_not_enumerated_without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(StrategicForm, "mixed", late)
    found = solve(pennies())
    assert "not all mixtures were looked at: time ran out" in found.remarks


def test_nothing_is_decided_without_time() -> None:
    (condition,) = read_conditions("x*x >= 0")
    region = Region(("x",), ())
    assert region.follows(condition)
    with time_limit(perf_counter() - 1):
        assert region.point((condition,)) is False
        assert not region.follows(condition)


def test_nothing_holds_for_all_values_for_want_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without a decision an equilibrium of the other shape would be kept, with an empty region.
    late = Region.is_empty
    monkeypatch.setattr(Region, "is_empty", lambda self, holding: not holding and late(self, ()))
    root = move("One", "one", {"A": pay("x", 0), "B": pay("x - 4", 0)})
    found = family_of(family(game("Plain", ["One", "Two"], root), [letter("x", 1, 0, 3)]))
    assert found is not None
    for each in solve(found).equilibria:
        assert each.intervals
        assert each.holds({"x": Fraction(1)})


def test_a_certificate_counts_what_was_checked_in_time() -> None:
    found = solve(pennies()).equilibria[0]
    points = [(Fraction(n, 7),) for n in range(5, 15)]
    assert verified(found, points, [], "spe").inside == 10
    with time_limit(perf_counter() - 1, 0):
        late = verified(found, points, [], "spe")
    assert (late.inside, late.outside, late.failures) == (0, 0, ())


def test_too_little_time_is_an_error_of_the_users() -> None:
    with pytest.raises(UserError, match="too few to keep the letters"):
        solve(pennies(), budget=1e-9)


def test_regimes_are_of_what_was_found_where_time_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "of those found" not in str(solve(pennies()))
    real = StrategicForm.pure

    def cut_short(self: StrategicForm, *others: Any) -> Iterator[StageEquilibrium]:
        yield from real(self, *others)
        raise OutOfTimeError

    monkeypatch.setattr(StrategicForm, "pure", cut_short)
    found = solve(pennies())
    assert not found.all_pure
    assert "; of those found):" in str(found)
