"""Players of the tree as the text names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from nl2efg.prose.text import Cue, Prose, words_of

_POSSESSIVE = re.compile(r"['’]s?\b(?!t)|['’](?=\s)")
_ORDINALS = {"1": ("first",), "2": ("second",), "3": ("third",), "4": ("fourth",)}
_DIGITS = {"one": "1", "two": "2", "three": "3", "four": "4", "i": "1", "ii": "2", "iii": "3"}


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
        """For each player the places at which the text names it, in order."""
        return tuple(
            tuple(
                sorted(
                    {
                        span
                        for variant in self._variants(number)
                        for span in self.prose.mentions(variant)
                    }
                )
            )
            for number in range(len(self.players))
        )

    def _variants(self, number: int) -> list[str]:
        """Ways to write a player's name: whole, by its ordinal, by a word that is its own."""
        name = self.players[number]
        words = words_of(name)
        variants = [name]
        if len(words) == 2 and (digit := _DIGITS.get(words[1], words[1])).isdigit():
            variants += [f"{ordinal} {words[0]}" for ordinal in _ORDINALS.get(digit, ())]
            variants += [f"{words[0]} {word}" for word, same in _DIGITS.items() if same == digit]
            variants.append(f"{words[0]} {digit}")
        others = {
            word
            for other, players_name in enumerate(self.players)
            if other != number
            for word in words_of(players_name)
        }
        variants += [
            word
            for word in words
            if word not in others and len(word) > 2 and word not in self.prose.vocabulary.common
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
        best: tuple[int, int, int] | None = None
        for number, spans in enumerate(self.mentions):
            for begin, end in spans:
                acts = not _POSSESSIVE.match(text, end)
                if cue.sentence_start <= begin and end <= cue.start and acts:
                    best = max(best or (begin, end, number), (begin, end, number))
        if best is None or self.prose.vocabulary.other_names.search(text, best[1], cue.start):
            return None
        return best[2]
