"""Are two trees the same game? Equivalence, canonical forms and consensus.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
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

_HOMES = {
    "Bijection": "equivalence",
    "Clusters": "consensus",
    "Comparison": "equivalence",
    "Names": "naming",
    "OutOfBudgetError": "refinement",
    "Relation": "payoffs",
    "Structure": "prepared",
    "Verdict": "equivalence",
    "canonical_form": "equivalence",
    "cluster": "consensus",
    "compare": "equivalence",
    "compare_with_demands": "equivalence",
    "default_budget": "equivalence",
}


__getattr__ = names_when_used(__name__, _HOMES)
