"""How histories, lists and payoffs are told in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nl2efg.game.model import GameTree

_FIRST_STEPS, _LAST_STEPS = 30, 10

MAX_LISTED = 40
"""How many actions or probabilities a message lists before it only counts."""


MAX_NAMED = 3
"""How many histories a message names before it only counts."""


def shortened(history: Sequence[str]) -> Sequence[str]:
    """The labels; of a long history the first and the last, and how many lie between."""
    left_out = len(history) - _FIRST_STEPS - _LAST_STEPS
    if left_out <= 1:
        return history
    return (*history[:_FIRST_STEPS], f"… {left_out:,} more …", *history[-_LAST_STEPS:])


def labels_in_words(history: Sequence[str]) -> str:
    """Labels with commas; a long history is shortened."""
    return ", ".join(shortened(history))


def last_moves(tree: GameTree, node: int, most: int) -> list[str]:
    """The last labels on the way to a node, after ``…`` if there are more than ``most``.

    Takes no longer for a deep node, so that a line for each node of a deep tree can be written.
    """
    tree = tree.told
    labels: list[str] = []
    while node and len(labels) < most:
        labels.append(tree.action_label(node))
        node = tree.parents[node]
    return [*(["…"] if node else []), *reversed(labels)]


def told_history(history: Sequence[str]) -> str:
    """A history in brackets, shortened where it is long; the root by its name."""
    return f"({labels_in_words(history)})" if history else "the root"


def told_histories(tree: GameTree, nodes: Sequence[int], most: int = MAX_NAMED) -> str:
    """The histories of nodes in words: the first few, then how many more.

    Args:
        most: how many are named before the rest is only counted.
    """
    named = "; ".join(told_history(tree.told.history(node)) for node in nodes[:most])
    more = len(nodes) - most
    return f"{named} and {more:,} more" if more > 0 else named


def after_history(history: Sequence[str]) -> str:
    """``after (Left, Right)``, or ``at the root``; shortened where it is long."""
    return f"after {told_history(history)}" if history else "at the root"


def told_list(words: Sequence[str]) -> str:
    """Words with commas; of very many the first, and how many more there are."""
    if len(words) <= MAX_LISTED:
        return ", ".join(words)
    return f"{', '.join(words[:MAX_LISTED])} and {len(words) - MAX_LISTED:,} more"


def told_payoffs(payoffs: Sequence[Fraction]) -> str:
    """A vector of payoffs, as it is written on paper."""
    return f"({', '.join(map(str, payoffs))})"
