"""Folders of compilations that somebody else prepared: what a new version takes along."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest

import nl2efg
from tests.hostile.bounded import run_command
from tests.scripted import coin_model

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
SECRET = "sk-this-must-not-leave-7f3a91"
TEXT = "Ann guesses how a coin has fallen."


@pytest.fixture
def coin(tmp_path: Path) -> Path:
    """The folder of a compilation whose game was edited, and is not taken yet."""
    folder = nl2efg.compile(TEXT, model=coin_model(), name="coin").write(tmp_path / "coin.nl2efg")
    game = folder / "game.efg"
    game.write_text(game.read_text().replace("{ 0 1 }", "{ 0 4 }").replace("{ 1 }", "{ 4 }"))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "game.py").write_text(SECRET)
    (tmp_path / "secret" / "other.txt").write_text(SECRET)
    return folder


def secrets_in(folder: Path) -> list[Path]:
    """Regular files of a folder that hold the secret."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if SECRET.encode() in path.read_bytes()[:1000]]


@pytest.mark.parametrize("place", ["versions", "versions/7", "versions/7/game.py", "game.py"])
def test_a_new_version_follows_no_link_of_a_folder(coin: Path, place: str) -> None:
    link, target = coin / place, coin.parent / "secret"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target / "game.py" if place.endswith(".py") else target)
    found = run_command("refresh", coin, "--from", "game.efg")
    assert found.losses == []
    assert found.code == 0, found.complaint
    assert secrets_in(coin) == []


def test_an_earlier_version_is_taken_without_what_it_links_to(coin: Path) -> None:
    assert run_command("refresh", coin).code == 0
    earlier = coin / "versions" / "1" / "game.py"
    earlier.unlink()
    earlier.symlink_to(coin.parent / "secret" / "game.py")
    found = run_command("refresh", coin, "--undo")
    assert found.losses == []
    assert found.code == 0, found.complaint
    assert secrets_in(coin) == []


def test_a_new_version_takes_files_of_versions_along_and_no_others(coin: Path) -> None:
    kept = coin / "versions" / "7"
    kept.mkdir(parents=True)
    (kept / "game.efg").write_text("kept")
    os.mkfifo(kept / "game.py")
    for name in ("huge", "7/huge"):
        with (coin / "versions" / name).open("wb") as file:
            file.truncate(1 << 40)
    found = run_command("refresh", coin)
    assert found.losses == []
    assert found.code == 0, found.complaint
    assert (kept / "game.efg").read_text() == "kept"
    assert not list(coin.rglob("huge"))


def test_an_edited_file_is_one_of_the_disk_and_of_some_size(coin: Path) -> None:
    (coin / "game.py").unlink()
    os.mkfifo(coin / "game.py")
    refused = run_command("refresh", coin, "--from", "game.py")
    assert (refused.losses, refused.code) == ([], 2), refused.complaint
    (coin / "game.py").unlink()
    with (coin / "game.py").open("wb") as file:
        file.truncate(1 << 40)
    refused = run_command("refresh", coin, "--from", "game.py")
    assert (refused.losses, refused.code) == ([], 2), refused.complaint
    assert "longer than" in refused.complaint


def test_an_edited_program_that_is_hostile_runs_in_the_sandbox_only(coin: Path) -> None:
    mark = coin.parent / "mark"
    (coin / "game.py").write_text(f"open({str(mark)!r}, 'w').write('x')\n")
    refused = run_command("refresh", coin, "--from", "game.py")
    assert refused.losses == []
    assert refused.code not in (0, None)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b" ", b"[],"])
def test_a_packed_record_that_unfolds_is_refused(coin: Path, content: bytes) -> None:
    (coin / "compilation.json").unlink()
    with gzip.open(coin / "compilation.json.gz", "wb", compresslevel=1) as file:
        file.write(b'{"exchanges": [')
        for _ in range(1000):
            file.write(content * ((1 << 20) // len(content)))
    for command in (("show", coin), ("refresh", coin)):
        refused = run_command(*command)
        assert refused.losses == []
        assert refused.code == 2, refused.complaint
