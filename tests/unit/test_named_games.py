"""The name of a bundled game stands wherever a command reads a game."""

from __future__ import annotations

from pathlib import Path

import pytest

from nl2efg.cli import main

COMMANDS = (
    ["check", "trust_game"],
    ["code", "trust_game"],
    ["describe", "trust_game"],
    ["diff", "trust_game", "trust_game"],
    ["show", "trust_game"],
    ["solve", "trust_game"],
    ["verify", "trust_game", "--words", "Buyer: not trust. Seller: abuse"],
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_bundled_game_is_read(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *command)
    assert code == 0, err


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_close_names_are_told(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *("trust_gam" if part == "trust_game" else part for part in command))
    assert code == 2
    assert "did you mean trust_game?" in err


def test_a_file_goes_before_a_bundled_game(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trust_game").write_text('EFG 2 R "Mine" { "Ann" }\nt "" 1 "" { 3 }\n', encoding="utf-8")
    code, out, _ = run(capsys, "describe", "trust_game")
    assert code == 0
    assert "Mine" in out


def test_a_text_that_tells_no_game_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "solve", "no_game")
    assert code == 2
    assert "describes no game" in err


def test_a_bundled_game_is_compiled_before_it_is_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "edit", "trust_game", "the buyer gets 3")
    assert code == 2
    assert "`nl2efg trust_game` compiles its text into the folder trust_game.nl2efg" in err
