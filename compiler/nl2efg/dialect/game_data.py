"""What a run of generated code hands back: plain data that crosses a process boundary.

The side that runs the code is not trusted, so :meth:`GameData.to_tree` checks everything again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from nl2efg.formats import restore_labels
from nl2efg.game import NO_SET, GameTree, InformationSet, Outcome
from nl2efg.schema.diagnostics import Diagnostic

if TYPE_CHECKING:
    from nl2efg.dialect.letter_data import LetterData
    from nl2efg.schema.built import SourceMap

_EXACT = re.compile(r"-?[0-9]{1,4000}(?:/[0-9]{1,4000})?")

SetRow = tuple[int, tuple[str, ...], str, tuple[str, ...] | None]
OutcomeRow = tuple[tuple[str, ...], str]
NodeRow = tuple[int, int, str]
LineRow = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class GameData:
    """A game as tuples of text and small integers.

    Args:
        players: names, in order; chance is not among them.
        title, comment: free text.
        sets: (player or ``CHANCE``, action labels, label, probabilities or None) of each
            information set; probabilities and payoffs are text such as ``"-1/3"``.
        outcomes: (payoffs, label) of each outcome.
        nodes: (index into ``sets`` or ``NO_SET``, index into ``outcomes`` or ``NO_OUTCOME``,
            label) of each node in preorder.
        lines: for each node the lines of the code (from 1; 0 where there is none) at which its
            move was made, it joined its information set and it got its outcome.
        letters: its parameters and where they stand; None if it has none.
    """

    players: tuple[str, ...]
    title: str
    comment: str
    sets: tuple[SetRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    nodes: tuple[NodeRow, ...]
    lines: tuple[LineRow, ...] = ()
    letters: LetterData | None = None

    def to_tree(self) -> GameTree:
        """The tree, with the labels that its comment may note (as ``game.py`` writes them).

        Raises:
            ValueError: the data describe no game.
        """
        tree = GameTree(
            players=tuple(map(_text, self.players)),
            information_sets=tuple(
                InformationSet(
                    _index(player),
                    tuple(map(_text, actions)),
                    _text(label),
                    None if probabilities is None else tuple(map(_exact, probabilities)),
                )
                for player, actions, label, probabilities in self.sets
            ),
            outcomes=tuple(
                Outcome(tuple(map(_exact, payoffs)), _text(label))
                for payoffs, label in self.outcomes
            ),
            parents=self._parents(),
            set_of=tuple(_index(number) for number, _, _ in self.nodes),
            outcome_of=tuple(_index(number) for _, number, _ in self.nodes),
            node_labels=tuple(_text(label) for _, _, label in self.nodes),
            title=_text(self.title),
            comment=_text(self.comment),
        )
        return restore_labels(tree)

    def source_map(self) -> SourceMap:
        """The lines behind each node; empty if none were recorded."""
        from nl2efg.schema.built import SourceMap

        columns: tuple[dict[int, int], ...] = ({}, {}, {})
        for node, row in enumerate(self.lines[: len(self.nodes)]):
            for column, line in zip(columns, row, strict=True):
                if _index(line) > 0:
                    column[node] = line
        return SourceMap(*columns)

    def _parents(self) -> tuple[int, ...]:
        """The parent of each node, from the numbers of actions along the preorder."""
        found: list[int] = []
        waiting: list[tuple[int, int]] = []  # (node, children still to come)
        for node, (number, _, _) in enumerate(self.nodes):
            if waiting:
                parent, missing = waiting.pop()
                if missing > 1:
                    waiting.append((parent, missing - 1))
                found.append(parent)
            elif node == 0:
                found.append(-1)
            else:
                raise ValueError(f"node {node} has no parent")
            if number != NO_SET:
                if not 0 <= number < len(self.sets):
                    raise ValueError(f"node {node} is in no information set of the game")
                waiting.append((node, len(self.sets[number][1])))
        if waiting:
            raise ValueError("a node has fewer children than its information set has actions")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of one program.

    Args:
        game: the game, or None if none came out.
        diagnostics: what went wrong, or was mended in its one plain reading.
    """

    game: GameData | None
    diagnostics: tuple[Diagnostic, ...] = ()


def _exact(text: str) -> Fraction:
    # Fraction("1e999999999") would fill the memory: only plain quotients are taken.
    if not isinstance(text, str) or not _EXACT.fullmatch(text):
        raise ValueError(f"{text!r:.60} is not an exact number")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError(f"{text!r:.60} divides by zero") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.60} is not text")
    return value


def _index(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r:.60} is not an integer")
    return value
