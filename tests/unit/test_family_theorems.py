"""The families of the literature: the theorem that is known comes out by algebra."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from nl2efg.evaluation.corpus import Game
from nl2efg.evaluation.expected import Expected, broken_expectations, load_expected
from nl2efg.evaluation.theorems import broken_theorem
from nl2efg.evaluation.trial import Judged, Judgement, Trial, judge
from nl2efg.families import Expression, GameFamily
from nl2efg.families.note_writing import with_note
from nl2efg.formats import load_efg
from nl2efg.game import GameTree
from nl2efg.sandbox import family_of
from nl2efg.solving import solve
from nl2efg.theorems.result import SymbolicSolution
from nl2efg.theorems.samples import random_points
from nl2efg.theorems.wording import belief_words
from tests.references.families import REFERENCES
from tests.theorem_table import CONCEPTS, row

GAMES = Path(__file__).parents[2] / "fixtures" / "games"
NAMES = sorted(REFERENCES)


def folder(name: str) -> Path:
    return GAMES / name


def expected(name: str) -> Expected:
    return load_expected(folder(name) / "expected.json")


@cache
def family(name: str) -> GameFamily:
    found = family_of(load_efg(folder(name) / "reference.efg"))
    assert found is not None
    return found


@cache
def solution(name: str, concept: str) -> SymbolicSolution:
    return solve(family(name), concept=concept, budget=120)


def test_there_are_ten_with_a_theorem() -> None:
    assert sum(bool(expected(name).theorems) for name in NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_what_its_code_builds(name: str) -> None:
    assert family(name).tree == REFERENCES[name]()
    assert broken_expectations(expected(name), family(name).tree) == []
    assert expected(name).source
    assert all(theorem.source for theorem in expected(name).theorems)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in NAMES for number in range(len(expected(name).theorems))],
)
def test_the_theorem_comes_out(name: str, number: int) -> None:
    wanted = expected(name).theorems[number]
    found = solution(name, CONCEPTS[wanted.concept])
    assert broken_theorem(wanted, found) == ""
    assert all(each.certificate.holds for each in found.equilibria)
    assert all(each.certificate.inside for each in found.equilibria)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in NAMES for number in range(len(expected(name).theorems))],
)
def test_the_documentation_tells_it(name: str, number: int) -> None:
    wanted = expected(name).theorems[number]
    told = row(name, wanted, solution(name, CONCEPTS[wanted.concept]))
    assert told[-1] == "yes"
    page = (GAMES.parents[1] / "compiler" / "docs" / "letters.md").read_text(encoding="utf-8")
    assert f"| {' | '.join(told)} |" in page.splitlines()


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name).theorems])
def test_a_wrong_theorem_is_told(name: str) -> None:
    wanted = expected(name).theorems[0]
    found = solution(name, "spe")
    letter = family(name).quantities[0]
    wrong = wanted.model_copy(update={"anywhere": ((f"{letter.symbol} <= -1000",),)})
    assert "found where the theorem has none" in broken_theorem(wrong, found)
    player = family(name).tree.players[0]
    other = wanted.model_copy(update={"payoffs": {**wanted.payoffs, player: "777"}})
    assert "no equilibrium with the values" in broken_theorem(other, found)


def test_beliefs_off_the_path_have_their_interval() -> None:
    found = solution("beer_quiche_prior", "spe")
    pooling = next(each for each in found.equilibria if each.values[0].text == "p + 2")
    assert [belief.text for belief in pooling.beliefs] == ["supported if P(Surly, Quiche) <= 1/2"]
    assert belief_words(pooling) == (
        "belief of Bully at Quiche: supported if P(Surly, Quiche) <= 1/2",
    )


def test_types_at_a_point() -> None:
    values = {"V": Fraction(2), "C": Fraction(5)}
    found = solution("hawk_dove_letters", "spe").at(values)
    kinds = {tuple(value.at(values) for value in each.values) for each in found}
    mixed = (Fraction(3, 5), Fraction(3, 5))  # by hand: V (C - V) / 2 C
    assert kinds == {(Fraction(2), Fraction(0)), (Fraction(0), Fraction(2)), mixed}


def judged(name: str, tree: GameTree) -> Judged:
    game = Game(name, "", family(name).tree, expected(name))
    return judge(Trial("one", name, tree), game)


@pytest.mark.parametrize("name", NAMES)
def test_a_family_is_right_whatever_values_it_works_with(name: str) -> None:
    demands = family(name).demands
    symbols = [each.symbol for each in family(name).parameters if each.kind != "size"]
    source = random.Random(7)
    *_, point = random_points(family(name), symbols, demands, 3, source)
    other = family(name).with_values(dict(zip(symbols, point, strict=True)))
    assert other.values != family(name).values
    assert judged(name, other.tree).right


@pytest.mark.parametrize("name", NAMES)
def test_a_number_in_place_of_a_letter_is_wrong(name: str) -> None:
    own = family(name)
    kind = "payoffs" if own.payoffs else "probabilities"
    expressions = getattr(own, kind)
    place, expression = next((p, e) for p, e in expressions.items() if e.letters)
    number = Expression.number(expression.at(own.values))
    fixed = replace(own, **{kind: {**expressions, place: number}})
    found = judged(name, with_note(fixed))
    assert found.judgement is Judgement.WRONG
    assert "with " in found.difference
