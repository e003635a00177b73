"""Consensus: clusters of equal games, how ties are broken, and what tells clusters apart."""

from __future__ import annotations

import pytest

from nl2efg.comparison import cluster
from nl2efg.errors import ConstraintError, UserError
from nl2efg.game import GameTree, TreeBuilder


def entry(war: int, share: int, *, order: tuple[str, str] = ("War", "Share")) -> GameTree:
    """The old firm's payoffs after entry; all else is fixed."""
    builder = TreeBuilder(["Young", "Old"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    builder.pay(out, [0, 2])
    paid = {"War": [-1, war], "Share": [1, share]}
    for label, node in zip(
        order, builder.move(entered, builder.information_set(1, order)), strict=True
    ):
        builder.pay(node, paid[label])
    return builder.build()


def test_the_largest_cluster_wins() -> None:
    trees = [entry(5, 6), entry(0, 1), None, entry(0, 1, order=("Share", "War")), entry(7, 8)]
    found = cluster(trees, scores=[0, 4, 0, 3, 0])
    assert found.clusters == ((3, 1), (0,), (4,))
    assert (found.chosen, found.agreement) == (3, 2)
    assert found.differences[0] == "after (In, Share), Old gets 1 in A and 6 in B"


def test_ties_go_to_the_lower_score_then_the_earlier_sample() -> None:
    trees = [entry(5, 6), entry(0, 1)]
    assert cluster(trees, scores=[2, 1]).chosen == 1
    assert cluster(trees, scores=[1, 1]).chosen == 0
    assert cluster(trees).chosen == 0


def test_no_sample_gave_a_game() -> None:
    found = cluster([None, None])
    assert (found.chosen, found.agreement, found.clusters) == (None, 0, ())


def test_open_payoffs_are_compared_by_the_constraints() -> None:
    trees = [entry(0, 1), entry(5, 9), entry(3, 2), entry(-4, 1)]
    wanted = ["u[Old](In, Share) > u[Old](In, War)"]
    assert len(cluster(trees).clusters) == 4
    found = cluster(trees, constraints=wanted)
    assert found.clusters == ((0, 1, 3), (2,))
    assert found.differences == (f"B breaks the constraint {wanted[0]}",)
    assert cluster(trees, payoffs="ordinal").clusters == ((0, 3), (1,), (2,))


def test_a_sample_without_the_history_breaks_the_constraint() -> None:
    builder = TreeBuilder(["Young"])
    builder.pay(0, [0])
    found = cluster([entry(0, 1), builder.build()], constraints=["u[Old](In, Share) > 0"])
    assert found.clusters == ((0,), (1,))


def test_samples_beyond_the_budget_stay_alone() -> None:
    found = cluster([entry(0, 1), entry(0, 1)], budget=1)
    assert found.clusters == ((0,), (1,))
    assert found.undecided == (0, 1)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(UserError):
        cluster([entry(0, 1)], structure="identical")
    with pytest.raises(UserError):
        cluster([entry(0, 1)], payoffs="ordinal", constraints=["u[Old](Out) > 0"])
    with pytest.raises(ConstraintError):
        cluster([entry(0, 1)], constraints=["u[Old](Out)"])
