"""Plays: what agents see, what they may answer, and what comes of it."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.playing import Observation, observe, simulate
from nl2efg.playing.simulation import Moves
from tests.layout_properties import uniform
from tests.trees import absent_minded_driver, game_trees, kuhn


@settings(deadline=None, max_examples=60)
@given(game_trees(max_moves=10), st.integers(0, 1000))
def test_every_play_is_a_path_that_the_profile_allows(tree: GameTree, seed: int) -> None:
    done = simulate(tree, uniform(tree), plays=5, seed=seed)
    assert done == simulate(tree, uniform(tree), plays=5, seed=seed)
    for play in done.plays:
        assert tree.is_terminal(play.end)
        assert play.history == tree.history(play.end)
        assert play.payoffs == tree.path_payoffs[play.end]
        assert uniform(tree).reach[play.end] > 0


@settings(deadline=None, max_examples=60)
@given(game_trees(max_moves=10))
def test_nothing_is_seen_that_another_node_of_the_set_denies(tree: GameTree) -> None:
    for number, infoset in enumerate(tree.information_sets):
        if infoset.is_chance:
            continue
        seen = observe(tree, number)
        for node in tree.members[number]:
            history = tree.history(node)
            assert not seen.seen or len(seen.seen) == len(history)
            assert all(s in ("?", h) for s, h in zip(seen.seen, history, strict=False))


def test_a_card_is_hidden_and_a_bet_is_seen() -> None:
    tree = kuhn(3)
    looks: list[Observation] = []

    def watch(seen: Observation) -> int:
        looks.append(seen)
        return 0

    simulate(tree, agents=dict.fromkeys(tree.players, watch), plays=30, seed=1)
    assert {look.player for look in looks} == set(tree.players)
    for look in looks:
        assert look == observe(tree, look.information_set)
        assert look.actions == tree.information_sets[look.information_set].actions
    second = [look for look in looks if look.player == tree.players[1]]
    assert second
    assert all(look.own == () for look in second if not look.own)


def test_averages_come_near_to_what_is_expected() -> None:
    tree = kuhn(3)
    done = simulate(tree, uniform(tree), plays=4000, seed=7)
    assert done.expected is not None
    for average, error, wanted in zip(
        done.averages, done.standard_errors, done.expected, strict=True
    ):
        assert abs(float(average - Fraction(wanted))) < 5 * error


def test_exact_draws_are_exact() -> None:
    builder = TreeBuilder([])
    builder.move(0, builder.chance(["a", "b", "c"], [Fraction(1, 3), Fraction(0), Fraction(2, 3)]))

    class Each(random.Random):
        """Gives every number below the bound in turn."""

        at = -1

        def randrange(self, bound: int) -> int:  # type: ignore[override]
            self.at += 1
            return self.at % bound

    moves = Moves(builder.build(), None, {}, Each())
    assert Counter(moves.action(0) for _ in range(30)) == {0: 10, 2: 20}


def test_an_absent_minded_player_does_not_know_where_he_is() -> None:
    seen = observe(absent_minded_driver(), 0)
    assert seen.seen == seen.own == ()


def test_answers_that_are_no_action() -> None:
    tree = kuhn(3)
    name = tree.players[0]
    for answer in ("fly", 9, -1, True, None, ""):
        with pytest.raises(UserError, match="no action there"):
            simulate(tree, uniform(tree), agents={name: lambda _, a=answer: a}, plays=1)  # type: ignore[misc]
    with pytest.raises(UserError, match="there is no player 'Nobody'"):
        simulate(tree, uniform(tree), agents={"Nobody": lambda _: 0})
    with pytest.raises(UserError, match="nobody plays for"):
        simulate(tree, agents={name: lambda _: 0})
    with pytest.raises(UserError, match="plays cannot be played"):
        simulate(tree, uniform(tree), plays=0)


def test_numbers_in_floating_point_are_played_too() -> None:
    tree = kuhn(3)
    rows = tuple(tuple(map(float, row)) for row in uniform(tree).probabilities)
    assert len(simulate(tree, BehaviourProfile(tree, rows), plays=10, seed=1).plays) == 10


def test_a_turn_is_told_in_words() -> None:
    turns: list[str] = []

    def agent(seen: Observation) -> int:
        turns.append(seen.words)
        return seen.actions.index("Check") if "Check" in seen.actions else 0

    poker = nl2efg.as_tree("kuhn_poker")
    simulate(poker, agents={"Ann": agent, "Ben": lambda _: "Bet"}, plays=1)
    first, second = turns
    assert first.splitlines()[0] == "Ann is to choose."
    assert first.splitlines()[-2:] == ["0: Check", "1: Bet"]
    assert "(? is a move that Ann has not seen)" in first
    assert any(f"Known: with {card}." in first for card in "JQK")
    assert ", after Check, Bet." in second
    start = observe(nl2efg.as_tree("trust_game"), 0).words
    assert start == "Buyer is to choose.\nKnown: at the start.\nActions:\n0: Trust\n1: Not trust"
