"""Outcomes of pure subgame-perfect equilibria, and what is claimed of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.solving import Claim, solve
from nl2efg.solving.outcomes import outcome_equilibria, outcome_sets
from tests.brute_force import best_pure_gain


@st.composite
def trees_with_ties(draw: st.DrawFn) -> GameTree:
    """Perfect information, few payoffs, no chance."""
    count = draw(st.integers(1, 3))
    builder = TreeBuilder([f"P{i}" for i in range(count)])
    leaves = [0]
    for _ in range(draw(st.integers(1, 5))):
        node = leaves.pop(draw(st.integers(0, len(leaves) - 1)))
        own = builder.information_set(
            draw(st.integers(0, count - 1)), ["a", "b", "c"][: draw(st.integers(1, 3))]
        )
        leaves += builder.move(node, own)
    for leaf in leaves:
        builder.pay(leaf, draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    return builder.build()


def outcome_of(tree: GameTree, choices: tuple[int, ...]) -> int:
    node = 0
    while not tree.is_terminal(node):
        node = tree.children[node][choices[tree.set_of[node]]]
    return node


def profile_of(tree: GameTree, choices: tuple[int, ...]) -> BehaviourProfile:
    rows = [
        tuple(Fraction(int(a == choice)) for a in range(len(own.actions)))
        for own, choice in zip(tree.information_sets, choices, strict=True)
    ]
    return BehaviourProfile(tree, tuple(rows))


@pytest.mark.slow
@given(trees_with_ties())
@settings(max_examples=200, deadline=None)
def test_outcomes_are_those_of_all_pure_subgame_perfect_equilibria(tree: GameTree) -> None:
    widths = [len(own.actions) for own in tree.information_sets]
    assume(prod(widths) <= 81)
    roots = [node for node in range(len(tree)) if not tree.is_terminal(node)]
    perfect = set()
    for choices in product(*map(range, widths)):
        profile = profile_of(tree, choices)
        players = range(len(tree.players))
        if not any(best_pure_gain(profile, root, i) for root in roots for i in players):
            perfect.add(outcome_of(tree, choices))
    arrays = flat_game_of(tree)
    outcomes = outcome_sets(arrays)
    assert outcomes is not None
    assert len(set(outcomes[0])) == len(outcomes[0])
    assert set(outcomes[0]) == perfect
    found = outcome_equilibria(arrays)
    assert found is not None
    for outcome, rows in zip(outcomes[0], found, strict=True):
        choices = tuple(rows[n].index(1) for n in range(len(widths)))
        assert outcome_of(tree, choices) == outcome
        profile = profile_of(tree, choices)
        assert not any(best_pure_gain(profile, root, i) for root in roots for i in players)
    claim = solve(tree, all=False).completeness.claim
    assert (claim in (Claim.UNIQUE, Claim.ALL_OUTCOMES)) == (len(perfect) == 1)


def many_ties() -> GameTree:
    """2^8 pure equilibria: Ben does not care, and Ann takes what he gives, or leaves for 1."""
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(8):
        leave, asked = builder.move(node, builder.information_set(0, ["Leave", "Ask"]))
        builder.pay(leave, [1, 0])
        give, node = builder.move(asked, builder.information_set(1, ["Give", "Go on"]))
        builder.pay(give, [stage, 0])
    builder.pay(node, [0, 0])
    return builder.build()


def test_more_equilibria_than_can_be_listed_are_listed_by_outcome() -> None:
    solution = solve(many_ties(), all=True)
    assert solution.completeness.claim is Claim.ALL_OUTCOMES
    ends = {found.values for found in solution.equilibria}
    assert (1, 0) in ends
    assert (7, 0) in ends
    assert (0, 0) not in ends
    assert all(found.certificate.is_subgame_perfect for found in solution.equilibria)


def test_other_outcomes_are_told_when_one_equilibrium_is_shown() -> None:
    solution = solve(many_ties(), all=False)
    assert solution.completeness.claim is Claim.SOME
    assert any("equilibria lead to 15 outcomes" in remark for remark in solution.remarks)


def test_ties_aside_the_path_leave_one_outcome() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    builder.pay(out, [5, 5])
    for leaf in builder.move(entered, builder.information_set(1, ["a", "b"])):
        builder.pay(leaf, [0, 3])
    assert solve(builder.build(), all=False).completeness.claim is Claim.ALL_OUTCOMES
