"""Names that two games share: what anchored comparison sees, and how a crossing is told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.comparison import Verdict, cluster, compare
from nl2efg.errors import UserError
from nl2efg.game import CHANCE, GameTree, TreeBuilder
from tests.trees import game_trees, square

LEVELS = ["isomorphic", "strategic"]


def firms(first: str = "Firm 1", second: str = "Firm 2", *, simultaneous: bool = True) -> GameTree:
    builder = TreeBuilder([first, second])
    actions = ["High", "Low"]
    joined = builder.information_set(1, actions)
    for row, node in enumerate(builder.move(0, builder.information_set(0, actions))):
        own = joined if simultaneous else builder.information_set(1, actions)
        for column, end in enumerate(builder.move(node, own)):
            builder.pay(end, [3 * row + column, row - 2 * column])
    return builder.build()


def relabelled(tree: GameTree, labels: dict[str, str]) -> GameTree:
    sets = tuple(
        replace(own, actions=tuple(labels.get(label, label) for label in own.actions))
        for own in tree.information_sets
    )
    return replace(tree, information_sets=sets)


@pytest.mark.parametrize("level", LEVELS)
def test_exchanged_players_are_told_as_such(level: str) -> None:
    found = compare(firms(), firms("Firm 2", "Firm 1"), level, names="anchored")
    assert found.verdict is Verdict.DIFFERENT
    assert found.crossed
    assert found.difference == "the same tree, but Firm 1 and Firm 2 have changed places"
    assert compare(firms(), firms("Firm 2", "Firm 1"), level).same


@pytest.mark.parametrize("level", LEVELS)
def test_exchanged_actions_are_told_as_such(level: str) -> None:
    crossed = relabelled(firms(), {"High": "Low", "Low": "High"})
    found = compare(firms(), crossed, level, names="anchored")
    assert not found.same
    assert "where Firm 1 plays" in found.difference or "where Firm 2 plays" in found.difference
    assert compare(firms(), crossed, level).same


@pytest.mark.parametrize("level", LEVELS)
def test_names_that_only_one_game_has_are_free(level: str) -> None:
    for other in (
        firms("Ann", "Ben"),
        firms("FIRM-1", "firm 2"),
        relabelled(firms(), {"High": "H", "Low": "L"}),
        relabelled(firms("Firm 1", "Ben"), {"High": "high!"}),
    ):
        assert compare(firms(), other, level, names="anchored").same


def test_one_players_names_do_not_bind_anothers() -> None:
    """Ann's Yes and No are other words than Ben's, even where a game exchanges their words."""

    def polite(ann: list[str], ben: list[str]) -> GameTree:
        builder = TreeBuilder(["Ann", "Ben"])
        stop, on = builder.move(0, builder.information_set(0, ann))
        builder.pay(stop, [1, 1])
        for place, end in enumerate(builder.move(on, builder.information_set(1, ben))):
            builder.pay(end, [place, 5])
        return builder.build()

    first = polite(["Yes", "No"], ["accept", "refuse"])
    assert compare(first, polite(["in", "out"], ["No", "Yes"]), names="anchored").same


def test_exchanged_outcomes_of_chance() -> None:
    def weather(labels: list[str]) -> GameTree:
        builder = TreeBuilder(["Ann"])
        for place, node in enumerate(builder.move(0, builder.chance(labels, [Fraction(1, 2)] * 2))):
            own = builder.information_set(0, ["go", "stay"])
            for row, end in enumerate(builder.move(node, own)):
                builder.pay(end, [place * 2 + row])
        return builder.build()

    assert compare(weather(["rain", "sun"]), weather(["sun", "rain"])).same
    found = compare(weather(["rain", "sun"]), weather(["sun", "rain"]), names="anchored")
    assert not found.same
    assert compare(weather(["rain", "sun"]), weather(["wet", "dry"]), names="anchored").same


def test_a_difference_of_what_follows_is_not_told_as_one_of_names() -> None:
    other = replace(firms("Firm 2", "Firm 1"), outcomes=firms().outcomes[::-1])
    words = compare(firms(), other).difference
    assert "the mover is Firm 1 in A, but the mover is Firm 1 in B" not in words


@settings(max_examples=150, deadline=None)
@given(game_trees(), st.sampled_from(LEVELS))
def test_a_game_is_itself_under_anchored_names(tree: GameTree, level: str) -> None:
    found = compare(tree, tree, level, names="anchored")
    assert found.verdict is not Verdict.DIFFERENT


@settings(max_examples=150, deadline=None)
@given(game_trees(), st.sampled_from(LEVELS), st.randoms())
def test_players_anchored_agrees_with_trying_every_map(
    tree: GameTree, level: str, random: object
) -> None:
    """With unique names, anchoring the players is the identity among all maps of players."""
    names = [f"P{number}" for number in range(len(tree.players))]
    first = replace(tree, players=tuple(names))
    for images in permutations(range(len(names))):
        second = replace(tree, players=tuple(names[image] for image in images))
        anchored = compare(first, second, level, names="anchored")
        if anchored.same:
            assert anchored.bijection is not None
            for own, other in anchored.bijection.players.items():
                assert first.players[own] == second.players[other]
            # The same map, tried by hand: names moved back, the trees must be the same freely.
            assert compare(first, second, level).same
        elif anchored.verdict is Verdict.DIFFERENT:
            assert anchored.crossed == compare(first, second, level).same


def test_consensus_does_not_count_the_exchanged_game() -> None:
    trees = [firms(), firms("Firm 2", "Firm 1"), firms()]
    assert cluster(trees).agreement == 3
    found = cluster(trees, names="anchored")
    assert found.clusters == ((0, 2), (1,))
    assert found.differences == ("the same tree, but Firm 1 and Firm 2 have changed places",)


def test_an_unknown_rule_is_told() -> None:
    with pytest.raises(UserError, match="no rule of names"):
        compare(firms(), firms(), names="loose")


def test_ordinal_payoffs_take_constraints() -> None:
    scaled = replace(
        firms(),
        outcomes=tuple(
            replace(each, payoffs=tuple(10 * value for value in each.payoffs))
            for each in firms().outcomes
        ),
    )
    demand = ["u[Firm 1](Low, Low) = 4"]
    assert compare(firms(), firms(), payoffs="ordinal", constraints=demand).same
    found = compare(scaled, firms(), payoffs="ordinal", constraints=demand)
    assert "A breaks the constraint" in found.difference
    assert compare(scaled, firms(), payoffs="ordinal").same


def test_chance_is_no_player() -> None:
    assert CHANCE not in range(len(firms().players))


def test_games_that_differ_by_name_differ_where_a_renaming_is_out_of_reach() -> None:
    """Whether names have changed places takes a search among 6! · 6! renamings."""
    tree = square(6)
    found = compare(
        tree,
        tree,
        payoffs="constraints",
        names="anchored",
        constraints=["u[Ann](a5, b5) == u[Ann](a0, b0)"],
        open_payoffs=["u[*](*, *)"],
        budget=100_000,
    )
    assert found.verdict is Verdict.DIFFERENT
    assert "breaks the constraint" in found.difference
    assert not found.crossed
