"""What pygambit itself says of a game, in either generation, without our reader of its games."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pygambit

from nl2efg.gambit import installed_generation

GENERATION = installed_generation()


@dataclass(frozen=True)
class SeenNode:
    """A node as pygambit shows it.

    Args:
        history: labels of the actions from the root.
        player: who moves; None at the end.
        infoset: something that the nodes of one information set share; None at the end.
        actions, probabilities: those of the move; no probabilities where a player moves.
        payoffs: of the outcome here, or None.
    """

    history: tuple[str, ...]
    player: str | None
    infoset: object
    actions: tuple[str, ...]
    probabilities: tuple[Fraction, ...]
    payoffs: tuple[Fraction, ...] | None


def read_by_pygambit(text: str) -> Any:
    """pygambit's game of .efg text."""
    return pygambit.read_efg(io.BytesIO(text.encode()))


def player_labels(game: Any) -> list[str]:
    """The players' names."""
    return [player if GENERATION == 17 else player.label for player in game.players]


def seen_nodes(game: Any) -> list[SeenNode]:
    """All nodes in preorder."""
    return _nodes_by_history(game) if GENERATION == 17 else _nodes(game)


def cell_payoffs(game: Any, strategies: tuple[int, ...]) -> tuple[Fraction, ...]:
    """What a combination of strategies, by number, pays in a strategic game."""
    if GENERATION == 16:
        return tuple(Fraction(str(game[strategies][player])) for player in game.players)
    chosen = {
        player: game.get_strategies(player)[number]
        for player, number in zip(game.players, strategies, strict=True)
    }
    return tuple(Fraction(str(payoff)) for _, payoff in game.get_payoffs(chosen))


def strategy_labels(game: Any) -> list[list[str]]:
    """The labels of each player's strategies."""
    if GENERATION == 17:
        return [game.get_strategies(player) for player in game.players]
    return [[one.label for one in player.strategies] for player in game.players]


def table(*arrays: Any) -> Any:
    """A strategic game with these payoffs."""
    owner = pygambit.StrategicGame if GENERATION == 17 else pygambit.Game
    return owner.from_arrays(*arrays)


def _nodes(game: Any) -> list[SeenNode]:
    found = []
    for node in game.nodes:
        history: list[str] = []
        step = node
        while step.prior_action:
            history.append(step.prior_action.label)
            step = step.parent
        own = None if node.is_terminal else node.infoset
        actions = [] if own is None else list(own.actions)
        found.append(
            SeenNode(
                tuple(reversed(history)),
                None if own is None else own.player.label,
                None if own is None else (own.player.label, own.number),
                tuple(action.label for action in actions),
                tuple(
                    Fraction(str(action.prob))
                    for action in actions
                    if own is not None and own.is_chance
                ),
                tuple(Fraction(str(node.outcome[player])) for player in game.players)
                if node.outcome
                else None,
            )
        )
    return found


def _nodes_by_history(game: Any) -> list[SeenNode]:
    from pygambit import H

    found = []
    for history in game.get_histories(H.after()):
        here = H.path(*history.actions)
        members = game.get_members(here)
        outcome = game.get_outcome(here)
        found.append(
            SeenNode(
                history.actions,
                game.get_player(here),
                members[0].actions if members else None,
                tuple(game.get_actions(here)),
                tuple(Fraction(str(p)) for p in game.get_action_probs(here).values()),
                None
                if outcome is None
                else tuple(Fraction(str(v)) for _, v in game.get_outcome_payoffs(outcome)),
            )
        )
    return found
