"""GameTree and what reads and writes it.

Names are loaded when they are used, because the sandbox's workers need few of them and must start
fast and stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.tree.analysis import (
        Facts,
        absent_minded_sets,
        facts,
        has_perfect_information,
        has_perfect_recall,
        imperfect_recall_sets,
        is_constant_sum,
    )
    from nl2efg.tree.builder import TreeBuilder
    from nl2efg.tree.code import to_code
    from nl2efg.tree.efg import read_efg, write_efg
    from nl2efg.tree.files import load_efg, load_game, read_game
    from nl2efg.tree.gambit import from_gambit, to_gambit
    from nl2efg.tree.graph import from_networkx, to_networkx
    from nl2efg.tree.history import find_history, match_label
    from nl2efg.tree.labels import SafeLabels, make_safe, restore_labels, with_safe_labels
    from nl2efg.tree.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, Outcome
    from nl2efg.tree.nfg import read_nfg, simultaneous_game
    from nl2efg.tree.profile import BehaviourProfile
    from nl2efg.tree.transform import payoffs_at_leaves

__all__ = [
    "CHANCE",
    "NO_OUTCOME",
    "NO_SET",
    "BehaviourProfile",
    "Facts",
    "GameTree",
    "InformationSet",
    "Outcome",
    "SafeLabels",
    "TreeBuilder",
    "absent_minded_sets",
    "facts",
    "find_history",
    "from_gambit",
    "from_networkx",
    "has_perfect_information",
    "has_perfect_recall",
    "imperfect_recall_sets",
    "is_constant_sum",
    "load_efg",
    "load_game",
    "make_safe",
    "match_label",
    "payoffs_at_leaves",
    "read_efg",
    "read_game",
    "read_nfg",
    "restore_labels",
    "simultaneous_game",
    "to_code",
    "to_gambit",
    "to_networkx",
    "with_safe_labels",
    "write_efg",
]

_HOMES = {
    "BehaviourProfile": "profile",
    "CHANCE": "model",
    "Facts": "analysis",
    "GameTree": "model",
    "InformationSet": "model",
    "NO_OUTCOME": "model",
    "NO_SET": "model",
    "Outcome": "model",
    "SafeLabels": "labels",
    "TreeBuilder": "builder",
    "absent_minded_sets": "analysis",
    "facts": "analysis",
    "find_history": "history",
    "from_gambit": "gambit",
    "from_networkx": "graph",
    "has_perfect_information": "analysis",
    "has_perfect_recall": "analysis",
    "imperfect_recall_sets": "analysis",
    "is_constant_sum": "analysis",
    "load_efg": "files",
    "load_game": "files",
    "make_safe": "labels",
    "match_label": "history",
    "payoffs_at_leaves": "transform",
    "read_efg": "efg",
    "read_game": "files",
    "read_nfg": "nfg",
    "restore_labels": "labels",
    "simultaneous_game": "nfg",
    "to_code": "code",
    "to_gambit": "gambit",
    "to_networkx": "graph",
    "with_safe_labels": "labels",
    "write_efg": "efg",
}


__getattr__ = names_when_used(__name__, _HOMES)
