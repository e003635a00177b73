"""Comparison of trees: what leaves a game the same, what does not, and how far the budget goes."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.comparison import Comparison, Verdict, canonical_form, compare
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, TreeBuilder
from tests.reshaped import rebuilt, shuffled
from tests.trees import game_trees

BITS = st.integers(0, 1).map(Fraction)
SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def assert_isomorphism(a: GameTree, b: GameTree, found: Comparison) -> None:
    """The witness is a bijection that keeps tree, sets, movers, actions, chances and payoffs."""
    assert found.bijection is not None
    players, image = found.bijection.players, found.bijection.nodes
    assert sorted(image.values()) == list(range(len(b))) == sorted(image)
    assert sorted(players.values()) == list(range(len(b.players)))
    action_image: dict[tuple[int, int], int] = {}
    for node, other in image.items():
        assert a.is_terminal(node) == b.is_terminal(other)
        if node:
            parent = a.parents[node]
            assert image[parent] == b.parents[other]
            own, its = a.information_sets[a.set_of[parent]], b.set_of[b.parents[other]]
            if own.is_chance:
                assert own.probabilities is not None
                theirs = b.information_sets[its].probabilities
                assert theirs is not None
                assert own.probabilities[a.action_of[node]] == theirs[b.action_of[other]]
            else:
                key = (a.set_of[parent], a.action_of[node])
                assert action_image.setdefault(key, b.action_of[other]) == b.action_of[other]
        if a.is_terminal(node):
            for player, value in enumerate(a.path_payoffs[node]):
                assert b.path_payoffs[other][players[player]] == value
        elif a.player_of(node) != CHANCE:
            assert players[a.information_sets[a.set_of[node]].player] == b.player_of(other)
            assert found.bijection.sets[a.set_of[node]] == b.set_of[other]


def isomorphic_by_trial(a: GameTree, b: GameTree) -> bool:
    """Every way to map players, then nodes in preorder, is tried."""

    def extend(players: tuple[int, ...], image: list[int], sets: dict[int, int]) -> bool:
        node = len(image)
        if node == len(a):
            return True
        parent = a.parents[node]
        for other in b.children[image[parent]] if node else (0,):
            if other in image or a.is_terminal(node) != b.is_terminal(other):
                continue
            if not fits(players, image, node, other):
                continue
            grown = dict(sets)
            if not a.is_terminal(node) and a.player_of(node) != CHANCE:
                mine, theirs = a.set_of[node], b.set_of[other]
                if grown.setdefault(mine, theirs) != theirs:
                    continue
                if list(grown.values()).count(theirs) > 1:
                    continue
            if extend(players, [*image, other], grown):
                return True
        return False

    def fits(players: tuple[int, ...], image: list[int], node: int, other: int) -> bool:
        if a.is_terminal(node):
            there = b.path_payoffs[other]
            return all(
                there[players[p]] == value for p, value in enumerate(a.path_payoffs[node])
            ) and (reached_alike(image, node, other))
        mover, its = a.player_of(node), b.player_of(other)
        same = mover == its if CHANCE in (mover, its) else players[mover or 0] == its
        return (
            same
            and len(a.children[node]) == len(b.children[other])
            and reached_alike(image, node, other)
        )

    def reached_alike(image: list[int], node: int, other: int) -> bool:
        if not node:
            return True
        own = a.information_sets[a.set_of[a.parents[node]]]
        its = b.information_sets[b.set_of[b.parents[other]]]
        if own.probabilities is not None:
            assert its.probabilities is not None
            return own.probabilities[a.action_of[node]] == its.probabilities[b.action_of[other]]
        return all(
            b.action_of[image[mate]] == b.action_of[other]
            if a.action_of[mate] == a.action_of[node]
            else b.action_of[image[mate]] != b.action_of[other]
            for mate in range(1, len(image))
            if a.set_of[a.parents[mate]] == a.set_of[a.parents[node]]
        )

    if len(a) != len(b) or len(a.players) != len(b.players):
        return False
    return any(extend(players, [], {}) for players in permutations(range(len(a.players))))


def regrouped(tree: GameTree, chance: random.Random) -> GameTree:
    """The tree with the nodes of one player's sets of equal size dealt out anew."""
    set_of = list(tree.set_of)
    for player in range(len(tree.players)):
        nodes = [n for n in range(len(tree)) if tree.player_of(n) == player]
        by_size: dict[int, list[int]] = {}
        for node in nodes:
            by_size.setdefault(len(tree.children[node]), []).append(node)
        for group in by_size.values():
            dealt = [set_of[node] for node in group]
            chance.shuffle(dealt)
            for node, number in zip(group, dealt, strict=True):
                set_of[node] = number
    return rebuilt(replace(tree, set_of=tuple(set_of)))


@pytest.mark.slow
@SLOW
@given(game_trees(), st.randoms(use_true_random=False))
def test_renaming_and_reordering_change_nothing(tree: GameTree, chance: random.Random) -> None:
    other = shuffled(tree, chance)
    found = compare(tree, other)
    assert found.same
    assert_isomorphism(tree, other, found)
    for structure in ("isomorphic", "strategic"):
        for payoffs in ("exact", "affine", "ordinal", "none"):
            assert canonical_form(tree, structure, payoffs) == canonical_form(
                other, structure, payoffs
            )
            assert compare(tree, other, structure, payoffs).same


@SLOW
@given(game_trees(payoffs=BITS, max_moves=6), st.randoms(use_true_random=False))
def test_agrees_with_trying_every_renaming(tree: GameTree, chance: random.Random) -> None:
    assume(len(tree) <= 14)
    other = shuffled(regrouped(tree, chance), chance)
    assert compare(tree, other).same == isomorphic_by_trial(tree, other)


@st.composite
def symmetric_trees(draw: st.DrawFn) -> GameTree:
    """A fair lottery, a move of Ann's, a move of Bob's; who knows what is random.

    Few things tell the nodes apart but the information sets.
    """
    sides = draw(st.integers(2, 3))
    builder = TreeBuilder(["Ann", "Bob"])
    lottery = builder.chance([str(side) for side in range(sides)], [Fraction(1, sides)] * sides)
    level = builder.move(0, lottery)
    for player in (0, 1):
        sets = [builder.information_set(player, ["l", "r"]) for _ in level]
        below = []
        for node in level:
            below += builder.move(node, draw(st.sampled_from(sets[: draw(st.integers(1, 3))])))
        level = below
    marked = draw(st.integers(0, 3 * len(level)))
    for number, node in enumerate(level):
        builder.pay(node, [int(number == marked), 0])
    return builder.build()


@pytest.mark.slow
@settings(SLOW, max_examples=100)
@given(symmetric_trees(), st.data(), st.randoms(use_true_random=False))
def test_symmetric_trees_agree_with_trying_every_renaming(
    tree: GameTree, data: st.DataObject, chance: random.Random
) -> None:
    other = data.draw(st.sampled_from([regrouped(tree, chance), data.draw(symmetric_trees())]))
    other = shuffled(other, chance)
    assert compare(tree, other).same == isomorphic_by_trial(tree, other)


@pytest.mark.slow
@SLOW
@given(game_trees(), game_trees(payoffs=BITS), st.data())
def test_one_changed_payoff_separates(one: GameTree, two: GameTree, data: st.DataObject) -> None:
    tree = data.draw(st.sampled_from([one, two]))
    place = data.draw(st.integers(0, len(tree.outcomes) - 1))
    player = data.draw(st.integers(0, len(tree.players) - 1))
    payoffs = list(tree.outcomes[place].payoffs)
    payoffs[player] += 1000
    outcomes = list(tree.outcomes)
    outcomes[place] = replace(outcomes[place], payoffs=tuple(payoffs))
    found = compare(tree, replace(tree, outcomes=tuple(outcomes)))
    assert found.verdict is Verdict.DIFFERENT
    assert " gets " in found.difference


@pytest.mark.slow
@SLOW
@given(game_trees(), st.data())
def test_one_changed_probability_separates(tree: GameTree, data: st.DataObject) -> None:
    lotteries = [n for n, own in enumerate(tree.information_sets) if own.is_chance]
    assume(lotteries)
    number = data.draw(st.sampled_from(lotteries))
    chances = list(tree.information_sets[number].probabilities or ())
    place = data.draw(st.integers(0, len(chances) - 1))
    chances[place] += Fraction(1, 1009)
    sets = list(tree.information_sets)
    sets[number] = replace(sets[number], probabilities=tuple(chances))
    found = compare(tree, replace(tree, information_sets=tuple(sets)))
    assert found.verdict is Verdict.DIFFERENT
    assert "probabilities" in found.difference


@pytest.mark.slow
@SLOW
@given(game_trees(), st.data())
def test_a_split_information_set_separates(tree: GameTree, data: st.DataObject) -> None:
    large = [
        n
        for n, own in enumerate(tree.information_sets)
        if not own.is_chance and len(tree.members[n]) > 1
    ]
    assume(large)
    number = data.draw(st.sampled_from(large))
    leaver = data.draw(st.sampled_from(tree.members[number][1:]))
    set_of = list(tree.set_of)
    set_of[leaver] = len(tree.information_sets)
    other = replace(
        tree,
        information_sets=(*tree.information_sets, tree.information_sets[number]),
        set_of=tuple(set_of),
    )
    found = compare(tree, other)
    assert found.verdict is Verdict.DIFFERENT
    assert found.difference


@SLOW
@given(game_trees(), st.data())
def test_one_more_action_separates(tree: GameTree, data: st.DataObject) -> None:
    movers = [n for n, own in enumerate(tree.information_sets) if not own.is_chance]
    assume(movers)
    number = data.draw(st.sampled_from(movers))
    builder = TreeBuilder(tree.players)
    sets: dict[int, int] = {}
    waiting = [(0, 0)]
    while waiting:
        old, new = waiting.pop()
        builder.pay(new, tree.path_payoffs[old]) if tree.is_terminal(old) else None
        own = tree.set_of[old]
        if own == NO_SET:
            continue
        it = tree.information_sets[own]
        if own not in sets:
            more = ["one more"] if own == number else []
            sets[own] = (
                builder.chance(it.actions, it.probabilities)
                if it.probabilities is not None
                else builder.information_set(it.player, [*it.actions, *more])
            )
        children = builder.move(new, sets[own])
        waiting.extend(zip(tree.children[old], children, strict=False))
    found = compare(tree, builder.build())
    assert found.verdict is Verdict.DIFFERENT
    assert found.difference


@SLOW
@given(game_trees(), st.randoms(use_true_random=False))
def test_idle_moves_do_not_matter_strategically(tree: GameTree, chance: random.Random) -> None:
    def idle(builder: TreeBuilder, node: int) -> int:
        kind = chance.randrange(4)
        if kind == 0:
            own = builder.information_set(chance.randrange(len(tree.players)), ["only"])
            return builder.move(node, own)[0]
        if kind == 1:
            return builder.move(node, builder.chance(["so", "never"], [1, 0]))[0]
        return node

    other = rebuilt(tree, add=idle)
    assert compare(tree, other, "strategic").same
    assert canonical_form(tree, "strategic") == canonical_form(other, "strategic")
    if len(other) > len(tree):
        assert compare(tree, other).verdict is Verdict.DIFFERENT


@SLOW
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_simultaneous_moves_may_be_interchanged(
    sizes: list[int], chance: random.Random, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(sizes))))
    values: dict[tuple[int, ...], list[int]] = {}

    def game(sequence: list[int]) -> GameTree:
        builder = TreeBuilder([f"P{number}" for number in range(len(sizes))])
        sets = [
            builder.information_set(player, [f"a{number}" for number in range(size)])
            for player, size in enumerate(sizes)
        ]
        waiting: list[tuple[int, dict[int, int]]] = [(0, {})]
        while waiting:
            node, chosen = waiting.pop()
            if len(chosen) == len(sizes):
                profile = tuple(chosen[player] for player in range(len(sizes)))
                paid = values.setdefault(profile, [chance.randrange(3) for _ in sizes])
                builder.pay(node, paid)
                continue
            player = sequence[len(chosen)]
            for place, child in enumerate(builder.move(node, sets[player])):
                waiting.append((child, {**chosen, player: place}))
        return builder.build()

    first, second = game(list(range(len(sizes)))), game(list(order))
    assert compare(first, second, "strategic").same
    assert canonical_form(first, "strategic") == canonical_form(second, "strategic")
    changed = replace(
        second,
        outcomes=(
            replace(second.outcomes[0], payoffs=(Fraction(99),) * len(sizes)),
            *second.outcomes[1:],
        ),
    )
    assert not compare(first, changed, "strategic").same


Nested = tuple[int | None, tuple[Fraction, ...], list["Nested"]]
"""A subtree: its information set, what its node pays, what comes next."""


def nested(tree: GameTree, node: int = 0) -> Nested:
    """A small tree as nested tuples."""
    own, outcome = tree.set_of[node], tree.outcome_of[node]
    paid = tree.outcomes[outcome].payoffs if outcome != NO_OUTCOME else ()
    return (
        None if own == NO_SET else own,
        paid,
        [nested(tree, child) for child in tree.children[node]],
    )


def from_nested(players: tuple[str, ...], sets: list[InformationSet], top: Nested) -> GameTree:
    """The tree of nested tuples."""
    builder = TreeBuilder(players)
    handles = [
        builder.chance(own.actions, own.probabilities)
        if own.probabilities is not None
        else builder.information_set(own.player, own.actions)
        for own in sets
    ]
    waiting = [(top, 0)]
    while waiting:
        (own, paid, below), node = waiting.pop()
        if paid:
            builder.pay(node, paid)
        if own is not None:
            waiting.extend(zip(below, builder.move(node, handles[own]), strict=True))
    return builder.build()


def interchanged(top: Nested, chance: random.Random) -> Nested:
    """Simultaneous moves swapped here and there; chance counts as a mover too."""
    own, paid, below = top
    below = [interchanged(part, chance) for part in below]
    following = {part[0] for part in below}
    if (
        own is not None
        and len(following) == 1
        and not any(part[1] for part in below)
        and chance.random() < 0.7
    ):
        (second,) = following
        if second is not None and second != own:
            swapped = [
                (own, (), [part[2][place] for part in below]) for place in range(len(below[0][2]))
            ]
            return (second, paid, swapped)
    return (own, paid, below)


def two_steps(top: Nested, number: int, new: int) -> Nested:
    """The last two actions of a set become a choice of their own."""
    own, paid, below = top
    below = [two_steps(part, number, new) for part in below]
    if own != number:
        return (own, paid, below)
    return (own, paid, [*below[:-2], (new, (), below[-2:])])


@SLOW
@given(
    st.one_of(symmetric_trees(), game_trees(absent_minded=False)), st.randoms(use_true_random=False)
)
def test_interchange_and_coalescing_anywhere(tree: GameTree, chance: random.Random) -> None:
    top, sets = nested(tree), list(tree.information_sets)
    for number, own in enumerate(tree.information_sets):
        if not own.is_chance and len(own.actions) > 2 and chance.random() < 0.5:
            top = two_steps(top, number, len(sets))
            sets[number] = replace(own, actions=(*own.actions[:-2], "one of two"))
            sets.append(InformationSet(own.player, own.actions[-2:]))
    other = from_nested(tree.players, sets, interchanged(top, chance))
    assert canonical_form(tree, "strategic") == canonical_form(other, "strategic")
    assert compare(tree, shuffled(other, chance), "strategic").same
