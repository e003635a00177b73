"""Subgame-perfect equilibria: every stage solved from the last to the first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from nl2efg.equilibria.certificate import mix, stage_values
from nl2efg.equilibria.deadline import in_grace, in_time, is_late, share_of_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import Row, Stage, pure_row, stage_at
from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.solving.method_choice import solve_stage
from nl2efg.solving.stage_problem import Proposal, Rows, StageProblem

BACKWARD = "backward induction"

STAGE_SHARE = 0.5
"""How much of the time that is left a stage may take that others come before."""


@dataclass
class BackwardPass:
    """What one pass over the stages found.

    Args:
        rows: behaviour at every information set.
        methods: how many stages each method solved.
        ties: stages of one node at which several actions are equally good.
        failed: the root of the first stage that no method solved; None if all were.
        whole: whether there are rows for all stages, if only approximate ones in some.
    """

    rows: list[Row]
    methods: Counter[str] = field(default_factory=Counter)
    ties: int = 0
    failed: int | None = None
    whole: bool = True

    @property
    def method(self) -> str:
        """The methods in words, the most used first."""
        return " + ".join(name for name, _ in self.methods.most_common()) or "nobody moves"

    def profile(self, flat: FlatGame) -> BehaviourProfile:
        """The profile; in floating point as soon as one row is."""
        rows = self.rows
        if any(isinstance(p, float) for row in rows for p in row):
            rows = [tuple(map(float, row)) for row in rows]
        return BehaviourProfile(flat.tree, tuple(rows))


def subgame_perfect(flat: FlatGame, tried: list[str]) -> BackwardPass:
    """Solve every stage, the last first.

    A stage that resists is given the profile of the least regret that was seen, so that there is
    something to show; without one the pass stops.

    Args:
        tried: receives a line on every method that was tried.

    Raises:
        OutOfTimeError: the deadline passed between two stages.
    """
    found = BackwardPass(list(flat.given_rows))
    values: list[Row] = [payoffs or () for payoffs in flat.payoffs]
    for root in in_time(reversed(flat.roots)):
        if flat.lone[root]:
            _one_step(flat.tree, root, values, found)
            continue
        stage = stage_at(flat, root)
        leaves = [values[leaf] for leaf in stage.leaves]
        problem = StageProblem(flat, stage, leaves, tried)
        with share_of_time(1.0 if root == flat.roots[0] else STAGE_SHARE):
            proposal = solve_stage(problem)
        if proposal is None:
            found.failed = root if found.failed is None else found.failed
            proposal = _nearest(problem, root == flat.roots[0])
        for own, row in proposal.rows.items():
            found.rows[own] = row
        found.methods[proposal.method] += 1
        values[root] = proposal.value
        if is_late() and root != flat.roots[0]:
            tried.append("the budget is used up")
            found.failed, found.whole = flat.roots[0], False
            return found
    return found


def _nearest(problem: StageProblem, last: bool) -> Proposal:
    """What comes nearest to an equilibrium of a stage; uniform play if nothing was seen.

    Args:
        last: whether no stage comes before it, so that nobody asks what it is worth.
    """
    if problem.nearest is None:
        problem.note(inf, _uniform(problem.stage, problem.flat), "uniform play")
    assert problem.nearest is not None
    _, rows, method = problem.nearest
    exact = not any(isinstance(p, float) for row in rows.values() for p in row)
    if last:
        return Proposal(rows, method, exact, ())
    with in_grace():
        value, _ = stage_values(problem.flat, problem.stage, rows, problem.leaves)
    return Proposal(rows, method, exact, value)


def _uniform(stage: Stage, flat: FlatGame) -> Rows:
    sets = flat.tree.information_sets
    numbers = [number for side in stage.sides for number in side.sets]
    widths = {number: len(sets[number].actions) for number in numbers}
    return {number: (Fraction(1, width),) * width for number, width in widths.items()}


def _one_step(tree: GameTree, root: int, values: list[Row], found: BackwardPass) -> None:
    """Backward induction at one node; the first of the best actions is taken."""
    number = tree.set_of[root]
    player = tree.information_sets[number].player
    children = tree.children[root]
    if player == CHANCE:
        values[root] = mix(found.rows[number], [values[child] for child in children])
        return
    worth = [values[child][player] for child in children]
    best = max(worth)
    choice = worth.index(best)
    found.ties += worth.count(best) > 1
    found.rows[number] = pure_row(choice, len(worth))
    values[root] = values[children[choice]]
    found.methods[BACKWARD] += 1
