"""Games of a run by the ids of their texts: ``run/games/ID``, whatever is in the id."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def by_their_folders(arguments: Sequence[str]) -> list[str]:
    """A command's words, in which a game of a run that is named by its id is named by its folder.

    An id may hold what no folder's name may, such as ``a/b`` or ``"x"``; the folder is called a
    little differently then.

    Args:
        arguments: the words.
    """
    return [_folder(word) if "games" in word else word for word in arguments]


def _folder(word: str) -> str:
    """The folder of ``run/games/ID``; any other word as it is."""
    parts = word.replace(os.sep, "/").split("/games/")
    if os.path.lexists(word) or not parts[1:] or not parts[1]:
        return word
    run = Path(parts[0])
    if not os.path.isfile(run / "manifest.json"):
        return word
    from nl2efg.batch.storage.game_folder import game_folder

    found = game_folder(run, "/games/".join(parts[1:]))
    return str(found) if os.path.isdir(found) else word
