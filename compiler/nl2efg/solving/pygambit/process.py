"""A warm process that can be killed, for solvers that cannot be stopped otherwise."""

from __future__ import annotations

import atexit
import json
import subprocess
from contextlib import suppress
from threading import Lock, Thread
from time import perf_counter
from typing import Any

from nl2efg.own_python import own_python

COMMAND = own_python("from nl2efg.solving.pygambit.worker import main; main()")


class ProcessFailedError(Exception):
    """The process did not answer: it ran out of time, died, or reported an error."""


class WarmProcess:
    """One request at a time; a process that misbehaves is killed and a new one is started.

    Args:
        command: what to start; it says ``{}`` when it is ready, then reads requests and writes
            replies as lines of JSON.
    """

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any], deadline: float, share: float = 1.0) -> dict[str, Any]:
        """The reply to a request.

        Args:
            deadline: on the clock of :func:`time.perf_counter`; then the process is killed.
            share: how much of the time that is left once the process is warm the request gets.

        Raises:
            ProcessFailedError: no reply in time, no reply at all, or an error.
        """
        if not self._lock.acquire(timeout=max(deadline - perf_counter(), 0.0)):
            raise ProcessFailedError("the solver process is busy")
        try:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._start(deadline)
            now = perf_counter()
            line = self._exchange(process, json.dumps(request), now + share * (deadline - now))
        finally:
            self._lock.release()
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError:
            self.kill()
            raise ProcessFailedError("the solver's reply cannot be read") from None
        if "error" in reply:
            raise ProcessFailedError(str(reply["error"]).splitlines()[0][:200])
        return reply

    def _start(self, deadline: float) -> subprocess.Popen[str]:
        """A new process, once it has said that it is ready."""
        process = self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._exchange(process, None, deadline)
        return process

    def _exchange(
        self, process: subprocess.Popen[str], request: str | None, deadline: float
    ) -> str:
        """Send a line, if any, and read one."""
        replies: list[str] = []
        talk = Thread(target=_talk, args=(process, request, replies), daemon=True)
        talk.start()
        talk.join(max(deadline - perf_counter(), 0.0))
        if talk.is_alive():
            self.kill()
            raise ProcessFailedError("out of time")
        if not replies or not replies[0].endswith("\n"):
            self.kill()
            raise ProcessFailedError(f"the solver crashed (exit status {process.returncode})")
        return replies[0]

    def kill(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _talk(process: subprocess.Popen[str], request: str | None, replies: list[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError, ValueError):  # the process may die or be killed at any point
        if request is not None:
            process.stdin.write(request + "\n")
            process.stdin.flush()
        replies.append(process.stdout.readline())


GAMBIT = WarmProcess(COMMAND)
atexit.register(GAMBIT.kill)
