"""Beliefs off the path: which ones carry what an equilibrium does where it does not come."""

from __future__ import annotations

from nl2efg.families.expressions import Expression
from nl2efg.game import CHANCE
from nl2efg.theorems.algebra import Element, LetterField, inequality
from nl2efg.theorems.assessments import Assessing
from nl2efg.theorems.continuations import UndecidedError, Vector
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.result import BeliefRange, SymbolicEquilibrium


def belief_ranges(
    found: SymbolicEquilibrium, assessing: Assessing, region: Region
) -> tuple[BeliefRange, ...]:
    """The ranges at sets of two nodes to which play does not come within their subgame.

    What is done is best against a belief if no other strategy of the player from there on gives
    more in expectation (Kreps and Wilson 1982, Econometrica 50, p. 871). Sets of more nodes are
    passed over.
    """
    tree, letters = found.family.tree, assessing.letters
    rows = {number: tuple(letters.element(p) for p in row) for number, row in enumerate(found.rows)}
    weights = assessing.weights(rows)
    ranges = []
    for number, infoset in enumerate(tree.information_sets):
        members = tree.members[number]
        if infoset.player == CHANCE or len(members) != 2 or any(weights[n] for n in members):
            continue
        try:
            gains = assessing.gains(number, rows)
        except UndecidedError:
            continue
        ranges.append(_range(number, tree.history(members[0]), gains, found, letters, region))
    return tuple(ranges)


def _range(
    number: int,
    history: tuple[str, ...],
    gains: list[Vector],
    found: SymbolicEquilibrium,
    letters: LetterField,
    region: Region,
) -> BeliefRange:
    """The beliefs under which all gains are at least zero: ``m a + (1 - m) b >= 0`` each."""
    lows: dict[str, Expression] = {}
    highs: dict[str, Expression] = {}
    sides: list[tuple[Expression, Expression]] = []

    def sign(element: Element) -> int | None:
        """The sign of an element on the region; None if it changes or is not decided."""
        parts = letters.factors(element)
        if parts is None:
            return 0
        for guess in (1, -1):
            condition = inequality(letters, guess * parts[0], parts[1], False)
            if not parts[1]:
                return parts[0]
            if region.follows(condition, found.conditions):
                return guess
        return None

    for a, b in gains:
        signs = (sign(a), sign(b))
        if all(each is not None and each >= 0 for each in signs):
            continue
        if all(each is not None and each < 0 for each in signs):
            return BeliefRange(number, history, none=True)
        slope = sign(a - b)
        bound = letters.expression(-b / (a - b))
        if slope is None:
            sides.append((letters.expression(a), letters.expression(b)))
        elif slope > 0:
            lows[bound.text] = bound
        else:
            highs[bound.text] = bound
    low, high = tuple(lows.values()), tuple(highs.values())
    return BeliefRange(number, history, low, high, sides=tuple(sides))
