"""The README says what is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.cli.app import COMMANDS, MAIN_JOB
from tests import readme_table
from tests.prompt_tokens import PAPER, prompt_tokens

pytestmark = pytest.mark.process

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_table_and_the_other_way_round() -> None:
    named = set(re.findall(r"`nl2efg ([a-z]+)", README)) - {"file", "story"}
    assert named == set(COMMANDS) - {MAIN_JOB}


def test_there_are_two_commands_to_install_with() -> None:
    assert len(re.findall(r"^ {4}pip install ", README, flags=re.M)) == 2


def test_the_python_examples_run(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("entry_deterrence", "after (Enter, Fight) Old bakery gets 3 (was -1)"),
        ("entry_with_commitment", "P1 + c >= D1 and M1 >= D1 + c; then Company gets M1 - c"),
    ],
)
def test_commands_on_bundled_games_do_what_it_says(
    first: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(rf"^    nl2efg {first}.*\n(?:    .*\n)+", README, re.M)
    for line in block.replace(" && ", "\n").splitlines():
        command = shlex.split(line, comments=True)[1:]
        if command[0] in ("edit", "sweep"):  # a model is needed; thousands of points
            continue
        with pytest.raises(SystemExit) as end:
            main(command)
        assert end.value.code in (0, None), line
    out, err = capsys.readouterr()
    assert told in " ".join((out + err).split())
    assert told in README


def test_files_that_it_shows_exist() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (TOP / target).exists(), target


def test_the_figures_of_the_bundled_games_are_what_the_command_prints() -> None:
    _, figures, _ = readme_table.parts(README)
    assert figures == readme_table.printed(), "`python -m tests.readme_table` writes them anew"


def test_prompts_are_shorter_than_the_papers_and_as_long_as_it_says() -> None:
    pytest.importorskip("rs_bpe", reason="the test extra's tokeniser is not installed")
    found = prompt_tokens().calls
    assert found["both stages"] < PAPER
    assert f"takes {found['both stages']:,} tokens" in " ".join(README.split())
