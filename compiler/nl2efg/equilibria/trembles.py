"""Trembling-hand perfect and proper equilibria, by trembles that are written down.

Every action that a profile does not use is played with probability ``c * e**k``. If for all small
``e`` each used action is best against the others' trembling play at every information set, the
profile is an extensive-form perfect equilibrium (Selten 1975, IJGT 4, p. 38). Signs for small
``e`` are those of the lowest powers, so that this is proved exactly. If among the plans of action
of two players whatever pays less trembles with a higher power, the profile is proper (Myerson
1978, IJGT 7, p. 76). That no trembles exist is proved where an action or a plan is weakly
dominated.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.exact_lp import optimum
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.wording import place_words
from nl2efg.errors import UserError
from nl2efg.game import CHANCE, NO_SET, BehaviourProfile, GameTree
from nl2efg.schema.record import ConceptClaim

Polynomial = dict[int, Fraction]
"""Coefficients by the power of ``e``."""

Tremble = tuple[int, Fraction]
"""The power and the coefficient of an unused action."""

MAX_NODES = 250
"""Of larger games no trembles are tried."""

TRIES = 200
"""Most choices of trembles."""

MAX_AGENT_PROFILES = 3000
"""Most combinations of actions in the search for dominated ones."""

ROUNDS = 30
"""Most revisions of the orders of trembles."""


def perfect_claim(profile: BehaviourProfile, *, sequential: bool | None) -> ConceptClaim:
    """Whether a profile is extensive-form perfect: proved, refuted, or neither.

    Args:
        profile: exact, of a game of perfect recall.
        sequential: whether it is proved (or refuted) to be sequential, which perfect ones are.

    Raises:
        OutOfTimeError: time is up.
    """
    tree = profile.tree
    if sequential is False:
        return _claim("perfect", False, "perfect equilibria are sequential, and this is not")
    if len(tree) > MAX_NODES:
        return _claim("perfect", None, "the game is too large to try trembles")
    dominated = _dominated_action(profile)
    if dominated is not None:
        number, action = dominated
        reason = (
            f"{tree.told.information_sets[number].actions[action]} {place_words(tree, number)} "
            "is weakly dominated among the moves there"
        )
        return _claim("perfect", False, reason)
    for trembles in _choices_of_trembles(profile):
        check_clock()
        if _is_best_against_trembles(profile, trembles):
            orders = max((k for row in trembles.values() for k, _ in row.values()), default=1)
            reason = f"best against small trembles (of up to order {orders}) everywhere"
            return _claim("perfect", True, reason)
    return _claim("perfect", None, "no trembles that prove it were found, nor is it excluded")


def proper_claim(profile: BehaviourProfile) -> ConceptClaim:
    """Whether a profile of two players is proper in the reduced strategic form.

    Args:
        profile: exact, of a game of perfect recall.

    Raises:
        OutOfTimeError: time is up.
    """
    try:
        form = reduced_form(profile.tree)
    except UserError as error:
        return _claim("proper", None, error.message)
    if len(form.players) != 2:
        return _claim("proper", None, "proper equilibria are looked at for two players")
    weights = [_plan_weights(form, profile, place) for place in (0, 1)]
    for place in (0, 1):
        worse = _dominated_plan(form, place, weights[place])
        if worse is not None:
            reason = f"{form.words(place, worse)} is weakly dominated"
            return _claim("proper", False, reason)
    for start in _starts(weights):
        check_clock()
        if _settles(form, weights, start):
            return _claim("proper", True, "worse plans tremble with higher powers, and it is best")
    return _claim("proper", None, "no trembles that prove it were found, nor is it excluded")


def _claim(concept: str, holds: bool | None, reason: str) -> ConceptClaim:
    return ConceptClaim(concept=concept, holds=holds, reason=reason)


# Polynomials -----------------------------------------------------------------------------------


def _add(a: Polynomial, b: Polynomial) -> Polynomial:
    found = dict(a)
    for power, c in b.items():
        found[power] = found.get(power, Fraction(0)) + c
    return {power: c for power, c in found.items() if c}


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    found: Polynomial = {}
    for i, c in a.items():
        for j, d in b.items():
            found[i + j] = found.get(i + j, Fraction(0)) + c * d
    return {power: c for power, c in found.items() if c}


def _sign(a: Polynomial) -> int:
    """The sign for all small positive ``e``."""
    if not a:
        return 0
    return 1 if a[min(a)] > 0 else -1


# Extensive-form perfection ---------------------------------------------------------------------


def _choices_of_trembles(profile: BehaviourProfile) -> Iterator[dict[int, dict[int, Tremble]]]:
    """All alike first, then random orders and sizes."""
    tree = profile.tree
    unused = [
        (number, action)
        for number, own in enumerate(tree.information_sets)
        if own.player != CHANCE
        for action, p in enumerate(profile.probabilities[number])
        if not p
    ]
    draw = random.Random(0)
    for attempt in range(TRIES if unused else 1):
        found: dict[int, dict[int, Tremble]] = {}
        for number, action in unused:
            power = draw.choice((1, 1, 2, 3)) if attempt else 1
            size = Fraction(draw.choice((1, 1, 2, 5, 20))) if attempt else Fraction(1)
            found.setdefault(number, {})[action] = (power, size)
        yield found


def _trembling_rows(
    profile: BehaviourProfile, trembles: dict[int, dict[int, Tremble]]
) -> list[list[Polynomial]]:
    rows = []
    for number, row in enumerate(profile.probabilities):
        own = trembles.get(number, {})
        lost: Polynomial = {0: Fraction(1)}
        for power, size in own.values():
            lost = _add(lost, {power: -size})
        rows.append(
            [
                {own[a][0]: own[a][1]}
                if a in own
                else {power: c * Fraction(p) for power, c in lost.items() if p}
                for a, p in enumerate(row)
            ]
        )
    return rows


def _is_best_against_trembles(
    profile: BehaviourProfile, trembles: dict[int, dict[int, Tremble]]
) -> bool:
    """Whether every used action of every set is best against the trembling play."""
    tree = profile.tree
    rows = _trembling_rows(profile, trembles)
    reach: list[Polynomial] = [{0: Fraction(1)}]
    for node in range(1, len(tree)):
        parent = tree.parents[node]
        reach.append(_times(reach[parent], rows[tree.set_of[parent]][tree.action_of[node]]))
    values: list[list[Polynomial]] = [[] for _ in range(len(tree))]
    players = range(len(tree.players))
    for node in range(len(tree) - 1, -1, -1):
        if tree.set_of[node] == NO_SET:
            payoffs = tree.path_payoffs[node]
            values[node] = [{0: Fraction(payoffs[i])} if payoffs[i] else {} for i in players]
            continue
        total: list[Polynomial] = [{} for _ in players]
        for child, weight in zip(tree.children[node], rows[tree.set_of[node]], strict=True):
            for i in players:
                total[i] = _add(total[i], _times(weight, values[child][i]))
        values[node] = total
    for number, own in enumerate(tree.information_sets):
        if own.player == CHANCE:
            continue
        worth: list[Polynomial] = [{} for _ in own.actions]
        for node in tree.members[number]:
            for action, after in enumerate(tree.children[node]):
                part = _times(reach[node], values[after][own.player])
                worth[action] = _add(worth[action], part)
        for action, p in enumerate(profile.probabilities[number]):
            minus = {power: -c for power, c in worth[action].items()}
            if p and any(_sign(_add(other, minus)) > 0 for other in worth):
                return False
    return True


def _dominated_action(profile: BehaviourProfile) -> tuple[int, int] | None:
    """A used action that others at its set weakly dominate, whatever is done elsewhere."""
    tree = profile.tree
    sets = [n for n, own in enumerate(tree.information_sets) if own.player != CHANCE]
    widths = [len(tree.information_sets[n].actions) for n in sets]
    if prod(widths) > MAX_AGENT_PROFILES:
        return None
    rows: list[tuple[Fraction, ...]] = [own.probabilities or () for own in tree.information_sets]
    table: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
    for choice in product(*map(range, widths)):
        check_clock()
        table[choice] = _pure_payoffs(tree, rows, dict(zip(sets, choice, strict=True)))
    for place, number in enumerate(sets):
        player = tree.information_sets[number].player
        width = widths[place]
        columns: dict[tuple[int, ...], list[Fraction]] = {}
        for choice, payoffs in table.items():
            key = choice[:place] + choice[place + 1 :]
            columns.setdefault(key, [Fraction(0)] * width)[choice[place]] = payoffs[player]
        for action, p in enumerate(profile.probabilities[number]):
            if p and _is_weakly_dominated(list(columns.values()), action):
                return number, action
    return None


def _pure_payoffs(
    tree: GameTree, rows: Sequence[Sequence[Fraction]], chosen: dict[int, int]
) -> tuple[Fraction, ...]:
    total = [Fraction(0)] * len(tree.players)
    stack = [(0, Fraction(1))]
    while stack:
        node, weight = stack.pop()
        number = tree.set_of[node]
        if number == NO_SET:
            for i, payoff in enumerate(tree.path_payoffs[node]):
                total[i] += weight * payoff
        elif number in chosen:
            stack.append((tree.children[node][chosen[number]], weight))
        else:
            pairs = zip(tree.children[node], rows[number], strict=True)
            stack += [(child, weight * p) for child, p in pairs if p]
    return tuple(total)


def _is_weakly_dominated(table: Sequence[Sequence[Fraction]], own: int) -> bool:
    """Whether a mixture is as good as a choice in every row, and better in one."""
    unique = list({tuple(row): None for row in table})
    gains = [
        {j: row[j] - row[own] for j in range(len(row)) if row[j] != row[own]} for row in unique
    ]
    at_most = [({j: -gain for j, gain in row.items()}, Fraction(0)) for row in gains if row]
    total: dict[int, Fraction] = {}
    for row in gains:
        for j, gain in row.items():
            total[j] = total.get(j, Fraction(0)) + gain
    width = len(table[0])
    whole = (dict.fromkeys(range(width), Fraction(1)), Fraction(1))
    found = optimum(total, width, at_most=at_most, equal=[whole])
    return found is not None and found.value is not None and found.value > 0


# Properness ------------------------------------------------------------------------------------


def _plan_weights(form: ReducedForm, profile: BehaviourProfile, place: int) -> list[Fraction]:
    """How often a behaviour strategy follows each plan of action (Kuhn 1953)."""
    return [
        prod((Fraction(profile.probabilities[n][a]) for n, a in plan.items()), start=Fraction(1))
        for plan in form.strategies[place]
    ]


def _payoff(form: ReducedForm, place: int, own: int, other: int) -> Fraction:
    combination = (own, other) if place == 0 else (other, own)
    return form.payoffs[combination][form.players[place]]


def _dominated_plan(form: ReducedForm, place: int, weights: Sequence[Fraction]) -> int | None:
    columns = [
        [_payoff(form, place, own, other) for own in range(len(weights))]
        for other in range(len(form.strategies[1 - place]))
    ]
    used = (own for own, weight in enumerate(weights) if weight)
    return next((own for own in used if _is_weakly_dominated(columns, own)), None)


def _starts(weights: Sequence[Sequence[Fraction]]) -> Iterator[list[list[int]]]:
    """Orders of trembles to begin with; 0 for what is used."""
    draw = random.Random(0)
    for attempt in range(TRIES):
        yield [[0 if w else draw.randint(1, 3) if attempt else 1 for w in own] for own in weights]


def _settles(
    form: ReducedForm, weights: Sequence[Sequence[Fraction]], orders: list[list[int]]
) -> bool:
    """Whether orders that rank plans by what they pay settle, with the used plans on top."""
    for _ in range(ROUNDS):
        revised = []
        for place in (0, 1):
            ranks = _ranks(form, place, weights[1 - place], orders[1 - place])
            if any(rank and w for rank, w in zip(ranks, weights[place], strict=True)):
                return False
            revised.append(
                [0 if w else max(rank, 1) for rank, w in zip(ranks, weights[place], strict=True)]
            )
        if revised == orders:
            return True
        orders = revised
    return False


def _ranks(
    form: ReducedForm, place: int, theirs: Sequence[Fraction], orders: Sequence[int]
) -> list[int]:
    """For each plan how many classes of plans pay more against the other's trembling mixture.

    A plan that is unused though as good as the best has rank 0, like those that are used; classes
    below an unused one tremble with a higher power still.
    """
    lost: Polynomial = {0: Fraction(1)}
    for weight, order in zip(theirs, orders, strict=True):
        if not weight:
            lost = _add(lost, {order: Fraction(-1)})
    mixture: list[Polynomial] = [
        {power: c * w for power, c in lost.items()} if w else {order: Fraction(1)}
        for w, order in zip(theirs, orders, strict=True)
    ]
    worth: list[Polynomial] = []
    for own in range(len(form.strategies[place])):
        total: Polynomial = {}
        for other, p in enumerate(mixture):
            payoff = _payoff(form, place, own, other)
            total = _add(total, {power: c * payoff for power, c in p.items() if payoff})
        worth.append(total)
    classes: list[Polynomial] = []
    for value in worth:
        if value not in classes:
            classes.append(value)
    ranks = []
    for value in worth:
        minus = {power: -c for power, c in value.items()}
        ranks.append(sum(_sign(_add(other, minus)) > 0 for other in classes))
    return [rank + 1 if rank else 0 for rank in ranks]
