"""GameTree and TreeBuilder."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from nl2efg.game import BehaviourProfile, GameTree, InformationSet, TreeBuilder
from tests.trees import absent_minded_driver, game_trees, kuhn


def test_kuhn_has_its_known_size() -> None:
    tree = kuhn()
    assert (len(tree), len(tree.terminals)) == (58, 30)
    assert [len(list(tree.sets_of_player(player))) for player in (0, 1)] == [6, 6]
    assert tree.history(tree.find(["0", "1", "Bet"]) or 0) == ("0", "1", "Bet")
    assert tree.find(["0", "0"]) is None


@given(game_trees())
def test_subtrees_are_intervals(tree: GameTree) -> None:
    for node in range(len(tree)):
        inside = range(node, tree.subtree_end[node])
        assert all((node in tree.path(other)) == (other in inside) for other in range(len(tree)))
        assert all(tree.parents[child] == node for child in tree.children[node])


@given(game_trees())
def test_a_uniform_profile_ends_the_game_with_probability_one(tree: GameTree) -> None:
    rows = tuple(
        own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
        for own in tree.information_sets
    )
    profile = BehaviourProfile(tree, rows)
    assert profile.is_exact
    assert sum(profile.reach[node] for node in tree.terminals) == 1
    expected = [
        sum(profile.reach[node] * tree.path_payoffs[node][player] for node in tree.terminals)
        for player in range(len(tree.players))
    ]
    assert list(profile.values) == expected


def test_the_driver_believes_as_piccione_and_rubinstein_say() -> None:
    tree = absent_minded_driver()
    profile = BehaviourProfile(tree, ((Fraction(1, 3), Fraction(2, 3)),))
    assert profile.values == (Fraction(4, 3),)
    assert profile.beliefs(0) == (Fraction(3, 5), Fraction(2, 5))


def test_a_hundred_thousand_deep_nodes() -> None:
    builder = TreeBuilder(["P"])
    node = 0
    for _ in range(50_000):
        stop, node = builder.move(node, builder.information_set(0, ["stop", "go"]))
        builder.pay(stop, [1])
    tree = builder.build()
    assert len(tree) == 100_001
    assert tree.depth[node] == max(tree.depth) == 50_000
    assert tree.subtree_end[0] == len(tree)


def test_arrays_that_are_no_tree_are_refused() -> None:
    own = InformationSet(0, ("a", "b"))
    good = {
        "players": ("P",), "information_sets": (own,), "outcomes": (), "parents": (-1, 0, 0),
        "set_of": (0, -1, -1), "outcome_of": (-1, -1, -1), "node_labels": ("", "", ""),
    }  # fmt: skip
    GameTree(**good)  # type: ignore[arg-type]
    for field, value in {
        "parents": (-1, 0, 1),
        "set_of": (0, -1, 0),
        "outcome_of": (0, -1, -1),
        "node_labels": ("",),
        "information_sets": (InformationSet(3, ("a", "b")),),
    }.items():
        with pytest.raises(ValueError):
            GameTree(**{**good, field: value})  # type: ignore[arg-type]


def test_a_notebook_shows_the_picture() -> None:
    shown = absent_minded_driver()._repr_mimebundle_()
    assert shown["image/svg+xml"].startswith("<svg")
    assert "5 nodes" in shown["text/plain"]
