"""Games of a run by the ids of their texts: ``run/games/ID``, whatever is in the id.

Within the run's folder that is ``games/ID``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
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
    if os.path.lexists(word):
        return word
    for run, identity in _readings(word.replace(os.sep, "/")):
        if os.path.isfile(run / "manifest.json"):
            from nl2efg.batch.storage.game_folder import game_folder

            found = game_folder(run, identity)
            if os.path.isdir(found):
                return str(found)
    return word


def _readings(path: str) -> Iterator[tuple[Path, str]]:
    """All that a path may mean as a run and an id: both may hold folders called ``games``."""
    parts = path.split("/")
    for place, part in enumerate(parts[:-1]):
        if part == "games" and (identity := "/".join(parts[place + 1 :])):
            yield Path("/".join(parts[:place]) or (os.sep if place else "")), identity
