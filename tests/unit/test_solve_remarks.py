"""Every remark on a solution against brute force, over trees with absent-minded players among them.

Each remark has a reader here, which checks what it says from its words; a remark without one fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.wording import place_words
from nl2efg.errors import UserError
from nl2efg.formats import read_efg
from nl2efg.game import CHANCE, NO_OUTCOME, BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Solution, solve
from tests.brute_force import best_pure_gain, payoff, subgame_roots
from tests.trees import absent_minded_driver, game_trees, probabilities

Rows = list[tuple[Fraction, ...]]
FEW = 300
"""So many pure profiles are tried, and larger trees passed over."""


def pure_profiles(tree: GameTree) -> Iterator[Rows]:
    """Every choice of one action at each information set of a player."""
    sets = tree.information_sets
    widths = [1 if own.is_chance else len(own.actions) for own in sets]
    for choice in product(*map(range, widths)):
        yield [
            own.probabilities or tuple(Fraction(int(a == c)) for a in range(len(own.actions)))
            for own, c in zip(sets, choice, strict=True)
        ]


def count(tree: GameTree) -> int:
    return prod(len(own.actions) for own in tree.information_sets if not own.is_chance)


def sure_end(tree: GameTree, rows: Rows) -> int | None:
    """Where play ends for sure under a pure profile."""
    node = 0
    while not tree.is_terminal(node):
        row = rows[tree.set_of[node]]
        certain = [c for c, p in zip(tree.children[node], row, strict=True) if p == 1]
        if tree.player_of(node) == CHANCE or not certain:
            return None
        node = certain[0]
    return node


def better_ends(tree: GameTree, values: tuple[Fraction, ...]) -> set[int]:
    """Ends that a pure profile comes to for sure, and that pay everybody more than these values."""
    ends = {sure_end(tree, rows) for rows in pure_profiles(tree)} - {None}
    return {
        end
        for end in ends
        if end is not None
        and all(a > b for a, b in zip(tree.path_payoffs[end], values, strict=True))
    }


def experience(tree: GameTree, node: int) -> list[tuple[int, int]]:
    """The own information sets on the way to a node, with the actions taken there."""
    player = tree.player_of(node)
    path = tree.path(node)
    steps = [(a, b) for a, b in pairwise(path) if tree.player_of(a) == player]
    return [(tree.set_of[a], tree.action_of[b]) for a, b in steps]


def numbers(text: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, text.split(", ")))


class Judge:
    """Checks the remarks of one solution."""

    def __init__(self, tree: GameTree, solution: Solution) -> None:
        self.tree, self.solution = tree, solution
        found = solution.equilibria[0] if solution.equilibria else None
        self.profile = found.profile if found else None
        self.values = tuple(map(Fraction, found.values)) if found else ()
        self.rules: list[tuple[str, Callable[..., None]]] = [
            (r"(.*) not Pareto-efficient: \((.*)\) pays everybody more: (.*)", self.inefficient),
            (r"constant sum: the game is worth (\S+) to (\w+) and (\S+) to (\w+);.*", self.worth),
            (r"strictly dominated: (\w+) gets more by (\w+) than by (\w+), .*", self.dominated),
            (r"nobody moves: the payoffs are those of the root", self.nobody),
            (r"no outcome is given, so everybody is taken to get 0, at: (.*)", self.unpaid),
            (r"(\w+) is absent-minded (.*): one play may pass there twice", self.twice),
            (r"(\w+), moving (.*), has forgotten what they did (.*)", self.forgets_move),
            (r"(\w+), moving (.*), has forgotten what they knew, or that they moved", self.forgets),
            (r"something is forgotten at (\d+) more information sets", self.more),
            (r"where a player has imperfect recall, .*", self.imperfect),
            (r"ties: several actions are best at .*", self.ties),
            (r"pure subgame-perfect equilibria lead to (\d+) outcomes", self.outcomes),
            (r"no method certified an equilibrium of the subgame at .*", lambda: None),
        ]

    def judge(self) -> None:
        """Check each remark, and that none of efficiency is missing."""
        for remark in self.solution.remarks:
            for pattern, rule in self.rules:
                match = re.fullmatch(pattern, remark)
                if match:
                    rule(*match.groups())
                    break
            else:
                raise AssertionError(f"a remark that nothing checks: {remark}")
        said = any("Pareto" in remark for remark in self.solution.remarks)
        if self.profile is not None and self.tree.players:
            assert said == bool(better_ends(self.tree, self.values))

    def named(self, player: str, place: str) -> list[int]:
        """The information sets of a player that words name."""
        own = self.tree.sets_of_player(self.tree.players.index(player))
        return [number for number in own if place_words(self.tree, number) == place]

    def inefficient(self, which: str, history: str, told: str) -> None:
        end = self.tree.find(history.split(", "))
        worse = [
            number
            for number, found in enumerate(self.solution.equilibria, 1)
            if end in better_ends(self.tree, tuple(map(Fraction, found.values)))
        ]
        runs = [run.split("–") for run in re.findall(r"\d+(?:–\d+)?", which)]
        named = [n for run in runs for n in range(int(run[0]), int(run[-1]) + 1)]
        assert worse == (named or [1])
        assert bool(named) == (len(self.solution.equilibria) > 1)
        assert end in better_ends(self.tree, self.values)
        assert self.tree.path_payoffs[end] == numbers(told)

    def worth(self, first: str, one: str, second: str, other: str) -> None:
        tree = self.tree
        assert tree.players == (one, other)
        assert self.values == (Fraction(first), Fraction(second))
        assert len({sum(tree.path_payoffs[end]) for end in tree.terminals}) == 1
        assert self.profile is not None
        rows: Rows = [tuple(map(Fraction, row)) for row in self.profile.probabilities]
        for player, value in enumerate(self.values):
            others = [n for n, own in enumerate(tree.information_sets) if own.player == 1 - player]
            for pure in pure_profiles(tree):
                mixed = [pure[n] if n in others else row for n, row in enumerate(rows)]
                assert payoff(tree, mixed, 0, player) >= value

    def dominated(self, name: str, better: str, worse: str) -> None:
        tree = self.tree
        player = tree.players.index(name)
        sets = [n for n in tree.sets_of_player(player) if len(tree.information_sets[n].actions) > 1]
        assert len(sets) == 1
        actions = tree.information_sets[sets[0]].actions
        for rows in pure_profiles(tree):
            gets = []
            for action in (better, worse):
                row = tuple(Fraction(int(a == actions.index(action))) for a in range(len(actions)))
                changed = [row if n == sets[0] else kept for n, kept in enumerate(rows)]
                gets.append(payoff(tree, changed, 0, player))
            assert gets[0] > gets[1]

    def nobody(self) -> None:
        assert self.tree.is_terminal(0)

    def unpaid(self, told: str) -> None:
        tree = self.tree
        bare = [
            end
            for end in tree.terminals
            if all(tree.outcome_of[node] == NO_OUTCOME for node in tree.path(end))
        ]
        names, _, more = told.partition(" and ")
        for name in names.split("; "):
            history = [] if name == "the root" else name.strip("()").split(", ")
            assert tree.find(history) in bare
        assert len(names.split("; ")) + int(more.partition(" ")[0] or 0) == len(bare)

    def twice(self, player: str, place: str) -> None:
        tree = self.tree
        assert any(
            any(other in tree.path(node)[:-1] for other in tree.members[number])
            for number in self.named(player, place)
            for node in tree.members[number]
        )

    def forgets(self, player: str, place: str) -> None:
        known = [
            {tuple(experience(self.tree, node)) for node in self.tree.members[number]}
            for number in self.named(player, place)
        ]
        assert any(len(each) > 1 for each in known)

    def forgets_move(self, player: str, place: str, before: str) -> None:
        self.forgets(player, place)
        at = set(self.named(player, before))
        assert any(
            any(
                one[0] == other[0] and one[0] in at and one[1] != other[1]
                for one in experience(self.tree, a)
                for other in experience(self.tree, b)
            )
            for number in self.named(player, place)
            for a, b in combinations(self.tree.members[number], 2)
        )

    def more(self, told: str) -> None:
        assert int(told) > 0

    def imperfect(self) -> None:
        tree = self.tree
        sets = enumerate(zip(tree.information_sets, tree.members, strict=True))
        assert any(
            len({tuple(experience(tree, node)) for node in members}) > 1
            for _, (own, members) in sets
            if not own.is_chance
        )

    def perfect_ones(self) -> list[BehaviourProfile]:
        tree = self.tree
        found = []
        for rows in pure_profiles(tree):
            profile = BehaviourProfile(tree, tuple(rows))
            players = range(len(tree.players))
            roots = subgame_roots(tree)
            if all(best_pure_gain(profile, r, p) == 0 for r in roots for p in players):
                found.append(profile)
        return found

    def ties(self) -> None:
        assert len(self.perfect_ones()) != 1

    def outcomes(self, told: str) -> None:
        ends = {sure_end(self.tree, list(each.probabilities)) for each in self.perfect_ones()}  # type: ignore[arg-type]
        assert len(ends) == int(told)


def judged(tree: GameTree, *, everything: bool | None = None) -> tuple[str, ...]:
    try:
        solution = solve(tree, all=everything, budget=5)
    except UserError as refused:  # where no best response can be proved, nothing is remarked
        assert "imperfect recall" in refused.message  # noqa: PT017
        return ()
    Judge(tree, solution).judge()
    return solution.remarks


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    game_trees(
        max_players=2,
        max_moves=6,
        labels=st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=4),
        payoffs=st.integers(-3, 3).map(Fraction),
    ),
    st.booleans(),
)
def test_remarks_on_any_tree(tree: GameTree, everything: bool) -> None:
    assume(count(tree) <= FEW)
    judged(tree, everything=everything)


@st.composite
def absent_minded_trees(draw: st.DrawFn) -> GameTree:
    """One or two players who may come to one information set several times on a way."""
    players = ["ann", "ben"][: draw(st.integers(1, 2))]
    builder = TreeBuilder(players)
    sets = [
        builder.information_set(player, ["stay", "move"], f"{name}set{n}")
        for player, name in enumerate(players)
        for n in range(2)
    ]
    leaves = [0]
    for _ in range(draw(st.integers(1, 6))):
        node = leaves.pop(draw(st.integers(0, len(leaves) - 1)))
        if draw(st.integers(0, 5)) == 0:
            leaves += builder.move(node, builder.chance(["low", "high"], probabilities(draw, 2)))
        else:
            leaves += builder.move(node, draw(st.sampled_from(sets)))
    for leaf in leaves:
        if draw(st.integers(0, 7)):
            values = st.lists(st.integers(0, 4), min_size=len(players), max_size=len(players))
            builder.pay(leaf, draw(values))
    return builder.build()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(absent_minded_trees())
def test_remarks_on_absent_minded_players(tree: GameTree) -> None:
    judged(tree)


def driver(first: int, second: int, last: int) -> GameTree:
    """The absent-minded driver with other prizes."""
    return read_efg(
        'EFG 2 R "Two exits" { "driver" }\n""\np "" 1 1 "junction" { "exit" "on" } 0\n'
        f't "" 1 "" {{ {first} }}\np "" 1 1 "junction" {{ "exit" "on" }} 0\n'
        f't "" 2 "" {{ {second} }}\nt "" 3 "" {{ {last} }}\n'
    )


@pytest.mark.parametrize("prizes", [(0, 4, 1), (0, 4, 0), (1, 4, 0), (0, 1, 4)])
def test_no_end_that_no_strategy_attains_is_said_to_be_better(prizes: tuple[int, int, int]) -> None:
    remarks = judged(driver(*prizes))
    assert any("driver is absent-minded at junction" in remark for remark in remarks)
    assert not any("Pareto" in remark for remark in remarks)


def test_the_driver_of_the_literature() -> None:
    solution = solve(absent_minded_driver())
    assert solution.equilibria[0].values == (Fraction(4, 3),)
    assert not any("Pareto" in remark for remark in solution.remarks)


def test_a_remark_that_nothing_checks_fails() -> None:
    solution = solve(absent_minded_driver())
    odd = replace(solution, remarks=("the moon is full",))
    with pytest.raises(AssertionError, match="nothing checks: the moon"):
        Judge(absent_minded_driver(), odd).judge()


KOHLBERG = """EFG 2 R "kohlberg" { "A" "B" }
p "" 1 1 "" { "L" "M" "R" } 0
t "" 1 "" { 2 2 }
p "" 2 1 "" { "l" "r" } 0
t "" 2 "" { 3 3 }
t "" 3 "" { 0 0 }
p "" 2 1 "" { "l" "r" } 0
t "" 4 "" { 1 0 }
t "" 5 "" { 1 1 }
"""


def test_inefficient_equilibria_are_named() -> None:
    solution = solve(read_efg(KOHLBERG), all=True)
    better = [n for n, found in enumerate(solution.equilibria, 1) if found.values == (3, 3)]
    assert (better, len(solution.equilibria)) == ([2], 3)
    told = "equilibria 1, 3 are not Pareto-efficient: (M, l) pays everybody more: 3, 3"
    assert told in solution.remarks


def test_the_only_equilibrium_needs_no_number() -> None:
    builder = TreeBuilder(["A", "B"])
    ben = builder.information_set(1, ["share", "take"])
    ends = [
        leaf
        for node in builder.move(0, builder.information_set(0, ["share", "take"]))
        for leaf in builder.move(node, ben)
    ]
    for leaf, paid in zip(ends, ([2, 2], [0, 3], [3, 0], [1, 1]), strict=True):
        builder.pay(leaf, paid)
    remarks = solve(builder.build(), all=True).remarks
    told = "the equilibrium is not Pareto-efficient: (share, share) pays everybody more: 2, 2"
    assert told in remarks
