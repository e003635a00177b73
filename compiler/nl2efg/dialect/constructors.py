"""``pygambit.Game`` as programs call it: it makes games of every form."""

from __future__ import annotations

from typing import Any

from nl2efg.dialect.from_efg import read_efg
from nl2efg.dialect.game import Game
from nl2efg.dialect.session import session
from nl2efg.dialect.table import TableGame, from_arrays, from_dict


class AnyGame(Game):
    """A game, with pygambit 16's functions that make one."""

    @classmethod
    def new_tree(cls, players: Any = None, title: Any = "", **other: Any) -> Game:
        """A game with a root and nothing below it."""
        if isinstance(players, str) and not title:
            # Before 16.1 the first argument was the title.
            players, title = None, players
        if other:
            session().note(
                "B208", f"Game.new_tree takes no {', '.join(map(repr, other))}; left out"
            )
        return cls(players, title)

    @classmethod
    def new_table(cls, dim: Any, title: Any = "") -> TableGame:
        """A game in strategic form, see :class:`nl2efg.dialect.table.TableGame`."""
        return TableGame(dim, title)

    @classmethod
    def from_arrays(cls, *arrays: Any, title: Any = "") -> TableGame:
        """A game in strategic form, from an array of payoffs for each player."""
        return from_arrays(arrays, title)

    @classmethod
    def from_dict(cls, payoffs: Any, title: Any = "") -> TableGame:
        """A game in strategic form, from an array of payoffs for each player's name."""
        return from_dict(payoffs, title)

    @classmethod
    def parse_game(cls, text: Any) -> Game:
        """A game from the text of an ``.efg`` file."""
        return read_efg(text)

    @classmethod
    def read_game(cls, source: Any) -> Game:
        """A game from an ``.efg`` file that is open for reading."""
        return read_efg(source)
