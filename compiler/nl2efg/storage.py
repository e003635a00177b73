"""Files: written so that no crash leaves half of one, and read only where they are files."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nl2efg.errors import StorageError

_WAITS = (0.01, 0.04, 0.15, 0.3, 0.5)
"""Seconds, one after the other; a virus scanner looks at what is new."""

KEPT = "what is finished is kept; make room and start the same command again"
"""What to do where the folder of a run cannot be written."""


@contextmanager
def replacing(file: Path, *, sync: bool = False, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """A new file that takes another's place once it is whole; if it cannot be, nothing is left.

    Until then it has a name of its own: other processes may be writing the same file.

    Args:
        file: the place; its folder exists.
        sync: whether to wait for the disk, so that a power cut leaves the old file or the new one.
        mode: who may read and write it; by default everyone may read.

    Raises:
        OSError: it cannot be written.
    """
    handle, made = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            yield opened
            if sync:
                opened.flush()
                os.fsync(opened.fileno())
        os.chmod(made, mode)  # made private by mkstemp
        _replace(made, file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def _replace(made: str, file: Path) -> None:
    """Put a file in another's place; on Windows not while somebody reads that one for a moment."""
    for wait in _WAITS if sys.platform == "win32" else ():
        try:
            os.replace(made, file)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    os.replace(made, file)


def write_whole(file: Path, content: str | bytes, *, sync: bool = False, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old one or the new one, and never a part.

    Args:
        file: the place; its folder exists.
        content: text goes out in UTF-8.
        sync: whether to wait for the disk.
        mode: who may read and write it.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(file, sync=sync, mode=mode) as opened:
        opened.write(content.encode() if isinstance(content, str) else content)


def open_regular(path: Path, *, follow: bool = True) -> IO[bytes]:
    """A file of this disk, open for reading; what would never end, or never begin, is refused.

    Args:
        path: which one.
        follow: whether it may be a link.

    Raises:
        OSError: it cannot be read, is no regular file, or is a link that is not to be followed.
    """
    flags = os.O_RDONLY | _flag("O_NONBLOCK")
    try:
        handle = os.open(path, flags | _SAFELY) if follow else open_unfollowed(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP and not follow:
            raise OSError(errno.ELOOP, "it is a link") from None
        raise
    kind = os.fstat(handle).st_mode
    if not stat.S_ISREG(kind):
        os.close(handle)
        code = errno.EISDIR if stat.S_ISDIR(kind) else errno.EINVAL
        raise OSError(code, os.strerror(code) if stat.S_ISDIR(kind) else "it is no regular file")
    if _flag("O_NONBLOCK"):
        os.set_blocking(handle, True)
    return os.fdopen(handle, "rb")


def open_unfollowed(path: Path, flags: int) -> int:
    """A file that is no link, open; where the system cannot refuse links itself, after a look.

    Args:
        path: which one.
        flags: as ``os.open`` takes them.

    Raises:
        OSError: it cannot be opened; with ``ELOOP`` it is a link.
    """
    refusing = _flag("O_NOFOLLOW")
    if not refusing and path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link")
    return os.open(path, flags | refusing | _SAFELY, 0o644)


def _flag(name: str) -> int:
    """A flag of ``os.open``; 0 where the system has none of this name."""
    return int(getattr(os, name, 0))


_SAFELY = _flag("O_CLOEXEC") | _flag("O_BINARY")
"""No process that is started has the file; on Windows line ends stay as they are."""


def unwritable(path: Path, error: OSError, *, hint: str = KEPT) -> StorageError:
    """The error of a file or folder that cannot be written.

    Args:
        path: which one.
        error: why.
        hint: what to do next.
    """
    return StorageError(f"{path} cannot be written: {error.strerror or error}", hint=hint)
