"""Equilibria of a stage of two players as exact plans: what a family takes from a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from time import perf_counter

from nl2efg.equilibria.deadline import OutOfTimeError, time_limit
from nl2efg.equilibria.sequence_form import Row, Stage
from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.extreme import extreme_equilibria
from nl2efg.solving.methods.lemke import solve_lemke

SECONDS = 3.0
"""For listing all corners, and for one equilibrium where that was too much."""

MAX_LISTED = 40
"""Most equilibria of a point."""

Plan = Sequence[Fraction]


def plans_at(stage: Stage, leaves: Sequence[Row]) -> Iterator[tuple[Plan, Plan]]:
    """Pairs of plans in equilibrium: all extreme ones, or one where they are out of reach.

    Args:
        stage: of two players with perfect recall.
        leaves: exact payoffs of its leaves.
    """
    if len(stage.sides) != 2 or not stage.has_perfect_recall:
        return
    game = two_players(stage, leaves)
    try:
        with time_limit(perf_counter() + SECONDS):
            listed = extreme_equilibria(game)
    except OutOfTimeError:
        listed = None
    if listed is not None:
        for a, b in listed.pairs[:MAX_LISTED]:
            yield listed.plans[0][a], listed.plans[1][b]
        return
    try:
        with time_limit(perf_counter() + SECONDS):
            found = solve_lemke(game, exact=True)
    except OutOfTimeError:
        return
    if found is not None:
        first, second = ([Fraction(weight) for weight in plan] for plan in found[0])
        yield first, second
