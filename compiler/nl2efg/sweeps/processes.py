"""Processes that solve points: started by their module, so that no caller's script runs again.

``multiprocessing`` would import the caller's main module in every process, or fork one that has
threads; this is a pipe each, with one job under way.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from queue import SimpleQueue
from typing import Any

from nl2efg.errors import UserError
from nl2efg.own_python import own_python
from nl2efg.sweeps.point import solve_chunk


class Process:
    """A process that does one job after the other."""

    def __init__(self) -> None:
        command = own_python("from nl2efg.sweeps.processes import serve; serve()")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, job: Any) -> Any:
        """The job's result.

        Raises:
            UserError: the process ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(job, self._process.stdin)
            self._process.stdin.flush()
            done, result = pickle.load(self._process.stdout)
        except (OSError, EOFError):
            raise UserError(
                "a process of the sweep ended before it was done",
                hint="there may be too little memory: try --workers 1; what is done is kept",
            ) from None
        if not done:
            raise result
        return result

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def results(jobs: Iterable[Any], count: int) -> Iterator[Any]:
    """The results of jobs, as they are finished, by so many processes."""
    processes = [Process() for _ in range(count)]
    idle: SimpleQueue[Process] = SimpleQueue()
    for process in processes:
        idle.put(process)

    def run(job: Any) -> Any:
        process = idle.get()
        try:
            return process.run(job)
        finally:
            idle.put(process)

    rest = iter(jobs)
    with ThreadPoolExecutor(count) as threads:
        try:
            waiting: set[Future[Any]] = {threads.submit(run, j) for j in islice(rest, 2 * count)}
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                waiting |= {threads.submit(run, j) for j in islice(rest, len(finished))}
        finally:
            for process in processes:
                process.close()
            threads.shutdown(wait=False, cancel_futures=True)


def serve() -> None:
    """Be such a process: jobs come in on stdin, results go out on what was stdout."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, solve_chunk(job))
        except Exception as error:  # noqa: BLE001 - the caller raises it
            answer = (False, error)  # type: ignore[assignment]
        pickle.dump(answer, out)
        out.flush()
