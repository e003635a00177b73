"""Folders of a run's games: called as the texts are, and found by the texts' ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.batch import Corpus
from nl2efg.batch.storage.game_folder import case_key, folder_name, game_folder
from nl2efg.batch.survey import Survey
from nl2efg.cli.games_of_runs import by_their_folders


@pytest.mark.parametrize(
    "identity", ["A", "trust game", "博弈一", "游戏,二", "é", "ünï", "игра-7", "खेल", "لعبة", "a.b"]
)
def test_an_id_that_is_a_name_stays(identity: str) -> None:
    assert folder_name(identity) == identity


@pytest.mark.parametrize(
    ("identity", "start"),
    [
        ("a/b", "a-b~"),
        ("../up", "up~"),
        ('say "hi"', "say -hi~"),
        ("CON", "game~"),
        ("con.txt", "game~"),
        (".hidden", "hidden~"),
        ("", "game~"),
        ("...", "game~"),
        ("e\u0301", "é~"),
        ("a\nb\0c", "a-b-c~"),
        ("a\u202eb", "a-b~"),
        ("\ud800", "game~"),
    ],
)
def test_another_id_is_told_by_its_hash(identity: str, start: str) -> None:
    name = folder_name(identity)
    assert name.startswith(start)
    assert len(name) == len(start) + 8


@given(st.lists(st.text(max_size=130), min_size=2, max_size=2, unique=True))
def test_every_id_has_a_folder_of_its_own_that_file_systems_take(ids: list[str]) -> None:
    names = [folder_name(each) for each in ids]
    assert names[0] != names[1]
    for name in names:
        assert 0 < len(name.encode()) <= 209
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert name == name.strip(" .")


@pytest.mark.parametrize("identity", ["a/b", "../up", 'say "hi"', "x/games/y", "博弈一", "CON"])
def test_a_game_is_found_by_its_id(tmp_path: Path, identity: str) -> None:
    run = tmp_path / "my games" / "run"
    game_folder(run, identity).mkdir(parents=True)
    word = f"{run}/games/{identity}"
    assert by_their_folders(["draw", word]) == ["draw", word]  # no run yet
    (run / "manifest.json").write_text("{}")
    assert by_their_folders(["draw", word]) == ["draw", str(game_folder(run, identity))]
    for other in (f"{run}/games/none", f"{run}/games/", "games", str(run)):
        assert by_their_folders(["draw", other]) == ["draw", other]


def test_a_game_is_found_from_within_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "games" / "run"
    own = game_folder(run, "a/b")
    own.mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    for here, word in (
        (run, "games/a/b"),
        (run, "./games/a/b"),
        (run / "games", "../games/a/b"),
        (tmp_path, "games/run/games/a/b"),
        (tmp_path / "games", "run/games/a/b"),
        (Path("/"), f"{run}/games/a/b"),
    ):
        monkeypatch.chdir(here)
        (found,) = by_their_folders([word])
        assert Path(found).resolve() == own, word
    assert by_their_folders(["games/none", "games/", "x/games/a/b"]) == [
        *("games/none", "games/", "x/games/a/b"),
    ]


ALIKE = ["Abc", "abc", "ABC", "other", "straße", "STRASSE", "игра", "Игра", "Kelvin", "\u212aelvin"]


def test_ids_that_differ_in_case_alone_have_folders_that_differ_in_more(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "id,text\n" + "".join(f"{name},x\n" for name in [*ALIKE, "other", "A/b", "a/b"])
    )
    units = [unit for unit in Survey(Corpus(file)).units() if not unit.problem]
    names = [folder_name(unit.id, apart=unit.apart) for unit in units]
    assert len({name.upper().casefold() for name in names}) == len(units) == len(ALIKE) + 2
    assert names[ALIKE.index("other")] == "other"
    for unit, name in zip(units, names, strict=True):
        assert case_key(unit.id) == "" or unit.apart == ("~" in name)
        (tmp_path / "run/games" / name).mkdir(parents=True)
    for unit, name in zip(units, names, strict=True):
        assert game_folder(tmp_path / "run", unit.id).name == name


def test_folders_of_runs_before_are_found(tmp_path: Path) -> None:
    for name in ("Abc", "abc"):
        (tmp_path / "games" / name).mkdir(parents=True)
        assert game_folder(tmp_path, name) == tmp_path / "games" / name
