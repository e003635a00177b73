"""The game: an exact, immutable tree, what is known of it, and how its parts are told.

Names are loaded when they are used, because the sandbox's workers need few of them and must start
fast and stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.game.analysis import (
        GameFacts,
        absent_minded_sets,
        facts,
        has_perfect_information,
        has_perfect_recall,
        imperfect_recall_sets,
        is_constant_sum,
    )
    from nl2efg.game.builder import TreeBuilder
    from nl2efg.game.history import find_history, match_label
    from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, Outcome
    from nl2efg.game.numbers import exact_number
    from nl2efg.game.profile import BehaviourProfile
    from nl2efg.game.transform import payoffs_at_leaves
    from nl2efg.game.wording import told_history, told_list, told_payoffs

__all__ = [
    "CHANCE",
    "NO_OUTCOME",
    "NO_SET",
    "BehaviourProfile",
    "GameFacts",
    "GameTree",
    "InformationSet",
    "Outcome",
    "TreeBuilder",
    "absent_minded_sets",
    "exact_number",
    "facts",
    "find_history",
    "has_perfect_information",
    "has_perfect_recall",
    "imperfect_recall_sets",
    "is_constant_sum",
    "match_label",
    "payoffs_at_leaves",
    "told_history",
    "told_list",
    "told_payoffs",
]

_HOMES = {
    "BehaviourProfile": "profile",
    "CHANCE": "model",
    "GameFacts": "analysis",
    "GameTree": "model",
    "InformationSet": "model",
    "NO_OUTCOME": "model",
    "NO_SET": "model",
    "Outcome": "model",
    "TreeBuilder": "builder",
    "absent_minded_sets": "analysis",
    "exact_number": "numbers",
    "facts": "analysis",
    "find_history": "history",
    "has_perfect_information": "analysis",
    "has_perfect_recall": "analysis",
    "imperfect_recall_sets": "analysis",
    "is_constant_sum": "analysis",
    "match_label": "history",
    "payoffs_at_leaves": "transform",
    "told_history": "wording",
    "told_list": "wording",
    "told_payoffs": "wording",
}


__getattr__ = names_when_used(__name__, _HOMES)
