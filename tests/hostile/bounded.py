"""A process that works on hostile input, and what it takes, as seen from outside."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]
MEMORY = 1 << 30
"""Bytes that an application may have in memory, whatever it is given."""

SECONDS = 60
"""Processor time after which it hangs; all these inputs take a few seconds."""

_PATIENCE = 300.0

_CEILING = 4 << 30
_PREAMBLE = """
import json, sys
from fractions import Fraction
import nl2efg
from nl2efg.game import TreeBuilder
from nl2efg.models import ScriptedModel
from tests.scripted import fenced
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Args:
        code: its exit code; None if it was ended for taking too long, of the processor or in all.
        seconds: wall time.
        memory: most bytes that it had in memory at once, without its children.
        output, complaint: what it wrote to stdout and to stderr.
    """

    code: int | None
    seconds: float
    memory: int
    output: str
    complaint: str

    @property
    def losses(self) -> list[str]:
        """By what the input won; empty if it did not."""
        found = []
        if self.code is None:
            found.append(f"it hangs after {self.seconds:.0f} s")
        if self.memory > MEMORY:
            found.append(f"{self.memory >> 20} MiB in memory")
        if "Traceback" in self.complaint:
            found.append(self.complaint[-2000:])
        return found


def run_python(code: str, *arguments: str, seconds: int = SECONDS) -> Ended:
    """Run code that has nl2efg, ``TreeBuilder`` and a scripted model at hand."""
    return run([sys.executable, "-", *arguments], seconds=seconds, stdin=_PREAMBLE + code)


def run_command(*arguments: str | Path, seconds: int = SECONDS, folder: Path = TOP) -> Ended:
    """Run the command line."""
    return run(
        [sys.executable, "-m", "nl2efg", *map(str, arguments)], seconds=seconds, folder=folder
    )


def run(
    command: Sequence[str], *, seconds: int = SECONDS, folder: Path = TOP, stdin: str = ""
) -> Ended:
    """Run a command in a process of its own, with an end to what it may take of this machine."""
    paths = [str(TOP / "compiler"), str(TOP), *(p for p in sys.path if "site-packages" in p)]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": ":".join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: _limit(seconds),
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    try:
        output, complaint = process.communicate(stdin, timeout=_PATIENCE)
        code = None if process.returncode == -signal.SIGXCPU else process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        output, complaint = process.communicate()
        code = None
    watcher.join()
    return Ended(code, time.monotonic() - begun, peak[0], output, complaint)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    """The kernel's own high-water mark of the process, as long as it can be read."""
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peak[0] = max(peak[0], int(line.split()[1]) << 10)
        time.sleep(0.02)
