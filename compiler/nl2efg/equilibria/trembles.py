"""Trembling-hand perfect equilibria in the extensive form, by trembles that are written down.

Every action that a profile does not use is played with probability ``c * e**k``. If for all small
``e`` each used action is best against the others' trembling play at every information set, the
profile is an extensive-form perfect equilibrium (Selten 1975, IJGT 4, p. 38). Signs for small
``e`` are those of the lowest powers, so that this is proved exactly.

Where at most two information sets leave a choice, an equilibrium is perfect exactly if nobody's
mixture is weakly dominated (van Damme 1991, Stability and Perfection of Nash Equilibria, theorem
3.2.2). Of more, :mod:`nl2efg.equilibria.tremble_search` looks for trembles, and for a proof that
there are none.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from nl2efg.equilibria.agent_form import AgentForm, agent_form
from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.infinitesimals import Polynomial, add, minus, sign, times
from nl2efg.equilibria.tremble_search import Trembling
from nl2efg.equilibria.weak_dominance import is_mixture_weakly_dominated
from nl2efg.equilibria.wording import place_words
from nl2efg.game import CHANCE, NO_SET, BehaviourProfile
from nl2efg.schema.record import ConceptClaim

Tremble = tuple[int, Fraction]
"""The power and the coefficient of an unused action."""

Trembles = dict[int, dict[int, Tremble]]
"""By information set and action."""

MAX_NODES = 250
"""Of larger games no trembles are tried."""

TRIES = 200
"""Most choices of trembles."""

FEW_TRIES = 20
"""Choices of trembles before it is looked whether there are any."""


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
        return _claim(False, "perfect equilibria are sequential, and this is not")
    if len(tree) > MAX_NODES:
        return _claim(None, "the game is too large to try trembles")
    form = agent_form(tree)
    trembling: Trembling | None = None
    if form is not None:
        answer = _by_dominance(form, profile)
        if answer is not None:
            return answer
        rows = (profile.probabilities[n] for n in form.sets)
        trembling = Trembling(form, tuple(tuple(Fraction(p) for p in row) for row in rows))
        if trembling.shifted and trembling.proved_by_first_powers():
            words = "small trembles exist against which mixtures nearby keep what is played best"
            return _claim(True, words)
    for attempt, trembles in enumerate(_choices_of_trembles(profile, trembling)):
        check_clock()
        if _is_best_against_trembles(profile, trembles):
            orders = max((k for row in trembles.values() for k, _ in row.values()), default=1)
            return _claim(True, f"best against small trembles (of up to order {orders}) everywhere")
        if attempt == FEW_TRIES and trembling is not None and trembling.refuted():
            return _claim(False, "no small trembles keep everything that is played best")
    return _claim(None, "no trembles that prove it were found, nor is it excluded")


def _claim(holds: bool | None, reason: str) -> ConceptClaim:
    return ConceptClaim(concept="perfect", holds=holds, reason=reason)


def _by_dominance(form: AgentForm, profile: BehaviourProfile) -> ConceptClaim | None:
    """What weak dominance among the moves of each set decides."""
    tree = profile.tree
    undecided = False
    for place, number in enumerate(form.sets):
        columns = form.columns(place)
        row = [Fraction(p) for p in profile.probabilities[number]]
        dominated = is_mixture_weakly_dominated(columns, row)
        undecided = undecided or dominated is None
        if dominated:
            own = tree.told.information_sets[number].actions
            used = " and ".join(a for a, p in zip(own, row, strict=True) if p)
            words = f"{used} {place_words(tree, number)} is weakly dominated among the moves there"
            return _claim(False, words)
    if len(form.sets) <= 2 and not undecided:
        words = "nothing that is played is weakly dominated, and at most two sets leave a choice"
        return _claim(True, words)
    return None


def _choices_of_trembles(
    profile: BehaviourProfile, trembling: Trembling | None
) -> Iterator[Trembles]:
    """All alike first, then those whose first powers serve, then random orders and sizes.

    What is used keeps its proportions.
    """
    tree = profile.tree
    unused = [
        (number, action)
        for number, infoset in enumerate(tree.information_sets)
        if infoset.player != CHANCE
        for action, p in enumerate(profile.probabilities[number])
        if not p
    ]
    draw = random.Random(0)
    yield {n: {a: (1, Fraction(1)) for m, a in unused if m == n} for n, _ in unused}
    sizes = trembling.first_order() if trembling and unused else None
    if trembling is not None and sizes is not None:
        served: Trembles = {}
        for (place, action), size in zip(trembling.unused, sizes, strict=True):
            served.setdefault(trembling.form.sets[place], {})[action] = (1, size)
        yield served
    for _ in range(TRIES if unused else 0):
        found: Trembles = {}
        for number, action in unused:
            power = draw.choice((1, 1, 2, 3))
            size = Fraction(draw.choice((1, 1, 2, 5, 20)))
            found.setdefault(number, {})[action] = (power, size)
        yield found


def _trembling_rows(profile: BehaviourProfile, trembles: Trembles) -> list[list[Polynomial]]:
    rows = []
    for number, row in enumerate(profile.probabilities):
        own = trembles.get(number, {})
        lost: Polynomial = {0: Fraction(1)}
        for power, size in own.values():
            lost = add(lost, {power: -size})
        rows.append(
            [
                {own[a][0]: own[a][1]}
                if a in own
                else {power: c * Fraction(p) for power, c in lost.items() if p}
                for a, p in enumerate(row)
            ]
        )
    return rows


def _is_best_against_trembles(profile: BehaviourProfile, trembles: Trembles) -> bool:
    """Whether every used action of every set is best against the trembling play."""
    tree = profile.tree
    rows = _trembling_rows(profile, trembles)
    reach: list[Polynomial] = [{0: Fraction(1)}]
    for node in range(1, len(tree)):
        parent = tree.parents[node]
        reach.append(times(reach[parent], rows[tree.set_of[parent]][tree.action_of[node]]))
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
                total[i] = add(total[i], times(weight, values[child][i]))
        values[node] = total
    for number, infoset in enumerate(tree.information_sets):
        if infoset.player == CHANCE:
            continue
        worth: list[Polynomial] = [{} for _ in infoset.actions]
        for node in tree.members[number]:
            for action, after in enumerate(tree.children[node]):
                part = times(reach[node], values[after][infoset.player])
                worth[action] = add(worth[action], part)
        for action, p in enumerate(profile.probabilities[number]):
            if p and any(sign(minus(other, worth[action])) > 0 for other in worth):
                return False
    return True
