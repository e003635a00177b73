"""The words that bear on a game, from ``data/*.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = r"(?<![\w-])(?:%s)(?!\w)"


Family = tuple[re.Pattern[str], re.Pattern[str] | None]
"""Cues, and denials if there are any."""


class Vocabulary:
    """Word lists of one language.

    Args:
        data: the content of a data file. Each family is a table with ``cues`` and, optionally,
            ``denials`` (phrases in which a cue means nothing); both are lists of regular
            expressions that match whole words, whatever the capitals, and hold none; a blank
            stands for any white space, ` ?` for none or some.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.common = frozenset(data["language"]["common"])
        self.abbreviations = frozenset(data["language"]["abbreviations"])
        self.numbers: dict[str, str] = data["numbers"]
        self.generic_names = _compile(data["names"]["generic"])
        self.other_names = _compile(data["names"]["other"])
        self.chance_names = _compile(data["names"]["chance"])
        self.condition = re.compile(data["conditions"]["verb"], re.IGNORECASE)
        self.if_before = re.compile(data["conditions"]["before"], re.IGNORECASE)
        self._families: dict[str, dict[str, list[str]]] = data["families"]
        self._compiled: dict[tuple[str, bool], Family] = {}

    def family(self, name: str, *, lowered: bool = False) -> Family:
        """The compiled cues and denials of a family.

        Args:
            name: of the family.
            lowered: for texts in small letters alone, which are searched much faster.
        """
        if (name, lowered) not in self._compiled:
            table, flags = self._families[name], re.NOFLAG if lowered else re.IGNORECASE
            denials = _compile(table["denials"], flags) if "denials" in table else None
            self._compiled[name, lowered] = _compile(table["cues"], flags), denials
        return self._compiled[name, lowered]


@cache
def english() -> Vocabulary:
    """The English word lists."""
    file = files(__package__).joinpath("data", "english.toml")
    return Vocabulary(tomllib.loads(file.read_text(encoding="utf-8")))


def _compile(phrases: list[str], flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    alternatives = "|".join(phrase.replace(" ?", r"\s*").replace(" ", r"\s+") for phrase in phrases)
    return re.compile(_WORD % alternatives, flags)
