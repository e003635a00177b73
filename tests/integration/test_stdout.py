"""Stdout is for data alone, down to the file descriptor: no library below may print there.

A library in C prints past ``sys.stdout``, so commands run as processes here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import typer

import nl2efg
from nl2efg.cli.app import COMMANDS, application
from nl2efg.formats import write_efg
from tests.corpora import coin_corpus
from tests.fakes.batch_api import FakeBatchApi
from tests.fakes.ordinal_games import author
from tests.killing import write_corpus
from tests.references.families import entry_with_commitment
from tests.scripted import CODE, TEXT, coin_model
from tests.trees import kuhn

pytestmark = [pytest.mark.process, pytest.mark.server]

CASES: dict[str, tuple[str, ...]] = {
    "build": ("build", "coin.py", "--json"),
    "check": ("check", "kuhn.efg", "--json"),
    "compile": ("kuhn_poker", "--json", "-o", "kuhn"),
    "batch": ("batch", "--replies", "replies.jsonl", "-o", "run", "--json"),
    "cache": ("cache", "--json"),
    "diff": ("diff", "kuhn.efg", "kuhn.efg", "--json"),
    "doctor": ("doctor", "--json"),
    "edit undone": ("edit", "changed", "--undo", "--json"),
    "eval": ("eval", "corpus", "--replies", "replies.jsonl", "--json"),
    "examples": ("examples", "--json"),
    "explain": ("explain", "--json"),
    "explain one": ("explain", "C204", "--json"),
    "models by provider": ("models", "--providers", "--json"),
    "refresh": ("refresh", "mine", "--json"),
    "set": ("set", "coin", "--payoff", "Take", "Ida", "5", "--json"),
    "solve": ("solve", "kuhn.efg", "--json"),
    "solve a folder": ("solve", "games", "--json"),
    "solve for plans": ("solve", "kuhn.efg", "--concept", "ce", "--json"),
    "solve letters": ("solve", "letters.efg", "--symbolic", "--json"),
    "simulate": ("simulate", "chance.efg", "-n", "10", "--json"),
    "verify": ("verify", "chance.efg", "--words", "Ann takes it", "--json"),
    "versions": ("versions", "changed", "--json"),
    "waves": ("waves", "waves", "--json"),
}
"""Calls of each command that has ``--json``, one for each way it goes: the command, and a word on
which. The files are those of the fixture ``work``."""

SERVED = {"waves", "models"}
"""Calls that ask a service, which have a test of their own here."""

LIBRARY = """
import nl2efg
from nl2efg.pipeline import example
from nl2efg.solving import CONCEPTS
from tests.trees import kuhn
compilation = nl2efg.compile(example("one_card_poker").text)
assert compilation.equilibria and compilation.game
for concept in CONCEPTS:
    nl2efg.solve(kuhn(), concept=concept, budget=2.0)
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python process in a folder."""
    top = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [top, os.environ.get("PYTHONPATH", "")]))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compilations: as it came, changed in a file, and with a version before."""
    found = tmp_path_factory.mktemp("folders")
    for name in ("coin", "mine", "changed"):
        nl2efg.compile(TEXT, model=coin_model(), name="coin").write(found / name)
    game = found / "mine" / "game.efg"
    game.write_text(game.read_text("utf-8").replace("{ 0 1 }", "{ 0 4 }"), encoding="utf-8")
    done = run(found, "-m", "nl2efg", "set", "changed", "--payoff", "Take", "Ida", "7")
    assert done.returncode == 0, done.stderr
    return found


@pytest.fixture
def work(tmp_path: Path, folders: Path) -> Path:
    """A folder with games, a program, replies, compilations and a corpus."""
    shutil.copytree(folders, tmp_path, dirs_exist_ok=True)
    (tmp_path / "kuhn.efg").write_text(write_efg(kuhn()), encoding="ascii")
    (tmp_path / "coin.py").write_text(CODE, encoding="utf-8")
    row = json.dumps({"id": "coin", "game": "coin", "reply": CODE})
    (tmp_path / "replies.jsonl").write_text(row + "\n", encoding="utf-8")
    coin_corpus(tmp_path / "corpus")
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "kuhn.efg").write_text(write_efg(kuhn()), encoding="ascii")
    (tmp_path / "letters.efg").write_text(write_efg(entry_with_commitment()), encoding="ascii")
    (tmp_path / "chance.efg").write_text(
        'EFG 2 R "A prize" { "Ann" }\np "" 1 1 "" { "take it" "leave it" } 0\n'
        't "" 1 "" { 1 }\nt "" 2 "" { 0 }\n',
        encoding="ascii",
    )
    return tmp_path


def test_every_command_with_json_has_a_case() -> None:
    commands = typer.main.get_command(application())
    context = typer.Context(commands)
    with_json = {
        name
        for name in COMMANDS
        if any("--json" in one.opts for one in commands.get_command(context, name).params)  # type: ignore[attr-defined]
    }
    assert with_json == {name.split()[0] for name in CASES} | SERVED


@pytest.mark.parametrize("name", sorted(set(CASES) - SERVED))
def test_json_alone_is_on_stdout(work: Path, name: str) -> None:
    done = run(work, "-m", "nl2efg", *CASES[name])
    json.loads(done.stdout)
    assert done.returncode == 0, done.stderr


def test_json_of_waves_alone_is_on_stdout(work: Path) -> None:
    write_corpus(work / "c.jsonl", 2)
    with FakeBatchApi(author()) as api:
        api.stuck = True
        service = ("--base-url", api.base_url)
        engine = ("--model", "fake", "--engine", "openai-batch")
        run(work, "-m", "nl2efg", "batch", "c.jsonl", "-o", "waves", *service, *engine)
        done = run(work, "-m", "nl2efg", *CASES["waves"], *service)
    json.loads(done.stdout)
    assert done.returncode == 0, done.stderr


class _ModelList(BaseHTTPRequestHandler):
    """A service that has one model."""

    def do_GET(self) -> None:
        body = json.dumps({"object": "list", "data": [{"id": "m", "object": "model"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_json_of_models_alone_is_on_stdout(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _ModelList) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        done = run(tmp_path, "-m", "nl2efg", "models", "--base-url", address, "--json")
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert [set(one) for one in json.loads(done.stdout)] == [{"model", "price", "ends"}]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("unbuffered", [(), ("-u",)], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "words",
    [
        ("describe", "kuhn_poker"),
        ("solve", "kuhn.efg", "--json"),
        ("code", "kuhn.efg"),
        ("--help",),
        ("draw", "--help"),
        ("--version",),
        ("build", "coin.py"),
    ],
    ids=lambda words: words[0],
)
def test_a_full_stdout_is_told_in_a_line(
    work: Path, words: tuple[str, ...], unbuffered: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, *unbuffered, "-m", "nl2efg", *words],
            cwd=work,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=180,
        )
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("nl2efg: stdout cannot be written: No space left on device") == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_the_library_prints_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "-c", LIBRARY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
