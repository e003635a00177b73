"""solve_family(): a family in, equilibria with exact conditions out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from time import perf_counter

from nl2efg.equilibria.flat_game import as_one_stage, flat_game_of
from nl2efg.errors import UserError
from nl2efg.families.conditions import DIVISION, Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily
from nl2efg.game import CHANCE, has_perfect_recall
from nl2efg.theorems.algebra import LetterField
from nl2efg.theorems.beliefs import belief_ranges
from nl2efg.theorems.decisions import Region, domain_of, inner, without_redundant
from nl2efg.theorems.line import Line
from nl2efg.theorems.result import (
    FamilyCertificate,
    SymbolicEquilibrium,
    SymbolicSolution,
)
from nl2efg.theorems.samples import POINTS, Inequality, Samples, random_points
from nl2efg.theorems.search import Branch, Findings, Search
from nl2efg.theorems.verification import verified

CONCEPTS = ("spe", "nash")
MAX_PAIRS = 400
"""Pairs of equilibria whose regions are compared."""

MAX_ROUNDS = 4
"""How often points that no equilibrium covers are looked at anew."""


def solve_family(
    family: GameFamily, *, concept: str = "spe", budget: float = 60.0, seed: int = 0
) -> SymbolicSolution:
    """Equilibria of a family, each with the conditions under which it is one.

    Sizes keep the values that they have; ``family.with_values`` gives others.

    Args:
        family: the game.
        concept: ``spe`` subgame-perfect, or ``nash``.
        budget: seconds; a call takes somewhat longer at most.
        seed: of the random points.

    Raises:
        UserError: an unknown concept, a game without players or perfect recall, or conditions
            that contradict each other.
    """
    if concept not in CONCEPTS:
        raise UserError(
            f"there is no concept {concept!r} for letters", hint=f"one of {', '.join(CONCEPTS)}"
        )
    if not has_perfect_recall(family.tree):
        raise UserError("the game has imperfect recall: it is not solved with letters")
    return _Solving(family, concept, budget, seed).solution()


class _Solving:
    """One call of solve_family."""

    def __init__(self, family: GameFamily, concept: str, budget: float, seed: int) -> None:
        self.begun = perf_counter()
        self.deadline = self.begun + budget
        self.family, self.concept = family, concept
        self.symbols = tuple(each.symbol for each in family.quantities)
        self.letters = LetterField(self.symbols)
        fixed = {each.symbol: each.value for each in family.sizes}
        bounds = {each.symbol: (each.low, each.high) for each in family.quantities}
        conditions = [each for each in family.conditions if not each.letters <= set(fixed)]
        domain = domain_of(bounds, conditions)
        region = Region(self.symbols, domain)
        self.domain = without_redundant(Region(self.symbols, ()), domain)
        self.region = Region(self.symbols, self.domain)
        if region.is_empty(()):
            raise UserError("the conditions of the text contradict each other")
        source = random.Random(seed)
        self.points = random_points(family, self.symbols, domain, POINTS, source)
        self.samples = Samples(self.letters, self.points)
        flat = flat_game_of(family.tree)
        self.flat = as_one_stage(flat) if concept == "nash" else flat
        self.remarks: dict[str, None] = {}

    def solution(self) -> SymbolicSolution:
        """The result; points that nothing covers are looked at again."""
        for _ in range(MAX_ROUNDS):
            search = Search(
                self.family, self.flat, self.letters, self.samples, self.region, self.deadline
            )
            found = search.run()
            regions = self._regions(search, found)
            gap = self.region.point((), regions) if regions else None
            new = isinstance(gap, dict) and self.samples.add(
                tuple(gap[symbol] for symbol in self.symbols)
            )
            if not new or perf_counter() > self.deadline:
                break
        equilibria = self._equilibria(found, regions)
        self.remarks |= found.remarks
        return SymbolicSolution(
            self.family,
            self.concept,
            tuple(equilibria),
            self.domain,
            self._coverage(equilibria),
            self._uniqueness(equilibria, found),
            found.all_pure,
            tuple(self.remarks),
            perf_counter() - self.begun,
        )

    def _regions(self, search: Search, found: Findings) -> list[tuple[Condition, ...]]:
        """The conditions of every branch; branches that hold nowhere are taken away."""
        kept, regions = [], []
        for branch in found.branches:
            conditions = self._region(search, branch)
            if conditions is not None and not self.region.is_empty(inner(conditions)):
                kept.append(branch)
                regions.append(conditions)
        found.branches = kept
        return regions

    def _region(self, search: Search, branch: Branch) -> tuple[Condition, ...] | None:
        """The conditions of a branch, without what the domain says already; None if never met."""
        kept: dict[Condition, None] = {}
        for each in branch.conditions:
            sign, factors = each.sign, []
            for factor in each.factors:
                own = self._definite(search, factor)
                if own:
                    sign *= own
                else:
                    factors.append(factor)
            if not factors and sign < 0:
                return None
            if factors:
                kept[search.condition(Inequality(sign, tuple(factors)))] = None
        return without_redundant(self.region, (*kept, *self._divisions(branch)))

    def _divisions(self, branch: Branch) -> list[Condition]:
        """That no probability divides by zero."""
        found: dict[Condition, None] = {}
        for row in branch.rows.values():
            for entry in row:
                below = self.letters.polynomial(entry.denom)
                if below.letters:
                    found[Condition(below, "!=", Expression.number(0), DIVISION)] = None
        return list(found)

    def _definite(self, search: Search, factor: object) -> int:
        """The sign that a polynomial has on the whole domain; 0 if it has none."""
        known = self.__dict__.setdefault("_signs", {})
        if factor not in known:
            signs = set(self.samples.signs(factor).tolist())
            known[factor] = 0
            if len(signs) == 1 and (sign := signs.pop()):
                one = Inequality(sign, (factor,))
                if self.region.follows(search.condition(one, strict=True)):
                    known[factor] = sign
        return int(known[factor])

    def _equilibria(
        self, found: Findings, regions: Sequence[tuple[Condition, ...]]
    ) -> list[SymbolicEquilibrium]:
        every = [condition for region in regions for condition in region]
        line = Line(self.symbols[0], self.domain, every) if len(self.symbols) == 1 else None
        equilibria: dict[object, SymbolicEquilibrium] = {}
        for branch, conditions in zip(found.branches, regions, strict=True):
            made = self._equilibrium(branch, conditions, line)
            key = (tuple(tuple(p.text for p in row) for row in made.rows), made.region)
            equilibria.setdefault(key, made)
        return list(equilibria.values())

    def _equilibrium(
        self, branch: Branch, conditions: tuple[Condition, ...], line: Line | None
    ) -> SymbolicEquilibrium:
        intervals, cells = None, []
        if line is not None:
            intervals, holds = line.where(conditions)
            cells = list(zip(line.cells, holds, strict=True))
        expression = self.letters.expression
        made = SymbolicEquilibrium(
            self.family,
            self._rows(branch),
            tuple(map(expression, branch.values)),
            conditions,
            branch.pure,
            FamilyCertificate(len(branch.conditions), 0, 0),
            intervals,
        )
        made = replace(made, beliefs=belief_ranges(made, self.letters, self.region))
        return replace(made, certificate=verified(made, self.samples.points, cells, self.concept))

    def _rows(self, branch: Branch) -> tuple[tuple[Expression, ...], ...]:
        rows = []
        for number, infoset in enumerate(self.family.tree.information_sets):
            width = len(infoset.actions)
            if infoset.player == CHANCE:
                row = tuple(self.family.probability(number, action) for action in range(width))
            elif number in branch.rows:
                row = tuple(map(self.letters.expression, branch.rows[number]))
            else:
                row = tuple(Expression.number(Fraction(action == 0)) for action in range(width))
            rows.append(row)
        return tuple(rows)

    def _coverage(self, equilibria: Sequence[SymbolicEquilibrium]) -> str:
        if not equilibria:
            return "no equilibrium was found"
        if any(not each.conditions for each in equilibria):
            return "there is one at all values of the domain"
        gap = self.region.point((), [each.conditions for each in equilibria])
        if gap is None:
            return "there is one at all values of the domain (proved)"
        if isinstance(gap, dict):
            shown = ", ".join(f"{symbol} = {gap[symbol]}" for symbol in self.symbols)
            return f"none of these where {shown}, for one"
        if gap is True:
            return "none of these at some point without rational coordinates"
        covered = sum(
            any(each.holds(self._values(point)) for each in equilibria)
            for point in self.samples.points
        )
        return (
            f"not decided; one of these at {covered} of {len(self.samples.points)} sampled points"
        )

    def _values(self, point: tuple[Fraction, ...]) -> dict[str, Fraction]:
        return {**self.family.values, **dict(zip(self.symbols, point, strict=True))}

    def _uniqueness(self, equilibria: Sequence[SymbolicEquilibrium], found: Findings) -> str:
        pairs = list(combinations(equilibria, 2))
        if len(pairs) > MAX_PAIRS:
            return f"not decided: {len(equilibria)} types overlap in too many ways to be compared"
        among = "all pure ones and those mixtures that were found" if found.all_pure else "these"
        undecided = False
        for a, b in pairs:
            if perf_counter() > self.deadline:
                return "not decided within the budget"
            both = self.region.point(inner((*a.conditions, *b.conditions)))
            if isinstance(both, dict):
                shown = ", ".join(f"{symbol} = {both[symbol]}" for symbol in self.symbols)
                return f"several where {shown}, for one" if shown else "several"
            undecided |= both is not None
        if undecided:
            return "not decided"
        return f"one alone away from the boundaries, among {among}"
