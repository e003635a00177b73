"""Relations of payoffs: each is reduced to equality of a normal form of every player's payoffs."""

from __future__ import annotations

from collections.abc import Iterable, Set
from enum import StrEnum
from fractions import Fraction

from nl2efg.comparison.joint import JointTree
from nl2efg.errors import UserError


class Relation(StrEnum):
    """How payoffs must agree.

    ``EXACT``: the same numbers. ``AFFINE``: for each player a positive affine map of one game's
    payoffs to the other's, which leaves von Neumann and Morgenstern preferences as they are (von
    Neumann and Morgenstern 1947, Appendix). ``ORDINAL``: each player ranks the terminal nodes
    alike, ties included. ``CONSTRAINTS``: fixed numbers where the reference fixes them, and
    constraints elsewhere. ``NONE``: payoffs are not compared.
    """

    EXACT = "exact"
    AFFINE = "affine"
    ORDINAL = "ordinal"
    CONSTRAINTS = "constraints"
    NONE = "none"


OPEN = float("inf")
"""Stands for a payoff that is not compared; greater than every number, so that it can be sorted."""

Label = Fraction | float
Labels = tuple[Label, ...]
"""What is compared of the payoffs at a terminal node: a number or ``OPEN`` for each player."""


def as_relation(name: str) -> Relation:
    """The relation of that name.

    Raises:
        UserError: there is none.
    """
    try:
        return Relation(name)
    except ValueError:
        known = ", ".join(Relation)
        raise UserError(
            f"there is no payoff relation {name!r}", hint=f"choose one of {known}"
        ) from None


def normalised_payoffs(
    tree: JointTree, relation: Relation, open_places: Set[tuple[int, int]] = frozenset()
) -> list[Labels | None]:
    """Payoffs of the terminal nodes in a form that is equal exactly when the relation holds.

    ``AFFINE`` maps each player's range to [0, 1], and a constant payoff to 0; ``ORDINAL`` takes
    ranks from 0, equal payoffs sharing one.

    Args:
        open_places: nodes of the source tree and players whose payoffs are not compared; only
            with ``EXACT``, for the other relations look at all payoffs of a player together.
    """
    if relation is Relation.EXACT:
        return [
            None
            if own is None
            else tuple(
                OPEN if (node, player) in open_places else value for player, value in enumerate(own)
            )
            for node, own in zip(tree.origin, tree.payoffs, strict=True)
        ]
    if relation in (Relation.NONE, Relation.CONSTRAINTS):
        return [None if own is None else () for own in tree.payoffs]
    scales = [
        _scale({own[player] for own in tree.payoffs if own is not None}, relation)
        for player in range(len(tree.source.players))
    ]
    return [
        None
        if own is None
        else tuple(scale[value] for scale, value in zip(scales, own, strict=True))
        for own in tree.payoffs
    ]


def _scale(values: Iterable[Fraction], relation: Relation) -> dict[Fraction, Fraction]:
    ranked = sorted(values)
    if relation is Relation.ORDINAL:
        return {value: Fraction(rank) for rank, value in enumerate(ranked)}
    low, span = ranked[0], ranked[-1] - ranked[0]
    return {value: (value - low) / span if span else Fraction(0) for value in ranked}
