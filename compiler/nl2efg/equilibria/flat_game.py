"""The flat form of a game that all methods share, and its decomposition into subgames.

A *stage* is a subgame with its proper subgames cut off: every decision node belongs to exactly one
stage, and whatever is done stage by stage, from the last root to the first, is linear in the tree.
Payoffs are scaled to integers, a player at a time, so that exact work is integer work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm

from nl2efg.equilibria.deadline import check_clock, in_time
from nl2efg.errors import UserError
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET, BehaviourProfile, GameTree
from nl2efg.game.wording import told_history

Payoffs = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FlatGame:
    """A game tree as flat arrays.

    Args:
        tree: the game.
        scale: for each player the positive integer that makes all payoffs integers.
        payoffs: scaled total payoffs of each terminal node; ``None`` elsewhere.
        roots: roots of the subgames in preorder; the root of the game is the first, if it moves.
        root_of: for each node the root of the smallest subgame that contains it (a subgame's root
            is its own); a terminal node takes its parent's.
        lone: for each node 1 if it is all there is of a stage, else 0.
    """

    tree: GameTree
    scale: tuple[int, ...]
    payoffs: list[Payoffs | None]
    roots: tuple[int, ...]
    root_of: list[int]
    lone: bytearray

    @cached_property
    def _shared(self) -> dict[int, list[int]]:
        """The decision nodes of the stages that have several."""
        found: dict[int, list[int]] = {root: [] for root in self.roots if not self.lone[root]}
        if found:
            for node, number in in_time(enumerate(self.tree.set_of)):
                root = self.root_of[node]
                if number != NO_SET and not self.lone[root]:
                    found[root].append(node)
        return found

    def stage_nodes(self, root: int) -> list[int]:
        """The decision nodes of a stage, in preorder, by the subgame's root."""
        return [root] if self.lone[root] else self._shared[root]

    @cached_property
    def ranges(self) -> dict[int, tuple[int, ...]]:
        """The scaled payoff range (maximum less minimum) of every player in each subgame."""
        tree = self.tree
        count = len(tree.players)
        low: list[list[int] | None] = [list(row) if row else None for row in self.payoffs]
        high: list[list[int] | None] = [list(row) if row else None for row in self.payoffs]
        for node in in_time(range(len(tree) - 1, 0, -1)):
            parent = tree.parents[node]
            below, above = low[node], high[node]
            assert below is not None
            assert above is not None
            least, most = low[parent], high[parent]
            if least is None or most is None:
                low[parent], high[parent] = list(below), list(above)
                continue
            for player in range(count):
                least[player] = min(least[player], below[player])
                most[player] = max(most[player], above[player])
        found = {}
        for root in self.roots:
            most, least = high[root], low[root]
            assert most is not None
            assert least is not None
            found[root] = tuple(m - n for m, n in zip(most, least, strict=True))
        return found

    @cached_property
    def given_rows(self) -> list[tuple[Fraction, ...]]:
        """The rows that no player chooses: chance's, and certainty where there is one action."""
        certain = (Fraction(1),)
        return [
            infoset.probabilities or (certain if len(infoset.actions) == 1 else ())
            for infoset in self.tree.information_sets
        ]

    def unscaled(self, values: Sequence[Fraction | float]) -> tuple[Fraction | float, ...]:
        """Payoffs in the game's own units."""
        return tuple(value / scale for value, scale in zip(values, self.scale, strict=True))


def flat_game_of(tree: GameTree) -> FlatGame:
    """The flat form of a game.

    Raises:
        OutOfTimeError: the deadline passed.
        UserError: the game has no player, or a chance move whose probabilities are no
            distribution.
    """
    _check(tree)
    scale = tuple(
        lcm(*{o.payoffs[player].denominator for o in in_time(tree.outcomes)})
        for player in range(len(tree.players))
    )
    payoffs = _scaled_payoffs(tree, scale)
    return FlatGame(tree, scale, payoffs, *_subgames(tree))


def as_one_stage(flat: FlatGame) -> FlatGame:
    """The game with only itself for a subgame."""
    moves = not flat.tree.is_terminal(0)
    if flat.roots == (0,) and not flat.lone[0]:
        return flat
    size = len(flat.tree)
    roots = (0,) if moves else ()
    return replace(flat, roots=roots, root_of=[0] * size, lone=bytearray(size))


def full_profile(
    flat: FlatGame, rows: Mapping[int, tuple[Fraction | float, ...]]
) -> BehaviourProfile:
    """Rows of the players' sets as a profile; in floating point as soon as one of them is."""
    table = [rows.get(n, given) for n, given in enumerate(flat.given_rows)]
    if any(isinstance(p, float) for row in table for p in row):
        table = [tuple(map(float, row)) for row in table]
    return BehaviourProfile(flat.tree, tuple(table))


def _check(tree: GameTree) -> None:
    if not tree.players:
        raise UserError(
            "the game has no player: there is nothing to solve",
            hint="an equilibrium needs at least one player",
        )
    for number, own in in_time(enumerate(tree.information_sets)):
        if own.probabilities is None:
            continue
        total = sum(own.probabilities)
        if total != 1 or min(own.probabilities) < 0:
            where = told_history(tree.told.history(tree.members[number][0]))
            raise UserError(
                f"the chance move at {where} has probabilities that are no distribution "
                f"(they sum to {total})",
                hint="make them non-negative and let them sum to one",
            )


def _scaled_payoffs(tree: GameTree, scale: tuple[int, ...]) -> list[Payoffs | None]:
    columns = []
    for player, factor in enumerate(scale):
        payoffs = [o.payoffs[player] for o in in_time(tree.outcomes)]
        if factor == 1:
            columns.append([payoff.numerator for payoff in payoffs])
        else:
            columns.append([p.numerator * (factor // p.denominator) for p in payoffs])
    whole = list(zip(*columns, strict=True))
    zero = (0,) * len(tree.players)
    total: list[Payoffs] = []
    for node, number in in_time(enumerate(tree.outcome_of)):
        above = total[tree.parents[node]] if node else zero
        if number != NO_OUTCOME:
            here = whole[number]
            above = here if above is zero else tuple(map(int.__add__, above, here))
        total.append(above)
    return [
        row if number == NO_SET else None for row, number in zip(total, tree.set_of, strict=True)
    ]


def _subgames(tree: GameTree) -> tuple[tuple[int, ...], list[int], bytearray]:
    """Roots of the subgames, each node's smallest one, and which stages are single nodes.

    A node is a root exactly if the members of all information sets met in its subtree lie in the
    interval of that subtree; the least and greatest member are carried up in one pass.
    """
    size = len(tree)
    low = list(range(size))
    high = list(range(size))
    last = 0  # nodes after it meet no set of several members
    check_clock()
    for own, members in in_time(zip(tree.information_sets, tree.members, strict=True)):
        if len(members) == 1 or own.player == CHANCE:
            continue
        last = max(last, members[-1])
        for node in members:
            low[node] = members[0]
            high[node] = members[-1]
    parents = tree.parents
    for node in in_time(range(last, 0, -1)):
        parent = parents[node]
        if low[node] < low[parent]:
            low[parent] = low[node]
        if high[node] > high[parent]:
            high[parent] = high[node]
    ends = tree.subtree_end
    root_of = [0] * size
    lone = bytearray(size)
    roots = []
    for node, number in in_time(enumerate(tree.set_of)):
        if number == NO_SET:
            root_of[node] = root_of[parents[node]]
        elif low[node] == node and high[node] < ends[node]:
            roots.append(node)
            root_of[node] = node
            lone[node] = 1
        else:
            root = root_of[node] = root_of[parents[node]]
            lone[root] = 0
    return tuple(roots), root_of, lone
