"""The words that bear on a game, from ``data/*.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = r"(?<![\w-])(?:%s)(?!\w)"


class Vocabulary:
    """Word lists of one language.

    Args:
        data: the content of a data file. Each family is a table with ``cues`` and, optionally,
            ``denials`` (phrases in which a cue means nothing); both are lists of regular
            expressions that match whole words, whatever the capitals; a blank stands for any
            white space, ` ?` for none or some.
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
        self._families = {
            name: (
                _compile(table["cues"]),
                _compile(table["denials"]) if "denials" in table else None,
            )
            for name, table in data["families"].items()
        }

    def family(self, name: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
        """The compiled cues and denials of a family."""
        return self._families[name]


@cache
def english() -> Vocabulary:
    """The English word lists."""
    file = files(__package__).joinpath("data", "english.toml")
    return Vocabulary(tomllib.loads(file.read_text(encoding="utf-8")))


def _compile(phrases: list[str]) -> re.Pattern[str]:
    alternatives = "|".join(phrase.replace(" ?", r"\s*").replace(" ", r"\s+") for phrase in phrases)
    return re.compile(_WORD % alternatives, re.IGNORECASE)
