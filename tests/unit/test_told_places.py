"""Places that are told: a version of a folder that is not there, a quote without end."""

from __future__ import annotations

from pathlib import Path

import pytest

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
