"""More than one equilibrium: all pure ones, and all extreme mixed ones of two players."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from nl2efg.equilibria.certificate import leaf_row, mix, stage_values
from nl2efg.equilibria.deadline import OutOfTimeError, in_time, is_late, share_of_time
from nl2efg.equilibria.flat_game import FlatGame, as_one_stage
from nl2efg.equilibria.imperfect_recall import pure_equilibria
from nl2efg.equilibria.sequence_form import Row, stage_at
from nl2efg.game import CHANCE
from nl2efg.solving.method_choice import solve_stage
from nl2efg.solving.methods.bimatrix import two_players
from nl2efg.solving.methods.extreme import ExtremeEquilibria, extreme_equilibria
from nl2efg.solving.methods.pure_strategies import PureStrategies, pure_rows
from nl2efg.solving.methods.two_player import completed
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.stage_problem import Rows, StageProblem

MAX_PROFILES = 100
"""Most equilibria that are listed."""

PURE_PROFILES = 20_000
"""Most pure profiles of a stage that are tried one by one."""

SMALL_TABLE = 10
"""Most sequences of both players, the empty ones included, of what counts as a small table."""

EXTREME_SHARE = 0.5
"""How much of the time that is left the corners of one stage may take."""

GAMBIT_SHARE = 0.5
"""How much of the time that is left pygambit may then take for them."""


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
        pure_complete: whether every pure profile was looked at and none was left out.
        mixed_complete: whether every extreme mixed one was found too.
        extreme: the extreme equilibria of the game as one stage, if that is what was listed.
    """

    profiles: list[Rows] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    pure_complete: bool = True
    mixed_complete: bool = True
    extreme: ExtremeEquilibria | None = None

    def add(self, rows: Rows, method: str) -> None:
        """Another profile."""
        self.profiles.append(rows)
        self.methods.append(method)

    def left_out(self) -> None:
        """Note that neither claim can be made any more."""
        self.pure_complete = self.mixed_complete = False


def is_small_table(flat: FlatGame) -> bool:
    """Whether a game is one stage of two players with few sequences, who remember what they did.

    To list its equilibria takes no longer than to search for one.
    """
    if flat.roots != (0,) or flat.lone[0]:
        return False
    stage = stage_at(flat, 0)
    small = len(stage.sides) == 2 and sum(side.size for side in stage.sides) <= SMALL_TABLE
    return small and stage.has_perfect_recall


def all_subgame_perfect(flat: FlatGame, tried: list[str]) -> Listing:
    """All subgame-perfect equilibria that are pure, or extreme in every stage.

    Args:
        tried: receives a line on every method that was tried.

    Raises:
        OutOfTimeError: time is up.
    """
    found = Listing()
    solutions: dict[int, list[Branch]] = {}
    for root in in_time(reversed(flat.roots)):
        below = [leaf for leaf in _leaves(flat, root) if leaf in solutions]
        branches = _branches(flat, root, [solutions.pop(leaf) for leaf in below], tried, found)
        if not branches:
            found.left_out()
            return found
        solutions[root] = branches
    for branch in solutions.get(0, [Branch((), {}, "nobody moves", ())]):
        rows, methods = _flatten(branch)
        found.add(rows, " + ".join(methods) or "nobody moves")
    if len(flat.roots) != 1:
        found.extreme = None  # that of the first stage alone
    return found


def _branches(
    flat: FlatGame, root: int, below: list[list[Branch]], tried: list[str], found: Listing
) -> list[Branch]:
    """The solutions of a subgame, for every choice of solutions of the subgames after it."""
    branches: list[Branch] = []
    leaves = _leaves(flat, root)
    for chosen in product(*below):
        values = {leaf: branch.value for leaf, branch in zip(leaves, chosen, strict=True)}
        for value, rows, method in _stage_solutions(flat, root, values, tried, found):
            if len(branches) == MAX_PROFILES:
                found.left_out()
                return branches
            branches.append(Branch(value, rows, method, chosen))
    return branches


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
    flat: FlatGame, root: int, values: dict[int, Row], tried: list[str], found: Listing
) -> Iterator[tuple[Row, Rows, str]]:
    """Solutions of one stage: its value, the behaviour, and how it was found."""
    tree = flat.tree
    infoset = tree.information_sets[tree.set_of[root]]
    if infoset.player == CHANCE and flat.lone[root]:
        options = [leaf_row(flat, child, values) for child in tree.children[root]]
        assert infoset.probabilities is not None
        yield mix(infoset.probabilities, options), {}, ""
        return
    stage = stage_at(flat, root)
    leaves = [leaf_row(flat, leaf, values) for leaf in stage.leaves]
    any_found = False
    for rows, method in _stage_profiles(flat, root, values, tried, found):
        any_found = True
        # What the whole game is worth decides nothing any more.
        value = stage_values(flat, stage, rows, leaves)[0] if root != flat.roots[0] else ()
        yield value, rows, method
    if not any_found:
        proposal = solve_stage(StageProblem(flat, stage, leaves, tried))
        if proposal is not None:
            yield proposal.value, proposal.rows, proposal.method


def _stage_profiles(
    flat: FlatGame, root: int, values: dict[int, Row], tried: list[str], found: Listing
) -> Iterator[tuple[Rows, str]]:
    """The pure equilibria of a stage, then the extreme ones that are not pure."""
    stage = stage_at(flat, root)
    leaves = [leaf_row(flat, leaf, values) for leaf in stage.leaves]
    if not stage.has_perfect_recall:
        pure = pure_equilibria(flat, stage, leaves)
        found.mixed_complete = False
        found.pure_complete = found.pure_complete and pure is not None
        for profile in pure or ():
            yield profile, "enumeration"
        return
    play = PureStrategies(stage, leaves)
    if play.count() <= PURE_PROFILES:
        for choices in play.all():
            rows: Rows = {}
            for side, choice in zip(stage.sides, choices, strict=True):
                rows.update(pure_rows(side, choice))
            yield rows, "enumeration"
        if is_late():
            found.left_out()
    else:
        found.pure_complete = False
    if len(stage.sides) < 2:
        return
    extreme = _extreme(flat, root, values, tried) if len(stage.sides) == 2 else None
    if extreme is None:
        found.mixed_complete = False
        return
    found.extreme = extreme
    problem = StageProblem(flat, stage, leaves, tried)
    for a, b in extreme.pairs:
        rows = completed(problem, [list(extreme.plans[0][a]), list(extreme.plans[1][b])])
        if play.count() > PURE_PROFILES or any(max(row) < 1 for row in rows.values()):
            yield rows, "corners of the plans"


def _extreme(
    flat: FlatGame, root: int, values: dict[int, Row], tried: list[str]
) -> ExtremeEquilibria | None:
    """The extreme equilibria of a stage of two players; None if they are out of reach."""
    stage = stage_at(flat, root)
    if len(stage.sides) != 2 or not stage.has_perfect_recall:
        return None
    leaves = [leaf_row(flat, leaf, values) for leaf in stage.leaves]
    try:
        with share_of_time(EXTREME_SHARE):
            extreme = extreme_equilibria(two_players(stage, leaves))
    except OutOfTimeError:
        extreme = None
    outcome = "out of reach" if extreme is None else f"{len(extreme.pairs)} equilibria"
    tried.append(f"corners of the plans: {outcome}")
    return extreme


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


def all_nash(flat: FlatGame, tried: list[str]) -> Listing:
    """All Nash equilibria that are pure, and all extreme ones of two players.

    Args:
        tried: receives a line on every method that was tried.

    Raises:
        OutOfTimeError: time is up.
    """
    whole = as_one_stage(flat)
    found = Listing()
    for rows, method in _stage_profiles(whole, 0, {}, tried, found):
        if len(found.profiles) == MAX_PROFILES:
            found.left_out()
            break
        found.add(rows, method)
    stage = stage_at(whole, 0)
    two = len(stage.sides) == 2 and stage.has_perfect_recall
    if two and not found.mixed_complete and not is_late():
        _add_from_pygambit(whole, tried, found)
    return found


def _add_from_pygambit(whole: FlatGame, tried: list[str], found: Listing) -> None:
    """The extreme equilibria of the strategic form, where the plans have too many corners."""
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    try:
        profiles = stage_profiles(whole, stage, leaves, "enummixed", GAMBIT_SHARE)
    except ProcessFailedError as failure:
        tried.append(f"pygambit enummixed: {failure}")
        return
    tried.append(f"pygambit enummixed: {len(profiles)} found")
    known = {tuple(sorted(rows.items())) for rows in found.profiles}
    found.mixed_complete = True
    for rows in profiles:
        key = tuple(sorted(rows.items()))
        if key in known:
            continue
        known.add(key)
        if len(found.profiles) == MAX_PROFILES:
            found.left_out()
            return
        found.add(rows, "pygambit enummixed")
