"""Information sets of one action: nothing is decided there, and nothing need be remembered."""

from __future__ import annotations

from fractions import Fraction

from nl2efg.game import GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import solve


def hold_out(rounds: int) -> GameTree:
    """A strong type, who can only wait and does so in one set round after round, or a weak one."""
    builder = TreeBuilder(["Ann", "Ben"])
    strong, weak = builder.move(
        0, builder.chance(["Strong", "Weak"], [Fraction(1, 3), Fraction(2, 3)])
    )
    waits = builder.information_set(0, ["Wait"], "strong")
    sees = [builder.information_set(1, ["Wait", "Yield"]) for _ in range(rounds)]
    own = [builder.information_set(0, ["Wait", "Yield"]) for _ in range(rounds)]
    for node, can_yield in ((strong, False), (weak, True)):
        for number in range(rounds):
            moves = builder.move(node, own[number] if can_yield else waits)
            if can_yield:
                builder.pay(moves[1], [1, 3])
            node, yielded = builder.move(moves[0], sees[number])
            builder.pay(yielded, [4, 1])
        builder.pay(node, [0, 0] if can_yield else [2, -1])
    return builder.build()


def test_a_forced_set_met_again_and_again_needs_no_memory() -> None:
    tree = hold_out(4)
    assert not has_perfect_recall(tree)
    solution = solve(tree)
    found = solution.equilibria[0]
    assert found.certificate.exact
    assert found.certificate.is_subgame_perfect
    assert not any("absent-minded" in remark for remark in solution.remarks)


def test_a_game_of_nothing_but_forced_moves() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    first, second = builder.move(0, builder.chance(["a", "b"], [Fraction(1, 2)] * 2))
    only = builder.information_set(0, ["go"])
    shown = builder.information_set(1, ["on"])
    for payoff, node in ((1, first), (5, second)):
        (after,) = builder.move(node, only)
        (leaf,) = builder.move(after, shown)
        builder.pay(leaf, [payoff, -payoff])
    for everything in (False, True):
        found = solve(builder.build(), all=everything).equilibria[0]
        assert found.values == (3, -3)
        assert found.profile.probabilities[1:] == ((1,), (1,))
