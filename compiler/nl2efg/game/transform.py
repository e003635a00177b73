"""Equivalent forms of a tree that some programs ask for."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from nl2efg.game.model import NO_OUTCOME, GameTree, Outcome


def payoffs_at_leaves(tree: GameTree) -> GameTree:
    """The same game with an outcome at every terminal node and none elsewhere.

    The payoffs on each path are added up at its end; equal outcomes are shared as before where
    nothing is added to them.
    """
    if all(
        (own != NO_OUTCOME) == tree.is_terminal(node) for node, own in enumerate(tree.outcome_of)
    ):
        return tree
    numbers: dict[tuple[int, tuple[Fraction, ...]], int] = {}
    outcomes: list[Outcome] = []
    outcome_of = [NO_OUTCOME] * len(tree)
    for node in tree.terminals:
        own = tree.outcome_of[node]
        payoffs = tree.path_payoffs[node]
        if (own, payoffs) not in numbers:
            numbers[own, payoffs] = len(outcomes)
            outcomes.append(Outcome(payoffs, "" if own == NO_OUTCOME else tree.outcomes[own].label))
        outcome_of[node] = numbers[own, payoffs]
    return replace(tree, outcomes=tuple(outcomes), outcome_of=tuple(outcome_of))
