"""What is known at an information set, in words; and the strategic form against brute force."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.drawing.fonts import package_of
from nl2efg.drawing.notebook import Explorer
from nl2efg.equilibria.wording import all_places, place_words
from nl2efg.game import CHANCE, BehaviourProfile, GameTree, TreeBuilder
from nl2efg.game.knowledge_words import MAX_MOVES, infoset_numbers, known_at
from nl2efg.game.strategic_form import strategic_form
from tests.trees import absent_minded_driver, game_trees, kuhn


def test_cards_that_are_held_are_told_and_those_of_others_are_not() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    deals = builder.chance(["JQ", "JK", "QJ"], [Fraction(1, 3)] * 3)
    ann = [builder.information_set(0, ["Check", "Bet"]) for _ in range(2)]
    ben = [builder.information_set(1, ["Fold", "Call"]) for _ in range(3)]
    for rank, node in enumerate(builder.move(0, deals)):
        _, bet = builder.move(node, ann[rank // 2])
        builder.move(bet, ben[rank])
    tree = builder.build()
    told = {known_at(tree, index) for index in range(len(tree.information_sets))}
    assert "with J" in told
    assert "after QJ" in told
    assert "after JK, Bet" in told


def test_what_was_not_seen_is_not_told() -> None:
    builder = TreeBuilder(["A", "B"])
    blind = builder.information_set(1, ["x", "y"])
    for child in builder.move(0, builder.information_set(0, ["Usual", "Discount"])):
        builder.move(child, blind)
    tree = builder.build()
    assert known_at(tree, 0) == "at the start"
    assert known_at(tree, 1) == "without knowing what was done"
    assert "Usual" not in known_at(tree, 1)
    assert known_at(absent_minded_driver(), 0) == "at the start or later"


@pytest.mark.parametrize(
    ("draws", "same", "told"),
    [
        (["Door 1", "Door 2", "Door 3"], 2, "without knowing what was done"),
        (["正面", "反面"], 2, "without knowing what was done"),
        (["Pass plan", "Run plan"], 2, "without knowing what was done"),
        (["Red 1", "Red 2", "Black 1", "Black 2"], 2, "with Red"),
        (["Card J, up", "Card J, down", "Card Q, up"], 2, "with Card J"),
    ],
)
def test_what_all_draws_have_in_common_is_no_knowledge(
    draws: list[str], same: int, told: str
) -> None:
    builder = TreeBuilder(["A"])
    chance = builder.chance(draws, [Fraction(1, len(draws))] * len(draws))
    one = builder.information_set(0, ["l", "r"])
    for place, child in enumerate(builder.move(0, chance)):
        builder.move(child, one if place < same else builder.information_set(0, ["l", "r"]))
    tree = builder.build()
    assert known_at(tree, tree.set_of[tree.children[0][0]]) == told


def test_words_are_not_cut_into_stems() -> None:
    builder = TreeBuilder(["A"])
    same = builder.information_set(0, ["l", "r"])
    for child in builder.move(0, builder.chance(["reliable", "regular"], [Fraction(1, 2)] * 2)):
        builder.move(child, same)
    assert known_at(builder.build(), 1) == "without knowing what was done"


@settings(deadline=None, max_examples=30)
@given(game_trees(max_moves=8))
def test_numbers_of_sets_leave_chance_out(tree: GameTree) -> None:
    numbers = infoset_numbers(tree)
    players = [own for own in tree.information_sets if own.player != CHANCE]
    assert [number for number in numbers if number] == list(range(1, len(players) + 1))
    assert f"{len(players)} information sets" in repr(tree)


@settings(deadline=None, max_examples=60)
@given(game_trees(max_moves=6, max_players=3))
def test_the_strategic_form_by_brute_force(tree: GameTree) -> None:
    form = strategic_form(tree, max_cells=3000)
    if form is None:
        return
    for profile, paid in form.payoffs.items():
        rows = []
        for index, infoset in enumerate(tree.information_sets):
            if infoset.probabilities is not None:
                rows.append(infoset.probabilities)
                continue
            own = form.sets[infoset.player]
            action = form.strategies[infoset.player][profile[infoset.player]][own.index(index)]
            count = len(infoset.actions)
            rows.append(tuple(Fraction(n == max(action, 0)) for n in range(count)))
        assert BehaviourProfile(tree, tuple(rows)).values == paid
    # Full strategies pay nothing that the reduced ones do not.
    sizes = [
        [range(len(tree.information_sets[n].actions)) for n in form.sets[player]]
        for player in range(len(tree.players))
    ]
    everything = [list(product(*own)) for own in sizes]
    seen = set(form.payoffs.values())
    if len(everything) and all(len(own) <= 40 for own in everything):
        for full in list(product(*everything))[:300]:
            chosen = {
                index: action
                for player, strategy in enumerate(full)
                for index, action in zip(form.sets[player], strategy, strict=True)
            }
            rows = [
                own.probabilities
                or tuple(Fraction(n == chosen[index]) for n in range(len(own.actions)))
                for index, own in enumerate(tree.information_sets)
            ]
            assert BehaviourProfile(tree, tuple(rows)).values in seen
    for player, profile in form.best_responses:
        for other in range(len(form.strategies[player])):
            changed = (*profile[:player], other, *profile[player + 1 :])
            assert form.payoffs[changed][player] <= form.payoffs[profile][player]


def test_value_at_a_set_is_the_mean_by_its_beliefs() -> None:
    tree = kuhn()
    rows = tuple(
        own.probabilities or (Fraction(1, 3), Fraction(2, 3)) for own in tree.information_sets
    )
    profile = BehaviourProfile(tree, rows)
    for index, infoset in enumerate(tree.information_sets):
        beliefs, value = profile.beliefs(index), profile.value_at(index)
        assert beliefs is not None
        assert value is not None
        by_hand = sum(
            belief * profile.node_values[node][0]
            for belief, node in zip(beliefs, tree.members[index], strict=True)
        )
        assert value[0] == by_hand, infoset


@pytest.mark.parametrize(
    ("char", "package"),
    [
        ("題", "fonts-noto-cjk"),
        ("ע", "fonts-noto-core"),
        ("😀", "fonts-noto-color-emoji"),
        ("⁻", "fonts-dejavu-core"),
    ],
)
def test_a_package_of_fonts_is_named(char: str, package: str) -> None:
    assert package_of(char) == package


def test_a_notebook_gets_the_report_in_a_frame() -> None:
    shown = Explorer('<p class="a">&amp;</p>', 300)._repr_html_()
    assert "&lt;p class=&quot;a&quot;&gt;&amp;amp;" in shown
    assert 'height="300"' in shown
    assert "<p" not in shown


def test_places_tell_what_is_known_and_histories_only_where_that_is_the_same() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    low, high = builder.move(0, builder.information_set(0, ["Low", "High"]))
    hidden = builder.information_set(1, ["Yes", "No"])
    for node in (low, high):
        for leaf in builder.move(node, hidden):
            builder.pay(leaf, [1, 2])
    tree = builder.build()
    assert all_places(tree) == ("at the start", "without knowing what was done")

    builder = TreeBuilder(["Ann", "Ben"])
    first = builder.move(0, builder.information_set(0, ["L", "R"]))
    second = builder.information_set(0, ["l", "r"])
    (ll, lr), (rl, rr) = (builder.move(node, second) for node in first)
    for pair in ((ll, rr), (lr, rl)):
        same = builder.information_set(1, ["Yes", "No"])
        for node in pair:
            for leaf in builder.move(node, same):
                builder.pay(leaf, [0, 0])
    parity = builder.build()
    alike, unlike = all_places(parity)[2:]
    assert (alike, unlike) == ("after (L l) or (R r)", "after (L r) or (R l)")
    assert all_places(parity) == tuple(place_words(parity, number) for number in range(4))


def in_common(tree: GameTree, index: int) -> tuple[list[str], list[str]]:
    """Moves of chance and of players that all histories of a set share, by the definition."""
    paths = [tree.path(node)[1:] for node in tree.members[index]]
    held: list[str] = []
    moves: list[str] = []
    for steps in zip(*paths, strict=False):
        labels = {tree.action_label(step) for step in steps}
        movers = {tree.player_of(tree.parents[step]) for step in steps}
        if len(labels) == 1:
            (held if movers == {CHANCE} and len(paths) > 1 else moves).append(labels.pop())
    return held, moves


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(game_trees(max_moves=14, labels=st.sampled_from(["apple", "berry", "cherry"])))
def test_what_is_told_is_what_all_histories_share(tree: GameTree) -> None:
    for index, members in enumerate(tree.members):
        if members[0] == 0:
            continue
        held, moves = in_common(tree, index)
        told = known_at(tree, index)
        lists = dict(re.findall(r"(with|after) ((?:…|\w+)(?:, (?!not |after )(?:…|\w+))*)", told))
        for name, found in (("with", held), ("after", moves)):
            few = found if len(found) <= MAX_MOVES else ["…", *found[-MAX_MOVES:]]
            assert lists.get(name, "") == ", ".join(few), told


def test_of_a_deep_game_the_last_moves_are_told() -> None:
    builder = TreeBuilder(["A", "B"])
    node = 0
    for step in range(1000):
        node = builder.move(node, builder.information_set(step % 2, [f"m{step}", "out"]))[0]
    tree = builder.build()
    assert known_at(tree, 999) == "after …, " + ", ".join(f"m{n}" for n in range(987, 999))
