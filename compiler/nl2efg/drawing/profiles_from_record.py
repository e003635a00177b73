"""Profiles from a record."""

from __future__ import annotations

from fractions import Fraction

from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.profile import Probability
from nl2efg.schema.record import CompilationRecord, EquilibriumRecord


def recorded_profiles(record: CompilationRecord, tree: GameTree) -> list[BehaviourProfile]:
    """The profiles of the record's equilibria, for the tree of its ``.efg``.

    Raises:
        ValueError: the record's probabilities do not fit the tree.
    """
    found = () if record.solution is None else record.solution.equilibria
    return [_profile(tree, equilibrium) for equilibrium in found]


def _profile(tree: GameTree, equilibrium: EquilibriumRecord) -> BehaviourProfile:
    return BehaviourProfile(
        tree, tuple(tuple(map(_probability, row)) for row in equilibrium.probabilities)
    )


def _probability(text: str) -> Probability:
    """``"1/3"`` and ``"1"`` are exact; ``"0.3333333"`` and ``"1e-9"`` are not."""
    return float(text) if any(sign in text for sign in ".en") else Fraction(text)
