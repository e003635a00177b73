"""What nl2efg asks of pygambit, whatever its generation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from nl2efg.game.model import GameTree

Rows = list[Sequence[Fraction | float]]
"""For each information set of a tree the probabilities of its actions; chance's rows are empty."""


class Pygambit(Protocol):
    """One generation of pygambit.

    Games that come in are trees whose probabilities are distributions; see
    :func:`nl2efg.gambit.games.check_probabilities`.
    """

    def new_game(self, tree: GameTree) -> Any:
        """The tree as a game of pygambit, with labels that this generation takes.

        Raises:
            UserError: pygambit cannot hold the game.
        """

    def read_game(self, game: Any) -> GameTree:
        """The tree of an extensive or strategic game of pygambit, with display labels."""

    def new_profile(self, game: Any, tree: GameTree, rows: Rows, *, rational: bool) -> Any:
        """A behaviour profile of a game that ``new_game`` made of the tree."""

    def profile_rows(self, profile: Any, game: Any, tree: GameTree) -> Rows:
        """The probabilities of a behaviour profile of a game that ``new_game`` made."""

    def logit_branch(
        self, game: Any, tree: GameTree, max_regret: float
    ) -> list[tuple[float, Rows]]:
        """Points on the principal branch of logit equilibria: lambda and probabilities.

        Args:
            game: made by ``new_game`` of the tree.
            max_regret: where to stop, as a share of the range of payoffs.
        """
