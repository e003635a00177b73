"""Where ``nl2efg simulate`` writes its plays."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

from nl2efg.cli.simulate import simulate
from nl2efg.errors import UserError
from nl2efg.formats import write_efg
from nl2efg.game import TreeBuilder
from nl2efg.text import cell_text


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


@pytest.mark.parametrize("label", ["=1+1", "+1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "x"])
def test_no_cell_is_a_formula(label: str, tmp_path: Path) -> None:
    game, file = tmp_path / "game.efg", tmp_path / "plays.csv"
    tree = TreeBuilder(["=A", "@B"], "t")
    for node in tree.move(0, tree.information_set(0, [label, "y"])):
        tree.pay(node, [Fraction(-1, 2), Fraction(-3)])
    game.write_text(write_efg(tree.build()), encoding="utf-8")
    simulate(str(game), plays=3, seed=1, output=file)
    with file.open(encoding="utf-8", newline="") as opened:
        first, *rows = csv.reader(opened)
    assert not any(re.match("[=+@\t\r-]", each) for each in first)
    for row in rows:
        assert row[-2:] == ["-1/2", "-3"]
        assert not any(re.match("[=+@\t\r]|-(?!1/2$|3$)", each) for each in row)


@pytest.mark.parametrize("number", ["-1", "-1/2", "-0.5e-3", "3", ""])
def test_numbers_are_cells_as_they_are(number: str) -> None:
    assert cell_text(number) == number
