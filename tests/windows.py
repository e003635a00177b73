"""``python -m tests.windows ARGUMENTS``: ``nl2efg ARGUMENTS`` as on Windows, so far as Linux can.

What only POSIX has is taken away before anything of nl2efg is imported: modules cannot be found,
functions and flags of ``os`` and ``signal`` are gone, ``sys.platform`` says ``win32``, and locks go
by a ``msvcrt`` that refuses as the real one does. The standard library and the packages that nl2efg
stands on see to Windows themselves: they are imported as on Linux. Paths stay those of POSIX.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

MODULES = frozenset(
    "fcntl resource pwd grp termios tty pty syslog readline crypt spwd posix_ipc".split()  # noqa: SIM905
)
NOT_EVERYWHERE = ("pyspiel", "pettingzoo", "gymnasium")
"""Packages that are not installed with the tests."""
OF_OS = (
    *("fork", "forkpty", "register_at_fork", "wait4", "wait3", "setsid", "getsid", "killpg"),
    *("getpgid", "getuid", "geteuid", "getgid", "getegid", "setuid", "setresuid", "setgroups"),
    *("uname", "statvfs", "pread", "pwrite", "preadv", "fdatasync", "mkfifo", "sysconf", "nice"),
    *("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "O_SYNC", "set_blocking", "fchmod"),
    *("chown", "fchown", "lchown", "sched_getaffinity", "getloadavg", "posix_spawn", "ctermid"),
)
OF_SIGNAL = ("SIGKILL", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGCHLD", "alarm")


class Stage:
    """What is missing on Windows, missing while nl2efg's own code runs and imports."""

    def __init__(self) -> None:
        self._on = False
        self._kept: list[tuple[Any, str, Any]] = []
        self._import = builtins.__import__

    def enter(self) -> None:
        """Take away what Windows does not have."""
        for home, names in ((os, OF_OS), (signal, OF_SIGNAL)):
            for name in names:
                if hasattr(home, name):
                    self._kept.append((home, name, getattr(home, name)))
                    delattr(home, name)
        self._kept.append((sys, "platform", sys.platform))
        sys.platform = "win32"
        sys.modules["msvcrt"] = _MSVCRT
        self._on = True

    def leave(self) -> None:
        """Give it back."""
        self._on = False
        del sys.modules["msvcrt"]
        for home, name, value in self._kept:
            setattr(home, name, value)
        self._kept.clear()

    def imported(
        self,
        name: str,
        globals: Any = None,
        locals: Any = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        """``__import__``, but nl2efg finds nothing of POSIX, and others import as on Linux."""
        importer = str((globals or {}).get("__name__", "")).partition(".")[0]
        if not self._on or name.partition(".")[0] == "nl2efg" or (level and importer == "nl2efg"):
            return self._import(name, globals, locals, fromlist, level)
        if importer == "nl2efg" and name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if importer == "nl2efg" and name == "msvcrt":
            return _MSVCRT
        self.leave()
        try:
            return self._import(name, globals, locals, fromlist, level)
        finally:
            self.enter()


def msvcrt() -> ModuleType:
    """The module of Windows, as far as it locks."""
    module: Any = ModuleType("msvcrt")
    module.LK_NBLCK, module.LK_UNLCK = 2, 0
    locks = {module.LK_NBLCK: fcntl.LOCK_EX | fcntl.LOCK_NB, module.LK_UNLCK: fcntl.LOCK_UN}

    def locking(handle: int, mode: int, count: int) -> None:
        try:
            fcntl.lockf(handle, locks[mode], count, os.lseek(handle, 0, os.SEEK_CUR))
            fcntl.flock(handle, locks[mode])
        except OSError:
            raise PermissionError(errno.EACCES, "Permission denied") from None

    module.locking = locking
    return module  # type: ignore[no-any-return]


_MSVCRT = msvcrt()


def become_windows() -> None:
    """Set the stage. There is no way back within the process."""
    stage = Stage()
    builtins.__import__ = stage.imported  # type: ignore[assignment]
    stage.enter()


def main(arguments: Sequence[str]) -> None:
    """Run a command of nl2efg, or ``--import MODULE…`` to import modules."""
    become_windows()
    if arguments[:1] == ["--import"]:
        for name in arguments[1:]:
            try:
                importlib.import_module(name)
            except ModuleNotFoundError as error:
                if error.name not in NOT_EVERYWHERE:
                    raise
        return
    from nl2efg.cli import main as run

    run(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
