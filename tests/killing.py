"""Programs that are killed: a batch again and again, a command at each step."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nl2efg.batch import read_rows
from tests.fakes.openai_server import FakeService
from tests.fakes.ordinal_games import asked, author, story

LATENCY = 0.05

KILLED_AT = """
import os, signal, sys

left = int(sys.argv[1])


def counted(real):
    def call(*given, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return real(*given, **named)

    return call


for name in ("mkdir", "replace", "rename", "fsync", "unlink", "rmdir"):
    setattr(os, name, counted(getattr(os, name)))
from nl2efg.cli import main

main(sys.argv[2:])
"""
"""A program that dies at the so-manieth step with which it changes a folder."""


def write_corpus(file: Path, count: int) -> Path:
    """So many stories as JSON lines."""
    lines = (json.dumps({"id": f"g{i}", "text": story(i)}) for i in range(count))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def start(corpus: Path, run: Path, url: str, *more: str) -> subprocess.Popen[str]:
    """The command, as a user starts it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NL2EFG_", "OPENAI_"))}
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "nl2efg", "batch", str(corpus), "-o", str(run)),
            *("--base-url", url, "--model", "fake", *more),
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=kept,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str], code: int = 0) -> str:
    """Wait for its end; what it said on stderr."""
    try:
        said = process.communicate(timeout=300)[1]
    finally:
        process.kill()
    assert process.returncode == code, said
    return said


def stored(run: Path) -> set[tuple[str, str]]:
    """Unit and call of every whole stored reply; the two together are never stored twice."""
    found = set()
    for file in (run / "parts").glob("replies-*.jsonl"):
        for line in file.read_bytes().split(b"\n")[:-1]:
            entry = json.loads(line)
            pair = (entry["unit"], entry["call"])
            assert pair not in found, "a stored reply was paid for again"
            found.add(pair)
    return found


def rows(run: Path) -> list[dict[str, Any]]:
    """The results, for comparisons between runs: keys tell the servers' ports apart."""
    return [row.model_dump(exclude={"key", "seconds"}) for row in read_rows(run)]


def kill_and_resume(folder: Path, texts: int, kills: int, seed: int) -> Sequence[int]:
    """Kill a run with -9 at random instants, resume it each time, and compare.

    Returns:
        How many replies were stored at each kill.
    """
    chance = random.Random(seed)
    corpus = write_corpus(folder / "corpus.jsonl", texts)
    with FakeService(author(LATENCY)) as service:
        process = start(corpus, folder / "whole", service.base_url)
        while not service.requests and process.poll() is None:
            time.sleep(0.01)
        begun = time.monotonic()
        finish(process)
        each = (time.monotonic() - begun) / kills
        undisturbed = len(service.requests)
    assert undisturbed == 2 * texts
    counts: list[int] = []
    with FakeService(author(LATENCY)) as service:
        while len(counts) < kills:
            seen = len(service.requests)
            process = start(corpus, folder / "killed", service.base_url)
            # Begun to ask, or at its end; then a moment that no one chose.
            while len(service.requests) == seen and process.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 2 * each))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            counts.append(len(stored(folder / "killed")))
        finish(start(corpus, folder / "killed", service.base_url))
        requests = [asked(received) for received in service.requests]
    assert len(stored(folder / "killed")) == undisturbed
    # What was under way at a kill is asked again; at most all calls that may be at once.
    assert len(requests) - len(set(requests)) <= 32 * kills
    assert rows(folder / "killed") == rows(folder / "whole")
    return counts
