"""Batches at scale, by hand: ``python -m tests.bench.batch speed|memory|ray|kill|replies``.

``speed [TEXTS]`` converts texts against a fake server and prints games a second, the share of the
time that is not the server's, and processor time a game; ``memory`` compares the peak at 1,000
texts with that at 10,000; ``ray [TEXTS]`` runs both engines on this machine; ``kill`` kills a run
of 500 texts 20 times; ``replies FILE`` replays recorded replies, without solving and with it,
beside one process each.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.openai_server import FakeService
from tests.fakes.ordinal_games import author
from tests.killing import kill_and_resume, write_corpus

LATENCY = 0.3
WORKERS = 32
ALONE = 20
"""Replies that get a process each, spread over the file."""

PEAK = """\
import resource, sys
from nl2efg.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, end.code or 0)
"""


@dataclass(frozen=True)
class Measured:
    """What one command took: seconds, seconds of processors, and its own peak in MiB.

    Processor time is that of the command with the processes that it started, but for a cluster's;
    the peak is without them.
    """

    seconds: float
    processor: float
    peak: float


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _batch(*arguments: str) -> Measured:
    begun, used = time.perf_counter(), _processor()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "batch", "-q", *arguments], capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    found = re.search(r"peak (\d+) 0$", done.stdout.strip())
    if not found:
        raise SystemExit(done.stderr)
    return Measured(seconds, _processor() - used, int(found[1]) / 1024)


def speed(texts: int, *more: str) -> float:
    """One run; its peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder, FakeService(author(LATENCY)) as service:
        corpus = write_corpus(Path(folder) / "corpus.jsonl", texts)
        run = Path(folder) / "run"
        took = _batch(
            *(str(corpus), "-o", str(run), "--base-url", service.base_url, "--model", "fake"),
            *("--workers", str(WORKERS), *more),
        )
        summary = json.loads((run / "summary.json").read_text())
        waiting = len(service.requests) * LATENCY / WORKERS
    print(
        f"{texts:,} texts: {summary['compiled']:,} compiled, {summary['failed']:,} failed; "
        f"{texts / took.seconds:.1f} games/s, peak {took.peak:.0f} MiB; "
        f"{1 - waiting / took.seconds:.0%} of the time beyond the server's own ({LATENCY} s a "
        f"call, {WORKERS} at once); {1000 * took.processor / texts:.1f} ms of processor a game",
        flush=True,
    )
    return took.peak


def memory() -> None:
    """The peak at 10,000 beside that at 1,000."""
    small = speed(1_000)
    print(f"peak at 10,000 / at 1,000: {speed(10_000) / small:.2f}")


def kill() -> None:
    """20 kills in 500 texts."""
    with tempfile.TemporaryDirectory() as folder:
        counts = kill_and_resume(Path(folder), texts=500, kills=20, seed=1)
    print(f"stored replies at the kills: {counts}; the results equal the undisturbed run's")


def replies(file: Path) -> None:
    """All replies in one run, beside a process for each of some of them."""
    lines = [line for line in file.read_bytes().splitlines(keepends=True) if line.strip()]
    for solving in ("--no-solve", "--solve"):
        with tempfile.TemporaryDirectory() as folder:
            took = _batch("--replies", str(file), "-o", f"{folder}/run", solving)
            begun = time.perf_counter()
            alone = lines[:: max(1, len(lines) // ALONE)][:ALONE]
            for number, line in enumerate(alone):
                one = Path(folder) / "one.jsonl"
                one.write_bytes(line)
                _batch("--replies", str(one), "-o", f"{folder}/{number}", solving)
            each = (time.perf_counter() - begun) / len(alone)
            summary = json.loads((Path(folder) / "run/summary.json").read_text())
        print(
            f"{solving}: {len(lines)} replies built, checked, drawn and compared in "
            f"{took.seconds:.1f} s, {len(lines) / took.seconds:.0f}/s ({summary['compiled']} "
            f"games, {summary['solved']} solved); one process each: {1 / each:.1f}/s, "
            f"{len(lines) / took.seconds * each:.0f} times slower",
            flush=True,
        )


if __name__ == "__main__":
    what, *given = sys.argv[1:] or ["help"]
    if what == "speed":
        speed(int(given[0]) if given else 1_000)
    elif what == "memory":
        memory()
    elif what == "ray":
        speed(int(given[0]) if given else 1_000)
        speed(int(given[0]) if given else 1_000, "--engine", "ray")
    elif what == "kill":
        kill()
    elif what == "replies" and given:
        replies(Path(given[0]))
    else:
        raise SystemExit(__doc__)
