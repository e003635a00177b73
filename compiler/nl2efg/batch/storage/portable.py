"""What POSIX and Windows call differently: syncs, and reads at a place."""

from __future__ import annotations

import os


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
