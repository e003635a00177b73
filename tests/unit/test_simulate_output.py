"""Where ``nl2efg simulate`` writes its plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from nl2efg.cli.simulate import simulate
from nl2efg.errors import UserError


@pytest.mark.parametrize("ending", ["json", "JSON", "jsonl", "csv"])
def test_plays_are_csv_and_no_file_is_called_otherwise(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"plays.{ending}"
    if ending == "csv":
        simulate("matching_pennies", plays=3, seed=1, output=file)
        assert len(file.read_text(encoding="utf-8").splitlines()) == 4
        assert "3 plays" in capsys.readouterr().out
        return
    with pytest.raises(UserError, match="written as CSV"):
        simulate("matching_pennies", plays=3, seed=1, output=file)
    assert not file.exists()
