"""The games of a server by handle. A host names games by handle, bundled name or text, never by a
path: what lies on the machine is none of its business.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from nl2efg.errors import NotFoundError, UserError
from nl2efg.game import GameTree
from nl2efg.library import as_tree
from nl2efg.pipeline import Compilation, example
from nl2efg.sandbox import abuild
from nl2efg.sandbox.game_text import is_game_text
from nl2efg.solving import Solution

MAX_GAMES = 64
MAX_NODES = 2_000_000
"""Nodes of all games together; the oldest give way."""
MAX_TEXT = 4_000_000


@dataclass
class ShelvedGame:
    """A game that a host works with.

    Args:
        handle: its secret name; a bundled game's is its name.
        tree: the game.
        compilation: where it comes from, if it was compiled here.
        solution: the last one that was found.
    """

    handle: str
    tree: GameTree
    compilation: Compilation | None = None
    solution: Solution | None = None


class Shelf:
    """Games by handle, the latest last."""

    def __init__(self) -> None:
        self._games: OrderedDict[str, ShelvedGame] = OrderedDict()

    def put(
        self, tree: GameTree, compilation: Compilation | None = None, handle: str = ""
    ) -> ShelvedGame:
        """Keep a game.

        Args:
            tree: the game.
            compilation: where it comes from.
            handle: empty for a new one.

        Raises:
            UserError: it is larger than all games may be together.
        """
        if len(tree) > MAX_NODES:
            raise UserError(f"the game has {len(tree):,} nodes; at most {MAX_NODES:,} are kept")
        solution = compilation.solution if compilation else None
        handle = handle or f"game-{secrets.token_urlsafe(9)}"
        game = self._games[handle] = ShelvedGame(handle, tree, compilation, solution)
        while len(self._games) > MAX_GAMES or self._nodes() > MAX_NODES:
            self._games.popitem(last=False)
        return game

    def _nodes(self) -> int:
        return sum(len(game.tree) for game in self._games.values())

    async def find(self, name: str) -> ShelvedGame:
        """A game by handle, by the name of a bundled one, or from its ``.efg`` text.

        Args:
            name: one of these.

        Raises:
            NotFoundError: there is none.
            UserError: the text is no game, or too large.
        """
        if name in self._games:
            self._games.move_to_end(name)
            return self._games[name]
        if len(name) > MAX_TEXT:
            raise UserError(f"the text has {len(name):,} characters; at most {MAX_TEXT:,} are read")
        if is_game_text(name):
            built = await abuild(name)  # read under the limits of what a model writes
            if built.tree is None:
                raise UserError("; ".join(found.message for found in built.diagnostics))
            return self.put(built.tree)
        if name.startswith("game-"):
            raise NotFoundError(
                "there is no game of that handle, or no longer", hint="compile or build it again"
            )
        try:
            bundled = example(name[:200])
        except NotFoundError as error:
            raise NotFoundError(
                f"{name[:200]!r} is no handle, no bundled game and no .efg text", hint=error.hint
            ) from None
        return self.put(as_tree(bundled), handle=name)
