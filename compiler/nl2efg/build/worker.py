"""The worker: a small process that forks one child a job, and ends it.

It is started with exec and an almost empty environment, so nothing the application ever held (keys,
texts, descriptors) is in its memory. It loads what generated code may import, checks that it has
one thread, finds out which layers of protection hold here, and then serves jobs from its socket,
one at a time. It never runs generated code itself, and ends when the application does.
"""

from __future__ import annotations

import gc
import hashlib
import hmac
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from nl2efg.build import kernel, probe, worker_child
from nl2efg.build.channel_frames import (
    Answer,
    End,
    Hello,
    Layer,
    Request,
    receive_request,
    request_frame,
    send_answer,
    send_hello,
)
from nl2efg.build.limits import MAX_RESULT_BYTES, Limits
from nl2efg.build.policy_rules import MODULES

_FRAME = worker_child.MAC_BYTES + 1
_CHUNK = 1 << 16
_REAP_SECONDS = 0.002
_OTHERS = ("encodings.ascii", "encodings.latin_1", "heapq", "linecache", "traceback", "unicodedata")


def main(descriptor: int, namespaces: bool = False, numpy: bool = False) -> None:
    """Serve jobs until the other end of the socket closes.

    Args:
        descriptor: of the socket.
        namespaces: whether bubblewrap started this process.
        numpy: whether jobs may import numpy.
    """
    stream = socket.socket(fileno=descriptor)
    os.chdir("/")
    os.umask(0o077)
    preload(numpy=numpy)
    kernel.adopt_orphans()
    kernel.hide_memory()
    gc.collect()
    gc.freeze()
    held = held_layers(stream, namespaces)
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 2)
    os.close(quiet)
    send_hello(stream, Hello(held, _threads(), os.getpid()))
    serve(stream)


def preload(*, numpy: bool) -> None:
    """Load everything a job may need, because a job can open no file.

    Afterwards the import system finds only what is loaded.

    Args:
        numpy: whether that includes numpy.
    """
    import_module("nl2efg.build.execute")
    for name in (*MODULES, *_OTHERS):
        if numpy or name.split(".")[0] != "numpy":
            with suppress(ImportError):
                import_module(name)
    if numpy:
        _warm_up_numpy()
    for _ in range(3):  # the interpreter tunes code that has run
        worker_child.warm_up()
    sys.path.clear()
    sys.meta_path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()


def _warm_up_numpy() -> None:
    """Touch the parts of numpy that it loads when they are first used."""
    try:
        import numpy as np
    except ImportError:
        return
    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    str((matrix, repr(np.linalg.solve(matrix, matrix)), np.random.default_rng(0).random()))
    np.random.seed(0)
    (matrix @ matrix).astype(int).tolist()


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def held_layers(stream: socket.socket, namespaces: bool) -> Layer:
    """The layers that hold here, each tried alone in a child."""
    held = Layer.POLICY
    for layer in Layer:
        if layer is Layer.POLICY or (layer is Layer.NAMESPACES and not namespaces):
            continue
        if _try_layer(stream, layer):
            held |= layer
    return held


def serve(stream: socket.socket) -> None:
    """Run jobs until the application is gone. The child of the next is forked while one runs."""
    spare = _Job()
    while True:
        try:
            request = receive_request(stream.recv)
        except (EOFError, OSError):
            spare.stop()
            return
        job = spare if spare.waits() else _Job()
        job.begin(request)
        spare = _Job()
        try:
            job.watch(stream)
            job.stop()
            send_answer(stream, job.answer())
        finally:
            job.finish(spare.pid)


def _try_layer(stream: socket.socket, layer: Layer) -> bool:
    job = _Job(trial=True)
    try:
        job.begin(Request(layer, Limits(wall=5.0), b""))
        job.watch(stream)
    finally:
        job.finish()
    answer = job.answer()
    return answer.end is End.RESULT and answer.result == b"held"


class _Job:
    """A child: it waits for its request, runs it, and is ended."""

    def __init__(self, trial: bool = False) -> None:
        self._limits = Limits()
        self._output, self._result = bytearray(), bytearray()
        self._end: End | None = None
        self._status: int | None = None
        self._cpu, self._memory = 0.0, 0
        self._started = 0.0
        self._key = os.urandom(worker_child.MAC_BYTES)
        self._out, out = os.pipe()
        self._back, back = os.pipe()
        asks, self._ask = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _become_child(trial, parent, self._key, (out, back, asks))
        for descriptor in (out, back, asks):
            os.close(descriptor)

    def waits(self) -> bool:
        """Whether it is there for a request."""
        self._reap(os.WNOHANG)
        if self._status is not None:
            self.finish()
        return self._status is None

    def begin(self, request: Request) -> None:
        """Hand over the request; its time starts."""
        self._limits = request.limits
        self._started = time.monotonic()
        rest = memoryview(request_frame(request))
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
            left = self._started + self._limits.wall - time.monotonic()
            if left <= 0:
                self._end = End.WALL
                return
            for descriptor, _ in poll.poll(1000 * min(left, _REAP_SECONDS if silent else left)):
                if descriptor == stream.fileno():  # nothing is due: the application is gone
                    self.finish()
                    os._exit(0)
                chunk = os.read(descriptor, _CHUNK)
                if not chunk:
                    poll.unregister(descriptor)
                if descriptor == self._out:
                    self._take_output(chunk)
                else:
                    silent = silent or not chunk
                    self._take_result(chunk)
            if silent:
                self._reap(os.WNOHANG)

    def _take_output(self, chunk: bytes) -> None:
        self._output += chunk
        if len(self._output) > self._limits.output:
            del self._output[self._limits.output :]
            self._end = End.OUTPUT

    def _take_result(self, chunk: bytes) -> None:
        self._result += chunk
        if len(self._result) > MAX_RESULT_BYTES + _FRAME:
            self._end = End.OVERSIZED
        elif not chunk and self._result:
            self._end = self._judge()

    def _judge(self) -> End:
        """Whether the bytes on the result pipe are one authentic frame, and of which kind."""
        seal, body = self._result[: worker_child.MAC_BYTES], self._result[worker_child.MAC_BYTES :]
        true_seal = hashlib.blake2b(body, key=self._key, digest_size=worker_child.MAC_BYTES)
        if not body or not hmac.compare_digest(bytes(seal), true_seal.digest()):
            return End.FORGED
        return End.RESULT if body[:1] == worker_child.RESULT else End.UNSEALED

    def stop(self) -> None:
        """End the child; wait for it only where its last words or its status are still needed."""
        if self._status is None:
            self._reap(os.WNOHANG)
        if self._status is None:
            for kill in (os.killpg, os.kill):
                with suppress(ProcessLookupError, PermissionError):
                    kill(self.pid, signal.SIGKILL)
            if self._end is not End.RESULT:
                self._reap(0)
        self._drain()

    def finish(self, keep: int = 0) -> None:
        """Wait for the child, and end what it left behind, but not the child ``keep``."""
        if self._out < 0:
            return
        self.stop()
        if self._status is None:
            self._reap(0)
        _end_orphans(keep)
        for descriptor in (self._out, self._back, self._ask):
            if descriptor >= 0:
                os.close(descriptor)
        self._out = self._back = self._ask = -1

    def _drain(self) -> None:
        os.set_blocking(self._out, False)
        with suppress(OSError):
            while self._end is not End.OUTPUT and (chunk := os.read(self._out, _CHUNK)):
                self._take_output(chunk)

    def _reap(self, options: int) -> None:
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
                status == -signal.SIGKILL and self._cpu >= self._limits.cpu
            )
            end = End.CPU if of_cpu else End.SILENT
        told = end in (End.RESULT, End.UNSEALED)
        return Answer(
            end, status, time.monotonic() - self._started, self._cpu, self._memory,
            bytes(self._output), bytes(self._result[_FRAME:]) if told else b"",
        )  # fmt: skip


def _become_child(trial: bool, parent: int, key: bytes, pipes: worker_child.Pipes) -> NoReturn:
    try:
        in_use = worker_child.prepare(parent, pipes)
        request = worker_child.next_request(warm=not trial)
        tell = worker_child.enter(request, parent, key, in_use)
        if trial:
            tell(b"held" if probe.holds(request.layers) else b"")
        else:
            worker_child.work(request, tell)
    finally:
        os._exit(1)


def _end_orphans(keep: int) -> None:
    """Kill what a child left behind; only without seccomp can there be any."""
    while orphans := [pid for pid in _children() if pid != keep]:
        for orphan in orphans:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(orphan, 0)


def _children() -> list[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []
