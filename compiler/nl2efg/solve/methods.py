"""Which method for which stage.

A method may only propose: whatever it finds is verified as a profile of the stage, and is dropped
if anybody could gain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter

from nl2efg.solve.arrays import Arrays
from nl2efg.solve.bimatrix import Support, TwoPlayers, behaviour_of, exact_plan, two_players
from nl2efg.solve.certificate import stage_regret
from nl2efg.solve.forgetful import best_behaviour, leaf_paths, terms_of
from nl2efg.solve.gambit import stage_profiles
from nl2efg.solve.lemke import solve_lemke
from nl2efg.solve.linear import solve_linear
from nl2efg.solve.polish import polished
from nl2efg.solve.process import ProcessFailed
from nl2efg.solve.pure import TREMBLE, PurePlay, average_play, pure_rows
from nl2efg.solve.stage import Row, Stage, Value, best_response, common, exact_gains

Rows = dict[int, Row]
Answer = tuple[tuple[list[float], list[float]], tuple[Support, Support]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verified solution of a stage.

    Args:
        rows: behaviour at the information sets of the stage.
        method: how it was found.
        exact: whether it is exact.
    """

    rows: Rows
    method: str
    exact: bool


@dataclass
class Task:
    """One stage to solve.

    Args:
        arrays: the game.
        stage: the stage.
        leaves: exact payoffs of the leaves, scaled.
        deadline: on the clock of :func:`time.perf_counter`.
        tried: receives a line on every method that was tried.
    """

    arrays: Arrays
    stage: Stage
    leaves: list[Row]
    deadline: float
    tried: list[str]

    def accept(self, rows: Rows | None, method: str) -> Proposal | None:
        """The rows as a proposal, if nobody gains against them."""
        if rows is None:
            self.tried.append(f"{method}: no answer")
            return None
        found = self.check(rows, method)
        if found is None:
            self.tried.append(f"{method}: rejected, somebody gains by deviating")
        else:
            self.tried.append(f"{method}: certified{'' if found.exact else ' in floating point'}")
        return found

    def check(self, rows: Rows, method: str) -> Proposal | None:
        """As ``accept``, in silence."""
        exact = not any(isinstance(p, float) for row in rows.values() for p in row)
        regret = stage_regret(self.arrays, self.stage, rows, self.leaves)
        if regret > (0 if exact else STAGE_TOLERANCE):
            return None
        return Proposal(rows, method, exact)


STAGE_TOLERANCE = 5e-10
"""Greatest relative regret of a floating-point solution of a stage; half of a certificate's."""


EXACT_SHARE = 0.5
"""How much of the time that is left may go into making a floating-point solution exact."""


def solve_stage(task: Task) -> Proposal | None:
    """A verified equilibrium of a stage, by the methods that suit it in turn."""
    for method in _methods(task):
        if perf_counter() > task.deadline:
            task.tried.append("the budget is used up")
            return None
        found = method(task)
        if found is not None:
            return found
    return None


def _methods(task: Task) -> Sequence[Callable[[Task], Proposal | None]]:
    stage = task.stage
    if not stage.has_perfect_recall:
        return (forgetful, gambit("logit", 0.5))
    if len(stage.sides) == 1:
        return (alone,)
    if len(stage.sides) == 2:
        if constant_sum(stage, task.leaves) is not None:
            return (linear_program, complementary, gambit("lcp", 0.9))
        return (complementary, dynamics, gambit("lcp", 0.9))
    return (
        dynamics,
        fictitious_play,
        gambit("ipa", 0.3),
        gambit("logit", 0.4),
        gambit("gnm", 0.3),
        gambit("simpdiv", 0.5),
        gambit("enumpoly", 0.9),
    )


def alone(task: Task) -> Proposal | None:
    """The best response of the only player who moves."""
    side = task.stage.sides[0]
    payoffs, _ = common([row[side.player] for row in task.leaves])
    gains, _ = exact_gains(task.stage, 0, [([], 1)], payoffs)
    response = best_response(side, gains)
    return task.accept(pure_rows(side, response.choices), "best response")


def constant_sum(stage: Stage, leaves: Sequence[Row]) -> Fraction | None:
    """The positive weight of the second mover's payoff that makes the sum constant, or None.

    Leaves that chance never reaches are left out.
    """
    first, second = (side.player for side in stage.sides)
    pairs = {
        (row[first], row[second])
        for row, weight in zip(leaves, stage.chance, strict=True)
        if weight
    }
    low = min(pairs)
    high = max(pairs)
    if low[0] == high[0]:
        return Fraction(1) if low[1] == max(pairs, key=lambda pair: pair[1])[1] else None
    if low[1] <= high[1]:
        return None
    ratio = Fraction(high[0] - low[0]) / Fraction(low[1] - high[1])
    total = low[0] + ratio * low[1]
    return ratio if all(a + ratio * b == total for a, b in pairs) else None


def linear_program(task: Task) -> Proposal | None:
    """The sequence form as a linear program; exact from the optimal basis."""
    game = _form(task)
    return _from_supports(task, game, solve_linear(game, task.deadline), "linear program")


def complementary(task: Task) -> Proposal | None:
    """Lemke's algorithm on the sequence form; exact from the last basis."""
    game = _form(task)
    return _from_supports(task, game, solve_lemke(game, task.deadline), "Lemke")


def _form(task: Task) -> TwoPlayers:
    """The two players, each one's payoffs moved to the middle of their range."""
    middles = []
    for side in task.stage.sides:
        payoffs = [row[side.player] for row in task.leaves]
        middles.append(Fraction(min(payoffs) + max(payoffs)) / 2)
    return two_players(task.stage, task.leaves, middles)


def _from_supports(
    task: Task, game: TwoPlayers, found: Answer | None, method: str
) -> Proposal | None:
    if found is None:
        return task.accept(None, method)
    plans, supports = found
    exact = _exact_plans(task, game, supports)
    if exact is not None:
        accepted = task.accept(_completed(task, exact), f"{method}, exact")
        if accepted is not None:
            return accepted
    pivoted = solve_lemke(game, _share(task, EXACT_SHARE), exact=True)
    if pivoted is not None:
        accepted = task.accept(_completed(task, pivoted[0]), "Lemke in exact arithmetic")
        if accepted is not None:
            return accepted
    return task.accept(_completed(task, plans), f"{method}, floating point")


def _share(task: Task, share: float) -> float:
    """A deadline that leaves the rest of the time to what comes after."""
    now = perf_counter()
    return now + share * (task.deadline - now)


def _exact_plans(
    task: Task, game: TwoPlayers, supports: tuple[Support, Support]
) -> list[list[Fraction]] | None:
    """Both exact plans, or None as soon as one is missing."""
    until = _share(task, EXACT_SHARE)
    found = []
    for place, support in enumerate(supports):
        plan = exact_plan(game, place, support, until)
        if plan is None:
            return None
        found.append(plan)
    return found


def _completed(task: Task, plans: Sequence[Sequence[Value]]) -> Rows:
    """Behaviour from plans; sets that a plan does not reach play a best response."""
    rows: Rows = {}
    stage = task.stage
    whole = [common([Fraction(weight) for weight in plan]) for plan in plans]
    for place, side in enumerate(stage.sides):
        payoffs, _ = common([row[side.player] for row in task.leaves])
        gains, _ = exact_gains(stage, place, whole, payoffs)
        response = best_response(side, gains)
        rows.update(behaviour_of(side, plans[place], response.choices))
    return rows


def dynamics(task: Task) -> Proposal | None:
    """Best-response dynamics in pure strategies.

    First against opponents who tremble, so that threats that nobody would carry out fall away;
    then, if that does not settle on an equilibrium, without trembles.
    """
    for tremble, method in (
        (TREMBLE, "best-response dynamics with trembles"),
        (0, "best-response dynamics"),
    ):
        choices = PurePlay(task.stage, task.leaves, tremble).search(task.deadline)
        rows: Rows = {}
        for side, own in zip(task.stage.sides, choices or (), strict=bool(choices)):
            rows.update(pure_rows(side, own))
        found = task.accept(rows or None, method)
        if found is not None:
            return found
    return None


FORGETFUL_ROUNDS = 40


def forgetful(task: Task) -> Proposal | None:
    """Ex-ante best responses in turn, from uniform play, without perfect recall.

    Raises:
        UserError: a best response is out of reach.
    """
    arrays, stage = task.arrays, task.stage
    paths = leaf_paths(arrays, stage)
    sets = arrays.tree.information_sets
    table: list[Row] = [own.probabilities or () for own in sets]
    for side in stage.sides:
        for number in side.sets:
            width = len(sets[number].actions)
            table[number] = (Fraction(1, width),) * width
    for _ in range(FORGETFUL_ROUNDS):
        moved = False
        for side in stage.sides:
            payoffs = [row[side.player] for row in task.leaves]
            terms = terms_of(arrays, paths, table, side.player, payoffs)
            worth, response = best_behaviour(arrays, side.sets, terms)
            if worth > _worth(terms, table):
                moved = True
                for number, row in response.items():
                    table[number] = row
        if not moved:
            break
    rows = {number: table[number] for side in stage.sides for number in side.sets}
    return task.accept(rows, "ex-ante best responses")


def _worth(terms: Sequence[tuple[Value, tuple[tuple[int, int], ...]]], rows: list[Row]) -> Value:
    total: Value = Fraction(0)
    for weight, path in terms:
        for number, action in path:
            weight = weight * rows[number][action]
        total += weight
    return total


PLAY_ROUNDS = (30, 300, 3000)


def fictitious_play(task: Task) -> Proposal | None:
    """Best responses to the average of past play (Brown 1951), polished now and then."""
    best: Proposal | None = None
    for rows in average_play(task.stage, task.leaves, PLAY_ROUNDS, task.deadline):
        for candidate in polished(task.stage, task.leaves, rows):
            found = task.check(candidate, "fictitious play")
            if found is not None and found.exact:
                task.tried.append("fictitious play: certified")
                return found
            best = best or found
        if best is not None:
            break
    task.tried.append(f"fictitious play: {'certified in floating point' if best else 'no answer'}")
    return best


def gambit(method: str, share: float) -> Callable[[Task], Proposal | None]:
    """One of pygambit's methods, in its process; what it finds is polished first.

    Args:
        share: how much of the time that is left it gets.
    """

    def propose(task: Task) -> Proposal | None:
        try:
            profiles = stage_profiles(
                task.arrays, task.stage, task.leaves, method, share, task.deadline
            )
        except ProcessFailed as failure:
            task.tried.append(f"pygambit {method}: {failure}")
            return None
        best: Proposal | None = None
        for rows in profiles:
            for candidate in (rows, *polished(task.stage, task.leaves, rows)):
                found = task.check(candidate, f"pygambit {method}")
                if found is not None and found.exact:
                    task.tried.append(f"pygambit {method}: certified")
                    return found
                best = best or found
        outcome = "certified in floating point" if best else "rejected"
        task.tried.append(f"pygambit {method}: {outcome}")
        return best

    return propose
