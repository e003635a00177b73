"""Exact payoffs may be larger than any float, smaller than any, or closer than floats are."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import inf, sqrt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nl2efg import library
from nl2efg.errors import UserError
from nl2efg.formats import read_efg
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.numbers import as_float, finite, square_root
from nl2efg.solving import solve
from nl2efg.solving.methods.float_play import _scaled
from tests.command_line import ran
from tests.trees import game_trees

BIG = 10**890
EXTREME = [
    Fraction(each) for each in (BIG, -BIG, Fraction(1, BIG), 0, 1, BIG + 1, 10**308, 10**320)
]
CONCEPTS = ("spe", "nash", "perfect", "proper", "qre", "ce", "security")
PAYOFFS = st.sampled_from(EXTREME)

HIDDEN = """EFG 2 R "" {{ "A" "B" }}
p "" 1 1 "" {{ "l" "r" }} 0
p "" 2 1 "" {{ "l" "r" }} 0
t "" 1 "" {{ {0}, {1} }}
t "" 2 "" {{ {2}, {3} }}
p "" 2 1 "" {{ "l" "r" }} 0
t "" 3 "" {{ {4}, {5} }}
t "" 4 "" {{ {6}, {7} }}
"""


def hidden(*payoffs: object) -> GameTree:
    return read_efg(HIDDEN.format(*payoffs))


@given(st.fractions(0))
def test_roots_are_those_of_floats(value: Fraction) -> None:
    assert square_root(value) == pytest.approx(sqrt(value))


def test_roots_and_floats_beyond_floats() -> None:
    assert square_root(Fraction(BIG)) == inf
    assert square_root(Fraction(10) ** 600) == pytest.approx(1e300)
    assert square_root(1 / Fraction(10) ** 600) == pytest.approx(1e-300)
    assert (as_float(Fraction(BIG)), as_float(Fraction(-BIG)), finite(-BIG)) == (inf, -inf, None)
    assert finite(Fraction(1, 2)) == 0.5


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(game_trees(payoffs=PAYOFFS), st.sampled_from(CONCEPTS))
def test_such_games_are_solved_or_refused(tree: GameTree, concept: str) -> None:
    try:
        found = solve(tree, concept=concept, budget=2.0)
    except UserError:
        return
    json.loads(found.record().model_dump_json())


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(game_trees(payoffs=PAYOFFS))
def test_such_games_are_played_and_expected_exactly(tree: GameTree) -> None:
    rows = tuple(own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
                 for own in tree.information_sets)  # fmt: skip
    profile = BehaviourProfile(tree, rows)
    done = library.simulate(tree, profile, plays=20, seed=1)
    assert repr(done)
    assert all(error >= 0 for error in done.standard_errors)
    floats = replace(profile, probabilities=tuple(tuple(map(float, row)) for row in rows))
    for exact, rounded in zip(profile.values, floats.values, strict=True):
        size = max([abs(p) for row in tree.path_payoffs for p in row])
        assert abs(Fraction(exact) - Fraction(rounded)) <= size / 10**9


@given(game_trees(absent_minded=False))
def test_standard_errors_are_those_of_the_plays(tree: GameTree) -> None:
    rows = tuple(own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
                 for own in tree.information_sets)  # fmt: skip
    done = library.simulate(tree, BehaviourProfile(tree, rows), plays=30, seed=2)
    for player, error in enumerate(done.standard_errors):
        got = [float(play.payoffs[player]) for play in done.plays]
        mean = sum(got) / len(got)
        spread = sqrt(sum((each - mean) ** 2 for each in got)) / len(got)
        assert error == pytest.approx(spread, abs=1e-9)


@pytest.mark.parametrize("unit", [Fraction(1), Fraction(BIG), Fraction(1, BIG), Fraction(7, 3)])
@pytest.mark.parametrize("origin", [0, 10**30, -BIG])
def test_payoffs_are_scaled_before_they_are_rounded(unit: Fraction, origin: int) -> None:
    leaves = [(Fraction(1), Fraction(-5)), (Fraction(0), Fraction(2)), (Fraction(2), Fraction(0))]
    moved = [tuple(origin + unit * u for u in row) for row in leaves]
    assert _scaled(moved, common=False) == [[0.5, 0.0], [0.0, 1.0], [1.0, 5 / 7]]
    assert _scaled(moved, common=True) == [[1 / 7, 0.0], [0.0, 1.0], [2 / 7, 5 / 7]]
    assert _scaled([(origin, 0)] * 2, common=False) == [[0.0, 0.0]] * 2


@pytest.mark.parametrize("payoffs", [(BIG, 1, 0, 0, 0, 0, 1, BIG), (f"1/{BIG}", 0, *(0,) * 6)])
def test_quantal_responses_of_such_games_are_refused(payoffs: tuple[object, ...]) -> None:
    with pytest.raises(UserError, match="too large, or too close"):
        solve(hidden(*payoffs), concept="qre")


def test_averages_beyond_floats_are_null(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "game.efg")
    Path(file).write_text(HIDDEN.format(BIG, 1, 0, 0, 0, 0, -1, -1), encoding="utf-8")
    told = ran(capsys, "simulate", file, "--words", "A plays l; B plays l", "--json")
    first, second = json.loads(told.out)
    assert (first["average"], first["standard_error"], second["average"]) == (None, 0.0, 1.0)
    assert first["expected"] == str(BIG)
    told = ran(capsys, "simulate", file, "--words", "A plays l; B plays l")
    assert "A: beyond any float on average" in told.out
