"""The seccomp filter of a computing process, assembled without a compiler or libseccomp.

An allowlist: a loaded interpreter that builds a tree needs memory, a clock, random bytes, writing
to the descriptors it was given, and an end. Everything else fails with ``EPERM``: opening, sockets,
signals, processes, threads, namespaces, executable memory. System calls of another architecture
(the 32-bit entry, x32) kill the process.

Why not a library: libseccomp's own binding is not on PyPI, pyseccomp 0.1.2 (2021) loads a
``libseccomp.so`` that slim containers lack. A BPF program of comparisons needs neither.
Format: linux/filter.h, linux/seccomp.h.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_EPERM = 1
_PROT_EXEC = 4
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS = 0, 4, 16

MAX_DESCRIPTOR = 3


class _Calls(NamedTuple):
    audit: int
    free: tuple[int, ...]
    write: int
    protecting: tuple[int, ...]


# free: close munmap brk mremap madvise rt_sigreturn sched_yield getpid getppid gettid futex
# clock_gettime gettimeofday restart_syscall getrandom exit exit_group. getppid is among them
# because code that takes its failure (-1) for a process would signal every process there is.
# protecting: mmap and mprotect, refused where they ask for executable memory.
_CALLS = {
    "x86_64": _Calls(
        0xC000003E,
        (3, 11, 12, 25, 28, 15, 24, 39, 110, 186, 202, 228, 96, 219, 318, 60, 231),
        1,
        (9, 10),
    ),
    "aarch64": _Calls(
        0xC00000B7,
        (57, 215, 214, 216, 233, 139, 124, 172, 173, 178, 98, 113, 169, 128, 278, 93, 94),
        64,
        (222, 226),
    ),
}  # fmt: skip


def filter_program(machine: str) -> bytes | None:
    """The filter as an array of ``struct sock_filter``; None for an unknown architecture.

    Args:
        machine: as ``os.uname().machine`` says it.
    """
    calls = _CALLS.get(machine)
    if calls is None:
        return None
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | _EPERM)
    program = [
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, calls.audit),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
    ]
    if machine == "x86_64":  # x32 shares the architecture and sets bit 30 of the number
        program += [(_JUMP_SET, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL_PROCESS)]
    for number in calls.free:
        program += [(_JUMP_EQUAL, 0, 1, number), allow]
    descriptor = (_LOAD, 0, 0, _OFFSET_ARGUMENTS)
    program += [(_JUMP_EQUAL, 0, 4, calls.write), descriptor]
    program += [(_JUMP_ABOVE, 1, 0, MAX_DESCRIPTOR), allow, refuse]
    protection = (_LOAD, 0, 0, _OFFSET_ARGUMENTS + 2 * 8)
    for number in calls.protecting:
        program += [(_JUMP_EQUAL, 0, 4, number), protection]
        program += [(_JUMP_SET, 1, 0, _PROT_EXEC), allow, refuse]
    program.append(refuse)
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
