"""Consistent beliefs, decided exactly.

An assessment is consistent if it is the limit of completely mixed profiles and their Bayesian
beliefs (Kreps and Wilson 1982, Econometrica 50, p. 872). It is enough to let each action that the
profile does not use tremble with probability ``c * e**k``, a positive integer ``k`` and a positive
``c`` of its own, as ``e`` goes to 0 (their lemmas A1 and A2; Perea, Jansen and Peters 1997,
International Journal of Game Theory 26, p. 475). The belief then lies on the nodes that the fewest
orders of trembles lead to, in proportion to the products of the ``c`` on their paths: which nodes
these are is a question of linear inequalities in the ``k``, and which proportions, of linear
equations in the logarithms of the ``c``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from math import lcm

from nl2efg.equilibria.assessment import Assessment, InfosetBeliefs
from nl2efg.equilibria.beliefs import Belief, polytope_within
from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.game import CHANCE, BehaviourProfile

MAX_GROUPS = 6
"""Of a set with more groups of nodes, supports of one, two and all groups are tried."""

MAX_PROGRAMS = 400
"""Most linear programs in one search."""

MAX_PROPORTIONS = 400
"""Most combinations of proportions that are tried where trembles at several sets are tied."""

Action = tuple[int, int]
"""An information set and an action there."""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes of an information set that the same trembles lead to.

    Args:
        trembles: the unused actions on the way to them.
        belief: over all nodes of the set, the proportions among these ones.
        weight: the probability of chance and of used actions on the way to them.
    """

    trembles: frozenset[Action]
    belief: Belief
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the belief of an information set lies.

    Args:
        groups: the groups that it is on.
        others: the groups that it is not on.
        corners: of the supporting beliefs on the groups, as weights of the groups.
    """

    groups: tuple[Group, ...]
    others: tuple[Group, ...]
    corners: tuple[Belief, ...]

    def weights(self) -> Belief:
        """The centre of the supporting beliefs on these groups."""
        count = Fraction(len(self.corners))
        return tuple(sum(column) / count for column in zip(*self.corners, strict=True))


def groups_at(profile: BehaviourProfile, infoset: int) -> tuple[Group, ...]:
    """The groups of an information set's nodes that may have the fewest orders of trembles.

    Left out are nodes that more trembles lead to than to another one, and nodes behind a chance
    move of probability 0, where no tremble of a player leads.
    """
    tree = profile.tree
    weights: dict[frozenset[Action], dict[int, Fraction]] = {}
    for place, member in enumerate(tree.members[infoset]):
        trembles: set[Action] = set()
        weight = Fraction(1)
        node = member
        while node:
            parent = tree.parents[node]
            number, action = tree.set_of[parent], tree.action_of[node]
            p = Fraction(profile.probabilities[number][action])
            if p:
                weight *= p
            elif tree.information_sets[number].player == CHANCE:
                weight = Fraction(0)
                break
            else:
                trembles.add((number, action))
            node = parent
        if weight:
            weights.setdefault(frozenset(trembles), {})[place] = weight
    found = []
    count = len(tree.members[infoset])
    for tremble_set, nodes in weights.items():
        if any(other < tremble_set for other in weights):
            continue
        total = sum(nodes.values(), Fraction(0))
        belief = tuple(nodes.get(place, Fraction(0)) / total for place in range(count))
        found.append(Group(tremble_set, belief, total))
    return tuple(found)


@dataclass(slots=True)
class Limits:
    """What limits a search, and whether it met a limit.

    Attributes:
        programs: how many linear programs were solved.
        cut_short: whether more would have been.
    """

    programs: int = 0
    cut_short: bool = False


def consistent_assessment(
    profile: BehaviourProfile, assessment: Assessment
) -> tuple[Assessment | None, bool]:
    """Consistent beliefs that support a profile, or None.

    Args:
        profile: exact, of a game of perfect recall.
        assessment: what supports the profile at each set by itself.

    Returns:
        The profile's assessment with consistent beliefs, or None; and whether the answer is
        proved. Without a proof, None means that none was found.

    Raises:
        OutOfTimeError: the budget ended.
    """
    if not assessment.supported:
        return None, any(e.belief is None and e.decided for e in assessment.beliefs)
    open_sets: list[InfosetBeliefs] = []
    options: list[list[Choice]] = []
    search = Limits()
    for entry in assessment.beliefs:
        if entry.supporting is None:
            continue
        groups = groups_at(profile, entry.infoset)
        if not groups:  # no tremble leads here: any supporting belief will do
            continue
        open_sets.append(entry)
        options.append(list(supporting_choices(entry, groups, search)))
        if not options[-1]:
            return None, not search.cut_short
    found = next(_solutions(options, search), None)
    if found is None:
        return None, not search.cut_short
    beliefs = {
        entry.infoset: mixture(choice, weights)
        for entry, (choice, weights) in zip(open_sets, found, strict=True)
    }
    entries = tuple(
        replace(entry, belief=beliefs.get(entry.infoset, entry.belief))
        for entry in assessment.beliefs
    )
    return Assessment(entries, consistent=True), True


def mixture(choice: Choice, weights: Belief) -> Belief:
    """The belief over a set's nodes that weights of a choice's groups are."""
    rows = [tuple(w * p for p in g.belief) for g, w in zip(choice.groups, weights, strict=True)]
    return tuple(sum(column, Fraction(0)) for column in zip(*rows, strict=True))


def supporting_choices(
    entry: InfosetBeliefs, groups: Sequence[Group], search: Limits
) -> Iterator[Choice]:
    """The supports of a set's belief on which some belief supports the play, the largest first."""
    assert entry.supporting is not None
    count = len(groups)
    sizes = [n for n in range(count, 0, -1) if count <= MAX_GROUPS or n in (1, 2, count)]
    search.cut_short |= len(sizes) < count
    for size in sizes:
        for on in combinations(range(count), size):
            chosen = tuple(groups[i] for i in on)
            corners = polytope_within(entry.supporting, [group.belief for group in chosen])
            if not corners or not all(map(any, zip(*corners, strict=True))):
                continue  # the supporting beliefs leave out one of these groups
            others = tuple(groups[i] for i in range(count) if i not in on)
            yield Choice(chosen, others, corners)


def _solutions(
    options: Sequence[Sequence[Choice]], search: Limits
) -> Iterator[list[tuple[Choice, Belief]]]:
    """Choices for all sets that trembles of some orders and proportions bring about."""
    for chosen in choices_with_orders(options, search, MAX_PROGRAMS):
        weights = _proportions(chosen, search)
        if weights is not None:
            yield list(zip(chosen, weights, strict=True))


def choices_with_orders(
    options: Sequence[Sequence[Choice]],
    search: Limits,
    most: int,
    chosen: tuple[Choice, ...] = (),
) -> Iterator[tuple[Choice, ...]]:
    """Choices for all sets that orders of trembles bring about, in the order of the options.

    Args:
        options: for each set the choices that it has.
        search: counts linear programs, and is told where they ran out.
        most: linear programs.
        chosen: choices of the first sets, which have orders.
    """
    if len(chosen) == len(options):
        yield chosen
        return
    for choice in options[len(chosen)]:
        check_clock()
        if search.programs >= most:
            search.cut_short = True
            return
        search.programs += 1
        if has_orders((*chosen, choice)):
            yield from choices_with_orders(options, search, most, (*chosen, choice))


def has_orders(chosen: Sequence[Choice]) -> bool:
    """Whether orders of trembles exist that put each set's belief on its groups and no others."""
    trembles = sorted({t for c in chosen for g in (*c.groups, *c.others) for t in g.trembles})
    column = {tremble: j for j, tremble in enumerate(trembles)}
    equal, at_most = [], []
    for choice in chosen:
        first = choice.groups[0]
        for group in choice.groups[1:]:
            row, offset = _difference(group, first, column)
            equal.append((row, -offset))
        for group in choice.others:
            row, offset = _difference(first, group, column)
            at_most.append((row, -1 - offset))
    if not equal and not at_most:
        return True
    return maximise([0] * len(trembles), at_most=at_most, equal=equal) is not None


def _difference(group: Group, other: Group, column: Mapping[Action, int]) -> tuple[list[int], int]:
    """Orders of one group less those of another, where each order is 1 plus a variable."""
    row = [0] * len(column)
    for tremble in group.trembles:
        row[column[tremble]] += 1
    for tremble in other.trembles:
        row[column[tremble]] -= 1
    return row, sum(row)


def _proportions(chosen: Sequence[Choice], search: Limits) -> list[Belief] | None:
    """Weights of each set's groups that coefficients of trembles bring about all at once."""
    centre = [choice.weights() for choice in chosen]
    if _tied(chosen, centre):
        return centre
    spaces = [_samples(choice) for choice in chosen]
    for number, weights in enumerate(product(*spaces)):
        check_clock()
        if number == MAX_PROPORTIONS:
            break
        if all(map(all, weights)) and _tied(chosen, weights):
            return list(weights)
    search.cut_short = True  # other proportions may do
    return None


def _samples(choice: Choice) -> list[Belief]:
    """Some supporting weights: the centre, corners, and what trembles of one size give."""
    count = len(choice.groups)
    even = tuple(Fraction(1, count) for _ in range(count))
    between = [
        tuple((x + y) / 2 for x, y in zip(a, b, strict=True))
        for a, b in combinations(choice.corners, 2)
    ]
    found = [choice.weights(), *choice.corners, *between]
    return list(dict.fromkeys([*found, even] if _inside(choice, even) else found))


def _inside(choice: Choice, weights: Belief) -> bool:
    """Whether weights are a mixture of the corners."""
    count = len(choice.corners)
    equal = [
        (list(column), weight)
        for column, weight in zip(zip(*choice.corners, strict=True), weights, strict=True)
    ]
    return maximise([0] * count, equal=[*equal, ([1] * count, 1)]) is not None


def _tied(chosen: Sequence[Choice], weights: Sequence[Belief]) -> bool:
    """Whether coefficients exist that give the groups these weights.

    The ratio of two groups' weights is a product of coefficients and their inverses. Gaussian
    elimination on the exponents: where they cancel, the ratio that is left must be 1.
    """
    left: list[_Equation] = []
    for choice, row in zip(chosen, weights, strict=True):
        first = choice.groups[0]
        for group, weight in zip(choice.groups[1:], row[1:], strict=True):
            exponents: dict[Action, Fraction] = {}
            for tremble in group.trembles:
                exponents[tremble] = exponents.get(tremble, Fraction(0)) + 1
            for tremble in first.trembles:
                exponents[tremble] = exponents.get(tremble, Fraction(0)) - 1
            ratio = weight * first.weight / (row[0] * group.weight)
            left.append(({t: e for t, e in exponents.items() if e}, [(ratio, Fraction(1))]))
    while left:
        exponents, ratios = left.pop()
        if not exponents:
            if not _is_one(ratios):
                return False
            continue
        pivot = next(iter(exponents))
        left = [_eliminated(entry, (exponents, ratios), pivot) for entry in left]
    return True


_Equation = tuple[dict[Action, Fraction], list[tuple[Fraction, Fraction]]]
"""Exponents of the coefficients, and what their product is: ratios, each to a power."""


def _eliminated(entry: _Equation, by: _Equation, pivot: Action) -> _Equation:
    """An equation without a coefficient that another one determines."""
    exponents, ratios = entry
    factor = exponents.get(pivot, Fraction(0)) / by[0][pivot]
    if not factor:
        return entry
    left = dict(exponents)
    for tremble, exponent in by[0].items():
        left[tremble] = left.get(tremble, Fraction(0)) - factor * exponent
    powers = [*ratios, *((ratio, -factor * power) for ratio, power in by[1])]
    return {t: e for t, e in left.items() if e}, powers


def _is_one(ratios: Sequence[tuple[Fraction, Fraction]]) -> bool:
    """Whether a product of rational powers of positive ratios is 1."""
    scale = lcm(*(power.denominator for _, power in ratios))
    total = Fraction(1)
    for ratio, power in ratios:
        total *= ratio ** int(power * scale)
    return total == 1
