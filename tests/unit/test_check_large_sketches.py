"""Sketches and games that take too much effort to be held against each other: it is said."""

from __future__ import annotations

from nl2efg.checks import check
from nl2efg.game import TreeBuilder
from nl2efg.schema.sketch import Sketch, SketchInformationSet, SketchPlayer
from tests.trees import square


def test_a_sketch_too_large_for_the_game_is_said_to_be() -> None:
    builder = TreeBuilder(["Ann"])
    for end in builder.move(0, builder.information_set(0, [str(n) for n in range(2000)])):
        builder.pay(end, [0])
    stars = SketchInformationSet(player="Ann", histories=[["*"]], actions=["x"])
    sketch = Sketch(players=[SketchPlayer(name="Ann")], information_sets=[stars] * 1500)
    codes = {found.code for found in check(builder.build(), sketch=sketch)}
    assert "C613" in codes
    assert "C603" in codes  # what was compared before that is told


def test_a_game_of_many_alike_parts_is_said_not_to_be_compared_as_a_whole() -> None:
    size = 6
    told = [
        SketchInformationSet(
            player=name, histories=[way], actions=[f"{sign}{n}" for n in range(size)]
        )
        for name, way, sign in (("Ann", [], "x"), ("Bob", ["*"], "y"))
    ]
    sketch = Sketch(
        players=[SketchPlayer(name="Ann"), SketchPlayer(name="Bob")],
        information_sets=told,
        payoff_order=["u[Ann](x0, y0) = u[Ann](x1, y1)"],  # true of no two ends, by any names
    )
    notes = [each.message for each in check(square(size), sketch=sketch) if each.code == "C613"]
    assert len(notes) == 1
    assert "as a whole" in notes[0]
