"""Strategies in the rows of a run: read back as the profiles that they tell, and bounded."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.batch.storage.result_row import MAX_STRATEGIES, told_strategies
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile
from tests.trees import game_trees, kuhn


@st.composite
def profiles(draw: st.DrawFn, tree: GameTree) -> BehaviourProfile:
    """A profile of a game; half of them are of floating point."""
    floating = draw(st.booleans())
    rows = []
    for own in tree.information_sets:
        size = len(own.actions)
        parts = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size).filter(any))
        exact = tuple(Fraction(part, sum(parts)) for part in parts)
        rows.append(own.probabilities or (tuple(map(float, exact)) if floating else exact))
    return BehaviourProfile(tree, tuple(rows))


@settings(deadline=None)
@given(st.data())
def test_what_a_row_tells_is_the_profile(data: st.DataObject) -> None:
    tree = data.draw(game_trees())
    own = [number for number, each in enumerate(tree.information_sets) if not each.is_chance]
    told = data.draw(profiles(tree))
    (text,) = told_strategies(tree, [[[str(p) for p in row] for row in told.probabilities]])
    found = as_profile(tree, text)
    assert len(text.split("\n")) == max(len(own), 1)
    for number in own:
        pairs = zip(found.probabilities[number], told.probabilities[number], strict=True)
        assert all(abs(one - other) < 1e-12 for one, other in pairs)
        if not any(isinstance(each, float) for each in told.probabilities[number]):
            assert found.probabilities[number] == told.probabilities[number]


def test_a_row_holds_so_many_characters() -> None:
    tree = kuhn()
    sizes = [len(own.actions) for own in tree.information_sets]
    rows = [[str(Fraction(1, size))] * size for size in sizes]
    (one,) = told_strategies(tree, [rows])
    many = told_strategies(tree, [rows] * 1000)
    assert set(many) == {one}
    assert len(many) == MAX_STRATEGIES // len(one)
    assert told_strategies(tree, []) == ()


def test_a_game_too_large_for_a_row_tells_none() -> None:
    assert told_strategies(_wide(3000), [[["1", "0"]] * 3000]) == ()


def _wide(count: int) -> GameTree:
    """Somebody who takes so many decisions one after the other."""
    builder = TreeBuilder(["Ann"])
    node = 0
    for _ in range(count):
        end, node = builder.move(node, builder.information_set(0, ["stop", "go"]))
        builder.pay(end, [0])
    builder.pay(node, [1])
    return builder.build()
