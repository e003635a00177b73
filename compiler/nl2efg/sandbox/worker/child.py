"""The child of one job: it locks itself down, runs the code, hands back the result, and ends.

It is forked before its code is known. The order then matters: user; death with the parent, as a
change of user undoes it; Landlock, which needs a descriptor. Then it waits for the code, and when
that is there and nothing is left to be read, the limits and seccomp fall. It says so before the
code runs: from then on the only word that is taken from it is a result.
"""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import random
import resource
import select
import sys

# hashlib has the same, and loads OpenSSL.
from _blake2 import blake2b
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NoReturn

from nl2efg.dialect.execution import NotPythonError, prepare, run
from nl2efg.dialect.failures import too_deep
from nl2efg.dialect.game_data import Execution
from nl2efg.sandbox.isolation import kernel, probe
from nl2efg.sandbox.limits import MIB, Limits
from nl2efg.sandbox.policy import reader as policy
from nl2efg.sandbox.protocol.encoding import encode
from nl2efg.sandbox.protocol.frames import Layer
from nl2efg.sandbox.protocol.payload import unpack
from nl2efg.schema.diagnostics import Diagnostic, Severity

KEY_BYTES = SEAL_BYTES = 32
LOCKED, RESULT, UNSEALED = b"L", b"R", b"U"
Bound = tuple[int, int, int]
"""A resource, with its soft and its hard limit."""

# Plain integers: whatever an enumeration does is Python code, whose pages a child would copy.
_POLICY, _USER, _LIMITS, _LANDLOCK, _SECCOMP, _SEATBELT = map(
    int,
    (Layer.POLICY, Layer.USER, Layer.LIMITS, Layer.LANDLOCK, Layer.SECCOMP, Layer.SEATBELT),
)
_PRIVILEGED = _USER | _LANDLOCK | _SECCOMP
_RESULT_DESCRIPTOR, _CODE_DESCRIPTOR = 3, 4
_IDLE_SECONDS = 0.25
_CHUNK = 1 << 16
_PARSED = 1000  # bytes that the syntax tree takes at most for a character of the code

# Mapped, not touched: dropped at the end, so that there is memory left to say that there is none.
_ballast = mmap.mmap(-1, 32 * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANON)

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


@dataclass(frozen=True, slots=True)
class Child:
    """What a child knows from its start.

    Args:
        layers: to put around itself, as bits of :class:`Layer`.
        limits: of the job.
        key: authenticates the result.
        parent: process id of the worker.
        bounds: what the system holds it to.
        pipes: for output, for the result, and with the code.
        idles: whether there is little to do, so that time that passes costs nobody anything.
    """

    layers: int
    limits: Limits
    key: bytes
    parent: int
    bounds: tuple[Bound, ...]
    pipes: tuple[int, int, int]
    idles: bool


def speak() -> None:
    """Let this process's children print, all to descriptor 1."""
    sys.stdout = sys.stderr = open(  # noqa: SIM115 - open until the process ends
        1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )


def warm_up() -> None:
    """Build a small game of our own, so that the memory it takes is this process's already."""
    sample = prepare(_SAMPLE)
    policy.check(sample.tree)
    encode(run(sample, max_nodes=100))


def be(child: Child, *, trial: bool) -> NoReturn:
    """Be the child: the whole of its life.

    Args:
        trial: run no code, but say whether the only layer there is holds.
    """
    try:
        _arrange_descriptors(child.pipes)
        os.setsid()
        try:
            _lock(child)
            code = b"" if trial else _code(child.idles)
            _lock_for_good(child)
        except (OSError, ValueError) as error:
            _tell(child.key, UNSEALED + str(error).encode())
            os._exit(1)
        _tell(child.key, LOCKED)
        if trial:
            _tell(child.key, RESULT + (b"held" if probe.holds(Layer(child.layers)) else b""))
        else:
            _work(child, code)
    finally:
        os._exit(1)


def _code(idles: bool) -> bytes:
    """The code, when it comes. Where it lets wait for itself, the time is used to warm up."""
    if idles:
        waiting = select.poll()
        waiting.register(_CODE_DESCRIPTOR, select.POLLIN)
        if not waiting.poll(1000 * _IDLE_SECONDS):
            warm_up()
    code = bytearray()
    while chunk := os.read(_CODE_DESCRIPTOR, _CHUNK):
        code += chunk
    os.close(_CODE_DESCRIPTOR)
    return bytes(code)


def _work(child: Child, code: bytes) -> NoReturn:
    """Run the code, hand back what came of it, and end."""
    random.seed()
    result = _run(code, child.layers, child.limits)
    _ballast.close()
    with suppress(Exception):
        sys.stdout.flush()
    try:
        body = encode(result)
    except MemoryError:
        body = encode(_out_of_memory(child.limits))
    except Exception:  # noqa: BLE001 - the code put something else in the place of the game's data
        body = encode(_failed("X304", "the result is no game", "build it with pygambit alone"))
    _tell(child.key, RESULT + body)
    os.close(_RESULT_DESCRIPTOR)  # the worker need not wait for this process to end
    os._exit(0)


def _run(code: bytes, layers: int, limits: Limits) -> Execution:
    try:
        program, values = unpack(code)
        result = _execution(program.decode("utf-8"), values, layers, limits)
        return _out_of_memory(limits) if _ran_out(result) else result
    except SystemError:  # what the parser of 3.11 may make of want of memory
        return _unparsed(code, limits)
    except MemoryError:
        return _out_of_memory(limits)
    except RecursionError:
        return Execution(None, (too_deep(),))
    except SystemExit:
        return _failed("X302", "the code ended before it had built a game", "do not exit")
    except BaseException:  # noqa: BLE001 - an exception of the code's that cannot even be described
        return _failed("X302", "the code ended in an exception of its own that cannot be described",
                       "raise plain exceptions with a message, or none")  # fmt: skip


def _execution(code: str, values: Mapping[str, Fraction], layers: int, limits: Limits) -> Execution:
    try:
        program = prepare(code)
    except NotPythonError as error:
        if isinstance(error.__context__, MemoryError):
            return _unparsed(code, limits)
        return Execution(None, (error.diagnostic,))
    refused = policy.check(program.tree) if layers & _POLICY else ()
    return (
        Execution(None, refused) if refused else run(program, max_nodes=limits.nodes, values=values)
    )


def _ran_out(result: Execution) -> bool:
    """Whether the code ended for want of memory, as any exception of its own."""
    return result.game is None and any(
        found.code == "B102" and found.message.startswith(("MemoryError", "_ArrayMemoryError"))
        for found in result.diagnostics
    )


def _unparsed(code: bytes | str, limits: Limits) -> Execution:
    """Python's parser speaks of memory where it is nested too deeply, too."""
    if len(code) * _PARSED < limits.memory:
        return Execution(None, (too_deep(),))
    return _out_of_memory(limits)


def _out_of_memory(limits: Limits) -> Execution:
    return _failed(
        "X203",
        f"the code took more memory than {limits.memory / MIB:.0f} MiB",
        "keep no more than the tree: no tables of strategies, no copies of games",
    )


def _failed(code: str, message: str, fix: str) -> Execution:
    return Execution(None, (Diagnostic(code, Severity.ERROR, message, fix=fix),))


def _arrange_descriptors(pipes: tuple[int, int, int]) -> None:
    # Copies first, out of the way: a pipe may have the number that another is to get.
    high = [fcntl.fcntl(pipe, fcntl.F_DUPFD, _CODE_DESCRIPTOR + 1) for pipe in pipes]
    for pipe, place in zip((high[0], *high), (1, 2, 3, 4), strict=True):
        os.dup2(pipe, place)
    os.closerange(_CODE_DESCRIPTOR + 1, 1 << 20)


def _lock(child: Child) -> None:
    """All that can be done before the code is there."""
    layers = child.layers
    if layers & _PRIVILEGED:
        kernel.no_new_privileges()
    if layers & _USER:
        kernel.drop_user()
        kernel.hide_memory()
    kernel.die_with_parent(child.parent)
    if layers & _LANDLOCK:
        kernel.landlock()


def _lock_for_good(child: Child) -> None:
    layers = child.layers
    if layers & _LIMITS:
        for what, soft, hard in child.bounds:
            resource.setrlimit(what, (soft, hard))
    if layers & _SEATBELT:
        kernel.seatbelt()
    if layers & _SECCOMP:
        kernel.seccomp()


def bounds(limits: Limits, in_use: int) -> tuple[Bound, ...]:
    """What the system is to hold a job to, within what it holds this process to already.

    Args:
        limits: of the job.
        in_use: bytes of address space that are no fault of the job.
    """
    cpu = math.ceil(limits.cpu)
    none = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC,
            resource.RLIMIT_MEMLOCK)  # fmt: skip
    memory = in_use + limits.memory
    wanted = [(what, 0, 0) for what in none]
    wanted.append((resource.RLIMIT_AS, memory, memory))
    wanted.append((resource.RLIMIT_CPU, cpu, cpu + 1))
    wanted.append((resource.RLIMIT_NOFILE, _RESULT_DESCRIPTOR + 1, _RESULT_DESCRIPTOR + 1))
    return tuple(
        (what, soft, hard) if ceiling == resource.RLIM_INFINITY
        else (what, min(soft, ceiling), min(hard, ceiling))
        for what, soft, hard in wanted
        for ceiling in (_ceiling(what),)
    )  # fmt: skip


@cache
def _ceiling(what: int) -> int:
    """The hard limit of this process, which it never changes."""
    return resource.getrlimit(what)[1]


def seal(key: bytes, body: bytes | bytearray | memoryview) -> bytes:
    """What shows that a result was written by this module, and whole."""
    return blake2b(body, key=key, digest_size=SEAL_BYTES).digest()


def _tell(key: bytes, body: bytes) -> None:
    """The one way to say something to the worker."""
    rest = memoryview(seal(key, body) + body)
    while rest:
        rest = rest[os.write(_RESULT_DESCRIPTOR, rest) :]
