"""Which game is taken of samples that were made in two ways."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import BuildAttempt, Sample
from nl2efg.pipeline.consensus import agree
from nl2efg.schema.built import Built
from nl2efg.schema.sketch import Sketch
from tests.trees import kuhn

WAYS = ("sketch", "tree-first")


def paid(change: int = 0, factor: int = 1) -> GameTree:
    """Kuhn poker with payoffs stretched, or with the first outcome's changed."""
    tree = kuhn()
    outcomes = [
        replace(one, payoffs=tuple(Fraction(factor) * value for value in one.payoffs))
        for one in tree.outcomes
    ]
    outcomes[0] = replace(outcomes[0], payoffs=tuple(v + change for v in outcomes[0].payoffs))
    return replace(tree, outcomes=tuple(outcomes))


def samples(*games: tuple[GameTree, str], order: bool = False) -> list[Sample]:
    found = []
    for number, (tree, way) in enumerate(games):
        sample = Sample("model", number, way)
        if order and way == "sketch":
            sample.sketch = Sketch.model_construct(payoff_order=["u[Ann](a) > u[Ann](b)"])
        sample.add(BuildAttempt("code", "", Built(tree, ()), ()))
        found.append(sample)
    return found


def test_ways_that_agree_but_for_the_numbers_are_taken_before_one_way_alone() -> None:
    """Three samples of one way agree on another game; the two ways agree on an order."""
    games = [
        (paid(100), "sketch"),
        (paid(factor=2), "tree-first"),
        (paid(100), "sketch"),
        (paid(), "sketch"),
        (paid(100), "sketch"),
    ]
    best, record = agree(samples(*games))
    assert record is not None
    assert {record.clusters[0], record.clusters[1]} == {(1,), (3,)}
    assert record.clusters[2] == (0, 2, 4)
    assert best is not None
    assert best.number in (1, 3)
    assert record.agreeing == 1
    assert "gets" in record.differences[0]
    assert [each.partition(":")[0] for each in record.dissent][-1] == "samples 1, 3, 5 (sketch)"


def test_agreement_in_numbers_needs_no_second_look() -> None:
    games = [(paid(), "sketch"), (paid(), "tree-first"), (paid(factor=2), "sketch")]
    _, record = agree(samples(*games))
    assert record is not None
    assert record.clusters == ((0, 1), (2,))
    assert record.ways == WAYS


def test_where_the_text_orders_payoffs_the_most_common_numbers_are_taken() -> None:
    games = [
        (paid(), "sketch"),
        (paid(factor=2), "tree-first"),
        (paid(factor=2), "sketch"),
        (paid(factor=3), "tree-first"),
    ]
    best, record = agree(samples(*games, order=True))
    assert record is not None
    assert (record.agreeing, record.differences) == (4, ())
    assert best is not None
    assert best.number in (1, 2)


def test_one_way_alone_is_compared_by_numbers() -> None:
    games = [(paid(), "sketch"), (paid(factor=2), "sketch"), (paid(factor=2), "sketch")]
    best, record = agree(samples(*games))
    assert best is not None
    assert best.number == 1
    assert record is not None
    assert record.ways == ()
