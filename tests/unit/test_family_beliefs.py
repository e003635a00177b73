"""Equilibria with beliefs, in letters: where some belief supports what is done."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from nl2efg.equilibria.assessment import InfosetBeliefs, assess
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.families import GameFamily, family_of
from nl2efg.game import GameTree
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
        assert belief.text.startswith("supported if P(Surly, ")
        assert belief.text.endswith(" <= 1/2")
    assert found.at({"p": Fraction(1, 3)})[0].region == "p <= 1/2"
    assert all(each.certificate.holds for each in found.equilibria)


def entry(hard: str = "x", soft: str = "y") -> GameFamily:
    """An incumbent who does not see how he was entered, and may fight at a cost of 1.

    Args:
        hard, soft: what sharing pays him after either entry.
    """

    def answer(shared: str) -> object:
        return move("Old", "entered", {"Fight": pay("-1", "-1"), "Share": pay("1", shared)})

    root = move("New", "start", {"Out": pay(0, 5), "Hard": answer(hard), "Soft": answer(soft)})
    tree = game("Entry unseen", ["New", "Old"], root)
    return made(family(tree, [letter("x", 1, -3, 3), letter("y", 1, -3, 3)]))


TOLD = (
    "any belief supports it where x <= -1 and y <= -1; "
    "supported if P(Soft) <= (x + 1)/(x - y) where x <= -1 and y >= -1; "
    "supported if P(Hard) <= (y + 1)/(y - x) where x >= -1 and y <= -1; "
    "no belief supports it elsewhere"
)


def threats(found: SymbolicSolution) -> list[SymbolicEquilibrium]:
    return [each for each in found.equilibria if each.values[1].constant == 5 and each.pure]


def test_an_empty_threat_is_no_equilibrium_with_beliefs() -> None:
    own = entry()
    (anywhere,) = threats(solve(own))
    assert anywhere.region == ""
    (belief,) = anywhere.beliefs
    assert belief.text == TOLD
    found = solve(own, concept="pbe")
    # By hand: some belief supports fighting exactly if after one of the entries sharing pays
    # no more than fighting does.
    for x, y in product(range(-3, 4), repeat=2):
        values = {"x": Fraction(2 * x + 1, 2), "y": Fraction(2 * y - 1, 2)}
        supported = any(each.holds(values) for each in threats(found))
        assert supported == (values["x"] <= -1 or values["y"] <= -1)
    assert all(each.certificate.holds for each in found.equilibria)
    assert any("boundaries aside" in remark for remark in found.remarks)


@pytest.mark.parametrize("concept", ["spe", "pbe"])
def test_beliefs_are_those_of_the_game_in_numbers(concept: str) -> None:
    own = entry()
    source = random.Random(4)
    found = solve(own, concept=concept)
    compared = 0
    for _ in range(40):
        values = {s: Fraction(2 * source.randrange(-300, 300) + 1, 202) for s in ("x", "y")}
        tree = own.values_at(values)
        for each in found.equilibria:
            if not each.holds(values):
                continue
            told = {entry.infoset: entry for entry in numbers_at(each, tree, values)}
            for belief in each.beliefs:
                held = [c for c in belief.cases if all(one.holds(values) for one in c.conditions)]
                polytope = told[belief.information_set].supporting
                if polytope is None or not polytope.vertices:
                    assert held
                    assert all(case.none for case in held)
                    continue
                (case,) = held
                (least, _), (most, _) = polytope.bounds
                assert max([Fraction(0), *(low.at(values) for low in case.lows)]) == least
                assert min([Fraction(1), *(high.at(values) for high in case.highs)]) == most
                compared += 1
    assert compared > 20


def numbers_at(
    each: SymbolicEquilibrium, tree: GameTree, values: dict[str, Fraction]
) -> tuple[InfosetBeliefs, ...]:
    profile = each.profile(tree, values)
    return assess(flat_game_of(tree), profile, subgame_perfect=True).beliefs


def test_a_gain_that_is_the_same_at_both_nodes_bounds_no_belief() -> None:
    (threat,) = threats(solve(entry("x + y", "x + y")))
    (belief,) = threat.beliefs
    told = "any belief supports it where x + y <= -1; no belief supports it elsewhere"
    assert belief.text == told


def test_cases_of_the_same_strategies_are_one_theorem() -> None:
    found = solve(entry(), concept="pbe")
    first, second = threats(found)
    assert first.rows == second.rows
    assert "exactly if x <= -1, or if y <= -1 (equilibrium 2, the same strategies); then" in str(
        found
    )
    assert found.regimes is not None
    (both,) = [part for part in found.regimes.parts if part.equilibria == (1, 2)]
    assert both.region == "x < -1 and y < -1"
    assert f"{both.region}: equilibria 1 and 2, the same strategies, alone" in str(found)
    assert f"one alone where {both.region}; several where" in found.uniqueness


def test_many_ways_to_bound_a_belief_are_told_as_demands() -> None:
    third = {"l": pay(0, "a"), "m": pay(0, "b"), "r": pay(0, "a - b")}
    other = {"l": pay(0, "b - 1"), "m": pay(0, "a*b"), "r": pay(0, "1 - a")}
    root = move(
        "One",
        "start",
        {
            "Out": pay(1, 0),
            "In": move("Two", "seen", third),
            "On": move("Two", "seen", other),
        },
    )
    letters = [letter("a", 1, -3, 3), letter("b", 1, -3, 3)]
    own = made(family(game("Unseen", ["One", "Two"], root), letters))
    found = solve(own)
    texts = [belief.text for each in found.equilibria for belief in each.beliefs]
    assert texts
    assert not any("(-1)" in text or "+ -" in text for text in texts)


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
    assert "k > 2: equilibrium 1; there may be others\n" in str(found)
    assert found.record()["undecided_where"] == ["everywhere"]


def unseen(*symbols: str) -> SymbolicSolution:
    """Staying out is a candidate at k < 2 alone, as X gives k whatever C does."""

    def last(c: int, right: str, e: int) -> object:
        return move("C", "after d", {"l": pay("k", 3, c), "r": pay(right, 2, e)})

    x = move("B", "unseen", {"u": pay(0, 1, 0), "d": last(1, "k", 0)})
    y = move("B", "unseen", {"u": pay(0, 0, 0), "d": last(0, "0", 1)})
    root = move("A", "start", {"Out": pay(2, 0, 0), "X": x, "Y": y})
    tree = game("Two sets off the path", ["A", "B", "C"], root)
    return solve(made(family(tree, [letter(s, 1, 1, 4) for s in symbols])), concept="sequential")


@pytest.mark.parametrize("symbols", [("k",), ("k", "m")])
def test_it_is_said_where_consistency_is_not_decided(symbols: tuple[str, ...]) -> None:
    found = unseen(*symbols)
    assert found.record()["undecided_where"] == ["k <= 2"]
    assert found.undecided
    assert not found.all_pure
    for part in found.regimes.parts if found.regimes else ():
        assert part.undecided == (part.region == "k < 2")
    assert "k < 2: none is proved; there may be others" in str(found)
    assert "k > 2: equilibrium 1 alone" in str(found)
    assert found.coverage == "not decided where k < 2: candidates were left out"
    assert found.uniqueness.startswith(
        "one alone where k > 2; not decided where k < 2; candidates were left out there"
    )


def test_with_three_letters_it_is_said_where_too() -> None:
    found = unseen("k", "m", "n")
    assert found.regimes is None
    assert found.coverage.startswith("not decided where k = ")
    assert found.uniqueness.startswith(
        "not decided where k <= 2: candidates were left out; elsewhere one alone away from"
    )


def test_one_cell_is_told_as_one() -> None:
    root = move("A", "start", {"l": pay("k"), "r": pay("k - 1")})
    found = solve(made(family(game("A choice", ["A"], root), [letter("k", 1)])))
    (only,) = found.equilibria
    assert len(only.certificate.cells) == 1
    assert "one cell of the domain, exactly at a point of it" in str(found)
