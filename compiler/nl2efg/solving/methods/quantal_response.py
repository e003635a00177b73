"""Logit quantal response equilibria, and sequential equilibria as their limit.

pygambit traces the principal branch (Turocy 2005, GEB 51, p. 243; McKelvey and Palfrey 1998,
Experimental Economics 1, p. 9). Its limit is a sequential equilibrium, and the beliefs along the
branch tend to consistent ones; both are numerical, and are checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf
from typing import Any

from nl2efg.errors import UserError
from nl2efg.game import CHANCE, BehaviourProfile
from nl2efg.solving.certificate import Certificate, certify, leaf_row
from nl2efg.solving.enumerate import as_one_stage
from nl2efg.solving.flat_game import FlatGame
from nl2efg.solving.methods.support_refinement import polished
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import logit_branch, stage_tree
from nl2efg.solving.result import Beliefs, bayes_beliefs
from nl2efg.solving.sequence_form import Row, stage_at
from nl2efg.solving.stage_problem import Rows

SEQUENTIAL_TOLERANCE = 1e-3
"""Greatest gain at any information set, relative to the payoff range, given limit beliefs."""

QUANTAL_TOLERANCE = 1e-4
"""By how much a row may differ from the logit response to the profile."""

FIRST_PRECISION = 1.0
"""The first lambda that is reported, over the payoff range of the game."""

STEP = 10**0.5
"""How much greater each further one is, until the profile has settled."""

SETTLED = 1e-3
"""By how much rows and beliefs may still move once they have settled."""

REGRETS = (1e-7, 1e-9, 1e-11)
"""How far the path is followed, by the regret at its end; further only if it has not settled."""


@dataclass(frozen=True, slots=True)
class Point:
    """A profile that a concept gives.

    Args:
        profile: the profile.
        certificate: what was verified.
        precision: the lambda at which it, or the beliefs, were read.
        beliefs: at every information set of a player.
        drift: by how much rows and beliefs moved while lambda grew to twice or more, or to the
            next point.
    """

    profile: BehaviourProfile
    certificate: Certificate
    precision: float
    beliefs: Beliefs
    drift: float


def full_profile(flat: FlatGame, rows: Rows) -> BehaviourProfile:
    """Rows of the players' sets as a profile; in floating point as soon as one of them is."""
    table: list[Row] = [rows.get(n, given) for n, given in enumerate(flat.given_rows)]
    if any(isinstance(p, float) for row in table for p in row):
        table = [tuple(map(float, row)) for row in table]
    return BehaviourProfile(flat.tree, tuple(table))


class _Path:
    """The principal branch of a game of perfect recall, its payoffs in [0, 1].

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
        self.leaves = [leaf_row(whole, leaf, {}) for leaf in self.stage.leaves]
        self.scaled, self.origin = stage_tree(whole, self.stage, self.leaves)
        spans = [span / scale for span, scale in zip(flat.ranges[0], flat.scale, strict=True)]
        self.unit = max(spans) or 1.0
        """What makes a lambda of the game one of the scaled game."""

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
    branch = path.follow(REGRETS[0])
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
        if _logit_gap(flat, profile, precision) > QUANTAL_TOLERANCE:
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


def sequential(flat: FlatGame) -> Point | None:
    """The limit of the principal branch, with limit beliefs; None if it fails the checks.

    The branch is followed until rows and beliefs have settled, as far as that goes in floating
    point.

    Raises:
        ProcessFailedError: no branch in time.
        UserError: the game has imperfect recall or no moves.
    """
    path = _Path(flat)
    best: Point | None = None
    for regret in REGRETS:
        try:
            found = _limit(path, path.follow(regret))
        except ProcessFailedError:
            if best is None:
                raise
            break
        if found is not None and (best is None or found.drift < best.drift):
            best = found
        if best is not None and best.drift < SETTLED:
            break
    return best


def _limit(path: _Path, branch: Sequence[tuple[Rows, float]]) -> Point | None:
    """The candidate for a limit at the end of a branch, if it passes the checks."""
    flat = path.flat
    rows, precision = branch[-1]
    near = full_profile(flat, rows)
    beliefs = bayes_beliefs(near)
    before = full_profile(
        flat, next(r for r, lam in reversed(branch) if 2 * lam <= precision or lam == 0)
    )
    drift = max(
        _distance(near.probabilities, before.probabilities),
        _distance(beliefs, bayes_beliefs(before)),
    )
    for candidate in polished(path.stage, path.leaves, rows):
        profile = full_profile(flat, candidate)
        certificate = certify(profile, flat)
        if certificate.is_subgame_perfect and _is_rational(flat, profile, beliefs):
            return Point(profile, certificate, precision / path.unit, beliefs, drift)
    return None


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


def _spans(flat: FlatGame) -> list[float]:
    return [
        float(Fraction(span, scale)) or 1.0
        for span, scale in zip(flat.ranges[0], flat.scale, strict=True)
    ]


def _is_rational(flat: FlatGame, profile: BehaviourProfile, beliefs: Beliefs) -> bool:
    """Whether every used action of every set is best, given the beliefs."""
    spans = _spans(flat)
    for number, own in enumerate(flat.tree.information_sets):
        here = beliefs[number]
        if own.player == CHANCE:
            continue
        if here is None:
            return False
        values = conditional_values(profile, number, here)
        slack = SEQUENTIAL_TOLERANCE * spans[own.player]
        row = profile.probabilities[number]
        if any(p and v < max(values) - slack for p, v in zip(row, values, strict=True)):
            return False
    return True


def _logit_gap(flat: FlatGame, profile: BehaviourProfile, precision: float) -> float:
    """The greatest difference between a row and the logit response to the profile."""
    spans = _spans(flat)
    worst = 0.0
    for number, own in enumerate(flat.tree.information_sets):
        beliefs = profile.beliefs(number)
        if own.player == CHANCE or beliefs is None:
            continue
        values = conditional_values(profile, number, [float(weight) for weight in beliefs])
        peak = max(values)
        odds = [exp(precision * (value - peak) / spans[own.player]) for value in values]
        row = profile.probabilities[number]
        gaps = (abs(float(p) - o / sum(odds)) for p, o in zip(row, odds, strict=True))
        worst = max(worst, *gaps)
    return worst
