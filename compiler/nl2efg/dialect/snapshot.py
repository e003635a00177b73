"""From the game under construction to plain rows, and from a tree back to one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nl2efg.dialect.game_data import GameData, NodeRow, OutcomeRow, SetRow
from nl2efg.dialect.letter_data import LetterData, PlaceRow
from nl2efg.dialect.letters import MAX_CONDITIONS
from nl2efg.dialect.parameters import check_chance
from nl2efg.dialect.session import refuse, session
from nl2efg.dialect.symbolic_number import SymbolicNumber, plain
from nl2efg.families.expression_text import MAX_CHARACTERS
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET

if TYPE_CHECKING:
    from nl2efg.dialect.elements import Action, Infoset, Outcome, Player
    from nl2efg.dialect.game import Game


def snapshot(game: Game) -> GameData:
    """The game as it stands, in preorder."""
    game._complete()
    sets: dict[Infoset, int] = {}
    outcomes: dict[Outcome, int] = {}
    nodes: list[NodeRow] = []
    lines: list[tuple[int, int, int]] = []
    for node in game._root._below():
        number, paid = NO_SET, NO_OUTCOME
        if node._infoset is not None:
            number = sets.setdefault(node._infoset, len(sets))
        if node._outcome is not None:
            paid = outcomes.setdefault(node._outcome, len(outcomes))
        nodes.append((number, paid, _text(node._label)))
        told = node._lines
        lines.append((told.move, told.infoset, told.outcome))
    index = {player: i for i, player in enumerate(game._players)}
    return GameData(
        players=tuple(_text(player._label) for player in game._players),
        title=_text(game.title),
        comment=_text(game.comment),
        sets=tuple(_set_row(infoset, index) for infoset in sets),
        outcomes=tuple(_outcome_row(outcome) for outcome in outcomes),
        nodes=tuple(nodes),
        lines=tuple(lines),
        letters=_letters(list(sets), list(outcomes)),
    )


def _set_row(infoset: Infoset, index: dict[Player, int]) -> SetRow:
    probabilities = None
    if infoset.is_chance:
        probabilities = tuple(str(_prob(action)) for action in infoset._actions)
    return (
        index.get(infoset._player, CHANCE),
        tuple(_text(action._label) for action in infoset._actions),
        _text(infoset._label),
        probabilities,
    )


def _outcome_row(outcome: Outcome) -> OutcomeRow:
    return tuple(str(plain(value)) for value in outcome.row()), _text(outcome._label)


def _prob(action: Action) -> Fraction:
    return Fraction(0) if action._prob is None else plain(action._prob)


def _line(infoset: Infoset) -> int:
    return next((node._lines.move for node in infoset._members), 0)


def _expression(value: SymbolicNumber) -> str:
    text = value.expression.text
    if len(text) > MAX_CHARACTERS:
        raise refuse(
            "B322",
            f"an expression takes {len(text)} characters, over the limit of {MAX_CHARACTERS}",
            fix="write the payoff in fewer terms, or give the letter a number",
        )
    return text


def _letters(sets: list[Infoset], outcomes: list[Outcome]) -> LetterData | None:
    """The letters of the game, and where they stand; None if it has none."""
    known = session().letters
    if not known.parameters:
        return None
    payoffs: list[PlaceRow] = [
        (number, player, _expression(value))
        for number, outcome in enumerate(outcomes)
        for player, value in enumerate(outcome.row())
        if isinstance(value, SymbolicNumber)
    ]
    chances: list[PlaceRow] = []
    for number, infoset in enumerate(sets):
        row = [action._prob or Fraction(0) for action in infoset._actions]
        if infoset.is_chance and any(isinstance(prob, SymbolicNumber) for prob in row):
            check_chance(row, infoset._history(), _line(infoset))
            chances += [
                (number, place, _expression(prob))
                for place, prob in enumerate(row)
                if isinstance(prob, SymbolicNumber)
            ]
    if known.full:
        session().error(
            "B322",
            f"the program compares its parameters in more than {MAX_CONDITIONS} ways",
            fix="compare letters as little as the game needs, and not within loops",
        )
    return LetterData(
        tuple(
            (
                each.symbol,
                each.kind,
                str(each.value),
                "" if each.low is None else str(each.low),
                "" if each.high is None else str(each.high),
                _text(each.meaning),
            )
            for each in known.parameters.values()
        ),
        tuple(payoffs),
        tuple(chances),
        tuple((each.kind, each.line, each.text) for each in known.conditions.values()),
    )


def _text(value: object) -> str:
    """Text that can be encoded: half a surrogate pair becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
