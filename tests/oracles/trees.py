"""Trees: pure profiles, beliefs, trembles and mediators by the definitions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from nl2efg.game import CHANCE, NO_SET, BehaviourProfile, GameTree
from tests.brute_force import best_pure_gain, payoff, subgame_roots
from tests.oracles.tables import Halfspace, Vector, corners

Rows = list[tuple[Fraction, ...]]


def own_sets(tree: GameTree) -> list[int]:
    """The information sets of players."""
    return [n for n, own in enumerate(tree.information_sets) if own.player != CHANCE]


def pure_profiles(tree: GameTree) -> Iterator[BehaviourProfile]:
    """Every pure profile."""
    sets = own_sets(tree)
    for choice in product(*(range(len(tree.information_sets[n].actions)) for n in sets)):
        chosen = dict(zip(sets, choice, strict=True))
        yield BehaviourProfile(
            tree,
            tuple(
                tuple(Fraction(int(a == chosen[n])) for a in range(len(own.actions)))
                if n in chosen
                else own.probabilities or ()
                for n, own in enumerate(tree.information_sets)
            ),
        )


def is_nash(profile: BehaviourProfile) -> bool:
    """Whether no pure strategy gains."""
    return all(not best_pure_gain(profile, 0, i) for i in range(len(profile.tree.players)))


def is_subgame_perfect(profile: BehaviourProfile) -> bool:
    """Whether no pure strategy gains in any subgame."""
    return all(
        not best_pure_gain(profile, root, i)
        for root in subgame_roots(profile.tree)
        for i in range(len(profile.tree.players))
    )


def _continuations(tree: GameTree, number: int) -> Iterator[dict[int, int]]:
    """All pure choices of a set's player there and at his sets below."""
    player = tree.information_sets[number].player
    below = {
        tree.set_of[node]
        for member in tree.members[number]
        for node in range(member, tree.subtree_end[member])
        if tree.set_of[node] != NO_SET and tree.information_sets[tree.set_of[node]].player == player
    }
    sets = sorted(below)
    for choice in product(*(range(len(tree.information_sets[n].actions)) for n in sets)):
        yield dict(zip(sets, choice, strict=True))


def _changed(rows: Rows, choice: dict[int, int]) -> Rows:
    found = list(rows)
    for n, action in choice.items():
        found[n] = tuple(Fraction(int(a == action)) for a in range(len(rows[n])))
    return found


def _rows(profile: BehaviourProfile) -> Rows:
    return [tuple(map(Fraction, row)) for row in profile.probabilities]


def gains(profile: BehaviourProfile, number: int) -> list[list[Fraction]]:
    """For each way to go on, what it gains over the profile from each node of a set."""
    tree, rows = profile.tree, _rows(profile)
    player = tree.information_sets[number].player
    kept = [payoff(tree, rows, node, player) for node in tree.members[number]]
    return [
        [
            payoff(tree, _changed(rows, choice), node, player) - value
            for node, value in zip(tree.members[number], kept, strict=True)
        ]
        for choice in _continuations(tree, number)
    ]


def _within_subgame(profile: BehaviourProfile, number: int) -> list[Fraction]:
    """How likely each node of a set is once the smallest subgame around the set is entered."""
    tree, rows = profile.tree, _rows(profile)
    inside = [
        root
        for root in subgame_roots(tree)
        if all(root <= node < tree.subtree_end[root] for node in tree.members[number])
    ]
    found = []
    for node in tree.members[number]:
        weight = Fraction(1)
        while node != max(inside):
            parent = tree.parents[node]
            weight *= rows[tree.set_of[parent]][tree.action_of[node]]
            node = parent
        found.append(weight)
    return found


def is_supported(profile: BehaviourProfile) -> bool:
    """Whether at every set some belief, that of Bayes where there is one, supports the play."""
    if not is_subgame_perfect(profile):
        return False
    tree = profile.tree
    for number in own_sets(tree):
        weights = _within_subgame(profile, number)
        ways = gains(profile, number)
        if sum(weights):
            if any(sum(w * g for w, g in zip(weights, way, strict=True)) > 0 for way in ways):
                return False
            continue
        sides: list[Halfspace] = [([-g for g in way], 0) for way in ways]
        if not corners(sides, len(weights)):
            return False
    return True


# Trembles ----------------------------------------------------------------------------------------


def _trembling(profile: BehaviourProfile, draw: random.Random, tiny: Fraction) -> Rows:
    """A completely mixed profile nearby, of random orders and sizes."""
    tree = profile.tree
    rows = []
    for own, row in zip(tree.information_sets, _rows(profile), strict=True):
        if own.player == CHANCE:
            rows.append(row)
            continue
        small = [
            Fraction(0)
            if p
            else draw.choice([1, 1, 2, 3, 7]) * tiny ** draw.choice([1, 1, 2, 3, 4])
            for p in row
        ]
        rest = 1 - sum(small)
        rows.append(tuple(p * rest + s for p, s in zip(row, small, strict=True)))
    return rows


def trembles_prove_perfect(profile: BehaviourProfile, draw: random.Random, tries: int = 60) -> bool:
    """Whether random trembles are found against which every used action is best at its set."""
    tree, rows = profile.tree, _rows(profile)
    for _ in range(tries):
        seed = draw.random()
        if all(
            _best_everywhere(tree, rows, _trembling(profile, random.Random(seed), tiny))
            for tiny in (Fraction(1, 10**4), Fraction(1, 10**7))
        ):
            return True
    return False


def _best_everywhere(tree: GameTree, rows: Rows, trembling: Rows) -> bool:
    for number in own_sets(tree):
        player = tree.information_sets[number].player
        worth = [
            payoff(tree, _changed(trembling, {number: a}), 0, player)
            for a in range(len(rows[number]))
        ]
        if any(p and w < max(worth) for p, w in zip(rows[number], worth, strict=True)):
            return False
    return True


def trembles_prove_sequential(
    profile: BehaviourProfile, draw: random.Random, tries: int = 60
) -> bool:
    """Whether random trembles bring about beliefs under which everybody plays on as he does."""
    tree = profile.tree
    ways = {number: gains(profile, number) for number in own_sets(tree)}
    for _ in range(tries):
        seed = draw.random()
        near = [
            _beliefs(tree, _trembling(profile, random.Random(seed), Fraction(1, 10**power)))
            for power in (6, 12)
        ]
        # Limits of quotients of polynomials; those of these trembles are fractions of small parts.
        limit = {
            n: tuple(b.limit_denominator(1000) for b in belief) for n, belief in near[1].items()
        }
        if any(sum(row) != 1 for row in limit.values()):
            continue
        if all(
            sum(b * g for b, g in zip(limit[n], way, strict=True)) <= 0
            for n in ways
            for way in ways[n]
        ):
            return True
    return False


def _beliefs(tree: GameTree, rows: Rows) -> dict[int, Vector]:
    reach = [Fraction(1)]
    for node in range(1, len(tree)):
        parent = tree.parents[node]
        reach.append(reach[parent] * rows[tree.set_of[parent]][tree.action_of[node]])
    found = {}
    for number in own_sets(tree):
        weights = [reach[node] for node in tree.members[number]]
        total = sum(weights)
        found[number] = tuple(w / total for w in weights)
    return found


# Mediators ---------------------------------------------------------------------------------------


def best_correlated(tree: GameTree, kind: str) -> float:
    """The greatest sum of payoffs of a correlated equilibrium, in floating point.

    Over all pure profiles, not reduced, with a row for each deviation of a definition.
    """
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    sets = own_sets(tree)
    chance = [tuple(own.probabilities or ()) for own in tree.information_sets]
    players = range(len(tree.players))
    profiles = list(product(*(range(len(tree.information_sets[n].actions)) for n in sets)))
    paid = {
        choice: [payoff(tree, _told(tree, chance, sets, choice), 0, player) for player in players]
        for choice in profiles
    }
    rows = []
    for player in players:
        for replace in _deviations(tree, sets, player, kind):
            row = []
            for choice in profiles:
                other = replace(choice)
                gain = paid[other][player] - paid[choice][player]
                row.append(float(gain))
            rows.append(row)
    found = linprog(
        [-float(sum(paid[choice])) for choice in profiles],
        A_ub=rows or None,
        b_ub=[0] * len(rows) or None,
        A_eq=[[1] * len(profiles)],
        b_eq=[1],
    )
    return float(-found.fun)


def _told(
    tree: GameTree, chance: Sequence[tuple[Fraction, ...]], sets: list[int], choice: tuple[int, ...]
) -> Rows:
    return _changed(
        [
            row or (Fraction(0),) * len(own.actions)
            for row, own in zip(chance, tree.information_sets, strict=True)
        ],
        dict(zip(sets, choice, strict=True)),
    )


def _deviations(tree: GameTree, sets: list[int], player: int, kind: str):  # type: ignore[no-untyped-def]
    """Functions from what is drawn to what comes of it when a player deviates in one way."""
    mine = [k for k, n in enumerate(sets) if tree.information_sets[n].player == player]
    widths = [len(tree.information_sets[sets[k]].actions) for k in mine]
    if kind == "efce":
        for k in mine:
            yield from _triggers(tree, sets, k)
        return
    for other in product(*map(range, widths)):
        if kind == "cce":
            yield lambda c, other=other: _put(c, mine, other)
            continue
        for told in product(*map(range, widths)):
            yield (
                lambda c, told=told, other=other: (
                    _put(c, mine, other) if tuple(c[k] for k in mine) == told else c
                )
            )


def _triggers(tree: GameTree, sets: list[int], k: int):  # type: ignore[no-untyped-def]
    """Obey until a move is told at one set, then go on in another way (von Stengel, Forges)."""
    number = sets[k]
    for told in range(len(tree.information_sets[number].actions)):
        for choice in _continuations(tree, number):
            places = [sets.index(n) for n in choice]
            actions = list(choice.values())

            def replace(c, told=told, places=places, actions=actions):  # type: ignore[no-untyped-def]
                return _put(c, places, actions) if c[k] == told else c

            yield replace


def _put(choice: tuple[int, ...], places: Sequence[int], actions: Sequence[int]) -> tuple[int, ...]:
    found = list(choice)
    for place, action in zip(places, actions, strict=True):
        found[place] = action
    return tuple(found)
