"""The folder of each game of a run: called as its text is, so that people find it."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from nl2efg.batch.storage.append_log import make_own, write_own
from nl2efg.pipeline.folder import PACKED_RECORD
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import unwritable

GAMES = "games"
GAME = "game.efg"
MAX_NAME = 100
"""Characters of a folder's name: with what is added to it, every file system takes it."""

MAX_BYTES = 200
"""The same in UTF-8, which some file systems count."""

_PLAIN = frozenset("_.,+=@ -")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def folder_name(identity: str, *, apart: bool = False) -> str:
    """A name that no file system minds for the id of a text: the id itself where it is one.

    Letters and digits of every script stay, composed (NFC). Where the id had to be changed, a part
    of its hash follows, so that two ids never share a folder.

    Args:
        identity: the id.
        apart: whether the hash follows in any case; see :func:`case_key`.
    """
    kept = "".join(
        char if char in _PLAIN or unicodedata.category(char)[0] in "LNM" else "\0"
        for char in unicodedata.normalize("NFC", identity)
    )
    safe = re.sub("\0+", "-", kept).strip(" .-")[:MAX_NAME]
    safe = safe.encode()[:MAX_BYTES].decode("utf-8", "ignore").strip(" .")
    if safe and safe == identity and not apart and not _RESERVED.fullmatch(safe):
        return safe
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{safe}~{digest}" if safe and not _RESERVED.fullmatch(safe) else f"game~{digest}"


def case_key(identity: str) -> str:
    """What ids have in common whose folders are one where the file system does not tell case apart.

    Empty where the id's hash is in the folder's name. All ids of a corpus that share a key are to
    be told ``apart``.
    """
    name = folder_name(identity)
    return "" if "~" in name else unicodedata.normalize("NFC", name.upper().casefold())


def game_folder(run: Path, identity: str) -> Path:
    """Where the files of a text's game are, or would be if there are none."""
    apart = run / GAMES / folder_name(identity, apart=True)
    return apart if apart.is_dir() else run / GAMES / folder_name(identity)


def is_lost(run: Path, identity: str) -> bool:
    """Whether somebody has deleted the files of a game that was finished.

    Args:
        run: the run folder.
        identity: the id of the text.
    """
    try:
        return not {GAME, PACKED_RECORD} <= set(os.listdir(game_folder(run, identity)))
    except OSError:
        return True


def write_game(
    run: Path,
    identity: str,
    record: CompilationRecord,
    files: Mapping[str, str],
    *,
    apart: bool = False,
) -> None:
    """Write a game's folder. Its row is written afterwards, so that half of one does not count.

    Args:
        run: the run folder.
        identity: the id of the text.
        record: what happened.
        files: the game in its forms, by file name.
        apart: whether the folder's name is told by its hash.

    Raises:
        StorageError: it cannot be written, or is a link.
    """
    own = run / GAMES / folder_name(identity, apart=apart)
    plain = record.model_dump_json().encode("utf-8", "backslashreplace")
    contents = {name: text.encode("utf-8", "backslashreplace") for name, text in files.items()}
    contents[PACKED_RECORD] = gzip.compress(plain, 3, mtime=0)
    try:
        for folder in (run / GAMES, own):
            make_own(folder)
        for name, content in contents.items():
            with write_own(own / name) as file:
                file.write(content)
    except OSError as error:
        raise unwritable(own, error) from None
