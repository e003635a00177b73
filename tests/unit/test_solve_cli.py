"""``nl2efg solve``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, TreeBuilder
from tests.trees import absent_minded_driver, kuhn


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["solve", *arguments])
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def saved(folder: Path, tree: GameTree, name: str = "game.efg") -> str:
    file = folder / name
    file.write_text(write_efg(tree), encoding="utf-8")
    return str(file)


def test_an_equilibrium_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, saved(tmp_path, kuhn()))
    assert code == 0
    assert "Alice gets -1/18" in out
    assert "certificate (exact): max regret 0" in out


def test_json_is_nothing_but_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, saved(tmp_path, absent_minded_driver()), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["equilibria"][0]["players"][0]["value"] == "4/3"


def test_a_folder_gives_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(tmp_path, kuhn())
    (tmp_path / "broken.efg").write_text("EFG 2 R", encoding="utf-8")
    code, out, err = run(capsys, str(tmp_path))
    assert code == 1
    assert "1 of 2 certified, 1 with exact zero regret, 1 subgame-perfect" in out
    assert "perfect recall: 1 of 1 certified" in out
    assert "refused: " in out
    assert "2/2" in err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--concept", "fair"], "there is no concept 'fair'"),
        (["--budget", "0"], "no time"),
        (["--concept", "qre", "--all"], "all does not go with qre"),
    ],
)
def test_wrong_options_exit_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    code, out, err = run(capsys, saved(tmp_path, kuhn()), *arguments)
    assert (code, out) == (2, "")
    assert problem in err


def test_games_that_cannot_be_solved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = TreeBuilder([], "nobody plays")
    code, _, err = run(capsys, saved(tmp_path, nobody.build()))
    assert code == 2
    assert "player" in err
    code, _, err = run(capsys, str(tmp_path / "missing.efg"))
    assert code == 2
    assert "missing.efg" in err
    empty = tmp_path / "empty"
    empty.mkdir()
    code, _, err = run(capsys, str(empty))
    assert code == 2
    assert "no .efg or .nfg file" in err
