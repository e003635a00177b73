"""Profiles in sentences of games whose labels differ in case alone."""

from __future__ import annotations

from nl2efg.game import TreeBuilder
from nl2efg.library.profiles import as_profile


def test_of_two_histories_in_different_case_the_spelled_one_is_meant() -> None:
    builder = TreeBuilder(["A", "B"])
    first = builder.information_set(0, ["Up", "UP", "down"])
    for node in builder.move(0, first):
        for end in builder.move(node, builder.information_set(1, ["l", "r"])):
            builder.pay(end, [0, 0])
    tree = builder.build()
    told = "A: down. B after (Up): r. B after (UP): l. B after (DOWN): r"
    assert as_profile(tree, told).probabilities[1:] == ((0, 1), (1, 0), (0, 1))
    told = "A: down. B (UP): r. B (Up): l. B (Down): l"
    assert as_profile(tree, told).probabilities[1:] == ((1, 0), (0, 1), (1, 0))
    both = "A: down. B (up): r. B (down): l"  # as neither is spelled
    assert as_profile(tree, both).probabilities[1:] == ((0, 1), (0, 1), (1, 0))
