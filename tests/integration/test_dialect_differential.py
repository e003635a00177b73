"""Random programs of pygambit 17's building API: the dialect builds what pygambit 17 builds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from nl2efg.dialect.execution import execute
from nl2efg.gambit import from_gambit, installed_generation
from nl2efg.game import GameTree
from nl2efg.schema.diagnostics import Severity

if installed_generation() < 17:
    pytest.skip("the real pygambit 17 is not installed", allow_module_level=True)

import pygambit

from tests.building_programs import OPERATORS, BuildingProgram, Writer, building_names
from tests.building_steps import STEPS
from tests.strategic_programs import (
    CONSTRUCTORS,
    STRATEGIC_STEPS,
    StrategicWriter,
    strategic_names,
)

PROGRAMS = 600
SHARE = 50


def test_every_name_of_the_api_is_covered() -> None:
    assert set(building_names()) == set(STEPS)


def test_every_name_of_the_strategic_form_is_covered() -> None:
    assert set(strategic_names()) == {*STRATEGIC_STEPS, *CONSTRUCTORS}


@pytest.mark.parametrize("start", range(0, PROGRAMS // 2, SHARE))
def test_strategic_programs_build_the_same_game_or_are_refused_by_both(start: int) -> None:
    for seed in range(start, start + SHARE):
        program = StrategicWriter(seed).write()
        found = verdict(program)
        assert found in ("same", "refused", "mended"), f"seed {seed}\n{program.text}\n{found}"


def test_the_programs_use_every_name_and_operator() -> None:
    used: Counter[str] = Counter()
    for seed in range(PROGRAMS):
        used += Writer(seed).write().calls
    assert [name for name in (*STEPS, *OPERATORS) if used[name] < 3] == []


def without_numbers(tree: GameTree) -> GameTree:
    """The game without outcomes' labels that are numbers."""
    outcomes = (replace(one, label="") if one.label.isdecimal() else one for one in tree.outcomes)
    return replace(tree, outcomes=tuple(outcomes))


def verdict(program: BuildingProgram) -> str:
    """``same``, ``refused`` or ``mended``; else what differs."""
    done = execute(program.text, max_nodes=100_000)
    last = program.text.count("\n")
    if program.refusal is not None:
        if any(one.severity is Severity.ERROR for one in done.diagnostics):
            return "refused"
        if any(one.line == last for one in done.diagnostics):
            return "mended"
        return f"pygambit refuses it ({program.refusal!r}), the dialect says nothing"
    said = [one for one in done.diagnostics if one.severity is Severity.ERROR or one.code == "B319"]
    if done.game is None:
        game = from_gambit(program.game)
        alone = game.is_terminal(0) and {one.code for one in said} == {"B103"}
        return "same" if alone else f"no game: {said}"
    if said:
        return f"the dialect refuses it: {said}"
    expected, built = from_gambit(program.game), done.game.to_tree()
    if not isinstance(program.game, pygambit.ExtensiveGame):
        # pygambit numbers the outcomes of an array; here they have no names.
        expected, built = without_numbers(expected), without_numbers(built)
    if expected == built:
        return "same"
    fields = [
        name
        for name in expected.__dataclass_fields__
        if getattr(expected, name) != getattr(built, name)
    ]
    shown = [(name, getattr(expected, name), getattr(built, name)) for name in fields]
    return f"another game: {shown}"


@pytest.mark.parametrize("start", range(0, PROGRAMS, SHARE))
def test_programs_build_the_same_game_or_are_refused_by_both(start: int) -> None:
    for seed in range(start, start + SHARE):
        program = Writer(seed).write()
        found = verdict(program)
        assert found in ("same", "refused", "mended"), f"seed {seed}\n{program.text}\n{found}"
