"""Trembles near a profile of the agent form: where they may be, and that there are none.

What an agent's actions pay against trembling play are polynomials in the trembles of the others,
and in what they mix otherwise than in the profile: near a mixture in which others are indifferent,
trembles elsewhere have to be made up for. Where the first powers decide, trembles are found by a
linear program; of mixtures, if the equations of indifference have a Jacobian of full rank in the
trembles and shifts, so that they keep a solution nearby (the implicit function theorem).

Trembles are refuted in two ways. Were the agents' trembles correlated, the conditions would be
linear: the combinations of actions that keep all used actions best form a convex cone, so that it
would have to hold a point with all combinations in it. And z3 (Jovanović and de Moura 2012) decides
whether polynomials in a few trembles and shifts of mixtures below a bound can keep used actions
best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from nl2efg.equilibria.agent_form import AgentForm
from nl2efg.equilibria.deadline import check_clock, time_left
from nl2efg.equilibria.exact_lp import SparseRow, has_full_rank, maximise, optimum

Monomials = dict[tuple[int, ...], Fraction]
"""A polynomial in the trembles: coefficients by the sorted places of the factors."""

MAX_LINEAR = 300
"""Most combinations of actions in the program with correlated trembles."""

MAX_TREMBLES = 8
"""Most trembles and shifts that z3 is asked about."""

MOST_SIZE = 100
"""Beside the least tremble no tremble or shift is larger."""

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
    def shifted(self) -> list[tuple[int, int]]:
        """Agents and used actions that may be played a little more or less, but for one of each.

        What an agent's first used action is played less makes up for the others.
        """
        used = [[action for action, p in enumerate(row) if p] for row in self.rows]
        return [(place, action) for place, own in enumerate(used) for action in own[1:]]

    @property
    def size(self) -> int:
        """How many variables there are: trembles first, then shifts."""
        return len(self.unused) + len(self.shifted)

    @cached_property
    def gains(self) -> list[Monomials]:
        """Polynomials that must not be negative: a used action less one that is as good now.

        Of two used actions both differences are there, so that they are equations. Trembles that
        are a factor of all terms are left out: they are what it takes to come there at all.
        """
        trembles = len(self.unused)
        every = (gain for place in range(len(self.rows)) for gain in self._gains(place))
        reduced = (_without_factors(gain, trembles) for gain in every)
        return [gain for gain in reduced if gain.get((), 0) <= 0]

    @cached_property
    def spoilt(self) -> bool:
        """Whether something that must not be negative is so under all small trembles."""
        return any(() in gain for gain in self.gains)

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
            actions = self._likelihoods(other, row)
            found = {
                (*choice, action): _product(weight, actions[action])
                for choice, weight in found.items()
                for action in range(len(row))
            }
        return found

    def _likelihoods(self, agent: int, row: tuple[Fraction, ...]) -> list[Monomials]:
        """How likely each action of an agent is, in his trembles and shifts."""
        places = [*self.unused, *self.shifted]
        mine = [k for k, (own, _) in enumerate(places) if own == agent]
        first = next(action for action, p in enumerate(row) if p)
        found: list[Monomials] = []
        for action, p in enumerate(row):
            if action == first:
                found.append({(): p, **{(k,): Fraction(-1) for k in mine}})
            else:
                base: Monomials = {(): p} if p else {}
                found.append({**base, (places.index((agent, action)),): Fraction(1)})
        return found

    @cached_property
    def _firsts(self) -> list[dict[int, Fraction]]:
        """The first powers of all that must not be negative."""
        return [{m[0]: c for m, c in gain.items() if len(m) == 1} for gain in self.gains]

    def first_order(self) -> list[Fraction] | None:
        """Sizes of trembles that vanish alike, under which the first powers favour what is used.

        None if some first powers speak against it whatever the sizes.
        """
        if self.spoilt:
            return None
        linear = [row for row in self._firsts if row]
        # Each gain counts up to 1 in the sum, so that as many as can are positive.
        found = self._sizes(linear, [{i} for i in range(len(linear))])
        return None if found is None else found[0]

    def proved_by_first_powers(self) -> bool:
        """Whether trembles exist because first powers decide, in mixtures too."""
        if self.spoilt:
            return False
        equations = [gain for gain in self.gains if _negative(gain) in self.gains]
        rest = [i for i, gain in enumerate(self.gains) if gain not in equations]
        halves = [gain for i, gain in enumerate(equations) if _negative(gain) not in equations[:i]]
        # Over e, the equations in e times the variables have this Jacobian at e = 0.
        jacobian = [[gain.get((k,), Fraction(0)) for k in range(self.size)] for gain in halves]
        if not has_full_rank(jacobian):
            return False
        found = self._sizes(self._firsts, [set(rest)] if rest else [])
        return found is not None and (not rest or found[1] > 0)

    def _sizes(
        self, linear: Sequence[dict[int, Fraction]], counted: Sequence[set[int]]
    ) -> tuple[list[Fraction], Fraction] | None:
        """Sizes of trembles, at least 1, for which no linear form is negative, and their margin.

        Args:
            linear: the forms, in trembles and shifts.
            counted: groups of forms; the sum of each group's least value, up to 1, is greatest.
        """
        trembles, size = len(self.unused), self.size
        # Trembles are 1 + x, shifts are x less a second variable; then one variable for each group.
        width = size + len(self.shifted) + len(counted)

        def line(row: dict[int, Fraction]) -> list[Fraction | int]:
            found: list[Fraction | int] = [-row.get(k, Fraction(0)) for k in range(size)]
            found += [row.get(k, Fraction(0)) for k in range(trembles, size)]
            return found + [0] * len(counted)

        at_most: list[tuple[list[Fraction | int], Fraction | int]] = []
        for i, row in enumerate(linear):
            right = sum((c for k, c in row.items() if k < trembles), Fraction(0))
            at_most.append((line(row), right))
            for j, group in enumerate(counted):
                if i in group:
                    margin = line(row)
                    margin[width - len(counted) + j] = 1
                    at_most.append((margin, right))
        for k in range(width):
            bound = 1 if k >= width - len(counted) else MOST_SIZE
            at_most.append(([int(j == k) for j in range(width)], bound))
        goal = [int(j >= width - len(counted)) for j in range(width)]
        found = maximise(goal, at_most=at_most)
        if found is None or found.value is None:
            return None
        return [1 + x for x in found.point[:trembles]], found.value

    def refuted(self) -> bool:
        """Whether it is proved that no trembles keep used actions best."""
        return self.spoilt or self.refuted_if_correlated() or self.refuted_nearby()

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
        if self.size > MAX_TREMBLES or terms > MAX_TERMS:
            return False
        import z3

        solver: Any = z3.SolverFor("QF_NRA")
        solver.set("timeout", max(1, min(MILLISECONDS, int(1000 * min(time_left(), 1e6)))))
        sizes: list[Any] = [z3.Real(f"t{k}") for k in range(self.size)]
        bound = z3.RealVal(str(BOUND))
        for k, size in enumerate(sizes):
            solver.add(size > (0 if k < len(self.unused) else -bound), size < bound)
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


def _without_factors(gain: Monomials, trembles: int) -> Monomials:
    """A polynomial divided by the trembles that are in all its terms."""
    common = Counter(next(iter(gain)))
    for monomial in gain:
        common &= Counter(monomial)
    for k in list(common):
        if k >= trembles:
            del common[k]  # a shift may have either sign
    if not common:
        return gain
    return {tuple(sorted((Counter(m) - common).elements())): c for m, c in gain.items()}


def _negative(gain: Monomials) -> Monomials:
    return {monomial: -c for monomial, c in gain.items()}
