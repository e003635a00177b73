"""Candidates for a proper equilibrium of two players, where no listed equilibrium is one.

Extreme equilibria need not be proper: trembles may single out a mixture within a continuum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage
from nl2efg.equilibria.proper_orders import TooManyError, proper_mixtures
from nl2efg.equilibria.reduced_form import Strategy, reduced_form
from nl2efg.equilibria.sequence_form import PlayerSequences, stage_at
from nl2efg.errors import UserError
from nl2efg.solving.methods.two_player import completed
from nl2efg.solving.stage_problem import Rows, StageProblem

METHOD = "orders of plans by what they pay"


def proper_candidates(flat: FlatGame, tried: list[str]) -> Iterator[tuple[Rows, str]]:
    """Behaviour of proper equilibria of two players, each with how it was found.

    Args:
        flat: a game of perfect recall.
        tried: receives a line if the orders of plans give nothing more.
    """
    try:
        form = reduced_form(flat.tree)
    except UserError as error:
        tried.append(f"{METHOD}: {error.message}")
        return
    if len(form.players) != 2:
        return
    whole = as_one_stage(flat)
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    problem = StageProblem(whole, stage, leaves, tried)
    try:
        for mixtures in proper_mixtures(form):
            plans = [
                _plan(side, own, weights)
                for side, own, weights in zip(stage.sides, form.strategies, mixtures, strict=True)
            ]
            yield completed(problem, plans), METHOD
    except TooManyError:
        tried.append(f"{METHOD}: there are too many to look at all")


def _plan(
    side: PlayerSequences, plans: Sequence[Strategy], weights: Sequence[Fraction]
) -> list[Fraction]:
    """How likely each sequence is under a mixture of plans of action (Kuhn 1953)."""
    start = dict(zip(side.sets, side.start, strict=True))
    found = [Fraction(1)] + [Fraction(0)] * (side.size - 1)
    for plan, weight in zip(plans, weights, strict=True):
        for number, action in plan.items():
            found[start[number] + action] += weight
    return found
