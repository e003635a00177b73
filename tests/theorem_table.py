"""The families' theorems and what comes out of them: ``python -m tests.theorem_table``.

Prints the table of ``compiler/docs/letters.md``: of each family the theorem's conditions as
``expected.json`` has them, the regions of the equilibria that pay the same, and whether the two
are equivalent by decision (z3), not by form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nl2efg.evaluation.expected import ExpectedTheorem, load_expected
from nl2efg.evaluation.theorems import broken_theorem
from nl2efg.families import read_expression
from nl2efg.formats import load_efg
from nl2efg.sandbox import family_of
from nl2efg.solving import solve
from nl2efg.theorems.result import SymbolicSolution
from tests.references.families import REFERENCES

GAMES = Path(__file__).parents[1] / "fixtures" / "games"
CONCEPTS = {"subgame perfect": "spe", "Nash": "nash"}
HEAD = ("family", "payoffs", "theorem", "found", "equivalent")
EVERYWHERE = "all values"

Solutions = Callable[[str, str], SymbolicSolution]
"""The solution of a family for a concept."""


def row(name: str, wanted: ExpectedTheorem, found: SymbolicSolution) -> tuple[str, ...]:
    """One theorem as a row of the table."""
    players = found.family.tree.players
    values = [read_expression(wanted.payoffs[player]) for player in players]
    regions = [
        each.region or EVERYWHERE for each in found.equilibria if list(each.values) == values
    ]
    theorem = [" and ".join(texts) or EVERYWHERE for texts in wanted.anywhere]
    return (
        name,
        ", ".join(f"{player} {text}" for player, text in wanted.payoffs.items()),
        _either(theorem),
        _either(list(dict.fromkeys(regions))),
        "no" if broken_theorem(wanted, found) else "yes",
    )


def _either(regions: list[str]) -> str:
    if len(regions) == 1:
        return regions[0]
    return " or ".join(f"({region})" if " and " in region else region for region in regions)


def rows(solution: Solutions) -> Iterator[tuple[str, ...]]:
    """All rows."""
    for name in sorted(REFERENCES):
        for wanted in load_expected(GAMES / name / "expected.json").theorems:
            yield row(name, wanted, solution(name, CONCEPTS[wanted.concept]))


def lines(solution: Solutions) -> Iterator[str]:
    """The table in Markdown."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|---" * len(HEAD) + "|"
    for each in rows(solution):
        yield f"| {' | '.join(each)} |"


def solved(name: str, concept: str) -> SymbolicSolution:
    """Solve the reference of a bundled family."""
    found = family_of(load_efg(GAMES / name / "reference.efg"))
    assert found is not None
    return solve(found, concept=concept, budget=120)


if __name__ == "__main__":
    print("\n".join(lines(solved)))
