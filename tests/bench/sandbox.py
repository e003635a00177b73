"""How long a small game takes in the sandbox, beside a bare subprocess and an in-process exec.

``python tests/bench/sandbox.py [JOBS]`` prints milliseconds, jobs a second, processor time and
where it goes, and memory. The subprocess runs the same program with the real pygambit; ``exec`` has
it loaded already. Processor time hardly changes when the machine has other work; the rest does.
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

from nl2efg.dialect.execution import prepare, run
from nl2efg.dialect.modules import installed
from nl2efg.sandbox import Builders, Limits
from nl2efg.sandbox.policy import reader as policy
from nl2efg.sandbox.protocol.encoding import decode, encode
from nl2efg.schema.built import Built

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
    """Of a worker and the children that wait in it; what they share counts once."""
    time.sleep(1)  # for the last job's child to end, and the next ones to get ready
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    try:
        own, *waiting = (_proportional(one) for one in (pid, *map(int, children)))
    except PermissionError:
        return "unknown: only root may see it"
    return (
        f"{own + sum(waiting):.1f} MiB, {sum(waiting):.1f} of it in {len(waiting)} waiting children"
    )


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def spent(pid: int) -> tuple[float, float, float]:
    """Processor milliseconds so far: of this process, of a worker, and of its ended children."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
    own, system, children, of_children = (1000 * int(t) / os.sysconf("SC_CLK_TCK") for t in ticks)
    return 1000 * time.process_time(), own + system, children + of_children


def warm(jobs: int) -> float:
    """One worker, one job after the other; returns the median."""
    with Builders(1) as pool:
        for _ in range(10):
            built(pool)
        pid = pool.start().pid
        before = spent(pid)
        median = show("sandbox, warm", milliseconds(lambda: built(pool), jobs))
        parts = [(after - b) / jobs for after, b in zip(spent(pid), before, strict=True)]
        show("sandbox, warm, a pause before each job", paused(pool, max(jobs // 10, 10)))
        total = sum(parts)
        print(f"{'processor time of a job':38} {total:9.2f} ms")
        for what, part in zip(("application", "worker", "child"), parts, strict=True):
            print(f"{'  ' + what:38} {part:9.2f} ms {part / total:6.0%}")
        print(f"{'a worker takes':38} {memory(pid)}")
        pool.build("import numpy\n" + GAME)
        print(f"{'a worker with numpy takes':38} {memory(pool._idle[-1].pid)}")
    return median


def paused(pool: Builders, times: int) -> list[float]:
    """As when a model thinks between the jobs: the next child has the time to get ready."""
    found = []
    for _ in range(times):
        time.sleep(0.4)
        found += milliseconds(lambda: built(pool), 1)
    return found


def pure_work() -> None:
    """What a job computes, in one process that has done it before: the rest is isolation."""
    program = prepare(GAME)
    with installed():
        done = run(program, max_nodes=1000)
        given = encode(done)
        assert done.game is not None
        game = done.game
        steps: dict[str, Callable[[], object]] = {
            "parse": lambda: prepare(GAME),
            "policy": lambda: policy.check(prepare(GAME).tree),
            "run": lambda: run(prepare(GAME), max_nodes=1000),
            "encode": lambda: encode(done),
            "decode, tree": lambda: (decode(given, Limits()), game.to_tree()),
        }
        least = {name: min(milliseconds(step, 200)) for name, step in steps.items()}
    least["policy"] -= least["parse"]
    least["run"] -= least["parse"]
    print(f"{'the same work in a process that has':38} {sum(least.values()):9.2f} ms least")
    print(f"{'  done it before':38} " + ", ".join(f"{n} {t:.2f}" for n, t in least.items()))


def rate(jobs: int) -> None:
    """As many workers as processors, all busy."""
    size = os.cpu_count() or 1
    with Builders(size) as pool, ThreadPoolExecutor(size) as threads:
        list(threads.map(lambda _: built(pool), range(4 * size)))
        started = time.perf_counter()
        list(threads.map(lambda _: built(pool), range(2 * jobs)))
        found = 2 * jobs / (time.perf_counter() - started)
    print(f"{f'sandbox, {size} workers':38} {found:9.0f} jobs/s")


def main(jobs: int) -> None:
    """Print every row."""
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    median = warm(jobs)
    pure_work()
    show("sandbox, cold", milliseconds(cold, 10))
    rate(jobs)
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
    print(f"a sandboxed game takes 1/{bare / median:.0f} of a subprocess", end=", ")
    print(f"{median / own:.1f} of an exec")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
