"""Are two trees the same game? Equivalence, canonical forms and consensus."""

from nl2efg.callable import make_callable
from nl2efg.compare.consensus import Clusters, cluster
from nl2efg.compare.equivalence import (
    Bijection,
    Comparison,
    Verdict,
    canonical_form,
    compare,
    default_budget,
)
from nl2efg.compare.game import Structure
from nl2efg.compare.payoffs import Relation
from nl2efg.compare.refinement import OutOfBudgetError

__all__ = [
    "Bijection",
    "Clusters",
    "Comparison",
    "OutOfBudgetError",
    "Relation",
    "Structure",
    "Verdict",
    "canonical_form",
    "cluster",
    "compare",
    "default_budget",
]

make_callable(__name__, "compare")
