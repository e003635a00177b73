"""A version of a folder that is not among the earlier ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from nl2efg.errors import NotFoundError
from nl2efg.formats import load_game


def test_the_current_version_is_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "game.efg").write_text('EFG 2 R "x" { "Ann" }\nt "" 1 "" { 1 }\n')
    with pytest.raises(NotFoundError) as error:
        load_game(tmp_path / "versions" / "1")
    assert f"the current version is {tmp_path} itself" in error.value.hint
    with pytest.raises(NotFoundError) as error:
        load_game(tmp_path / "other" / "1")
    assert not error.value.hint
