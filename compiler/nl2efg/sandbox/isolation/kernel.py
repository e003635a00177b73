"""What the kernel offers to lock a process down: prctl, capabilities, Landlock, seccomp, Seatbelt.

Called in a freshly forked child, where every page of memory that is touched is copied: so the calls
and their arguments are made when this module is loaded, and no call keeps ``errno``; one that fails
is made again by another way, which does. Each function raises ``OSError`` where the kernel does not
do as told.

Landlock is three system calls, and the ruleset here the shortest there is (handle every right,
grant none); landlockpy 0.2.0 would be a dependency for its path rules, which are not needed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

from nl2efg.sandbox.isolation.seccomp import filter_program

_LINUX = sys.platform == "linux"
_SET_PDEATHSIG, _SET_DUMPABLE, _SET_SECCOMP, _SET_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 4, 22, 36, 38
_FILTER_MODE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_LANDLOCK_VERSION = 1
_SIGKILL = 9

_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
_quick = ctypes.CDLL(None) if _LINUX else None
_prctl = _quick.prctl if _quick else None
_capset = _quick.capset if _quick else None
_syscall = _quick.syscall if _quick else None
_prctl_arguments = {
    option: (ctypes.c_int(option), ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3)
    for option, value in (
        (_SET_PDEATHSIG, _SIGKILL),
        (_SET_DUMPABLE, 0),
        (_SET_SUBREAPER, 1),
        (_NO_NEW_PRIVILEGES, 1),
    )
}
_capability_header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_no_capabilities = (ctypes.c_uint32 * 6)()


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


_code = filter_program(os.uname().machine) if _LINUX else None
_instructions = ctypes.create_string_buffer(_code or b"")
_program = _Program(len(_code or b"") // 8, ctypes.addressof(_instructions))
_filter_arguments = (
    ctypes.c_int(_SET_SECCOMP), ctypes.c_ulong(_FILTER_MODE), ctypes.byref(_program),
    *[ctypes.c_ulong(0)] * 2,
)  # fmt: skip


def _call(name: str, *arguments: object) -> int:
    if _libc is None:
        raise OSError(f"{name} is not there")
    result: int = getattr(_libc, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _set(option: int) -> None:
    arguments = _prctl_arguments[option]
    if _prctl is not None and _prctl(*arguments) == -1:
        _call("prctl", *arguments)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent dies. To be called after a change of user, which undoes it."""
    if not _LINUX:
        return
    _set(_SET_PDEATHSIG)
    if os.getppid() not in (parent, 0):
        os._exit(1)  # it died before the call


def hide_memory() -> None:
    """No core, no ptrace and no ``/proc/PID/mem`` by processes of the same user."""
    _set(_SET_DUMPABLE)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that they can be found."""
    _set(_SET_SUBREAPER)


def trim_memory() -> None:
    """Give back the memory that is free, so that children need not share it."""
    with suppress(OSError, AttributeError):  # glibc has it
        _call("malloc_trim", ctypes.c_size_t(0))


def no_new_privileges() -> None:
    """No setuid program gains anything; a condition of Landlock and seccomp."""
    _set(_NO_NEW_PRIVILEGES)


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
    if _capset is not None and _capset(_capability_header, _no_capabilities) == -1:
        _call("capset", _capability_header, _no_capabilities)


def _landlock_version() -> int:
    """The version of Landlock's interface, 0 where there is none."""
    if not _LINUX:
        return 0
    try:
        return _call("syscall", *_longs(_LANDLOCK_CREATE, 0, 0, _LANDLOCK_VERSION))
    except OSError:
        return 0


def _longs(*values: int) -> list[ctypes.c_long]:
    return [ctypes.c_long(value) for value in values]


_version = _landlock_version()
_rights = (ctypes.c_uint64 * 3)(
    (1 << (13 + (_version >= 2) + (_version >= 3) + (_version >= 5))) - 1,
    0b11 if _version >= 4 else 0,  # bind and connect
    0b11 if _version >= 6 else 0,  # abstract sockets and signals
)
_landlock_arguments = (
    *_longs(_LANDLOCK_CREATE), ctypes.byref(_rights), *_longs(ctypes.sizeof(_rights), 0)
)  # fmt: skip
_restrict_arguments = _longs(_LANDLOCK_RESTRICT, -1, 0)


def landlock() -> None:
    """Refuse every access to files, TCP ports and outside processes that this kernel can refuse."""
    if not _version or _syscall is None:
        raise OSError("Landlock is not there")
    ruleset = _syscall(*_landlock_arguments)
    if ruleset == -1:
        ruleset = _call("syscall", *_landlock_arguments)
    _restrict_arguments[1].value = ruleset
    try:
        if _syscall(*_restrict_arguments) == -1:
            _call("syscall", *_restrict_arguments)
    finally:
        os.close(ruleset)


def seccomp() -> None:
    """Install the filter of the module ``seccomp``; nothing can be opened from here on."""
    if not _program.length or _prctl is None:
        raise OSError("no seccomp filter for this system")
    if _prctl(*_filter_arguments) == -1:
        _call("prctl", *_filter_arguments)


def seatbelt() -> None:
    """macOS: the profile that denies everything but what a process may always do."""
    if sys.platform != "darwin":
        raise OSError("Seatbelt is only on macOS")
    error = ctypes.c_char_p()
    _call("sandbox_init", b"(version 1)(deny default)", ctypes.c_uint64(0), ctypes.byref(error))
