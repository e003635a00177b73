"""Comparison of trees: what leaves a game the same, what does not, and how far the budget goes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.compare import Comparison, OutOfBudgetError, Verdict, canonical_form, compare
from nl2efg.errors import ConstraintError, UserError
from nl2efg.tree import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, TreeBuilder
from tests.trees import absent_minded_driver, game_trees, kuhn

BITS = st.integers(0, 1).map(Fraction)
SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def rebuilt(
    tree: GameTree,
    *,
    players: list[int] | None = None,
    orders: dict[int, list[int]] | None = None,
    names: Callable[[str], str] = lambda name: name,
    chance_apart: bool = False,
    add: Callable[[TreeBuilder, int], int] = lambda _, node: node,
) -> GameTree:
    """The tree again, renamed and reordered.

    Args:
        players: which old player each new one is.
        orders: for a set of the old tree, which old action each new one is.
        names: a new name for each old one.
        chance_apart: whether every chance node gets a set of its own.
        add: called with the new builder and a terminal node where the old tree goes on; returns
            the node from which to go on.
    """
    players = players or list(range(len(tree.players)))
    position = {own: number for number, own in enumerate(players)}
    builder = TreeBuilder([names(tree.players[own]) for own in players])
    sets: dict[int, int] = {}
    waiting = [(0, 0)]
    while waiting:
        old, new = waiting.pop()
        if tree.outcome_of[old] != NO_OUTCOME:
            paid = tree.outcomes[tree.outcome_of[old]].payoffs
            builder.pay(new, [paid[own] for own in players])
        if tree.is_terminal(old):
            continue
        new = add(builder, new)
        number = tree.set_of[old]
        own_set = tree.information_sets[number]
        order = (orders or {}).get(number, list(range(len(own_set.actions))))
        if number not in sets or (chance_apart and own_set.is_chance):
            labels = [names(own_set.actions[place]) for place in order]
            if own_set.probabilities is None:
                sets[number] = builder.information_set(position[own_set.player], labels)
            else:
                chances = [own_set.probabilities[place] for place in order]
                sets[number] = builder.chance(labels, chances)
        for place, child in zip(order, builder.move(new, sets[number]), strict=True):
            waiting.append((tree.children[old][place], child))
    return builder.build()


def shuffled(tree: GameTree, chance: random.Random) -> GameTree:
    """The same game with other names, in another order."""
    players = list(range(len(tree.players)))
    chance.shuffle(players)
    orders = {}
    for number, own in enumerate(tree.information_sets):
        orders[number] = list(range(len(own.actions)))
        chance.shuffle(orders[number])
    return rebuilt(
        tree,
        players=players,
        orders=orders,
        names=lambda name: f"{name}{len(name)}x",
        chance_apart=chance.random() < 0.5,
    )


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


@settings(SLOW, max_examples=100)
@given(symmetric_trees(), st.data(), st.randoms(use_true_random=False))
def test_symmetric_trees_agree_with_trying_every_renaming(
    tree: GameTree, data: st.DataObject, chance: random.Random
) -> None:
    other = data.draw(st.sampled_from([regrouped(tree, chance), data.draw(symmetric_trees())]))
    other = shuffled(other, chance)
    assert compare(tree, other).same == isomorphic_by_trial(tree, other)


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


def hidden_chance(first: bool) -> GameTree:
    """A fair coin that Ann does not see before her move, thrown before or after it."""
    builder = TreeBuilder(["Ann"])
    move = builder.information_set(0, ["l", "r"])
    coin = builder.chance(["h", "t"], [Fraction(1, 3), Fraction(2, 3)])
    for i, node in enumerate(builder.move(0, coin if first else move)):
        for j, end in enumerate(builder.move(node, move if first else coin)):
            builder.pay(end, [10 * i + j if first else 10 * j + i])
    return builder.build()


def test_an_unseen_chance_move_may_come_later() -> None:
    assert compare(hidden_chance(True), hidden_chance(False), "strategic").same
    assert not compare(hidden_chance(True), hidden_chance(False)).same


def stepwise(split: bool) -> GameTree:
    """Ann chooses among three, at once or first between one and the other two."""
    builder = TreeBuilder(["Ann", "Bob"])
    if split:
        stop, on = builder.move(0, builder.information_set(0, ["stop", "on"]))
        ends = [stop, *builder.move(on, builder.information_set(0, ["left", "right"]))]
    else:
        ends = builder.move(0, builder.information_set(0, ["a", "b", "c"]))
    builder.pay(ends[0], [1, 1])
    answer = builder.information_set(1, ["x", "y"])
    for number, node in enumerate(ends[1:]):
        for place, end in enumerate(builder.move(node, answer)):
            builder.pay(end, [number, 2 * place])
    return builder.build()


def test_consecutive_own_moves_coalesce() -> None:
    found = compare(stepwise(True), stepwise(False), "strategic")
    assert found.same
    assert found.bijection is not None
    assert found.bijection.actions[0]["on, then left"] in ("b", "c")
    assert not compare(stepwise(True), stepwise(False)).same


@pytest.mark.parametrize("depth", [3, 4000])
def test_a_long_row_of_own_moves_coalesces(depth: int) -> None:
    builder = TreeBuilder(["Ann"])
    flat = TreeBuilder(["Ann"])
    node = 0
    ends = flat.move(0, flat.information_set(0, [str(number) for number in range(depth + 1)]))
    for number in range(depth):
        end, node = builder.move(node, builder.information_set(0, ["stop", "on"]))
        builder.pay(end, [number])
        flat.pay(ends[number], [number])
    builder.pay(node, [depth])
    flat.pay(ends[depth], [depth])
    assert canonical_form(builder.build(), "strategic") == canonical_form(flat.build(), "strategic")


def coin_and_two_sets(crossed: bool) -> GameTree:
    """Colour refinement cannot tell whether Bob's sets lie within the coin's sides or across."""
    builder = TreeBuilder(["Ann", "Bob"])
    sides = builder.move(0, builder.chance(["h", "t"], [Fraction(1, 2)] * 2))
    sets = [builder.information_set(1, ["x", "y"]) for _ in range(2)]
    for side, node in enumerate(sides):
        for place, after in enumerate(builder.move(node, builder.information_set(0, ["l", "r"]))):
            joined = sets[side if not (crossed and place) else 1 - side]
            for number, end in enumerate(builder.move(after, joined)):
                builder.pay(end, [place, number])
    return builder.build()


def test_sets_that_refinement_cannot_tell_apart() -> None:
    found = compare(coin_and_two_sets(False), coin_and_two_sets(True))
    assert found.verdict is Verdict.DIFFERENT
    assert "information set" in found.difference
    assert "split" in found.difference
    assert compare(coin_and_two_sets(True), coin_and_two_sets(True)).same


def rook(size: int) -> GameTree:
    """Two players choose simultaneously among ``size`` actions, all payoffs zero."""
    builder = TreeBuilder(["Ann", "Bob"])
    answer = builder.information_set(1, [f"b{n}" for n in range(size)])
    for node in builder.move(0, builder.information_set(0, [f"a{n}" for n in range(size)])):
        for end in builder.move(node, answer):
            builder.pay(end, [0, 0])
    return builder.build()


def test_symmetric_games_are_decided_or_left_open_never_wrong() -> None:
    for size in (2, 3, 6):
        other = shuffled(rook(size), random.Random(size))
        assert compare(rook(size), other).same
        assert compare(rook(size), other, budget=size).verdict is Verdict.UNDECIDED
    with pytest.raises(OutOfBudgetError):
        canonical_form(rook(6), budget=100)


def test_players_of_a_symmetric_game_may_be_swapped() -> None:
    builder = TreeBuilder(["Row", "Column"])
    answer = builder.information_set(1, ["C", "D"])
    for i, node in enumerate(builder.move(0, builder.information_set(0, ["C", "D"]))):
        for j, end in enumerate(builder.move(node, answer)):
            builder.pay(end, [3 * j - i, 3 * i - j])
    tree = builder.build()
    other = rebuilt(tree, players=[1, 0])
    found = compare(tree, other, "strategic")
    assert found.same
    assert found.bijection is not None
    assert found.bijection.players == {0: 1, 1: 0}, "names that agree are kept"


def test_identical_looks_at_names_and_order_only() -> None:
    tree = kuhn()
    assert compare(tree, replace(tree, title="x", comment="y"), "identical").same
    renamed = rebuilt(tree, names=str.upper)
    found = compare(tree, renamed, "identical")
    assert found.verdict is Verdict.DIFFERENT
    assert "Alice" in found.difference
    assert "ALICE" in found.difference


def test_affine_and_ordinal() -> None:
    def lottery(*payoffs: int) -> GameTree:
        builder = TreeBuilder(["Ann"])
        for end, value in zip(
            builder.move(0, builder.information_set(0, ["a", "b", "c"])), payoffs, strict=True
        ):
            builder.pay(end, [value])
        return builder.build()

    assert compare(lottery(0, 1, 3), lottery(5, 7, 11), payoffs="affine").same
    assert not compare(lottery(0, 1, 3), lottery(5, 7, 12), payoffs="affine").same
    assert not compare(lottery(0, 1, 3), lottery(0, -1, -3), payoffs="affine").same
    assert compare(lottery(0, 1, 3), lottery(5, 7, 12), payoffs="ordinal").same
    assert not compare(lottery(0, 1, 3), lottery(5, 5, 12), payoffs="ordinal").same
    assert compare(lottery(2, 2, 2), lottery(7, 7, 7), payoffs="affine").same
    assert compare(lottery(0, 1, 3), lottery(9, 9, 9), payoffs="none").same


def test_payoffs_on_the_way_add_up() -> None:
    builder, other = TreeBuilder(["Ann"]), TreeBuilder(["Ann"])
    for one, start in ((builder, 5), (other, 0)):
        one.pay(0, [start])
        for number, end in enumerate(one.move(0, one.information_set(0, ["a", "b"]))):
            one.pay(end, [number + 5 - start])
    assert compare(builder.build(), other.build()).same
    assert not compare(builder.build(), other.build(), "identical").same


@pytest.mark.parametrize("structure", ["isomorphic", "strategic"])
def test_deep_trees(structure: str) -> None:
    builder = TreeBuilder(["Ann", "Bob"])
    node = 0
    for number in range(5_000):
        end, node = builder.move(node, builder.information_set(number % 2, ["stop", "on"]))
        builder.pay(end, [number, -number])
    builder.pay(node, [0, 0])
    tree = builder.build()
    other = shuffled(tree, random.Random(1))
    assert compare(tree, other, structure).same
    changed = replace(tree.outcomes[-1], payoffs=(Fraction(1, 2), Fraction(0)))
    assert not compare(
        replace(tree, outcomes=(*tree.outcomes[:-1], changed)), other, structure
    ).same


def test_absent_mindedness_is_seen() -> None:
    tree = absent_minded_driver()
    apart = replace(
        tree,
        information_sets=(tree.information_sets[0], InformationSet(0, ("Exit", "Continue"))),
        set_of=(0, NO_SET, 1, NO_SET, NO_SET),
    )
    assert compare(tree, tree, "strategic").same
    for structure in ("isomorphic", "strategic"):
        assert compare(tree, apart, structure).verdict is Verdict.DIFFERENT


def entry(fight: tuple[int, int], share: tuple[int, int], *, renamed: bool = False) -> GameTree:
    """Entry deterrence; staying out pays 0 and 2."""
    builder = TreeBuilder(["Old", "Young"] if renamed else ["Young", "Old"])
    labels = ["No", "Yes"] if renamed else ["Out", "In"]
    out, entered = builder.move(0, builder.information_set(int(renamed), labels))
    war, peace = builder.move(entered, builder.information_set(int(not renamed), ["War", "Share"]))
    for node, paid in ((out, (0, 2)), (war, fight), (peace, share)):
        builder.pay(node, paid[::-1] if renamed else paid)
    return builder.build()


OPEN = ["u[*](In, *)"]
DEMANDS = [
    "u[Young](In, Share) > u[Young](Out) > u[Young](In, War)",
    "u[Old](In, Share) > u[Old](In, War)",
]


def test_open_payoffs_must_meet_the_constraints() -> None:
    reference = entry((-1, -1), (1, 1))

    def verdict(tree: GameTree) -> Comparison:
        return compare(
            tree, reference, payoffs="constraints", constraints=DEMANDS, open_payoffs=OPEN
        )

    assert verdict(entry((-5, 0), (7, 1))).same
    swapped = verdict(entry((-5, 0), (7, 1), renamed=True))
    assert swapped.same
    assert swapped.bijection is not None
    assert swapped.bijection.players == {0: 1, 1: 0}
    broken = verdict(entry((-5, 3), (7, 1)))
    assert broken.verdict is Verdict.DIFFERENT
    assert "breaks the constraint" in broken.difference
    assert "u[Old](In, War) = 3" in broken.difference
    fixed = replace(
        entry((-5, 0), (7, 1)),
        outcomes=(
            replace(entry((-5, 0), (7, 1)).outcomes[0], payoffs=(Fraction(0), Fraction(3))),
            *entry((-5, 0), (7, 1)).outcomes[1:],
        ),
    )
    assert "Old gets 3 in A and 2 in B" in verdict(fixed).difference


def test_a_renaming_may_be_needed_to_meet_constraints() -> None:
    def meeting(first: tuple[int, int], second: tuple[int, int]) -> GameTree:
        builder = TreeBuilder(["Ann", "Bob"])
        answer = builder.information_set(1, ["Bach", "Stravinsky"])
        own = builder.information_set(0, ["Bach", "Stravinsky"])
        for i, node in enumerate(builder.move(0, own)):
            for j, end in enumerate(builder.move(node, answer)):
                builder.pay(end, (0, 0) if i != j else (first, second)[i])
        return builder.build()

    demands = {
        "payoffs": "constraints",
        "open_payoffs": ["u[*](Bach, Bach)", "u[*](Stravinsky, Stravinsky)"],
        "constraints": [
            "u[Ann](Bach, Bach) > u[Bob](Bach, Bach) > 0",
            "u[Bob](Stravinsky, Stravinsky) > u[Ann](Stravinsky, Stravinsky) > 0",
        ],
    }
    reference = meeting((2, 1), (1, 2))
    for structure in ("isomorphic", "strategic"):
        assert compare(meeting((1, 9), (3, 2)), reference, structure, **demands).same  # type: ignore[arg-type]
        found = compare(meeting((5, 1), (9, 2)), reference, structure, **demands)  # type: ignore[arg-type]
        assert found.verdict is Verdict.DIFFERENT


def test_what_cannot_be_asked() -> None:
    tree = kuhn()
    for arguments in (
        {"structure": "same"},
        {"payoffs": "similar"},
        {"constraints": ["u[Alice](0) > 1"]},
        {"structure": "identical", "payoffs": "ordinal"},
    ):
        with pytest.raises(UserError):
            compare(tree, tree, **arguments)  # type: ignore[arg-type]
    for structure, payoffs in (("identical", "exact"), ("isomorphic", "constraints")):
        with pytest.raises(UserError):
            canonical_form(tree, structure, payoffs)
    with pytest.raises(ConstraintError, match="no such history"):
        compare(tree, tree, payoffs="constraints", constraints=["u[Alice](Ace) > 0"])


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (kuhn(3), kuhn(4), "chance moves with probabilities 1/3, 1/3, 1/3 in A and 1/4"),
        (entry((0, 0), (1, 1)), absent_minded_driver(), "A has 2 players (Young, Old), B has 1"),
        (entry((0, 0), (1, 1)), entry((0, 0), (1, 9)), "(In, Share), Old gets 1 in A and 9 in B"),
        (stepwise(False), stepwise(True), "Ann can choose among {a, b, c} in A and among {stop"),
    ],
)
def test_differences_in_words(a: GameTree, b: GameTree, words: str) -> None:
    assert words in compare(a, b).difference
