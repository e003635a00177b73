"""The sandbox inside all sorts of programs: each gets its games, and leaves no process behind."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.hostile.programs import BENIGN, GAME

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are seen in /proc"),
]

_ADOPT_ORPHANS = 36
_START = f"""
import asyncio, multiprocessing, os, sys, threading, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
import nl2efg
from nl2efg.sandbox import Builders, abuild, build
GAME, NUMPY = {GAME!r}, {BENIGN["numpy payoffs"]!r}

def nodes(code=GAME):
    return len(build(code).tree)
"""

PROGRAMS = {
    "threads": """
with ThreadPoolExecutor(6) as threads:
    assert set(threads.map(nodes, [GAME] * 20)) == {3}
""",
    "threads, each with a pool of its own that nobody closes": """
def own(_):
    return len(Builders(1).build(GAME).tree)
with ThreadPoolExecutor(3) as threads:
    assert set(threads.map(own, range(6))) == {3}
""",
    "tasks": """
async def main():
    found = await asyncio.gather(*(abuild(code) for code in [GAME, NUMPY] * 5))
    assert all(built.ok for built in found)
asyncio.run(main())
""",
    "a loop that runs, as in a notebook": """
loop = asyncio.new_event_loop()
def cell():
    assert asyncio.get_running_loop() is loop
    assert nl2efg.build(GAME).ok
    loop.create_task(other_cell())
async def other_cell():
    assert (await abuild(GAME)).ok
    loop.stop()
loop.call_soon(cell)
loop.run_forever()
""",
    "a task that is cancelled": """
async def main():
    task = asyncio.create_task(abuild("while True: pass"))
    await asyncio.sleep(0.5)
    task.cancel()
    assert (await abuild(GAME)).ok
asyncio.run(main())
os._exit(0)
""",
    "forked processes": """
assert nodes() == 3
with multiprocessing.get_context("fork").Pool(2) as processes:
    assert processes.map(nodes, [GAME] * 6) == [3] * 6
assert nodes() == 3
""",
    "spawned processes": """
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        assert list(processes.map(nodes, [GAME] * 4)) == [3] * 4
""",
    "a fork that forgets": """
assert nodes() == 3
if os.fork() == 0:
    os._exit(0 if nodes() == 3 else 1)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
assert nodes() == 3
""",
    "an exit in the middle of a job": """
threading.Thread(target=build, args=("while True: pass",), daemon=True).start()
time.sleep(0.7)
os._exit(0)
""",
}


@pytest.fixture
def adopted() -> Iterator[None]:
    """What the programs leave behind becomes a child of this process."""
    libc = ctypes.CDLL(None)
    libc.prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    yield
    libc.prctl(_ADOPT_ORPHANS, 0, 0, 0, 0)


def children() -> set[int]:
    """Processes that this one has started or adopted."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found.update(map(int, (task / "children").read_text().split()))
    return found


def runs(pid: int) -> bool:
    """Whether it is more than a dead process that waits to be asked for."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False


def left_behind(before: set[int]) -> set[int]:
    """What still runs a while later; the dead are buried."""
    until = time.monotonic() + 10
    while any(map(runs, children() - before)) and time.monotonic() < until:
        time.sleep(0.05)
    left = {pid for pid in children() - before if runs(pid)}
    for pid in children() - before - left:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
    return left


def test_orphans_are_seen(adopted: None) -> None:
    before = children()
    program = "import subprocess; subprocess.Popen(['sleep', '600'])"
    subprocess.run([sys.executable, "-c", program], check=True)
    (orphan,) = children() - before
    assert runs(orphan)
    os.kill(orphan, 9)
    assert left_behind(before) == set()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_builds_and_leaves_nothing(name: str, adopted: None, tmp_path: Path) -> None:
    before = children()
    script = tmp_path / "program.py"
    script.write_text(_START + PROGRAMS[name], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert left_behind(before) == set()


def test_workers_of_pytest_xdist(adopted: None, tmp_path: Path) -> None:
    before = children()
    tests = "".join(f"def test_{n}():\n    assert nodes() == 3\n" for n in range(6))
    (tmp_path / "test_it.py").write_text(_START + tests, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
    assert left_behind(before) == set()
