"""The versions of a compilation's folder, and whether its files still fit each other.

::

    story.nl2efg/
      history.json      which versions there are, what changed in each, and what the files were
      versions/1/       an earlier version: game.efg, game.py, compilation.json.gz
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from nl2efg.errors import FormatError, NotFoundError
from nl2efg.formats.files import VERSIONS
from nl2efg.schema.history import History, RevisionRecord, Version
from nl2efg.storage import open_regular

RECORD_FILE = "compilation.json"
PACKED_RECORD = f"{RECORD_FILE}.gz"
HISTORY_FILE = "history.json"
EDITABLE = ("game.py", "game.efg")
"""The files of a folder that a person may edit; the rest is made from them."""

MAX_BYTES = 64 * 2**20
"""Bytes of a file of a version that are read."""

_MAX_RECORD = 256 * 2**20
"""Bytes of a file of a version that are copied."""


def read_history(folder: Path) -> History | None:
    """The history of a folder; None of one that was written without.

    Raises:
        FormatError: it is damaged.
    """
    file = folder / HISTORY_FILE
    try:
        with open_regular(file) as opened:
            return History.model_validate_json(opened.read(MAX_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotFoundError(f"cannot read {file}: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise FormatError(
            f"no history: {place}: {first['msg']}",
            source=str(file),
            hint="remove it to go on without the earlier versions' order",
        ) from None


def edited_files(folder: Path) -> tuple[str, ...]:
    """The files of a folder that were changed since they were written; missing ones do not count.

    Args:
        folder: a compilation's. Of one that was written without a history nothing is known.

    Raises:
        FormatError: its history is damaged.
    """
    history = read_history(folder)
    if history is None:
        return ()
    return tuple(
        name
        for name in EDITABLE
        if name in history.files and _digest(folder / name) not in (None, history.files[name])
    )


def continued(
    old: History | None,
    revision: RevisionRecord | None,
    files: Mapping[str, str],
    *,
    again: bool = False,
    take: int | None = None,
) -> History:
    """The history of a folder after a version was written.

    Args:
        old: of the folder before; None if there was nothing.
        revision: how the new version came about; None for a compile.
        files: their contents, by name.
        again: whether it is the current version once more.
        take: the number of an earlier version that is taken again.
    """
    digests = {
        name: hashlib.sha256(as_bytes(files[name])).hexdigest()
        for name in EDITABLE
        if name in files
    }
    if old is not None and (again or take is not None):
        number = old.current if take is None else take
        return old.model_copy(update={"current": number, "files": digests})
    versions = old.versions if old is not None else ()
    number = max((each.number for each in versions), default=0) + 1
    revision = revision or RevisionRecord(how="compiled")
    new = Version(
        number=number,
        parent=old.current if old is not None else None,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        how=revision.how,
        words=revision.words,
        differences=revision.differences,
    )
    return History(current=number, versions=(*versions, new), files=digests)


def first_history() -> History:
    """The history of a folder that was written without one."""
    return History(current=1, versions=(Version(number=1),))


def carry_over(
    folder: Path, made: Path, history: History, old: History, written: Mapping[str, str]
) -> None:
    """Copy all versions of a folder that are not current any more to the folder after it.

    Args:
        folder: as it is.
        made: what takes its place.
        history: of ``made``.
        old: of ``folder``.
        written: the files that a person may edit, as they were written; empty if none was edited.

    Raises:
        OSError: they cannot be copied.
    """
    target = made / VERSIONS
    # The folder may be somebody else's: of what lies in it, the files of versions alone.
    for name in numbers(folder / VERSIONS):
        if name != str(history.current):
            _copy(folder / VERSIONS / name, target / name, (*EDITABLE, PACKED_RECORD))
    if history.current == old.current:
        return
    own = target / str(old.current)
    own.mkdir(parents=True, exist_ok=True)
    _copy(folder, own, [name for name in EDITABLE if name not in written])
    for name, text in written.items():
        (own / name).write_bytes(as_bytes(text))
    with open_regular(folder / RECORD_FILE, follow=False) as record:
        content = record.read(_MAX_RECORD)
    (own / PACKED_RECORD).write_bytes(gzip.compress(content, 3, mtime=0))


def numbers(folder: Path) -> list[str]:
    """The names of the earlier versions in a folder of them; none where it is a link or missing."""
    if os.path.islink(folder) or not os.path.isdir(folder):
        return []
    return [name for name in os.listdir(folder) if re.fullmatch(r"[1-9][0-9]{0,5}", name)]


def _copy(source: Path, target: Path, names: Sequence[str]) -> None:
    """Copy regular files of a folder; no link is followed, and the rest is left out."""
    if os.path.islink(source):
        return
    for name in names:
        try:
            opened = open_regular(source / name, follow=False)
        except OSError:
            continue
        with opened:
            if os.fstat(opened.fileno()).st_size <= _MAX_RECORD:
                target.mkdir(parents=True, exist_ok=True)
                with (target / name).open("wb") as copied:
                    shutil.copyfileobj(opened, copied)


def version_folder(folder: Path, number: int) -> Path:
    """Where an earlier version is.

    Raises:
        NotFoundError: there is none of that number.
    """
    history = read_history(folder)
    known = [str(each.number) for each in history.versions] if history else []
    place = folder / VERSIONS / str(number)
    if not os.path.isfile(place / PACKED_RECORD):
        raise NotFoundError(
            f"{folder} has no version {number} to go back to",
            hint=f"it has {', '.join(known) or 'one version'}; `nl2efg versions {folder}`",
        )
    return place


def as_bytes(text: str) -> bytes:
    """A file's content, as it is written."""
    return text.encode("utf-8", "backslashreplace")


def _digest(file: Path) -> str | None:
    try:
        with open_regular(file) as opened:
            return hashlib.sha256(opened.read(MAX_BYTES)).hexdigest()
    except OSError:
        return None
