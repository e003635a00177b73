"""Domains of letters that are not open and plain: irrational ends, equations, many letters."""

from __future__ import annotations

import pytest

from nl2efg.equilibria.deadline import OutOfTimeError
from nl2efg.families import GameFamily, Parameter, family_of, read_conditions
from nl2efg.solving import solve
from nl2efg.theorems.assessments import Assessing
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.line import Line
from tests.references.writing import family, game, letter, move, pay


def choice(payoffs: list[str], letters: list[Parameter], *conditions: str) -> GameFamily:
    """One player chooses among payoffs."""
    actions = {f"a{n}": pay(each) for n, each in enumerate(payoffs)}
    tree = game("A choice", ["One"], move("One", "one", actions))
    found = family_of(family(tree, letters, *conditions))
    assert found is not None
    return found


def test_what_holds_beside_an_irrational_root_alone_is_not_said_of_it() -> None:
    domain = "(c*c - 2)*(c - 3) >= 0"
    found = solve(choice(["0", "c - 2"], [letter("c", 1, 0, 10)], domain))
    assert [each.region for each in found.equilibria] == ["c <= sqrt(2)", "c >= 3"]


def test_a_case_that_holds_at_an_irrational_root_alone_is_told() -> None:
    payoffs = ["0", "(c*c - 2)*(3 - c)", "2 - c*c"]
    found = solve(choice(payoffs, [letter("c", 1, 0)]))
    regions = [each.region for each in found.equilibria]
    assert regions == ["c = sqrt(2) or c >= 3", "sqrt(2) <= c <= 3", "c <= sqrt(2)"]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("x**2 < 2", ["-sqrt(2) < x < sqrt(2)"]),
        ("x**2 <= 2", ["-sqrt(2) <= x <= sqrt(2)"]),
        ("x**2 != 2", ["x < -sqrt(2)", "-sqrt(2) < x < sqrt(2)", "x > sqrt(2)"]),
        ("x**2 == 2", ["x = -sqrt(2)", "x = sqrt(2)"]),
        ("1/(x**2 - 2) >= 0", ["x < -sqrt(2)", "x > sqrt(2)"]),
        ("(x**2 - 2)**2 <= 0", ["x = -sqrt(2)", "x = sqrt(2)"]),
    ],
)
def test_conditions_at_irrational_roots(condition: str, told: list[str]) -> None:
    conditions = read_conditions(condition)
    intervals, _ = Line("x", (), conditions).where(conditions)
    assert [each.text("x") for each in intervals] == told


def test_a_domain_that_demands_an_equation_has_equilibria() -> None:
    letters = [letter("M", 2, 0), letter("c", 1, 0)]
    found = solve(choice(["M", "2*c", "c - 1"], letters, "M == 2*c"))
    assert [each.region for each in found.equilibria] == ["", ""]
    assert found.uniqueness.startswith("several")


def test_no_equilibrium_is_not_one_alone() -> None:
    """Each of three players would match another, or not: no pure profile is stable."""
    ends = {
        (a, b, c): pay("x" if a == b else 0, "y" if b == c else 0, "z" if c != a else 0)
        for a in "ht"
        for b in "ht"
        for c in "ht"
    }
    root = move("One", "one", {
        a: move("Two", "two", {
            b: move("Three", "three", {c: ends[a, b, c] for c in "ht"}) for b in "ht"
        })
        for a in "ht"
    })  # fmt: skip
    letters = [letter(symbol, 1, 0) for symbol in "xyz"]
    tree = game("Pennies of three", ["One", "Two", "Three"], root)
    found = family_of(family(tree, letters, "x > 0", "y > 0", "z > 0"))
    assert found is not None
    solution = solve(found)
    assert not solution.equilibria
    assert solution.uniqueness == "not decided"


@pytest.mark.parametrize("term", ["a{n}", "b{n}*a{n}"])
def test_many_letters_of_first_degree_are_solved(term: str) -> None:
    terms = [term.format(n=n) for n in range(10 if "b" in term else 18)]
    names = sorted({name for each in terms for name in each.split("*")})
    found = solve(choice([" + ".join(terms), "5"], [letter(name, 1, 0) for name in names]))
    assert len(found.equilibria) == 2


def test_without_letters_the_point_that_meets_all_is_empty() -> None:
    assert Region((), ()).point(()) == {}


def test_beliefs_without_time_take_nothing_else_away(monkeypatch: pytest.MonkeyPatch) -> None:
    below = {a: move("Two", "two", {"l": pay(0, "k"), "r": pay(1, 1)}) for a in ("x", "y")}
    root = move("One", "one", {"out": pay(2, 0), **below})
    found = family_of(family(game("Entry", ["One", "Two"], root), [letter("k", 1, 0)]))
    assert found is not None
    told = solve(found)
    assert any(each.beliefs for each in told.equilibria)

    def late(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(Assessing, "gains", late)
    without = solve(found)
    assert [each.region for each in without.equilibria] == [each.region for each in told.equilibria]
    assert not any(each.beliefs for each in without.equilibria)


def test_beliefs_whose_gains_an_equation_makes_zero_are_not_refused() -> None:
    below = {a: move("Two", "two", {"l": pay(0, "k"), "r": pay(1, "m")}) for a in ("x", "y")}
    root = move("One", "one", {"out": pay(2, 0), **below})
    tree = game("Entry", ["One", "Two"], root)
    found = family_of(family(tree, [letter("k", 1, 0), letter("m", 1, 0)], "k == m"))
    assert found is not None
    solution = solve(found, concept="pbe")
    assert solution.equilibria
    assert "no belief" not in str(solution)
