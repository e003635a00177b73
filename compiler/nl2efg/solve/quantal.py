"""Logit quantal response equilibria, and sequential equilibria as their limit.

pygambit traces the principal branch (Turocy 2005, GEB 51, p. 243; McKelvey and Palfrey 1998,
Experimental Economics 1, p. 9). Its limit is a sequential equilibrium, and the beliefs along the
branch tend to consistent ones; both are numerical, and are checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp

from nl2efg.errors import UserError
from nl2efg.solve.arrays import Arrays
from nl2efg.solve.certificate import Certificate, certify, leaf_row
from nl2efg.solve.enumerate import as_one_stage
from nl2efg.solve.gambit import ask_gambit, stage_tree
from nl2efg.solve.polish import polished
from nl2efg.solve.result import Beliefs, bayes_beliefs
from nl2efg.solve.stage import Row, stage_at
from nl2efg.solve.task import Rows
from nl2efg.tree import CHANCE, BehaviourProfile

SEQUENTIAL_TOLERANCE = 1e-3
"""Greatest gain at any information set, relative to the payoff range, given limit beliefs."""

QUANTAL_TOLERANCE = 1e-4
"""By how much a row may differ from the logit response to the profile."""

PRECISIONS = (1, 3, 10, 30, 100)
"""Lambdas that are reported, over the payoff range of the game."""


@dataclass(frozen=True, slots=True)
class Point:
    """A profile that a concept gives.

    Args:
        profile: the profile.
        certificate: what was verified.
        precision: the lambda at which it, or the beliefs, were read.
        beliefs: at every information set of a player.
    """

    profile: BehaviourProfile
    certificate: Certificate
    precision: float
    beliefs: Beliefs


def full_profile(arrays: Arrays, rows: Rows) -> BehaviourProfile:
    """Rows of the players' sets as a profile; in floating point as soon as one of them is."""
    table: list[Row] = [rows.get(n, given) for n, given in enumerate(arrays.given_rows)]
    if any(isinstance(p, float) for row in table for p in row):
        table = [tuple(map(float, row)) for row in table]
    return BehaviourProfile(arrays.tree, tuple(table))


def quantal(arrays: Arrays, deadline: float) -> list[Point]:
    """Logit equilibria at a few precisions along the principal branch.

    Raises:
        ProcessFailed: no branch in time.
        UserError: the game has imperfect recall or no moves.
    """
    branch, origin, span = _branch(arrays, deadline)
    found = []
    seen = set()
    for target in PRECISIONS:
        rows, precision = min(branch, key=lambda point: abs(point[1] - target))
        if precision in seen or not precision:
            continue
        seen.add(precision)
        profile = full_profile(arrays, {origin[n]: row for n, row in rows.items()})
        if _logit_gap(arrays, profile, precision) <= QUANTAL_TOLERANCE:
            beliefs = bayes_beliefs(profile)
            certificate = certify(profile, arrays)
            found.append(Point(profile, certificate, precision / span, beliefs))
    return found


def sequential(arrays: Arrays, deadline: float) -> Point | None:
    """The limit of the principal branch, with limit beliefs; None if it fails the checks.

    Raises:
        ProcessFailed: no branch in time.
        UserError: the game has imperfect recall or no moves.
    """
    branch, origin, span = _branch(arrays, deadline)
    rows, precision = branch[-1]
    near = {origin[n]: row for n, row in rows.items()}
    beliefs = bayes_beliefs(full_profile(arrays, near))
    whole = as_one_stage(arrays)
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    for candidate in polished(stage, leaves, near):
        profile = full_profile(arrays, candidate)
        certificate = certify(profile, arrays)
        if certificate.is_subgame_perfect and _is_rational(arrays, profile, beliefs):
            return Point(profile, certificate, precision / span, beliefs)
    return None


def _branch(arrays: Arrays, deadline: float) -> tuple[list[tuple[Rows, float]], list[int], float]:
    """The branch of the game with payoffs in [0, 1], and the unit that makes lambdas its own."""
    tree = arrays.tree
    if tree.is_terminal(0):
        raise UserError("the game has no moves", hint="concept spe gives its payoffs")
    whole = as_one_stage(arrays)
    stage = stage_at(whole, 0)
    if not stage.has_perfect_recall:
        raise UserError(
            "a player has imperfect recall: sequential and quantal response equilibria are "
            "defined for perfect recall",
            hint="concept spe looks for an ex-ante equilibrium",
        )
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    scaled, origin = stage_tree(whole, stage, leaves)
    profiles, lambdas = ask_gambit(scaled, "branch", deadline)
    spans = [span / scale for span, scale in zip(arrays.ranges[0], arrays.scale, strict=True)]
    return list(zip(profiles, lambdas, strict=True)), origin, max(spans) or 1.0


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


def _spans(arrays: Arrays) -> list[float]:
    return [
        float(Fraction(span, scale)) or 1.0
        for span, scale in zip(arrays.ranges[0], arrays.scale, strict=True)
    ]


def _is_rational(arrays: Arrays, profile: BehaviourProfile, beliefs: Beliefs) -> bool:
    """Whether every used action of every set is best, given the beliefs."""
    spans = _spans(arrays)
    for number, own in enumerate(arrays.tree.information_sets):
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


def _logit_gap(arrays: Arrays, profile: BehaviourProfile, precision: float) -> float:
    """The greatest difference between a row and the logit response to the profile."""
    spans = _spans(arrays)
    worst = 0.0
    for number, own in enumerate(arrays.tree.information_sets):
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
