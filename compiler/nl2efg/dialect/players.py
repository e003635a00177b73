"""The players of a game: adding, ordering and naming them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nl2efg.dialect.arguments import find_player
from nl2efg.dialect.elements import Player
from nl2efg.dialect.lookup import as_label
from nl2efg.dialect.session import session

if TYPE_CHECKING:
    from nl2efg.dialect.game import Game


def set_players(game: Game, players: Iterable[Any], drop: bool = False, add: bool = True) -> None:
    """The players, in order: those that there are stay, others are new."""
    wanted = [as_label(getattr(one, "label", one)) for one in players]
    known = {player._label: player for player in game._players}
    for label in known:
        if label not in wanted:
            session().note("B307", f"set_players leaves out the player {label!r}")
    game._players[:] = [known[label] if label in known else _new(game, label) for label in wanted]


def _new(game: Game, label: str) -> Player:
    return Player(game, label)


def relabel_players(game: Game, labels: Mapping[Any, Any], strict: bool = True) -> None:
    """Change names of players, all at once."""
    found = [(find_player(game, old, "relabel_players"), new) for old, new in labels.items()]
    for player, new in found:
        player.label = new
