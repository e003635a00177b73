"""Code for pygambit of a game with letters: a function of them."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from nl2efg.families import family_of, read_expression
from nl2efg.gambit import from_gambit, installed_generation, to_code
from nl2efg.gambit.code.letters import source_of
from nl2efg.game import GameTree
from nl2efg.theorems.samples import random_points
from tests.references.families import REFERENCES
from tests.references.writing import family, game, letter, move, pay


def run(tree: GameTree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    exec(compile(to_code(tree), "game.py", "exec"), found)
    return found


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_the_function_builds_the_game_at_any_values(name: str) -> None:
    tree = REFERENCES[name]()
    own = family_of(tree)
    assert own is not None
    module = run(tree)
    assert from_gambit(module["game"]) == tree
    symbols = [each.symbol for each in own.quantities]
    domain = own.conditions
    for point in random_points(own, symbols, domain, 4, random.Random(3)):
        values = dict(zip(symbols, point, strict=True))
        built = from_gambit(module["build"](**{s: str(v) for s, v in values.items()}))
        wanted = own.values_at({**own.values, **values})
        assert replace(built, comment="") == replace(wanted, comment="")


def test_values_that_break_a_condition_are_refused() -> None:
    build = run(REFERENCES["entry_with_commitment"]())["build"]
    with pytest.raises(ValueError, match="M1 > D1"):
        build(M1=1)
    with pytest.raises(ValueError, match="p <= 1"):
        run(REFERENCES["beer_quiche_prior"]())["build"](p=2)


def test_letters_may_be_called_as_the_program_calls_its_own() -> None:
    names = ("game", "after", "nodes", "δ", "Fraction", "build", "number")
    rows = {name: pay(f"{name}/3", "1/2") for name in names}
    own = family(game("Names", ["A", "B"], move("A", "", rows)), [letter(n, 2) for n in names])
    module = run(own)
    assert from_gambit(module["game"]) == own
    other = from_gambit(module["build"](δ="1/7", game_=4))
    payoffs = {each.payoffs for each in other.outcomes}
    assert (Fraction(1, 21), Fraction(1, 2)) in payoffs
    assert (Fraction(4, 3), Fraction(1, 2)) in payoffs


@pytest.mark.parametrize("text", ["1/3*q", "q/3 - 1/2", "(1 - q)**2", "0.5*q", "(q + 1)/(2*q)"])
def test_sources_are_exact(text: str) -> None:
    q = Fraction(2, 7)
    expression = read_expression(text)
    value = eval(source_of(expression, {"q": "x"}), {"x": q, "Fraction": Fraction})
    assert isinstance(value, Fraction)
    assert value == expression.at({"q": q})


def test_both_generations_are_functions() -> None:
    for generation in (16, 17):
        code = to_code(REFERENCES["kuhn_bet"](), generation)
        assert "def build(b=1):" in code
        assert code.count("game = build()") == 1
        program = compile(code, "game.py", "exec")
        if generation == installed_generation():  # the other one runs where that is installed
            module: dict[str, Any] = {}
            exec(program, module)
            own = family_of(REFERENCES["kuhn_bet"]())
            assert own is not None
            built = from_gambit(module["build"](b="3/2"))
            assert replace(built, comment="") == replace(own.at(b="3/2"), comment="")
