"""``nl2efg code``, and running its code in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nl2efg.errors import Nl2efgError
from nl2efg.formats import write_efg
from nl2efg.frontend.program_reply import programs
from nl2efg.gambit import from_gambit, installed_generation, to_code
from nl2efg.gambit.code.foreign_programs import why_not_run
from nl2efg.gambit.code.verification import check_code
from nl2efg.models.replay import bundled_files, read_recordings
from nl2efg.sandbox import build
from tests.trees import absent_minded_driver, kuhn

pytestmark = pytest.mark.process


def nl2efg(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nl2efg", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_the_code_is_printed_and_checked(tmp_path: Path) -> None:
    game = tmp_path / "kuhn.efg"
    game.write_text(write_efg(kuhn()))
    done = nl2efg("code", game, "--check")
    assert done.returncode == 0
    assert done.stdout == to_code(kuhn())
    assert "same game" in done.stderr


def test_the_code_is_written_to_a_file(tmp_path: Path) -> None:
    game, program = tmp_path / "game.nfg", tmp_path / "game.py"
    game.write_text('NFG 1 R "Dilemma" { "Ann" "Ben" } { 2 2 } 2 2 3 0 0 3 1 1')
    done = nl2efg("code", game, "-o", program)
    assert (done.returncode, done.stdout) == (0, "")
    assert '(...), "Ben", ["1", "2"]' in program.read_text(encoding="utf-8")


def test_the_code_is_for_the_pygambit_that_is_named(tmp_path: Path) -> None:
    game = tmp_path / "kuhn.efg"
    game.write_text(write_efg(kuhn()))
    for generation, name in ((16, "Game.new_tree("), (17, "ExtensiveGame(")):
        done = nl2efg("code", game, "--pygambit", generation)
        assert (done.returncode, name in done.stdout) == (0, True)
        checked = nl2efg("code", game, "--pygambit", generation, "--check")
        if generation == installed_generation():
            assert checked.returncode == 0
        else:
            assert (checked.returncode, checked.stdout) == (2, "")
            assert f"the code is for pygambit {generation}" in checked.stderr
    assert nl2efg("code", game, "--pygambit", "15").returncode == 2


def test_what_cannot_be_used(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.efg"
    damaged.write_text('EFG 2 R "x" { "A" }\nt "" 1 "" { }')
    unfair = tmp_path / "unfair.efg"
    unfair.write_text('EFG 2 R "x" { "A" }\nc "" 1 "" { "a" 1/2 } 0\nt "" 0')
    game = tmp_path / "game.efg"
    game.write_text(write_efg(absent_minded_driver()))
    for arguments, message in (
        ([tmp_path / "none.efg"], "there is no file"),
        ([damaged], "damaged.efg:2:13: expected 1 payoff"),
        ([unfair], "no distribution"),
        ([game, "-o", game / "game.py"], "cannot be written"),
    ):
        done = nl2efg("code", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_code_that_is_wrong_is_found_out() -> None:
    pytest.importorskip("pygambit")
    tree = absent_minded_driver()
    code = to_code(tree)
    check_code(code, tree)
    with pytest.raises(Nl2efgError, match="another game"):
        check_code(code.replace("[4]", "[5]"), tree)
    with pytest.raises(Nl2efgError, match=r"does not run.*NameError"):
        check_code(code.replace("game.append_infoset(", "nothing("), tree)
    with pytest.raises(Nl2efgError, match="did not finish"):
        check_code("while True: pass", tree, seconds=1)


def recorded_programs() -> list[tuple[str, str]]:
    """The first program that is recorded of each bundled game, by the game's name."""
    found = []
    for file in bundled_files():
        recorded = sorted(read_recordings(file), key=lambda one: one.sample)
        replies = [one.reply for one in recorded if programs(one.reply)]
        found += [(file.parent.name, programs(reply)[0].code) for reply in replies[:1]]
    return found


def programs_for_17() -> list[tuple[str, str]]:
    """What a model wrote that was taught how programs are written for pygambit 17."""
    files = sorted((Path(__file__).parents[1] / "bench/prompts17/replies").glob("*.md"))
    return [(file.name, programs(file.read_text("utf-8"))[0].code) for file in files]


@pytest.mark.parametrize(
    ("written", "generation"), [(recorded_programs, 16), (programs_for_17, 17)]
)
def test_programs_of_models_run_unchanged_or_it_is_said_why_not(
    written: Callable[[], list[tuple[str, str]]], generation: int
) -> None:
    """Transcript and report show what the model wrote; a reader tries it with pygambit."""
    unsaid, ran = {}, 0
    for name, code in written():
        names: dict[str, object] = {}
        try:
            exec(compile(code, name, "exec"), names)
        except (TypeError, ValueError, AttributeError, NameError, ImportError) as error:
            if not why_not_run(code):
                unsaid[name] = str(error)
            continue
        assert not why_not_run(code), name
        game = next(one for one in names.values() if hasattr(one, "to_efg"))
        assert from_gambit(game) == build(code).tree, name
        ran += 1
    assert unsaid == {}
    assert (ran > 10) == (installed_generation() == generation)
