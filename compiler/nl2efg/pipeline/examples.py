"""The bundled games in ``fixtures/games``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nl2efg.errors import NotFoundError, expect
from nl2efg.resources import shipped


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled game.

    Args:
        name: its short name, as ``nl2efg NAME`` takes it.
        folder: where its description, reference, expected facts and recorded replies are.
    """

    name: str
    folder: Path

    @property
    def text(self) -> str:
        """The description."""
        return (self.folder / "description.txt").read_text(encoding="utf-8")

    @property
    def title(self) -> str:
        """A line that says which game it is."""
        expected = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return str(expected["title"])

    @property
    def reference(self) -> str:
        """The reference game as .efg text; empty where the text describes no game."""
        file = self.folder / "reference.efg"
        return file.read_text(encoding="utf-8") if file.exists() else ""


def examples() -> tuple[Example, ...]:
    """All bundled games, by name."""
    folders = sorted(shipped("fixtures").joinpath("games").iterdir())
    return tuple(
        Example(folder.name, folder) for folder in folders if (folder / "description.txt").is_file()
    )


def is_bundled(name: str) -> bool:
    """Whether a word is the name of a bundled game."""
    return name in {found.name for found in examples()}


def example(name: str) -> Example:
    """One bundled game.

    Args:
        name: its short name, as ``nl2efg examples`` lists it.

    Raises:
        NotFoundError: there is none of that name; close ones are named.

    >>> import nl2efg
    >>> nl2efg.example("kuhn_poker").title
    'Kuhn poker'
    """
    expect(name, str, "name of a bundled game", hint="nl2efg.examples() lists them")
    known = {found.name: found for found in examples()}
    if name in known:
        return known[name]
    close = get_close_matches(name, known, n=3)
    raise NotFoundError(
        f"{name!r} is neither a file nor a bundled game",
        hint=f"did you mean {', '.join(close)}?" if close else "`nl2efg examples` lists the games",
    )
