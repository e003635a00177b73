"""Equilibria of larger stages of two players: found at points, and carried over to the letters.

At a point of the domain a numeric method gives pairs of plans that are an equilibrium there. Which
sequences have weight, and which of the other player's are best, is a system of linear equations in
the sequence form (Koller, Megiddo and von Stengel 1996, GEB 14, p. 247); with letters in it, its
solution is the equilibrium as a rational function of them. The conditions are those under which
its weights are not negative and no continuation anywhere pays more: exactly where they hold it is
an equilibrium, whatever the point was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from nl2efg.equilibria.sequence_form import PlayerSequences, Row, Stage, common
from nl2efg.theorems.algebra import Element, LetterField
from nl2efg.theorems.linear import LinearSystem
from nl2efg.theorems.samples import Inequality, Samples
from nl2efg.theorems.stages import SymbolicStage
from nl2efg.theorems.strategic_form import Rows, StageEquilibrium, noted

Plan = Sequence[Fraction]
Proposals = Callable[[Stage, Sequence[Row]], Iterable[tuple[Plan, Plan]]]
"""From a stage and exact payoffs of its leaves to plans of the two players in equilibrium."""

MAX_SOLVED = 8
"""Points at which a stage is solved in numbers."""

MORE_POINTS = 3
"""Points that are looked at besides those that no known equilibrium covers."""

MAX_WAYS = 128
"""Ways to go on after a sequence, each of which gives a condition."""

Form = dict[int, Element]
"""A linear form in a plan: coefficients by sequence."""


class Carrying:
    """A stage of two players, in numbers and in letters.

    Args:
        field: of the letters.
        stage: with letters.
        numbers: its sequence form; chance's weights in it do not matter.
        payoffs: for each leaf what every player of the game gets.
        proposals: what solves it at a point.
    """

    def __init__(
        self,
        field: LetterField,
        stage: SymbolicStage,
        numbers: Stage,
        payoffs: Sequence[tuple[Element, ...]],
        proposals: Proposals,
    ) -> None:
        self.field, self.stage, self.numbers = field, stage, numbers
        self.payoffs, self.proposals = payoffs, proposals
        self.left_out = False
        """Whether an equilibrium was left out because it has too many ways to go on."""
        self._gains = [self._gain_forms(place) for place in (0, 1)]

    def equilibria(
        self, samples: Samples, among: Any, known: Sequence[tuple[Inequality, ...]]
    ) -> Iterator[StageEquilibrium]:
        """Equilibria found at points: first at those that no known one covers.

        Args:
            samples: points of the domain.
            among: which of them matter, as an array.
            known: conditions of equilibria that are known.
        """
        import numpy as np

        left = among.copy()
        for conditions in known:
            left &= ~samples.inside(conditions)
        tried: set[Any] = set()
        looked = np.zeros(len(samples.points), dtype=bool)
        more = MORE_POINTS
        for _ in range(MAX_SOLVED):
            wanted = np.flatnonzero(left & ~looked)
            if not len(wanted):
                wanted, more = np.flatnonzero(among & ~looked), more - 1
            if not len(wanted) or more < 0:
                return
            number = int(wanted[len(wanted) // 2])
            looked[number] = True
            for found in self._at(samples.points[number], tried):
                left &= ~samples.inside(found.conditions)
                yield found

    def _at(self, point: Sequence[Fraction], tried: set[Any]) -> Iterator[StageEquilibrium]:
        """The equilibria whose supports are an equilibrium's at a point."""
        value = self.field.value
        try:
            weights, scale = common([value(leaf.weight, point) for leaf in self.stage.leaves])
            leaves = [tuple(value(v, point) for v in row) for row in self.payoffs]
        except ZeroDivisionError:
            return
        numbers = replace(self.numbers, chance=tuple(weights), chance_scale=scale)
        for plans in self.proposals(numbers, leaves):
            found = self._carried(plans, point, tried)
            if found is not None:
                yield found

    def _carried(
        self, plans: tuple[Plan, Plan], point: Sequence[Fraction], tried: set[Any]
    ) -> StageEquilibrium | None:
        """The equilibrium that is tight where these plans are; None if they determine none.

        Args:
            tried: what was tight where one was sought before; that is not done again.
        """
        replies = []
        for place in (0, 1):
            reply = _Reply(self.field, self.numbers.sides[place], plans[place])
            if not reply.open(self._gains[place], plans[1 - place], point):
                self.left_out = True
                return None
            replies.append(reply)
        key = tuple((reply.used, tuple(reply.tight)) for reply in replies)
        if key in tried:
            return None
        tried.add(key)
        conditions: dict[Inequality, None] = {}
        carried: list[list[Element]] = []
        for place in (0, 1):
            plan = self._plan(place, plans[place], replies[1 - place], conditions)
            if plan is None:
                return None
            carried.append(plan)
        rows: Rows = {}
        for side, plan in zip(self.numbers.sides, carried, strict=True):
            rows |= self._behaviour(side, plan)
        pure = all(p in (self.field.zero, self.field.one) for row in rows.values() for p in row)
        return StageEquilibrium(rows, self._values(carried), tuple(conditions), pure)

    def _plan(
        self, place: int, own: Plan, reply: _Reply, conditions: dict[Inequality, None]
    ) -> list[Element] | None:
        """The plan with letters that makes the other player's reply best.

        Args:
            place: of the planner.
            own: its plan at a point.
            reply: the other's.
            conditions: takes what must not be negative.
        """
        zero, one = self.field.zero, self.field.one
        side = self.numbers.sides[place]
        used = {s: n for n, s in enumerate(s for s, p in enumerate(own) if p)}
        system = LinearSystem(len(used) + len(reply.sets), zero)
        system.demand({used[0]: one}, one)
        for start, end, parent in zip(side.start, side.ends, side.parent, strict=True):
            if own[parent]:
                flow = {used[s]: one for s in range(start, end) if own[s]}
                system.demand(flow | {used[parent]: -one}, zero)
        values = {h: len(used) + n for n, h in enumerate(reply.sets)}

        def equal(h: int, form: Form, after: Sequence[int] = ()) -> None:
            """Demand that a way to go on is worth what the set is."""
            row = {used[s]: -c for s, c in form.items() if s in used}
            system.demand(row | {values[h]: one} | {values[n]: -one for n in after}, zero)

        for h, form, after in reply.played:
            equal(h, form, after)
        for number in reply.tight if system.consistent else ():
            if not system.is_determined:
                equal(*reply.options[number])
        solution = system.solution()
        if solution is None:
            return None
        plan = [solution[used[s]] if s in used else zero for s in range(side.size)]
        slacks = (solution[values[h]] - worth(form, plan, zero) for h, form in reply.options)
        if not all(noted(self.field, each, conditions) for each in (*plan, *slacks)):
            return None
        return plan

    def _gain_forms(self, place: int) -> list[Form]:
        """What each sequence of a player gains by itself, as a form in the other's plan."""
        side = self.numbers.sides[place]
        found: list[Form] = [{} for _ in range(side.size)]
        for leaf, row, own, other in zip(
            self.stage.leaves,
            self.payoffs,
            self.numbers.sequences[place],
            self.numbers.sequences[1 - place],
            strict=True,
        ):
            form = found[own]
            form[other] = form.get(other, self.field.zero) + leaf.weight * row[side.player]
        return found

    def _behaviour(self, side: PlayerSequences, plan: Sequence[Element]) -> Rows:
        """The behaviour of a plan; the first action where it never comes."""
        rows: Rows = {}
        for number, start, end, parent in zip(
            side.sets, side.start, side.ends, side.parent, strict=True
        ):
            if plan[parent]:
                rows[number] = tuple(plan[s] / plan[parent] for s in range(start, end))
            else:
                first = (self.field.one,)
                rows[number] = first + (self.field.zero,) * (end - start - 1)
        return rows

    def _values(self, plans: Sequence[Sequence[Element]]) -> tuple[Element, ...]:
        """What the plans give every player of the game."""
        total = [self.field.zero] * len(self.payoffs[0])
        for number, (leaf, row) in enumerate(zip(self.stage.leaves, self.payoffs, strict=True)):
            weight = leaf.weight
            for plan, sequences in zip(plans, self.numbers.sequences, strict=True):
                weight = weight * plan[sequences[number]]
            if weight:
                total = [a + weight * b for a, b in zip(total, row, strict=True)]
        return tuple(total)


class _Reply:
    """A plan at a point, as what the other player's plan has to make best.

    Args:
        field: of the letters.
        side: the player's sequences.
        plan: its plan at the point.
    """

    def __init__(self, field: LetterField, side: PlayerSequences, plan: Plan) -> None:
        self.field, self.side, self.plan = field, side, plan
        self.used = tuple(s for s, p in enumerate(plan) if p)
        self.sets = [h for h, parent in enumerate(side.parent) if plan[parent]]
        """The sets that it comes to itself."""
        self.played: list[tuple[int, Form, list[int]]] = []
        """What has weight: the set, what it gains, and the sets that come after."""
        self.options: list[tuple[int, Form]] = []
        """Every way to go on that has none: the set where it leaves the plan, what it gains."""
        self.tight: list[int] = []
        """Which of the options are as good at the point as what is played."""

    def open(self, gains: Sequence[Form], other: Plan, point: Sequence[Fraction]) -> bool:
        """Find what is played and what else could be; whether that is not too much.

        Args:
            gains: what each sequence gains by itself.
            other: the other player's plan at the point.
            point: values of the letters.
        """
        for h in self.sets:
            for sequence in range(self.side.start[h], self.side.ends[h]):
                if self.plan[sequence]:
                    self.played.append((h, gains[sequence], self._after(sequence)))
                    continue
                ways = self._ways(gains, sequence)
                if ways is None:
                    return False
                self.options += [(h, way) for way in ways]

        def gain(form: Form) -> Fraction:
            parts = (self.field.value(c, point) * other[s] for s, c in form.items() if other[s])
            return sum(parts, Fraction(0))

        here: dict[int, Fraction] = {}
        for h, form, after in reversed(self.played):
            here[h] = gain(form) + sum((here[n] for n in after), Fraction(0))
        self.tight = [n for n, (h, form) in enumerate(self.options) if gain(form) == here[h]]
        return True

    def _after(self, sequence: int) -> list[int]:
        return [h for h, parent in enumerate(self.side.parent) if parent == sequence]

    def _ways(self, gains: Sequence[Form], sequence: int) -> list[Form] | None:
        """What each way to go on from a sequence gains, the sequence included; None if too many."""
        found = [gains[sequence]]
        for h in self._after(sequence):
            ways: list[Form] = []
            for following in range(self.side.start[h], self.side.ends[h]):
                more = self._ways(gains, following)
                if more is None:
                    return None
                ways += more
            if len(found) * len(ways) > MAX_WAYS:
                return None
            found = [self._sum(a, b) for a, b in product(found, ways)]
        return found

    def _sum(self, a: Form, b: Form) -> Form:
        total = dict(a)
        for sequence, coefficient in b.items():
            total[sequence] = total.get(sequence, self.field.zero) + coefficient
        return total


def worth(form: Form, plan: Sequence[Element], zero: Element) -> Element:
    """A form's value for a plan."""
    total = zero
    for sequence, coefficient in form.items():
        if plan[sequence]:
            total = total + coefficient * plan[sequence]
    return total
