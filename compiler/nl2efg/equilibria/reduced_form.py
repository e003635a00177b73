"""The reduced strategic form: plans of action, and what each combination of them pays, exactly.

A plan of action says what a player does at every information set that the plan itself does not
rule out (Kuhn 1953, in Contributions to the Theory of Games II, p. 193).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage, flat_game_of
from nl2efg.equilibria.sequence_form import PlayerSequences, stage_at
from nl2efg.equilibria.wording import place_words
from nl2efg.errors import UserError
from nl2efg.game import GameTree, InformationSet, has_perfect_recall

Strategy = dict[int, int]
"""For each information set that the plan does not rule out the action that it takes."""

MAX_COMBINATIONS = 4000
"""Most combinations of plans that are looked at."""


@dataclass(frozen=True)
class ReducedForm:
    """The reduced strategic form of a game.

    Args:
        flat: the game as one stage.
        players: the players who have a choice, by index.
        strategies: for each of them the plans of action.
        payoffs: for each combination of plans, by their places, every player's expected payoff.
    """

    flat: FlatGame
    players: tuple[int, ...]
    strategies: tuple[tuple[Strategy, ...], ...]
    payoffs: dict[tuple[int, ...], tuple[Fraction, ...]]

    @property
    def tree(self) -> GameTree:
        """The game."""
        return self.flat.tree

    def words(self, place: int, strategy: int) -> str:
        """A plan of action in words; the place is shown where there are several."""
        plan = self.strategies[place][strategy]
        tree = self.tree.told
        several = sum(len(s.actions) > 1 for s in self._sets(place)) > 1
        return ", ".join(
            tree.information_sets[number].actions[action]
            + (f" {place_words(tree, number)}" if several else "")
            for number, action in plan.items()
        )

    def _sets(self, place: int) -> list[InformationSet]:
        player = self.players[place]
        return [s for s in self.tree.information_sets if s.player == player]


def reduced_form(tree: GameTree) -> ReducedForm:
    """The reduced strategic form.

    Raises:
        UserError: a player has imperfect recall, or there are more than ``MAX_COMBINATIONS``.
        OutOfTimeError: time is up.
    """
    if not has_perfect_recall(tree):
        raise UserError(
            "a player has imperfect recall: plans of action are compared under perfect recall",
            hint="concept nash looks for an ex-ante equilibrium",
        )
    flat = as_one_stage(flat_game_of(tree))
    if tree.is_terminal(0):
        return ReducedForm(flat, (), (), {(): tuple(map(Fraction, tree.path_payoffs[0]))})
    stage = stage_at(flat, 0)
    counts = [_count(side) for side in stage.sides]
    if prod(counts) > MAX_COMBINATIONS:
        raise UserError(
            f"the game has {prod(counts):,} combinations of plans of action, more than the "
            f"{MAX_COMBINATIONS:,} that are looked at",
            hint="concepts of behaviour strategies, such as spe, take far larger games",
        )
    plans = [list(_plans(side)) for side in stage.sides]
    allowed = [
        [_sequences(side, plan) for plan in own]
        for side, own in zip(stage.sides, plans, strict=True)
    ]
    payoffs = {}
    for combination in in_time(product(*(range(len(own)) for own in plans)), grain=16):
        total = [Fraction(0)] * len(tree.players)
        used = [own[i] for own, i in zip(allowed, combination, strict=True)]
        for place, (leaf, weight) in enumerate(zip(stage.leaves, stage.chance, strict=True)):
            if weight and all(
                own[place] in sequences
                for own, sequences in zip(stage.sequences, used, strict=True)
            ):
                share = Fraction(weight, stage.chance_scale)
                for player, payoff in enumerate(tree.path_payoffs[leaf]):
                    total[player] += share * payoff
        payoffs[combination] = tuple(total)
    strategies = tuple(tuple(dict(plan) for plan in own) for own in plans)
    return ReducedForm(flat, tuple(side.player for side in stage.sides), strategies, payoffs)


def _count(side: PlayerSequences) -> int:
    """How many plans of action a player has."""
    ways = [1] * side.size  # after each sequence
    for start, end, parent in reversed(list(zip(side.start, side.ends, side.parent, strict=True))):
        ways[parent] *= sum(ways[start:end])
    return ways[0]


def _plans(side: PlayerSequences) -> Iterator[Strategy]:
    """All plans of action, in the order of the actions."""
    sets = list(zip(side.sets, side.start, side.ends, side.parent, strict=True))

    def extend(place: int, plan: Strategy, taken: frozenset[int]) -> Iterator[Strategy]:
        if place == len(sets):
            yield plan
            return
        number, start, end, parent = sets[place]
        if parent not in taken:
            yield from extend(place + 1, plan, taken)
            return
        for action in range(end - start):
            chosen = {**plan, number: action}
            yield from extend(place + 1, chosen, taken | {start + action})

    yield from extend(0, {}, frozenset({0}))


def _sequences(side: PlayerSequences, plan: Strategy) -> frozenset[int]:
    """The sequences that a plan of action plays."""
    start = dict(zip(side.sets, side.start, strict=True))
    return frozenset({0, *(start[number] + action for number, action in plan.items())})
