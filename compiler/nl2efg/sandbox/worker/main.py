"""The worker: a small process that forks one child a job, and ends it.

It is started with exec and an almost empty environment, so nothing the application ever held (keys,
texts, descriptors) is in its memory. It loads what generated code may import, checks that it has
one thread, finds out which layers of protection hold here, and then serves jobs from its socket,
one at a time. It never runs generated code itself, and ends when the application does. What it
holds of a job is gone before it forks for the next.

A job costs little but memory: every page that a child touches is a fault, and every page that it
writes is a copy. So the worker loads no more than jobs need, and what is the same for all of them
is done here, once.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module

from nl2efg.dialect.execution import hush
from nl2efg.dialect.modules import install
from nl2efg.sandbox.isolation import kernel
from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.policy.rules import MODULES
from nl2efg.sandbox.protocol.frames import (
    End,
    Hello,
    Layer,
    Request,
    receive_request,
    send_answer,
    send_hello,
)
from nl2efg.sandbox.seeds import make_reproducible
from nl2efg.sandbox.worker import child as worker_child
from nl2efg.sandbox.worker.heap import take_holes
from nl2efg.sandbox.worker.job import Job, end_orphans, fork

_OTHERS = (
    "encodings.ascii",
    "encodings.latin_1",
    "heapq",
    "linecache",
    "nl2efg.formats.efg_reader",
    "nl2efg.formats.efg_writer",
    "nl2efg.formats.safe_labels",
    "traceback",
    "unicodedata",
)
_TRIAL_SECONDS = 5.0
_SPARES, _MOST_SPARES = 3, 9
_SOON = 1.0  # seconds in which a busy worker has used them
_COLLECT_AFTER = 20_000
_WARM = 10  # the interpreter tunes code that has run so often, in the pages that it lies in

_taken: list[object] = []


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
    worker_child.speak()
    hush()
    kernel.adopt_orphans()
    kernel.hide_memory()
    gc.set_threshold(_COLLECT_AFTER)
    gc.collect()
    gc.freeze()
    gc.enable()  # it was off from the start, where it finds nothing
    kernel.trim_memory()
    held = held_layers(stream, namespaces)
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 2)
    os.close(quiet)
    send_hello(stream, Hello(held, _threads(), os.getpid()))
    _taken.extend(take_holes())
    gc.freeze()
    serve(stream, held)


def preload(*, numpy: bool) -> None:
    """Load everything a job may need, because a job can open no file.

    Afterwards the import system finds only what is loaded.

    Args:
        numpy: whether that includes numpy.
    """
    for name in (*MODULES, *_OTHERS):
        if numpy or name.split(".")[0] != "numpy":
            with suppress(ImportError):
                import_module(name)
    install()
    if numpy:
        _warm_up_numpy()
    make_reproducible()
    for _ in range(_WARM):
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
    (matrix @ matrix).astype(int).tolist()


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def held_layers(stream: socket.socket, namespaces: bool) -> Layer:
    """The layers that hold here, each tried alone in a child, all at the same time."""
    limits = Limits(wall=_TRIAL_SECONDS)
    trials = [
        Job(layer, limits, trial=True)
        for layer in Layer
        if layer is not Layer.POLICY and (namespaces or layer is not Layer.NAMESPACES)
    ]
    fork(trials)
    held = Layer.POLICY
    for trial in trials:
        trial.begin(b"")
        trial.watch(stream)
        answer = trial.answer()
        if answer.end is End.RESULT and answer.result == b"held":
            held |= trial.layers
    for trial in trials:
        trial.finish()
    end_orphans()
    return held


def serve(stream: socket.socket, held: Layer) -> None:
    """Run jobs until the application is gone.

    The children of the next jobs are forked before these are known, in the belief that their terms
    will be those of the last, and lock themselves down meanwhile. They are forked a few at a time,
    and more of them while there is much to do, as after a fork this process copies the pages that
    it goes on to write.

    Args:
        stream: the socket.
        held: the layers to expect of the first job.
    """
    count = _SPARES
    spares, forked = _spares(held, Limits(), count), time.monotonic()
    while True:
        try:
            layers, limits = _serve_one(stream, spares)
        except (EOFError, OSError):
            for spare in spares:
                spare.finish()
            return
        if not spares:
            soon = time.monotonic() - forked < _SOON
            count = min(2 * count, _MOST_SPARES) if soon else _SPARES
            spares, forked = _spares(layers, limits, count), time.monotonic()


def _serve_one(stream: socket.socket, spares: list[Job]) -> tuple[Layer, Limits]:
    """Run one job; returns its terms.

    With its end nothing is left of it in this process, as the children of the next jobs are forked
    from this one: whatever was here would be theirs to read.
    """
    request = receive_request(stream)
    job = _fitting(spares, request)
    try:
        job.begin(request.code)
        job.watch(stream)
        job.stop()
        send_answer(stream, job.answer())
    finally:
        job.finish()
        end_orphans(keep={spare.pid for spare in spares})
    return request.layers, request.limits


def _spares(layers: Layer, limits: Limits, count: int) -> list[Job]:
    spares = [Job(layers, limits, idles=count == _SPARES) for _ in range(count)]
    fork(spares)
    return spares


def _fitting(spares: list[Job], request: Request) -> Job:
    """One of the spare children if it is there on the terms of the request, else a new one."""
    while spares:
        spare = spares.pop()
        if spare.fits(request):
            return spare
        spare.finish()
    (job,) = _spares(request.layers, request.limits, 1)
    return job
