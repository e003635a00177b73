"""GameTree and what reads and writes it."""

from nl2efg.tree.builder import TreeBuilder
from nl2efg.tree.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, Outcome
from nl2efg.tree.profile import BehaviourProfile

__all__ = [
    "CHANCE",
    "NO_OUTCOME",
    "NO_SET",
    "BehaviourProfile",
    "GameTree",
    "InformationSet",
    "Outcome",
    "TreeBuilder",
]
