"""Are two trees the same game? Equivalence, canonical forms and consensus."""

from nl2efg.comparison.consensus import Clusters, cluster
from nl2efg.comparison.equivalence import (
    Bijection,
    Comparison,
    Verdict,
    canonical_form,
    compare,
    compare_with_demands,
    default_budget,
)
from nl2efg.comparison.naming import Names
from nl2efg.comparison.payoffs import Relation
from nl2efg.comparison.prepared import Structure
from nl2efg.comparison.refinement import OutOfBudgetError

__all__ = [
    "Bijection",
    "Clusters",
    "Comparison",
    "Names",
    "OutOfBudgetError",
    "Relation",
    "Structure",
    "Verdict",
    "canonical_form",
    "cluster",
    "compare",
    "compare_with_demands",
    "default_budget",
]
