"""The bundled games: their references, what is known of them, and their recorded replies."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from nl2efg.cli.app import main
from nl2efg.comparison import compare
from nl2efg.errors import ModelError
from nl2efg.evaluation.corpus import Game
from nl2efg.evaluation.expected import Expected, broken_expectations, load_expected
from nl2efg.evaluation.reported_points import points_of, report
from nl2efg.evaluation.trial import Trial, judge
from nl2efg.formats import read_efg
from nl2efg.frontend import render
from nl2efg.gambit import from_gambit, to_gambit
from nl2efg.game import GameTree, facts
from nl2efg.models.cached import CachedModel
from nl2efg.models.replay import Recordings, is_recorded, recorded_model, recorded_samples
from nl2efg.pipeline import Compilation, compile, example, examples
from nl2efg.sandbox import build
from nl2efg.solving import Equilibrium, solve
from tests.pygambit_view import player_labels, read_by_pygambit, seen_nodes
from tests.references import REFERENCES

pytestmark = pytest.mark.process

NAMES = [game.name for game in examples()]
GAMES = [name for name in NAMES if example(name).reference]
RECORDED = [name for name in NAMES if is_recorded(example(name).text)]
THEIRS = Path(__file__).parents[3] / "shared" / "gameinterpreter" / "descriptions"
TOLERANCE = Fraction(1, 10**9)
PATIENCE = 120.0
"""Seconds for what a busy machine solves in one."""


def expected(name: str) -> Expected:
    return load_expected(example(name).folder / "expected.json")


@cache
def reference(name: str) -> GameTree:
    return read_efg(example(name).reference, source=name)


def test_every_folder_is_complete() -> None:
    assert len(NAMES) >= 45
    assert set(REFERENCES) == set(GAMES)
    assert {name for name in NAMES if not expected(name).is_game} == set(NAMES) - set(GAMES)
    assert NAMES == RECORDED
    assert sum(recorded_samples(example(name).text) >= 5 for name in NAMES) >= 10


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["examples"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(line.endswith(expected(line.split()[0]).title) for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_known_has_a_source(name: str) -> None:
    known = expected(name)
    assert known.source
    assert all(each.source for each in (*known.values, *known.equilibria))
    if known.is_game:
        told = known.facts.model_dump(exclude_none=True)
        assert {"players", "terminals", "information_sets", "perfect_recall", "zero_sum"} <= set(
            told
        )
    if known.open_payoffs:
        assert known.assumptions or known.contradictions, "open payoffs have to be reported"


@pytest.mark.parametrize("name", GAMES)
def test_the_reference_is_what_its_code_builds(name: str) -> None:
    assert reference(name) == REFERENCES[name]()


@pytest.mark.parametrize("name", GAMES)
def test_gambit_reads_the_reference(name: str) -> None:
    tree = reference(name)
    read = read_by_pygambit(example(name).reference)
    own = facts(tree)
    nodes = seen_nodes(read)
    assert len(nodes) == own.nodes
    labels = player_labels(read)
    sets = [len({node.infoset for node in nodes if node.player == one}) for one in labels]
    assert sets == [own.information_sets[player] for player in tree.players]
    assert read.is_perfect_recall == own.perfect_recall


@pytest.mark.parametrize("name", GAMES)
def test_the_reference_goes_to_gambit_and_comes_back(name: str) -> None:
    tree = reference(name)
    assert from_gambit(to_gambit(tree)) == tree


@pytest.mark.parametrize("name", GAMES)
def test_what_is_known_of_a_game_holds(name: str) -> None:
    assert broken_expectations(expected(name), reference(name)) == []


@cache
def subgame_perfect(name: str) -> tuple[Equilibrium, ...]:
    tree = reference(name)
    return solve(tree).equilibria + solve(tree, all=True).equilibria


@cache
def nash(name: str) -> tuple[Equilibrium, ...]:
    return solve(reference(name), concept="nash", all=True, budget=PATIENCE).equilibria


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in GAMES for number in range(len(expected(name).equilibria))],
)
def test_known_equilibria_are_found_and_certified(name: str, number: int) -> None:
    wanted = expected(name).equilibria[number]
    payoffs = [Fraction(wanted.payoffs[player]) for player in reference(name).players]

    def with_payoffs(found: tuple[Equilibrium, ...]) -> list[Equilibrium]:
        return [
            each
            for each in found
            if all(abs(a - b) <= TOLERANCE for a, b in zip(each.values, payoffs, strict=True))
        ]

    close = with_payoffs(subgame_perfect(name))
    if wanted.concept == "Nash" and not close:
        close = with_payoffs(nash(name))
    assert close, f"{wanted.source}: {payoffs}"
    assert min(found.certificate.max_regret for found in close) <= TOLERANCE
    if wanted.concept == "subgame perfect":
        assert any(found.certificate.is_subgame_perfect for found in close)
    if wanted.unique:
        others = subgame_perfect(name) if wanted.concept == "subgame perfect" else nash(name)
        assert with_payoffs(others) == list(others)


@pytest.mark.parametrize("name", [name for name in GAMES if expected(name).values])
def test_known_values_are_reproduced(name: str) -> None:
    tree = reference(name)
    found = solve(tree).equilibria[0]
    assert found.certificate.max_regret <= TOLERANCE
    for known in expected(name).values:
        value = found.values[tree.players.index(known.player)]
        assert abs(value - Fraction(known.value)) <= TOLERANCE, known.source


def replay(name: str) -> tuple[Compilation | None, CachedModel[Recordings]]:
    text = example(name).text
    model = recorded_model(text)
    try:
        return compile(
            text, model=model, samples=model.store.samples, solve=False, name=name
        ), model
    except ModelError:
        return None, model


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_replies_are_all_used_and_come_out_as_noted(name: str) -> None:
    compilation, model = replay(name)
    known = expected(name)
    assert model.store.unused == ()
    assert known.recorded is not None
    assert (known.recorded.outcome == "wrong") == bool(known.recorded.why)
    right = not known.is_game
    if compilation is not None and known.is_game:
        assert compilation.record.error == ""
        game = Game(name, example(name).text, reference(name), known)
        right = judge(Trial("recorded", name, compilation.tree), game).right
    assert right == (known.recorded.outcome == "right")
    if compilation is not None and right:
        assert report(points_of(compilation.record.sketch), known).missing == ()


def shingles(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_no_sentence_is_shared_with_the_paper() -> None:
    if not THEIRS.is_dir():
        pytest.skip("the paper's descriptions are not beside the checkout")
    theirs = set().union(*(shingles(file.read_text("utf-8"), 8) for file in THEIRS.glob("*.txt")))
    assert theirs
    for name in NAMES:
        assert not shingles(example(name).text, 8) & theirs, name


def test_no_bundled_game_is_an_example_in_a_prompt() -> None:
    prompts = [render("information.system", program=True), render("code.system")]
    shown = set().union(*(shingles(prompt, 6) for prompt in prompts))
    for name in NAMES:
        assert not shingles(example(name).text, 6) & shown, name
    (code,) = re.findall(r"```python\n(.*?)```", prompts[1], flags=re.S)
    shown_tree = build(code).tree
    assert shown_tree is not None
    for name in GAMES:
        assert not compare(shown_tree, reference(name), "strategic", "ordinal").same, name
