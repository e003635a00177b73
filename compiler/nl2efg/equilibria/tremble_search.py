"""Trembles near a profile of the agent form: where they may be, and that there are none.

What an agent's actions pay against trembling play are polynomials in the trembles of the others.
Where the first powers decide, trembles are found by a linear program. Trembles are refuted in two
ways. Were the agents' trembles correlated, the conditions would be linear: the combinations of
actions that keep all used actions best form a convex cone, so that it would have to hold a point
with all combinations in it. And z3 (Jovanović and de Moura 2012) decides whether polynomials in a
few trembles below a bound can keep used actions best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from nl2efg.equilibria.agent_form import AgentForm
from nl2efg.equilibria.deadline import check_clock, time_left
from nl2efg.equilibria.exact_lp import SparseRow, maximise, optimum

Monomials = dict[tuple[int, ...], Fraction]
"""A polynomial in the trembles: coefficients by the sorted places of the factors."""

MAX_LINEAR = 300
"""Most combinations of actions in the program with correlated trembles."""

MAX_TREMBLES = 8
"""Most trembles that z3 is asked about."""

MAX_TERMS = 4000
"""Most terms that z3 is given."""

BOUND = Fraction(1, 1000)
"""Trembles up to here are looked for; that there are none refutes any that vanish."""

MILLISECONDS = 1000
"""Time of z3."""


@dataclass(frozen=True)
class Trembling:
    """A profile of the agent form and its trembles.

    Args:
        form: the agent form.
        rows: for each agent the probabilities of his actions.
    """

    form: AgentForm
    rows: tuple[tuple[Fraction, ...], ...]

    @cached_property
    def unused(self) -> list[tuple[int, int]]:
        """Agents and actions that tremble."""
        return [
            (place, action)
            for place, row in enumerate(self.rows)
            for action, p in enumerate(row)
            if not p
        ]

    @cached_property
    def gains(self) -> list[Monomials]:
        """Polynomials that must not be negative: a used action less one that is as good now."""
        return [found for place in range(len(self.rows)) for found in self._gains(place)]

    def _gains(self, place: int) -> Iterator[Monomials]:
        worth: list[Monomials] = [{} for _ in self.rows[place]]
        player = self.form.owners[place]
        weights = self._weights(place)
        for choice, paid in self.form.payoffs.items():
            for monomial, c in weights[choice[:place] + choice[place + 1 :]].items():
                own = worth[choice[place]]
                own[monomial] = own.get(monomial, Fraction(0)) + c * paid[player]
        used = [action for action, p in enumerate(self.rows[place]) if p]
        for action, value in enumerate(worth):
            for mine in used[: 1 if action not in used else None]:
                gain = dict(worth[mine])
                for monomial, c in value.items():
                    gain[monomial] = gain.get(monomial, Fraction(0)) - c
                gain = {monomial: c for monomial, c in gain.items() if c}
                if gain and () not in gain:
                    yield gain

    def _weights(self, place: int) -> dict[tuple[int, ...], Monomials]:
        """How likely each combination of the others' actions is."""
        found: dict[tuple[int, ...], Monomials] = {(): {(): Fraction(1)}}
        for other, row in enumerate(self.rows):
            if other == place:
                continue
            check_clock()
            mine = [k for k, (agent, _) in enumerate(self.unused) if agent == other]
            actions: list[Monomials] = []
            for action, p in enumerate(row):
                if p:
                    actions.append({(): p, **{(k,): -p for k in mine}})
                else:
                    actions.append({(self.unused.index((other, action)),): Fraction(1)})
            found = {
                (*choice, action): _product(weight, actions[action])
                for choice, weight in found.items()
                for action in range(len(row))
            }
        return found

    def first_order(self) -> list[Fraction] | None:
        """Sizes of trembles that vanish alike, under which the first powers favour what is used.

        None if some first powers speak against it whatever the sizes.
        """
        count = len(self.unused)
        linear = [{m[0]: c for m, c in gain.items() if len(m) == 1} for gain in self.gains]
        linear = [row for row in linear if row]
        # Sizes are 1 + x; each gain counts up to 1 in the sum, so that as many as can are positive.
        at_most: list[tuple[list[Fraction | int], Fraction | int]] = []
        for i, row in enumerate(linear):
            line: list[Fraction | int] = [-row.get(k, Fraction(0)) for k in range(count)]
            line += [int(i == j) for j in range(len(linear))]
            at_most.append((line, sum(row.values(), Fraction(0))))
        for j in range(count + len(linear)):
            line = [int(j == k) for k in range(count + len(linear))]
            at_most.append((line, 100 if j < count else 1))
        found = maximise([0] * count + [1] * len(linear), at_most=at_most)
        return None if found is None else [1 + x for x in found.point[:count]]

    def refuted(self) -> bool:
        """Whether it is proved that no trembles keep used actions best."""
        return self.refuted_if_correlated() or self.refuted_nearby()

    def refuted_if_correlated(self) -> bool:
        """Whether no trembles keep used actions best, even if agents could tremble together."""
        combinations = list(self.form.payoffs)
        count = len(combinations)
        if count > MAX_LINEAR:
            return False
        index = {choice: j for j, choice in enumerate(combinations)}
        rows: list[tuple[SparseRow, Fraction]] = []
        for place, row in enumerate(self.rows):
            player = self.form.owners[place]
            for mine in (a for a, p in enumerate(row) if p):
                for other in range(len(row)):
                    if other != mine:
                        rows.append((self._losses(index, place, player, mine, other), Fraction(0)))
        rows = [(row, right) for row, right in rows if row]
        for j in range(count):
            rows.append(({count + j: Fraction(1), j: Fraction(-1)}, Fraction(0)))
            rows.append(({count + j: Fraction(1)}, Fraction(1)))
        goal = {count + j: Fraction(1) for j in range(count)}
        found = optimum(goal, 2 * count, at_most=rows)
        return found is not None and found.value is not None and found.value < count

    def _losses(
        self, index: dict[tuple[int, ...], int], place: int, player: int, mine: int, other: int
    ) -> SparseRow:
        paid = self.form.payoffs
        found: SparseRow = {}
        for choice, j in index.items():
            first, second = (
                paid[(*choice[:place], action, *choice[place + 1 :])][player]
                for action in (mine, other)
            )
            if first != second:
                found[j] = second - first
        return found

    def refuted_nearby(self) -> bool:
        """Whether z3 proves that no trembles below a bound keep used actions best."""
        terms = sum(map(len, self.gains))
        if len(self.unused) > MAX_TREMBLES or terms > MAX_TERMS:
            return False
        import z3

        solver: Any = z3.SolverFor("QF_NRA")
        solver.set("timeout", max(1, min(MILLISECONDS, int(1000 * min(time_left(), 1e6)))))
        sizes: list[Any] = [z3.Real(f"t{k}") for k in range(len(self.unused))]
        for size in sizes:
            solver.add(size > 0, size < z3.RealVal(str(BOUND)))
        for gain in self.gains:
            total: Any = z3.RealVal(0)
            for monomial, c in gain.items():
                term: Any = z3.RealVal(str(c))
                for k in monomial:
                    term = term * sizes[k]
                total = total + term
            solver.add(total >= 0)
        try:
            return bool(solver.check() == z3.unsat)
        except z3.Z3Exception:
            return False


def _product(a: Monomials, b: Monomials) -> Monomials:
    found: Monomials = {}
    for one, c in a.items():
        for other, d in b.items():
            monomial = tuple(sorted((*one, *other)))
            found[monomial] = found.get(monomial, Fraction(0)) + c * d
    return {monomial: c for monomial, c in found.items() if c}
