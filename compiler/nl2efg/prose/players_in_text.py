"""Players of the tree as the text names them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property, lru_cache

from nl2efg.game.effort import Effort, EffortError
from nl2efg.prose.text import Cue, Prose, words_of

_POSSESSIVE = re.compile(r"['’]s?\b(?!t)|['’](?=\s)")
_ORDINALS = {"1": ("first",), "2": ("second",), "3": ("third",), "4": ("fourth",)}
_DIGITS = {"one": "1", "two": "2", "three": "3", "four": "4", "i": "1", "ii": "2", "iii": "3"}

MAX_SEARCHED = 200_000_000
"""Characters of the text that are looked through for players: names times text."""


class PlayersInText:
    """Which words of a text stand for which player of a tree.

    Args:
        players: the tree's names.
        prose: the description.
    """

    def __init__(self, players: Sequence[str], prose: Prose) -> None:
        self.players = players
        self.prose = prose

    @cached_property
    def mentions(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each player the places at which the text names it, in order.

        Of very many players in a long text the last are not looked for.
        """
        effort = Effort(MAX_SEARCHED, "looking for the players in the text")
        found: list[tuple[tuple[int, int], ...]] = []
        for number in range(len(self.players)):
            spans: set[tuple[int, int]] = set()
            with suppress(EffortError):
                for variant in self._variants(number):
                    spans.update(self.prose.mentions(variant, effort))
            found.append(tuple(sorted(spans)))
        return tuple(found)

    @cached_property
    def _owners(self) -> Counter[str]:
        """For each word how many players have it in their names."""
        return Counter(word for name in self.players for word in set(words_of(name)))

    def _variants(self, number: int) -> list[str]:
        """Ways to write a player's name: whole, by its ordinal, by a word that is its own."""
        name = self.players[number]
        words = words_of(name)
        variants = [name]
        if len(words) == 2 and (digit := _DIGITS.get(words[1], words[1])).isdigit():
            variants += [f"{ordinal} {words[0]}" for ordinal in _ORDINALS.get(digit, ())]
            variants += [f"{words[0]} {word}" for word, same in _DIGITS.items() if same == digit]
            variants.append(f"{words[0]} {digit}")
        variants += [
            word
            for word in words
            if self._owners[word] == 1
            and len(word) > 2
            and word not in self.prose.vocabulary.common
        ]
        return list(dict.fromkeys(variants))

    def is_named(self, number: int) -> bool:
        """Whether the text names this player at all."""
        return bool(self.mentions[number])

    def is_generic(self, number: int) -> bool:
        """Whether the name only counts: ``Player 2``."""
        return bool(self.prose.vocabulary.generic_names.fullmatch(self.players[number].strip()))

    def before(self, cue: Cue) -> int | None:
        """The player last named before a cue in its sentence as somebody who may act.

        None where somebody else is named in between ("the other", "her rival"). A possessive
        ("Alice's card") does not act.
        """
        text = self.prose.text
        at = bisect_right(self._acting, (cue.start, len(text), len(self.players)))
        while at and self._acting[at - 1][0] >= cue.sentence_start:
            at -= 1
            _, end, number = self._acting[at]
            if end <= cue.start:
                named_since = self.prose.vocabulary.other_names.search(text, end, cue.start)
                return None if named_since else number
        return None

    @cached_property
    def _acting(self) -> list[tuple[int, int, int]]:
        """Start, end and player of every mention that is no possessive, in order."""
        text = self.prose.text
        return sorted(
            (start, end, number)
            for number, spans in enumerate(self.mentions)
            for start, end in spans
            if not _POSSESSIVE.match(text, end)
        )


@lru_cache(maxsize=64)
def players_in(players: tuple[str, ...], prose: Prose) -> PlayersInText:
    """The players of a tree in its description, once for all who ask."""
    return PlayersInText(players, prose)
