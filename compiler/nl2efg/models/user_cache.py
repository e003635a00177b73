"""The user's cache: replies that were paid for, kept across compilations, in bounded room.

It lies where the platform keeps what may be deleted: ``$XDG_CACHE_HOME`` or ``~/.cache`` on Linux
(XDG Base Directory Specification), ``~/Library/Caches`` on macOS, ``%LOCALAPPDATA%`` on Windows;
``NL2EFG_CACHE`` names another folder. Descriptions can be private, so nobody else may read it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from nl2efg.models.cached import CachedModel
from nl2efg.models.port import Model, Reply, Request
from nl2efg.models.reply_files import ReplyFiles, as_file, identity_of, read_reply, reply_files
from nl2efg.storage import write_whole

CACHE_VARIABLE = "NL2EFG_CACHE"
MAX_BYTES = 256 * 2**20
"""Bytes that the cache may take: some 20,000 replies."""

_ROOM_AFTER = 0.9
"""The part of the limit that is left in use when room is made, so that it is made seldom."""


def cache_folder() -> Path:
    """Where the replies of this user are kept."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "nl2efg" / "replies"
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "nl2efg" / "replies"
    given = os.environ.get("XDG_CACHE_HOME", "")
    # The specification: a path that is not absolute is to be ignored.
    base = Path(given) if os.path.isabs(given) else home / ".cache"
    return base / "nl2efg" / "replies"


@dataclass(frozen=True, slots=True)
class CacheContent:
    """What the cache holds.

    Args:
        folder: where it is.
        replies: how many there are.
        size: their bytes.
        cost: US dollars that they cost, where the price was known.
    """

    folder: Path
    replies: int
    size: int
    cost: float


class UserCache(ReplyFiles):
    """A store of replies that were paid for before; its answers cost nothing, and say so.

    The cache never stands in the way: where it cannot be written, ``told`` hears of it once.

    Args:
        identity: what replies depend on besides model and prompt.
        fresh: whether everything is asked anew; new replies take the place of kept ones.
        told: hears in words that the cache cannot be used.
        limit: bytes that it may take.
    """

    def __init__(
        self,
        identity: str,
        *,
        fresh: bool = False,
        told: Callable[[str], None] | None = None,
        limit: int = MAX_BYTES,
    ) -> None:
        super().__init__(cache_folder(), identity)
        self._fresh, self._told, self._limit = fresh, told, limit

    def find(self, model: str, request: Request) -> Reply | None:
        """The reply that was paid for earlier, at no cost now, with a note that says so."""
        if self._fresh or not self._is_ours():
            return None
        file = self.place(model, request)
        found = super().find(model, request)
        if found is None:
            return None
        when = date.today()
        with suppress(OSError):
            when = date.fromtimestamp(file.stat().st_mtime)
            os.utime(file, (_now(), file.stat().st_mtime))  # used now: it goes last
        said = f"kept since {when}, nothing was asked or paid; --fresh asks anew"
        return replace(
            found,
            prompt_tokens=0,
            completion_tokens=0,
            cost=0.0,
            note="; ".join(filter(None, (found.note, said))),
        )

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Keep a reply; older ones go where there is no room."""
        if not self._is_ours():
            return
        file = self.place(model, request)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(file, as_file(request, reply), mode=0o600)
            make_room(self.folder, self._limit)
        except OSError as error:
            self._tell(error.strerror or str(error))

    def _is_ours(self) -> bool:
        """Whether nobody else could have put replies there, which would be taken for a model's."""
        why = strangers_of(self.folder)
        if why:
            self._tell(why)
        return not why

    def _tell(self, why: str) -> None:
        if self._told is not None:
            self._told(f"replies are not cached: {self.folder}: {why}")
        self._told = None


def strangers_of(folder: Path) -> str:
    """Who else may write a folder, in words; empty if nobody, or if there is no such folder.

    Args:
        folder: of the cache. On Windows its owner is not looked at.
    """
    try:
        found = folder.stat()
    except OSError:
        return ""
    if os.name == "nt":
        return ""
    if found.st_uid != os.geteuid():
        return "it is another user's folder"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "others may write in it (chmod go-w)"
    return ""


def with_user_cache(model: Model) -> Model:
    """A model that answers from the user's cache what it was asked before.

    One whose replies are not to be kept, such as recorded ones, is given back as it is.
    """
    identity = identity_of(model)
    return CachedModel(model, UserCache(identity)) if identity else model


def make_room(folder: Path, limit: int) -> None:
    """Delete the replies that were not used for longest, if all take more than ``limit`` bytes."""
    sizes: list[tuple[float, int, Path]] = []
    for file in reply_files(folder):
        with suppress(OSError):
            found = file.stat()
            sizes.append((found.st_atime, found.st_size, file))
    taken = sum(size for _, size, _ in sizes)
    if taken <= limit:
        return
    for _, size, file in sorted(sizes):
        if taken <= limit * _ROOM_AFTER:
            break
        with suppress(OSError):
            file.unlink()
            taken -= size


def cache_content() -> CacheContent:
    """What the user's cache holds now."""
    folder = cache_folder()
    count, size, cost = 0, 0, 0.0
    for file in reply_files(folder):
        count += 1
        with suppress(OSError):
            size += file.stat().st_size
        found = read_reply(file)
        cost += found.cost if found is not None else 0.0
    return CacheContent(folder, count, size, cost)


def clear_cache() -> int:
    """Delete all replies of the user's cache; files of others are left alone.

    Returns:
        How many were deleted.

    Raises:
        OSError: one cannot be deleted.
    """
    files = list(reply_files(cache_folder()))
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _now() -> float:
    import time

    return time.time()
