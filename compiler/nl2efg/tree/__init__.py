"""GameTree and what reads and writes it."""

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
