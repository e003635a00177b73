"""A command that is misspelt is told from a text that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.cli.app import COMMANDS, MAIN_JOB, in_paragraphs, with_main_job
from nl2efg.errors import NotFoundError


@pytest.mark.parametrize(
    ("word", "meant"),
    [("descibe", "describe"), ("sovle", "solve"), ("DRAW", "draw"), ("chek", "check")],
)
def test_the_near_command_is_suggested(
    word: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([word, "game.efg"])
    told = capsys.readouterr()
    assert end.value.code == 2
    assert told.out == ""
    assert told.err == (f"nl2efg: there is no command {word}\n  → did you mean nl2efg {meant}?\n")


@pytest.mark.parametrize("word", ["kuhn_poker", "kuhn_pokr", "story.txt", "-", "--json"])
def test_what_names_a_text_is_compiled(word: str) -> None:
    assert with_main_job([word]) == [MAIN_JOB, word]


def test_every_command_is_itself() -> None:
    assert all(with_main_job([command]) == [command] for command in COMMANDS)


def test_help_is_broken_by_the_terminal_alone() -> None:
    told = in_paragraphs(
        "First.\n\n    One\n    two.\n\n        as it\n        is\n\n    Three.\n    "
    )
    assert told == "First.\n\nOne two.\n\n    as it\n    is\n\nThree."


def test_a_file_may_have_nearly_the_name_of_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError):
        with_main_job(["checks"])
    (tmp_path / "checks").write_text("Ann chooses.")
    assert with_main_job(["checks"]) == [MAIN_JOB, "checks"]
