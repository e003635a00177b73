"""``--ask``: what a text leaves open is put to the person at the terminal, each point once."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.cli.terminal import complain, note, plain
from nl2efg.models.paste import interruptible
from nl2efg.storage import open_regular, unwritable, write_whole
from nl2efg.text import load_json

if TYPE_CHECKING:
    from nl2efg.schema.sketch import SketchAssumption

ANSWERS = "answers.json"
MAX_BYTES = 1 << 22
"""Bytes of the file of answers that are read."""


def can_ask() -> bool:
    """Whether somebody is at a terminal to answer; says so where nobody is."""
    if sys.stdin.isatty():
        return True
    complain("--ask needs a terminal; the assumptions are taken as they are")
    return False


class Asking:
    """Puts open points to the author, and keeps each answer the moment it is given.

    Args:
        place: the folder of what came so far. Answers of an interrupted compile of the same text
            are not asked for again.
        text: the description.
    """

    def __init__(self, place: Path, text: str) -> None:
        self._file = place / ANSWERS
        self._text = hashlib.sha256(text.encode()).hexdigest()
        self._answers = self._kept()

    def __call__(self, points: Sequence[SketchAssumption]) -> Sequence[tuple[str, str]]:
        """Questions with their answers; an empty answer takes the default.

        Raises:
            StorageError: an answer cannot be kept.
        """
        kept = [point for point in points if point.question in self._answers]
        for point in kept:
            said = self._answers[point.question] or f"the default: {point.assumed}"
            note(f"{point.question}\n  answered before: {said}")
        for point in points:
            if point.question not in self._answers:
                self._answers[point.question] = _answer(point)
                self._keep()
        told = ((point.question, self._answers[point.question]) for point in points)
        return [(question, answer) for question, answer in told if answer]

    def _kept(self) -> dict[str, str]:
        try:
            with open_regular(self._file) as file:
                found = load_json(file.read(MAX_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict) or found.get("text_sha256") != self._text:
            return {}
        answers = found.get("answers")
        told = answers.items() if isinstance(answers, dict) else ()
        return {question: answer for question, answer in told if isinstance(answer, str)}

    def _keep(self) -> None:
        content = json.dumps({"text_sha256": self._text, "answers": self._answers}, indent=1)
        try:
            write_whole(self._file, content + "\n", sync=True)
        except OSError as error:
            raise unwritable(self._file, error) from None


def _answer(point: SketchAssumption) -> str:
    with interruptible():
        note(f"{point.question}\n  default: {point.assumed}")
        sys.stderr.write("  your answer (Enter takes the default): ")
        sys.stderr.flush()
        return plain(sys.stdin.readline()).strip()
