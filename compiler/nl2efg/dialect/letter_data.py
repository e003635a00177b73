"""The letters of a game as rows of text and small integers, as they cross a process boundary.

The side that runs the code is not trusted: :meth:`LetterData.to_family` checks everything again,
and every expression must have the value that the game has in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nl2efg.game.numbers import exact_number

if TYPE_CHECKING:
    from fractions import Fraction

    from nl2efg.families.expressions import Expression
    from nl2efg.families.family import GameFamily, Run
    from nl2efg.game import GameTree

ParameterRow = tuple[str, str, str, str, str, str]
PlaceRow = tuple[int, int, str]
ConditionRow = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class LetterData:
    """The letters of a game.

    Args:
        parameters: (symbol, kind, value, low, high, meaning) of each; empty for no bound.
        payoffs: (outcome, player, expression) where a letter is in a payoff.
        chances: (information set, action, expression) where one is in a probability.
        conditions: (kind, line, comparison).
    """

    parameters: tuple[ParameterRow, ...]
    payoffs: tuple[PlaceRow, ...] = ()
    chances: tuple[PlaceRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()

    def to_family(self, tree: GameTree, program: str, run: Run | None = None) -> GameFamily:
        """The family.

        Args:
            tree: the game that came with the letters.
            program: that built it.
            run: runs a program with other values.

        Raises:
            ValueError: the data describe no family, or that of another game.
        """
        from nl2efg.families.conditions import read_conditions
        from nl2efg.families.expression_text import reading_a_game
        from nl2efg.families.family import GameFamily
        from nl2efg.families.parameters import Parameter

        with reading_a_game():
            return GameFamily(
                tree,
                tuple(
                    Parameter(symbol, _number(value), kind, _bound(low), _bound(high), meaning)
                    for symbol, kind, value, low, high, meaning in self.parameters
                ),
                _places(self.payoffs),
                _places(self.chances),
                tuple(
                    condition
                    for kind, line, text in self.conditions
                    for condition in read_conditions(text, kind, line)
                ),
                program,
                run,
            )


def _places(rows: Sequence[PlaceRow]) -> dict[tuple[int, int], Expression]:
    from nl2efg.families.expression_text import read_expression

    if any(number < 0 or place < 0 for number, place, _ in rows):
        raise ValueError("an expression stands nowhere")
    return {(number, place): read_expression(text) for number, place, text in rows}


def _bound(text: str) -> Fraction | None:
    return _number(text) if text else None


def _number(text: str) -> Fraction:
    found = exact_number(text)
    if found is None:
        raise ValueError(f"{text!r:.60} is not an exact number")
    return found
