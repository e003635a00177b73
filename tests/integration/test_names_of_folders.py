"""Which folder, version or game a word means, also where files of a folder were deleted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nl2efg.formats import load_efg
from nl2efg.pipeline.options import Options
from nl2efg.sandbox import build
from nl2efg.sandbox.limits import Limits
from nl2efg.schema.built import Built
from tests.command_line import Run
from tests.scripted import TEXT

pytestmark = pytest.mark.process


def test_going_back_takes_what_says_how_it_is_told(run: Run, coin: Path) -> None:
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    done = run("edit", "coin.nl2efg", "--undo", "--yes", "--quiet", "--json")
    assert (done.code, json.loads(done.out)["status"]) == (0, "compiled")
    assert load_efg(coin / "game.efg").path_payoffs[1] == (1, 0)


def test_no_command_takes_an_earlier_version_for_a_game_of_a_folder(run: Run, coin: Path) -> None:
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    (coin.parent / "games").mkdir()
    shutil.copytree(coin, coin.parent / "games/coin")
    shutil.copytree(coin, coin.parent / "games/.coin.replaced")
    (coin.parent / "games/versions").mkdir()
    shutil.copy(coin / "game.efg", coin.parent / "games/versions/OTHER.EFG")
    rows = json.loads(run("solve", "games", "--json").out)
    assert [row["game"] for row in rows] == ["coin/game.efg", "versions/OTHER.EFG"]
    (coin / "game.efg").unlink()
    assert "Ida gets 2" in run("solve", "coin.nl2efg").out


@pytest.mark.parametrize("left", [True, False], ids=["game.efg is left", "game.efg is gone"])
def test_a_folder_whose_record_is_gone_says_what_is_left(run: Run, coin: Path, left: bool) -> None:
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    (coin / "compilation.json").unlink()
    if not left:
        (coin / "game.efg").unlink()
    for words in (["coin.nl2efg"], ["refresh", "coin.nl2efg"], ["versions", "coin.nl2efg"]):
        done = run(*words)
        assert (done.code, "coin.nl2efg holds no compilation.json" in done.err) == (2, True)
        assert ("still read its game.efg" in done.err) == left
        assert "`nl2efg refresh coin.nl2efg/versions/1 -o NEW.nl2efg`" in done.err
    assert run("solve", "coin.nl2efg").code == (0 if left else 2)
    assert run("refresh", "coin.nl2efg/versions/1", "-o", "new").code == 0
    assert load_efg(coin.parent / "new/game.efg").path_payoffs[1] == (1, 0)


def test_a_name_that_means_a_folder_suggests_it(run: Run, coin: Path) -> None:
    for words in (["show", "coin"], ["set", "coin", "--rename", "Ida", "Ann"]):
        done = run(*words)
        assert (done.code, "did you mean coin.nl2efg?" in done.err) == (2, True)
    (coin.parent / "story.txt").write_text(TEXT)
    assert "did you mean story.txt?" in run("storry.txt").err


def test_a_bundled_name_beside_its_folder_is_told_from_it(run: Run, coin: Path) -> None:
    assert run("describe", "trust_game").err == ""
    coin.rename(coin.parent / "trust_game.nl2efg")
    done = run("describe", "trust_game")
    assert "trust_game is the bundled game's reference" in done.err
    assert "trust_game.nl2efg is what its text was compiled to" in done.err
    assert "Seller" in done.out
    assert run("describe", "trust_game.nl2efg").err == ""


@pytest.mark.parametrize("file", ["game.py", "game.efg"])
def test_a_file_that_counts_and_says_the_same_makes_no_version(
    run: Run, coin: Path, file: str
) -> None:
    done = run("refresh", "coin.nl2efg", "--from", file)
    assert (done.code, "nothing to do" in done.err) == (0, True)
    assert not (coin / "versions").exists()
    text = (coin / "game.efg").read_text(encoding="utf-8")
    (coin / "game.efg").write_text(text.replace("{ 0 1 }", "{ 0 4 }"), encoding="utf-8")
    assert run("refresh", "coin.nl2efg", "--from", "game.efg").code == 0
    assert run("refresh", "coin.nl2efg", "--from", "game.efg").code == 0
    assert "3 from" not in run("versions", "coin.nl2efg").out
    assert run("refresh", "coin.nl2efg", "--from", "game.efg", "--concept", "nash").code == 0
    assert "3 from" in run("versions", "coin.nl2efg").out


def test_a_game_that_is_exported_as_a_run_is_told_from_one(run: Run, coin: Path) -> None:
    done = run("export", "coin.nl2efg")
    assert (done.code, "coin.nl2efg is one game's folder, no run" in done.err) == (2, True)
    assert not (coin.parent / "coin.nl2efg.jsonl").exists()


def test_a_compile_that_is_stopped_at_once_says_that_nothing_was_written(
    run: Run, coin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nl2efg.pipeline.compile", stopped)
    done = run("trust_game", "-o", "new")
    assert done.code == 130
    assert done.err.endswith("stopped before anything came; nothing was written")
    assert not (coin.parent / "new").exists()


def test_an_edited_program_may_build_what_a_compiled_one_may(
    run: Run, coin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[Limits] = []

    def built(code: str, limits: Limits) -> Built:
        met.append(limits)
        return build(code, limits)

    monkeypatch.setattr("nl2efg.revision.hand_edits.build", built)
    with (coin / "game.py").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    assert run("refresh", "coin.nl2efg").code == 0
    assert met == [Limits.for_nodes(Options().max_nodes)]
