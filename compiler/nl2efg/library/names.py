"""The names of a game by their words: where in a text one of them begins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from nl2efg.equilibria.wording import all_places
from nl2efg.game.effort import Effort
from nl2efg.game.model import GameTree

_WORD = re.compile(r"[^\W_]+")
_PRIMES = str.maketrans("’′ʹ", "'''")
_ENDINGS = ("ing", "ed", "es", "s", "e")

MAX_STEPS = 30_000_000
"""Information sets, nodes and words of names that are looked at for all phrases of one profile."""


Key = tuple[str, ...]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without the endings of English verbs; ``bets`` and ``betting`` are ``bet``.

    Args:
        word: one word.
    """
    found = word.casefold()
    if found.endswith("ies"):
        return found[:-3] + "y"
    for ending in _ENDINGS:
        if found.endswith(ending) and len(found) - len(ending) >= 2:
            found = found.removesuffix(ending)
            break
    return found[:-1] if len(found) > 2 and found[-1] == found[-2] else found


def words_as_written(label: str) -> list[str]:
    """The words of a label, in its own case.

    Args:
        label: any text.
    """
    return _WORD.findall(label)


def words_of(label: str) -> tuple[str, ...]:
    """The words of a label, folded.

    Args:
        label: any text.
    """
    return tuple(word.casefold() for word in _WORD.findall(label))


class Names:
    """The names of a game by their words, for one profile that is read.

    Args:
        tree: the game.
    """

    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        self.effort = Effort(MAX_STEPS, "reading the profile")
        self.sets: dict[Key, list[int]] = {}
        for number, own in enumerate(tree.information_sets):
            if not own.is_chance and own.label:
                self.sets.setdefault(words_of(own.label), []).append(number)
        self.players = {words_of(name): number for number, name in enumerate(tree.players)}
        self.labels = {
            key: {tree.information_sets[number].label for number in own}
            for key, own in self.sets.items()
        }
        self.actions: dict[Key, str] = {}
        self.spellings: dict[Key, dict[str, set[int]]] = {}  # labels of the same words, and whose
        for own in tree.information_sets:
            for label in own.actions:
                key = tuple(map(stem, words_of(label))) or (label,)
                self.actions.setdefault(key, label)
                self.spellings.setdefault(key, {}).setdefault(label, set()).add(own.player)
        self.spelled = {*tree.players, *(x for own in tree.information_sets for x in own.actions)}
        self.lengths = {
            id(names): _lengths(names) for names in (self.players, self.labels, self.actions)
        }

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Sets by the words in which nl2efg tells where they are, with and without the player."""
        found: dict[str, list[int]] = {}
        for number, words in enumerate(all_places(self.tree)):
            own = self.tree.information_sets[number]
            if not own.is_chance:
                found.setdefault(words, []).append(number)
                found.setdefault(f"{self.tree.player_name(own.player)} {words}", []).append(number)
        return found

    def owners(self, key: Key) -> set[int]:
        """The players, with chance, who have an action of some words.

        Args:
            key: the words, as those of an action.
        """
        return {who for each in self.spellings[key].values() for who in each}

    def as_spelled(self, labels: Collection[str], text: str, at: int) -> list[str]:
        """Labels of the same words, those that stand in a text first: ``x'`` is not ``x``.

        Args:
            labels: of the words that stand there.
            text: the whole text.
            at: where the first of the words begins in it.
        """
        self.effort.spend(len(labels))
        return sorted(labels, key=lambda label: _unlike(label, text, at))

    def longest(self, names: Mapping[Key, Any], words: list[str], at: int) -> Key | None:
        """The longest of some names that begins at a word.

        Args:
            names: the players', the labels or the actions.
            words: of the text, as the names have them.
            at: the word.
        """
        if at < len(words):
            for length in self.lengths[id(names)].get(words[at], ()):
                self.effort.spend(length)
                found = tuple(words[at : at + length])
                if found in names:
                    return found
        return None


def _unlike(label: str, text: str, at: int) -> tuple[bool, bool, int]:
    """How little a label is what stands in a text: by its letters, its case and its length."""
    word = _WORD.search(label)
    start = at - (word.start() if word else 0)
    there = text[max(start, 0) : max(start, 0) + len(label)].translate(_PRIMES)
    own = label.translate(_PRIMES)
    return own.casefold() != there.casefold(), own != there, -len(label)


def _lengths(names: Iterable[Key]) -> dict[str, list[int]]:
    """How many words names have that begin with a word, the most first."""
    found: dict[str, set[int]] = {}
    for key in names:
        if key:
            found.setdefault(key[0], set()).add(len(key))
    return {first: sorted(lengths, reverse=True) for first, lengths in found.items()}
