"""More than one equilibrium: all pure subgame-perfect ones, all pure ones, all extreme ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from nl2efg.game import CHANCE
from nl2efg.solving.certificate import leaf_row, mix, stage_values
from nl2efg.solving.deadline import in_time, is_late
from nl2efg.solving.flat_game import FlatGame
from nl2efg.solving.method_choice import solve_stage
from nl2efg.solving.methods.pure_strategies import PureStrategies, pure_rows
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.sequence_form import Row, stage_at
from nl2efg.solving.stage_problem import Rows, StageProblem

MAX_PROFILES = 100
"""Most equilibria that are listed."""

PURE_PROFILES = 20_000
"""Most pure profiles of a stage that are tried one by one."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A solution of a subgame: behaviour in its first stage, and solutions of what follows."""

    value: Row
    rows: Rows
    method: str
    after: tuple[Branch, ...]


@dataclass
class Listing:
    """Profiles that were found.

    Args:
        profiles: behaviour at the players' information sets.
        methods: how each was found.
        complete: whether every pure profile was looked at and none was left out.
    """

    profiles: list[Rows] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    complete: bool = True


def as_one_stage(flat: FlatGame) -> FlatGame:
    """The game with only itself for a subgame."""
    moves = not flat.tree.is_terminal(0)
    size = len(flat.tree)
    roots = (0,) if moves else ()
    return replace(flat, roots=roots, root_of=[0] * size, lone=bytearray(size))


def all_subgame_perfect(flat: FlatGame, tried: list[str]) -> Listing:
    """All pure subgame-perfect equilibria, and a mixed one where a subgame has no pure one.

    Args:
        tried: receives a line on every method that was tried.
    """
    found = Listing()
    solutions: dict[int, list[Branch]] = {}
    for root in in_time(reversed(flat.roots)):
        branches: list[Branch] = []
        below = [leaf for leaf in _leaves(flat, root) if leaf in solutions]
        for chosen in product(*(solutions[leaf] for leaf in below)):
            values = {leaf: branch.value for leaf, branch in zip(below, chosen, strict=True)}
            for value, rows, method in _stage_solutions(flat, root, values, tried, found):
                branches.append(Branch(value, rows, method, chosen))
            if len(branches) >= MAX_PROFILES:
                found.complete = False
                break
        for leaf in below:
            del solutions[leaf]
        if not branches:
            found.complete = found.complete and not is_late()
            return found
        solutions[root] = branches[:MAX_PROFILES]
    for branch in solutions.get(0, [Branch((), {}, "nobody moves", ())]):
        rows, methods = _flatten(branch)
        found.profiles.append(rows)
        found.methods.append(" + ".join(methods) or "nobody moves")
    return found


def _leaves(flat: FlatGame, root: int) -> list[int]:
    """Roots of the subgames that come next, in preorder."""
    tree = flat.tree
    return [
        child
        for node in flat.stage_nodes(root)
        for child in tree.children[node]
        if not tree.is_terminal(child) and flat.root_of[child] == child
    ]


def _stage_solutions(
    flat: FlatGame,
    root: int,
    values: dict[int, Row],
    tried: list[str],
    found: Listing,
) -> Iterator[tuple[Row, Rows, str]]:
    tree = flat.tree
    number = tree.set_of[root]
    infoset = tree.information_sets[number]
    if infoset.player == CHANCE and flat.lone[root]:
        options = [leaf_row(flat, child, values) for child in tree.children[root]]
        assert infoset.probabilities is not None
        yield mix(infoset.probabilities, options), {}, ""
        return
    stage = stage_at(flat, root)
    leaves = [leaf_row(flat, leaf, values) for leaf in stage.leaves]
    pure = 0
    if stage.has_perfect_recall:
        play = PureStrategies(stage, leaves)
        if play.count() <= PURE_PROFILES:
            for choices in play.all():
                pure += 1
                rows: Rows = {}
                for side, choice in zip(stage.sides, choices, strict=True):
                    rows.update(pure_rows(side, choice))
                value, _ = stage_values(flat, stage, rows, leaves)
                yield value, rows, "enumeration"
            found.complete = found.complete and not is_late()
        else:
            found.complete = False
    else:
        found.complete = False
    if not pure:
        proposal = solve_stage(StageProblem(flat, stage, leaves, tried))
        if proposal is not None:
            yield proposal.value, proposal.rows, proposal.method


def _flatten(branch: Branch) -> tuple[Rows, list[str]]:
    rows: Rows = {}
    methods: dict[str, None] = {}
    stack = [branch]
    while stack:
        part = stack.pop()
        rows.update(part.rows)
        if part.method:
            methods[part.method] = None
        stack.extend(part.after)
    return rows, list(methods)


def all_pure(flat: FlatGame, tried: list[str]) -> Listing | None:
    """All pure Nash equilibria; None if there are too many profiles to look at.

    Args:
        tried: receives a line on what was tried.
    """
    whole = as_one_stage(flat)
    stage = stage_at(whole, 0)
    play = PureStrategies(stage, [leaf_row(whole, leaf, {}) for leaf in stage.leaves])
    if not stage.has_perfect_recall or play.count() > PURE_PROFILES:
        return None
    found = Listing()
    for choices in play.all():
        if len(found.profiles) == MAX_PROFILES:
            found.complete = False
            break
        rows: Rows = {}
        for side, choice in zip(stage.sides, choices, strict=True):
            rows.update(pure_rows(side, choice))
        found.profiles.append(rows)
        found.methods.append("enumeration")
    found.complete = found.complete and not is_late()
    tried.append(f"enumeration of {play.count()} pure profiles")
    return found


def all_extreme(flat: FlatGame, tried: list[str]) -> Listing | None:
    """All extreme equilibria of a two-player game by pygambit's enummixed; None without answer.

    Args:
        tried: receives a line on what was tried.
    """
    whole = as_one_stage(flat)
    stage = stage_at(whole, 0)
    if len(stage.sides) != 2 or not stage.has_perfect_recall:
        return None
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    try:
        profiles = stage_profiles(whole, stage, leaves, "enummixed", 1.0)
    except ProcessFailedError as failure:
        tried.append(f"pygambit enummixed: {failure}")
        return None
    tried.append(f"pygambit enummixed: {len(profiles)} found")
    found = Listing()
    seen = set()
    for rows in profiles:
        key = tuple(sorted(rows.items()))
        if key not in seen:
            seen.add(key)
            found.profiles.append(rows)
            found.methods.append("pygambit enummixed")
    return found
