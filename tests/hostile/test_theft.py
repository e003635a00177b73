"""No program gets at the program, the output or the result of a job before it or beside it.

A job is a fork of the worker that served the earlier ones, so what it holds of them is all in its
own memory, where no lock of the system stands before it.
"""

from __future__ import annotations

import secrets
import sys
import threading

import pytest

from nl2efg.sandbox import Builders, Limits
from nl2efg.sandbox.host import EVERY_LAYER
from nl2efg.sandbox.protocol.frames import Layer
from tests.hostile.programs import GAME

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform != "linux", reason="the thieves know glibc and /proc"),
]

ROUNDS = 8
"""More than the children that are forked ahead at a time, so that some know of earlier jobs."""

_MARK = "STOLEN-"
_LOOK = """
def look(found):
    at = found.find(b"STO" + b"LEN-")
    while at >= 0:
        print("found", found[at + 7:at + 15])
        at = found.find(b"STO" + b"LEN-", at + 1)
"""
_TOOLS = (
    _LOOK
    + """
import gc, sys
os = sys.modules["os"]; ctypes = sys.modules["ctypes"]
libc = ctypes.CDLL(None, use_errno=True)
near = [pid for pid in range(os.getpid() - 12, os.getpid() + 12) if pid != os.getpid()]
def attempt(action, *arguments):
    try: look(action(*arguments)); print("REACHED")
    except (OSError, ValueError): pass
"""
)

UNWRITTEN = (
    _LOOK
    + """
import numpy as np
kept = []
for size in [*range(520, 9000, 64)] * 6 + [1 << power for power in range(13, 18)] * 8:
    kept.append(np.empty(size, dtype="uint8"))
    look(kept[-1].tobytes())
"""
)
"""Reads memory that was freed; the policy has nothing against it."""

THIEVES = {
    "memory not written yet": UNWRITTEN,
    "frames": _TOOLS
    + """
frame = sys._getframe()
while frame:
    look(repr(frame.f_locals).encode())
    for value in list(frame.f_locals.values()):
        look(repr([getattr(value, name, b"") for name in ("code", "_output", "_result")]).encode())
    frame = frame.f_back
""",
    "objects": _TOOLS
    + """
for one in gc.get_objects():
    for other in (one, *gc.get_referents(one)):
        if isinstance(other, str): look(other.encode("utf-8", "replace"))
        if isinstance(other, (bytes, bytearray, memoryview)): look(bytes(other))
""",
    "heap": _TOOLS
    + """
class Used(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "abcdefghij"]
libc.mallinfo2.restype, libc.sbrk.restype = Used, ctypes.c_size_t
size = libc.mallinfo2().a
look(ctypes.string_at(libc.sbrk(0) - size, size))
""",
    "small objects, freed": _TOOLS
    + """
pools = {id(other) >> 14 for one in gc.get_objects() for other in (one, *gc.get_referents(one))
         if type(other) in (str, bytes, tuple, int) and sys.getsizeof(other) <= 512}
for pool in pools: look(ctypes.string_at(pool << 14, 1 << 14))
""",
    "module globals": _TOOLS
    + """
for module in list(sys.modules.values()):
    look(repr(getattr(module, "__dict__", "")).encode("utf-8", "replace"))
""",
    "files of processes": _TOOLS
    + """
for pid in ("self", os.getppid(), *near):
    for name in ("mem", "environ", "cmdline", "maps", "fd/3", "fd/4", "fd/5", "fd/6"):
        attempt(lambda: os.read(os.open(f"/proc/{pid}/{name}", os.O_RDONLY), 1 << 16))
""",
    "memory of processes": _TOOLS
    + """
space = ctypes.create_string_buffer(4096)
own = (ctypes.c_size_t * 2)(ctypes.addressof(space), 4096)
theirs = (ctypes.c_size_t * 2)(id(sys) & ~4095, 4096)
for pid in near:
    if libc.process_vm_readv(pid, own, 1, theirs, 1, 0) > 0: print("REACHED")
    if libc.ptrace(16, pid, 0, 0) == 0: print("REACHED")
""",
    "descriptors": _TOOLS
    + """
for descriptor in range(4, 2048):
    attempt(os.read, descriptor, 1 << 16)
    attempt(lambda: bytes(os.write(descriptor, b"x")))
""",
    "traces and changed builtins": _TOOLS
    + """
import builtins
def trace(frame, *_):
    look(repr(frame.f_locals).encode("utf-8", "replace"))
    return trace
sys.settrace(trace); sys.setprofile(trace)
builtins.compile = builtins.exec = builtins.print
""",
}
"""Programs that look for earlier jobs and for those beside; all but the first with no policy."""


def victim(secret: str, length: int) -> str:
    """A program that has a secret in itself, in what it prints and in its game."""
    told = GAME.replace("harmless", _MARK + secret)
    return f"{told}print('{_MARK}{secret}')\n# {'long ' * length}\n# numpy\n"


def stolen(pool: Builders, thief: str) -> list[str]:
    """What came of victims and a thief by turns that was not to be."""
    wrong, lived = [], []
    for turn in range(ROUNDS):
        secret = secrets.token_hex(4)
        built = pool.build(victim(secret, (0, 5, 300, 3_000)[turn % 4]))
        lived.append(secret)
        if built.tree is None or built.tree.title != _MARK + secret:
            wrong.append(f"the victim of turn {turn} is harmed: {built.diagnostics}")
        # Other limits than the last job's: a child that was not forked ahead.
        limits = Limits(wall=8.0) if turn % 4 == 3 else Limits()
        ran = pool.build(f"{thief}{GAME if turn % 2 else ''}\n# numpy\n", limits)
        said = f"{ran.output} {ran.diagnostics}"
        if "REACHED" in said or any(secret in said for secret in lived):
            wrong.append(f"turn {turn}: {said[:200]}")
    return wrong


@pytest.mark.parametrize("name", THIEVES)
def test_nothing_of_an_earlier_job_is_left_for_a_later_one(name: str) -> None:
    pytest.importorskip("numpy")
    with Builders(1, layers=EVERY_LAYER & ~Layer.POLICY) as pool:
        assert stolen(pool, THIEVES[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["USER", "LIMITS", "LANDLOCK", "SECCOMP"])
def test_no_single_layer_keeps_thieves_away(missing: str) -> None:
    """Beside the policy, that is; what looks at other processes needs a fence without seccomp."""
    pytest.importorskip("numpy")
    left = EVERY_LAYER & ~Layer.POLICY & ~Layer[missing]
    with Builders(1, layers=left) as pool:
        for name in ("heap", "small objects, freed", "files of processes", "descriptors"):
            assert stolen(pool, THIEVES[name]) == [], name


def test_the_policy_lets_a_program_look_at_memory_and_there_is_nothing() -> None:
    pytest.importorskip("numpy")
    with Builders(1) as pool:
        assert pool.build(UNWRITTEN + GAME).tree is not None
        assert stolen(pool, UNWRITTEN) == []


def test_thieves_beside_a_job_neither_see_nor_harm_it() -> None:
    pytest.importorskip("numpy")
    beside = [THIEVES[name] for name in ("files of processes", "memory of processes")]
    with Builders(2, layers=EVERY_LAYER & ~Layer.POLICY) as pool:
        secret = secrets.token_hex(4)
        waits = victim(secret, 5) + "import time\ntime.sleep(1)\n"
        built = []
        thread = threading.Thread(target=lambda: built.append(pool.build(waits)))
        thread.start()
        said = "".join(pool.build(thief + GAME + "# numpy\n").output for thief in beside)
        thread.join()
    assert "REACHED" not in said
    assert secret not in said
    assert built[0].tree is not None
    assert built[0].tree.title == _MARK + secret


def test_a_thief_finds_what_is_there() -> None:
    own = "x = b'" + _MARK + "0123abcd'\n"
    with Builders(1, layers=EVERY_LAYER & ~Layer.POLICY) as pool:
        for name in ("frames", "objects", "heap"):
            assert "0123abcd" in pool.build(own + THIEVES[name] + GAME).output, name
