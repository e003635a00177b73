"""solve_family(): a family in, equilibria with exact conditions out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from operator import and_, ge
from time import perf_counter

from nl2efg.equilibria.deadline import (
    GRACE,
    OutOfTimeError,
    is_late,
    share_of_time,
    time_left,
    time_limit,
)
from nl2efg.equilibria.flat_game import as_one_stage, flat_game_of
from nl2efg.errors import UserError
from nl2efg.families.conditions import DIVISION, Condition
from nl2efg.families.expressions import Expression
from nl2efg.families.family import GameFamily
from nl2efg.game import CHANCE, has_perfect_recall
from nl2efg.theorems.algebra import FactoringError, LetterField
from nl2efg.theorems.assessments import Assessing
from nl2efg.theorems.beliefs import belief_ranges
from nl2efg.theorems.carrying import Proposals
from nl2efg.theorems.covering import (
    among_words,
    coverage,
    coverage_of_cells,
    uniqueness,
    uniqueness_of_cells,
)
from nl2efg.theorems.curves import PlaneTooLargeError
from nl2efg.theorems.decisions import Region, domain_of, inner, without_redundant
from nl2efg.theorems.line import Interval, Line, LineTooLargeError
from nl2efg.theorems.plane import Plane
from nl2efg.theorems.regimes import Regime, Regimes, behaviours, regimes_of
from nl2efg.theorems.result import (
    FamilyCertificate,
    SymbolicEquilibrium,
    SymbolicSolution,
)
from nl2efg.theorems.samples import POINTS, Inequality, Samples, random_points
from nl2efg.theorems.search import Branch, Findings, Search
from nl2efg.theorems.supporting import BELIEF_CONCEPTS, LIMITS, keep_supported, passed_over
from nl2efg.theorems.verification import verified

CONCEPTS = ("spe", "nash", *BELIEF_CONCEPTS)
SEARCH_SHARE = 0.6
"""Share of the time left in which equilibria are sought; the rest is for their conditions."""

SUPPORTING_SHARE = 0.4
"""The same where beliefs have to be found besides, in a part of what is left."""

VERIFYING_SHARE = 0.25
"""Of the budget, what verifying may take besides it."""

MIN_CUTTING = 5.0
"""Seconds that cutting a line or a plane into cells may take in any case."""

MAX_LEFT_OUT = 12
"""Candidates that were left out whose regions are told; of more it is not told where."""

MAX_ROUNDS = 4
"""How often points that no equilibrium covers are looked at anew."""


def solve_family(
    family: GameFamily,
    *,
    concept: str = "spe",
    budget: float = 60.0,
    seed: int = 0,
    proposals: Proposals | None = None,
) -> SymbolicSolution:
    """Equilibria of a family, each with the conditions under which it is one.

    Sizes keep the values that they have; ``family.with_values`` gives others.

    Args:
        family: the game.
        concept: ``spe`` subgame-perfect, ``nash``, ``pbe`` subgame-perfect with beliefs that
            support what is done everywhere, or ``sequential`` where these are consistent by proof.
        budget: seconds; a call takes somewhat longer at most.
        seed: of the random points.
        proposals: what solves a stage of two players at a point, in numbers; without it mixtures
            of many strategies are not sought.

    Raises:
        UserError: an unknown concept, a game without players or perfect recall, or conditions
            that contradict each other, too little time to begin, or expressions of powers that
            no time is enough for.
    """
    if concept not in CONCEPTS:
        raise UserError(
            f"there is no concept {concept!r} for letters", hint=f"one of {', '.join(CONCEPTS)}"
        )
    if not has_perfect_recall(family.tree):
        raise UserError("the game has imperfect recall: it is not solved with letters")
    try:
        with time_limit(perf_counter() + budget, max(GRACE, VERIFYING_SHARE * budget)):
            return _Solving(family, concept, seed, proposals).solution()
    except FactoringError:
        raise UserError(
            "the game's expressions have powers too high to keep the letters",
            hint="give values to some of them with --set",
        ) from None
    except OutOfTimeError:
        raise UserError(
            f"{budget:g} seconds are too few to keep the letters", hint="give a greater budget"
        ) from None


class _Solving:
    """One call of solve_family."""

    def __init__(
        self,
        family: GameFamily,
        concept: str,
        seed: int,
        proposals: Proposals | None,
    ) -> None:
        self.begun = perf_counter()
        self.family, self.concept, self.proposals = family, concept, proposals
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
        self._signs: dict[object, int] = {}

    def solution(self) -> SymbolicSolution:
        """The result; cells that nothing covers are looked at again."""
        found, regions = self._searched()
        equilibria, regimes = self._equilibria(found, regions)
        if regimes is not None and self._take(regimes.gaps):
            found, regions = self._searched()
            equilibria, regimes = self._equilibria(found, regions)
        self.remarks |= found.remarks
        if self.concept in BELIEF_CONCEPTS and self.symbols:
            self.remarks[LIMITS] = None
        if regimes is None or (not regimes.whole and not regimes.gaps):
            covered = coverage(equilibria, self.region, self.samples, self.left_out)
        else:
            covered = coverage_of_cells(regimes)
        among = among_words(all_pure=found.all_pure)
        if regimes is None:
            alone = uniqueness(equilibria, self.region, among, self.left_out)
        else:
            alone = uniqueness_of_cells(
                regimes, among, behaviours([each.rows for each in equilibria])
            )
        return SymbolicSolution(
            self.family,
            self.concept,
            tuple(equilibria),
            self.domain,
            covered,
            alone,
            found.all_pure and not self.left_out,
            tuple(self.remarks),
            perf_counter() - self.begun,
            regimes,
            self.left_out,
        )

    def _take(self, gaps: Sequence[Regime]) -> bool:
        """Take a point of each regime without an equilibrium as a sample; whether one is new."""
        if is_late():
            return False
        points = [tuple(gap.point[symbol] for symbol in self.symbols) for gap in gaps]
        new = [self.samples.add(point) for point in points]
        return any(new)

    def _searched(self) -> tuple[Findings, list[tuple[Condition, ...]]]:
        """What a search finds; points that nothing covers are looked at again."""
        for _ in range(MAX_ROUNDS):
            search = Search(
                self.family, self.flat, self.letters, self.samples, self.region, self.proposals
            )
            self.assessing = Assessing(self.family, self.flat, self.letters, search.end_payoffs())
            beliefs = self.concept in BELIEF_CONCEPTS
            with share_of_time(SUPPORTING_SHARE if beliefs else SEARCH_SHARE):
                found = search.run()
            if beliefs:
                with share_of_time(SEARCH_SHARE):
                    keep_supported(search, found, self.assessing, self.concept)
            regions = self._regions(search, found)
            self.left_out = self._left_out(search, found)
            gap = self.region.point((), regions) if regions else None
            new = isinstance(gap, dict) and self.samples.add(
                tuple(gap[symbol] for symbol in self.symbols)
            )
            if not new or is_late():
                break
        return found, regions

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

    def _left_out(self, search: Search, found: Findings) -> tuple[tuple[Condition, ...], ...]:
        """Where the candidates that were left out may be equilibria; without those in others."""
        groups: dict[tuple[Condition, ...], None] = {}
        for inequalities in found.left_out:
            group = tuple(search.condition(each) for each in inequalities)
            if not self.region.is_empty(inner(group)):
                groups[without_redundant(self.region, group)] = None
        if () in groups or len(groups) > MAX_LEFT_OUT:
            return ((),)
        kept = list(groups)
        for each in list(kept):
            rest = [other for other in kept if other is not each]
            if any(all(self.region.follows(one, each) for one in other) for other in rest):
                kept = rest
        return tuple(kept)

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
        entries = (entry.denom for row in branch.rows.values() for entry in row)
        below = (self.letters.polynomial(poly) for poly in (*entries, *branch.nonzero))
        zero = Expression.number(0)
        found = (Condition(each, "!=", zero, DIVISION) for each in below if each.letters)
        return list(dict.fromkeys(found))

    def _definite(self, search: Search, factor: object) -> int:
        """The sign that a polynomial has on the whole domain; 0 if it has none."""
        known = self._signs
        if factor not in known:
            signs = set(self.samples.signs(factor).tolist())
            known[factor] = 0
            if len(signs) == 1 and (sign := signs.pop()):
                one = Inequality(sign, (factor,))
                if self.region.follows(search.condition(one, strict=True)):
                    known[factor] = sign
        return known[factor]

    def _equilibria(
        self, found: Findings, regions: Sequence[tuple[Condition, ...]]
    ) -> tuple[list[SymbolicEquilibrium], Regimes | None]:
        """The equilibria, verified, and with one or two letters the regimes of the domain."""
        cut = self._cut([c for group in (*regions, *self.left_out) for c in group])
        equilibria: dict[object, tuple[SymbolicEquilibrium, list[bool]]] = {}
        for branch, conditions in zip(found.branches, regions, strict=True):
            others = [
                theirs
                for other, theirs in zip(found.branches, regions, strict=True)
                if other is not branch and other.rows == branch.rows
            ]
            made, held = self._equilibrium(branch, conditions, cut, others)
            key = (tuple(tuple(p.text for p in row) for row in made.rows), made.region)
            equilibria.setdefault(key, (made, held))
        known = self._without_repeated(list(equilibria.values()))
        if cut is not None and any(opened := [cell.is_open for cell in cut.cells]):
            # What holds on no open cell was kept as time was too short to prove its region empty.
            known = [each for each in known if any(map(and_, each[1], opened))]
        regimes = (
            None
            if cut is None
            else regimes_of(
                cut, [held for _, held in known], [_where(cut, group) for group in self.left_out]
            )
        )
        if regimes is not None and not regimes.parts:
            regimes = None  # the domain has no inside: its conditions demand an equality
        return [made for made, _ in known], regimes

    def _without_repeated(
        self, known: Sequence[tuple[SymbolicEquilibrium, list[bool]]]
    ) -> list[tuple[SymbolicEquilibrium, list[bool]]]:
        """The equilibria without those that another one of the same strategies says already.

        Without beliefs conditions are necessary, so that one case says it all; with them there
        are several cases, of which some may lie in others.
        """
        kept: list[tuple[SymbolicEquilibrium, list[bool]]] = []
        for row in sorted(known, key=lambda one: -sum(one[1])):
            alike = [held for made, held in kept if made.rows == row[0].rows]
            if self.concept in BELIEF_CONCEPTS:
                told = any(held and all(map(ge, held, row[1])) for held in alike)
            else:
                told = bool(alike)
            if not told:
                kept.append(row)
        return [row for row in known if any(row is other for other in kept)]

    def _cut(self, conditions: Sequence[Condition]) -> Line | Plane | None:
        """The domain in cells, if there are one or two letters."""
        if len(self.symbols) not in (1, 2):
            return None
        limit = perf_counter() + max(MIN_CUTTING, time_left() / 2)
        try:
            if len(self.symbols) == 1:
                return Line(self.symbols[0], self.domain, conditions, limit)
            return Plane(self.letters, self.domain, conditions, limit)
        except LineTooLargeError as error:
            self.remarks[f"the line was sampled, not cut into cells: {error}"] = None
            return None
        except PlaneTooLargeError as error:
            self.remarks[f"the plane was sampled, not cut into cells: {error}"] = None
            return None

    def _equilibrium(
        self,
        branch: Branch,
        conditions: tuple[Condition, ...],
        cut: Line | Plane | None,
        others: Sequence[tuple[Condition, ...]],
    ) -> tuple[SymbolicEquilibrium, list[bool]]:
        """An equilibrium, and for each cell whether it is one there.

        Args:
            others: conditions of other cases of the same behaviour.
        """
        intervals: tuple[Interval, ...] | None = None
        held: list[bool] = []
        cells: list[tuple[tuple[Fraction, ...] | None, bool]] = []
        if isinstance(cut, Line):
            intervals, held = cut.where(conditions)
            points = [None if cell.point is None else (cell.point,) for cell in cut.cells]
            cells = list(zip(points, held, strict=True))
        elif cut is not None:
            held = cut.where(conditions)
            cells = [(cell.point, own) for cell, own in zip(cut.cells, held, strict=True)]
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
        made = replace(made, beliefs=belief_ranges(made, self.assessing, self.region))

        def left(values: dict[str, Fraction]) -> bool:
            demands = self.concept in BELIEF_CONCEPTS
            return demands and passed_over(made, others, self.assessing, values)

        checked = verified(made, self.samples.points, cells, self.concept, left)
        return replace(made, certificate=checked), held

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


def _where(cut: Line | Plane, conditions: Sequence[Condition]) -> list[bool]:
    """For each cell whether conditions hold on it."""
    return cut.where(conditions)[1] if isinstance(cut, Line) else cut.where(conditions)
