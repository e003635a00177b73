"""Subgame-perfect equilibria of a family: every stage solved by algebra, the last first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from nl2efg.equilibria.deadline import OutOfTimeError, is_late, share_of_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import stage_at
from nl2efg.families.conditions import Condition
from nl2efg.families.family import GameFamily
from nl2efg.game import CHANCE, NO_OUTCOME
from nl2efg.theorems.algebra import Element, LetterField, Poly, inequality
from nl2efg.theorems.carrying import Carrying, Proposals
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.samples import Inequality, Samples
from nl2efg.theorems.stages import SymbolicStage, stage_of
from nl2efg.theorems.strategic_form import (
    MAX_ENUMERATED,
    MAX_SUPPORT,
    Rows,
    StageEquilibrium,
    StrategicForm,
)

MAX_BRANCHES = 200
"""Most solutions of a subgame that are carried on."""

MIXING_SHARE = 0.5
"""Share of the time left in which mixtures of a stage are sought; as much again at points."""


_TIME = "time ran out"


@dataclass(frozen=True)
class Branch:
    """A solution of a subgame, and where it is one.

    Args:
        rows: behaviour at its information sets.
        values: what it gives each player.
        conditions: it is a solution where all of them hold.
        pure: whether nobody mixes.
        nonzero: polynomials that must not be zero besides.
    """

    rows: Rows
    values: tuple[Element, ...]
    conditions: tuple[Inequality, ...]
    pure: bool = True
    nonzero: tuple[Poly, ...] = ()


@dataclass
class Findings:
    """What a search found.

    Args:
        branches: solutions of the whole game.
        all_pure: whether every pure one with a region of its own is among them.
        remarks: what was left out, in words.
        left_out: conditions of candidates that were left out because it was not decided what they
            are; only where all of some candidate's hold there may be more equilibria for that.
    """

    branches: list[Branch] = field(default_factory=list)
    all_pure: bool = True
    remarks: dict[str, None] = field(default_factory=dict)
    left_out: list[tuple[Inequality, ...]] = field(default_factory=list)


class Search:
    """One pass over the stages; it ends with the phase's time, and says so.

    Args:
        family: the game.
        flat: its tree's flat form.
        letters: the field of its letters.
        samples: points of the domain.
        region: the domain.
        proposals: what solves a stage of two players at a point, in numbers; None if nothing does.
    """

    def __init__(
        self,
        family: GameFamily,
        flat: FlatGame,
        letters: LetterField,
        samples: Samples,
        region: Region,
        proposals: Proposals | None = None,
    ) -> None:
        self.family, self.flat, self.letters = family, flat, letters
        self.samples, self.region = samples, region
        self.proposals = proposals
        self.found = Findings()
        self.widths = {
            number: len(infoset.actions)
            for number, infoset in enumerate(family.tree.information_sets)
        }
        self._known: dict[tuple[Inequality, ...], bool] = {}

    def run(self) -> Findings:
        """All solutions that were found."""
        ends = self.end_payoffs()
        solutions: dict[int, list[Branch]] = {
            node: [Branch({}, row, ())] for node, row in ends.items()
        }
        for root in reversed(self.flat.roots):
            stage = stage_of(self.family, self.flat, root, self.letters)
            branches: dict[Any, Branch] = {}
            below = [solutions[leaf.node] for leaf in stage.leaves]
            for chosen in product(*below):
                for branch in self._solve(stage, chosen):
                    branches.setdefault(_key(branch), branch)
                if len(branches) > MAX_BRANCHES or is_late():
                    many = f"a subgame has more than {MAX_BRANCHES} solutions"
                    self._cut(many if len(branches) > MAX_BRANCHES else _TIME)
                    break
            solutions[root] = list(branches.values())[:MAX_BRANCHES]
        self.found.branches = solutions.get(0, [])
        return self.found

    def _cut(self, why: str) -> None:
        self.found.all_pure = False
        self.found.remarks[f"not all equilibria were looked at: {why}"] = None

    def _tell_unmixed(self, error: OutOfTimeError) -> None:
        self.found.remarks[f"not all mixtures were looked at: {str(error) or _TIME}"] = None

    def end_payoffs(self) -> dict[int, tuple[Element, ...]]:
        """What every terminal node pays each player, the payoffs on the way added."""
        tree, letters = self.family.tree, self.letters
        zero = (letters.zero,) * len(tree.players)
        outcomes = [
            tuple(
                letters.element(self.family.payoff(number, player))
                for player in range(len(tree.players))
            )
            for number in range(len(tree.outcomes))
        ]
        totals: list[tuple[Element, ...]] = []
        for node, number in enumerate(tree.outcome_of):
            above = totals[tree.parents[node]] if node else zero
            if number != NO_OUTCOME:
                above = tuple(a + b for a, b in zip(above, outcomes[number], strict=True))
            totals.append(above)
        return {node: totals[node] for node in tree.terminals}

    def _solve(self, stage: SymbolicStage, below: Sequence[Branch]) -> list[Branch]:
        """The stage's solutions for given solutions of what follows."""
        inherited = tuple(dict.fromkeys(c for branch in below for c in branch.conditions))
        rows = {number: row for branch in below for number, row in branch.rows.items()}
        pure = all(branch.pure for branch in below)
        if below and inherited and not self._has_room(inherited):
            return []
        number = self.family.tree.set_of[stage.root]
        infoset = self.family.tree.information_sets[number]
        payoffs = [branch.values for branch in below]
        if not stage.players:
            return [Branch(rows, self._mixed_by_chance(stage, payoffs), inherited, pure)]
        if infoset.player != CHANCE and self.flat.lone[stage.root]:
            options = self._lone(number, infoset.player, payoffs)
        else:
            options = self._form(stage, payoffs, inherited)
        found = []
        for branch in options:
            conditions = tuple(dict.fromkeys((*inherited, *branch.conditions)))
            if self._has_room(conditions):
                found.append(
                    Branch({**rows, **branch.rows}, branch.values, conditions, pure and branch.pure)
                )
        return found

    def _mixed_by_chance(
        self, stage: SymbolicStage, payoffs: Sequence[tuple[Element, ...]]
    ) -> tuple[Element, ...]:
        total = [self.letters.zero] * len(self.family.tree.players)
        for leaf, row in zip(stage.leaves, payoffs, strict=True):
            total = [a + leaf.weight * b for a, b in zip(total, row, strict=True)]
        return tuple(total)

    def _lone(
        self, number: int, player: int, payoffs: Sequence[tuple[Element, ...]]
    ) -> list[Branch]:
        """One step of backward induction: each action, where none is better."""
        found: list[Branch] = []
        for action, here in enumerate(payoffs):
            conditions: dict[Inequality, None] = {}
            for other in payoffs:
                if is_late():
                    self._cut(_TIME)
                    return found
                parts = self.letters.factors(here[player] - other[player])
                if parts is not None:
                    conditions[Inequality(*parts)] = None
            if any(not each.factors and each.sign < 0 for each in conditions):
                continue
            kept = tuple(each for each in conditions if each.factors)
            row = tuple(
                self.letters.one if place == action else self.letters.zero
                for place in range(len(payoffs))
            )
            found.append(Branch({number: row}, here, kept))
        return found

    def _form(
        self,
        stage: SymbolicStage,
        payoffs: Sequence[tuple[Element, ...]],
        inherited: tuple[Inequality, ...],
    ) -> list[Branch]:
        """The equilibria of a stage in which several choose, or one does with chance."""
        among = self.samples.inside(inherited)
        found: list[StageEquilibrium] = []
        complete = False
        if stage.strategies is None:
            self.found.all_pure = False
            self.found.remarks["a stage has too many strategies to enumerate them"] = None
        else:
            form = StrategicForm(self.letters, stage, payoffs, self.widths)
            if stage.profiles > MAX_ENUMERATED:
                self.found.all_pure = False
                self.found.remarks[
                    "pure equilibria of large stages were sought at "
                    f"{len(self.samples.points)} points of the domain"
                ] = None
            found = self._in_form(form, among)
            complete = form.mixed_complete
        if len(stage.players) > 2:
            self.found.remarks["mixtures of three players or more were not sought"] = None
        if len(stage.players) == 2 and not complete:
            found += self._carried(stage, payoffs, among, found)
        return [Branch(each.rows, each.values, each.conditions, each.pure) for each in found]

    def _in_form(self, form: StrategicForm, among: Any) -> list[StageEquilibrium]:
        """The equilibria of a strategic form, as many as there is time for."""
        found: list[StageEquilibrium] = []
        try:
            found.extend(form.pure(self.samples, among))
        except OutOfTimeError as error:
            self._cut(str(error) or _TIME)
            return found
        with share_of_time(MIXING_SHARE):
            try:
                found.extend(form.mixed(self.samples, among))
            except OutOfTimeError as error:
                self._tell_unmixed(error)
        return found

    def _carried(
        self,
        stage: SymbolicStage,
        payoffs: Sequence[tuple[Element, ...]],
        among: Any,
        known: Sequence[StageEquilibrium],
    ) -> list[StageEquilibrium]:
        """Equilibria found at points, besides those that are known."""
        if self.proposals is None:
            self.found.remarks["mixtures of many strategies were not sought"] = None
            return []
        self.found.remarks[
            f"mixtures of more than {MAX_SUPPORT} strategies were sought at points of the domain"
        ] = None
        numbers = stage_at(self.flat, stage.root)
        carrying = Carrying(self.letters, stage, numbers, payoffs, self.proposals)
        conditions = [each.conditions for each in known]
        rows = [each.rows for each in known]
        found = []
        with share_of_time(MIXING_SHARE):
            try:
                for each in carrying.equilibria(self.samples, among, conditions):
                    if each.rows not in rows:
                        rows.append(each.rows)
                        found.append(each)
            except OutOfTimeError as error:
                self._tell_unmixed(error)
        if carrying.left_out:
            self.found.remarks["mixtures with too many ways to deviate were left out"] = None
        return found

    def _has_room(self, conditions: tuple[Inequality, ...]) -> bool:
        """Whether the region has an inside; a new point in it becomes a sample."""
        if conditions in self._known:
            return self._known[conditions]
        found = bool(self.samples.inside(conditions, strictly=True).any())
        if not found:
            strict = self._inside(conditions)
            point = self.region.point(strict)
            found = point is not None
            if point is False and is_late():
                self._cut(_TIME)
                return False
            if isinstance(point, dict):
                self.samples.add(tuple(point[s] for s in self.letters.symbols))
        self._known[conditions] = found
        return found

    def _inside(self, conditions: tuple[Inequality, ...]) -> list[Condition]:
        """Conditions with strict signs, without those that are equations on all of the domain."""
        found = [self.condition(each, strict=True) for each in conditions]
        if any(each.relation == "==" for each in self.region.domain):
            zero = (replace(each, relation="==") for each in found)
            found = [
                each for each, own in zip(found, zero, strict=True) if not self.region.follows(own)
            ]
        return found

    def condition(self, each: Inequality, *, strict: bool = False) -> Condition:
        """An inequality as a condition."""
        return inequality(self.letters, each.sign, each.factors, strict)


def _key(branch: Branch) -> Any:
    """What tells branches apart: what is done, and where it is a solution."""
    return tuple(sorted(branch.rows.items())), frozenset(branch.conditions)
