"""The stages of a family's game: who can do what, and which leaf that leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.families.family import GameFamily
from nl2efg.game import CHANCE
from nl2efg.theorems.algebra import Element, LetterField

Strategy = dict[int, int]
"""From a player's information sets to actions; those that the strategy itself excludes are out."""

MAX_STRATEGIES = 4_096
"""Most pure strategies of a player in one stage."""


@dataclass(frozen=True)
class Leaf:
    """An end of a stage.

    Args:
        node: a terminal node, or the root of a subgame.
        weight: the probability that chance leads there.
        path: the actions that the players must take, by information set.
    """

    node: int
    weight: Element
    path: Strategy


@dataclass(frozen=True)
class SymbolicStage:
    """A subgame with its proper subgames cut off.

    Args:
        root: its first node.
        players: who has a choice in it.
        sets: for each of them the information sets, in order of their first node.
        leaves: its ends, in preorder.
        strategies: for each of the players the reduced pure strategies; None where there are more
            than ``MAX_STRATEGIES``.
    """

    root: int
    players: tuple[int, ...]
    sets: tuple[tuple[int, ...], ...]
    leaves: tuple[Leaf, ...]
    strategies: tuple[tuple[Strategy, ...], ...] | None

    @property
    def profiles(self) -> int:
        """How many pure profiles there are."""
        return 0 if self.strategies is None else prod(map(len, self.strategies))

    @cached_property
    def consistent(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each leaf and player the strategies under which play may get there."""
        assert self.strategies is not None
        return tuple(
            tuple(
                tuple(
                    number
                    for number, strategy in enumerate(own)
                    if all(strategy.get(s) == leaf.path[s] for s in sets if s in leaf.path)
                )
                for own, sets in zip(self.strategies, self.sets, strict=True)
            )
            for leaf in self.leaves
        )


def stage_of(family: GameFamily, flat: FlatGame, root: int, field: LetterField) -> SymbolicStage:
    """The stage at the root of a subgame."""
    tree = family.tree
    nodes = flat.stage_nodes(root)
    inside = set(nodes)
    weight: dict[int, Element] = {root: field.one}
    path: dict[int, Strategy] = {root: {}}
    leaves = []
    owned: dict[int, dict[int, None]] = {}
    before: dict[int, Strategy] = {}  # own actions that lead to an information set
    for node in nodes:
        number = tree.set_of[node]
        own = tree.information_sets[number]
        forced = len(own.actions) == 1
        if own.player != CHANCE and not forced:
            owned.setdefault(own.player, {})[number] = None
            mine = {s: a for s, a in path[node].items() if s in owned[own.player]}
            before.setdefault(number, mine)
        for action, child in enumerate(tree.children[node]):
            here, way = weight[node], path[node]
            if own.player == CHANCE:
                here = here * field.element(family.probability(number, action))
            elif not forced:
                way = {**way, number: action}
            if child in inside:
                weight[child], path[child] = here, way
            else:
                leaves.append(Leaf(child, here, way))
    players = tuple(sorted(owned))
    sets = tuple(tuple(owned[player]) for player in players)
    strategies = [_strategies(own, before, family) for own in sets]
    known = tuple(own for own in strategies if own is not None)
    return SymbolicStage(
        root, players, sets, tuple(leaves), known if len(known) == len(players) else None
    )


def _strategies(
    sets: Sequence[int], before: dict[int, Strategy], family: GameFamily
) -> tuple[Strategy, ...] | None:
    """The reduced pure strategies: an action wherever the earlier ones let play come."""
    found: list[Strategy] = [{}]
    for number in sets:
        width = len(family.tree.information_sets[number].actions)
        needed = before[number].items()
        more = []
        for strategy in found:
            if all(strategy.get(s) == a for s, a in needed):
                more += [{**strategy, number: action} for action in range(width)]
            else:
                more.append(strategy)
        found = more
        if len(found) > MAX_STRATEGIES:
            return None
    return tuple(found)


def all_profiles(stage: SymbolicStage) -> product[tuple[int, ...]]:
    """Every pure profile, as numbers of strategies."""
    assert stage.strategies is not None
    return product(*(range(len(own)) for own in stage.strategies))
