"""From the game under construction to plain rows, and from a tree back to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.dialect.game_data import GameData, NodeRow, OutcomeRow, SetRow
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET

if TYPE_CHECKING:
    from nl2efg.dialect.elements import Infoset, Outcome, Player
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
        move, joined, outcome = node._lines
        lines.append((move, joined, outcome))
    index = {player: i for i, player in enumerate(game._players)}
    return GameData(
        players=tuple(_text(player._label) for player in game._players),
        title=_text(game.title),
        comment=_text(game.comment),
        sets=tuple(_set_row(infoset, index) for infoset in sets),
        outcomes=tuple(_outcome_row(outcome) for outcome in outcomes),
        nodes=tuple(nodes),
        lines=tuple(lines),
    )


def _set_row(infoset: Infoset, index: dict[Player, int]) -> SetRow:
    probabilities = None
    if infoset.is_chance:
        probabilities = tuple(str(action._prob or 0) for action in infoset._actions)
    return (
        index.get(infoset._player, CHANCE),
        tuple(_text(action._label) for action in infoset._actions),
        _text(infoset._label),
        probabilities,
    )


def _outcome_row(outcome: Outcome) -> OutcomeRow:
    return tuple(map(str, outcome.row())), _text(outcome._label)


def _text(value: object) -> str:
    """Text that can be encoded: half a surrogate pair becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
