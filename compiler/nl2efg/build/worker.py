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
    send_answer,
    send_hello,
)
from nl2efg.build.limits import MAX_RESULT_BYTES, Limits
from nl2efg.build.policy_rules import MODULES

_FRAME = worker_child.MAC_BYTES + 1
_CHUNK = 1 << 16
_REAP_SECONDS = 0.002
_OTHERS = ("encodings.ascii", "encodings.latin_1", "heapq", "linecache", "traceback", "unicodedata")

_SAMPLE = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A", "B"], title="Sample")
g.append_move(g.root, g.players.chance, ["l", "r"])
g.set_chance_probs(g.root.infoset, [gbt.Rational(1, 2), 0.5])
for child in g.root.children:
    g.append_move(child, "A", ["x", "y"])
    for number, leaf in enumerate(child.children):
        g.set_outcome(leaf, g.add_outcome([number, -number], label=f"{number}"))
g.set_infoset(g.root.children[1], g.root.children[0].infoset)
"""


def main(descriptor: int, namespaces: bool = False) -> None:
    """Serve jobs until the other end of the socket closes.

    Args:
        descriptor: of the socket.
        namespaces: whether bubblewrap started this process.
    """
    stream = socket.socket(fileno=descriptor)
    os.chdir("/")
    os.umask(0o077)
    preload()
    kernel.adopt_orphans()
    kernel.hide_memory()
    gc.collect()
    gc.freeze()
    held = held_layers(stream, namespaces)
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 2)
    os.close(quiet)
    send_hello(stream, Hello(held, _threads(), os.getpid()))
    while True:
        try:
            request = receive_request(stream)
        except (EOFError, OSError):
            return
        serve_job(stream, request)


def preload() -> None:
    """Load everything a job may need, because a job can open no file.

    Afterwards the import system finds only what is loaded.
    """
    import_module("nl2efg.build.execute")
    for name in (*MODULES, *_OTHERS):
        with suppress(ImportError):
            import_module(name)
    _warm_up_numpy()
    _warm_up()
    sys.path.clear()
    sys.meta_path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()


def _warm_up() -> None:
    """Run a small game of our own a few times, so that children start with warmed-up code."""
    from nl2efg.build.channel import encode
    from nl2efg.build.execute import execute
    from nl2efg.build.policy import check

    for _ in range(3):
        check(_SAMPLE)
        encode(execute(_SAMPLE, max_nodes=100))


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


def serve_job(stream: socket.socket, request: Request) -> None:
    """Run one job and send its answer; a child that is done is buried after the answer."""
    job = _Job(request, trial=False)
    try:
        job.watch(stream)
        job.stop()
        send_answer(stream, job.answer())
    finally:
        job.finish()


def _try_layer(stream: socket.socket, layer: Layer) -> bool:
    job = _Job(Request(layer, Limits(wall=5.0), b""), trial=True)
    try:
        job.watch(stream)
    finally:
        job.finish()
    answer = job.answer()
    return answer.end is End.RESULT and answer.result == b"held"


class _Job:
    """A running child."""

    def __init__(self, request: Request, trial: bool) -> None:
        self._limits = request.limits
        self._output, self._result = bytearray(), bytearray()
        self._end: End | None = None
        self._status: int | None = None
        self._cpu, self._memory = 0.0, 0
        self._key = os.urandom(worker_child.MAC_BYTES)
        self._out, out = os.pipe()
        self._back, back = os.pipe()
        parent = os.getpid()
        self._started = time.monotonic()
        self._pid = os.fork()
        if self._pid == 0:
            _become_child(request, trial, parent, self._key, (out, back))
        os.close(out)
        os.close(back)

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
                    kill(self._pid, signal.SIGKILL)
            if self._end is not End.RESULT:
                self._reap(0)
        self._drain()

    def finish(self) -> None:
        """Wait for the child, and end what it left behind."""
        if self._out < 0:
            return
        self.stop()
        if self._status is None:
            self._reap(0)
        _end_orphans()
        os.close(self._out)
        os.close(self._back)
        self._out = self._back = -1

    def _drain(self) -> None:
        os.set_blocking(self._out, False)
        with suppress(OSError):
            while self._end is not End.OUTPUT and (chunk := os.read(self._out, _CHUNK)):
                self._take_output(chunk)

    def _reap(self, options: int) -> None:
        pid, status, used = os.wait4(self._pid, options)
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


def _become_child(
    request: Request, trial: bool, parent: int, key: bytes, pipes: tuple[int, int]
) -> NoReturn:
    try:
        tell = worker_child.enter(request, parent, key, pipes)
        if trial:
            tell(b"held" if probe.holds(request.layers) else b"")
        else:
            worker_child.work(request, tell)
    finally:
        os._exit(1)


def _end_orphans() -> None:
    """Kill what a child left behind; only without seccomp can there be any."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            for orphan in _children():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(orphan, signal.SIGKILL)
            time.sleep(0.001)


def _children() -> list[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []
