"""No hostile program wins against all layers, nor against all but the policy: as root and not.

The policy would refuse most programs before they run, so the columns without it are what shows
that the locks hold. ``python -m tests.hostile.matrix`` prints which layer holds what.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from nl2efg.errors import NotFoundError
from nl2efg.sandbox.host import EVERY_LAYER
from nl2efg.sandbox.protocol.frames import Layer
from tests.hostile.observer import Observer, interpreter_for_nobody
from tests.hostile.programs import BENIGN, PROGRAMS, Program

BY_ANOTHER_NAME = [program for program in PROGRAMS if program.name.startswith("result: poison")]

pytestmark = [
    pytest.mark.process,
    pytest.mark.server,
    pytest.mark.skipif(sys.platform != "linux", reason="the observer reads /proc"),
]

KINDS = (
    "all layers",
    "no policy",
    "no policy, numpy",
    "no policy, as nobody",
    "no policy, numpy, as nobody",
)


@pytest.fixture(scope="module", params=KINDS)
def observer(request: pytest.FixtureRequest) -> Iterator[Observer]:
    nobody, numpy = "nobody" in request.param, "numpy" in request.param
    if nobody:
        if os.geteuid() != 0:
            pytest.skip("only root can become nobody")
        try:
            interpreter_for_nobody()
        except NotFoundError as error:
            pytest.skip(error.message)
    layers = EVERY_LAYER if request.param == "all layers" else EVERY_LAYER & ~Layer.POLICY
    with Observer(layers, nobody=nobody, numpy=numpy) as found:
        yield found


def readable_by_all(file: Path) -> bool:
    """Whether an ordinary user can come down to a file."""
    return all(folder.stat().st_mode & 0o001 for folder in file.parents)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_no_program_wins(observer: Observer, program: Program) -> None:
    assert observer.attack(program) == []


@pytest.mark.parametrize("name", BENIGN)
def test_harmless_programs_build(observer: Observer, name: str) -> None:
    if observer.nobody and "numpy" in BENIGN[name] and not readable_by_all(Path(numpy.__file__)):
        pytest.skip("numpy is installed where only its owner can read it")
    said = observer.build(BENIGN[name])
    assert said is not None
    assert said["tree"] is not None, said
    assert said["diagnostics"] == []


@pytest.mark.parametrize("program", BY_ANOTHER_NAME, ids=lambda program: program.name)
def test_no_program_wins_by_the_old_name_of_the_library(program: Program) -> None:
    renamed = replace(program, code=program.code.replace("pygambit", "gambit"))
    assert renamed.code != program.code
    with Observer(EVERY_LAYER & ~Layer.POLICY) as observer:
        assert observer.attack(renamed) == []


def test_the_observer_sees_a_program_win() -> None:
    harmless_attacks = [program for program in PROGRAMS if program.name in SEEN]
    with Observer(Layer(0)) as observer:
        for program in harmless_attacks:
            assert observer.attack(program), program.name


SEEN = (
    "file: write",
    "file: delete",
    "network: TCP",
    "network: UDP",
    "network: path socket",
    "secret: readable file",
    "process: program",
    "process: executable memory",
    "process: threads",
    "resource: memory",
)
"""Attacks, harmless to anything else, that must win where there is no layer at all."""
