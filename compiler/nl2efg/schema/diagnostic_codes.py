"""The documented codes, read from ``codes/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nl2efg.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """What ``nl2efg explain CODE`` prints.

    Args:
        code: the identifier.
        title: one line.
        explanation: a paragraph: what it means and why it matters.
        example: a small case that raises it.
        remedy: what to do.
    """

    code: str
    title: str
    explanation: str
    example: str = ""
    remedy: str = ""


@cache
def known_codes() -> dict[str, CodeEntry]:
    """All documented codes, in order of their families' files and of their lines in them."""
    entries: dict[str, CodeEntry] = {}
    folder = files(__package__).joinpath("codes")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for code, fields in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in entries:
                raise ValueError(f"{file.name}: diagnostic code {code} is documented twice")
            entries[code] = CodeEntry(code, **fields)
    return entries


def explain(code: str) -> CodeEntry:
    """The documentation of one code, upper or lower case.

    Raises:
        NotFoundError: no such code.
    """
    entry = known_codes().get(code.strip().upper())
    if entry is None:
        raise NotFoundError(
            f"there is no diagnostic code {code!r}", hint="`nl2efg explain` lists them all"
        )
    return entry
