"""A told profile as words: the names of the game that begin at one, and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from nl2efg.game.profile import Probability
from nl2efg.library.claims import probability_of
from nl2efg.library.names import Key, Names, stem, words_as_written, words_of
from nl2efg.library.phrases import History

_TOKEN = re.compile(r"\d+(?:[./]\d+)?(?:\s?%)?(?![^\W_])|[^\W_]+|[(),;:.\n]")
_NO_VALUE = re.compile(r"(?:(?:(?<![-=])>|[<≤≥≠±√])=?\s*|!=\s*|(?<![^\s(:,=])[-−])\Z")
"""What stands before a number that is a bound, a root or negative."""

_SIGN = 8
"""Characters before a number that are looked at for it."""

_SHARE = re.compile(r"\d+[./]\d+\s?%?|\d+\s?%")
_IN_REPLY = re.compile(
    r"(?<![^\W_])(?:in (?:response|reaction|reply|answer) to|(?:on|after|upon) (?:seeing|observing)"
    r")(?![^\W_])",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?<![^\W_])(?:w\.\s?p\.|wp|w/\s?p(?:rob(?:ability)?)?\.?|(?:with\s+)?(?:a\s+)?prob"
    r"(?:ability|\.)?(?:\s+of)?)(?=\s*\d)",
    re.IGNORECASE,
)
"""Ways to write "with probability" before a number."""

_PRECEDE_A_PLAYER = """
and then but otherwise else if when whenever once after given seeing facing against player
"""
_BEFORE_A_PLAYER = frozenset(["", *";.,\n", *_PRECEDE_A_PLAYER.split()])

COUNTS = "never one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
    "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7,
    "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10, "twelfth": 12,
    "twelfths": 12,
}  # fmt: skip


class ToldText:
    """The words of a text, each with its place.

    Args:
        text: sentences.
        names: of the game.
    """

    def __init__(self, text: str, names: Names) -> None:
        self.text = _SHORT.sub("with probability ", _IN_REPLY.sub("after", text))
        self.names = names
        found = list(_TOKEN.finditer(self.text))
        self.tokens = [token[0] for token in found]
        self.starts = [token.start() for token in found]
        self.folded = [token.casefold() for token in self.tokens]
        self.stems = [stem(word) for word in self.folded]

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, at: int) -> str:
        """A word in small letters; empty before the first and behind the last."""
        return self.folded[at] if 0 <= at < len(self) else ""

    def rest(self, at: int) -> str:
        """The next few words, for a message."""
        return " ".join(self.tokens[at : at + 6])

    def player(self, at: int) -> Key | None:
        """The player whose name begins at a word."""
        return self.names.longest(self.names.players, self.folded, at)

    def action(self, at: int) -> Key | None:
        """The action whose label begins there, be it bent or not."""
        return self.names.longest(self.names.actions, self.stems, at)

    def label(self, at: int) -> Key | None:
        """The information set whose label begins there."""
        return self.names.longest(self.names.labels, self.folded, at)

    def history(self, start: int, end: int) -> History:
        """What stands in brackets that open and close at two words."""
        tokens = self.tokens[start + 1 : end]
        folded = [word for token in tokens for word in words_of(token)]
        written = [word for token in tokens for word in words_as_written(token)]
        told = self.text[self.starts[start] + 1 : self.starts[end]].strip()
        return History(told, written, [stem(word) for word in folded])

    def spelled(self, labels: Mapping[str, Any] | Collection[str], at: int) -> list[str]:
        """Labels of the same words, those first that stand there as they are spelled."""
        return self.names.as_spelled(labels, self.text, self.starts[at])

    def sign(self, at: int) -> str:
        """The character before a word."""
        return self.text[max(self.starts[at] - 1, 0) : self.starts[at]]

    def bound(self, at: int) -> str:
        """A sign before a number by which it is no probability itself, such as ``≥``."""
        found = _NO_VALUE.search(self.text[max(self.starts[at] - _SIGN, 0) : self.starts[at]])
        return found[0] if found else ""

    def between(self, at: int) -> str:
        """The signs between the word before and a word."""
        if not 0 < at < len(self):
            return ""
        return self.text[self.starts[at - 1] + len(self.tokens[at - 1]) : self.starts[at]]

    def label_of(self, key: Key, at: int, player: int | None) -> str:
        """The label of the action that is named: the player's own before another's, as spelled."""
        found = self.spelled(self.names.spellings[key], at)
        own = [each for each in found if player in self.names.spellings[key][each]]
        return (own or found)[0]

    def is_share(self, at: int) -> bool:
        """Whether a word is a fraction, decimal or percentage, and no name."""
        return (
            at < len(self)
            and _SHARE.fullmatch(self.tokens[at]) is not None
            and self.action(at) is None
            and self.label(at) is None
        )

    def probability(self, at: int) -> tuple[Probability, int] | None:
        """A probability that begins at a word, and how many words it takes; None if none does."""
        word = self.word(at)
        if not word:
            return None
        if word[0].isdigit():
            named = self.action(at) is not None or self._begins_with_player(at)
            value = None if named else probability_of(word)
            return None if value is None else (value, 1)
        if word in ("always", "never"):
            return Fraction(word == "always"), 1
        if self.word(at + 1).startswith("time") and self.word(at + 2) == "in":
            over, under = self._count(at), self._count(at + 3)
            return (Fraction(over, under), 4) if under else None
        return self._part(at)

    def _begins_with_player(self, at: int) -> bool:
        """Whether a number is a player's name: one at which a phrase begins."""
        return self.player(at) is not None and self.word(at - 1) in _BEFORE_A_PLAYER

    def _count(self, at: int) -> int:
        word = self.word(at)
        return COUNTS.index(word) if word in COUNTS else 0

    def _part(self, at: int) -> tuple[Probability, int] | None:
        """``half the time``, ``two thirds of the time``."""
        over = self._count(at)
        under = _PARTS.get(self.word(at + bool(over)), 0)
        taken = 1 + bool(over)
        if not under or self.action(at) or self.label(at):
            return None
        known = self.word(at + taken) in ("of", "the")
        for each in ("of", "all", "the"):
            taken += self.word(at + taken) == each
        if not known or not self.word(at + taken).startswith(("time", "case")):
            return None
        return Fraction(over or 1, under), taken + 1
