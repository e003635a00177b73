"""The texts of a folder: its files, what they are called as texts, and what is left out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nl2efg.errors import UserError
from nl2efg.text import valid

ENDINGS = (".txt", ".md", ".tex", ".html", ".htm", ".docx", ".pdf")
"""Of the files of a folder that are texts; the last four are documents, whose words are read."""

DOCUMENTS = ENDINGS[3:]

LINKS = "links to folders"
"""What :func:`left_out` calls links that are not followed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry of a folder that is no folder itself.

    Args:
        path: where it is.
        linked: whether it is a link to a folder, which is not looked into.
    """

    path: Path
    linked: bool = False


def text_files(home: Path, *, follow: bool = False) -> tuple[list[Path], list[str]]:
    """The files of a folder that are its texts, in order, and their ids.

    Args:
        home: the folder.
        follow: whether links to folders are followed.

    Raises:
        UserError: a folder within cannot be read: nobody knows which texts it holds.
    """
    files = sorted(
        each.path for each in _walk(home, follow) if not each.linked and is_text(each.path)
    )
    return files, names_of(files, home)


def left_out(home: Path, *, follow: bool = False) -> dict[str, int]:
    """How many files of a folder are no texts, by their endings, and links that are not followed.

    Files whose names begin with a dot are not counted, nor is what tells about the folder.

    Args:
        home: the folder.
        follow: whether links to folders are followed.

    Raises:
        UserError: as :func:`text_files`.
    """
    found = [each for each in _walk(home, follow) if not each.path.name.startswith(".")]
    counts = Counter(
        each.path.suffix.lower() or "no ending"
        for each in sorted(found, key=lambda each: each.path)
        if not each.linked and not is_text(each.path) and each.path.is_file()
        if each.path.stem.lower() != "readme"
    )
    links = sum(each.linked for each in found)
    return dict(counts) | ({LINKS: links} if links else {})


def names_of(files: Sequence[Path], home: Path) -> list[str]:
    """The ids of files: their paths without the ending, but where two would be alike.

    Args:
        files: below the folder.
        home: the folder.
    """
    whole = [valid(file.relative_to(home).as_posix()) for file in files]
    names = [valid(file.relative_to(home).with_suffix("").as_posix()) for file in files]
    while True:
        counts = Counter(names)
        longer = [
            full if counts[name] > 1 else name for name, full in zip(names, whole, strict=True)
        ]
        if longer == names:
            return names
        names = longer


def is_text(file: Path) -> bool:
    """Whether a file of a folder is one of its texts; what tells about the folder is none."""
    ending = file.suffix.lower()
    return ending in ENDINGS and (ending == ".txt" or file.stem.lower() != "readme")


def _walk(home: Path, follow: bool) -> Iterator[_Found]:
    """All that is in a folder and below, but for folders that are called as texts: those too.

    Raises:
        UserError: a folder cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise UserError(
            f"{error.filename} cannot be read: {error.strerror}",
            hint="nobody knows which texts it holds: make it readable, or move it elsewhere",
        )

    for place, folders, files in os.walk(home, onerror=refuse, followlinks=follow):
        here = Path(place)
        for name in list(folders):
            linked = os.path.islink(here / name)
            if linked and (not follow or _leads_back(here / name, home)):
                folders.remove(name)
                yield _Found(here / name, linked=True)
            elif is_text(here / name):
                yield _Found(here / name)
        yield from (_Found(here / name) for name in files)


def _leads_back(link: Path, home: Path) -> bool:
    """Whether a link leads to a folder that one came through to it, and so round and round."""
    target = link.resolve()
    way = [each for each in link.parents if each == home or each.is_relative_to(home)]
    return any(target == each.resolve() for each in way)
