"""Whether a layer of protection holds: tried from within, in a child that has only this layer."""

from __future__ import annotations

import mmap
import os
import socket
from collections.abc import Callable
from contextlib import suppress

from nl2efg.sandbox.protocol.frames import Layer


def holds(layer: Layer) -> bool:
    """Whether ``layer``, the only one of this process, refuses what it is there to refuse."""
    return _TRIALS[layer]()


def _refused(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return True
    return False


def _open_folder() -> None:
    os.close(os.open("/", os.O_RDONLY))


def _open_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _map_executable() -> None:
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _user() -> bool:
    if os.geteuid() == 0 and _refused(lambda: os.setresuid(65534, 65534, 65534)):
        return _capabilities() == 0  # root of a namespace that has no other user
    return os.geteuid() != 0 and _capabilities() in (0, None)


def _capabilities() -> int | None:
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("CapEff:"):
                return int(line.split()[1], 16)
    return None


def _limits() -> bool:
    return _refused(_open_folder) and _refused(lambda: os.dup(0))


def _seccomp() -> bool:
    return all(map(_refused, (_open_folder, _open_socket, _fork, _map_executable)))


def _seatbelt() -> bool:
    return all(map(_refused, (_open_folder, _fork))) and _refused(
        lambda: socket.create_connection(("127.0.0.1", 9), 0.1)
    )


def _namespaces() -> bool:
    """Whether nothing but the loopback device is here and the root folder cannot be written."""
    try:
        with open("/proc/self/net/dev", encoding="ascii") as file:
            devices = [line.split(":")[0].strip() for line in file.readlines()[2:]]
        read_only = os.statvfs("/").f_flag & os.ST_RDONLY
    except (OSError, AttributeError):
        return False
    return devices in ([], ["lo"]) and bool(read_only)


_TRIALS: dict[Layer, Callable[[], bool]] = {
    Layer.USER: _user,
    Layer.LIMITS: _limits,
    Layer.LANDLOCK: lambda: _refused(_open_folder),
    Layer.SECCOMP: _seccomp,
    Layer.SEATBELT: _seatbelt,
    Layer.NAMESPACES: _namespaces,
}
