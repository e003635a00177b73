"""The bundled games as a data set: whole, the same in every form, and described truly."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import nl2efg
from nl2efg.evaluation import load_corpus
from nl2efg.evaluation.dataset import write_dataset
from nl2efg.evaluation.dataset.archive import NAME
from nl2efg.evaluation.dataset.tables import GAMES, REPLIES
from nl2efg.families.note import family_of
from nl2efg.resources import shipped
from tests.command_line import ran

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.slow]

DAY = date(2026, 1, 31)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set as a folder."""
    folder = tmp_path_factory.mktemp("dataset") / NAME
    assert write_dataset(folder, DAY) == len(nl2efg.examples())
    return folder


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_both_forms_of_a_table_say_the_same(dataset: Path) -> None:
    for table in (GAMES, REPLIES):
        rows = lines(dataset / f"{table.name}.jsonl")
        assert rows == parquet.read_table(dataset / f"{table.name}.parquet").to_pylist()
        assert all(list(row) == [column.name for column in table.columns] for row in rows)
        keys = [tuple(row[name] for name in table.key) for row in rows]
        assert len(set(keys)) == len(keys)


def test_every_game_is_the_reference(dataset: Path) -> None:
    corpus = load_corpus(shipped("fixtures") / "games")
    for row in lines(dataset / "games.jsonl"):
        game = corpus.games[row["id"]]
        assert row["text"] == game.text
        assert row["is_game"] == (game.reference is not None) == (row["efg"] is not None)
        if game.reference is None:
            continue
        tree = nl2efg.read_efg(row["efg"])
        assert tree == game.reference
        assert (row["nodes"], tuple(row["players"])) == (len(tree), tree.players)
        assert sum(row["information_sets"]) + row["chance_sets"] == len(tree.information_sets)
        family = family_of(tree)
        assert row["letters"] == (list(family.values) if family else [])
        assert json.loads(row["equilibria"]) or not game.expected.equilibria


def test_every_reply_is_there(dataset: Path) -> None:
    recorded = [
        json.loads(line)["reply"]
        for file in sorted((shipped("fixtures") / "games").glob("*/replies.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert [row["reply"] for row in lines(dataset / "replies.jsonl")] == recorded


def test_its_own_files_are_a_corpus(dataset: Path) -> None:
    assert (
        load_corpus(dataset / "games").games.keys() == load_corpus(shipped("fixtures")).games.keys()
    )


def test_the_metadata_names_every_file_and_column(dataset: Path) -> None:
    found = json.loads((dataset / "croissant.json").read_text(encoding="utf-8"))
    assert (found["datePublished"], found["version"]) == ("2026-01-31", nl2efg.__version__)
    named = {entry["contentUrl"]: entry["sha256"] for entry in found["distribution"]}
    assert named == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for form in ("jsonl", "parquet")
        for file in dataset.glob(f"*.{form}")
    }
    card = (dataset / "README.md").read_text(encoding="utf-8")
    for table, records in zip((GAMES, REPLIES), found["recordSet"], strict=True):
        assert [field["name"] for field in records["field"]] == [c.name for c in table.columns]
        assert all(f"| `{column.name}` |" in card for column in table.columns)
    assert f"{len(nl2efg.examples())} games told in words" in card
    assert "$" not in card + (dataset / "CITATION.cff").read_text(encoding="utf-8")
    assert (dataset / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_croissants_own_reader_loads_it(dataset: Path) -> None:
    import mlcroissant

    loaded = mlcroissant.Dataset(jsonld=str(dataset / "croissant.json"))
    assert not loaded.metadata.ctx.issues.errors
    assert not loaded.metadata.ctx.issues.warnings
    records = {table.name: list(loaded.records(table.name)) for table in (GAMES, REPLIES)}
    assert len(records["replies"]) == len(lines(dataset / "replies.jsonl"))
    row = next(one for one in records["games"] if one["games/id"] == b"kuhn_poker")
    assert row["games/nodes"] == len(nl2efg.as_tree("kuhn_poker"))
    assert [bytes(name) for name in row["games/players"]] == [b"Ann", b"Ben"]


def test_the_same_day_gives_the_same_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert ran(capsys, "export", "fixtures", "--to", "dataset").code == 0
    done = ran(capsys, "export", "fixtures", "--to", "dataset", "-o", "again.zip")
    assert (done.code, done.out) == (0, "")
    assert "games in again.zip" in done.err
    first, second = (tmp_path / "nl2efg-games.zip").read_bytes(), Path("again.zip").read_bytes()
    assert first == second
    with zipfile.ZipFile("again.zip") as archive:
        names = archive.namelist()
        assert b'"datePublished": "2026-01-01"' in archive.read(f"{NAME}/croissant.json")
    assert {name.split("/")[0] for name in names} == {NAME}
    assert f"{NAME}/games/kuhn_poker/reference.efg" in names
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.zip", "nl2efg-games.zip"]


def test_what_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.zip").write_text("mine", encoding="utf-8")
    done = ran(capsys, "export", "fixtures", "--to", "dataset", "-o", "there.zip")
    assert (done.code, (tmp_path / "there.zip").read_text(encoding="utf-8")) == (2, "mine")
    done = ran(capsys, "export", "fixtures").flowing
    assert (done.code, "nl2efg export fixtures --to dataset" in done.err) == (2, True)
    (tmp_path / "own").mkdir()
    done = ran(capsys, "export", "own", "--to", "dataset").flowing
    assert done.code == 2
    assert "only the bundled games are a data set" in done.err
    done = ran(capsys, "export", "fixtures", "--to", "dataset", "--set", "c=1").flowing
    assert (done.code, "--set is for games of a run" in done.err) == (2, True)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = ran(capsys, "export", "fixtures", "--to", "dataset").flowing
    assert done.code == 2
    assert "Parquet needs pyarrow" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "there.zip"]
