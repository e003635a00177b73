"""The child of one job: it locks itself down, runs the code, hands back the result, and ends.

It is forked before its job is known, and waits for it with its memory warmed up. The order then
matters: user; death with the parent again, as a change of user undoes it; Landlock, which needs one
more descriptor; limits; seccomp, which ends all such calls.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import mmap
import os
import random
import resource
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from nl2efg.build import kernel, policy
from nl2efg.build.channel import encode
from nl2efg.build.channel_frames import Layer, Request, receive_request
from nl2efg.build.data import Execution
from nl2efg.build.execute import execute
from nl2efg.build.limits import MIB
from nl2efg.diagnostics import Diagnostic, Severity

MAC_BYTES = 32
RESULT, UNSEALED = b"R", b"U"
_RESULT_DESCRIPTOR, _REQUEST_DESCRIPTOR = 3, 4
_BALLAST = 32 * MIB

Pipes = tuple[int, int, int]
Tell = Callable[[bytes], None]

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


def prepare(parent: int, pipes: Pipes) -> int:
    """What can be done before the job is known.

    Args:
        parent: process id of the worker.
        pipes: for output, for the result, and with the request.

    Returns:
        bytes of address space in use.
    """
    _arrange_descriptors(pipes)
    kernel.die_with_parent(parent)
    os.setsid()
    sys.stdout = sys.stderr = open(  # noqa: SIM115 - open until the process ends
        1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    return _address_space()


def next_request(*, warm: bool) -> Request:
    """Wait for the job.

    Args:
        warm: whether to warm up while there is none.

    Raises:
        EOFError: there will be none.
    """
    waiting = select.poll()
    waiting.register(_REQUEST_DESCRIPTOR, select.POLLIN)
    if warm and not waiting.poll(0):
        warm_up()
    request = receive_request(lambda size: os.read(_REQUEST_DESCRIPTOR, size))
    os.close(_REQUEST_DESCRIPTOR)
    return request


def warm_up() -> None:
    """Build a small game of our own, so that the memory it takes is this process's already."""
    policy.check(_SAMPLE)
    encode(execute(_SAMPLE, max_nodes=100))


def enter(request: Request, parent: int, key: bytes, in_use: int) -> Tell:
    """Lock this process down as the request says.

    Args:
        request: the job.
        parent: process id of the worker.
        key: authenticates the result.
        in_use: as :func:`prepare` gave it.

    Returns:
        the one way to hand back a result.
    """
    seal = hashlib.blake2b(key=key, digest_size=MAC_BYTES)
    del key

    def tell(body: bytes, kind: bytes = RESULT) -> None:
        own = seal.copy()
        own.update(kind + body)
        _write_all(own.digest() + kind + body)

    try:
        _lock(request, parent, in_use)
    except (OSError, ValueError) as error:
        tell(str(error).encode(), UNSEALED)
        os._exit(1)
    return tell


def work(request: Request, tell: Tell) -> NoReturn:
    """Run the code of the request, hand back what came of it, and end."""
    random.seed(0)
    # Mapped, not touched: so that there is memory left to say that there is none.
    ballast = mmap.mmap(-1, _BALLAST, flags=mmap.MAP_PRIVATE | mmap.MAP_ANON)
    result = _run(request)
    ballast.close()
    with suppress(Exception):
        sys.stdout.flush()
    try:
        body = encode(result)
    except MemoryError:
        body = encode(_out_of_memory(request))
    tell(body)
    os._exit(0)


def _run(request: Request) -> Execution:
    code = request.code.decode("utf-8")
    try:
        if Layer.POLICY in request.layers:
            refused = policy.check(code)
            if refused:
                return Execution(None, refused)
        result = execute(code, max_nodes=request.limits.nodes)
        return _out_of_memory(request) if _ran_out(result) else result
    except MemoryError:
        return _out_of_memory(request)
    except RecursionError:
        return _failed("X306", "the code is nested too deeply to be run", "write it in more steps")
    except SystemExit:
        return _failed("X302", "the code ended before it had built a game", "do not exit")


def _ran_out(result: Execution) -> bool:
    """Whether the code ended for want of memory, as any exception of its own."""
    return result.game is None and any(
        found.code == "B102" and found.message.startswith(("MemoryError", "_ArrayMemoryError"))
        for found in result.diagnostics
    )


def _out_of_memory(request: Request) -> Execution:
    return _failed(
        "X203",
        f"the code took more memory than {request.limits.memory / MIB:.0f} MiB",
        "build a smaller game, or raise the limit `memory`",
    )


def _failed(code: str, message: str, fix: str) -> Execution:
    return Execution(None, (Diagnostic(code, Severity.ERROR, message, fix=fix),))


def _arrange_descriptors(pipes: Pipes) -> None:
    # Copies first, out of the way: a pipe may have the number that another is to get.
    high = [fcntl.fcntl(pipe, fcntl.F_DUPFD, _REQUEST_DESCRIPTOR + 1) for pipe in pipes]
    for pipe, place in zip((high[0], *high), (1, 2, 3, 4), strict=True):
        os.dup2(pipe, place)
    os.closerange(_REQUEST_DESCRIPTOR + 1, 1 << 20)


def _lock(request: Request, parent: int, in_use: int) -> None:
    layers = request.layers
    if Layer.USER in layers:
        kernel.drop_user()
        kernel.die_with_parent(parent)
        kernel.hide_memory()
        kernel.no_new_privileges()
    if Layer.LANDLOCK in layers:
        kernel.no_new_privileges()
        kernel.landlock()
    if Layer.LIMITS in layers:
        _limit(request, in_use)
    if Layer.SEATBELT in layers:
        kernel.seatbelt()
    if Layer.SECCOMP in layers:
        kernel.no_new_privileges()
        kernel.seccomp()


def _limit(request: Request, in_use: int) -> None:
    cpu = math.ceil(request.limits.cpu)
    none = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC,
            resource.RLIMIT_MEMLOCK)  # fmt: skip
    memory = in_use + _BALLAST + request.limits.memory
    for what, most in (*((kind, 0) for kind in none), (resource.RLIMIT_AS, memory)):
        _set_limit(what, most, most)
    _set_limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    _set_limit(resource.RLIMIT_NOFILE, _RESULT_DESCRIPTOR + 1, _RESULT_DESCRIPTOR + 1)


def _set_limit(what: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(what)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(what, (soft, hard))


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30


def _write_all(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(_RESULT_DESCRIPTOR, rest) :]
    os.close(_RESULT_DESCRIPTOR)
