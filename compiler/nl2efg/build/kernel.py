"""What the kernel offers to lock a process down: prctl, capabilities, Landlock, seccomp, Seatbelt.

Called in a freshly forked child, so the foreign functions, structures and the filter are all made
when this module is loaded. Each function raises ``OSError`` where the kernel does not do as told.

Landlock is three system calls, and the ruleset here the shortest there is (handle every right,
grant none); landlockpy 0.2.0 would be a dependency for its path rules, which are not needed.
"""

from __future__ import annotations

import ctypes
import os
import sys

from nl2efg.build.seccomp import filter_program

_LINUX = sys.platform == "linux"
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_SECCOMP, _SET_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 4, 22, 36, 38
_FILTER_MODE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_LANDLOCK_VERSION = 1
_SIGKILL = 9

_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


_code = filter_program(os.uname().machine) if _LINUX else None
_instructions = ctypes.create_string_buffer(_code or b"")
_program = _Program(len(_code or b"") // 8, ctypes.addressof(_instructions))


def _call(name: str, *arguments: object) -> int:
    if _libc is None:
        raise OSError(f"{name} is not there")
    result: int = getattr(_libc, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _prctl(option: int, first: object, second: object = 0) -> None:
    rest = (ctypes.c_ulong(0), ctypes.c_ulong(0))
    first = ctypes.c_ulong(first) if isinstance(first, int) else first
    second = ctypes.c_ulong(second) if isinstance(second, int) else second
    _call("prctl", ctypes.c_int(option), first, second, *rest)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent dies. To be called after a change of user, which undoes it."""
    if not _LINUX:
        return
    _prctl(_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() not in (parent, 0):
        os._exit(1)  # it died before the call


def hide_memory() -> None:
    """No core, no ptrace and no ``/proc/PID/mem`` by processes of the same user."""
    if _LINUX:
        _prctl(_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that they can be found."""
    if _LINUX:
        _prctl(_SET_SUBREAPER, 1)


def no_new_privileges() -> None:
    """No setuid program gains anything; a condition of Landlock and seccomp."""
    if _LINUX:
        _prctl(_NO_NEW_PRIVILEGES, 1)


def drop_user() -> None:
    """Root becomes nobody (where its user namespace has one), without capabilities in any case."""
    if os.geteuid() == 0:
        nobody = 65534
        try:
            os.setgroups([])
            os.setresgid(nobody, nobody, nobody)
            os.setresuid(nobody, nobody, nobody)
        except OSError:
            if not _LINUX:
                raise
    if _LINUX:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        _call("capset", header, (ctypes.c_uint32 * 6)())


def landlock_version() -> int:
    """The version of Landlock's interface, 0 where there is none."""
    if not _LINUX:
        return 0
    try:
        return _landlock(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    except OSError:
        return 0


def landlock() -> None:
    """Refuse every access to files, TCP ports and outside processes that this kernel can refuse."""
    version = landlock_version()
    if not version:
        raise OSError("Landlock is not there")
    rights = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    attributes = (ctypes.c_uint64 * 3)(
        (1 << rights) - 1,
        0b11 if version >= 4 else 0,  # bind and connect
        0b11 if version >= 6 else 0,  # abstract sockets and signals
    )
    ruleset = _landlock(_LANDLOCK_CREATE, attributes, ctypes.sizeof(attributes), 0)
    try:
        _landlock(_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _landlock(number: int, *arguments: object) -> int:
    given = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    return _call("syscall", ctypes.c_long(number), *given)


def seccomp() -> None:
    """Install the filter of :mod:`nl2efg.build.seccomp`; nothing can be opened from here on."""
    if not _program.length:
        raise OSError("no seccomp filter for this system")
    _prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(_program))


def seatbelt() -> None:
    """macOS: the profile that denies everything but what a process may always do."""
    if sys.platform != "darwin":
        raise OSError("Seatbelt is only on macOS")
    error = ctypes.c_char_p()
    _call("sandbox_init", b"(version 1)(deny default)", ctypes.c_uint64(0), ctypes.byref(error))
