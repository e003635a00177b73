"""pygambit 17: nodes are addressed by histories, and names are labels.

Each history is walked from the root, so building node by node takes quadratic time; games go
through .efg text instead, up to ``MAX_DEPTH``. Labels may be in any script there.
"""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

from nl2efg.errors import UserError
from nl2efg.formats.efg_reader import read_efg
from nl2efg.formats.efg_writer import write_efg
from nl2efg.formats.nfg import read_nfg
from nl2efg.gambit.port import Rows
from nl2efg.game.model import GameTree

MAX_DEPTH = 2000
"""Deeper trees are not handed over: pygambit's recursion overflows the stack (at 10,000 moves)."""

LAMBDA_STEP = 1.1
LAMBDAS_AT_A_TIME = 16
"""How the path of logit equilibria is followed beyond the point where pygambit 17 stops."""


class Pygambit17:
    """The adapter for pygambit 17."""

    def new_game(self, tree: GameTree) -> Any:
        """The tree as an ``ExtensiveGame``, read from .efg text.

        Raises:
            UserError: the tree is too deep for pygambit.
        """
        import pygambit

        check_depth(tree)
        return pygambit.read_efg(io.StringIO(write_efg(tree, unicode=True)))

    def read_game(self, game: Any) -> GameTree:
        """The tree of an ``ExtensiveGame``; any other game moves simultaneously."""
        import pygambit

        if isinstance(game, pygambit.ExtensiveGame):
            return read_efg(game.to_efg(), "the game")
        return read_nfg(game.to_nfg(), "the game")

    def new_profile(self, game: Any, tree: GameTree, rows: Rows, *, rational: bool) -> Any:
        """A ``MixedBehaviorProfile`` with these probabilities."""
        # pygambit's nested list: a player's information sets in the order of their first node,
        # which is that of the tree.
        data = [
            [list(rows[number]) for number in tree.sets_of_player(player)]
            for player in range(len(tree.players))
        ]
        return game.mixed_behavior_profile(data=data, rational=rational)

    def profile_rows(self, profile: Any, game: Any, tree: GameTree) -> Rows:
        """The probabilities of a ``MixedBehaviorProfile``."""
        found: Rows = [[] for _ in tree.information_sets]
        for player, label in enumerate(game.players):
            actions = (action for _, action in profile[label])
            for number, action in zip(tree.sets_of_player(player), actions, strict=True):
                found[number] = [_number(probability) for _, probability in action]
        return found

    def logit_branch(
        self, game: Any, tree: GameTree, max_regret: float
    ) -> list[tuple[float, Rows]]:
        """Points on the principal branch, which pygambit gives as flat lists."""
        places = [range(0)] * len(tree.information_sets)
        count = 0
        for player in range(len(tree.players)):
            for number in tree.sets_of_player(player):
                width = len(tree.information_sets[number].actions)
                places[number] = range(count, count + width)
                count += width
        points = _whole_branch(game, max_regret)
        return [
            (float(point.lam), [[float(point[at]) for at in place] for place in places])
            for point in points
        ]


def _whole_branch(game: Any, max_regret: float) -> list[Any]:
    """Points on the branch until nobody gains more than that at any information set reached.

    pygambit 17 measures what a player gains over the whole game, 16.7 what is gained at an
    information set, given that it is reached. The first vanishes long before rarely reached
    players have settled, so the path is followed further from where pygambit stops.
    """
    from pygambit.qre import logit_solve_branch, logit_solve_lambda

    points = list(logit_solve_branch(game, maxregret=max_regret))
    limit = max_regret * float(game.max_payoff - game.min_payoff)
    while points[-1].lam > 0 and points[-1].profile.agent_max_regret() > limit:
        reached = points[-1].lam
        wanted = [reached * LAMBDA_STEP**step for step in range(1, LAMBDAS_AT_A_TIME + 1)]
        for point in logit_solve_lambda(game, wanted):
            if point.lam > points[-1].lam:
                points.append(point)
        # pygambit ends where probabilities leave the range of floating point.
        if points[-1].lam < wanted[-1] * (1 - 1e-6):
            break
    return points


def check_depth(tree: GameTree) -> None:
    """Refuse a tree that pygambit 17 would die of.

    Raises:
        UserError: it is too deep.
    """
    if max(tree.depth) > MAX_DEPTH:
        raise UserError(
            f"the game is more than {MAX_DEPTH} moves deep, too deep for pygambit 17",
            hint="use pygambit 16.7",
        )


def _number(probability: Any) -> Fraction | float:
    if isinstance(probability, float):
        return probability
    return Fraction(probability.numerator, probability.denominator)
