"""Games of a repository, checked before a commit and in a workflow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import nl2efg
from tests.command_line import ran

pytestmark = pytest.mark.process

TOP = Path(__file__).parents[2]
THREE = "Ann, Ben and Carl play a game with three players."
HOOKS = TOP / ".pre-commit-hooks.yaml"
ACTION = TOP / ".github/actions/check/action.yml"


def put(folder: Path, name: str, game: str = "trust_game") -> None:
    """A bundled game with its description beside it."""
    (folder / f"{name}.efg").write_text(nl2efg.example(game).reference, "utf-8")
    (folder / f"{name}.txt").write_text(nl2efg.example(game).text, "utf-8")


def test_several_games_and_one_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        put(tmp_path, name)
    (tmp_path / "b.txt").write_text(THREE, "utf-8")
    (tmp_path / "c.efg").write_text("junk", "utf-8")
    games = [str(tmp_path / f"{name}.efg") for name in "abc"]
    assert ran(capsys, "check", *games[:1], "--beside").code == 0
    done = ran(capsys, "check", *games, "--beside")
    assert done.code == 2
    assert games[1] in done.out
    assert games[0] not in done.out
    assert "c.efg" in done.err
    assert ran(capsys, "check", *games[:2], "--beside").code == 0
    assert ran(capsys, "check", *games[:2], "--beside", "--strict").code == 1
    assert ran(capsys, "check", games[0], "--beside", "--strict").code == 0
    idle = 'EFG 2 R "" { "Ann" "Ben" }\n\np "" 1 1 "" { "l" "r" } 0\n' + 't "" 1 "" { 1 1 }\n' * 2
    (tmp_path / "b.efg").write_text(idle, "utf-8")
    assert ran(capsys, "check", *games[:2]).code == 1
    rows = json.loads(ran(capsys, "check", *games, "--beside", "--json").out)
    assert [row["game"] for row in rows] == games
    assert rows[0]["found"] == []
    assert rows[1]["found"][0]["code"].startswith("C")
    assert "error" in rows[2]
    assert ran(capsys, "check", *games[:2], "--text", "a.txt").code == 2


def test_a_description_stands_for_the_game_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a")
    (tmp_path / "a.txt").write_text(THREE, "utf-8")
    (tmp_path / "README.md").write_text("Games of ours.", "utf-8")
    names = [str(tmp_path / name) for name in ("a.txt", "a.efg", "README.md")]
    done = ran(capsys, "check", "--beside", "--strict", *names)
    assert done.code == 1
    assert done.out.count("C502") == 1
    assert "1 game checked: 1 note" in done.err
    alone = ran(capsys, "check", "--beside", names[2])
    assert (alone.code, alone.out) == (0, "")
    (tmp_path / "b.efg").write_text("junk", "utf-8")
    junk = ran(capsys, "check", "--beside", str(tmp_path / "b.efg"))
    assert junk.err.count("b.efg") == 1
    assert "no game was checked" in junk.err


def test_the_hook_and_the_action_call_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    name, *words = hook["entry"].split()
    assert name == "nl2efg"
    put(tmp_path, "a")
    assert ran(capsys, *words, *hook["args"], str(tmp_path / "a.efg")).code == 0
    steps = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    assert hook["entry"] in steps[-1]["run"]


@pytest.mark.parametrize("name", ["-x", "--verifier=a-model", "--base-url=http", "--text=a"])
def test_no_file_is_an_option_of_the_hook(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Whoever names a file could have a model asked, and texts and a key sent somewhere."""
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    put(tmp_path, name)
    put(tmp_path, "a")
    words = [*hook["entry"].split()[1:], *hook["args"], f"{name}.efg", "a.efg"]
    done = ran(capsys, *words)
    assert done.code == 0, done.err
    assert "2 games checked" in done.err


def test_a_name_of_two_lines_is_told_in_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a\n::error::b")
    (tmp_path / "a\n::error::b.txt").write_text(THREE, "utf-8")
    done = ran(capsys, "check", "--beside", str(tmp_path / "a\n::error::b.efg"))
    assert "a ::error::b.efg: " in done.out
    assert not any(line.startswith("::") for line in done.out.splitlines())


def commit(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in a repository, with what the tests import on the path."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_actions_own_step_checks_what_git_knows(tmp_path: Path) -> None:
    script = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"][-1]["run"]
    put(tmp_path, "a game")
    (tmp_path / "ignored.efg").write_text("junk", "utf-8")
    own = tmp_path / "bin"
    own.mkdir()
    program = own / "nl2efg"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m nl2efg "$@"\n')
    program.chmod(0o755)
    environment = f"PATH={own}:{os.environ['PATH']}", f"PYTHONPATH={os.pathsep.join(sys.path)}"
    step = ("env", *environment, "GAMES=*.efg *.nfg", "bash", "-e", "-c", script)
    assert commit(tmp_path, "git", "init", "-q").returncode == 0
    put(tmp_path, "-x")  # no option, though it begins like one
    assert commit(tmp_path, "git", "add", "--", "a game.efg", "-x.efg").returncode == 0
    done = commit(tmp_path, *step)
    assert done.returncode == 0, done.stderr
    assert "2 games checked: nothing found" in done.stderr
    first, *_, last = done.stdout.splitlines()  # what is between is no command to the runner
    word = first.removeprefix("::stop-commands::")
    assert len(word) == 32
    assert last == f"::{word}::"
    put(tmp_path, "--text=a")  # a game, whoever called it so, and no option
    assert commit(tmp_path, "git", "add", "--", "--text=a.efg").returncode == 0
    done = commit(tmp_path, *step)
    assert "3 games checked" in done.stderr
    assert done.returncode == 0, done.stderr
    assert commit(tmp_path, "git", "add", "-f", "ignored.efg").returncode == 0
    assert commit(tmp_path, *step).returncode != 0


@pytest.mark.parametrize(
    ("pygambit", "words"),
    [("", "[nl2efg]"), ("pygambit>=17.0.0b2", "[nl2efg][pygambit>=17.0.0b2]")],
)
def test_the_action_installs_what_it_is_told(tmp_path: Path, pygambit: str, words: str) -> None:
    script = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"][-2]["run"]
    told = script.replace("python -m pip install --quiet", "printf '[%s]'")
    assert told != script
    step = ("env", "VERSION=nl2efg", f"PYGAMBIT={pygambit}", "bash", "-e", "-c", told)
    assert commit(tmp_path, *step).stdout == words


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pre-commit") is None, reason="pre-commit is not installed")
def test_pre_commit_refuses_a_game_that_is_not_its_text(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    words = hook["entry"].removeprefix("nl2efg") + " --strict"
    hook |= {"language": "system", "entry": f"{sys.executable} -P -m nl2efg{words}"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    put(tmp_path, "a")
    for command in (("git", "init", "-q"), ("git", "add", ".")):
        assert commit(tmp_path, *command).returncode == 0
    run = ("env", f"PYTHONPATH={os.pathsep.join(sys.path)}", "pre-commit", "run", "--all-files")
    assert commit(tmp_path, *run).returncode == 0
    (tmp_path / "a.txt").write_text(THREE, "utf-8")
    done = commit(tmp_path, *run)
    assert done.returncode == 1
    assert "a.efg: note" in done.stdout
