"""Equilibria with beliefs, in letters: where some belief supports what is done."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from nl2efg.equilibria.assessment import assess
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.families import GameFamily, family_of
from nl2efg.solving import solve
from nl2efg.theorems.result import SymbolicEquilibrium, SymbolicSolution
from tests.references.families import REFERENCES
from tests.references.writing import family, game, letter, move, pay


def made(tree: object) -> GameFamily:
    found = family_of(tree)  # type: ignore[arg-type]
    assert found is not None
    return found


@cache
def breakfast(concept: str) -> SymbolicSolution:
    return solve(made(REFERENCES["beer_quiche_prior"]()), concept=concept)


@pytest.mark.parametrize("concept", ["pbe", "sequential"])
def test_both_pool_exactly_if_the_surly_are_half(concept: str) -> None:
    # Cho and Kreps (1987): pooling takes a prior of one half; below it the weak mix.
    found = breakfast(concept)
    pooling = [each for each in found.equilibria if each.pure]
    assert {each.values[0].text for each in pooling} == {"p + 2", "3 - p"}
    for each in pooling:
        assert each.region == "p >= 1/2"
        (belief,) = each.beliefs
        assert belief.text.startswith("0 <= probability of (Surly, ")
        assert belief.text.endswith(" <= 1/2")
    assert found.at({"p": Fraction(1, 3)})[0].region == "p <= 1/2"
    assert all(each.certificate.holds for each in found.equilibria)


def entry() -> GameFamily:
    """An incumbent who does not see how he was entered, and may fight at a cost of 1."""

    def answer(shared: str) -> object:
        return move("Old", "entered", {"Fight": pay("-1", "-1"), "Share": pay("1", shared)})

    root = move("New", "start", {"Out": pay(0, 5), "Hard": answer("x"), "Soft": answer("y")})
    tree = game("Entry unseen", ["New", "Old"], root)
    return made(family(tree, [letter("x", 1, -3, 3), letter("y", 1, -3, 3)]))


def threats(found: SymbolicSolution) -> list[SymbolicEquilibrium]:
    return [each for each in found.equilibria if each.values[1].constant == 5 and each.pure]


def test_an_empty_threat_is_no_equilibrium_with_beliefs() -> None:
    own = entry()
    (anywhere,) = threats(solve(own))
    assert anywhere.region == ""
    (belief,) = anywhere.beliefs
    assert "probability of (Hard)" in belief.text
    found = solve(own, concept="pbe")
    # By hand: some belief supports fighting exactly if after one of the entries sharing pays
    # no more than fighting does.
    for x, y in product(range(-3, 4), repeat=2):
        values = {"x": Fraction(2 * x + 1, 2), "y": Fraction(2 * y - 1, 2)}
        supported = any(each.holds(values) for each in threats(found))
        assert supported == (values["x"] <= -1 or values["y"] <= -1)
    assert all(each.certificate.holds for each in found.equilibria)
    assert any("boundaries aside" in remark for remark in found.remarks)


def test_consistency_is_claimed_where_it_is_proved() -> None:
    own = entry()
    found = solve(own, concept="sequential")
    # Both entries are one action each at one set, so every belief is a limit.
    assert len(threats(found)) == len(threats(solve(own, concept="pbe")))
    values = {"x": Fraction(-2), "y": Fraction(1)}
    tree = own.values_at({**own.values, **values})
    (here,) = [each for each in threats(found) if each.holds(values)]
    assert assess(flat_game_of(tree), here.profile(tree, values)).supported


def chain() -> GameFamily:
    """Two sets that the same deviation leads to: their beliefs move together."""

    def last(player: str, pays: str) -> object:
        return move(player, "later", {"Up": pay(pays, pays, 0), "Down": pay(0, 0, pays)})

    def middle(pays: str) -> object:
        return move("Two", "unseen", {"Stop": pay(-1, 0, 0), "On": last("Three", pays)})

    root = move("One", "start", {"Out": pay(1, 0, 0), "A": middle("c"), "B": middle("1")})
    tree = game("A chain", ["One", "Two", "Three"], root)
    return made(family(tree, [letter("c", "1/2", -2, 2)]))


def test_what_is_not_proved_consistent_is_left_out_and_said() -> None:
    pbe, sequential = (solve(chain(), concept=name) for name in ("pbe", "sequential"))
    assert len(sequential.equilibria) < len(pbe.equilibria)
    assert any("not proved consistent" in remark for remark in sequential.remarks)
    assert not sequential.all_pure
    # What was left out may be an equilibrium: no gap and no uniqueness is told.
    assert sequential.undecided
    assert sequential.record()["undecided"]
    told = str(sequential)
    assert "of those proved" in told
    assert not any(word in told for word in ("alone", "none of these", "no equilibrium was found"))
    assert "candidates were left out" in sequential.uniqueness
    assert not pbe.undecided


def test_no_gap_is_told_where_consistency_is_not_decided() -> None:
    """At k < 2 staying out is sequential too, but consistency of its beliefs is not proved."""

    def last(a: str, b: int, c: int, d: int, e: int) -> object:
        return move("C", "after d", {"l": pay(a, b, c), "r": pay(0, d, e)})

    x = move("B", "unseen", {"u": pay(0, 1, 0), "d": last("k", 3, 1, 0, 0)})
    y = move("B", "unseen", {"u": pay(0, 0, 0), "d": last("k", 3, 0, 2, 1)})
    root = move("A", "start", {"Out": pay(2, 0, 0), "X": x, "Y": y})
    tree = game("Two sets off the path", ["A", "B", "C"], root)
    found = solve(made(family(tree, [letter("k", "3/2")])), concept="sequential")
    assert found.coverage.startswith("not decided where k < 2")
    assert "k < 2: none is proved; there may be others" in str(found)
    assert "k > 2: equilibrium 1\n" in str(found)


def test_one_cell_is_told_as_one() -> None:
    root = move("A", "start", {"l": pay("k"), "r": pay("k - 1")})
    found = solve(made(family(game("A choice", ["A"], root), [letter("k", 1)])))
    (only,) = found.equilibria
    assert len(only.certificate.cells) == 1
    assert "the one cell of the domain, exactly at a point of it" in str(found)
