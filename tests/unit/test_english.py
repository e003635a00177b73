"""The telling of a game in English."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from nl2efg.formats.english import describe
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.outline import needed, outline
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

KUHN = """\
Kuhn poker with 3 cards

A zero-sum game of two players: Alice and Bob. Chance moves too. Whoever moves knows all that \
has happened before, unless it is said otherwise.

1. Chance draws 0, 1 or 2, with probability 1/3 each.
2. Then chance draws, depending on what chance drew at 1:
   - 0: 1 or 2, with probability 1/2 each
   - 1: 0 or 2, with probability 1/2 each
   - 2: 0 or 1, with probability 1/2 each
3. Then Alice chooses Check or Bet. Alice does not know what chance drew at 2, but knows what \
chance drew at 1.
4. If Alice chooses Check, Bob chooses Check or Bet. Bob does not know what chance drew at 1, \
but knows what chance drew at 2.
   After Check the game ends, with payoffs depending on what chance drew at 1 and at 2:
   - (0, 1), (0, 2), (1, 2): Alice -1, Bob 1
   - (1, 0), (2, 0), (2, 1): Alice 1, Bob -1
5. If Bob chooses Bet, Alice chooses Fold or Call. Alice does not know what chance drew at 2, \
but knows what chance drew at 1.
   After Fold the game ends: Alice -1, Bob 1.
   After Call the game ends, with payoffs depending on what chance drew at 1 and at 2:
   - (0, 1), (0, 2), (1, 2): Alice -2, Bob 2
   - (1, 0), (2, 0), (2, 1): Alice 2, Bob -2
6. If Alice chooses Bet at 3, Bob chooses Fold or Call. Bob does not know what chance drew at 1, \
but knows what chance drew at 2.
   After Fold the game ends: Alice 1, Bob -1.
   After Call the game ends, with payoffs depending on what chance drew at 1 and at 2:
   - (0, 1), (0, 2), (1, 2): Alice -2, Bob 2
   - (1, 0), (2, 0), (2, 1): Alice 2, Bob -2
"""

DRIVER = """\
The absent-minded driver

A game of one player: Driver. Whoever moves knows all that has happened before, unless it is \
said otherwise. The game has imperfect recall.

1. Driver chooses Exit or Continue. Driver does not know whether this is step 1 or step 2.
   After Exit the game ends: Driver 0.
2. If Driver chooses Continue, Driver chooses Exit or Continue. Driver does not know whether \
this is step 1 or step 2.
   After Exit the game ends: Driver 4.
   After Continue the game ends: Driver 1.
"""

SIGNAL = """\
A game of two players: Sender and Receiver. Chance moves too. Whoever moves knows all that has \
happened before, unless it is said otherwise.

1. Chance draws Strong with probability 2/3 or Weak with probability 1/3.
2. Then Sender chooses High or Low.
3. Then Receiver chooses Fight or Yield. Receiver does not know whether chance drew Strong or \
Weak, but knows whether Sender chose High or Low.
   After Fight the game ends: Sender 0, Receiver 0.
   After Yield the game ends, with payoffs depending on what chance drew:
   - Strong: Sender 2.5, Receiver 1
   - Weak: Sender 1/3, Receiver 1
"""


def signalling() -> GameTree:
    builder = TreeBuilder(["Sender", "Receiver"])
    answers = {label: builder.information_set(1, ["Fight", "Yield"]) for label in ("High", "Low")}
    draw = builder.chance(["Strong", "Weak"], [Fraction(2, 3), Fraction(1, 3)])
    for prize, node in zip((Fraction(5, 2), Fraction(1, 3)), builder.move(0, draw), strict=True):
        own = builder.information_set(0, ["High", "Low"])
        for label, answer in zip(("High", "Low"), builder.move(node, own), strict=True):
            fought, yielded = builder.move(answer, answers[label])
            builder.pay(fought, [0, 0])
            builder.pay(yielded, [prize, 1])
    return builder.build()


@pytest.mark.parametrize(
    ("tree", "told"),
    [(kuhn(), KUHN), (absent_minded_driver(), DRIVER), (signalling(), SIGNAL)],
    ids=["Kuhn poker", "driver", "signalling"],
)
def test_textbook_games(tree: GameTree, told: str) -> None:
    assert describe(tree) == told


@pytest.mark.slow
@given(game_trees(max_moves=10))
def test_every_player_action_probability_and_payoff_is_told(tree: GameTree) -> None:
    told = describe(tree)
    for player in tree.players:
        assert player in told
    for own in tree.information_sets:
        assert all(action in told for action in own.actions)
        for probability in own.probabilities or ():
            assert f"probability {probability}" in told
    for node in tree.terminals:
        for player, payoff in zip(tree.players, tree.path_payoffs[node], strict=True):
            assert any(f"{player} {number}" in told for number in spellings(payoff))


def spellings(payoff: Fraction) -> set[str]:
    written = {str(payoff)}
    scaled = payoff * 10**4
    if scaled.denominator == 1:
        whole, rest = divmod(abs(int(scaled)), 10**4)
        sign = "-" if payoff < 0 else ""
        written.add(f"{sign}{whole}.{rest:04d}".rstrip("0").rstrip("."))
    return written


@given(game_trees(labels=ANY_LABELS))
def test_any_labels_can_be_told_and_always_in_the_same_way(tree: GameTree) -> None:
    assert describe(tree) == describe(tree)


@pytest.mark.slow
@given(game_trees(max_moves=10))
def test_the_outline_holds_every_node_once(tree: GameTree) -> None:
    steps = outline(tree)
    assert sorted(node for step in steps for node in step.nodes) == list(range(len(tree)))
    step_of = {node: step.number for step in steps for node in step.nodes}
    for step in steps:
        assert len({tree.player_of(node) for node in step.nodes}) == 1
        assert all(steps[child].parent == step.number for child in step.children)
        for node, row in zip(step.nodes, step.rows, strict=True):
            taken = {step_of[tree.parents[n]]: tree.action_label(n) for n in tree.path(node)[1:]}
            assert row == tuple(taken[number] for number in step.coordinates)


@given(game_trees(max_moves=10, absent_minded=False))
@settings(deadline=None)
def test_a_telling_changes_with_every_information_set(tree: GameTree) -> None:
    """Splitting a set that joins nodes is told: the mover then knows more."""
    joined = [n for n, nodes in enumerate(tree.members) if len(nodes) > 1]
    joined = [n for n in joined if not tree.information_sets[n].is_chance]
    for number in joined[:1]:
        last = tree.members[number][-1]
        apart = GameTree(
            tree.players,
            (*tree.information_sets, tree.information_sets[number]),
            tree.outcomes,
            tree.parents,
            tuple(
                len(tree.information_sets) if node == last else own
                for node, own in enumerate(tree.set_of)
            ),
            tree.outcome_of,
            tree.node_labels,
            tree.title,
        )
        assert describe(apart) != describe(tree)


def test_what_is_partly_known() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    shared = builder.information_set(1, ["Up", "Down"])
    own = builder.information_set(1, ["Up", "Down"])
    ends = builder.move(0, builder.information_set(0, ["A", "B", "C"]))
    for node, number in zip(ends, (own, shared, shared), strict=True):
        for end in builder.move(node, number):
            builder.pay(end, [1, 1])
    assert "Ben cannot tell B from C (what Ann chose)." in describe(builder.build())


def test_small_matters() -> None:
    builder = TreeBuilder(["x", "Idle"])
    left, _ = builder.move(0, builder.information_set(0, ["a, b", ""]))
    builder.pay(left, [1, 0])
    told = describe(builder.build())
    assert "Idle never moves" in told
    assert "1. x chooses “a, b” or the action without a name." in told
    assert "After the action without a name the game ends: no payoffs are given." in told
    assert "Nobody moves" in describe(TreeBuilder(["Ann"]).build())


def test_a_symmetric_game_is_short() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    nodes = [0]
    for player in (0, 1) * 5:
        nodes = [
            child
            for node in nodes
            for child in builder.move(node, builder.information_set(player, ["Left", "Right"]))
        ]
    for node in nodes:
        builder.pay(node, [1, 2])
    assert len(describe(builder.build()).splitlines()) < 20


@pytest.mark.slow
def test_deep_and_wide_trees_are_told() -> None:
    deep = TreeBuilder(["Ann", "Ben"])
    node = 0
    for depth in range(20_000):
        end, node = deep.move(node, deep.information_set(depth % 2, ["Stop", "Go"]))
        deep.pay(end, [depth, 0])
    wide = TreeBuilder(["Ann", "Ben"])
    labels = [str(number) for number in range(3_000)]
    for node in wide.move(0, wide.information_set(0, labels)):
        for end in wide.move(node, wide.information_set(1, ["Yes", "No"])):
            wide.pay(end, [end, 0])
    assert "20000. If Ann chooses Go, Ben chooses Stop or Go." in describe(deep.build())
    assert "- (2999, No): Ann 9000, Ben 0\n" in describe(wide.build())


def test_needed_coordinates() -> None:
    rows = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    assert needed(rows, [1, 1, 2, 2], 2) == (0,)
    assert needed(rows, [1, 2, 2, 1], 2) == (0, 1)
    assert needed(rows, [1, 1, 1, 1], 2) == ()
