"""A compilation's folder that is changed by hand and by edits, and its earlier versions."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import CompilationError, ReadingWarning, UserError
from nl2efg.formats import load_efg
from nl2efg.pipeline.folder import read_record
from nl2efg.pipeline.versions import edited_files, read_history
from tests.command_line import Run
from tests.killing import KILLED_AT
from tests.scripted import CODE, TEXT, coin_model, fenced

pytestmark = pytest.mark.process


def edit_game(folder: Path) -> None:
    """Change game.efg as a person does: Otto gets 4 for taking the coin."""
    text = (folder / "game.efg").read_text(encoding="utf-8")
    assert "{ 0 1 }" in text
    (folder / "game.efg").write_text(text.replace("{ 0 1 }", "{ 0 4 }"), encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for its history."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "history.json"
    }


def edit_program(folder: Path, old: str, new: str) -> str:
    """Change game.py as a person does; its new text."""
    file = folder / "game.py"
    text = file.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new) + "# mine\n"
    file.write_text(text, encoding="utf-8")
    return text


def test_an_edited_program_is_run_checked_solved_and_drawn_again(run: Run, coin: Path) -> None:
    before = files(coin)
    mine = edit_program(coin, "[0, 1]", "[0, 7]")
    for command in (["show"], ["solve"], ["draw", "-o", "x.svg"]):
        ran = run(command[0], "coin.nl2efg", *command[1:])
        assert "game.py changed since the rest was made from it; `nl2efg refresh" in ran.err
    ran = run("refresh", "coin.nl2efg")
    assert ran.code == 0, ran.err
    assert "edited by hand game.py" in ran.out
    assert "changed after (Leave, Take) Otto gets 7 (was 1)" in ran.out
    assert "version 2 now, from version 1" in ran.err
    record = read_record(coin)
    assert record.revision is not None
    assert record.revision.how == "edited by hand"
    assert record.efg == (coin / "game.efg").read_text()
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 7)
    assert (coin / "game.py").read_text() == mine  # as it was written
    assert ">7<" in (coin / "tree.svg").read_text()
    assert "edited by hand" in (coin / "report.html").read_text()
    assert run("show", "coin.nl2efg").err == ""
    first = coin / "versions/1"
    for name in ("game.py", "game.efg"):  # as it was compiled
        assert (first / name).read_bytes() == before[name]
    assert read_record(first).efg == before["game.efg"].decode()
    assert "1" in run("show", "coin.nl2efg/versions/1").out
    again = nl2efg.Compilation.load(coin)
    assert again.code == mine


def test_a_change_by_hand_is_no_attempt_of_a_model(run: Run, coin: Path) -> None:
    for words in (("--rename", "Ida", "Ann"), ("--rename", "Ann", "Ida")):
        changed = run("set", "coin.nl2efg", *words)
        assert changed.code == 0, changed.err
        assert "1 attempt," in changed.out


def test_the_main_job_on_a_folder_is_to_refresh_it(run: Run, coin: Path) -> None:
    edit_game(coin)
    assert run("coin.nl2efg").code == 0
    assert nl2efg.as_tree(coin).path_payoffs[3] == (0, 4)
    assert "[0, 4]" in (coin / "game.py").read_text()
    assert "nothing to do" in run("coin.nl2efg").err
    assert "not used" not in run("refresh", "coin.nl2efg", "--json").err
    told = run("refresh", "coin.nl2efg", "--concept", "nash", "--no-solve").err
    assert "--solve, --concept: not used" in told


def test_two_files_that_differ_are_a_question(run: Run, coin: Path) -> None:
    edit_program(coin, "[0, 1]", "[0, 7]")
    edit_game(coin)
    kept = files(coin)
    ran = run("refresh", "coin.nl2efg")
    assert ran.code == 2
    assert "7 in A and 0, 4 in B" in ran.err
    assert "--from game.py" in ran.err
    assert files(coin) == kept
    assert run("refresh", "coin.nl2efg", "--from", "game.efg").code == 0
    assert nl2efg.as_tree(coin).path_payoffs[3] == (0, 4)


@pytest.mark.parametrize(
    ("program", "words"),
    [("1 / 0", "division by zero"), ("import os", "os"), ("def broken(:", "syntax")],
)
def test_a_program_with_a_fault_changes_nothing(
    run: Run, coin: Path, program: str, words: str
) -> None:
    (coin / "game.py").write_text(program)
    kept = files(coin)
    ran = run("refresh", "coin.nl2efg")
    assert ran.code == 1
    assert words in ran.err
    assert "nothing was changed" in ran.err
    assert files(coin) == kept
    with pytest.raises(CompilationError):
        nl2efg.refresh(coin)


@pytest.mark.parametrize("tail", ["x = (", "1 / 0", "print(undefined)"])
def test_a_program_that_python_cannot_run_is_refused(run: Run, coin: Path, tail: str) -> None:
    with (coin / "game.py").open("a", encoding="utf-8") as program:
        program.write(f"{tail}\n")
    kept = files(coin)
    ran = run("refresh", "coin.nl2efg")
    assert ran.code == 1
    assert "Python does not run it to its end" in ran.err
    assert "nothing was changed" in ran.err
    assert files(coin) == kept


def test_what_was_mended_in_an_edited_program_is_kept(run: Run, coin: Path) -> None:
    with (coin / "game.py").open("a", encoding="utf-8") as program:
        program.write('game.append_move(game.root, "Ida", ["Take", "Leave"])\n')
    assert run("refresh", "coin.nl2efg").code == 0
    assert [each.code for each in read_record(coin).diagnostics] == ["B306"]


@pytest.mark.parametrize(
    "lost", [("game.py",), ("game.efg",), ("game.py", "game.efg"), ("tree.svg", "report.html")]
)
@pytest.mark.parametrize("history", [True, False])
def test_missing_files_are_written_again(
    run: Run, coin: Path, lost: tuple[str, ...], history: bool
) -> None:
    if not history:
        (coin / "history.json").unlink()
    before = files(coin)
    for name in lost:
        (coin / name).unlink()
    assert "Ida" in run("describe", "coin.nl2efg").out
    ran = run("refresh", "coin.nl2efg")
    assert (ran.code, ran.out) == (0, "")
    assert f"missing and written again: {', '.join(lost)}" in ran.err
    assert "nothing to do" not in ran.err
    assert files(coin) == before
    assert "nothing to do" in run("refresh", "coin.nl2efg").err
    known = read_history(coin)
    assert known is not None
    assert [each.number for each in known.versions] == [1]


def test_a_missing_file_hides_no_edit(run: Run, coin: Path) -> None:
    mine = edit_program(coin, "[0, 1]", "[0, 7]")
    (coin / "game.efg").unlink()
    assert run("refresh", "coin.nl2efg").code == 0
    assert (coin / "game.py").read_text() == mine
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 7)


@pytest.mark.parametrize(
    "words",
    [
        ("set", "--undo", "-o", "new"),
        ("set", "--undo", "--no-solve"),
        ("refresh", "--undo", "-o", "new"),
        ("refresh", "--undo", "--from", "game.py"),
        ("refresh", "--undo", "--concept", "spe"),
        ("refresh", "--undo", "--budget", "3"),
        ("set", "--undo", "--rename", "Ida", "Ann"),
        ("edit", "--undo", "--verify"),
        ("edit", "--undo", "--rounds", "3"),
        ("edit", "--undo", "--model", "fake"),
        ("edit", "Ida moves first", "--undo"),
    ],
    ids=str,
)
def test_going_back_takes_no_option_that_it_does_not_follow(
    run: Run, coin: Path, words: tuple[str, ...]
) -> None:
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    kept = files(coin)
    ran = run(words[0], "coin.nl2efg", *words[1:])
    assert (ran.code, "--undo takes back" in ran.err) == (2, True)
    assert files(coin) == kept
    assert not (coin.parent / "new").exists()


def test_a_refresh_that_changes_nothing_prints_the_record(run: Run, coin: Path) -> None:
    ran = run("refresh", "coin.nl2efg", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["efg"].split() == (coin / "game.efg").read_text().split()
    ran = run("refresh", "coin.nl2efg", "-o", "new.nl2efg")
    assert (ran.code, ran.err) == (0, "new.nl2efg is a folder of its own")


def test_edits_are_done_told_and_undone(run: Run, coin: Path) -> None:
    before = files(coin)
    ran = run(
        *("set", "coin.nl2efg", "--payoff", "Leave, Take", "Otto", "-3"),
        *("--payoff", "Take", "Ida", "1/2", "--rename", "Otto", "Ben"),
    )
    assert ran.code == 0, ran.err
    assert "Otto is called Ben after (Take) Ida gets 1/2 (was 1)" in ran.out
    assert "after (Leave, Take) Ben gets -3 (was 1)" in ran.out
    assert "Throw away" in ran.out
    tree = load_efg(coin / "game.efg")
    assert (tree.players, tree.path_payoffs[3]) == (("Ida", "Ben"), (0, -3))
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    listed = run("versions", "coin.nl2efg").out
    assert "2 from 1" in listed
    assert "* 3 from 2" in listed
    ran = run("set", "coin.nl2efg", "--undo")
    assert "coin.nl2efg is version 2 again" in ran.err
    assert "after (Take) Ida gets 1/2 (was 2)" in ran.err
    run("set", "coin.nl2efg", "--undo")
    assert {name: text for name, text in files(coin).items() if "versions" not in name} == before
    assert edited_files(coin) == ()
    ran = run("set", "coin.nl2efg", "--undo")
    assert (ran.code, "nothing to undo" in ran.err) == (2, True)
    assert run("versions", "coin.nl2efg", "--take", "3").code == 0
    assert load_efg(coin / "game.efg").path_payoffs[1] == (2, 0)
    assert sorted(each.name for each in (coin / "versions").iterdir()) == ["1", "2"]
    history = json.loads(run("versions", "coin.nl2efg", "--json").out)
    assert (history["current"], len(history["versions"])) == (3, 3)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2"), "coin.nl2efg"),
        (("refresh", "coin.nl2efg"), "coin.nl2efg"),
        (("set", "coin.nl2efg", "--undo"), "coin.nl2efg"),
        (("versions", "coin.nl2efg", "--take", "1"), "coin.nl2efg"),
    ],
    ids=str,
)
@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_change_that_is_stopped_says_whether_it_was_done(
    run: Run,
    coin: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    place: str,
    step: int,
) -> None:
    if words[0] == "refresh":
        edit_game(coin)
    elif words[-1] in ("--undo", "1"):
        run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "3")
    kept, real, calls = files(coin), Path.rename, iter(range(9))

    def stopped(own: Path, target: Path) -> Path:
        call = next(calls)
        if call == step:
            raise KeyboardInterrupt
        moved = real(own, target)
        if (call, step) == (1, 2):
            raise KeyboardInterrupt
        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stopped)
        ran = run(*words)
    assert ran.code == 130
    if step < 2:
        assert ran.err.endswith("stopped; nothing was changed")
        assert files(coin) == kept
    else:
        assert ran.err.endswith(f"stopped; {place} was written already")
        assert files(coin) != kept
    nl2efg.Compilation.load(coin)


def test_what_is_no_leftover_stays_beside_a_folder(run: Run, coin: Path) -> None:
    mine, left = coin.with_name(".coin.nl2efg-mine_own"), coin.with_name(".coin.nl2efg-abcd_123")
    for place, name in ((mine, "notes.txt"), (left, "game.efg")):
        place.mkdir()
        (place / name).write_text("text")
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    assert (mine.exists(), left.exists()) == (True, False)


@pytest.mark.slow
def test_a_kill_at_every_step_of_an_edit_leaves_a_whole_version(coin: Path, tmp_path: Path) -> None:
    """Before or after, never between, and nothing of either is lost."""
    met = set()
    for step in range(100):
        own = tmp_path / str(step)
        folder = shutil.copytree(coin, own / "coin.nl2efg")
        (folder / "notes.txt").write_text("ask Ida")
        words = ["set", str(folder), "--payoff", "Take", "Ida", "2", "--no-solve"]
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT, str(step), *words], capture_output=True, text=True
        )
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        record = read_record(folder)
        met.add(record.revision is None)
        assert edited_files(folder) == ()
        paid = (1, 0) if record.revision is None else (2, 0)
        assert load_efg(folder / "game.efg").path_payoffs[1] == paid
        if record.revision is not None:
            assert read_record(folder / "versions/1").revision is None
        nl2efg.Compilation.load(folder).write(folder)
        assert (folder / "notes.txt").read_text() == "ask Ida"
        assert [each.name for each in own.iterdir()] == ["coin.nl2efg"]
    assert met == {True, False}
    assert 3 < step < 99


def test_edits_never_bury_what_a_person_wrote(run: Run, coin: Path) -> None:
    edit_program(coin, "[0, 1]", "[0, 7]")
    ran = run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2")
    assert ran.code == 2
    assert "game.py was edited by hand and is not taken yet" in ran.err
    before = (coin / "game.efg").read_bytes()
    with pytest.warns(ReadingWarning, match=r"not taken; the edit is kept as game\.edited\.py"):
        nl2efg.compile(TEXT + " Really.", model=coin_model(), name="coin").write(coin)
    assert "# mine" not in (coin / "versions/1/game.py").read_text()
    assert (coin / "versions/1/game.efg").read_bytes() == before
    assert "# mine" in (coin / "game.edited.py").read_text()


def test_undo_takes_back_what_was_edited_and_not_taken(run: Run, coin: Path) -> None:
    before = files(coin)
    (coin / "game.py").write_text("broken(", encoding="utf-8")
    edit_game(coin)
    ran = run("refresh", "coin.nl2efg", "--undo")
    assert ran.code == 0
    assert "coin.nl2efg is version 1 again" in ran.err
    assert (
        "game.efg was edited by hand and is not taken; the edit is kept as game.edited" in ran.err
    )
    kept = {name: (coin / name).read_text() for name in ("game.edited.py", "game.edited.efg")}
    assert kept["game.edited.py"] == "broken("
    assert "{ 0 4 }" in kept["game.edited.efg"]
    assert files(coin) == {**before, **{name: text.encode() for name, text in kept.items()}}
    edit_game(coin)
    assert run("versions", "coin.nl2efg", "--take", "1").code == 0
    assert (coin / "game.edited2.efg").exists()
    assert edited_files(coin) == ()


def test_what_a_person_keeps_in_the_folder_stays(run: Run, coin: Path) -> None:
    (coin / "notes.txt").write_text("ask Ida")
    (coin / "lecture").mkdir()
    (coin / "lecture/slides.tex").write_text("\\draw")
    (coin / "home").symlink_to(coin.parent)
    for words in (
        ["set", "--rename", "Ida", "Ann"],
        ["set", "--undo"],
        ["versions", "--take", "2"],
    ):
        assert run(words[0], "coin.nl2efg", *words[1:]).code == 0
        assert (coin / "notes.txt").read_text() == "ask Ida"
        assert (coin / "lecture/slides.tex").read_text() == "\\draw"
        assert (coin / "home").is_symlink()
    edit_game(coin)
    assert run("refresh", "coin.nl2efg").code == 0
    assert (coin / "lecture/slides.tex").exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--payoff", "Take", "Ida"),
        ("--payoff=Take",),
        ("--split", "Leave"),
        ("--undo", "--split", "Leave"),
    ],
    ids=str,
)
def test_edits_that_cannot_be_done_change_nothing(
    run: Run, coin: Path, words: tuple[str, ...]
) -> None:
    kept = files(coin)
    assert run("set", "coin.nl2efg", *words).code == 2
    assert files(coin) == kept


def test_an_earlier_version_is_read_and_not_changed(run: Run, coin: Path) -> None:
    assert run("set", "coin.nl2efg", "--payoff", "Take", "Ida", "2").code == 0
    kept = files(coin)
    for words in (["set", "--payoff", "Take", "Ida", "3"], ["refresh"]):
        ran = run(words[0], "coin.nl2efg/versions/1", *words[1:])
        assert (ran.code, "it is read, and not changed" in ran.err) == (2, True)
    assert files(coin) == kept


def test_a_file_alone_is_edited_too(run: Run, coin: Path) -> None:
    given = "coin.nl2efg/game.efg"
    ran = run("set", given, "--payoff", "Take", "Ida", "9", "-o", "new.efg")
    assert (ran.code, ran.err) == (0, "after (Take) Ida gets 9 (was 1)")
    assert load_efg("new.efg").path_payoffs[1] == (9, 0)
    assert run("set", given, "--rename", "Ida", "Eva").out.startswith('EFG 2 R "A coin" { "Eva"')


def test_a_changed_text_shows_what_changed_in_the_game(
    run: Run, coin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("coin.txt").write_text(TEXT.replace("worth 1", "worth 2"), encoding="utf-8")
    richer = coin_model(code=fenced(CODE.replace("[1, 0]", "[2, 0]")))
    monkeypatch.setattr("nl2efg.cli.models.models_for", lambda *_, **__: [richer])
    ran = run("coin.txt")
    assert ran.code == 0, ran.err
    assert "recompiled the text changed: “2” for “1”" in ran.out
    assert "changed after (Take) Ida gets 2 (was 1)" in ran.out
    assert read_record(coin / "versions/1").text == TEXT
    history = read_history(coin)
    assert history is not None
    assert history.versions[1].differences == ("after (Take) Ida gets 2 (was 1)",)
    run("coin.txt")  # the same once more is no new version
    assert read_history(coin) == history


def test_the_library_does_the_same(coin: Path) -> None:
    compilation = nl2efg.Compilation.load(coin)
    tree = nl2efg.rename(nl2efg.set_payoff(compilation, ["Take"], "Ida", 5), "Ida", "Eva")
    nl2efg.revised(compilation, tree, "a better coin").write(coin)
    history = read_history(coin)
    assert history is not None
    assert history.versions[1].words == "a better coin"
    assert nl2efg.changes(nl2efg.take_version(coin), tree) == (
        "Ida is called Eva",
        "after (Take) Eva gets 5 (was 1)",
    )
    edit_program(coin, "[0, 1]", "[0, 7]")
    with pytest.warns(ReadingWarning, match=r"game\.py changed since"):
        nl2efg.describe(coin)
    made = nl2efg.refresh(coin)
    assert made is not None
    assert made.tree.path_payoffs[3] == (0, 7)
    assert nl2efg.refresh(coin) is None
    with pytest.raises(UserError, match="no version 9"):
        nl2efg.take_version(coin, 9)


def test_a_folder_without_a_history_is_read_all_the_same(run: Run, coin: Path) -> None:
    (coin / "history.json").unlink()
    assert run("show", "coin.nl2efg").err == ""
    edit_game(coin)
    assert run("refresh", "coin.nl2efg").code == 0
    history = read_history(coin)
    assert history is not None
    assert [each.number for each in history.versions] == [1, 2]
    (coin / "history.json").write_text("{}")
    ran = run("versions", "coin.nl2efg")
    assert (ran.code, "history.json" in ran.err) == (2, True)
