"""The players of a game: adding, ordering and naming them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.elements import Player
from nl2efg.dialect.labels17 import reconciled, relabelled
from nl2efg.dialect.session import refuse

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def set_players(game: Game, players: Any, drop: bool = False, add: bool = True) -> None:
    """The players, in order: those that there are stay, others are new (17).

    Raises:
        DialectError: as :func:`nl2efg.dialect.labels17.reconciled`; or a player that moves would
            go, or one would be called as chance is.
    """
    known = {player._label: player for player in game._players}
    current = [player._label for player in game._players]
    wanted = reconciled(current, players, "set_players", "player", drop=drop, add=add)
    _refuse_chance(wanted, "set_players")
    for label in current:
        if label not in wanted and known[label].infosets:
            raise refuse(
                "B209",
                f"set_players: {label!r} has decisions in the game and cannot be deleted",
                fix="delete the player's moves first, or name the player too",
            )
    game._players[:] = [known.get(label) or Player(game, label) for label in wanted]


def relabel_players(game: Game, labels: Any, strict: bool = True) -> None:
    """Change names of players, all at once (17).

    Raises:
        DialectError: as :func:`nl2efg.dialect.labels17.relabelled`; or a player would be called
            as chance is.
    """
    current = [player._label for player in game._players]
    if isinstance(labels, Mapping) and game._chance._label in labels:
        raise refuse("B208", "relabel_players: the chance player's label is reserved")
    changes = relabelled(current, labels, "relabel_players", "player", strict=strict)
    _refuse_chance(changes.values(), "relabel_players")
    for player in game._players:
        player.label = changes.get(player._label, player._label)


def _refuse_chance(labels: Iterable[str], doing: str) -> None:
    if "Chance" in labels:
        raise refuse("B208", f"{doing}: 'Chance' is the name of chance and of no player")
