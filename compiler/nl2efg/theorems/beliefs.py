"""Beliefs off the path: which ones carry what an equilibrium does where it does not come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.equilibria.assessment import node_words
from nl2efg.equilibria.deadline import OutOfTimeError
from nl2efg.families.conditions import Condition
from nl2efg.families.expressions import Expression
from nl2efg.game import CHANCE
from nl2efg.theorems.algebra import Element, LetterField, inequality
from nl2efg.theorems.assessments import Assessing
from nl2efg.theorems.belief_range import BeliefCase, BeliefRange
from nl2efg.theorems.continuations import UndecidedError, Vector
from nl2efg.theorems.decisions import Region, inner, negated, without_redundant
from nl2efg.theorems.result import SymbolicEquilibrium

MAX_CASES = 6
"""Cases of the letters' values that are told apart at a set; of more the demands are told."""

_SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_EQUAL_SIGNS = ((1, 1), (-1, -1))


def belief_ranges(
    found: SymbolicEquilibrium, assessing: Assessing, region: Region
) -> tuple[BeliefRange, ...]:
    """The ranges at sets of two nodes to which play does not come within their subgame.

    What is done is best against a belief if no other strategy of the player from there on gives
    more in expectation (Kreps and Wilson 1982, Econometrica 50, p. 871). Sets of more nodes are
    passed over, and those of which it is too much, or takes too long, to decide.
    """
    tree, letters = found.family.tree, assessing.letters
    rows = {number: tuple(letters.element(p) for p in row) for number, row in enumerate(found.rows)}
    weights = assessing.weights(rows)
    within = Region(region.symbols, (*region.domain, *found.conditions))
    ranges = []
    for number, infoset in enumerate(tree.information_sets):
        members = tree.members[number]
        if infoset.player == CHANCE or len(members) != 2 or any(weights[n] for n in members):
            continue
        try:
            cases = _Cases(letters, within).of(assessing.gains(number, rows))
        except (UndecidedError, OutOfTimeError):
            continue
        first, second = (node_words(tree.told, node) for node in members)
        if cases:  # there are none where the domain demands that gains are zero
            ranges.append(BeliefRange(number, (first, second), cases))
    return tuple(ranges)


class _Cases:
    """The beliefs under which all gains are at least zero: ``m a + (1 - m) b >= 0`` each.

    Args:
        letters: the field of the letters.
        within: where the equilibrium is one.
    """

    def __init__(self, letters: LetterField, within: Region) -> None:
        self.letters, self.within = letters, within

    def of(self, gains: Sequence[Vector]) -> tuple[BeliefCase, ...]:
        """The cases, boundaries aside: what is gained at the nodes decides which way it bounds."""
        cases = [BeliefCase()]
        for a, b in gains:
            cases = [more for case in cases for more in self._split(case, a, b)]
            if len(cases) > MAX_CASES:
                pairs = [(self.letters.expression(a), self.letters.expression(b)) for a, b in gains]
                return (BeliefCase(sides=tuple(pairs)),)
        found = [end for case in cases for end in self._ended(case)]
        bounds = {(case.lows, case.highs, case.none) for case in found}
        if len(bounds) == 1:
            (lows, highs, none) = bounds.pop()
            return (BeliefCase((), lows, highs, none),)
        return tuple(found)

    def _split(self, case: BeliefCase, a: Element, b: Element) -> Iterator[BeliefCase]:
        """A case with one more demand, by the signs of what is gained at the two nodes."""
        if case.none:
            yield case
            return
        for signs in _SIGNS if a != b else _EQUAL_SIGNS:
            demands = [
                self._sign(element, sign) for element, sign in zip((a, b), signs, strict=True)
            ]
            if None in demands:
                continue
            given = (*case.conditions, *(c for c in demands if isinstance(c, Condition)))
            if self.within.is_empty(inner(given)):
                continue
            lows, highs = case.lows, case.highs
            if signs == (1, -1):
                lows = (*lows, self.letters.expression(b / (b - a)))
            elif signs == (-1, 1):
                highs = (*highs, self.letters.expression(b / (b - a)))
            kept = without_redundant(self.within, given)
            yield BeliefCase(kept, lows, highs, signs == (-1, -1))

    def _sign(self, element: Element, sign: int) -> Condition | bool | None:
        """That an element has a sign: a condition, True if it has, None if it never has."""
        parts = self.letters.factors(element)
        if parts is None:
            return True if sign > 0 else None
        own, factors = parts
        if not factors:
            return True if own == sign else None
        return inequality(self.letters, own * sign, factors, strict=False)

    def _ended(self, case: BeliefCase) -> Iterator[BeliefCase]:
        """A case without bounds that follow from others, split where the bounds may cross."""
        if case.none:
            yield case
            return
        lows = self._tightest(case, list(case.lows), above=True)
        highs = self._tightest(case, list(case.highs), above=False)
        crossing = [Condition(low, "<=", high) for low in lows for high in highs]
        met = [self._plain(each) for each in crossing]
        met = [each for each in met if not self.within.follows(each, case.conditions)]
        whole = without_redundant(self.within, (*case.conditions, *met))
        if not self.within.is_empty(inner(whole)):
            yield BeliefCase(whole, tuple(lows), tuple(highs))
        for each in met:
            yield BeliefCase((*case.conditions, negated(each)), none=True)

    def _plain(self, condition: Condition) -> Condition:
        """The condition as one of polynomials; the bounds' denominators have their signs here."""
        parts = self.letters.factors(
            self.letters.element(condition.right) - self.letters.element(condition.left)
        )
        return condition if parts is None else inequality(self.letters, *parts, strict=False)

    def _tightest(
        self, case: BeliefCase, bounds: list[Expression], *, above: bool
    ) -> list[Expression]:
        """The bounds that do not follow from others."""
        kept = list(dict.fromkeys(bounds))
        for each in list(kept):
            rest = [other for other in kept if other is not each]
            follows = (Condition(other, ">=" if above else "<=", each) for other in rest)
            if any(self.within.follows(one, case.conditions) for one in follows):
                kept = rest
        return kept
