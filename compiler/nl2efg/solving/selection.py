"""Which of several equilibria: by welfare, by risk dominance, or by symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import prod

from nl2efg.equilibria.deadline import within_budget
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.result import ALL_PURE, Claim, Equilibrium
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.solving.risk_dominance import dominating, is_strict
from nl2efg.solving.symmetry import Symmetries, symmetries

RULES = {
    "welfare": "the greatest sum of payoffs",
    "risk": "risk dominance",
    "symmetric": "symmetry",
}
"""What equilibria can be selected by."""

WHOLE = (Claim.ALL_EXTREME, Claim.ALL_EXTREME_PERFECT, Claim.ALL_EXTREME_PLANS, Claim.UNIQUE)
"""What a list may be taken for that leaves nothing out that a rule would have to compare."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Equilibria of a list that a rule selects.

    Args:
        rule: one of ``RULES``.
        equilibria: their numbers in the list, counted from 1; empty if the rule selects none.
        reason: why, in a sentence.
    """

    rule: str
    equilibria: tuple[int, ...]
    reason: str


def is_whole(claim: Claim, rule: str) -> bool:
    """Whether a list leaves nothing out that a rule compares; of risk dominance pure ones alone.

    Args:
        claim: what the list may be taken for.
        rule: one of ``RULES``.
    """
    return claim in WHOLE or (rule == "risk" and claim in ALL_PURE)


def select(
    tree: GameTree,
    equilibria: Sequence[Equilibrium],
    rule: str,
    *,
    budget: float = 10.0,
    whole: bool = True,
) -> Selection:
    """Those equilibria of a list that a rule selects.

    *Welfare* takes those with the greatest sum of payoffs. *Risk dominance* compares strict pure
    equilibria of two players (Harsanyi and Selten 1988): by what everybody loses who deviates
    alone, or by the tracing procedure where a third plan matters. *Symmetry* takes those that stay
    the same when players who can do so change places; see :mod:`nl2efg.solving.symmetry`.

    Args:
        tree: the game.
        equilibria: of which to select; for risk dominance with all strict ones.
        rule: ``welfare``, ``risk`` or ``symmetric``.
        budget: seconds.
        whole: whether the list leaves nothing out; if it may, the reason says "of those found".

    Raises:
        UserError: an unknown rule; a rule that does not apply to the game, and why.
    """
    if rule not in RULES:
        raise UserError(f"there is no rule {rule!r}", hint=f"one of {', '.join(RULES)}")
    found = _by_rule(tree, equilibria, rule, budget, whole)
    return found if whole else replace(found, reason=f"of those found: {found.reason}")


def _by_rule(
    tree: GameTree, equilibria: Sequence[Equilibrium], rule: str, budget: float, whole: bool
) -> Selection:
    if rule == "welfare":
        return _by_welfare(equilibria)
    with within_budget(budget, f"for a selection by {RULES[rule]}"):
        form = reduced_form(tree)
        if rule == "symmetric":
            return _symmetric(form, equilibria)
        if len(form.players) != 2:
            raise UserError(f"{RULES[rule]} compares equilibria where two players have a choice")
        return _by_risk(form, equilibria, whole)


def _by_welfare(equilibria: Sequence[Equilibrium]) -> Selection:
    sums = [sum(found.values) for found in equilibria]
    best = max(sums, default=0)
    chosen = tuple(number for number, total in enumerate(sums, 1) if total == best)
    return Selection("welfare", chosen, f"the payoffs sum to {best}" if chosen else "none is there")


# Symmetry --------------------------------------------------------------------------------------


def _symmetric(form: ReducedForm, equilibria: Sequence[Equilibrium]) -> Selection:
    found = symmetries(form)
    places = range(len(form.players))
    chosen = tuple(
        number
        for number, own in enumerate(equilibria, 1)
        if all(
            way.keeps([_mixture(form, own.profile, place) for place in places])
            for way in found.ways
        )
    )
    return Selection("symmetric", chosen, _symmetry_words(form, found))


def _symmetry_words(form: ReducedForm, found: Symmetries) -> str:
    """Who does the same, and what stands for what if the plans' own order does not say."""
    tree = form.tree.told
    if found.matched != "payoffs":
        groups = found.groups
        if len(groups) == 1 and len(groups[0]) == len(form.players):
            return f"{'both' if len(form.players) == 2 else 'all'} players do the same"
        names = [[tree.player_name(form.players[place]) for place in own] for own in groups]
        return ", and ".join(f"{' and '.join(own)} do the same" for own in names)
    way = found.ways[0]
    place = next(p for p, taken in enumerate(way.players) if taken != p)
    other = way.players[place]
    pairs = [
        f"{form.words(place, plan)} as {form.words(other, to)}"
        for plan, to in enumerate(way.plans[place])
    ]
    by_whom = f"{tree.player_name(form.players[place])} and {tree.player_name(form.players[other])}"
    kinds = f", in all {len(found.ways)} ways" if len(found.ways) > 1 else ""
    return f"it stays the same when {by_whom} change places, {', '.join(pairs)}{kinds}"


def _mixture(form: ReducedForm, profile: BehaviourProfile, place: int) -> list[float | Fraction]:
    """How often a profile follows each plan of action."""
    return [
        prod((profile.probabilities[n][action] for n, action in plan.items()), start=Fraction(1))
        for plan in form.strategies[place]
    ]


# Risk dominance --------------------------------------------------------------------------------


def _by_risk(form: ReducedForm, equilibria: Sequence[Equilibrium], whole: bool) -> Selection:
    strict: dict[tuple[int, int], int] = {}
    for number, found in enumerate(equilibria, 1):
        mixtures = [_mixture(form, found.profile, place) for place in (0, 1)]
        pure = [[s for s, p in enumerate(own) if p == 1] for own in mixtures]
        if all(pure) and is_strict(form, (pure[0][0], pure[1][0])):
            strict.setdefault((pure[0][0], pure[1][0]), number)
    if not strict:
        none = "there is none" if whole else "none was found"
        raise UserError(f"risk dominance compares strict equilibria in pure plans; {none}")
    wins = dict.fromkeys(strict, 0)
    told = []
    for one, other in combinations(strict, 2):
        winner, why = dominating(form, one, other)
        told.append(f"{strict[one]} and {strict[other]}: {why}")
        if winner is not None:
            wins[winner] += 1
    chosen = tuple(strict[cell] for cell, won in wins.items() if won == len(strict) - 1)
    reason = "; ".join(told) or "it is the only strict equilibrium in pure plans"
    return Selection("risk", chosen, reason)
