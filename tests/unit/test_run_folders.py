"""Folders of a run's games: called as the texts are, and found by the texts' ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.batch.storage.game_folder import folder_name, game_folder
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
