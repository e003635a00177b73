"""Subgame-perfect equilibria: every stage solved from the last to the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from time import perf_counter

from nl2efg.solve.arrays import Arrays
from nl2efg.solve.certificate import leaf_row, mix, stage_values
from nl2efg.solve.clock import in_time
from nl2efg.solve.methods import solve_stage
from nl2efg.solve.stage import Row, stage_at
from nl2efg.solve.task import Task
from nl2efg.tree import CHANCE, BehaviourProfile


@dataclass
class Descent:
    """What one pass over the stages found.

    Args:
        rows: behaviour at every information set.
        methods: how many stages each method solved.
        ties: stages of one node at which several actions are equally good.
        tried: lines on methods that were tried.
        failed: the root of a stage that no method solved; None if all were.
    """

    rows: list[Row]
    methods: dict[str, int] = field(default_factory=dict)
    ties: int = 0
    tried: list[str] = field(default_factory=list)
    failed: int | None = None

    @property
    def method(self) -> str:
        """The methods in words, the most used first."""
        ordered = sorted(self.methods.items(), key=lambda item: -item[1])
        return " + ".join(name for name, _ in ordered) or "nobody moves"

    def profile(self, arrays: Arrays) -> BehaviourProfile:
        """The profile; in floating point as soon as one row is."""
        rows = self.rows
        if any(isinstance(p, float) for row in rows for p in row):
            rows = [tuple(map(float, row)) for row in rows]
        return BehaviourProfile(arrays.tree, tuple(rows))


def subgame_perfect(arrays: Arrays, deadline: float) -> Descent:
    """Solve every stage, the last first; stops at the first stage that resists.

    Args:
        deadline: on the clock of :func:`time.perf_counter`.

    Raises:
        OutOfTime: the deadline passed between two stages.
    """
    tree = arrays.tree
    found = Descent(list(arrays.given_rows))
    values: dict[int, Row] = {}
    units: dict[tuple[int, int], Row] = {}
    for root in in_time(reversed(arrays.roots), deadline):
        number = tree.set_of[root]
        if len(arrays.stage_nodes[root]) == 1 and len(tree.members[number]) == 1:
            _one_step(arrays, root, values, found, units)
            continue
        stage = stage_at(arrays, root)
        leaves = [leaf_row(arrays, leaf, values) for leaf in stage.leaves]
        proposal = solve_stage(Task(arrays, stage, leaves, deadline, found.tried))
        if proposal is None:
            found.failed = root
            return found
        for own, row in proposal.rows.items():
            found.rows[own] = row
        found.methods[proposal.method] = found.methods.get(proposal.method, 0) + 1
        value, _ = stage_values(arrays, stage, proposal.rows, leaves)
        values[root] = tuple(Fraction(payoff) for payoff in value)
        if perf_counter() > deadline and root != arrays.roots[0]:
            found.tried.append("the budget is used up")
            found.failed = arrays.roots[0]
            return found
    return found


def _one_step(
    arrays: Arrays,
    root: int,
    values: dict[int, Row],
    found: Descent,
    units: dict[tuple[int, int], Row],
) -> None:
    """Backward induction at one node; the first of the best actions is taken."""
    tree = arrays.tree
    number = tree.set_of[root]
    own = tree.information_sets[number]
    options = [leaf_row(arrays, child, values) for child in tree.children[root]]
    if own.player == CHANCE:
        assert own.probabilities is not None
        values[root] = mix(own.probabilities, options)
        return
    worth = [option[own.player] for option in options]
    best = max(worth)
    choice = worth.index(best)
    found.ties += worth.count(best) > 1
    key = choice, len(options)
    if key not in units:
        units[key] = tuple(Fraction(int(a == choice)) for a in range(len(options)))
    found.rows[number] = units[key]
    values[root] = options[choice]
    found.methods["backward induction"] = found.methods.get("backward induction", 0) + 1
