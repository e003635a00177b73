"""Which of several equilibria: by welfare, by risk dominance, or by symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod

from nl2efg.equilibria.deadline import within_budget
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.result import Equilibrium
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree

RULES = {
    "welfare": "the greatest sum of payoffs",
    "risk": "risk dominance",
    "symmetric": "symmetry",
}
"""What equilibria can be selected by."""


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


def select(
    tree: GameTree, equilibria: Sequence[Equilibrium], rule: str, *, budget: float = 10.0
) -> Selection:
    """Those equilibria of a list that a rule selects.

    *Welfare* takes those with the greatest sum of payoffs. *Risk dominance* compares strict pure
    equilibria of two players by what everybody loses who deviates alone (Harsanyi and Selten 1988,
    A General Theory of Equilibrium Selection in Games, p. 86). *Symmetry* takes those in which
    both players of a symmetric game do the same.

    Args:
        tree: the game.
        equilibria: of which to select; for risk dominance with all strict ones.
        rule: ``welfare``, ``risk`` or ``symmetric``.
        budget: seconds.

    Raises:
        UserError: an unknown rule; a rule that does not apply to the game, and why.
    """
    if rule not in RULES:
        raise UserError(f"there is no rule {rule!r}", hint=f"one of {', '.join(RULES)}")
    if rule == "welfare":
        return _by_welfare(equilibria)
    with within_budget(budget, f"for a selection by {RULES[rule]}"):
        form = reduced_form(tree)
        if len(form.players) != 2:
            raise UserError(f"{RULES[rule]} compares equilibria where two players have a choice")
        return _by_risk(form, equilibria) if rule == "risk" else _symmetric(form, equilibria)


def _by_welfare(equilibria: Sequence[Equilibrium]) -> Selection:
    sums = [sum(found.values) for found in equilibria]
    best = max(sums, default=0)
    chosen = tuple(number for number, total in enumerate(sums, 1) if total == best)
    return Selection("welfare", chosen, f"the payoffs sum to {best}" if chosen else "none is there")


# Symmetry --------------------------------------------------------------------------------------


def _symmetric(form: ReducedForm, equilibria: Sequence[Equilibrium]) -> Selection:
    first, second = form.players
    sizes = [len(own) for own in form.strategies]
    same = sizes[0] == sizes[1] and all(
        form.payoffs[i, j][first] == form.payoffs[j, i][second]
        for i in range(sizes[0])
        for j in range(sizes[1])
    )
    if not same:
        raise UserError(
            "the game is not symmetric: the players would have to get the same if they changed "
            "places, plan by plan in their order"
        )
    chosen = tuple(
        number
        for number, found in enumerate(equilibria, 1)
        if _mixture(form, found.profile, 0) == _mixture(form, found.profile, 1)
    )
    return Selection("symmetric", chosen, "both players do the same")


def _mixture(form: ReducedForm, profile: BehaviourProfile, place: int) -> list[float | Fraction]:
    """How often a profile follows each plan of action."""
    return [
        prod((profile.probabilities[n][action] for n, action in plan.items()), start=Fraction(1))
        for plan in form.strategies[place]
    ]


# Risk dominance --------------------------------------------------------------------------------


def _by_risk(form: ReducedForm, equilibria: Sequence[Equilibrium]) -> Selection:
    strict: dict[tuple[int, int], int] = {}
    for number, found in enumerate(equilibria, 1):
        mixtures = [_mixture(form, found.profile, place) for place in (0, 1)]
        pure = [[s for s, p in enumerate(own) if p == 1] for own in mixtures]
        if all(pure) and _is_strict(form, (pure[0][0], pure[1][0])):
            strict.setdefault((pure[0][0], pure[1][0]), number)
    if not strict:
        raise UserError("risk dominance compares strict equilibria in pure plans; there is none")
    wins = dict.fromkeys(strict, 0)
    told = []
    for one, other in combinations(strict, 2):
        products = [_losses(form, one, other), _losses(form, other, one)]
        words = f"{products[0]} against {products[1]}"
        told.append(f"{strict[one]} and {strict[other]}: deviation losses {words}")
        if products[0] != products[1]:
            wins[one if products[0] > products[1] else other] += 1
    chosen = tuple(strict[cell] for cell, won in wins.items() if won == len(strict) - 1)
    reason = "; ".join(told) or "it is the only strict equilibrium in pure plans"
    return Selection("risk", chosen, reason)


def _pays(form: ReducedForm, place: int, own: int, other: int) -> Fraction:
    return form.payoffs[(own, other) if place == 0 else (other, own)][form.players[place]]


def _is_strict(form: ReducedForm, cell: tuple[int, int]) -> bool:
    return all(
        _pays(form, place, own, cell[1 - place]) < _pays(form, place, cell[place], cell[1 - place])
        for place in (0, 1)
        for own in range(len(form.strategies[place]))
        if own != cell[place]
    )


def _losses(form: ReducedForm, cell: tuple[int, int], other: tuple[int, int]) -> Fraction:
    """The product of what each loses who alone goes over to the other equilibrium.

    Raises:
        UserError: the plans of the two equilibria are no game of their own: the equilibria share a
            plan, or some third plan is a best answer to a mixture of them.
    """
    total = Fraction(1)
    for place in (0, 1):
        if cell[place] == other[place] or not _is_closed(form, place, cell, other):
            raise UserError(
                "risk dominance of these equilibria needs the tracing procedure: a plan outside "
                "the two is a best answer to a mixture of them"
            )
        kept = _pays(form, place, cell[place], cell[1 - place])
        total *= kept - _pays(form, place, other[place], cell[1 - place])
    return total


def _is_closed(
    form: ReducedForm, place: int, cell: tuple[int, int], other: tuple[int, int]
) -> bool:
    """Whether against mixtures of the other player's two plans only these two are best."""
    theirs = cell[1 - place], other[1 - place]
    lines = [tuple(_pays(form, place, s, t) for t in theirs) for s in (cell[place], other[place])]
    slopes = [a - b for a, b in zip(*lines, strict=True)]
    kink = slopes[1] / (slopes[1] - slopes[0])  # between 0 and 1: both equilibria are strict
    for own in range(len(form.strategies[place])):
        if own in (cell[place], other[place]):
            continue
        line = [_pays(form, place, own, t) for t in theirs]
        for share in (Fraction(0), Fraction(1), kink):
            pays = share * line[0] + (1 - share) * line[1]
            if pays >= max(share * a + (1 - share) * b for a, b in lines):
                return False
    return True
