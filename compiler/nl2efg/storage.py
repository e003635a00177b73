"""Files: written so that no crash leaves half of one, by one command at a time, and read only where
they are files.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from glob import escape
from pathlib import Path
from typing import IO

from nl2efg.errors import StorageError, UserError

_WAITS = (0.01, 0.04, 0.15, 0.3, 0.5)
"""Seconds, one after the other; a virus scanner looks at what is new."""

LOCKED_BYTE = 1 << 30
"""On Windows a lock is of bytes, which nobody else may read; this one is behind all others."""

KEPT = "what is finished is kept; %s and start the same command again"
"""What to do where the folder of a run cannot be written."""

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


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


@contextmanager
def output(file: Path, *, hint: str = "name another --output") -> Iterator[IO[bytes]]:
    """A file that a user named for what is made: whole in the end, or as it was before.

    A link is kept, and its target written; so is the mode of a file that is there. Folders on the
    way that are missing are made. What is no file of a disk, such as ``/dev/stdout`` or a pipe, is
    written as it comes.

    Args:
        file: the place.
        hint: what to do where it cannot be written.

    Raises:
        StorageError: it cannot be written; nothing was made or changed.
    """
    try:
        mode = os.stat(file).st_mode if os.path.exists(file) else None
        if str(file).startswith(_DEVICES) or (mode is not None and not stat.S_ISREG(mode)):
            with file.open("wb") as opened:  # of a folder the system says what it is
                yield opened
            return
        place = Path(os.path.realpath(file))
        if mode is not None and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _folders_of(place):
            made = _beside(place)
            try:
                with made.open("xb") as opened:
                    yield opened
                if mode is not None:
                    made.chmod(stat.S_IMODE(mode))
                _replace(str(made), place)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise unwritable(file, error, hint=hint) from None


@contextmanager
def _folders_of(place: Path) -> Iterator[None]:
    """Make the folders of a place that are missing; they go again if nothing came into them."""
    missing = [each for each in place.parents if not os.path.lexists(each)]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise


_BEGUN = ".begun"
_ABANDONED = 3600.0
"""Seconds after which a file that is not whole yet is nobody's any more."""

_DEVICES = ("/dev/", "/proc/")


def _beside(place: Path) -> Path:
    """A new name beside a file, short enough wherever the file's own is.

    What killed programs left under such names long ago goes.
    """
    start = f".{place.name[:40]}-"
    for left in place.parent.glob(f"{escape(start)}????????{_BEGUN}"):
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > _ABANDONED:
                left.unlink()
    return place.with_name(f"{start}{secrets.token_hex(4)}{_BEGUN}")


def write_output(file: Path, content: str | bytes, *, hint: str = "name another --output") -> None:
    """Write a file that a user named, see :func:`output`.

    Args:
        file: the place.
        content: text goes out in UTF-8.
        hint: what to do where it cannot be written.

    Raises:
        StorageError: it cannot be written; nothing was made or changed.
    """
    with output(file, hint=hint) as opened:
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


def unwritable(path: Path, error: OSError, *, hint: str | None = None) -> StorageError:
    """The error of a file or folder that cannot be written.

    Args:
        path: which one.
        error: why.
        hint: what to do next; by default what is to be done about the folder of a run.
    """
    if hint is None:
        hint = KEPT % ("make room" if error.errno in _NO_ROOM else "put that right")
    return StorageError(f"{path} cannot be written: {error.strerror or error}", hint=hint)


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


_alone: ContextVar[frozenset[Path]] = ContextVar("alone", default=frozenset())


@contextmanager
def alone_in(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Keep others from changing a folder, which may be replaced as a whole meanwhile.

    What is done within may ask for the same again. The lock is a file beside the folder, which goes
    in the end; a process that is killed leaves it behind, and it hinders nobody.

    Args:
        folder: which one; it need not be there yet, but its parent is.
        patience: seconds to wait for whoever changes it.

    Raises:
        UserError: another command is changing it.
        OSError: no file can be made beside it.
    """
    place = Path(os.path.abspath(folder))
    if place in _alone.get():
        yield
        return
    file = place.with_name(f".{place.name}.lock")
    handle = _locked(file, folder, time.monotonic() + patience)
    token = _alone.set(_alone.get() | {place})
    try:
        yield
    finally:
        _alone.reset(token)
        # First the name, where the system allows that: whoever waits sees that it is another file.
        with suppress(OSError):
            file.unlink()
        os.close(handle)
        if os.name == "nt":
            with suppress(OSError):
                file.unlink()


def _locked(file: Path, folder: Path, end: float) -> int:
    while True:
        handle = open_unfollowed(file, os.O_RDWR | os.O_CREAT)
        try:
            lock(handle)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.lstat(file)):
                    return handle
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(handle)
                raise UserError(
                    f"{folder} is being changed by another command",
                    hint="start this one again when that one has ended",
                ) from None
            time.sleep(0.05)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
