"""nl2efg over real model servers: ``python -m tests.servers [--build]``.

llama.cpp's server is the one that NL2EFG_LLAMA_SERVER names or that is installed as llama-server;
with ``--build`` it is built from a package's source, once. The model is one that the tests make
themselves. What is tried, each by the command line as a user starts it:

slow       a whole compile, streamed at 5 tokens a second, with a time-out far below what it takes
cut        a context that is too short for the prompt
models     the list of what the server offers

The exit code is 1 if any of it failed, 2 if there is no server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from nl2efg import read_efg
from tests.scripted import CODE, SKETCH, TEXT, fenced
from tests.servers.llama_cpp import VARIABLE, build_server, find_server, running
from tests.servers.scripted_model import write_model
from tests.servers.slow_relay import SlowRelay

RATE = 5.0
TIME_OUT = 12
"""Seconds without a token after which the client gives up; the prompt takes less, the whole reply
nearly three times that."""


def nl2efg(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, with a server and nothing else configured."""
    own = ("NL2EFG_", "OPENAI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    command = [sys.executable, "-m", "nl2efg", *words, "--base-url", url]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True)


def slow(server: Path, folder: Path) -> str:
    """A compile at 5 tokens a second: one request, longer than the time-out, and the whole game."""
    model = folder / "scripted.gguf"
    tokens = write_model(model, f"{SKETCH}\n\n{fenced(CODE)}")
    with running(server, model) as port, SlowRelay(port, RATE) as relay:
        begun = time.monotonic()
        done = nl2efg(
            *(folder, relay.base_url, "story.txt", "-o", "coin.nl2efg"),
            *("--model", "scripted", "--timeout", str(TIME_OUT)),
        )
        took = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    assert relay.asked == ["POST /v1/chat/completions"], relay.asked
    assert took > tokens / RATE > 2 * TIME_OUT, took
    tree = read_efg((folder / "coin.nl2efg" / "game.efg").read_text())
    assert tree.players == ("Ida", "Otto")
    assert len(tree) == 5
    shown = [line for line in done.stderr.splitlines() if " a second" in line]
    assert shown, done.stderr
    return f"{tokens} tokens in {took:.0f} s, one request; said meanwhile: {shown[-1].strip()}"


def cut(server: Path, folder: Path) -> str:
    """A prompt beyond the context is the service's failure, and the hint says how to start it."""
    model = folder / "scripted.gguf"
    write_model(model, f"{SKETCH}\n\n{fenced(CODE)}")
    with running(server, model, context=512) as port:
        done = nl2efg(folder, f"http://127.0.0.1:{port}/v1", "story.txt", "--model", "scripted")
    assert done.returncode == 3, done.stderr
    assert "llama.cpp: -c" in done.stderr, done.stderr
    return next(line for line in done.stderr.splitlines() if "context" in line)


def models(server: Path, folder: Path) -> str:
    """The server's one model is listed, and needs no name."""
    model = folder / "scripted.gguf"
    write_model(model, f"{SKETCH}\n\n{fenced(CODE)}")
    with running(server, model) as port:
        url = f"http://127.0.0.1:{port}/v1"
        listed = nl2efg(folder, url, "models")
        done = nl2efg(folder, url, "story.txt", "-o", "again.nl2efg")
    assert listed.stdout.split() == ["scripted"], listed.stderr
    assert done.returncode == 0, done.stderr
    return "scripted, which needs no name"


CHECKS: tuple[Callable[[Path, Path], str], ...] = (models, cut, slow)


def main(arguments: Sequence[str]) -> int:
    """Try all of it."""
    server = find_server() or (build_server() if "--build" in arguments else None)
    if server is None:
        print(f"no llama-server: set {VARIABLE}, or say --build", file=sys.stderr)
        return 2
    failed = 0
    for check in CHECKS:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            (folder / "story.txt").write_text(TEXT)
            try:
                print(f"{check.__name__}: {check(server, folder)}", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"{check.__name__} FAILED: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
