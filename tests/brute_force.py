"""Equilibria checked by brute force; shares no code with the solver.

The checker walks every pure strategy of a player in every subgame, found by comparing sets of
nodes; it is exponential and exact.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.game import CHANCE, NO_SET, BehaviourProfile, GameTree

MAX_STRATEGIES = 600


def subgame_roots(tree: GameTree) -> list[int]:
    """Roots of subgames, by the definition."""
    below: list[set[int]] = [{node} for node in range(len(tree))]
    for node in range(len(tree) - 1, 0, -1):
        below[tree.parents[node]] |= below[node]
    found = []
    for root in range(len(tree)):
        if tree.set_of[root] == NO_SET:
            continue
        closed = all(
            set(members) <= below[root] or not set(members) & below[root]
            for number, members in enumerate(tree.members)
            if tree.information_sets[number].player != CHANCE
        )
        if closed:
            found.append(root)
    return found


def payoff(tree: GameTree, rows: list[tuple[Fraction, ...]], root: int, player: int) -> Fraction:
    """Expected payoff of a player when play starts at a node."""
    total = Fraction(0)
    stack = [(root, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        number = tree.set_of[node]
        if number == NO_SET:
            total += weight * tree.path_payoffs[node][player]
            continue
        for child, p in zip(tree.children[node], rows[number], strict=True):
            if p:
                stack.append((child, weight * p))
    return total


def best_pure_gain(profile: BehaviourProfile, root: int, player: int) -> Fraction:
    """What the best pure strategy of a player gains over the profile in a subgame."""
    tree = profile.tree
    rows = [tuple(Fraction(p) for p in row) for row in profile.probabilities]
    inside = {tree.set_of[node] for node in range(root, tree.subtree_end[root])} - {NO_SET}
    own = [n for n in sorted(inside) if tree.information_sets[n].player == player]
    kept = payoff(tree, rows, root, player)
    best = Fraction(0)
    for choice in product(*(range(len(rows[n])) for n in own)):
        changed = list(rows)
        for n, action in zip(own, choice, strict=True):
            changed[n] = tuple(Fraction(int(a == action)) for a in range(len(rows[n])))
        best = max(best, payoff(tree, changed, root, player) - kept)
    return best


def small(tree: GameTree) -> bool:
    """Whether the check is affordable."""
    return all(
        prod(len(tree.information_sets[n].actions) for n in tree.sets_of_player(player))
        <= MAX_STRATEGIES
        for player in range(len(tree.players))
    )
