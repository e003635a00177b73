"""A Ray cluster of several machines, all of them this one: ``python -m tests.cluster MACHINES``.

Each machine has one processor. Says the cluster's address and the process ids of the machines, one
word each, when it is up, and takes it down when its standard input closes. A process of its own:
Ray opens sockets by itself, which tests do not.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": token_hex(32),
}
"""For the environment of all who take part: nothing is reported, and nobody else takes part."""

LITTLE = 100 * 2**20


@dataclass(frozen=True)
class Machines:
    """A running cluster.

    Args:
        address: for ``--ray-address``.
        roots: process ids of its machines; all that runs on them descends from these.
    """

    address: str
    roots: tuple[int, ...]

    def processes(self) -> dict[int, str]:
        """Process id and command line of all that runs there now, zombies left out."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
        found: dict[int, str] = {}
        for pid in parents:
            above = pid
            while above in parents and above not in self.roots:
                above = parents[above]
            if above in self.roots and pid not in self.roots:
                found[pid] = command_of(pid)
        return found


def command_of(pid: int) -> str:
    """A process's command line; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    except OSError:
        return ""


@contextmanager
def machines(count: int) -> Iterator[Machines]:
    """A cluster of so many machines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, **QUIET},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address, *roots = process.stdout.readline().split()
        yield Machines(address, tuple(map(int, roots)))
    finally:
        process.stdin.close()
        try:
            process.wait(60)
        finally:
            process.kill()
            process.wait()


def main(count: int) -> None:
    """Bring a cluster up, say where, and take it down at the end of the input."""
    from ray.cluster_utils import Cluster

    options = {
        "num_cpus": 1,
        "object_store_memory": LITTLE,
        "include_dashboard": False,
    }
    cluster = Cluster(initialize_head=True, head_node_args=options)
    try:
        for _ in range(count - 1):
            cluster.add_node(**options)
        raylets = (node.all_processes["raylet"][0].process.pid for node in cluster.list_all_nodes())
        print(cluster.address, *raylets, flush=True)
        sys.stdin.read()
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
