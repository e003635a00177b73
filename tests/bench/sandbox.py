"""How long a small game takes in the sandbox, beside a bare subprocess and an in-process exec.

``python tests/bench/sandbox.py [JOBS]`` prints milliseconds, jobs a second and memory. The
subprocess runs the same program with the real pygambit; ``exec`` has it loaded already.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nl2efg.build import Builders, Built

GAME = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Alice", "Bob"], title="A small game")
g.append_move(g.root, "Alice", ["Left", "Right"])
for number, node in enumerate(list(g.root.children)):
    g.append_move(node, "Bob", ["Up", "Down"])
    for place, leaf in enumerate(list(node.children)):
        pay = g.add_outcome(label=f"{number}{place}", payoffs=[number, -place])
        g.set_outcome(leaf, pay)
left, right = list(g.root.children)
g.set_infoset(right, left.infoset)
"""
"""Runs on the installed pygambit as well."""


def milliseconds(run: Callable[[], object], times: int) -> list[float]:
    """How long each run takes."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        found.append(1000 * (time.perf_counter() - started))
    return found


def show(what: str, times: list[float]) -> float:
    """Print a row; returns the median."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    print(f"{what:38} {cuts[49]:9.2f} ms median {cuts[98]:9.2f} ms p99  ({len(times)} runs)")
    return cuts[49]


def cold() -> None:
    """A pool, a game, and the end."""
    with Builders(1) as pool:
        built(pool)


def built(pool: Builders) -> Built:
    """One job."""
    result = pool.build(GAME)
    assert result.ok, result.diagnostics
    return result


def memory(pid: int) -> str:
    """Resident and own memory of a process."""
    fields = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    )
    private = int(fields["Private_Clean"].split()[0]) + int(fields["Private_Dirty"].split()[0])
    return f"{int(fields['Rss'].split()[0]) / 1024:.1f} MiB resident, {private / 1024:.1f} private"


def main(jobs: int) -> None:
    """Print every row."""
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    with Builders(1) as pool:
        built(pool)
        warm = show("sandbox, warm", milliseconds(lambda: built(pool), jobs))
        print(f"{'a worker takes':38} {memory(pool.start().pid)}")
    show("sandbox, cold", milliseconds(cold, 5))
    size = os.cpu_count() or 1
    with Builders(size) as pool, ThreadPoolExecutor(size) as threads:
        list(threads.map(lambda _: built(pool), range(4 * size)))
        started = time.perf_counter()
        list(threads.map(lambda _: built(pool), range(2 * jobs)))
        rate = 2 * jobs / (time.perf_counter() - started)
    print(f"{f'sandbox, {size} workers':38} {rate:9.0f} jobs/s")
    command = [sys.executable, "-c", GAME]
    bare = show(
        "python -c with pygambit",
        milliseconds(lambda: subprocess.run(command, capture_output=True, check=True), 5),
    )
    import pygambit

    own = show(
        f"exec in process, pygambit {pygambit.__version__}",
        milliseconds(lambda: exec(GAME, {"__name__": "__main__"}), jobs),
    )
    print(
        f"a sandboxed game takes 1/{bare / warm:.0f} of a subprocess, {warm / own:.1f} of an exec"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
