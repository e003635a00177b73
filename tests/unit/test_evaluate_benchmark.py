"""The benchmark's own layout: metadata, constraints, rows of generated games."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2efg.errors import FormatError
from nl2efg.evaluation import Trial, judge, load_corpus, load_replies
from nl2efg.evaluation.benchmark import benchmark_expected
from nl2efg.formats import read_efg
from nl2efg.game import GameTree

REFERENCE = """EFG 2 R "Crisis" { "North" "South" } ""
p "" 1 1 "" { "Threat" "Peace" } 0
p "" 2 1 "" { "Fight" "Yield" } 0
t "" 1 "" { -5, -5 }
t "" 2 "" { 2, 0 }
t "" 3 "" { 0, 1 }
"""
ORDER = "additional_data: Total order with ties over player outcomes\n"
EXPLICIT = {
    "Cst Type": "Explicit Payoff(s) for a Certain Outcome",
    "Path": {
        "1": {"type": "Decision", "player": "North", "action": "Threat"},
        "2": {"type": "Decision", "player": "South", "action": "Fight"},
    },
    "Payoffs": {"North": -5},
}


def folder(path: Path, metadata: str = ORDER, **constraints: object) -> Path:
    own = path / "crisis"
    (own / "constraints").mkdir(parents=True)
    (own / "description.txt").write_text("North threatens or not; South fights or yields.")
    (own / "reference.efg").write_text(REFERENCE)
    (own / "metadata.yml").write_text(f"game_id: x\n{metadata}assets:\n  script: game.py\n")
    for name, content in constraints.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (own / "constraints" / f"{name}.json").write_text(text)
    return own


def generated(*payoffs: str, players: str = '"North" "South"') -> GameTree:
    text = REFERENCE.replace('"North" "South"', players)
    for old, new in zip(("-5, -5", "2, 0", "0, 1"), payoffs, strict=True):
        text = text.replace(f"{{ {old} }}", f"{{ {new} }}")
    return read_efg(text)


def right(path: Path, tree: GameTree) -> bool:
    return judge(Trial("t", "crisis", tree), load_corpus(path).games["crisis"]).right


def test_an_order_of_payoffs_and_one_number(tmp_path: Path) -> None:
    folder(tmp_path, fight=EXPLICIT)
    assert right(tmp_path, generated("-5, 0", "9, 1", "3, 2"))
    assert not right(tmp_path, generated("-6, 0", "9, 1", "3, 2"))
    assert not right(tmp_path, generated("-5, 0", "3, 1", "9, 2"))


def test_identical_payoffs(tmp_path: Path) -> None:
    folder(tmp_path, "additional_data: Identical payoffs to reference game\n")
    assert right(tmp_path, read_efg(REFERENCE))
    assert not right(tmp_path, generated("-5, -5", "2, 0", "0, 2"))


def test_exchanged_players_are_wrong(tmp_path: Path) -> None:
    folder(tmp_path)
    assert not right(tmp_path, generated("-5, -5", "2, 0", "0, 1", players='"South" "North"'))
    assert right(tmp_path, generated("-5, -5", "2, 0", "0, 1", players='"N." "S."'))


def test_order_of_moves_counts_unless_they_are_simultaneous(tmp_path: Path) -> None:
    own = folder(tmp_path)
    assert benchmark_expected(own, "crisis").structure == "isomorphic"
    file = own / "constraints" / "TSM.json"
    file.write_text(json.dumps({"Cst Type": "Temporally-Simultaneous Move", "Path": {}}))
    assert benchmark_expected(own, "crisis").structure == "strategic"


@pytest.mark.parametrize(
    ("metadata", "constraint"),
    [
        ("additional_data: whatever pleases\n", None),
        (ORDER, {"Cst Type": "Unheard of"}),
        (ORDER, "{"),
        (ORDER, "[]"),
        (ORDER, EXPLICIT | {"Payoffs": {"North": "many"}}),
        (ORDER, EXPLICIT | {"Path": {"one": 1}}),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, metadata: str, constraint: object) -> None:
    own = folder(tmp_path, metadata, **({"c": constraint} if constraint is not None else {}))
    with pytest.raises(FormatError, match="crisis"):
        benchmark_expected(own, "crisis")


def test_rows_of_generated_games(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [
        {"id": "a", "method": "direct", "game": "crisis", "label": "pass", "efg": REFERENCE},
        {"id": "b", "method": "mcp", "game": "crisis", "label": "error", "efg": REFERENCE},
        {"id": "c", "method": "mcp", "game": "crisis", "label": "fail", "efg": None},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    found, problems = load_replies(file)
    assert [(row.id, row.setting, row.label) for row in found] == [
        ("a", "direct", True),
        ("b", "mcp", None),
    ]
    assert len(problems) == 1
    assert "there is no text under 'efg'" in problems[0]
