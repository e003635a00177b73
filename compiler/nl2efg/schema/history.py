"""The history of a compilation's folder: the schema of ``history.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

HISTORY_SCHEMA = 1

How = Literal["compiled", "edited by hand", "set", "edited by a model"]
"""How a version came about."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RevisionRecord(_Data):
    """How a game came from an earlier version of it.

    Args:
        how: by whom, or by what.
        words: what was done: the files that were edited, the edits, or the instruction.
        differences: what changed in the game, in words.
        program: ``game.py`` as a person wrote it; empty where it is made from the game.
    """

    how: How
    words: str = ""
    differences: tuple[str, ...] = ()
    program: str = ""


class Version(_Data):
    """One version of a game.

    Args:
        number: from 1.
        parent: the version that it was made from; None for the first.
        made: the day and time, in UTC, as ISO 8601 writes it.
        how, words, differences: as in :class:`RevisionRecord`.
    """

    number: int
    parent: int | None = None
    made: str = ""
    how: How = "compiled"
    words: str = ""
    differences: tuple[str, ...] = ()


class History(_Data):
    """All versions of a folder.

    Args:
        current: the number of the one that is in the folder itself; the others are in
            ``versions/NUMBER``.
        versions: in order.
        files: of the current version, the SHA-256 of each file that a person may edit.
    """

    schema_version: int = HISTORY_SCHEMA
    current: int
    versions: tuple[Version, ...]
    files: dict[str, str] = {}

    def version(self, number: int) -> Version | None:
        """The version of a number; None if there is none."""
        return next((each for each in self.versions if each.number == number), None)
