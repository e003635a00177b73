"""Profiles as people write them: whatever is written means one profile, or is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.equilibria.wording import profile_words
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile
from tests.trees import game_trees, kuhn, probabilities

HALF = Fraction(1, 2)


def poker() -> GameTree:
    """Ann is dealt K or J and bets or checks; Ben, who sees neither card, calls or folds."""
    builder = TreeBuilder(["Ann", "Ben"])
    deal = builder.chance(["K", "J"], [HALF, HALF])
    ben = builder.information_set(1, ["Call", "Fold"])
    for node, win in zip(builder.move(0, deal), (1, -1), strict=True):
        bet, check = builder.move(node, builder.information_set(0, ["Bet", "Check"]))
        builder.pay(check, [win, -win])
        call, fold = builder.move(bet, ben)
        builder.pay(call, [2 * win, -2 * win])
        builder.pay(fold, [1, -1])
    return builder.build()


def rows(given: Any) -> dict[str, tuple[Any, ...]]:
    """What a written profile of :func:`poker` comes to."""
    tree = poker()
    told = as_profile(tree, given).probabilities
    sets = [number for number, own in enumerate(tree.information_sets) if not own.is_chance]
    names = ["-".join(tree.history(tree.members[number][0])) for number in sets]
    return {name: told[number] for name, number in zip(names, sets, strict=True)}


BLUFF = {"K": (1, 0), "K-Bet": (HALF, HALF), "J": (Fraction(1, 3), Fraction(2, 3))}


@pytest.mark.parametrize(
    "told",
    [
        "Ann bets with K; with J she bets with probability 1/3. Ben calls half the time.",
        "Ann bets with K, checks with J with probability 2/3. Ben folds 50%.",
        "With K Ann bets; after J Ann bets one time in three and otherwise checks; Ben calls 0.5",
        "Ann with K: Bet\nAnn with J: Bet 1/3, Check 2/3\nBen: Call 1/2, Fold 1/2",
        "Ann after (K): Bet always; Ann after (J): Check two times in three. Ben calls 1/2.",
        "Ann holding J bets 1/3, holding K always bets. Ben: fold half the time",
        {"Ann with K": "Bet", "Ann with J": {"Bet": "1/3"}, "Ben": {"call": 0.5}},
        {1: "bet", 3: {"Bet": Fraction(1, 3)}, "Ben": {"Fold": "50%"}},
        [["1", "0"], ["1/2", "1/2"], ["1/3", "2/3"]],
        [[HALF, HALF], [1, 0], [HALF, HALF], [Fraction(1, 3), Fraction(2, 3)]],
        json.dumps({"profile": {"Ann with K": "Bet", "(J)": {"Bet": "1/3"}, "Ben": {"Call": 0.5}}}),
        json.dumps([["1", 0], ["1/2", "1/2"], ["1/3", "2/3"]]),
        'player,history,action,probability\nAnn,K,Bet,1\nAnn,J,Bet,1/3\nBen,"K,Bet",Call,1/2\n',
        "| player | infoset | action | probability |\n|---|---|---|---|\n| Ann | 1 | Bet | 1 |\n"
        "| Ann | 3 | Bet | 1/3 |\n| Ben | 2 | Fold | 50% |\n",
    ],
)
def test_one_profile_in_many_words(told: Any) -> None:
    assert rows(told) == BLUFF


def test_a_player_without_a_place_means_everywhere() -> None:
    assert rows("Ann bets. Ben calls.") == {"K": (1, 0), "K-Bet": (1, 0), "J": (1, 0)}
    assert rows("Ann bets with K, checks otherwise. Ben folds.")["J"] == (0, 1)
    assert rows("Ann bets with K and J. Ben folds.")["J"] == (1, 0)
    assert rows("Ann bets with K or J; Ben folds.")["J"] == (1, 0)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Ann bets with K. Ben calls.", "does not say what is done at Ann's"),
        ("Ann bets with Q. Ben calls.", "cannot be read at 'Q"),
        ("Ann bets. Ben calls after K.", "no information set of Ben"),
        ("Ann raises. Ben calls.", "cannot be read at 'raises"),
        ("Ann calls. Ben calls.", "Ann has no action 'Call'"),
        ("Ann bets, checks. Ben calls.", "not said how likely"),
        ("Ann bets 2/3, checks 2/3. Ben calls.", "sum to 4/3"),
        ("Ann bets 3/2. Ben calls.", "3/2 is no probability"),
        ("Ann bets 1/3. Ann bets 1/2. Ben calls.", "two probabilities"),
        ("Ann bets (K. Ben calls.", "not closed"),
        ("1/3", "to no action"),
        ("", "does not say"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"Ann": 7, "Ben": "Call"}', "7"),
        ('{"Ann": "Bet", "Ben": {"Call": "lots"}}', "no probability"),
        ('{"9": "Bet"}', "there is no information set 9"),
        ('[["1"]]', "1 rows"),
        ('["x", "y", "z"]', "no list"),
        ("x" * 2_000_000, "characters"),
        (3.5, "float is no profile"),
    ],
)
def test_what_is_not_clear_is_refused(told: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        rows(told)


def test_the_tree_of_another_game_is_refused() -> None:
    with pytest.raises(UserError, match="another game"):
        as_profile(poker(), BehaviourProfile(kuhn(), as_uniform(kuhn()).probabilities))


def as_uniform(tree: GameTree) -> BehaviourProfile:
    """Every action as likely as the next."""
    return BehaviourProfile(
        tree,
        tuple(
            own.probabilities or (Fraction(1, len(own.actions)),) * len(own.actions)
            for own in tree.information_sets
        ),
    )


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_rows_and_records_come_back(data: st.DataObject) -> None:
    tree = data.draw(game_trees(max_moves=8))
    told = tuple(
        own.probabilities or tuple(probabilities(data.draw, len(own.actions)))
        for own in tree.information_sets
    )
    profile = BehaviourProfile(tree, told)
    written = [[str(chance) for chance in row] for row in told]
    assert as_profile(tree, written) == profile
    assert as_profile(tree, json.dumps({"probabilities": written})) == profile


def test_the_words_of_an_equilibrium_are_read_again() -> None:
    tree = kuhn()
    profile = as_uniform(tree)
    for numbers in (False, True):
        assert as_profile(tree, "\n".join(profile_words(profile, numbers=numbers))) == profile


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="AnBetcksKJ ,;.:()123/%\n", max_size=40) | st.text(max_size=30))
def test_any_text_is_a_profile_or_an_error(told: str) -> None:
    try:
        profile = as_profile(poker(), told)
    except UserError:
        return
    assert all(sum(row) == 1 for row in profile.probabilities)


def test_the_words_of_repeated_and_numeric_labels_are_read_back() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    deal = builder.chance(["1/2", "1/2", ""], [Fraction(1, 3)] * 3)
    ben = builder.information_set(1, ["x", "x"])
    for node in builder.move(0, deal):
        child, *ends = builder.move(node, builder.information_set(0, ["", "", "b"]))
        for end in (*ends, *builder.move(child, ben)):
            builder.pay(end, [0, 0])
    tree = builder.build()
    rows = [[HALF, HALF, 0], [0, 1, 0], [Fraction(1, 3), 0, Fraction(2, 3)]]
    profile = as_profile(tree, [rows[0], [Fraction(1, 4), Fraction(3, 4)], *rows[1:]])
    for numbers in (False, True):
        told = "\n".join(profile_words(profile, numbers=numbers))
        assert as_profile(tree, told).probabilities == profile.probabilities
    assert as_profile(tree, profile) is profile


def test_one_label_of_two_actions_names_neither() -> None:
    builder = TreeBuilder(["Ann"])
    for end in builder.move(0, builder.information_set(0, ["x", "x"])):
        builder.pay(end, [0])
    tree = builder.build()
    for ambiguous in ("Ann: x", {"Ann": "x"}):
        with pytest.raises(UserError) as error:
            as_profile(tree, ambiguous)
        assert "the first of two actions named x" in error.value.hint
    told = as_profile(tree, {"Ann": "the second of two actions named x"})
    assert told.probabilities == ((0, 1),)
