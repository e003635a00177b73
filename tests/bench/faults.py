"""A run with faults at every stage beside an undisturbed one.

``python -m tests.bench.faults [TEXTS]``; 10,000 by default.

The service fails on every eighth request: too many, errors of its own, bodies cut in the middle or
emptied, connections dropped. Each start of the disturbed run meets one fault of the machine: it is
killed with -9 at a moment nobody chose, its disk is full after so many bytes, the wall clock jumps
by years in both directions, the end of a part is torn off, or a line of a part is damaged. Then the
same command goes on. At the end the rows must equal those of the undisturbed run; replies that were
paid for twice are counted by fault.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tests.fakes.openai_server import (
    FakeService,
    Received,
    Step,
    choose,
    drop,
    half,
    raw,
    status,
)
from tests.fakes.ordinal_games import asked, author
from tests.killing import rows, write_corpus

TROUBLES: tuple[Step, ...] = (
    status(429, retry_after_ms="20"),
    status(500),
    status(503, retry_after_ms="20"),
    drop,
    half,
    raw(b"", Content_Type="application/json"),
    raw(b'{"id": "x", "choices": [{"mess', Content_Type="application/json"),
)
EVERY = 8
GOES_ON = (0, 2, 3, -signal.SIGKILL)
"""Ends of a start after which the same command goes on: done, a full disk, a service in trouble."""

FAULTS = ("kill", "full disk", "clock", "torn", "damage")

_DRIVER = """\
import os, random, resource, signal, sys, time
fault, room = sys.argv[1], int(sys.argv[2])
if fault == "full disk":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
if fault == "clock":
    real, chance = time.time, random.Random(1)
    time.time = lambda: real() + chance.choice((-3e8, 0.0, 3e8))
from nl2efg.cli import main
sys.exit(main(sys.argv[3:]))
"""


class TroubledService:
    """Steps of a server that fails now and then, and what it was asked and did answer."""

    def __init__(self, *, trouble: bool) -> None:
        self.trouble = trouble
        self.answered: Counter[tuple[int, str]] = Counter()
        self._count = 0
        self._lock = threading.Lock()

    def step(self, received: Received) -> Step:
        """What happens to one request."""
        with self._lock:
            self._count += 1
            if self.trouble and self._count % EVERY == 0:
                return TROUBLES[self._count // EVERY % len(TROUBLES)]
            self.answered[asked(received)] += 1
        return author()

    @property
    def repeated(self) -> int:
        """Answers that were given before."""
        return sum(count - 1 for count in self.answered.values())


def _largest(run: Path) -> int:
    return max((file.stat().st_size for file in run.glob("parts/*.jsonl")), default=0)


def _start(fault: str, corpus: Path, run: Path, url: str) -> subprocess.Popen[str]:
    room = _largest(run) + 400_000
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NL2EFG_", "OPENAI_"))}
    command = ["batch", str(corpus), "-o", str(run), "-q", "--base-url", url, "--model", "fake"]
    return subprocess.Popen(
        [sys.executable, "-c", _DRIVER, fault, str(room), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=kept,
        start_new_session=True,
    )


def _spoil(fault: str, run: Path, chance: random.Random) -> None:
    """Tear the end of a part off, or damage a line within."""
    files = [file for file in sorted(run.glob("parts/*.jsonl")) if file.stat().st_size > 4096]
    if not files:
        return
    file = chance.choice(files)
    size = file.stat().st_size
    if fault == "torn":
        os.truncate(file, size - chance.randrange(1, 200))
    else:
        with file.open("r+b") as opened:
            opened.seek(chance.randrange(size // 4, size // 2))
            opened.write(b"\0" * 20)


def disturb(folder: Path, texts: int, seed: int) -> None:
    """Both runs, and what they came to."""
    chance = random.Random(seed)
    corpus = write_corpus(folder / "corpus.jsonl", texts)
    calm = TroubledService(trouble=False)
    with FakeService(choose(calm.step)) as service:
        begun = time.monotonic()
        process = _start("none", corpus, folder / "calm", service.base_url)
        _, said = process.communicate()
        if process.returncode:
            raise SystemExit(said)
        took = time.monotonic() - begun
    print(f"undisturbed: {texts:,} texts in {took:.0f} s", flush=True)
    rough = TroubledService(trouble=True)
    repeated: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    starts = 0
    with FakeService(choose(rough.step)) as service:
        while True:
            fault = FAULTS[starts % len(FAULTS)] if starts < 4 * len(FAULTS) else "none"
            starts, before = starts + 1, rough.repeated
            if fault in ("torn", "damage"):
                _spoil(fault, folder / "rough", chance)
            process = _start(fault, corpus, folder / "rough", service.base_url)
            if fault in ("kill", "torn", "damage", "clock"):
                try:
                    process.wait(chance.uniform(2.0, 2.0 + took / 5))
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
            _, said = process.communicate()
            if "Traceback" in said:
                raise SystemExit(f"{fault}: {said}")
            codes[f"{fault}: {process.returncode}"] += 1
            repeated[fault] += rough.repeated - before
            # A text that did not reach the service makes it 3, and the same command goes on.
            if process.returncode == 0 and fault == "none":
                break
            if process.returncode not in GOES_ON:
                raise SystemExit(f"{fault}: exit {process.returncode}: {said}")
            if starts > 60:
                raise SystemExit(f"no end in sight: {said}")
    same = rows(folder / "calm") == rows(folder / "rough")
    print(f"disturbed: {starts} starts; exit codes {dict(codes)}")
    print(f"answers given twice, by the fault of their start: {dict(repeated)}")
    print("rows equal" if same else "ROWS DIFFER")
    if not same:
        raise SystemExit(1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        disturb(Path(made), int(sys.argv[1]) if sys.argv[1:] else 10_000, seed=1)
