"""Which questions about a tree are put to a reader of its text.

Three kinds, all in the tree's own labels and without its answers: what a player knows at a
decision and how many actions there are; what the players are paid at an end; with which
probabilities chance draws. Small games are asked whole. Of large ones a sample is drawn, always the
same: of decisions at least one of each information set and two of a set that joins several, as far
as there is room; of ends one of each rule of payment, which is a line of the program together with
a vector of payoffs; then further ones, evenly spread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from nl2efg.game import CHANCE, GameTree
from nl2efg.schema.built import SourceMap

Item = TypeVar("Item")

MAX_DECISIONS = 40
MAX_ENDS = 40
MAX_DRAWS = 12
MAX_STEPS = 30
"""Steps of one history that are told; ends and decisions that lie deeper are not asked."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked; nodes of the tree in the order of their questions.

    Args:
        tree: the game.
        decisions: nodes at which a player's knowledge is asked, player by player, each in preorder.
        ends, draws: nodes at which payoffs and probabilities are asked, in preorder.
        all_decisions, all_ends, all_draws: how many there are.
    """

    tree: GameTree
    decisions: tuple[int, ...]
    ends: tuple[int, ...]
    draws: tuple[int, ...]
    all_decisions: int
    all_ends: int
    all_draws: int

    @property
    def is_whole(self) -> bool:
        """Whether everything is asked that could be."""
        return self.coverage == ""

    @property
    def coverage(self) -> str:
        """What was left out, in words; empty if nothing was."""
        parts = [
            f"{len(asked):,} of {total:,} {what}"
            for asked, total, what in (
                (self.decisions, self.all_decisions, "decisions"),
                (self.ends, self.all_ends, "ends"),
                (self.draws, self.all_draws, "draws of chance"),
            )
            if len(asked) < total
        ]
        return ", ".join(parts)

    def about(self, nodes: Iterable[int]) -> Questions:
        """The questions about some nodes; with one end all of them, since ends are ranked."""
        wanted = set(nodes)
        ends = self.ends if wanted.intersection(self.ends) else ()
        return replace(
            self,
            decisions=tuple(node for node in self.decisions if node in wanted),
            ends=ends,
            draws=tuple(node for node in self.draws if node in wanted),
        )

    def story(self, node: int) -> str:
        """The way to a node: who did what, in order."""
        tree = self.tree
        steps: list[str] = []
        while node:
            parent = tree.parents[node]
            mover = tree.player_of(parent)
            assert mover is not None
            steps.append(f"{tree.player_name(mover)}: {tree.action_label(node)}")
            node = parent
        return "; ".join(reversed(steps)) or "at the start"

    def prompt_data(self) -> dict[str, object]:
        """What the template of the prompt is given: no answer of the tree is among it."""
        tree = self.tree
        return {
            "players": list(tree.players),
            "decisions": [
                (tree.player_name(player), [(name, self.story(node)) for name, node in asked])
                for player, asked in groupby(
                    ((f"K{number}", node) for number, node in enumerate(self.decisions, 1)),
                    key=lambda named: _mover(tree, named[1]),
                )
            ],
            "ends": [(f"E{number}", self.story(node)) for number, node in enumerate(self.ends, 1)],
            "draws": [
                (f"C{number}", self.story(node), list(tree.information_sets[own].actions))
                for number, node in enumerate(self.draws, 1)
                if (own := tree.set_of[node]) >= 0
            ],
        }


def make_questions(tree: GameTree, lines: SourceMap | None = None) -> Questions:
    """The questions about a tree.

    Args:
        tree: the game.
        lines: lines of the program, so that each of its rules of payment is asked.
    """
    moves = [node for node in range(len(tree)) if not tree.is_terminal(node)]
    decisions = [node for node in moves if tree.player_of(node) != CHANCE]
    draws = [node for node in moves if tree.player_of(node) == CHANCE]
    asked = _sample(tree, decisions, MAX_DECISIONS, lambda node: tree.set_of[node])
    outcome_lines = lines.outcome if lines is not None else {}
    return Questions(
        tree,
        tuple(sorted(asked, key=lambda node: (_mover(tree, node), node))),
        _sample(
            tree,
            tree.terminals,
            MAX_ENDS,
            lambda node: (outcome_lines.get(node), tree.path_payoffs[node]),
        ),
        _sample(tree, draws, MAX_DRAWS, lambda node: _distribution(tree, node)),
        len(decisions),
        len(tree.terminals),
        len(draws),
    )


def _mover(tree: GameTree, node: int) -> int:
    return tree.information_sets[tree.set_of[node]].player


def _distribution(tree: GameTree, node: int) -> Hashable:
    infoset = tree.information_sets[tree.set_of[node]]
    return infoset.actions, infoset.probabilities


def _sample(
    tree: GameTree, nodes: Iterable[int], most: int, kind: Callable[[int], Hashable]
) -> tuple[int, ...]:
    """At most so many nodes, in preorder: of every kind the first, then its last, then more."""
    groups: dict[Hashable, list[int]] = {}
    for node in nodes:
        if tree.depth[node] <= MAX_STEPS:
            groups.setdefault(kind(node), []).append(node)
    kinds = list(groups.values())
    if len(kinds) > most:
        kinds = _spread(kinds, most)
    ranked = [_ends_first(group, most) for group in kinds]
    found: list[int] = []
    for turn in range(max(map(len, ranked), default=0)):
        for group in ranked:
            if turn < len(group) and len(found) < most:
                found.append(group[turn])
    return tuple(sorted(found))


def _ends_first(group: Sequence[int], most: int) -> list[int]:
    """The first and the last of a group, then those between, evenly spread."""
    if len(group) < 3:
        return list(group)
    return [group[0], group[-1], *_spread(group[1:-1], most)]


def _spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of some items, evenly spread."""
    if len(items) <= most:
        return list(items)
    return [items[place * len(items) // most] for place in range(most)]
