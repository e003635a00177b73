"""What POSIX and Windows call differently: locks, syncs, and reads at a place."""

from __future__ import annotations

import os
import sys

LOCKED_BYTE = 1 << 30
"""On Windows a lock is of bytes, which nobody else may read; this one is behind all others."""


def lock(handle: int) -> None:
    """Lock a file for this process alone; the lock goes when the file is closed.

    Raises:
        BlockingIOError: somebody else has it.
        OSError: it cannot be locked.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(error.errno, "it is locked") from None
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync(handle: int) -> None:
    """Wait until the disk has what was written to a file.

    Raises:
        OSError: it cannot be synced.
    """
    getattr(os, "fdatasync", os.fsync)(handle)


def read_at(handle: int, count: int, offset: int) -> bytes:
    """Bytes of an open file, from a place on. Where it was read before does not matter.

    Raises:
        OSError: it cannot be read.
    """
    if hasattr(os, "pread"):
        return os.pread(handle, count, offset)
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, count)
