"""Which method for which stage.

A method may only propose: whatever it finds is verified as a profile of the stage, and is dropped
if anybody could gain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain

from nl2efg.equilibria.deadline import OutOfTimeError, is_late, share_of_time
from nl2efg.equilibria.imperfect_recall import (
    BestBehaviour,
    best_behaviour,
    leaf_paths,
    pure_equilibria,
    terms_of,
)
from nl2efg.equilibria.sequence_form import Row, Stage, Value, best_response, common, exact_gains
from nl2efg.solving.methods.float_play import FloatPlay
from nl2efg.solving.methods.logit_annealing import annealed
from nl2efg.solving.methods.logit_tracing import logit_tracing, near_logit
from nl2efg.solving.methods.near_priors import near_priors
from nl2efg.solving.methods.pure_strategies import (
    TREMBLE,
    PureStrategies,
    mutual_best_replies,
    pure_rows,
)
from nl2efg.solving.methods.regret_minimisation import averages
from nl2efg.solving.methods.support_refinement import polished
from nl2efg.solving.methods.two_player import (
    complementary,
    constant_sum,
    linear_program,
    two_mix,
)
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.stage_problem import STAGE_TOLERANCE, Proposal, Rows, StageProblem

Method = Callable[[StageProblem], Proposal | None]
Source = Callable[[Stage, Sequence[Row]], Iterator[Rows]]

MAX_PIVOTED = 150
"""Beyond so many sequences, pure equilibria are looked for before pivoting."""

MAX_FROM_UNIFORM = 400
"""Beyond so many sequences, paths from uniform play are too long to be tried first."""


def solve_stage(problem: StageProblem) -> Proposal | None:
    """A verified equilibrium of a stage, by the methods that suit it in turn.

    Each method has a share of the time that is left when its turn comes, so that what stands
    behind it runs too.
    """
    for method, share in _methods(problem):
        if is_late():
            problem.tried.append("the budget is used up")
            return None
        try:
            with share_of_time(share):
                found = method(problem)
        except OutOfTimeError:
            problem.tried.append(f"{_name(method)}: its share of the time ended")
            continue
        if found is not None:
            return found
    return None


def _name(method: Method) -> str:
    return getattr(method, "__name__", "a method").replace("_", " ")


def _methods(problem: StageProblem) -> Sequence[tuple[Method, float]]:
    """The methods for a stage, each with its share of the time that is left."""
    stage = problem.stage
    if not stage.sides:
        return ((forced, 1.0),)
    if not stage.has_perfect_recall:
        return ((forgetful, 0.3), (pure_forgetful, 0.5), (gambit("logit", 0.5), 1.0))
    if len(stage.sides) == 1:
        return ((alone, 1.0),)
    regrets = refined(averages, "regret minimisation")
    if len(stage.sides) == 2:
        if constant_sum(stage, problem.leaves) is not None:
            return ((linear_program, 0.8), (complementary, 0.5), (regrets, 1.0))
        lcp = gambit("lcp", 0.7)
        size = sum(side.size for side in stage.sides)
        if size > MAX_FROM_UNIFORM:
            return (
                (table, 1.0),
                (dynamics, 0.1),
                (near_logit, 0.9),
                (near_priors, 0.5),
                (complementary, 0.5),
                (regrets, 1.0),
            )
        if size > MAX_PIVOTED:
            return (
                (table, 1.0),
                (dynamics, 0.1),
                (near_logit, 0.6),
                (complementary, 0.5),
                (lcp, 0.5),
                (regrets, 1.0),
            )
        return ((complementary, 0.6), (dynamics, 0.4), (lcp, 1.0), (regrets, 1.0))
    return (
        (dynamics, 0.1),
        (two_mix, 0.2),
        (logit_tracing, 0.6),
        (regrets, 0.35),
        (refined(annealed, "annealed logit responses"), 0.6),
        (gambit("ipa", 0.3), 1.0),
        (gambit("logit", 0.4), 1.0),
        (gambit("gnm", 0.3), 1.0),
        (gambit("simpdiv", 0.5), 1.0),
        (gambit("enumpoly", 0.9), 1.0),
    )


def forced(problem: StageProblem) -> Proposal | None:
    """Nothing: every information set of the stage has one action."""
    return problem.accept({}, "nobody has a choice")


def alone(problem: StageProblem) -> Proposal | None:
    """The best response of the only player who moves."""
    side = problem.stage.sides[0]
    payoffs, _ = common([row[side.player] for row in problem.leaves])
    gains, _ = exact_gains(problem.stage, 0, [([], 1)], payoffs)
    response = best_response(side, gains)
    return problem.accept(pure_rows(side, response.choices), "best response")


def table(problem: StageProblem) -> Proposal | None:
    """A pure equilibrium of a table, if it has one."""
    sides = problem.stage.sides
    payoffs = [common([row[side.player] for row in problem.leaves])[0] for side in sides]
    found = mutual_best_replies(problem.stage, payoffs)
    rows: Rows = {}
    for side, own in zip(sides, found or (), strict=bool(found)):
        rows.update(pure_rows(side, own))
    return problem.accept(rows or None, "mutual best replies")


def dynamics(problem: StageProblem) -> Proposal | None:
    """Best-response dynamics in pure strategies.

    First against opponents who tremble, so that threats that nobody would carry out fall away;
    then, if that does not settle on an equilibrium, without trembles.
    """
    for tremble, method in (
        (TREMBLE, "best-response dynamics with trembles"),
        (0, "best-response dynamics"),
    ):
        choices = PureStrategies(problem.stage, problem.leaves, tremble).search()
        rows: Rows = {}
        for side, own in zip(problem.stage.sides, choices or (), strict=bool(choices)):
            rows.update(pure_rows(side, own))
        found = problem.accept(rows or None, method)
        if found is not None:
            return found
    return None


FORGETFUL_ROUNDS = 40

NEAR = Fraction(1, 2**80)
"""Probabilities that differ by less stand for one irrational number."""


def forgetful(problem: StageProblem) -> Proposal | None:
    """Ex-ante best responses in turn, from uniform play, without perfect recall.

    Raises:
        UserError: a best response is out of reach.
    """
    flat, stage = problem.flat, problem.stage
    paths = leaf_paths(flat, stage)
    sets = flat.tree.information_sets
    table: list[Row] = list(flat.given_rows)
    for side in stage.sides:
        for number in side.sets:
            width = len(sets[number].actions)
            table[number] = (Fraction(1, width),) * width
    rounded: frozenset[int] = frozenset()
    for _ in range(FORGETFUL_ROUNDS):
        moved = False
        for side in stage.sides:
            payoffs = [row[side.player] for row in problem.leaves]
            terms = terms_of(flat, paths, table, side.player, payoffs)
            better = best_behaviour(flat, side.sets, terms, floor=Fraction(_worth(terms, table)))
            if better is not None and not _is_near(better, table):
                moved = True
                rounded = rounded.difference(side.sets) | better.irrational
                for number, row in better.rows.items():
                    table[number] = row
        if not moved:
            break
    rows = {number: table[number] for side in stage.sides for number in side.sets}
    rows |= {number: tuple(map(float, rows[number])) for number in rounded}
    return problem.accept(rows, "ex-ante best responses")


def _is_near(better: BestBehaviour, table: Sequence[Row]) -> bool:
    """Whether a best response with irrational probabilities is what is played, but for rounding."""
    return bool(better.irrational) and all(
        abs(Fraction(p) - Fraction(q)) <= NEAR
        for number, row in better.rows.items()
        for p, q in zip(row, table[number], strict=True)
    )


def pure_forgetful(problem: StageProblem) -> Proposal | None:
    """The first pure equilibrium without perfect recall, of all pure profiles.

    Raises:
        UserError: a best response is out of reach.
    """
    profiles = pure_equilibria(problem.flat, problem.stage, problem.leaves)
    if profiles is None:
        return problem.accept(None, "enumeration of pure profiles")
    for rows in profiles:
        found = problem.check(rows, "enumeration of pure profiles")
        if found is not None:
            return found
    return problem.accept(None, "enumeration of pure profiles")


def _worth(terms: Sequence[tuple[Value, tuple[tuple[int, int], ...]]], rows: list[Row]) -> Value:
    total: Value = Fraction(0)
    for weight, path in terms:
        for number, action in path:
            weight = weight * rows[number][action]
        total += weight
    return total


def refined(source: Source, name: str) -> Method:
    """Approximate profiles one after the other, each with the equilibria near it.

    Args:
        source: from a stage and its payoffs to profiles, for as long as there is time.
        name: of the method, in words.
    """

    def propose(problem: StageProblem) -> Proposal | None:
        best: Proposal | None = None
        recall = problem.stage.has_perfect_recall
        play = FloatPlay(problem.stage, problem.leaves) if recall else None
        for rows in source(problem.stage, problem.leaves):
            if play is not None:
                problem.note(max(play.regrets(play.profile_of(rows))), rows, name)
            for candidate in chain(() if play else (rows,), near(problem, rows)):
                found = problem.check(candidate, name)
                if found is not None and found.exact:
                    problem.tried.append(f"{name}: certified")
                    return found
                best = best or found
            if best is not None:
                break
        outcome = "certified in floating point" if best else "no answer"
        problem.tried.append(f"{name}: {outcome}")
        return best

    propose.__name__ = name
    return propose


def near(problem: StageProblem, rows: Rows) -> Iterator[Rows]:
    """The profile itself, if it is already as good as floating point can be, and those near it."""
    if problem.nearest is not None and problem.nearest[0] < 2 * STAGE_TOLERANCE:
        yield rows
    yield from polished(problem.stage, problem.leaves, rows)


def gambit(method: str, share: float) -> Callable[[StageProblem], Proposal | None]:
    """One of pygambit's methods, in its process; what it finds is polished first.

    Args:
        share: how much of the time that is left it gets.
    """

    def propose(problem: StageProblem) -> Proposal | None:
        try:
            profiles = stage_profiles(problem.flat, problem.stage, problem.leaves, method, share)
        except ProcessFailedError as failure:
            problem.tried.append(f"pygambit {method}: {failure}")
            return None
        return refined(lambda *_: iter(profiles), f"pygambit {method}")(problem)

    propose.__name__ = f"pygambit {method}"
    return propose
