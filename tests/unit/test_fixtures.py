"""The bundled games: their references, what is known of them, and their recorded replies."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from nl2efg.compare import compare
from nl2efg.errors import ModelError
from nl2efg.evaluate.expected import Expected, broken_expectations, load_expected
from nl2efg.llm.recorded import RecordedModel, is_recorded
from nl2efg.pipeline import Compilation, compile, example, examples
from nl2efg.solve import Equilibrium, solve
from nl2efg.tree import GameTree, read_efg
from tests.references import REFERENCES

NAMES = [game.name for game in examples()]
GAMES = [name for name in NAMES if example(name).reference]
RECORDED = [name for name in NAMES if is_recorded(example(name).text)]
THEIRS = Path(__file__).parents[3] / "shared" / "gameinterpreter" / "descriptions"
TOLERANCE = Fraction(1, 10**9)


def expected(name: str) -> Expected:
    return load_expected(example(name).folder / "expected.json")


@cache
def reference(name: str) -> GameTree:
    return read_efg(example(name).reference, source=name)


def test_every_folder_is_complete() -> None:
    assert len(NAMES) >= 8
    assert set(REFERENCES) == set(GAMES)
    assert {name for name in NAMES if not expected(name).is_game} == set(NAMES) - set(GAMES)


@pytest.mark.parametrize("name", GAMES)
def test_the_reference_is_what_its_code_builds(name: str) -> None:
    assert reference(name) == REFERENCES[name]()


@pytest.mark.parametrize("name", GAMES)
def test_what_is_known_of_a_game_holds(name: str) -> None:
    assert broken_expectations(expected(name), reference(name)) == []


@cache
def equilibria(name: str) -> tuple[Equilibrium, ...]:
    tree = reference(name)
    lists = (solve(tree), solve(tree, all=True), solve(tree, concept="nash", all=True))
    return tuple(found for solution in lists for found in solution.equilibria)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in GAMES for number in range(len(expected(name).equilibria))],
)
def test_known_equilibria_are_found_and_certified(name: str, number: int) -> None:
    wanted = expected(name).equilibria[number]
    payoffs = [Fraction(wanted.payoffs[player]) for player in reference(name).players]
    close = [
        found
        for found in equilibria(name)
        if all(abs(a - b) <= TOLERANCE for a, b in zip(found.values, payoffs, strict=True))
    ]
    assert close, f"{wanted.source}: {payoffs}"
    assert min(found.certificate.max_regret for found in close) <= TOLERANCE
    if wanted.unique:
        assert len(solve(reference(name)).equilibria) == 1


@pytest.mark.parametrize("name", [name for name in GAMES if expected(name).values])
def test_known_values_are_reproduced(name: str) -> None:
    tree = reference(name)
    found = solve(tree).equilibria[0]
    assert found.certificate.max_regret <= TOLERANCE
    for known in expected(name).values:
        value = found.values[tree.players.index(known.player)]
        assert abs(value - Fraction(known.value)) <= TOLERANCE, known.source


def replay(name: str) -> tuple[Compilation | None, RecordedModel]:
    text = example(name).text
    model = RecordedModel(text)
    try:
        return compile(text, model=model, samples=model.samples, solve=False, name=name), model
    except ModelError:
        return None, model


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_replies_are_all_used_and_come_out_as_noted(name: str) -> None:
    compilation, model = replay(name)
    known = expected(name)
    assert model.unused == ()
    assert known.recorded is not None
    assert (known.recorded.outcome == "wrong") == bool(known.recorded.why)
    right = not known.is_game
    if compilation is not None and known.is_game:
        assert compilation.record.error == ""
        right = compare(
            compilation.tree,
            reference(name),
            known.structure,
            known.payoffs,
            constraints=known.constraints,
            open_payoffs=known.open_payoffs,
        ).same
    assert right == (known.recorded.outcome == "right")
    if compilation is not None and right:
        told = " ".join(compilation.assumptions).lower()
        assert all(word.lower() in told for word in known.assumptions)


def test_no_sentence_is_shared_with_the_paper() -> None:
    if not THEIRS.is_dir():
        pytest.skip("the paper's descriptions are not beside the checkout")

    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}

    theirs = set().union(*(shingles(file.read_text("utf-8")) for file in THEIRS.glob("*.txt")))
    assert theirs
    for name in NAMES:
        assert not shingles(example(name).text) & theirs, name
