"""What a check is given, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from nl2efg.check.text import Cue, Prose
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.sketch import Sketch
from nl2efg.tree import CHANCE, NO_SET, GameTree
from nl2efg.tree.history import labels_in_words

MOST_NAMED = 3
"""How many histories a message names before it only counts."""

MOST_LISTED = 40
"""How many actions or probabilities a message lists before it only counts."""

MOST_SETS = 20
"""So many information sets with one flaw get a finding each; the last one counts the rest."""


class Lines(Protocol):
    """Lines of the code behind the parts of a tree, by node; a build's source map is one."""

    @property
    def move(self) -> Mapping[int, int]:
        """The line at which each node got its move."""
        ...

    @property
    def information_set(self) -> Mapping[int, int]:
        """The line at which each node joined its information set."""
        ...

    @property
    def outcome(self) -> Mapping[int, int]:
        """The line at which each node got its outcome."""
        ...


@dataclass(frozen=True)
class Case:
    """A game and all that is known about where it comes from."""

    tree: GameTree
    prose: Prose | None = None
    sketch: Sketch | None = None
    lines: Lines | None = None

    @cached_property
    def movers(self) -> frozenset[int]:
        """The players who move somewhere, ``CHANCE`` included."""
        return frozenset(own.player for own in self.tree.information_sets)

    @cached_property
    def _before(self) -> tuple[int, ...]:
        """For each node, who moves on the way to it: bit 0 for chance, bit n + 1 for player n."""
        tree = self.tree
        found = [0]
        for node in range(1, len(tree)):
            mover = tree.player_of(tree.parents[node])
            assert mover is not None
            found.append(found[tree.parents[node]] | 1 << (mover + 1))
        return tuple(found)

    def moved_before(self, player: int, node: int) -> bool:
        """Whether a player, or ``CHANCE``, moves on the way to a node."""
        return bool(self._before[node] >> (player + 1) & 1)

    def others_moved_before(self, player: int, node: int) -> bool:
        """Whether anybody but a player, chance included, moves on the way to a node."""
        return bool(self._before[node] & ~(1 << (player + 1)))

    @cached_property
    def chance_sets(self) -> tuple[int, ...]:
        """The information sets at which chance moves."""
        return tuple(self.tree.sets_of_player(CHANCE))

    def nodes_of(self, player: int) -> list[int]:
        """The nodes at which a player moves, in preorder."""
        members = self.tree.members
        return sorted(node for own in self.tree.sets_of_player(player) for node in members[own])

    def found(
        self,
        code: str,
        severity: Severity,
        message: str,
        *,
        node: int | None = None,
        sentence: str | Cue | None = None,
        fix: str | None = None,
        part: str = "",
    ) -> Diagnostic:
        """A diagnostic at a node and a sentence of the text.

        Args:
            part: which line of the code is meant: ``move``, ``information_set`` or ``outcome``.
        """
        line = None
        if node is not None and part and self.lines is not None:
            line = getattr(self.lines, part).get(node)
        if isinstance(sentence, Cue):
            sentence = sentence.sentence
        history = None if node is None else self.tree.history(node)
        return Diagnostic(code, severity, message, history, line, sentence, fix)

    def where(self, nodes: Sequence[int]) -> str:
        """Histories in words: the first few, then how many more."""
        named = "; ".join(told_history(self.tree.history(node)) for node in nodes[:MOST_NAMED])
        more = len(nodes) - MOST_NAMED
        return f"{named} and {more} more" if more > 0 else named


def told_history(history: Sequence[str]) -> str:
    """A history in brackets, shortened where it is long; the root by its name."""
    return f"({labels_in_words(history)})" if history else "the root"


def told_list(words: Sequence[str]) -> str:
    """Words with commas; of very many the first, and how many more there are."""
    if len(words) <= MOST_LISTED:
        return ", ".join(words)
    return f"{', '.join(words[:MOST_LISTED])} and {len(words) - MOST_LISTED:,} more"


def told_payoffs(payoffs: Sequence[Fraction]) -> str:
    """A vector of payoffs, as it is written on paper."""
    return f"({', '.join(map(str, payoffs))})"


def set_name(tree: GameTree, number: int) -> str:
    """An information set in words: its label if it has one, else its place."""
    own = tree.information_sets[number]
    owner = tree.player_name(own.player)
    label = f" {own.label!r}" if own.label else ""
    first = told_history(tree.history(tree.members[number][0]))
    return f"{owner}'s information set{label} at {first}"


def first_sets(numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The first few information sets with one flaw; to the last, how many more have it."""
    left_out = len(numbers) - MOST_SETS
    for number in numbers[:MOST_SETS]:
        last = left_out > 0 and number == numbers[MOST_SETS - 1]
        yield number, f" (and {left_out:,} more like this)" if last else ""


def is_decision(tree: GameTree, node: int) -> bool:
    """Whether a player, not chance, moves at a node."""
    return tree.set_of[node] != NO_SET and tree.player_of(node) != CHANCE
