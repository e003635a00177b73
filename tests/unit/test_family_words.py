"""Families, and what is known of them, are told in a line."""

from __future__ import annotations

import nl2efg
from nl2efg.theorems.result import SymbolicSolution


def test_a_family_and_its_solution_are_told_in_a_line() -> None:
    family = nl2efg.family_of(nl2efg.as_tree("entry_with_commitment"))
    assert family is not None
    values = "M1 = 10, D1 = 5, P1 = 2, D2 = 4, P2 = -2, c = 4"
    assert repr(family) == f"<GameFamily 'Entry and commitment' at {values}>"
    solution = nl2efg.solve(family)
    assert isinstance(solution, SymbolicSolution)
    told = "<SymbolicSolution of 3 types of equilibrium: there is one at all values"
    assert repr(solution).startswith(told)
    assert "This is subgame-perfect exactly if" in str(solution)
    lines = list(map(repr, solution.equilibria))
    assert any(line.endswith("M1 - c, 0>") for line in lines)
    swept = nl2efg.sweep(family, ["c=1,4"], workers=1)
    assert repr(swept) == f"<Sweep over c: 2 points, {len(swept.types)} types>"
