"""The outcomes of a program in either generation: where they are, and payoffs without names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.gambit.code.loops import as_tuple
from nl2efg.gambit.code.python_source import number_literal
from nl2efg.game.model import NO_OUTCOME, GameTree


def nodes_of_outcomes(tree: GameTree) -> list[list[int]]:
    """The nodes of each outcome, in preorder."""
    nodes: list[list[int]] = [[] for _ in tree.outcomes]
    for node, number in enumerate(tree.outcome_of):
        if number != NO_OUTCOME:
            nodes[number].append(node)
    return nodes


def are_plain(tree: GameTree, nodes: Sequence[Sequence[int]]) -> bool:
    """Whether every outcome is at one node and none has a name."""
    return all(len(own) == 1 for own in nodes) and not any(own.label for own in tree.outcomes)


def plain_payoff_lines(tree: GameTree, nodes: Sequence[Sequence[int]]) -> Iterator[str]:
    """The payoffs after each history, and the head of a loop over them.

    The loop's body finds a ``number``, from 1, a ``history`` and its ``amounts``.

    Args:
        tree: the game.
        nodes: of each outcome the one node that has it.
    """
    yield "payoffs = {"
    for outcome, own in zip(tree.outcomes, nodes, strict=True):
        yield f"    {as_tuple(tree.history(own[0]))}: {number_literal(outcome.payoffs)},"
    yield "}"
    yield "for number, (history, amounts) in enumerate(payoffs.items(), start=1):"
    yield "    # pygambit wants a name for each outcome; _1, _2 and so on stand for no name."
