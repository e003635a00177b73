"""``nl2efg NAME``: the main job on a bundled game, as a new user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.comparison import compare
from nl2efg.formats import load_efg, read_efg
from nl2efg.gambit import from_gambit
from nl2efg.pipeline import example
from nl2efg.schema.record import CompilationRecord

pytestmark = pytest.mark.process

FILES = {
    *("game.efg", "game.py", "tree.svg", "report.html"),
    *("compilation.json", "history.json", "transcript"),
}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_kuhn_poker_compiles_without_key_or_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "kuhn_poker")
    assert code == 0
    assert "Ann gets -1/18" in out
    assert "max regret 0" in out
    assert "recorded replies" in err
    folder = tmp_path / "kuhn_poker.nl2efg"
    assert {file.name for file in folder.iterdir()} == FILES
    tree = load_efg(folder / "game.efg")
    assert compare(tree, read_efg(example("kuhn_poker").reference), "strategic").same
    record = CompilationRecord.model_validate_json((folder / "compilation.json").read_text("utf-8"))
    assert record.solution is not None
    best = record.solution.equilibria[0]
    assert (best.exact, best.max_regret) == (True, "0")
    assert Fraction(best.players[0].value) == Fraction(-1, 18)


def test_game_py_runs_on_the_installed_pygambit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pygambit = pytest.importorskip("pygambit")
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "selten_horse", "--no-solve", "-o", "horse")[0] == 0
    program = (tmp_path / "horse" / "game.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", program + "\nprint(game.to_efg())"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    import io

    rebuilt = from_gambit(pygambit.read_efg(io.StringIO(done.stdout)))
    assert compare(rebuilt, load_efg(tmp_path / "horse" / "game.efg")).same


def test_json_on_stdout_is_the_record_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "--json", "centipede", "--no-solve")
    assert code == 0
    assert CompilationRecord.model_validate(json.loads(out)).status == "compiled"


def test_a_failure_does_not_replace_what_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    story = tmp_path / "story.txt"
    story.write_text(example("trust_game").text, encoding="utf-8")
    assert run(capsys, "story.txt", "--no-solve")[0] == 0
    before = (tmp_path / "story.nl2efg" / "game.efg").read_bytes()
    code, _, err = run(capsys, "story.txt", "--samples", "40", "--base-url", "http://127.0.0.1:9/v1",
                       "--model", "none", "--timeout", "1", "--max-tokens", "1")  # fmt: skip
    assert code == 3
    assert "nl2efg:" in err
    assert (tmp_path / "story.nl2efg" / "game.efg").read_bytes() == before


def test_names_that_do_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "kuhn_pokr")
    assert code == 2
    assert "did you mean kuhn_poker?" in err


def test_a_game_is_no_description(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.efg"
    file.write_text(example("trust_game").reference, encoding="utf-8")
    code, _, err = run(capsys, str(file))
    assert code == 2
    assert "nl2efg solve" in err


def test_examples_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "examples")
    assert code == 0
    assert "kuhn_poker" in out
    listed = json.loads(run(capsys, "examples", "--json")[1])
    assert {"name": "kuhn_poker", "title": "Kuhn poker"} in listed


def test_a_description_is_no_argument(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (6, 600):  # the name of a file may have 255 bytes
        code, _, err = run(capsys, "A game of two. " * words)
        assert code == 2
        assert "nl2efg -" in err
        assert len(err) < 300


@pytest.mark.parametrize(
    "command",
    [
        ["NAME"],
        ["solve", "NAME"],
        ["show", "NAME"],
        ["diff", "NAME", "NAME"],
        ["eval", "NAME"],
        ["trust_game", "-q", "--no-solve", "-o", "NAME"],
    ],
    ids=" ".join,
)
def test_names_that_are_too_long_are_the_users(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *("n" * 300 if word == "NAME" else word for word in command))
    assert code == 2
    assert err.count("\n") <= 3


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "nl2efg", "examples"], stdout=writer, stderr=subprocess.PIPE
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
