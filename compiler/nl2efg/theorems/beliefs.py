"""Beliefs off the path: which ones carry what an equilibrium does where it does not come."""

from __future__ import annotations

from nl2efg.families.expressions import Expression
from nl2efg.game import CHANCE, NO_SET
from nl2efg.theorems.algebra import Element, LetterField, inequality
from nl2efg.theorems.decisions import Region
from nl2efg.theorems.result import BeliefRange, SymbolicEquilibrium

_ONE, _ZERO = Expression.number(1), Expression.number(0)


def belief_ranges(
    found: SymbolicEquilibrium, letters: LetterField, region: Region
) -> tuple[BeliefRange, ...]:
    """The ranges at sets of two nodes that the profile does not reach.

    An action is best against a belief if no other gives more in expectation, where play goes on
    as the profile says (sequential rationality, Kreps and Wilson 1982, Econometrica 50, p. 871).
    Sets of more nodes are passed over.
    """
    tree = found.family.tree
    reached = _reached(found)
    worth: dict[int, tuple[Element, ...]] | None = None
    ranges = []
    for number, infoset in enumerate(tree.information_sets):
        members = tree.members[number]
        if infoset.player == CHANCE or len(members) != 2 or any(reached[n] for n in members):
            continue
        worth = worth or _worth(found, letters)
        first, second = (tree.children[node] for node in members)
        gains = []
        for action, probability in enumerate(found.rows[number]):
            if probability.constant == 0:
                continue
            for other in range(len(infoset.actions)):
                if other != action:
                    gains.append(
                        tuple(
                            worth[row[action]][infoset.player] - worth[row[other]][infoset.player]
                            for row in (first, second)
                        )
                    )
        ranges.append(_range(number, tree.history(members[0]), gains, found, letters, region))
    return tuple(ranges)


def _reached(found: SymbolicEquilibrium) -> list[bool]:
    """Whether a node is reached with a probability that is not zero throughout."""
    tree = found.family.tree
    reached = [True] * len(tree)
    for node in range(1, len(tree)):
        parent = tree.parents[node]
        row = found.rows[tree.set_of[parent]]
        reached[node] = reached[parent] and row[tree.action_of[node]].constant != 0
    return reached


def _worth(found: SymbolicEquilibrium, letters: LetterField) -> dict[int, tuple[Element, ...]]:
    """What follows after each node for every player, the node's own outcome included."""
    family, tree = found.family, found.family.tree
    worth: dict[int, tuple[Element, ...]] = {}
    for node in range(len(tree) - 1, -1, -1):
        outcome = tree.outcome_of[node]
        total = [
            letters.zero if outcome < 0 else letters.element(family.payoff(outcome, player))
            for player in range(len(tree.players))
        ]
        if tree.set_of[node] != NO_SET:
            for child in tree.children[node]:
                p = letters.element(found.rows[tree.set_of[node]][tree.action_of[child]])
                if p:
                    total = [a + p * b for a, b in zip(total, worth[child], strict=True)]
        worth[node] = tuple(total)
    return worth


def _range(
    number: int,
    history: tuple[str, ...],
    gains: list[tuple[Element, ...]],
    found: SymbolicEquilibrium,
    letters: LetterField,
    region: Region,
) -> BeliefRange:
    """The beliefs under which all gains are at least zero: ``m a + (1 - m) b >= 0`` each."""
    lows: dict[str, Expression] = {}
    highs: dict[str, Expression] = {}

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
            bounds = (f"({bound.text})",)
            lows[bounds[0]] = bound
        elif slope > 0:
            lows[bound.text] = bound
        else:
            highs[bound.text] = bound
    return BeliefRange(number, history, tuple(lows.values()), tuple(highs.values()))
