"""The intuitive criterion and D1 for two types, by the definitions (Cho and Kreps 1987)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from nl2efg.game import BehaviourProfile

Gains = list[list[Fraction]]
"""For each type what each answer to a message brings it above the equilibrium."""


def unsent(profile: BehaviourProfile) -> Iterator[tuple[int, Gains, Gains]]:
    """Messages that no type sends: the receiver's set, the types' gains and his payoffs."""
    tree = profile.tree
    answers = {tree.set_of[child] for kind in tree.children[0] for child in tree.children[kind]}
    for number in sorted(answers):
        members = tree.members[number]
        if any(profile.reach[node] for node in members):
            continue
        kept = [Fraction(profile.node_values[tree.parents[node]][0]) for node in members]
        paid = [[tree.path_payoffs[leaf] for leaf in tree.children[node]] for node in members]
        yield (
            number,
            [[row[0] - value for row in own] for own, value in zip(paid, kept, strict=True)],
            [[row[1] for row in own] for own in paid],
        )


def _best_sets(paid: Gains, types: Sequence[int]) -> list[frozenset[int]]:
    """The sets of best answers over all beliefs in these of two types."""
    if len(types) == 1:
        beliefs = [Fraction(int(types[0] == 0))]
    else:
        cuts = {Fraction(0), Fraction(1)}
        for a, b in combinations(range(len(paid[0])), 2):
            first, second = (paid[t][a] - paid[t][b] for t in (0, 1))
            if first != second:  # indifferent where p first + (1 - p) second is 0
                cuts.add(second / (second - first))
        inside = sorted(p for p in cuts if 0 <= p <= 1)
        beliefs = inside + [(p + q) / 2 for p, q in pairwise(inside)]
    found = []
    for p in beliefs:
        values = [p * one + (1 - p) * other for one, other in zip(*paid, strict=True)]
        found.append(frozenset(a for a, v in enumerate(values) if v == max(values)))
    return found


def passes_intuitive(profile: BehaviourProfile) -> bool:
    """Whether no type gains for sure by a message that the other could never gain by."""
    for _, gained, paid in unsent(profile):
        possible = frozenset().union(*_best_sets(paid, (0, 1)))
        left = [t for t in (0, 1) if max(gained[t][a] for a in possible) >= 0]
        if not left:
            continue
        answers = frozenset().union(*_best_sets(paid, left))
        if any(min(gained[t][a] for a in answers) > 0 for t in left):
            return False
    return True


def passes_d1(profile: BehaviourProfile) -> bool:
    """Whether beliefs without the less eager type support the answers."""
    for number, gained, paid in unsent(profile):
        less = [t for t in (0, 1) if _always_keener(gained[1 - t], gained[t], paid)]
        if len(less) != 1:
            continue
        used = {a for a, p in enumerate(profile.probabilities[number]) if p}
        if not any(used <= best for best in _best_sets(paid, [1 - less[0]])):
            return False
    return True


def _always_keener(eager: Sequence[Fraction], other: Sequence[Fraction], paid: Gains) -> bool:
    """Whether one gains strictly by every best answer, mixed too, by which the other gains weakly.

    A triangle in which it were not so would have a side on which it is not.
    """
    for best in _best_sets(paid, (0, 1)):
        for a in best:
            if other[a] >= 0 >= eager[a]:
                return False
        for a, b in combinations(best, 2):
            marks = {Fraction(0), Fraction(1)}
            for row in (eager, other):
                if row[a] != row[b]:
                    marks.add(row[b] / (row[b] - row[a]))
            for share in (m for m in marks if 0 <= m <= 1):
                gain = [share * row[a] + (1 - share) * row[b] for row in (eager, other)]
                if gain[1] >= 0 >= gain[0]:
                    return False
    return True
