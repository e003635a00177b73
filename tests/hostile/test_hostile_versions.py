"""Folders of compilations that somebody else prepared: what a new version takes along."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nl2efg
from nl2efg.pipeline.versions import read_history
from tests.hostile.bounded import MEMORY, run_command, run_python
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


def test_two_commands_do_not_change_one_folder_at_once(coin: Path) -> None:
    (coin / "game.efg").write_text(nl2efg.Compilation.load(coin).efg)
    held = (
        "import sys; from pathlib import Path; from nl2efg.pipeline.folder import changing\n"
        f"with changing(Path({str(coin)!r})):\n    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        before = (coin / "compilation.json").read_bytes()
        for command in (("set", coin, "--rename", "Ida", "Ann"), ("refresh", coin),
                        ("set", coin, "--undo"), ("edit", coin, "x", "--model", "m")):  # fmt: skip
            found = run_command(*command)
            assert (found.losses, found.code) == ([], 2)
            assert "is being changed by another command" in found.complaint
        assert (coin / "compilation.json").read_bytes() == before
        other.kill()  # what a killed command leaves behind hinders nobody
    assert run_command("set", coin, "--rename", "Ida", "Ann").code == 0
    assert not [file for file in coin.parent.iterdir() if file.name.startswith(".coin")]


def test_edits_at_once_are_all_kept_or_refused(coin: Path) -> None:
    (coin / "game.efg").write_text(nl2efg.Compilation.load(coin).efg)
    command = [sys.executable, "-m", "nl2efg", "set", str(coin), "--no-solve", "--payoff", "Take"]
    others = [
        subprocess.Popen([*command, "Ida", str(n)], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for n in range(2, 6)
    ]
    done = [other.wait() for other in others]
    assert set(done) <= {0, 2}
    history = read_history(coin)
    assert history is not None
    assert len(history.versions) == 1 + done.count(0)


def test_a_link_in_the_place_of_the_lock_is_not_followed(coin: Path, tmp_path: Path) -> None:
    (coin / "game.efg").write_text(nl2efg.Compilation.load(coin).efg)
    precious = tmp_path / "precious"
    (coin.parent / ".coin.nl2efg.lock").symlink_to(precious)
    found = run_command("set", coin, "--rename", "Ida", "Ann")
    assert (found.losses, found.code) == ([], 2)
    assert "cannot write" in found.complaint
    assert not precious.exists()


@pytest.mark.parametrize("name", ["game.py", "game.efg"])
def test_an_edited_file_of_gigabytes_is_kept_without_being_read(coin: Path, name: str) -> None:
    (coin / "game.efg").write_text(nl2efg.Compilation.load(coin).efg)
    os.truncate(coin / name, 2 * MEMORY)
    found = run_python(
        "from tests.scripted import coin_model\n"
        f"nl2efg.compile({TEXT!r}, model=coin_model(), name='coin').write({str(coin)!r})\n"
    )
    assert found.losses == []
    kept = coin / name.replace(".", ".edited.")
    assert kept.stat().st_size == 2 * MEMORY
    assert kept.stat().st_blocks * 512 < MEMORY


@pytest.mark.parametrize("kind", ["link", "long"])
def test_a_folder_of_its_own_gets_no_file_that_a_link_leads_to(coin: Path, kind: str) -> None:
    game, new = coin / "game.efg", coin.parent / "new.nl2efg"
    game.unlink()
    if kind == "link":
        game.symlink_to(coin.parent / "secret" / "game.py")
    else:
        game.touch()
        os.truncate(game, 2 * MEMORY)
    found = run_command("refresh", coin, "-o", new)
    assert (found.losses, found.code) == ([], 2)
    assert secrets_in(new) == []
    assert sum(file.stat().st_size for file in new.rglob("*") if file.is_file()) < MEMORY


def steered(value: object, key: str = "") -> object:
    """A record with what steers a terminal behind each of its words in words."""
    if isinstance(value, dict):
        return {name: steered(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [steered(inner, key) for inner in value]
    words = ("text", "title", "message", "question", "assumed", "words", "made", "quote", "note")
    return f"{value}\x1b[2J\u009b\u202e" if isinstance(value, str) and key in words else value


def test_words_of_a_folder_steer_no_terminal(coin: Path) -> None:
    (coin / "game.efg").write_text(nl2efg.Compilation.load(coin).efg)
    for name in ("compilation.json", "history.json"):
        data = steered(json.loads((coin / name).read_text()))
        (coin / name).write_text(json.dumps(data))
        assert "\\u001b" in (coin / name).read_text()
    for command in (("versions", coin), ("show", coin), ("check", coin), ("describe", coin),
                    ("set", coin, "--rename", "Ida", "Ann"), ("set", coin, "--undo")):  # fmt: skip
        found = run_command(*command)
        assert (found.losses, found.code) == ([], 0), (command, found.complaint)
        assert not set("\x1b\x9b\u202e").intersection(found.output + found.complaint), command
