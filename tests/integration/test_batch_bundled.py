"""A corpus of bundled texts, without a model: each is compiled as it is alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nl2efg
from nl2efg.batch import read_rows
from nl2efg.cli import main
from nl2efg.pipeline.examples import example
from nl2efg.pipeline.folder import read_record

pytestmark = [pytest.mark.process, pytest.mark.slow]
NAMES = ("battle_of_the_sexes", "beer_quiche")


def run(*words: str) -> int:
    """The command line's exit code."""
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(list(words)))
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundled")
    (folder / "texts").mkdir()
    for name in NAMES:
        (folder / "texts" / f"{name}.txt").write_text(example(name).text)
    (folder / "texts" / "unknown.txt").write_text("Nobody has told this one before.")
    return folder


def test_bundled_texts_are_compiled_from_their_recordings(
    bundled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", str(bundled / "texts"), "-o", str(bundled / "run")) == 0
    assert "no model is configured" in capsys.readouterr().err
    rows = {row.id: row for row in read_rows(bundled / "run")}
    assert {name: row.status for name, row in rows.items()} == {
        **dict.fromkeys(NAMES, "compiled"),
        "unknown": "failed",
    }
    for name in NAMES:
        alone = nl2efg.compile(example(name).text)
        assert rows[name].text == alone.text
        assert rows[name].payoffs == tuple(
            tuple(player.value for player in found.players)
            for found in alone.record.solution.equilibria  # type: ignore[union-attr]
        )
        assert read_record(bundled / "run/games" / name).efg == alone.efg


def test_what_is_no_text_is_said_and_why_a_text_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(example(NAMES[0]).text)
    (texts / "efg.txt").write_text('EFG 2 R "x" { "Ann" }\nt "" 1 "" { 1 }\n')
    (texts / "game.efg").write_text('EFG 2 R "x" { "Ann" }\nt "" 1 "" { 1 }\n')
    assert run("batch", str(texts), "-o", str(tmp_path / "run"), "--no-solve") == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "left out, being no texts: 1 .efg" in said
    assert "failed: efg: " in said
    assert "efg.txt is a game already, not a description" in said


@pytest.mark.parametrize(
    "words", [("show",), ("describe",), ("check",), ("solve",), ("draw", "-o", "x.svg")]
)
def test_every_command_takes_a_game_of_a_run(
    bundled: Path, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (bundled / "run").exists():
        assert run("batch", str(bundled / "texts"), "-o", str(bundled / "run"), "-q") == 0
    monkeypatch.chdir(tmp_path)
    command, *more = words
    assert run(command, str(bundled / "run/games" / NAMES[0]), *more) == 0


def test_a_game_of_a_run_has_one_version_without_a_date(
    bundled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("versions", str(bundled / "run/games" / NAMES[0])) == 0
    assert capsys.readouterr().out == "* 1  no date  compiled\n"


def test_a_gallery_draws_what_is_on_its_first_page(bundled: Path) -> None:
    if not (bundled / "run").exists():
        assert run("batch", str(bundled / "texts"), "-o", str(bundled / "run"), "-q") == 0
    page = (bundled / "run/index.html").read_text()
    assert page.count("<img ") == 2
    assert (bundled / "run/games" / NAMES[0] / "tree.svg").read_text().startswith("<svg")
    assert "<html" in (bundled / "run/games" / NAMES[0] / "report.html").read_text()
    assert f"games/{NAMES[0]}/report.html" in page
    assert "Nobody has told this one before." in page
    assert 'data-state="compiled solved"' in page
    manifest = json.loads((bundled / "run/manifest.json").read_text())
    assert manifest["settings"]["models"] == ["recorded"]


def test_a_game_of_a_run_is_put_right_in_a_folder_of_its_own(
    bundled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not (bundled / "run").exists():
        assert run("batch", str(bundled / "texts"), "-o", str(bundled / "run"), "-q") == 0
    own = bundled / "run/games" / NAMES[1]
    before = {file.name: file.read_bytes() for file in own.iterdir()}
    monkeypatch.chdir(tmp_path)
    rename = ("--rename", "Bully", "Tough")
    assert run("set", str(own), *rename) == 2
    assert f"nl2efg refresh {own} -o NEW.nl2efg" in capsys.readouterr().err
    assert run("set", str(own), "--rename", "Nobody", "Tough", "-o", "new.nl2efg") == 2
    assert not Path("new.nl2efg").exists()
    assert run("set", str(own), *rename, "-o", "new.nl2efg") == 0
    assert nl2efg.as_tree("new.nl2efg").players[1] == "Tough"
    assert run("set", str(own), *rename, "-o", "new.nl2efg") == 2
    assert run("set", "new.nl2efg", "--undo") == 0
    assert nl2efg.as_tree("new.nl2efg").players[1] == "Bully"
    (own / "game.efg").write_text(before["game.efg"].decode().replace('"Bully"', '"Tough"'))
    assert run("refresh", str(own), "-o", "mine.nl2efg") == 0
    (own / "game.efg").write_bytes(before["game.efg"])
    assert {file.name: file.read_bytes() for file in own.iterdir()} == before
    record = read_record(Path("mine.nl2efg"))
    assert record.revision is not None
    assert record.revision.how == "edited by hand"
    assert nl2efg.as_tree("mine.nl2efg").players[1] == "Tough"
    assert read_record(Path("mine.nl2efg/versions/1")).efg == before["game.efg"].decode()
