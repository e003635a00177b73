"""The folder of each game of a run: called as its text is, so that people find it."""

from __future__ import annotations

import gzip
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from nl2efg.batch.storage.append_log import make_own, write_own
from nl2efg.pipeline.folder import PACKED_RECORD
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import unwritable

GAMES = "games"
MAX_NAME = 100
"""Characters of a folder's name: with what is added to it, every file system takes it."""

MAX_BYTES = 200
"""The same in UTF-8, which some file systems count."""

_PLAIN = frozenset("_.,+=@ -")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def folder_name(identity: str) -> str:
    """A name that no file system minds for the id of a text: the id itself where it is one.

    Letters and digits of every script stay, composed (NFC). Where the id had to be changed, a part
    of its hash follows, so that two ids never share a folder; only those that differ in nothing but
    case do, on file systems that do not tell case apart.
    """
    kept = "".join(
        char if char in _PLAIN or unicodedata.category(char)[0] in "LNM" else "\0"
        for char in unicodedata.normalize("NFC", identity)
    )
    safe = re.sub("\0+", "-", kept).strip(" .-")[:MAX_NAME]
    safe = safe.encode()[:MAX_BYTES].decode("utf-8", "ignore").strip(" .")
    if safe and safe == identity and not _RESERVED.fullmatch(safe):
        return safe
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{safe}~{digest}" if safe and not _RESERVED.fullmatch(safe) else f"game~{digest}"


def game_folder(run: Path, identity: str) -> Path:
    """Where the files of a text's game are."""
    return run / GAMES / folder_name(identity)


def write_game(
    run: Path, identity: str, record: CompilationRecord, files: Mapping[str, str]
) -> None:
    """Write a game's folder. Its row is written afterwards, so that half of one does not count.

    Args:
        run: the run folder.
        identity: the id of the text.
        record: what happened.
        files: the game in its forms, by file name.

    Raises:
        StorageError: it cannot be written, or is a link.
    """
    own = game_folder(run, identity)
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
