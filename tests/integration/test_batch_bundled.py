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
