"""Risk dominance of two strict equilibria of two players (Harsanyi and Selten 1988).

Where only the plans of the two equilibria are best answers to mixtures of them, the products of
what everybody loses who deviates alone decide (A General Theory of Equilibrium Selection in Games,
p. 86). Otherwise the tracing procedure does (p. 207): from the bicentric prior, by which everybody
holds all odds between the two equilibria for equally likely, the share of what is really played
grows from 0 to 1, and the path of equilibria leads to one of the two or to neither. That path is
Lemke's (van den Elzen and Talman 1999, GEB 28, p. 130).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import lcm

from nl2efg.equilibria.deadline import check_clock
from nl2efg.equilibria.reduced_form import ReducedForm
from nl2efg.equilibria.sequence_form import PlayerSequences
from nl2efg.errors import UserError
from nl2efg.solving.methods.bimatrix import TwoPlayers
from nl2efg.solving.methods.lemke import MAX_EXACT_SIZE, solve_lemke

Cell = tuple[int, int]
"""A plan of each player, by their places."""

LEAN = Fraction(1, 10**9)
"""How far a prior is moved towards either equilibrium; a path that this turns decides nothing."""


def pays(form: ReducedForm, place: int, own: int, other: int) -> Fraction:
    """What a player's plan is worth against a plan of the other."""
    return form.payoffs[(own, other) if place == 0 else (other, own)][form.players[place]]


def is_strict(form: ReducedForm, cell: Cell) -> bool:
    """Whether everybody who deviates alone loses."""
    return all(
        pays(form, place, own, cell[1 - place]) < pays(form, place, cell[place], cell[1 - place])
        for place in (0, 1)
        for own in range(len(form.strategies[place]))
        if own != cell[place]
    )


def dominating(form: ReducedForm, one: Cell, other: Cell) -> tuple[Cell | None, str]:
    """Which of two strict equilibria risk-dominates the other, if one does, and why.

    Raises:
        UserError: the tracing procedure is needed, and the game has too many plans for it.
        OutOfTimeError: time is up.
    """
    if all(_is_closed(form, place, one, other) for place in (0, 1)):
        products = _losses(form, one, other), _losses(form, other, one)
        words = f"deviation losses {products[0]} against {products[1]}"
        if products[0] == products[1]:
            return None, words
        return one if products[0] > products[1] else other, words
    ends = {_traced(form, one, other, lean) for lean in (one, other)}
    found = ends.pop() if len(ends) == 1 else None
    path = "the tracing procedure from the bicentric prior leads to"
    if found not in (one, other):
        return None, f"{path} neither"
    return found, f"{path} the {'first' if found == one else 'second'}"


def _losses(form: ReducedForm, cell: Cell, other: Cell) -> Fraction:
    """The product of what each loses who alone goes over to the other equilibrium."""
    total = Fraction(1)
    for place in (0, 1):
        kept = pays(form, place, cell[place], cell[1 - place])
        total *= kept - pays(form, place, other[place], cell[1 - place])
    return total


def _is_closed(form: ReducedForm, place: int, cell: Cell, other: Cell) -> bool:
    """Whether against mixtures of the other player's two plans only these two are best."""
    replies = _replies(form, place, cell, other)
    used = {plan for plan, share in enumerate(replies) if share}
    if not used <= {cell[place], other[place]}:
        return False
    lines = [_line(form, place, plan, cell, other) for plan in (cell[place], other[place])]
    slopes = [a - b for a, b in lines]
    kink = slopes[1] / (slopes[1] - slopes[0])  # between 0 and 1: both equilibria are strict
    best = kink * lines[0][0] + (1 - kink) * lines[0][1]
    for plan in range(len(form.strategies[place])):
        line = _line(form, place, plan, cell, other)
        at_kink = kink * line[0] + (1 - kink) * line[1]
        if plan not in (cell[place], other[place]) and at_kink >= best:
            return False
    return True


def _line(
    form: ReducedForm, place: int, plan: int, cell: Cell, other: Cell
) -> tuple[Fraction, Fraction]:
    """What a plan is worth against the other player's plan in each of the two equilibria."""
    return (
        pays(form, place, plan, cell[1 - place]),
        pays(form, place, plan, other[1 - place]),
    )


def _replies(form: ReducedForm, place: int, cell: Cell, other: Cell) -> list[Fraction]:
    """The bicentric prior: for which share of the odds each plan is a best answer.

    Plans that are equally good for a range of odds share it.
    """
    count = len(form.strategies[place])
    lines = [_line(form, place, plan, cell, other) for plan in range(count)]
    marks = {Fraction(0), Fraction(1)}
    for (a, b), (c, d) in combinations(set(lines), 2):
        turn = (a - b) - (c - d)
        if turn and 0 < (d - b) / turn < 1:
            marks.add((d - b) / turn)
    found = [Fraction(0)] * count
    for low, high in pairwise(sorted(marks)):
        check_clock()
        middle = (low + high) / 2
        worth = [middle * a + (1 - middle) * b for a, b in lines]
        best = [plan for plan, value in enumerate(worth) if value == max(worth)]
        for plan in best:
            found[plan] += (high - low) / len(best)
    return found


def _traced(form: ReducedForm, one: Cell, other: Cell, lean: Cell) -> Cell | None:
    """The pure equilibrium at the end of the path from the bicentric prior; None if it is mixed.

    Args:
        lean: the equilibrium towards which the prior is moved a little.
    """
    sizes = [len(own) for own in form.strategies]
    if sum(sizes) + 2 > MAX_EXACT_SIZE:
        raise UserError(
            "risk dominance of these equilibria needs the tracing procedure, which is followed "
            f"for up to {MAX_EXACT_SIZE - 2} plans of action; the game has {sum(sizes)}"
        )
    prior = []
    for place in (0, 1):
        shares = _replies(form, place, one, other)
        leant = [(1 - LEAN) * share for share in shares]
        leant[lean[place]] += LEAN
        prior.append([Fraction(1), *leant])
    found = solve_lemke(_as_table(form), exact=True, prior=prior)
    if found is None:
        return None
    ends = [[plan for plan, weight in enumerate(plans[1:]) if weight == 1] for plans in found[0]]
    return (ends[0][0], ends[1][0]) if all(ends) else None


def _as_table(form: ReducedForm) -> TwoPlayers:
    """The reduced form as a game in which everybody moves once."""
    sides = tuple(
        PlayerSequences(player, (place,), (1,), (0,), len(form.strategies[place]) + 1, True)
        for place, player in enumerate(form.players)
    )
    tables = []
    for place, player in enumerate(form.players):
        scale = lcm(*(row[player].denominator for row in form.payoffs.values()))
        whole = {cell: int(row[player] * scale) for cell, row in form.payoffs.items()}
        middle = min(whole.values()) + max(whole.values())
        tables.append(
            {
                (cell[place] + 1, cell[1 - place] + 1): 2 * payoff - middle
                for cell, payoff in whole.items()
                if 2 * payoff != middle
            }
        )
    return TwoPlayers((sides[0], sides[1]), (tables[0], tables[1]))
