"""The sequence form of a stage (Koller, Megiddo and von Stengel 1996, GEB 14, p. 247).

A sequence is what one player has done on the way to a node; 0 is the empty one. In a stage of
perfect recall, all members of an information set have the same sequence of their own player, and
a behaviour strategy is the same as a plan: a weight for every sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Any
from weakref import WeakKeyDictionary

from nl2efg.equilibria.deadline import check_clock, in_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.game import CHANCE, NO_SET

Value = Fraction | float
Row = tuple[Value, ...]


@dataclass(frozen=True)
class PlayerSequences:
    """One player's sequences in a stage.

    Args:
        player: index of the player.
        sets: its information sets with a choice, each after all that its own player may have met
            before. Where there is one action only, nothing is decided and nothing need be
            remembered.
        start: the first sequence of each set; the set's actions follow each other.
        parent: the sequence that leads to each set.
        size: number of sequences, the empty one included.
        recall: whether the player has perfect recall in the stage.
    """

    player: int
    sets: tuple[int, ...]
    start: tuple[int, ...]
    parent: tuple[int, ...]
    size: int
    recall: bool

    @property
    def ends(self) -> tuple[int, ...]:
        """One past the last sequence of each set."""
        return (*self.start[1:], self.size)


@dataclass(frozen=True)
class Stage:
    """The sequence form of a stage, for any number of players.

    Args:
        root: the subgame's root.
        sides: the players that choose in the stage.
        leaves: terminal nodes and roots of proper subgames, in preorder.
        chance: integer weight of chance on the way to each leaf, over ``chance_scale``.
        sequences: for each side, the sequence that leads to each leaf.
    """

    root: int
    sides: tuple[PlayerSequences, ...]
    leaves: tuple[int, ...]
    chance: tuple[int, ...]
    chance_scale: int
    sequences: tuple[tuple[int, ...], ...]

    @property
    def has_perfect_recall(self) -> bool:
        """Whether all who move here remember what they did and knew."""
        return all(side.recall for side in self.sides)

    @cached_property
    def float_arrays(self) -> tuple[Any, tuple[Any, ...]]:
        """Chance weights and sequences as numpy flat."""
        import numpy as np

        weights = np.array([weight / self.chance_scale for weight in self.chance])
        return weights, tuple(np.array(own, dtype=np.int64) for own in self.sequences)


_STAGES: WeakKeyDictionary[FlatGame, dict[int, Stage]] = WeakKeyDictionary()
"""The sequence forms of games that are being solved, by root, as long as the games are held."""


def stage_at(flat: FlatGame, root: int) -> Stage:
    """The sequence form of the stage that begins at a subgame's root; made once."""
    known = _STAGES.setdefault(flat, {})
    if root not in known:
        known[root] = _sequence_form(flat, root)
    return known[root]


def _sequence_form(flat: FlatGame, root: int) -> Stage:
    tree = flat.tree
    nodes = flat.stage_nodes(root)
    here = {tree.set_of[node]: tree.information_sets[tree.set_of[node]] for node in nodes}
    movers = sorted({own.player for own in here.values() if len(own.actions) > 1} - {CHANCE})
    position = {player: place for place, player in enumerate(movers)}
    sets: list[list[int]] = [[] for _ in movers]
    start: list[list[int]] = [[] for _ in movers]
    parent: list[list[int]] = [[] for _ in movers]
    size = [1] * len(movers)
    recall = [True] * len(movers)
    first: dict[int, tuple[int, int]] = {}
    state: dict[int, tuple[Fraction | int, tuple[int, ...]]] = {root: (1, (0,) * len(movers))}
    leaves: list[int] = []
    weights: list[Fraction | int] = []
    reached: list[tuple[int, ...]] = []
    for node in in_time(nodes):
        weight, own = state.pop(node)
        number = tree.set_of[node]
        information_set = tree.information_sets[number]
        place = -1
        width = len(information_set.actions)
        if information_set.player != CHANCE and width > 1:
            place = position[information_set.player]
            if number not in first:
                first[number] = (size[place], own[place])
                sets[place].append(number)
                start[place].append(size[place])
                parent[place].append(own[place])
                size[place] += width
            elif first[number][1] != own[place]:
                recall[place] = False
        for action, child in enumerate(tree.children[node]):
            chance, path = weight, own
            if place >= 0:
                path = (*own[:place], first[number][0] + action, *own[place + 1 :])
            elif information_set.probabilities is not None:
                chance = weight * information_set.probabilities[action]
            if tree.set_of[child] == NO_SET or flat.root_of[child] == child:
                leaves.append(child)
                weights.append(chance)
                reached.append(path)
            else:
                state[child] = (chance, path)
    chances, scale = common(weights)
    return Stage(
        root,
        tuple(
            PlayerSequences(
                player, tuple(sets[i]), tuple(start[i]), tuple(parent[i]), size[i], recall[i]
            )
            for i, player in enumerate(movers)
        ),
        tuple(leaves),
        tuple(chances),
        scale,
        tuple(zip(*reached, strict=True)),
    )


def plan_of(side: PlayerSequences, rows: Sequence[Row]) -> list[Value]:
    """The plan that realises a behaviour strategy; ``rows`` belong to ``side.sets``."""
    plan: list[Value] = [Fraction(0)] * side.size
    plan[0] = Fraction(1)
    for start, parent, row in zip(side.start, side.parent, rows, strict=True):
        for offset, probability in enumerate(row):
            plan[start + offset] = plan[parent] * probability
    return plan


def plan_behaviour(side: PlayerSequences, plan: Sequence[Fraction]) -> dict[int, Row]:
    """The behaviour strategy of a plan that gives every set some weight."""
    return {
        number: tuple(weight / plan[parent] for weight in plan[start:end])
        for number, start, end, parent in zip(
            side.sets, side.start, side.ends, side.parent, strict=True
        )
    }


def uniform_plan(side: PlayerSequences) -> list[Value]:
    """The plan of uniform behaviour, exactly."""
    widths = (end - start for start, end in zip(side.start, side.ends, strict=True))
    return plan_of(side, [(Fraction(1, width),) * width for width in widths])


@lru_cache(maxsize=4096)
def pure_row(choice: int, width: int) -> Row:
    """The row of a set of so many actions at which one is certain."""
    return tuple(Fraction(int(action == choice)) for action in range(width))


def common(values: Sequence[Any]) -> tuple[list[int], int]:
    """Exact values as integers over one common denominator."""
    scale = lcm(*(value.denominator for value in values))
    return [value.numerator * (scale // value.denominator) for value in values], scale


@dataclass(frozen=True)
class Response:
    """A best response in a stage.

    Args:
        value: what it is worth.
        choices: the best action of each set of the side; among equals the first.
        worth: for each sequence, the counterfactual value of best play from it on.
    """

    value: Value
    choices: tuple[int, ...]
    worth: tuple[Value, ...]


def best_response(side: PlayerSequences, gains: Sequence[Any]) -> Response:
    """The best plan, given what each sequence gains by itself; linear in the sequences.

    Args:
        gains: for each sequence, the sum over its leaves of the weight of chance and of the
            other players times the leaf's payoff.
    """
    worth = list(gains)
    choices = [0] * len(side.sets)
    ends = side.ends
    for place in range(len(side.sets) - 1, -1, -1):
        options = worth[side.start[place] : ends[place]]
        best = max(options)
        choices[place] = options.index(best)
        worth[side.parent[place]] += best
    return Response(worth[0], tuple(choices), tuple(worth))


def exact_gains(
    stage: Stage, place: int, plans: Sequence[tuple[list[int], int]], payoffs: Sequence[int]
) -> tuple[list[int], int]:
    """What each sequence of a side gains against the others' plans, as integers over a scale.

    Args:
        place: position of the side in ``stage.sides``.
        plans: every side's plan as integers over a common denominator.
        payoffs: the side's payoff at each leaf.
    """
    weights = [weight * payoff for weight, payoff in zip(stage.chance, payoffs, strict=True)]
    check_clock()
    scale = stage.chance_scale
    for other, (plan, denominator) in enumerate(plans):
        if other != place:
            scale *= denominator
            weights = [
                weight * plan[sequence] if weight else 0
                for weight, sequence in zip(weights, stage.sequences[other], strict=True)
            ]
    gains = [0] * stage.sides[place].size
    pairs = zip(weights, stage.sequences[place], strict=True)
    for weight, sequence in in_time(pairs):
        gains[sequence] += weight
    return gains, scale
