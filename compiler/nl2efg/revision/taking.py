"""Going back to an earlier version of a folder."""

from __future__ import annotations

from contextlib import suppress
from os import PathLike
from pathlib import Path

from nl2efg.comparison.changes import game_changes
from nl2efg.errors import UserError
from nl2efg.pipeline import Compilation, write_folder
from nl2efg.pipeline.versions import EDITABLE, MAX_BYTES, edited_files, read_history, version_folder
from nl2efg.storage import open_regular


def take_version(
    folder: str | PathLike[str], number: int | None = None
) -> tuple[Compilation, int, tuple[str, ...]]:
    """Make an earlier version of a folder the current one; the current one is kept.

    Where files were edited by hand and are not taken, the current version can be taken again.

    Args:
        folder: a compilation's.
        number: of the version; by default the current one if files were edited since it was
            written, else the one that it was made from.

    Returns:
        What is in the folder now, its number, and what changed in the game, in words.

    Raises:
        UserError: no compilation's folder, or no such version.
    """
    place = Path(folder)
    now = Compilation.load(place)
    history = read_history(place)
    edited = edited_files(place)
    if history is not None and edited and number in (None, history.current):
        write_folder(now.record, now.files(), place, take=history.current)
        return now, history.current, ()
    if number is None:
        own = history.version(history.current) if history else None
        if own is None or own.parent is None:
            raise UserError(
                f"{place}: nothing to undo: it is the first version",
                hint=f"`nl2efg versions {place}` lists all there is",
            )
        number = own.parent
    elif history is not None and number == history.current:
        raise UserError(f"{place}: version {number} is the current one")
    source = version_folder(place, number)
    taken = Compilation.load(source)
    files = taken.files()
    for name in EDITABLE:  # as they were, whichever pygambit they were written for
        with suppress(OSError), open_regular(source / name, follow=False) as file:
            files[name] = file.read(MAX_BYTES).decode("utf-8", "replace")
    write_folder(taken.record, files, place, take=number)
    return taken, number, game_changes(now.tree, taken.tree)
