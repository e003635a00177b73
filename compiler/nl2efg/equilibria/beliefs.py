"""The beliefs that support an equilibrium: at each information set, all of them, exactly.

A player's strategy from an information set on is best for a belief over the set's nodes exactly if
no other strategy from there on pays more; each one is a linear inequality in the belief, so the
supporting beliefs are a polytope. Its corners are found by cutting the simplex of all beliefs with
a best response to one of the corners at a time, until no best response pays more at any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nl2efg.equilibria.own_sequences import OwnSequences, sequences_from
from nl2efg.game import BehaviourProfile, GameTree

Belief = tuple[Fraction, ...]

MAX_VERTICES = 200
"""Most corners of a polytope of beliefs while it is being cut."""


@dataclass(frozen=True, slots=True)
class SupportingBeliefs:
    """The beliefs at an information set that make what is played from there on best.

    Args:
        infoset: index of the information set.
        vertices: corners of the polytope; empty if no belief supports the play.
        inequalities: sides of the polytope besides the simplex, as coefficients of the nodes'
            probabilities; the sums must not be negative.
    """

    infoset: int
    vertices: tuple[Belief, ...]
    inequalities: tuple[Belief, ...]

    @property
    def exists(self) -> bool:
        """Whether any belief supports what is played."""
        return bool(self.vertices)

    @property
    def centre(self) -> Belief:
        """The average of the corners."""
        count = len(self.vertices)
        return tuple(sum(column) / Fraction(count) for column in zip(*self.vertices, strict=True))

    @property
    def bounds(self) -> tuple[Belief, Belief]:
        """The least and the greatest probability of each node."""
        columns = list(zip(*self.vertices, strict=True))
        return tuple(map(min, columns)), tuple(map(max, columns))

    def contains(self, belief: Sequence[Fraction]) -> bool:
        """Whether a belief supports the play."""
        return self.exists and all(
            sum(c * p for c, p in zip(side, belief, strict=True)) >= 0 for side in self.inequalities
        )


def continuation(profile: BehaviourProfile, infoset: int) -> OwnSequences[Fraction]:
    """What a player can do from an information set on, against the others' strategies.

    Args:
        profile: exact; the player has perfect recall.
        infoset: index of a player's information set.
    """
    tree, rows = profile.tree, profile.probabilities
    player = tree.information_sets[infoset].player
    return sequences_from(
        tree,
        infoset,
        lambda node: Fraction(tree.path_payoffs[node][player]),
        lambda number, action: Fraction(rows[number][action]),
        zero=Fraction(0),
        one=Fraction(1),
    )


def _kept(profile: BehaviourProfile, play: OwnSequences[Fraction]) -> list[Fraction]:
    """What the profile's own strategy is worth from each node of the set."""
    weights = [Fraction(0)] * len(play.gains)
    for number, first, parent in zip(play.sets, play.first, play.parent, strict=True):
        above = weights[parent] if parent >= 0 else Fraction(1)
        for action, p in enumerate(profile.probabilities[number]):
            weights[first + action] = above * Fraction(p)
    return _worth(play, weights)


def _worth(play: OwnSequences[Fraction], weights: Sequence[Fraction]) -> list[Fraction]:
    total = [Fraction(0)] * len(play.gains[0])
    for weight, row in zip(weights, play.gains, strict=True):
        if weight:
            total = [t + weight * g for t, g in zip(total, row, strict=True)]
    return total


def _reply(
    tree: GameTree, play: OwnSequences[Fraction], belief: Belief
) -> tuple[list[Fraction], dict[int, int]]:
    """What a best response to a belief is worth from each node of the set, and what it does."""
    worth = [
        sum((b * g for b, g in zip(belief, row, strict=True) if b), Fraction(0))
        for row in play.gains
    ]
    best = [0] * len(play.sets)
    for i in range(len(play.sets) - 1, -1, -1):
        width = len(tree.information_sets[play.sets[i]].actions)
        options = worth[play.first[i] : play.first[i] + width]
        best[i] = options.index(max(options))
        if play.parent[i] >= 0:
            worth[play.parent[i]] += max(options)
    weights = [Fraction(0)] * len(play.gains)
    for first, parent, action in zip(play.first, play.parent, best, strict=True):
        weights[first + action] = weights[parent] if parent >= 0 else Fraction(1)
    reached = {
        number: action
        for number, first, action in zip(play.sets, play.first, best, strict=True)
        if weights[first + action]
    }
    return _worth(play, weights), reached


def supporting_beliefs(
    profile: BehaviourProfile, infoset: int, slack: Fraction = Fraction(0)
) -> SupportingBeliefs | None:
    """All beliefs at an information set for which the player's strategy is best from there on.

    Sequential rationality at one set, as Kreps and Wilson (1982, Econometrica 50, p. 871) define
    it, without any demand on where the belief comes from.

    Args:
        profile: exact; the player has perfect recall.
        infoset: index of a player's information set.
        slack: in payoffs; so much may be gained.

    Returns:
        None if the polytope has too many corners.
    """
    play = continuation(profile, infoset)
    kept = _kept(profile, play)
    count = len(profile.tree.members[infoset])
    vertices = _simplex(count)
    sides: list[Belief] = []
    settled: set[Belief] = set()
    while open_vertices := [v for v, _ in vertices if v not in settled]:
        belief = open_vertices[0]
        other, _ = _reply(profile.tree, play, belief)
        side = tuple(k - o + slack for k, o in zip(kept, other, strict=True))
        if _dot(side, belief) >= 0:
            settled.add(belief)
            continue
        vertices = _cut(vertices, side, count + len(sides))
        sides.append(side)
        if len(vertices) > MAX_VERTICES:
            return None
    corners = tuple(sorted((v for v, _ in vertices), reverse=True))
    needed = [s for s in sides if any(not _dot(s, v) for v in corners)] if corners else sides
    return SupportingBeliefs(infoset, corners, tuple(needed))


def polytope_within(
    supporting: SupportingBeliefs, generators: Sequence[Belief]
) -> tuple[Belief, ...]:
    """The supporting beliefs that are mixtures of given ones: corners, as weights of these."""
    corners = _simplex(len(generators))
    for name, side in enumerate(supporting.inequalities, len(generators)):
        corners = _cut(corners, tuple(_dot(side, belief) for belief in generators), name)
    return tuple(corner for corner, _ in corners)


def best_gain(profile: BehaviourProfile, infoset: int, belief: Belief) -> Fraction:
    """What the best other strategy from an information set on pays more, given a belief."""
    return best_departure(profile, infoset, belief)[0]


def best_departure(
    profile: BehaviourProfile, infoset: int, belief: Belief
) -> tuple[Fraction, dict[int, int]]:
    """The best other strategy from an information set on, given a belief.

    Returns:
        what it pays more, and its actions by information set, where it departs from the profile.
    """
    play = continuation(profile, infoset)
    other, actions = _reply(profile.tree, play, belief)
    gain = _dot(belief, other) - _dot(belief, _kept(profile, play))
    departures = {n: a for n, a in actions.items() if profile.probabilities[n][a] != 1}
    return gain, departures


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), Fraction(0))


_Corner = tuple[Belief, frozenset[int]]
"""A corner, and the constraints that are tight there."""


def _simplex(count: int) -> list[_Corner]:
    """The corners of the simplex of all beliefs over so many nodes."""
    return [
        (tuple(Fraction(int(i == j)) for j in range(count)), frozenset(range(count)) - {i})
        for i in range(count)
    ]


def _cut(corners: Sequence[_Corner], side: Belief, name: int) -> list[_Corner]:
    """The corners of what is left of a polytope when a half-space is cut away.

    The double description method (Motzkin, Raiffa, Thompson and Thrall 1953): new corners lie on
    the edges between a corner that stays and one that goes.
    """
    at = [_dot(side, corner) for corner, _ in corners]
    found: list[_Corner] = []
    for (corner, tight), value in zip(corners, at, strict=True):
        if value > 0:
            found.append((corner, tight))
        elif not value:
            found.append((corner, tight | {name}))
    for (a, tight_a), value_a in zip(corners, at, strict=True):
        if value_a <= 0:
            continue
        for (b, tight_b), value_b in zip(corners, at, strict=True):
            if value_b >= 0:
                continue
            both = tight_a & tight_b
            if any(both <= tight for c, tight in corners if c is not a and c is not b):
                continue  # not an edge
            share = value_a / (value_a - value_b)
            between = tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))
            found.append((between, both | {name}))
    return found
