"""``nl2efg play`` and ``nl2efg simulate`` as a user types them."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from nl2efg.cli import main

pytestmark = pytest.mark.process


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as left:
        main(list(map(str, arguments)))
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let a person type."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_plays_become_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "plays.csv"
    arguments = ("simulate", "kuhn_poker", "-n", 200, "--seed", 3, "-o", file)
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "expected -1/18" in out
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert len(rows) == 200
    assert {float(row["payoff:1:Ann"]) + float(row["payoff:2:Ben"]) for row in rows} == {0.0}
    again = run(capsys, *arguments, "--json")
    assert json.loads(again[1])[0]["player"] == "Ann"


def test_strategies_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = "Buyer: trust. Seller: honour"
    code, out, _ = run(capsys, "simulate", "trust_game", "--words", words, "-n", 5)
    assert code == 0
    assert "Buyer: 1 on average" in out


def test_letters_get_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    game = ("beer_quiche_prior", "--set", "p=1")
    words = ("--words", "Stranger: Beer. Bully leaves")
    code, out, _ = run(capsys, "simulate", *game, *words, "-n", 5)
    assert code == 0
    assert "Stranger: 3 on average (± 0); expected 3" in out
    type_in(monkeypatch, "Beer\n")
    code, out, _ = run(capsys, "play", *game, "--as", "Stranger")
    assert code == 0
    assert out.startswith("The play: Surly, Beer,")


def test_a_person_plays_against_the_equilibrium(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "what?\n9\ntrust\n")
    code, out, err = run(capsys, "play", "trust_game", "--as", "buyer")
    assert code == 0
    assert out.startswith("The play: Trust, Abuse.")
    assert "Buyer gets -1; expected in equilibrium: 0" in out
    assert err.count("a number from 1 to 2, or a name") == 2


def test_two_people_do_not_see_each_others_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "1\n\n2\n")
    code, out, err = run(capsys, "play", "trust_game", "--as", "Buyer", "--as", "Seller")
    assert code == 0
    assert "The play: Trust, Abuse." in out
    assert "\n" * 60 + "Seller, it is your turn" in err


def test_mistakes_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "")
    code, _, err = run(capsys, "play", "trust_game")
    assert code == 2
    assert "ended before its end" in err
    assert run(capsys, "play", "trust_game", "--as", "Zoe")[0] == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    below = tmp_path / "file" / "x.csv"
    assert run(capsys, "simulate", "trust_game", "-o", below, "-n", 1)[0] == 2
