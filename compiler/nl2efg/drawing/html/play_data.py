"""What the report's script needs to have the game played on the page."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from nl2efg.drawing.numbers import NumberFormat, letter_values
from nl2efg.families.written import WrittenNumber
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.knowledge_words import known_at
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.profile import Probability
from nl2efg.text import one_line

MAX_PLAYED = 20_000
"""Nodes of a game that is played on a page: for so many, expected payoffs are written into it."""
MAX_COMPARED = 1_000_000
"""Moves that lead to nodes which a player cannot tell apart, all told."""
MAX_WHOLE = 2**53
"""Up to here a script counts exactly."""


def play_data(
    tree: GameTree, profiles: Sequence[BehaviourProfile], payoffs: NumberFormat
) -> dict[str, Any]:
    """What a play on the page needs beside the tree; else ``why`` there is none, in words.

    Args:
        tree: the game; where it has letters, its numbers are written with them.
        profiles: how players can be played for, in the order of the page's equilibria.
        payoffs: how payoffs are written.

    Returns:
        ``players``, and ``told``, by information set: names of their own, as the terminal has them
        (in ``told`` only those that differ from the labels); ``known``: for sets of several nodes
        what their player knows, in words; ``draws``: for sets of chance how to draw, see
        :func:`draw_of`; ``profiles``: the same for every set of each profile; ``paid``: what an end
        pays where that is not its own outcome as it is written; ``letters``: their values.
    """
    why = _why_not(tree)
    if why:
        return {"why": why}
    told = tree.told
    sets = tree.information_sets
    names = {
        index: {"label": one_line(new.label), "actions": [one_line(a) for a in new.actions]}
        for index, (new, own) in enumerate(zip(told.information_sets, sets, strict=True))
        if (new.label, new.actions) != (own.label, own.actions)
    }
    return {
        "players": [one_line(name) for name in told.players],
        "told": names,
        "known": {
            index: one_line(known_at(tree, index))
            for index, infoset in enumerate(sets)
            if infoset.player != CHANCE and len(tree.members[index]) > 1
        },
        "draws": {
            index: draw_of(infoset.probabilities)
            for index, infoset in enumerate(sets)
            if infoset.probabilities is not None
        },
        "profiles": [[draw_of(row) for row in each.probabilities] for each in profiles],
        "paid": _paid(tree, payoffs),
        "letters": letter_values(tree),
    }


def draw_of(row: Sequence[Probability]) -> int | list[int] | list[float]:
    """How an action is drawn: its index if it is certain, else a weight for each action.

    Weights are whole numbers in the exact proportions, or, where those are too large for a script,
    floats; no action that can be drawn has a weight of zero.

    Args:
        row: the probability of each action.
    """
    if any(each == 1 for each in row):
        return next(index for index, each in enumerate(row) if each == 1)
    if not any(isinstance(each, float) for each in row):
        exact = [Fraction(each) for each in row]
        whole = lcm(*(each.denominator for each in exact))
        if whole <= MAX_WHOLE:
            return [int(each * whole) for each in exact]
    return [float(each) for each in row]


def _why_not(tree: GameTree) -> str:
    """Why the game is not played on the page; empty if it is."""
    if all(infoset.player == CHANCE for infoset in tree.information_sets):
        return "no player has a move"
    if len(tree) > MAX_PLAYED:
        return f"its {len(tree):,} nodes are too many for a page (at most {MAX_PLAYED:,})"
    alike = (nodes for nodes in tree.members if len(nodes) > 1)
    if sum(tree.depth[node] for nodes in alike for node in nodes) > MAX_COMPARED:
        return "too many long histories look alike to its players"
    return ""


def _paid(tree: GameTree, payoffs: NumberFormat) -> dict[int, list[str]]:
    """What ends pay in sum, where it is more than their own outcome, or written with letters."""
    found = {}
    for node in tree.terminals:
        sums, number = tree.path_payoffs[node], tree.outcome_of[node]
        own = tree.outcomes[number].payoffs if number != NO_OUTCOME else None
        if own != sums or any(isinstance(each, WrittenNumber) for each in sums):
            found[node] = [_valued(each, payoffs) for each in sums]
    return found


def _valued(payoff: Fraction, payoffs: NumberFormat) -> str:
    """A payoff; one with letters is followed by its value."""
    shown = payoffs.show(payoff)
    if not isinstance(payoff, WrittenNumber):
        return shown
    return f"{shown} = {payoffs.show(Fraction(payoff.numerator, payoff.denominator))}"
