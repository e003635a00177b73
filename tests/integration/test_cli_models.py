"""The command line with a model service that fails in every way, over real HTTP."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from nl2efg.models.openai import client as adapter
from nl2efg.models.openai.retry import Clock
from nl2efg.models.replay import recorded_model
from nl2efg.pipeline import compile
from tests.command_line import Ran, Run, ran
from tests.fakes.openai_server import (
    FakeService,
    Received,
    Step,
    choose,
    completion,
    drop,
    half,
    hang,
    raw,
    status,
    text,
)

pytestmark = [pytest.mark.process, pytest.mark.server]

KEY = "sk-test-0123456789abcdef"
DESCRIPTION = """Ann chooses Up or Down. If she chooses Down, the game ends and both get 1 euro.
After Up, Ben, who saw it, chooses Left, which gives Ann 2 and Ben 1, or Right: both get nothing.
"""
SKETCH = json.dumps({"title": "Up or Down", "players": [{"name": "Ann"}, {"name": "Ben"}]})
CODE = """Here it is:
```python
import pygambit as gbt

g = gbt.Game.new_tree(players=["Ann", "Ben"], title="Up or Down")
g.append_move(g.root, "Ann", ["Up", "Down"])
g.append_move(g.root.children["Up"], "Ben", ["Left", "Right"])
for history, payoffs in ((["Up", "Left"], [2, 1]), (["Up", "Right"], [0, 0]), (["Down"], [1, 1])):
    node = g.root
    for action in history:
        node = node.children[action]
    g.set_outcome(node, g.add_outcome(payoffs))
```
"""


def fenced(code: str) -> str:
    return f"```python\n{code}\n```\n"


def model_says(code: str = CODE, *, sketch: str = SKETCH) -> Step:
    """Stage 1 gets the sketch and stage 2 the code."""

    def rule(received: Received) -> Step:
        return text(sketch if received.asks_for_the_sketch else code)

    return choose(rule)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Run]:
    """Runs the command line in an empty folder; waits between tries take no time."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "story.txt").write_text(DESCRIPTION, encoding="utf-8")
    waited = _count_waits(monkeypatch)

    def run(*arguments: str, service: FakeService | None = None, key: str = KEY) -> Ran:
        if service is not None:
            monkeypatch.setenv("OPENAI_BASE_URL", service.base_url)
            monkeypatch.setenv("NL2EFG_MODEL", "test-model")
            monkeypatch.setenv("OPENAI_API_KEY", key)
        done = ran(capsys, *arguments)
        assert KEY not in done.out + done.err
        return done

    run.waited = waited  # type: ignore[attr-defined]
    yield run
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.name != ".env":
            assert KEY.encode() not in file.read_bytes(), file


def _count_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    clock = Clock(now=lambda: sum(waited), sleep=sleep, fraction=lambda: 0.0)
    real = adapter.with_retries

    async def quick(call: Any, policy: Any, gate: Any, _: Clock, heard: Any) -> Any:
        return await real(call, policy, gate, clock, heard)

    monkeypatch.setattr(adapter, "with_retries", quick)
    adapter.abilities.cache_clear()
    return waited


def serving(
    *steps: Step, key: str = KEY, models: tuple[str, ...] = ()
) -> AbstractContextManager[FakeService]:
    return FakeService(*steps, key=key, models=models)


# --- What is handed in --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the description is empty"),
        (b" \n\t\n", "the description is empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is a picture"),
        (b"two players\0and more", "binary"),
        (b"word " * 210_000, "1,050,000 characters"),
        (b'EFG 2 R "x" { "1" }\n""\n', "is a game already"),
    ],
)
@pytest.mark.parametrize("configured", [True, False])
def test_a_file_that_is_no_description(
    run: Run, tmp_path: Path, content: bytes, words: str, configured: bool
) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    with serving(model_says()) as service:
        ran = run("bad.txt", service=service if configured else None)
        assert not service.requests
    assert ran.code == 2
    assert words in ran.err
    assert "→" in ran.err
    assert ran.out == ""
    assert not list(tmp_path.glob("*.nl2efg"))


@pytest.mark.parametrize("source", ["none.txt", "kuhn_pokr", "."])
def test_a_file_that_is_not_there(run: Run, source: str) -> None:
    ran = run(source)
    assert ran.code == 2
    assert source in ran.err
    assert ran.out == ""


def test_an_empty_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run("-").code == 2


def test_a_text_that_is_no_game(run: Run, tmp_path: Path) -> None:
    sketch = json.dumps({"is_game": False, "why_not": "a recipe for bread; nobody chooses"})
    with serving(model_says(sketch=sketch)) as service:
        ran = run("story.txt", service=service)
        assert len(service.requests) == 1
    assert ran.code == 1
    assert "a recipe for bread; nobody chooses" in ran.err
    assert ran.out == ""


# --- The model ----------------------------------------------------------------------------------


def test_a_model_that_does_its_work(run: Run, tmp_path: Path) -> None:
    with serving(model_says()) as service:
        ran = run("story.txt", "--no-solve", "--json", service=service)
    assert (ran.code, json.loads(ran.out)["status"]) == (0, "compiled")
    assert (tmp_path / "story.nl2efg" / "game.efg").is_file()


def test_no_model(run: Run) -> None:
    ran = run("story.txt")
    assert ran.code == 3
    assert "no model is configured" in ran.err
    assert "OPENAI_API_KEY" in ran.err
    assert "--paste" in ran.err


def test_a_wrong_key(run: Run) -> None:
    with serving(model_says(), key="sk-the-right-one-0") as service:
        ran = run("story.txt", service=service)
        assert len(service.requests) == 1
    assert ran.code == 3
    assert "answers 401: Incorrect API key" in ran.err
    assert "check OPENAI_API_KEY" in ran.err


def test_a_key_in_dotenv(run: Run, tmp_path: Path) -> None:
    with serving(model_says()) as service:
        (tmp_path / ".env").write_text(
            f"OPENAI_BASE_URL={service.base_url}\nOPENAI_API_KEY={KEY}\nNL2EFG_MODEL=m\n"
        )
        ran = run("story.txt", "--no-solve")
    assert ran.code == 0


def test_a_pause_that_the_service_asks_for(run: Run) -> None:
    with serving(status(429, "slow down", retry_after="21"), model_says()) as service:
        ran = run("story.txt", "--no-solve", service=service)
    assert ran.code == 0
    assert sum(run.waited) == 21.0  # type: ignore[attr-defined]
    assert "answers 429: slow down; next try in 21 s" in ran.err


def test_a_pause_longer_than_anybody_waits(run: Run) -> None:
    with serving(status(429, "come back tomorrow", retry_after="86400")) as service:
        ran = run("story.txt", service=service)
    assert ran.code == 3
    assert "asks to wait 86400 s" in ran.err
    assert not run.waited  # type: ignore[attr-defined]


def test_the_models_of_a_service_are_listed(run: Run) -> None:
    with serving(text("hi"), models=("gpt-5.4", "openai/gpt-5.4-mini", "my own")) as service:
        service.before_list = [raw(b'{"data": [{"id": "gpt'), status(503)]
        ran = run("models", service=service)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "gpt-5.4  $2.5 in, $15 out per million",
        "openai/gpt-5.4-mini  $0.75 in, $4.5 out per million",
        "my own",
    ]
    assert "3 models at http://127.0.0.1" in ran.err
    assert "prices as of 20" in ran.err


def test_a_list_of_models_that_does_not_come_is_the_services(run: Run) -> None:
    with serving(text("hi"), models=("m",)) as service:
        service.before_list = [raw(b'{"data": [{"id"')] * 3
        ran = run("models", service=service)
        assert (ran.code, ran.out) == (3, "")
        assert "the reply ended before it was whole (after 3 tries)" in ran.err
        service.before_list = [raw(b"<html>", content_type="application/json")]
        assert "no list of models" in run("models", service=service).err


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (status(500, "internal"), 3, "answers 500: internal (after 6 tries)"),
        (status(503, "overloaded"), 3, "answers 503: overloaded (after"),
        (drop, 3, "broke"),
        (half, 3, "broke"),
        (raw(b"<html>", content_type="text/html"), 3, "no chat completion"),
        (status(404, "no such model"), 3, "answers 404: no such model"),
        (completion({"refusal": "I do not play games"}), 3, "declined to answer: I do not play"),
        (completion({"content": ""}, finish="content_filter"), 3, "filter stopped test-model"),
        (text('{"title": "half a', finish="length"), 3, "cut at the token limit"),
        (text(""), 1, "reply is empty"),
        (completion({"content": [{"type": "image_url"}]}), 1, "a part of type image_url"),
        (text("I would rather tell a story."), 1, "no valid sketch in 3 replies"),
    ],
)
def test_a_service_that_fails(run: Run, step: Step, code: int, words: str) -> None:
    with serving(step) as service:
        ran = run("story.txt", service=service)
    assert ran.code == code
    assert words in ran.err
    assert ran.out == ""


def test_a_service_that_says_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2EFG_TIMEOUT", "0.2")
    with serving(hang) as service:
        ran = run("story.txt", service=service)
    assert ran.code == 3
    assert "did not answer within 0.2 s" in ran.err


def test_ctrl_c_while_the_model_thinks(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nl2efg", "story.txt"]
    with serving(hang) as service:
        process = subprocess.Popen(
            [*command, "--base-url", service.base_url, "--model", "m", "-o", "out"],
            env={**os.environ, "OPENAI_API_KEY": KEY},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            while not service.requests and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_a_service_that_is_not_there(run: Run) -> None:
    ran = run("story.txt", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    assert ran.code == 3
    assert "cannot be reached" in ran.err


def test_a_budget_of_tokens(run: Run) -> None:
    with serving(model_says()) as service:
        ran = run("story.txt", "--max-tokens", "1000", service=service)
        assert not service.requests
    assert ran.code == 3
    assert "--max-tokens" in ran.err


def test_a_budget_of_dollars_without_a_price(run: Run) -> None:
    with serving(model_says()) as service:
        ran = run("story.txt", "--max-cost", "1", service=service)
        assert not service.requests
    assert ran.code == 2
    assert "NL2EFG_PRICE_IN" in ran.err


def test_pasting_without_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("hello\n.\n"))
    ran = run("story.txt", "--paste")
    assert ran.code == 2
    assert "stdin is no terminal" in ran.err


def test_what_was_recorded_compiles_without_a_model(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    with serving(model_says()) as service:
        ran = run("record", "story.txt", "--output", str(file), service=service)
    assert ran.code == 0
    model = recorded_model(DESCRIPTION, [file])
    compilation = compile(DESCRIPTION, model=model, solve=False)
    assert len(compilation.tree) == 5
    assert not model.store.unused
    assert not any(exchange.note for exchange in compilation.record.exchanges)


# --- What the model writes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("I am sorry, but games are beyond me.", "there is no program"),
        (fenced("import pygambit\nwhile True:\n    pass"), "seconds"),
        (
            fenced("import pygambit\nfor i in range(100):\n    print('x' * 1_000_000)"),
            "printed more than 256 kib",
        ),
        (
            fenced(
                "import pygambit as gbt\n"
                "g = gbt.Game.new_tree(players=['Ann'])\n"
                "layer = [g.root]\n"
                "while True:\n"
                "    for node in layer:\n"
                "        g.append_move(node, 'Ann', [str(i) for i in range(10)])\n"
                "    layer = [child for node in layer for child in node.children]\n"
                "    if len(layer) >= 10_000_000:\n"
                "        break\n"
            ),
            "more than 400,000 nodes",
        ),
        (
            fenced("import pygambit as gbt\ng = gbt.Game.new_tree(players=['A'])\n1 / 0"),
            "division by zero",
        ),
        (fenced("def broken(:\n    pass"), "is not python: invalid syntax"),
    ],
    ids=["no code", "endless loop", "100 MB of output", "10^7 nodes", "raises", "syntax"],
)
def test_code_that_gives_no_game(run: Run, tmp_path: Path, code: str, words: str) -> None:
    with serving(model_says(code)) as service:
        ran = run("story.txt", "--rounds", "0", service=service)
    assert ran.code == 1, ran.err
    assert words in ran.err.lower()
    assert ran.out == ""
    failed = tmp_path / "story.nl2efg" / "unfinished" / "compilation.json"
    assert json.loads(failed.read_text(encoding="utf-8"))["status"] == "failed"
    assert failed.stat().st_size < 1_000_000


def test_a_service_that_fails_half_way_leaves_a_transcript(run: Run, tmp_path: Path) -> None:
    with serving(text(SKETCH), status(401, "the key was revoked")) as service:
        ran = run("story.txt", service=service)
    assert ran.code == 3
    place = tmp_path / "story.nl2efg/unfinished"
    record = json.loads((place / "compilation.json").read_text("utf-8"))
    assert [exchange["stage"] for exchange in record["exchanges"]] == ["information"]
    assert "the key was revoked" in record["error"]
