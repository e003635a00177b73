"""The worker's side of one job: it forks the child, watches it, ends it, and says how that went."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cache

from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.protocol.frames import Answer, End, Layer, Request, Told
from nl2efg.sandbox.protocol.pages import Pages
from nl2efg.sandbox.worker import child as worker_child
from nl2efg.sandbox.worker.child import KEY_BYTES, LOCKED, RESULT, SEAL_BYTES, UNSEALED, Child, seal

_FRAME = SEAL_BYTES + 1  # without the body
_BLOCK = 128  # bytes that blake2b takes at once
_REAP_SECONDS = 0.002
_PAGE = os.sysconf("SC_PAGE_SIZE")
_UNKNOWN_SPACE = 1 << 30


class Job:
    """A child, confined: it is forked, waits for its code, runs it, and is ended.

    Args:
        layers: the layers around it.
        limits: what it may use.
        trial: whether it only tries whether its layer holds.
        idles: whether there is little to do, and the child may warm up while it waits.
    """

    def __init__(
        self, layers: Layer, limits: Limits, *, trial: bool = False, idles: bool = False
    ) -> None:
        self.layers, self.limits = layers, limits
        self._output, self._result = Pages(), Pages()
        self._begun = 0  # where in the result the frame begins that counts
        self._end: End | None = None
        self._status: int | None = None
        self._cpu, self._memory = 0.0, 0
        self._started = 0.0
        self._key = os.urandom(KEY_BYTES)
        self._locked = False
        self._out, out = os.pipe()
        self._back, back = os.pipe()
        asks, self._ask = os.pipe()
        bounds = worker_child.bounds(limits, _address_space())
        pipes = (out, back, asks)
        self.child = Child(int(layers), limits, self._key, os.getpid(), bounds, pipes, idles)
        self.trial = trial
        self.pid = 0

    def let_go(self) -> None:
        """Close what is the child's, once it is forked."""
        for descriptor in self.child.pipes:
            os.close(descriptor)

    def fits(self, request: Request) -> bool:
        """Whether it is there, and on the terms of this request."""
        self._reap(os.WNOHANG)
        same = (self.layers, self.limits) == (request.layers, request.limits)
        return same and self._status is None

    def begin(self, code: Told) -> None:
        """Hand over the code; the job's time starts."""
        self._started = time.monotonic()
        rest = memoryview(code)
        with suppress(BrokenPipeError):  # it died, and watching it will tell
            while rest:
                rest = rest[os.write(self._ask, rest) :]
        os.close(self._ask)
        self._ask = -1

    def watch(self, stream: socket.socket) -> None:
        """Collect what the child says until it ends or reaches a limit."""
        poll = select.poll()
        for descriptor in (self._out, self._back, stream.fileno()):
            poll.register(descriptor, select.POLLIN)
        silent = False
        while self._end is None and self._status is None:
            left = self._started + self.limits.wall - time.monotonic()
            if left <= 0:
                self._end = End.WALL
                return
            for descriptor, _ in poll.poll(1000 * min(left, _REAP_SECONDS if silent else left)):
                if descriptor == stream.fileno():  # nothing is due: the application is gone
                    self.finish()
                    end_orphans()
                    os._exit(0)
                if descriptor == self._out:
                    more = self._take_output()
                else:
                    more = self._take_result()
                    silent = silent or not more
                if not more:
                    poll.unregister(descriptor)
            if silent:
                self._reap(os.WNOHANG)

    def _take_output(self) -> int:
        more = self._output.read(self._out)
        if len(self._output) > self.limits.output:
            self._output.cut(self.limits.output)
            self._end = End.OUTPUT
        return more

    def _take_result(self) -> int:
        more = self._result.read(self._back)
        if not self._locked and self._result.view()[:_FRAME] == self._frame(LOCKED):
            self._locked = True
            self._begun = _FRAME
        said = len(self._result) - self._begun
        if said > self.limits.result + _FRAME:
            self._end = End.OVERSIZED
        elif not more and said:
            self._end = self._judge()
        return more

    def _judge(self) -> End:
        """Whether the bytes on the result pipe are one authentic frame, and due at this time.

        Code may have found the key in its own memory. But it never runs in a child that is not
        locked, so it cannot make this process believe that it did not run.
        """
        kind, end = (RESULT, End.RESULT) if self._locked else (UNSEALED, End.UNSEALED)
        said = self._result.view(self._begun)
        body = said[SEAL_BYTES:]
        # Compared in plain time: a key is good for one guess.
        sealed = body[:1] == kind and said[:SEAL_BYTES] == seal(self._key, body)
        seal(self._key, bytes(2 * _BLOCK))  # over the last block, where the hash was at work on it
        return end if sealed else End.FORGED

    def _frame(self, body: bytes) -> bytes:
        return seal(self._key, body) + body

    def stop(self) -> None:
        """End the child; wait for it only where its last words or its status are still needed."""
        self._reap(os.WNOHANG)
        if self._status is None:
            for kill in (os.killpg, os.kill):
                with suppress(ProcessLookupError, PermissionError):
                    kill(self.pid, signal.SIGKILL)
            if self._end is not End.RESULT:
                self._reap(0)
        self._drain()

    def finish(self) -> None:
        """Wait for the child's end; nothing of it is left in this process."""
        if self._out < 0:
            return
        self.stop()
        self._reap(0)
        for descriptor in (self._out, self._back, self._ask):
            if descriptor >= 0:
                os.close(descriptor)
        self._out = self._back = self._ask = -1

    def _drain(self) -> None:
        os.set_blocking(self._out, False)
        with suppress(OSError):
            while self._end is not End.OUTPUT and self._take_output():
                pass

    def _reap(self, options: int) -> None:
        if self._status is not None:
            return
        pid, status, used = os.wait4(self.pid, options)
        if pid:
            self._status = os.waitstatus_to_exitcode(status)
            self._cpu = used.ru_utime + used.ru_stime
            self._memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def answer(self) -> Answer:
        """How it ended."""
        status = self._status or 0
        end = self._end
        if end is None:
            of_cpu = status == -signal.SIGXCPU or (
                status == -signal.SIGKILL and self._cpu >= self.limits.cpu
            )
            end = End.CPU if of_cpu else End.SILENT
        told = end in (End.RESULT, End.UNSEALED)
        return Answer(
            end, status, time.monotonic() - self._started, self._cpu, self._memory,
            self._output.view(), self._result.view(self._begun + _FRAME) if told else b"",
        )  # fmt: skip


def fork(jobs: Sequence[Job]) -> None:
    """Fork the children of these jobs, one right after the other.

    With each fork all pages of this process are shared anew, and each that it then writes is
    copied: so what is to be done for a job is done before the first fork, or after the last.
    """
    for job in jobs:
        job.pid = os.fork()
        if job.pid == 0:
            worker_child.be(job.child, trial=job.trial)
    for job in jobs:
        job.let_go()


def end_orphans(keep: Collection[int] = ()) -> None:
    """Kill what children left behind, but not those to keep; with seccomp there is nothing."""
    while orphans := [pid for pid in _children() if pid not in keep]:
        for orphan in orphans:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(orphan, 0)


def _children() -> list[int]:
    return [int(word) for word in _told(f"/proc/self/task/{os.getpid()}/children").split()]


def _address_space() -> int:
    """Bytes of address space in use, by this process and so by a child of it."""
    sizes = _told("/proc/self/statm").split()
    return int(sizes[0]) * _PAGE if sizes else _UNKNOWN_SPACE


def _told(path: str) -> bytes:
    """What the system says of this process; nothing where it does not."""
    descriptor = _opened(path)
    return b"" if descriptor is None else os.pread(descriptor, 1 << 16, 0)


@cache
def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
