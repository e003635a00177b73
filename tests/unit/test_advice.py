"""What is advised can be done: no inner name of nl2efg, and no option that a command has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

import nl2efg
from nl2efg.cli.app import COMMANDS, application
from nl2efg.schema.diagnostic_codes import known_codes

BELOW = Path(nl2efg.__file__).parent
INNER = re.compile(r"\bLimits\(|raise the limit `|[`\"' ](?:wall|cpu)[`=]")
"""Names that nobody outside can set."""


def options() -> set[str]:
    """The long options of all commands."""
    group = get_command(application())
    found = set()
    for name in COMMANDS:
        command = group.get_command(None, name)  # type: ignore[attr-defined]
        found |= {option for parameter in command.params for option in parameter.opts}
    return found


def test_every_remedy_can_be_followed() -> None:
    known = options()
    for code, entry in known_codes().items():
        told = f"{entry.explanation} {entry.remedy}"
        assert not INNER.search(told), code
        assert set(re.findall(r"--[a-z][a-z-]+", told)) <= known, code
        if "raise the limit" in entry.remedy:
            assert "--max-nodes" in entry.remedy, code


@pytest.mark.parametrize("room", ["sandbox", "dialect", "frontend", "pipeline", "families"])
def test_no_advice_names_an_inner_limit(room: str) -> None:
    found = [
        f"{file.relative_to(BELOW)}: {line.strip()}"
        for file in (BELOW / room).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"raise the limit `", line)
    ]
    assert found == []
