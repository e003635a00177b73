"""What is not needed is not imported: pygambit takes seconds, the openai package half a one."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

HEAVY = {"pygambit", "openai", "scipy", "pandas", "highspy"}
PROGRAM = """\
import sys
from nl2efg.cli import main
try:
    main({arguments})
except SystemExit as end:
    print("|", end.code, *sorted(sys.modules))
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["examples"], 0), (["explain"], 0), (["--version"], 0), (["nonsense"], 2)],
)
def test_light_commands_load_nothing_heavy(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=arguments)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    exit_code, *modules = done.stdout.rsplit("|", 1)[1].split()
    assert int(exit_code) == code, done.stderr
    assert not HEAVY & set(modules)


def test_compiling_without_solving_loads_nothing_heavy(tmp_path: object) -> None:
    arguments = ["trust_game", "--no-solve", "--quiet", "--output", f"{tmp_path}/game"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    exit_code, *modules = done.stdout.rsplit("|", 1)[1].split()
    assert int(exit_code) == 0, done.stderr
    assert not HEAVY & set(modules)


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [(["--version"], set()), (["examples"], {"examples"}), (["explain"], {"explain"})],
)
def test_a_command_is_loaded_when_it_is_called(arguments: list[str], loaded: set[str]) -> None:
    from nl2efg.cli.app import COMMANDS

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    _, *modules = done.stdout.rsplit("|", 1)[1].split()
    homes = {target.split(":")[0] for target in COMMANDS.values()}
    assert {home for home in homes if f"nl2efg.cli.{home}" in modules} == loaded
