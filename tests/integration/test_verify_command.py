"""``nl2efg verify`` as a user types it."""

from __future__ import annotations

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
        main(["verify", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_words_and_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "trust_game", "--words", "Buyer: not trust. Seller: abuse")
    assert (code, out.splitlines()[0]) == (0, "nash: yes, nobody gains by deviating")
    code, out, _ = run(capsys, "trust_game", "--words", "Buyer: not trust. Seller: honour")
    assert code == 1
    assert out.splitlines()[0] == "nash: no, Buyer gains 1 by Trust at start"
    assert "Buyer gets 0; a best response gets 1 (Trust at start)" in out
    threat = "Buyer: trust. Seller honours"
    code, out, _ = run(capsys, "trust_game", "--words", threat, "--concept", "spe")
    assert code == 1
    assert "Seller" in out


def test_files_and_stdin(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "claim.json"
    file.write_text(json.dumps({"profile": {"Buyer": "Not trust", "Seller": "Abuse"}}))
    code, out, _ = run(capsys, "trust_game", "--profile", file, "--concept", "sequential", "--json")
    assert code == 0
    assert json.loads(out)["holds"] is True
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Buyer: trust; Seller abuses")))
    code, out, _ = run(capsys, "trust_game", "-p", "-", "--json")
    assert code == 1
    assert json.loads(out)["max_regret"] == "1"


def test_letters_and_beliefs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pooled = "Stranger: beer. Bully leaves at Beer, duels at Quiche"
    game = ("beer_quiche_prior", "--words", pooled)
    assert run(capsys, *game, "--set", "p=3/4")[0] == 0
    code, out, _ = run(capsys, *game, "--set", "p=1/3")
    assert code == 1
    assert "Bully gains 1/3 by Duel at Beer" in out
    code, out, _ = run(capsys, *game, "--beliefs", '{"Quiche": {"Weak": "p"}}')
    assert (code, out.partition(":")[0]) == (0, "pbe")
    surly = tmp_path / "beliefs.json"
    surly.write_text('{"beliefs": {"Quiche": {"Surly": 0.9}}}')
    code, out, _ = run(capsys, *game, "--beliefs", surly, "--concept", "sequential")
    assert code == 1
    assert "given the belief at Quiche, Bully gains 4/5 by Leave at Quiche" in out
    both = tmp_path / "both.json"
    both.write_text(
        '{"profile": {"Stranger": "Beer", "Beer": "Leave", "Quiche": {"Duel": "1"}},'
        ' "beliefs": {"Quiche": [0, 1]}}'
    )
    code, out, _ = run(capsys, game[0], "--profile", both)
    assert (code, out.partition(":")[0]) == (0, "pbe")
    code, _, err = run(capsys, game[0], "--profile", both, "--concept", "nash")
    assert code == 2
    assert "beliefs are no part of nash" in err


def test_who_gains_in_a_subgame_that_is_not_reached(capsys: pytest.CaptureFixture[str]) -> None:
    threat = ("--words", "Rival stays Out. Old bakery: Fight", "--concept", "spe")
    code, out, _ = run(capsys, "entry_deterrence", *threat)
    assert code == 1
    told = "in the subgame after (In) Old bakery gains 2 by Accommodate"
    assert told in out.splitlines()[0]
    code, out, _ = run(capsys, "entry_deterrence", *threat, "--json")
    assert json.loads(out)["deviation"].startswith("Accommodate")
    assert json.loads(out)["subgame"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trust_game"], "say one profile"),
        (["trust_game", "--words", "x", "--profile", "y"], "two profiles"),
        (["trust_game", "--profile", "missing.json"], "cannot read missing.json"),
        (["trust_game", "--words", "Buyer trusts"], "does not say what is done at Seller's"),
        (["trust_game", "--words", "x", "--set", "p=1"], "no parameters"),
        (["trust_game", "--words", "x", "--beliefs", "{"], "no JSON"),
        (["trust_game", "--words", "x", "--beliefs", "nowhere.json"], "cannot read nowhere.json"),
        (["no_such_game", "--words", "x"], "no_such_game"),
    ],
)
def test_mistakes_are_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
