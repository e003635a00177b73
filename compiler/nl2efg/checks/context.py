"""What a check is given, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from nl2efg.game import CHANCE, GameTree
from nl2efg.game.wording import told_history
from nl2efg.prose.text import Cue, Prose
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch

MAX_SETS = 20
"""So many information sets with one flaw get a finding each; the last one counts the rest."""


@dataclass(frozen=True)
class CheckContext:
    """A game and all that is known about where it comes from."""

    tree: GameTree
    prose: Prose | None = None
    sketch: Sketch | None = None
    lines: SourceMap | None = None

    @cached_property
    def movers(self) -> frozenset[int]:
        """The players who move somewhere, ``CHANCE`` included."""
        return frozenset(infoset.player for infoset in self.tree.information_sets)

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


def set_name(tree: GameTree, number: int) -> str:
    """An information set in words: its label if it has one, else its place."""
    infoset = tree.information_sets[number]
    owner = tree.player_name(infoset.player)
    label = f" {infoset.label!r}" if infoset.label else ""
    first = told_history(tree.told.history(tree.members[number][0]))
    return f"{owner}'s information set{label} at {first}"


def first_sets(numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The first few information sets with one flaw; to the last, how many more have it."""
    left_out = len(numbers) - MAX_SETS
    for number in numbers[:MAX_SETS]:
        last = left_out > 0 and number == numbers[MAX_SETS - 1]
        yield number, f" (and {left_out:,} more like this)" if last else ""
