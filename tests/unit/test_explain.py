"""The catalogue of codes, and the commands check, describe and explain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2efg.cli.app import main
from nl2efg.errors import NotFoundError
from nl2efg.formats.efg_reader import write_efg
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.schema.diagnostic_codes import explain, known_codes
from tests.trees import kuhn


def run(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(caught.value.code or 0)


@pytest.fixture
def poker(tmp_path: Path) -> Path:
    return written(tmp_path / "poker.efg", kuhn())


def written(path: Path, tree: GameTree) -> Path:
    path.write_text(write_efg(tree), encoding="utf-8")
    return path


def test_every_code_is_documented_in_full() -> None:
    for code, entry in known_codes().items():
        assert code == entry.code == code.upper()
        assert entry.title
        assert not entry.title.endswith(".")
        assert entry.explanation.endswith((".", ")"))


def test_a_code_is_found_whatever_its_case() -> None:
    assert explain(" c204 ").code == "C204"
    with pytest.raises(NotFoundError, match="Z999"):
        explain("Z999")


def test_explain_prints_one_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "c204") == 0
    out = capsys.readouterr().out
    assert out.startswith(f"C204: {known_codes()['C204'].title}")
    assert "Remedy:" in out


def test_explain_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(known_codes())
    assert run("explain", "--json") == 0
    assert [entry["code"] for entry in json.loads(capsys.readouterr().out)] == list(known_codes())


def test_explain_of_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "Z999") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Z999" in captured.err


def test_check_of_a_sound_game(poker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(poker)) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing found" in captured.err


def test_check_against_a_text(
    poker: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "poker.txt"
    text.write_text("Alice and Bob are dealt cards. It is a three-player game.", encoding="utf-8")
    assert run("check", str(poker), "--text", str(text)) == 0
    assert "note C502" in capsys.readouterr().out
    assert run("check", str(poker), "--text", str(text), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found] == ["C502"]
    assert found[0]["sentence"] == "It is a three-player game."


def test_notes_alone_are_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    builder = TreeBuilder(["Ann"])
    (end,) = builder.move(0, builder.information_set(0, ["Only"]))
    builder.pay(end, [1])
    assert run("check", str(written(tmp_path / "one.efg", builder.build()))) == 0
    assert "note C108" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\xfa"])
def test_texts_that_cannot_be_used(
    poker: Path, tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.txt"
    if content is not None:
        text.write_bytes(content)
    assert run("check", str(poker), "--text", str(text)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "text.txt" in captured.err


@pytest.mark.parametrize("command", ["check", "describe"])
def test_games_that_cannot_be_used(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, str(tmp_path / "none.efg")) == 2
    broken = tmp_path / "broken.efg"
    broken.write_text('EFG 2 R "x" { "Ann" }\np "" 1', encoding="utf-8")
    assert run(command, str(broken)) == 2
    assert "broken.efg" in capsys.readouterr().err


def test_describe(poker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("describe", str(poker)) == 0
    assert "Then Alice chooses Check or Bet." in capsys.readouterr().out


def test_nothing_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.efg"
    path.write_text(
        'EFG 2 R "\x1b[2J" { "Ann\x1b[31m" }\n'
        'p "" 1 1 "" { "\x1b]0;x" "b" } 0\nt "" 1 "" { 1 }\nt "" 2 "" { 2 }\n',
        encoding="utf-8",
    )
    for command in ("check", "describe"):
        run(command, str(path))
        captured = capsys.readouterr()
        assert "\x1b" not in captured.out + captured.err
