"""Exports of a run whose folder somebody has changed: rows, games, and what is beside the output.

Each is handed to the command line in a process of its own, which is watched from outside.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.ordinal_games import program, story
from tests.hostile.bounded import Ended, run_command

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
PART = "run/parts/results-1-of-1.jsonl"
TABLES = ("jsonl", "csv", "parquet", "sqlite")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of three games."""
    folder = tmp_path_factory.mktemp("made")
    replies = folder / "replies.jsonl"
    lines = [{"id": f"g{n}", "text": story(n), "reply": program(n)} for n in range(3)]
    replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run_command("batch", "--replies", replies, "-o", folder / "run", "-q").code == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it to be changed."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    yield tmp_path
    shutil.rmtree(tmp_path / "run", ignore_errors=True)


def export(folder: Path, form: str, *more: str) -> Ended:
    return run_command(
        "export", folder / "run", "--to", form, "-o", folder / f"o.{form.replace('efg', '')}", *more
    )


def change(folder: Path, **values: Any) -> None:
    """Let the row of the first text, which need not be the first line, say something else."""
    lines = (folder / PART).read_text().splitlines()
    first, *others = sorted(lines, key=lambda line: json.loads(line)["position"])
    (folder / PART).write_text(
        "\n".join([json.dumps({**json.loads(first), **values}), *others]) + "\n"
    )


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize(
    "name", ["position", "nodes", "agreeing", "prompt_tokens", "equilibria", "tried"]
)
def test_a_number_that_no_table_holds_is_damage(folder: Path, name: str, form: str) -> None:
    change(folder, **{name: 10**30})
    found = export(folder, form)
    assert (found.losses, found.code) == ([], 0)
    assert "results-1-of-1.jsonl:1 is no row of results" in found.complaint
    assert "2 rows" in found.complaint


@pytest.mark.parametrize("form", TABLES)
def test_half_a_character_is_replaced(folder: Path, form: str) -> None:
    change(folder, title="a\ud800b", id="\udc80", players=["\udfff", "x"])
    found = export(folder, form)
    assert (found.losses, found.code) == ([], 0)
    assert "3 rows" in found.complaint


def test_a_game_of_very_many_nodes_has_a_card(folder: Path) -> None:
    change(folder, nodes=2**63 - 1)
    found = run_command("batch", "--replies", folder / "replies.jsonl", "-o", folder / "run", "-q")
    assert (found.losses, found.code) == ([], 0)
    assert 'data-size="large"' in (folder / "run/index.html").read_text()


@pytest.mark.parametrize("column", ["players", "payoffs", "extra"])
def test_a_line_of_millions_of_values_is_damage(folder: Path, column: str) -> None:
    first, *others = (folder / PART).read_text().splitlines()
    row = {name: value for name, value in json.loads(first).items() if name != column}
    with (folder / PART).open("w") as file:
        file.write(json.dumps(row)[:-1] + f', "{column}": [' + "[]," * (20 << 20) + "[]]}\n")
        file.write("\n".join(others) + "\n")
    found = export(folder, "parquet")
    assert (found.losses, found.code) == ([], 0)
    assert "results-1-of-1.jsonl:1 is damaged" in found.complaint


def test_brackets_and_commas_within_a_text_are_no_values(folder: Path) -> None:
    change(folder, text='[,{"\\' * 500_000)
    found = export(folder, "csv")
    assert (found.losses, found.code) == ([], 0)
    assert "3 rows" in found.complaint


@pytest.mark.parametrize("form", ["parquet", "sqlite"])
def test_long_texts_are_not_held_by_the_thousand(folder: Path, form: str) -> None:
    row = json.loads((folder / PART).read_text().splitlines()[0])
    manifest = folder / "run/manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "inputs": {"units": 250}}))
    with (folder / PART).open("w") as file:
        for n in range(250):
            line = {**row, "key": f"{n:032x}", "position": n, "text": "x" * (1 << 20)}
            file.write(json.dumps(line) + "\n")
    found = export(folder, form)
    assert (found.losses, found.code) == ([], 0)
    assert "250 rows" in found.complaint
    assert found.memory < 300 << 20


def test_of_many_damaged_lines_the_first_are_told(folder: Path) -> None:
    with (folder / PART).open("a") as file:
        file.write("no row\n" * 1000)
    found = export(folder, "jsonl")
    assert (found.losses, found.code) == ([], 0)
    assert "results-1-of-1.jsonl:4 is damaged" in found.complaint
    assert "and 995 more" in found.complaint
    assert len(found.complaint.splitlines()) < 10


@pytest.mark.parametrize("sign", ["\n=1+1", "＝1+1", "＋1", "－cmd", "＠A1", "\r=1", "=1", "@x"])
def test_no_cell_is_a_formula_in_any_width(folder: Path, sign: str) -> None:
    change(folder, title=sign, id=sign, model=sign)
    assert export(folder, "csv").code == 0
    with (folder / "o.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert [row[name] for name in ("title", "id", "model")] == [f"'{sign}"] * 3


def test_a_game_of_gigabytes_is_refused(folder: Path) -> None:
    os.truncate(folder / "run/games/g1/game.efg", 5 << 30)
    found = export(folder, "efg")
    assert (found.losses, found.code) == ([], 2)
    assert "g1/game.efg has 5,368,709,120 bytes" in found.complaint
    assert not (folder / "o.").exists()


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_game_is_named(folder: Path, kind: str) -> None:
    game = folder / "run/games/g1/game.efg"
    game.unlink()
    os.mkfifo(game) if kind == "pipe" else game.mkdir()
    found = export(folder, "efg")
    assert (found.losses, found.code) == ([], 2)
    assert "g1/game.efg cannot be read" in found.complaint


def test_a_game_that_is_gone_is_told(folder: Path) -> None:
    (folder / "run/games/g1/game.efg").unlink()
    found = export(folder, "efg")
    assert (found.losses, found.code) == ([], 0)
    assert "1 game left out, having no file: g1" in found.complaint
    assert "2 games in" in found.complaint


@pytest.mark.parametrize("content", [b'EFG 2 R "\xff" { "a" }\nt "" 0', b"no game", b""])
def test_a_changed_game_that_takes_values_is_named(folder: Path, content: bytes) -> None:
    (folder / "run/games/g1/game.efg").write_bytes(content)
    found = export(folder, "efg", "--set", "c=3")
    assert (found.losses, found.code) == ([], 2)
    assert "nl2efg: g1: " in found.complaint


def test_a_target_of_the_longest_name_is_written(folder: Path) -> None:
    target = folder / ("a" * 250 + ".csv")
    assert run_command("export", folder / "run", "-o", target).code == 0
    assert target.exists()
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]
