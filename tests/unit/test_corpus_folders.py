"""Folders of texts as people have them: with links, and with what cannot be read."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import Corpus
from nl2efg.cli import main
from nl2efg.errors import UserError


def ids(folder: Path, *, follow: bool = False) -> list[str]:
    return [unit.id for unit in Corpus(folder, follow_links=follow).units()]


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """Two folders that link to each other, one that links out, and one to itself."""
    home, elsewhere = tmp_path / "texts", tmp_path / "elsewhere"
    for folder, name in ((home / "a", "1"), (home / "b", "2"), (elsewhere, "3")):
        folder.mkdir(parents=True)
        (folder / f"{name}.txt").write_text(f"Ann takes {name}.")
    (home / "a/to_b").symlink_to(home / "b")
    (home / "b/to_a").symlink_to("../a")
    (home / "out").symlink_to(elsewhere)
    (home / "self").symlink_to(".")
    return home


def test_links_to_folders_are_followed_when_asked_and_not_round_and_round(linked: Path) -> None:
    assert ids(linked) == ["a/1", "b/2"]
    assert ids(linked, follow=True) == ["a/1", "a/to_b/2", "b/2", "b/to_a/1", "out/3"]


def test_links_that_are_not_followed_are_said(
    linked: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SystemExit):
        main(["batch", str(linked), "-o", str(linked.parent / "run")])
    said = " ".join(capsys.readouterr().err.split())
    assert "left out: 4 links to folders; --follow-links reads their texts" in said


def test_a_folder_that_cannot_be_read_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than leave out the texts that it holds."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("Ann goes.")
    scan = os.scandir

    def closed(place: Any) -> Any:
        if Path(os.fsdecode(place)).name == "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(UserError, match="closed cannot be read: Permission denied") as caught:
        ids(tmp_path)
    assert "which texts it holds" in str(caught.value.hint)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="no file is broken so elsewhere")
@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_a_disk_that_fails_is_told(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"c.{kind}").symlink_to("/proc/self/mem")
    with pytest.raises(UserError, match=rf"c\.{kind} cannot be read: Input/output error"):
        ids(tmp_path / f"c.{kind}")
