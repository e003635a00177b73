"""Candidates for a sequential equilibrium; each is proved or dropped elsewhere.

Sequential equilibria always exist under perfect recall (Kreps and Wilson 1982, Econometrica 50,
p. 876), and equilibria of games in which everybody trembles a little lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.deadline import OutOfTimeError, is_late, share_of_time
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage, flat_game_of
from nl2efg.equilibria.sequence_form import Row, Stage, plan_behaviour, stage_at
from nl2efg.game import GameTree
from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.lemke import solve_lemke
from nl2efg.solving.methods.logit_annealing import annealed
from nl2efg.solving.methods.regret_minimisation import averages
from nl2efg.solving.methods.support_refinement import polished
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import logit_branch, stage_tree
from nl2efg.solving.stage_problem import Rows

TREMBLES = (Fraction(1, 2**20), Fraction(1, 2**40))
"""How often each action is played at least, in exact pivoting."""

NEGLIGIBLE = Fraction(1, 2**10)
"""What is played less often is a tremble."""

MAX_DENOMINATOR = 1000
"""Of the probabilities that are read."""

NEWTON_TREMBLES = (1e-3, 1e-5)
"""How often unused actions are played while indifference is sought in floating point."""

SUPPORTS = (0.05, 1e-2, 1e-3)
"""Readings of an approximate profile: what is played more often is used."""

PATH_REGRET = 1e-9
"""How far pygambit follows the logit path."""


def sequential_candidates(flat: FlatGame, tried: list[str]) -> Iterator[tuple[Rows, str]]:
    """Exact profiles that may be sequential, each with how it was found.

    Args:
        flat: a game of perfect recall.
        tried: receives a line on every method that was tried.
    """
    whole = as_one_stage(flat_game_of(_with_likely_chance(flat.tree)))
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    if len(stage.sides) == 2:
        for tremble in TREMBLES:
            rows = _trembled_pivoting(stage, leaves, tremble)
            if rows is not None:
                yield rows, "Lemke with trembles"
        tried.append("Lemke with trembles: no proof")
    for source, name in ((annealed, "annealed logit responses"), (averages, "regret minimisation")):
        profiles = source(stage, leaves)
        for _ in range(MAX_SOURCES):
            near = _next(profiles)
            if near is None:
                break
            for candidate in _polished(stage, leaves, near):
                yield candidate, f"{name} with trembles"
        tried.append(f"{name} with trembles: no proof")
    yield from _from_logit_path(whole, stage, leaves, tried)


MAX_SOURCES = 25
"""Most approximate profiles of each method that are refined."""

SOURCE_SHARE = 0.3
"""How much of the time that is left the next approximate profile may take."""


def _next(profiles: Iterator[Rows]) -> Rows | None:
    try:
        with share_of_time(SOURCE_SHARE):
            return next(profiles, None)
    except OutOfTimeError:
        return None


def _polished(stage: Stage, leaves: list[Row], near: Rows) -> list[Rows]:
    """The exact profiles near an approximate one, each once."""
    found: dict[tuple[tuple[int, Row], ...], Rows] = {}
    for tremble in NEWTON_TREMBLES:
        try:
            with share_of_time(SOURCE_SHARE):
                for rows in polished(stage, leaves, near, supports=SUPPORTS, tremble=tremble):
                    found.setdefault(tuple(sorted(rows.items())), rows)
        except OutOfTimeError:
            break
    return list(found.values())


def _trembled_pivoting(stage: Stage, leaves: list[Row], tremble: Fraction) -> Rows | None:
    """The limit of the plans that Lemke's algorithm finds where every sequence has some weight."""
    try:
        with share_of_time(SOURCE_SHARE):
            answer = solve_lemke(two_players(stage, leaves), exact=True, tremble=tremble)
    except OutOfTimeError:
        return None
    if answer is None:
        return None
    rows: Rows = {}
    for side, plan in zip(stage.sides, answer[0], strict=True):
        for number, row in plan_behaviour(side, plan).items():
            near = [
                Fraction(0) if p < NEGLIGIBLE else Fraction(p).limit_denominator(MAX_DENOMINATOR)
                for p in row
            ]
            if sum(near) != 1:
                return None
            rows[number] = tuple(near)
    return rows


def _from_logit_path(
    whole: FlatGame, stage: Stage, leaves: list[Row], tried: list[str]
) -> Iterator[tuple[Rows, str]]:
    """The end of pygambit's principal branch, whose limit is sequential (McKelvey and Palfrey
    1998, Experimental Economics 1, p. 18).
    """
    if is_late():
        return
    tree, origin = stage_tree(whole, stage, leaves)
    try:
        branch = logit_branch(tree, PATH_REGRET)
    except ProcessFailedError as failure:
        tried.append(f"pygambit's logit path: {failure}")
        return
    rows = {origin[n]: row for n, row in branch[-1][0].items()}
    for candidate in _polished(stage, leaves, rows):
        yield candidate, "limit of the logit path"
    tried.append("pygambit's logit path: no proof")


def _with_likely_chance(tree: GameTree) -> GameTree:
    """The game with every branch of chance a little likely, so that all sets can be reached."""
    sets = []
    for infoset in tree.information_sets:
        row = infoset.probabilities
        if row is not None and not all(row):
            small = TREMBLES[0]
            even = Fraction(1, len(row))
            row = tuple((1 - small) * p + small * even for p in row)
            infoset = replace(infoset, probabilities=row)
        sets.append(infoset)
    return replace(tree, information_sets=tuple(sets))
