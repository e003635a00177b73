"""Profiles from a record."""

from __future__ import annotations

from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.numbers import exact_number
from nl2efg.game.profile import Probability
from nl2efg.schema.record import CompilationRecord, EquilibriumRecord

_MAX_TOLD = 40


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
    value = exact_number(text)
    if value is None:
        raise ValueError(f"{text[:_MAX_TOLD]!r} is no probability")
    return float(value) if any(sign in text.lower() for sign in ".e") else value
