"""Places that are told: a version of a folder that is not there, a quote without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.errors import NotFoundError
from nl2efg.formats import load_game
from nl2efg.schema.diagnostics import Diagnostic, Severity


def test_the_current_version_is_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "game.efg").write_text('EFG 2 R "x" { "Ann" }\nt "" 1 "" { 1 }\n')
    with pytest.raises(NotFoundError) as error:
        load_game(tmp_path / "versions" / "1")
    assert f"the current version is {tmp_path} itself" in error.value.hint
    with pytest.raises(NotFoundError) as error:
        load_game(tmp_path / "other" / "1")
    assert not error.value.hint


def test_a_quote_of_a_hundred_lines_is_cut() -> None:
    sentence = "It begins here\n" + "- one more line without a full stop\n" * 150 + "and ends here"
    told = str(Diagnostic("C101", Severity.NOTE, "something", sentence=sentence))
    assert len(told) < 500
    assert "It begins here" in told
    assert "and ends here" in told
    assert sentence[:300] in str(Diagnostic("C1", Severity.NOTE, "m", sentence=sentence[:300]))


def test_the_help_lists_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert all(f" {code} " in said.split("Exit codes:")[1] for code in (0, 1, 2, 3, 4, 5, 130))
