"""Logit quantal response equilibria.

pygambit traces the principal branch (Turocy 2005, GEB 51, p. 243; McKelvey and Palfrey 1998,
Experimental Economics 1, p. 9). One precision holds for all players, so their payoffs are scaled
by one unit; every point is checked against the logit responses in the game's own payoffs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf
from typing import Any

from nl2efg.equilibria.certificate import Certificate, certify, leaf_row
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage, full_profile
from nl2efg.equilibria.result import Beliefs, bayes_beliefs
from nl2efg.equilibria.sequence_form import stage_at
from nl2efg.errors import UserError
from nl2efg.game import CHANCE, BehaviourProfile
from nl2efg.solving.pygambit.proposals import logit_branch, stage_tree
from nl2efg.solving.stage_problem import Rows

QUANTAL_TOLERANCE = 1e-4
"""By how much a row may differ from the logit response to the profile."""

FIRST_PRECISION = 1.0
"""The first lambda that is reported, over the payoff range of the game."""

STEP = 10**0.5
"""How much greater each further one is, until the profile has settled."""

SETTLED = 1e-3
"""By how much rows may still move once they have settled."""

PATH_REGRET = 1e-7
"""How far the path is followed, by the regret at its end."""


@dataclass(frozen=True, slots=True)
class Point:
    """A profile that a concept gives.

    Args:
        profile: the profile.
        certificate: what was verified.
        precision: the lambda at which it was read, in the game's own payoffs.
        beliefs: at every information set of a player.
        drift: by how much rows moved since the point before.
    """

    profile: BehaviourProfile
    certificate: Certificate
    precision: float
    beliefs: Beliefs
    drift: float


FLOATS = Fraction(10) ** 290
"""Payoffs, and what they differ by, are within this and its inverse."""


class _Path:
    """The principal branch of a game of perfect recall.

    Raises:
        UserError: the game has imperfect recall or no moves.
    """

    def __init__(self, flat: FlatGame) -> None:
        tree = flat.tree
        if tree.is_terminal(0):
            raise UserError("the game has no moves", hint="concept spe gives its payoffs")
        whole = as_one_stage(flat)
        self.flat = flat
        self.stage = stage_at(whole, 0)
        if not self.stage.has_perfect_recall:
            raise UserError(
                "a player has imperfect recall: sequential and quantal response equilibria are "
                "defined for perfect recall",
                hint="concept spe looks for an ex-ante equilibrium",
            )
        spans = [Fraction(span, u) for span, u in zip(flat.ranges[0], flat.scale, strict=True)]
        unit = max(spans) or Fraction(1)
        leaves = [
            tuple(u / Fraction(scale) for u, scale in zip(row, flat.scale, strict=True))
            for row in (leaf_row(whole, leaf, {}) for leaf in self.stage.leaves)
        ]
        self.scaled, self.origin = stage_tree(whole, self.stage, leaves, unit)
        largest = max((abs(Fraction(u)) for row in leaves for u in row), default=Fraction(0))
        if not 1 / FLOATS < unit < FLOATS or largest > FLOATS:
            raise UserError(
                "the payoffs are too large, or too close to each other, for floating point",
                hint="scale them; quantal response equilibria are worked out in it",
            )
        self.unit = float(unit)
        """What makes a lambda of the game one of the scaled game: the greatest payoff range."""

    def follow(self, regret: float) -> list[tuple[Rows, float]]:
        """Its points until the regret is small, with their lambdas.

        Raises:
            ProcessFailedError: no answer in time.
        """
        points = logit_branch(self.scaled, regret)
        return [
            ({self.origin[n]: row for n, row in rows.items()}, precision)
            for rows, precision in points
        ]


def quantal(flat: FlatGame) -> list[Point]:
    """Logit equilibria along the principal branch at growing precision, until they settle.

    Raises:
        ProcessFailedError: no branch in time.
        UserError: the game has imperfect recall or no moves.
    """
    path = _Path(flat)
    branch = path.follow(PATH_REGRET)
    if branch[-1][1] < FIRST_PRECISION:  # it ends where it begins: uniform play, for any lambda
        branch = [(branch[-1][0], FIRST_PRECISION)]
    found: list[Point] = []
    target = FIRST_PRECISION
    while target <= branch[-1][1]:
        rows, precision = min(branch, key=lambda point: abs(point[1] - target))
        target *= STEP
        profile = full_profile(flat, rows)
        if found and precision / path.unit <= found[-1].precision:
            continue
        if logit_gap(profile, precision / path.unit) > QUANTAL_TOLERANCE:
            continue
        beliefs = bayes_beliefs(profile)
        drift = inf
        if found:
            drift = _distance(profile.probabilities, found[-1].profile.probabilities)
        certificate = certify(profile, flat)
        found.append(Point(profile, certificate, precision / path.unit, beliefs, drift))
        if drift < SETTLED:
            break
    return found


def _distance(
    rows: Sequence[Sequence[Any] | None], others: Sequence[Sequence[Any] | None]
) -> float:
    """The greatest difference of two tables; where one of them has no row there is none."""
    return max(
        (
            abs(float(a) - float(b))
            for row, other in zip(rows, others, strict=True)
            for a, b in zip(row or (), other or (), strict=False)
        ),
        default=0.0,
    )


def conditional_values(
    profile: BehaviourProfile, number: int, beliefs: Sequence[float]
) -> list[float]:
    """Expected payoff of each action of a set to its player, by beliefs over its members."""
    tree = profile.tree
    player = tree.information_sets[number].player
    values = profile.node_values
    return [
        sum(
            float(weight) * float(values[tree.children[node][action]][player])
            for weight, node in zip(beliefs, tree.members[number], strict=True)
        )
        for action in range(len(tree.information_sets[number].actions))
    ]


def logit_gap(profile: BehaviourProfile, precision: float) -> float:
    """The greatest difference between a row and the logit response to the profile.

    Args:
        precision: lambda, in the game's own payoffs.
    """
    worst = 0.0
    for number, infoset in enumerate(profile.tree.information_sets):
        beliefs = profile.beliefs(number)
        if infoset.player == CHANCE or beliefs is None:
            continue
        values = conditional_values(profile, number, [float(weight) for weight in beliefs])
        peak = max(values)
        odds = [exp(precision * (value - peak)) for value in values]
        row = profile.probabilities[number]
        gaps = (abs(float(p) - o / sum(odds)) for p, o in zip(row, odds, strict=True))
        worst = max(worst, *gaps)
    return worst
