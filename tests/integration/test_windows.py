"""nl2efg where only POSIX has what is missing, as on Windows; see :mod:`tests.windows`."""

from __future__ import annotations

import csv
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import nl2efg
from nl2efg.batch.storage.game_folder import folder_name
from tests.fakes.openai_server import FakeService, text
from tests.scripted import SKETCH

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.slow]

WHOLE = json.loads(SKETCH)
WHOLE["claims"] += [
    {"history": ["Take"], "pays": [1, 0]},
    {"history": ["Leave", "Take"], "pays": [0, 1]},
]
REPLY = f"```json\n{json.dumps(WHOLE)}\n```"
TOP = Path(__file__).parents[2]
IN_THE_WORKER = "nl2efg.sandbox.worker."
"""The process that forks; it is never started where there is no fork."""


def ran(
    folder: Path, *arguments: object, encoding: str = "", stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command on that system, which may not end in a traceback."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    own |= {"PYTHONPATH": os.pathsep.join([str(TOP), *sys.path]), "PYTHONUTF8": "0"}
    own |= {"PYTHONIOENCODING": encoding} if encoding else {"LC_ALL": "C", "LANG": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.windows", *map(str, arguments)],
        cwd=folder,
        env=own,
        input=stdin.encode(),
        capture_output=True,
        timeout=180,
        check=False,
    )
    out, err = (each.decode(encoding or "utf-8") for each in (done.stdout, done.stderr))
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_every_module_is_imported_without_what_only_posix_has(tmp_path: Path) -> None:
    found = pkgutil.walk_packages(nl2efg.__path__, "nl2efg.")
    names = [each.name for each in found if not each.name.startswith(IN_THE_WORKER)]
    names = [name for name in names if name not in ("nl2efg.__main__", "nl2efg.sandbox.worker")]
    assert "nl2efg.batch.storage.append_log" in names
    assert len(names) > 300
    assert ran(tmp_path, "--import", *names).returncode == 0


def test_the_stage_is_set(tmp_path: Path) -> None:
    done = ran(tmp_path, "doctor", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["isolated"] is False
    assert "no fork" in json.loads(done.stdout)["problem"]


def test_the_main_job_reads_the_sketch_as_a_game(tmp_path: Path) -> None:
    done = ran(tmp_path, "trust_game", "-o", "t")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "t" / "compilation.json").read_text("utf-8"))
    assert [each["code"] for each in record["diagnostics"]] == ["B121"]
    assert nl2efg.compare(tmp_path / "t" / "game.efg", "trust_game").same
    for command in (
        ("set", "t", "--rename", "Buyer", "Ann"),
        ("set", "t", "--undo"),
        ("t",),
    ):
        assert ran(tmp_path, *command).returncode == 0
    listed = ran(tmp_path, "versions", "t").stdout
    assert "Buyer is called Ann" in listed


def test_a_model_is_asked_for_no_program(tmp_path: Path) -> None:
    with FakeService(text(REPLY)) as service:
        (tmp_path / "coin.txt").write_text("Ida takes a coin or leaves it to Otto.", "utf-8")
        model = ("--base-url", service.base_url, "--model", "m")
        done = ran(tmp_path, "coin.txt", *model, "-o", "coin")
        assert done.returncode == 0, done.stderr
        corpus = tmp_path / "corpus.jsonl"
        rows = [{"id": name, "text": "Ida takes a coin or leaves it."} for name in ("nul", "a")]
        corpus.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        done = ran(tmp_path, "batch", corpus, *model, "-o", "run")
        assert done.returncode == 0, done.stderr
        again = ran(tmp_path, "batch", corpus, *model, "-o", "run")
        assert again.returncode == 0, again.stderr
    assert folder_name("nul") != "nul"
    assert (tmp_path / "run" / "games" / folder_name("nul") / "game.efg").is_file()


def test_what_runs_no_foreign_code_works(tmp_path: Path) -> None:
    done = ran(tmp_path, "solve", "kuhn_poker", "--json")
    assert json.loads(done.stdout)["equilibria"][0]["max_regret"] == "0"
    for picture in ("tree.svg", "tree.png", "tree.html", "tree.tex"):
        assert ran(tmp_path, "draw", "kuhn_poker", "-o", picture).returncode == 0
        assert (tmp_path / picture).stat().st_size > 1000
    assert ran(tmp_path, "simulate", "kuhn_poker", "-n", 20, "-o", "plays.csv").returncode == 0
    with (tmp_path / "plays.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 21
    assert ran(tmp_path, "diff", "kuhn_poker", "kuhn_poker").returncode == 0
    assert "The play: Trust" in ran(tmp_path, "play", "trust_game", stdin="1\n").stdout


@pytest.mark.parametrize("command", ["describe", "solve", "examples", "--help"])
def test_a_console_that_knows_few_letters_shows_the_rest_by_number(
    tmp_path: Path, command: str
) -> None:
    game = () if command in ("examples", "--help") else ("in_chinese",)
    done = ran(tmp_path, command, *game, encoding="cp1252")
    assert done.returncode == 0, done.stderr
    if command == "describe":
        assert "\\u7532" in done.stdout


def test_data_for_a_file_is_utf8_whatever_the_console_knows(tmp_path: Path) -> None:
    assert "甲" in ran(tmp_path, "describe", "in_chinese").stdout
