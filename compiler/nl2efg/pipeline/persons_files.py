"""What a person has in a compilation's folder beside what nl2efg wrote: it survives every change.

Files of other names stay where they are. A ``game.py`` or ``game.efg`` that was edited by hand, and
is replaced before the edit was taken, goes on as ``game.edited.py`` or ``game.edited.efg``.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from nl2efg.errors import ReadingWarning
from nl2efg.storage import open_regular

WRITTEN = frozenset(
    "game.efg game.py tree.svg report.html exam.json compilation.json compilation.json.gz "  # noqa: SIM905
    "history.json transcript versions unfinished".split()
)
"""The names that nl2efg gives; whatever has another one is a person's."""


def bring_over(old: Path, new: Path) -> None:
    """Move a person's files from a folder to the one that took its place.

    Args:
        old: the folder before, not removed yet.
        new: the folder; what it has under a name stays.

    Raises:
        OSError: they cannot be moved.
    """
    for name in sorted(os.listdir(old)):
        if name not in WRITTEN and not os.path.lexists(new / name):
            (old / name).rename(new / name)


def set_aside(folder: Path, made: Path, edited: Collection[str]) -> None:
    """Keep files that a person edited and that are not taken, under names of their own.

    Args:
        folder: as it is.
        made: what takes its place.
        edited: the names of the files.

    Raises:
        OSError: they cannot be written.
    """
    for name in edited:
        with suppress(FileNotFoundError), open_regular(folder / name, follow=False) as file:
            content = file.read()
            kept = _free_name(folder, name)
            (made / kept).write_bytes(content)
            warnings.warn(
                f"{folder / name} was edited by hand and is not taken; the edit is kept as {kept}",
                ReadingWarning,
                stacklevel=2,
            )


def _free_name(folder: Path, name: str) -> str:
    stem, ending = os.path.splitext(name)
    number = 1
    while os.path.lexists(
        folder / (kept := f"{stem}.edited{number if number > 1 else ''}{ending}")
    ):
        number += 1
    return kept
