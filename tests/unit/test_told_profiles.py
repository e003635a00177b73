"""Profiles as people write them: whatever is written means one profile, or is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.equilibria.wording import profile_words
from nl2efg.errors import UserError
from nl2efg.gambit import to_gambit
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.library.beliefs import as_beliefs
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
        {"Ann": {"Ann with K": "Bet", "(J)": {"Bet": "1/3"}}, "Ben": [0.5, 0.5]},
        {"profile": {"Ann": {"1": "Bet", "3": ["1/3", "2/3"]}, "Ben": {"Call": "1/2"}}},
        {"equilibria": [{"probabilities": [["1", "0"], ["1/2", "1/2"], ["1/3", "2/3"]]}]},
        ["1", "0", "1/3", "2/3", "1/2", "1/2"],
        "NE,1,0,1/3,2/3,1/2,1/2",
        "1, 0, 1/3, 2/3, 0.5, 0.5",
        [
            {"Player": "Ann", "history": "K", "move": "Bet", "prob": 1},
            {"Player": "Ann", "history": "J", "move": "Bet", "prob": "1/3"},
            {"Player": "Ben", "move": "Call", "prob": 0.5},
        ],
        'I found:\n```json\n{"(K)": "Bet", "(J)": {"Bet": "1/3"}, "Ben": ["0.5", "0.5"]}\n```\n',
        {1: "bet", 3: {"Bet": Fraction(1, 3)}, "Ben": {"Fold": "50%"}},
        [["1", "0"], ["1/2", "1/2"], ["1/3", "2/3"]],
        [[HALF, HALF], [1, 0], [HALF, HALF], [Fraction(1, 3), Fraction(2, 3)]],
        json.dumps({"profile": {"Ann with K": "Bet", "(J)": {"Bet": "1/3"}, "Ben": {"Call": 0.5}}}),
        json.dumps([["1", 0], ["1/2", "1/2"], ["1/3", "2/3"]]),
        'player,history,action,probability\nAnn,K,Bet,1\nAnn,J,Bet,1/3\nBen,"K,Bet",Call,1/2\n',
        "| player | infoset | action | probability |\n|---|---|---|---|\n| Ann | 1 | Bet | 1 |\n"
        "| Ann | 3 | Bet | 1/3 |\n| Ben | 2 | Fold | 50% |\n",
        # by player and information set, as pygambit holds and prints a profile
        [[[1, 0], ["1/3", "2/3"]], [[HALF, HALF]]],
        (((1, 0), (Fraction(1, 3), Fraction(2, 3))), ((HALF, HALF),)),
        '[[["1", "0"], ["1/3", "2/3"]], [["1/2", "1/2"]]]',
        [[1.0, 0], [HALF, HALF], [Fraction(1, 3), Fraction(2, 3)]],
        "[[[Rational(1, 1), Rational(0, 1)], [Rational(1, 3), Rational(2, 3)]], "
        "[[Rational(1, 2), Rational(1, 2)]]]",
        r"$\left[\left[\left[1,0\right],\left[\frac{1}{3},\frac{2}{3}\right]\right],"
        r"\left[\left[\frac{1}{2},\frac{1}{2}\right]\right]\right]$",
        {"Ann": [[1, 0], ["1/3", "2/3"]], "Ben": [[HALF, HALF]]},
        "{'Ann': [[1, 0], [Fraction(1, 3), Fraction(2, 3)]], 'Ben': {'Call': 0.5}}",
        {
            "Ann with K": [("Bet", 1)],
            "Ann with J": [("Bet", "1/3"), ("Check", "2/3")],
            "Ben": [("Call", 0.5)],
        },
        # tables by column
        {
            "player": ["Ann", "Ann", "Ben"],
            "history": ["K", "J", ""],
            "action": ["Bet"] * 2 + ["Call"],
            "prob": [1, "1/3", 0.5],
        },
        {
            "player": {"0": "Ann", "1": "Ann", "2": "Ben"},
            "history": {"0": "K", "1": "J", "2": None},
            "action": {"0": "Bet", "1": "Bet", "2": "Call"},
            "p": {"0": 1, "1": "1/3", "2": "1/2"},
        },
        "player,history,Bet,Check,Call,Fold\nAnn,K,1,0,,\nAnn,J,1/3,2/3,-,-\nBen,,,,1/2,1/2\n",
        [
            {"player": "Ann", "history": "K", "bet": 1, "check": 0},
            {"player": "Ann", "history": "J", "bet": "1/3", "check": "2/3"},
            {"player": "Ben", "call": 0.5, "bet": float("nan")},
        ],
    ],
)
def test_one_profile_in_many_words(told: Any) -> None:
    assert rows(told) == BLUFF


def test_objects_of_other_programs_are_read() -> None:
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    held = [numpy.array(row) for row in ([1.0, 0.0], [0.5, 0.5], [0.25, 0.75])]
    wanted = {"K": (1, 0), "K-Bet": (HALF, HALF), "J": (Fraction(1, 4), Fraction(3, 4))}
    assert rows(held) == rows(tuple(held)) == rows(numpy.array(held)) == rows(str(held)) == wanted
    assert rows(numpy.array([1, 0, 0.25, 0.75, 0.5, 0.5])) == wanted
    printed = "[[[1.0, 0.0], [0.25, 0.7500000000000002]], [[0.5, 0.5]]]"
    assert rows(printed)["J"] == pytest.approx((0.25, 0.75))
    printed = repr(tuple(held)).replace("[", "[ ")
    assert rows(printed) == wanted
    frame = pandas.DataFrame(
        [("Ann", "K", "Bet", 1.0), ("Ann", "J", "Bet", 0.25), ("Ben", "", "Call", 0.5)],
        columns=["player", "history", "action", "probability"],
    )
    assert rows(frame) == rows(frame.to_csv()) == rows(frame.to_json()) == wanted
    wide = frame.pivot(index=["player", "history"], columns="action", values="probability")
    assert rows(wide.assign(Check=[0.75, 0, None])) == wanted


def test_an_action_that_one_player_has_needs_no_player() -> None:
    assert rows("Bet with K, check with J. Call.") == {"K": (1, 0), "K-Bet": (1, 0), "J": (0, 1)}
    assert rows("player,action,history\nAnn,Bet,K\nAnn,Check,J\nBen,Call,")["J"] == (0, 1)


def test_what_a_program_worked_out_is_floating_point_and_what_a_person_wrote_is_exact() -> None:
    tree = kuhn()
    third = {"Ann": {"Bet": 0.1}, "Ben": "Call"}
    assert as_profile(poker(), json.dumps(third)).is_exact
    long = '{"Ann": {"Bet": 0.3333333333333333, "Check": 0.6666666666666666}, "Ben": "Call"}'
    assert not as_profile(poker(), long).is_exact
    profile = as_uniform(tree)
    assert as_profile(tree, to_gambit(tree).mixed_behavior_profile(rational=True)) == profile
    with pytest.raises(UserError, match="another game"):
        as_profile(poker(), to_gambit(tree).mixed_behavior_profile())
    with pytest.raises(UserError, match="no behaviour profile"):
        as_profile(tree, to_gambit(tree).mixed_strategy_profile())


def test_probabilities_in_the_letters_of_the_game() -> None:
    tree = nl2efg.as_tree("beer_quiche_prior")
    told = {"Stranger": "Beer", "Beer": ["1 - p", "p"], "Quiche": {"Leave": "p/2"}}
    profile = as_profile(tree, json.dumps(told))
    found = dict(
        zip([own.label for own in tree.information_sets], profile.probabilities, strict=True)
    )
    assert found["Beer"] == (Fraction(1, 5), Fraction(4, 5))
    assert found["Quiche"] == (Fraction(3, 5), Fraction(2, 5))
    for wrong in ("q", "p +", "2 * p", "1/(p - p)"):
        with pytest.raises(UserError):
            as_profile(tree, {"Stranger": "Beer", "Bully": {"Duel": wrong}})


@pytest.mark.parametrize(
    ("told", "row"),
    [
        ({"Quiche": [0.25, "3/4"]}, (0.25, Fraction(3, 4))),
        ({"Quiche": {"Weak": "1/3"}}, (Fraction(2, 3), Fraction(1, 3))),
        ({"Bully after Quiche": {"(Weak, Quiche)": 1}}, (0, 1)),
        ({3: {("Surly", "Quiche"): "p"}}, (Fraction(4, 5), Fraction(1, 5))),
        ({"Quiche": {"Surly > Quiche": "30%", "Weak": "70%"}}, (Fraction(3, 10), Fraction(7, 10))),
    ],
)
def test_beliefs_are_told_by_set_and_node(told: Any, row: Any) -> None:
    tree = nl2efg.as_tree("beer_quiche_prior")
    (number,) = (n for n, own in enumerate(tree.information_sets) if own.label == "Quiche")
    if 3 in told:
        told = {number: told[3]}
    assert as_beliefs(tree, told) == {number: list(row)}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([1, 2], "by information set"),
        ({"Sunday": [1]}, "Sunday"),
        ({"Quiche": {"Monday": 1}}, "none of its nodes"),
        ({"Quiche": {"Quiche": 1}}, "more than one"),
        ({"Quiche": {"Weak": "often"}}, "no probability"),
        ({"Quiche": [1, 0], "Bully after Quiche": [1, 0]}, "two beliefs"),
        ({99: [1, 0]}, "no information set 99"),
    ],
)
def test_beliefs_that_are_not_clear_are_refused(told: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        as_beliefs(nl2efg.as_tree("beer_quiche_prior"), told)


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
        ('[["1"]]', "1 row;"),
        ('["x", "y", "z"]', "3 probabilities; the players have 6 actions"),
        ('["x", [1, 0], [1, 0]]', "no list"),
        ('[1, 0, 1, 0, "x", 1]', "'x' is no probability"),
        ('{"equilibria": [1, 2]}', "2 equilibria"),
        ('{"Ann": {"Sunday": "Bet"}, "Ben": "Call"}', "Sunday"),
        ('[{"player": "Ann"}]', "row 1 of the profile names no action"),
        ("player,action\nBen,Call\nAnn,Fly", "no action"),
        ('{"Ann": [1], "Ben": "Call"}', "1 probability for 2 actions"),
        ("Ann: bet 0.333. Ben: call 0.333, fold 0.333", "sum to 333/500"),
        ("x" * 2_000_000, "characters"),
        (3.5, "float is no profile"),
        ([[0.4, 0.5999], [1, 0], [1, 0]], "sum to 0.9999"),
        ("NE,1,0,1,0,1,0\nNE,1,0,1,0,0,1", "2 profiles"),
        ([[[1, 0]], [[1, 0]]], "1 row for the 2 information sets of Ann"),
        ([[[1, 0], [1, 0]]], "of 1 player; the game has 2"),
        ([[[1, 0], [1, 0]], [[1, 0, 0]]], "3 probabilities for 2 actions"),
        ([[0, 1, 0, 0], [1, 0]], "2 rows"),
        ("[[[Rational(1, 0)]]]", "of 1 player"),
        ("(" * 50_000, "not closed"),
        ("[x for x in ()]", "no JSON"),
        ("player,history,Bet,Raise\nAnn,K,1,0", "cannot be read"),
    ],
)
def test_what_is_not_clear_is_refused(told: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        rows(told)


def test_the_hint_tells_sets_with_the_same_choice_apart() -> None:
    with pytest.raises(UserError) as caught:
        as_profile(nl2efg.as_tree("beer_quiche"), "The stranger drinks beer; bully fights")
    assert "Bully at Beer: Fight or Leave; Bully at Quiche: Fight or Leave" in str(
        caught.value.hint
    )


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


def two_cases(*, seen: bool = False) -> GameTree:
    """A's actions are L, M and R; B, who may see what was done, has l and r."""
    builder = TreeBuilder(["A", "B"])
    nodes = builder.move(0, builder.information_set(0, ["L", "M", "R"]))
    unseen = builder.information_set(1, ["l", "r"])
    for node in nodes:
        mine = builder.information_set(1, ["l", "r"]) if seen else unseen
        for end in builder.move(node, mine):
            builder.pay(end, [0, 0])
    return builder.build()


@pytest.mark.parametrize(
    ("told", "a", "b"),
    [
        ("A: M. B: l", "M", "l"),
        ("A: L. B: r", "L", "r"),
        ("A plays R; B plays l", "R", "l"),
        ("B: r. A: L", "L", "r"),
        ("A: r. B: L", "R", "l"),  # nobody else's spelling takes the player's own action away
        ("R. l", "R", "l"),
    ],
)
def test_a_players_own_action_wins_over_one_in_another_case(told: str, a: str, b: str) -> None:
    tree = two_cases()
    profile = as_profile(tree, told).probabilities
    assert [profile[0].index(1), profile[1].index(1)] == ["LMR".index(a), "lr".index(b)]


def test_a_place_is_what_was_done_in_either_case() -> None:
    told = as_profile(two_cases(seen=True), "A: M. B after L: l, after M: r, after R: l")
    assert told.probabilities == ((0, 1, 0), (1, 0), (0, 1), (1, 0))
    told = as_profile(two_cases(seen=True), "A: M. B after l: r; B after M: r; B after r: r")
    assert told.probabilities[1:] == ((0, 1), (0, 1), (0, 1))


def test_of_two_actions_in_different_case_the_spelled_one_is_meant() -> None:
    builder = TreeBuilder(["A"])
    for end in builder.move(0, builder.information_set(0, ["Up", "UP", "up"])):
        builder.pay(end, [0])
    tree = builder.build()
    for place, label in enumerate(("Up", "UP", "up")):
        assert as_profile(tree, f"A: {label}").probabilities[0].index(1) == place
