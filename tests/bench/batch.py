"""Batches at scale, by hand: ``python -m tests.bench.batch speed|memory|kill|replies``.

``speed [TEXTS]`` converts texts against a fake server and prints games a second and the share of
the time that is not the server's; ``memory`` compares the peak at 1,000 texts with that at 10,000;
``kill`` kills a run of 500 texts 20 times; ``replies FILE`` replays recorded replies beside one
process each.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.openai_server import FakeService
from tests.fakes.ordinal_games import author
from tests.killing import kill_and_resume, write_corpus

LATENCY = 0.3
WORKERS = 32
PEAK = """\
import resource, sys
from nl2efg.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, end.code or 0)
"""


def _batch(*arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of one command."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "batch", "-q", *arguments], capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    found = re.search(r"peak (\d+) 0$", done.stdout.strip())
    if not found:
        raise SystemExit(done.stderr)
    return seconds, int(found[1]) / 1024


def speed(texts: int) -> float:
    """One run; its peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder, FakeService(author(LATENCY)) as service:
        corpus = write_corpus(Path(folder) / "corpus.jsonl", texts)
        run = Path(folder) / "run"
        seconds, peak = _batch(
            *(str(corpus), "-o", str(run), "--base-url", service.base_url, "--model", "fake"),
            *("--workers", str(WORKERS)),
        )
        summary = json.loads((run / "summary.json").read_text())
        waiting = len(service.requests) * LATENCY / WORKERS
    print(
        f"{texts:,} texts: {summary['compiled']:,} compiled, {summary['failed']:,} failed; "
        f"{texts / seconds:.1f} games/s, peak {peak:.0f} MiB; {1 - waiting / seconds:.0%} of the "
        f"time beyond the server's own ({LATENCY} s a call, {WORKERS} at once)"
    )
    return peak


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
    """All replies in one run, beside a process for each of the first 20."""
    count = sum(1 for line in file.open("rb") if line.strip())
    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = _batch("--replies", str(file), "-o", f"{folder}/run", "--no-solve")
        begun = time.perf_counter()
        for number, line in zip(range(20), file.open("rb"), strict=False):
            one = Path(folder) / "one.jsonl"
            one.write_bytes(line)
            _batch("--replies", str(one), "-o", f"{folder}/{number}", "--no-solve")
        each = (time.perf_counter() - begun) / 20
    print(
        f"{count} replies built, checked, drawn and compared in {seconds:.1f} s, "
        f"{count / seconds:.0f}/s; one process each: {1 / each:.1f}/s, "
        f"{count / seconds * each:.0f} times slower"
    )


if __name__ == "__main__":
    what, *given = sys.argv[1:] or ["help"]
    if what == "speed":
        speed(int(given[0]) if given else 1_000)
    elif what == "memory":
        memory()
    elif what == "kill":
        kill()
    elif what == "replies" and given:
        replies(Path(given[0]))
    else:
        raise SystemExit(__doc__)
