"""A library user's strict mypy passes right calls and refuses wrong ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.slow]

TOP = Path(__file__).parents[2]
USER = TOP / "tests/typing/library_user.py"


def test_right_calls_pass_and_wrong_ones_are_errors(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "mypy",
                "--strict",
                "--config-file",
                str(TOP / "pyproject.toml"),
            ),
            *("--cache-dir", str(tmp_path), "--hide-error-context", str(USER)),
        ],
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    wanted = {
        number: words[1]
        for number, line in enumerate(USER.read_text().splitlines(), 1)
        if (words := re.search(r"# E: (.*)", line))
    }
    said: dict[int, str] = {}
    for file, number, message in re.findall(r"^(\S+?):(\d+): error: (.*)$", done.stdout, re.M):
        assert Path(file).name == USER.name, done.stdout
        said.setdefault(int(number), "")
        said[int(number)] += message
    assert sorted(said) == sorted(wanted), done.stdout
    for number, words in wanted.items():
        assert words in said[number] or "No overload variant" in said[number], done.stdout
