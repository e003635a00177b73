"""What is said of sets of equilibria, against brute force: what stands alone, and the continua."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg import verify
from nl2efg.equilibria.flat_game import as_one_stage, flat_game_of
from nl2efg.equilibria.sequence_form import plan_of, stage_at
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Solution, solve
from nl2efg.solving.list_claims import listed_numbers
from nl2efg.solving.listing import is_small_table
from tests.brute_force import best_pure_gain

ONE_PLAY = re.compile(r"equilibria [\d, –]+ are one way of play, which stands alone")
MIXED = re.compile(
    r"equilibria [\d, –]+ span a continuum: every mixture of a player's strategies in them is an "
    r"equilibrium with every mixture of the other's"
)
HANGING = re.compile(r"equilibria [\d, –]+ hang together in a continuum of the convex parts (.*)")


@st.composite
def small_games(draw: st.DrawFn) -> GameTree:
    """Two players who move once each, the second without seeing all; often with ties."""
    builder = TreeBuilder(["Ann", "Ben"])
    wide, high = draw(st.sampled_from([(2, 2), (2, 3), (3, 2)]))
    first = builder.information_set(0, [f"a{n}" for n in range(wide)])
    second = builder.information_set(1, [f"b{n}" for n in range(high)])
    leaves: list[int] = []
    for node in builder.move(0, first):
        leaves += builder.move(node, second) if draw(st.integers(0, 4)) else [node]
    for leaf in leaves:
        builder.pay(leaf, draw(st.lists(st.integers(0, 2), min_size=2, max_size=2)))
    return builder.build()


def mixture(profiles: list[BehaviourProfile], shares: list[list[Fraction]]) -> BehaviourProfile:
    """Each player's plans in several profiles, mixed in his own shares; Kuhn (1953)."""
    tree = profiles[0].tree
    rows = [tuple(map(Fraction, row)) for row in profiles[0].probabilities]
    for side in stage_at(as_one_stage(flat_game_of(tree)), 0).sides:
        plans = [plan_of(side, [own.probabilities[n] for n in side.sets]) for own in profiles]
        mine = shares[side.player]
        plan = [
            sum(
                (share * Fraction(each) for share, each in zip(mine, weights, strict=True)),
                start=Fraction(0),
            )
            for weights in zip(*plans, strict=True)
        ]
        for number, start, end in zip(side.sets, side.start, side.ends, strict=True):
            if weight := sum(plan[start:end]):
                rows[number] = tuple(each / weight for each in plan[start:end])
    return BehaviourProfile(tree, tuple(rows))


def is_equilibrium(profile: BehaviourProfile) -> bool:
    players = range(len(profile.tree.players))
    return all(best_pure_gain(profile, 0, player) == 0 for player in players)


def play(profile: BehaviourProfile) -> tuple[float | Fraction, ...]:
    """How often each end is come to."""
    return tuple(profile.reach[end] for end in profile.tree.terminals)


def holds_for_all(profiles: list[BehaviourProfile]) -> bool:
    """Whether mixtures are equilibria, each player's own: ends, the middle, and a lopsided one."""
    size = len(profiles)
    ends = [[Fraction(int(a == b)) for b in range(size)] for a in range(size)]
    middle = [Fraction(1, size)] * size
    lopsided = [Fraction(n + 1, size * (size + 1) // 2) for n in range(size)]
    ways = [*ends, middle, lopsided]
    return all(is_equilibrium(mixture(profiles, [one, other])) for one in ways for other in ways)


def numbers_of(words: str) -> list[int]:
    """Numbers that are told as ``1, 4–6``."""
    runs = [list(map(int, run.split("–"))) for run in words.split(", ")]
    return [number for run in runs for number in range(run[0], run[-1] + 1)]


def judge(solution: Solution) -> None:
    """Check each sentence from its words."""
    told = solution.components
    numbers = [number for entry in told for number in entry.equilibria]
    if not told:
        return
    assert sorted(numbers) == list(range(1, len(solution.equilibria) + 1))
    profiles = {n: found.profile for n, found in enumerate(solution.equilibria, 1)}
    for entry in told:
        if entry.words == f"equilibrium {entry.equilibria[0]} stands alone":
            assert len(entry.equilibria) == 1
            mine = profiles[entry.equilibria[0]]
            others = [found for n, found in profiles.items() if n != entry.equilibria[0]]
            assert not any(holds_for_all([mine, other]) for other in others)
        elif ONE_PLAY.fullmatch(entry.words):
            assert len({play(profiles[n]) for n in entry.equilibria}) == 1
        elif MIXED.fullmatch(entry.words):
            assert len(entry.equilibria) > 1
            assert holds_for_all([profiles[n] for n in entry.equilibria])
        else:
            hanging = HANGING.fullmatch(entry.words)
            assert hanging, f"a sentence that nothing checks: {entry.words}"
            parts = [numbers_of(part) for part in hanging[1].split("; ")]
            assert all(holds_for_all([profiles[n] for n in part]) for part in parts)
            assert not holds_for_all([profiles[n] for n in entry.equilibria])
    for one, other in combinations(told, 2):
        first, second = profiles[one.equilibria[0]], profiles[other.equilibria[0]]
        assert not holds_for_all([first, second])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(small_games())
def test_sets_of_equilibria_are_what_is_said_of_them(tree: GameTree) -> None:
    judge(solve(tree, concept="nash", all=True, budget=20))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [((1, 2), "1, 2"), ((1, 2, 3), "1–3"), ((1, 3, 4, 5, 9, 10), "1, 3–5, 9, 10"), ((7,), "7")],
)
def test_long_lists_are_told_in_runs(numbers: tuple[int, ...], told: str) -> None:
    assert listed_numbers(numbers) == told
    assert tuple(numbers_of(told)) == numbers


def test_a_sentence_that_is_false_fails() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    first, second = (builder.information_set(p, ["left", "right"]) for p in (0, 1))
    leaves = [leaf for node in builder.move(0, first) for leaf in builder.move(node, second)]
    for leaf, paid in zip(leaves, (1, 0, 0, 1), strict=True):
        builder.pay(leaf, [paid, paid])
    solution = solve(builder.build(), concept="nash", all=True)
    judge(solution)
    one, other = [found.profile for found in solution.equilibria if found.is_pure]
    assert not holds_for_all([one, other])


@pytest.mark.parametrize("concept", ["pbe", "sequential", "perfect", "proper"])
def test_between_refined_equilibria_no_more_than_nash_is_claimed(concept: str) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    leave, *rest = builder.move(0, builder.information_set(0, ["L", "M", "R"]))
    builder.pay(leave, [2, 0])
    ben = builder.information_set(1, ["l", "m", "r"])
    ends = [leaf for node in rest for leaf in builder.move(node, ben)]
    for leaf, paid in zip(ends, (3, 2, 0, 0, 2, 3), strict=True):
        builder.pay(leaf, [0, paid])
    tree = builder.build()
    solution = solve(tree, concept=concept, all=True)
    # Each of l and r is best for beliefs for which the other is not, so no belief supports both.
    half = (Fraction(1, 2), Fraction(0), Fraction(1, 2))
    between = ((Fraction(1), Fraction(0), Fraction(0)), half)
    assert len(solution.equilibria) == 3
    assert not verify(tree, BehaviourProfile(tree, between), concept="pbe").holds
    assert [entry.words for entry in solution.components] == [
        "equilibria 1–3 lie in a continuum of Nash equilibria: every mixture of a player's "
        "strategies in them is a Nash equilibrium with every mixture of the other's"
    ]
    assert holds_for_all([found.profile for found in solution.equilibria])


@settings(max_examples=150, deadline=None)
@given(small_games(), st.sampled_from(["spe", "nash"]))
def test_a_list_made_at_once_is_the_one_after_a_search(tree: GameTree, concept: str) -> None:
    def told(found: Solution) -> object:
        listed = [
            (own.profile.probabilities, own.method, own.claims, own.certificate)
            for own in found.equilibria
        ]
        return found.completeness, found.remarks, found.components, listed

    at_once = solve(tree, concept=concept, budget=120)
    with patch("nl2efg.solving.list_search.is_small_table", return_value=False):
        after = solve(tree, concept=concept, budget=120)
    assert told(at_once) == told(after)
    if is_small_table(flat_game_of(tree)):
        assert len(at_once.tried) < len(after.tried)
