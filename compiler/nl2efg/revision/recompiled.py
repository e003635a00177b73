"""A compilation beside the last one of its folder: what changed in the text, and in the game."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from nl2efg.comparison import compare
from nl2efg.comparison.changes import game_changes
from nl2efg.errors import UserError
from nl2efg.game import GameTree
from nl2efg.pipeline import Compilation
from nl2efg.schema.history import RevisionRecord

MAX_CHANGES = 4
"""Changes of the text that are told before the rest is only counted."""

MAX_WORDS = 10
MAX_COMPARED = 20_000
"""Words of a text that are compared word by word."""


def beside_the_last(made: Compilation, folder: Path) -> Compilation:
    """The compilation, with what changed since the one that is in a folder, if one is.

    Args:
        made: a new compilation, not written yet.
        folder: where it will be written.
    """
    try:
        last = Compilation.load(folder)
    except UserError:
        return made
    if (last.text, last.efg) == (made.text, made.efg):
        return made
    told = RevisionRecord(
        how="compiled",
        words=text_changes(last.text, made.text),
        differences=told_changes(last.tree, made.tree),
    )
    return replace(made, record=made.record.model_copy(update={"revision": told}))


def told_changes(before: GameTree, after: GameTree) -> tuple[str, ...]:
    """What changed, as the last compile's names have it; of other names alone a single line."""
    found = game_changes(before, after)
    if found and compare(before, after, names="anchored").same:
        return ("the same game, in other names or another order",)
    return found


def text_changes(before: str, after: str) -> str:
    """What changed between two texts, in words."""
    old, new = before.split(), after.split()
    if old == new:
        return "the same text, read again"
    if max(len(old), len(new)) > MAX_COMPARED:
        return "another text"
    told = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace":
            told.append(f"“{_short(new[c:d])}” for “{_short(old[a:b])}”")
        elif kind == "insert":
            told.append(f"“{_short(new[c:d])}” is new")
        elif kind == "delete":
            told.append(f"“{_short(old[a:b])}” is gone")
    more = f"; and {len(told) - MAX_CHANGES} more changes" if len(told) > MAX_CHANGES else ""
    return f"the text changed: {'; '.join(told[:MAX_CHANGES])}{more}"


def _short(words: list[str]) -> str:
    return " ".join(words[:MAX_WORDS]) + (" …" if len(words) > MAX_WORDS else "")
