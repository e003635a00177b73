"""Profiles that were once read as other ones: each means what stands there, or is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from nl2efg.equilibria.wording import all_places
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)

CHOICES = [  # of what is done after something: one of them, what joins them, how likely it is
    ("plays {a} after {h}", ", ", 1),
    ("{a}s after {h}", " and ", 1),
    ("{a}s after {h}", " but ", 1),
    ("after {h} {a}", ", ", 1),
    ("if {h}, {a}", "; ", 1),
    ("{a} if {h}", ", ", 1),
    ("({h}) {a}", ", ", 1),
    ("{a} ({h})", ", ", 1),
    ("{h}: {a}", "; ", 1),
    ("{h} -> {a}", ", ", 1),
    ("{a} | {h}", ", ", 1),
    ("after {h} {a}s", " and ", 1),
    ("2/3 {a} after {h}", " and ", 2 * THIRD),
    ("with probability 2/3 {a}s after {h}", " and ", 2 * THIRD),
    ("{a}s 2/3 after {h}", ", ", 2 * THIRD),
    ("after {h} {a}s 2/3", " and ", 2 * THIRD),
    ("after {h}: 2/3 {a} + 1/3 {b}", ". Ben ", 2 * THIRD),
    ("after {h}: {a} with 2/3 and {b} with 1/3", ". Ben ", 2 * THIRD),
    ("mixes 2/3 {a}, 1/3 {b} after {h}", ". Ben ", 2 * THIRD),
]
NOT_READ = {8, 9, 10, 11, 15, 18}


def answered(
    actions: tuple[str, str] = ("Bet", "Check"),
    left: tuple[str, str] = ("Bet", "Check"),
    right: tuple[str, str] = ("Bet", "Check"),
    labels: tuple[str, str, str] = ("", "", ""),
) -> GameTree:
    """Ann moves, and Ben answers at two information sets, one after each of her actions."""
    builder = TreeBuilder(["Ann", "Ben"])
    first = builder.move(0, builder.information_set(0, actions, label=labels[0]))
    for node, own, label in zip(first, (left, right), labels[1:], strict=True):
        for end in builder.move(node, builder.information_set(1, own, label=label)):
            builder.pay(end, [end, -end])
    return builder.build()


def together() -> GameTree:
    """Ann and Ben choose at once."""
    builder = TreeBuilder(["Ann", "Ben"])
    ben = builder.information_set(1, ["Bet", "Check"])
    for node in builder.move(0, builder.information_set(0, ["Bet", "Check"])):
        for end in builder.move(node, ben):
            builder.pay(end, [end, -end])
    return builder.build()


@pytest.mark.parametrize(
    "told", ["Ann: 1/3 Bet and 2/3 Check; Ben: Bet", "Ann: 1/3 Bet + 2/3 Check. Ben bets"]
)
def test_a_number_before_an_action_is_not_that_of_the_last_one(told: str) -> None:
    assert as_profile(together(), told).probabilities == ((THIRD, 1 - THIRD), (1, 0))


@pytest.mark.parametrize("way", range(len(CHOICES)))
def test_whatever_way_it_is_told_it_is_read_so_or_refused(way: int) -> None:
    form, joint, likely = CHOICES[way]
    tree, read = answered(), 0
    for choice in product((0, 1), repeat=2):
        parts = [
            form.format(h=tree.information_sets[0].actions[n], a=actions[one], b=actions[1 - one])
            for n, (one, actions) in enumerate(zip(choice, [("Bet", "Check")] * 2, strict=True))
        ]
        wanted = tuple((likely, 1 - likely) if one == 0 else (1 - likely, likely) for one in choice)
        for order in (parts, parts[::-1]):
            try:
                found = as_profile(tree, f"Ann bets. Ben {joint.join(order)}")
            except UserError:
                continue
            read += 1
            assert found.probabilities[1:] == wanted, order
    assert read == 8 or way in NOT_READ


@pytest.mark.parametrize(
    ("told", "ben"),
    [
        ("bets after Bet and checks after Check", ((1, 0), (0, 1))),
        ("plays Bet after Bet and Check after Check", ((1, 0), (0, 1))),
        ("bets after Bet and Check", ((1, 0), (1, 0))),
        ("bets after Bet and Check with probability 1/2", ((HALF, HALF), (HALF, HALF))),
        ("bets after Bet and Check with 1/2", ((HALF, HALF), (HALF, HALF))),
    ],
)
def test_an_action_after_and_is_done_or_led_there(told: str, ben: Any) -> None:
    assert as_profile(answered(), f"Ann bets; Ben {told}").probabilities[1:] == ben


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Ann: Bet 1/3-1/2; Ben: Bet", "to no action"),
        ("Ann: 1/2 1/3 Bet; Ben: Bet", "gives 1/2 and 1/3 to one action"),
        ("Ann: Bet ≥ 1/3; Ben: Bet", "read at '≥ 1/3'"),
        ("Ann: Bet >= 1/3; Ben: Bet", "read at '>= 1/3'"),
        ("Ann: Bet -1/3; Ben: Bet", "read at '-1/3'"),
        ("Ann: Bet √1/3; Ben: Bet", "read at '√1/3'"),
        ("Ann: ¬Bet; Ben: Bet", "read at '¬Bet "),
        ("Ann: Bet; Ben: ~Bet 1/3", "read at '~Bet 1/3'"),
        ('{"Ann": "Bet", "Ann": "Check", "Ben": "Bet"}', "'Ann' stands twice"),
        ("{'Ann': 'Bet', 'Ann': 'Check', 'Ben': 'Bet'}", "'Ann' stands twice"),
        ("player,infoset,action\nAnn,1,Bet\nBen,0,Check", "row 1 .* another one than its player"),
        ("player,Bet,bet\nAnn,1,0\nBen,0,1", "2 columns 'bet'"),
        ("player,action,weight\nAnn,Bet,1/3\nBen,Bet,1", "row 1 .* '1/3' as its 'weight'"),
        ("player,action,probability\nAnn,Bet,1/3,0\nBen,Bet,1", "row 1 .* more cells"),
    ],
)
def test_what_would_be_lost_or_mistaken_is_refused(told: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        as_profile(together(), told)


@pytest.mark.parametrize("told", ["Ann: Bet -> 1/3; Ben: Bet", "Ann: Bet - 1/3; Ben: Bet => 1"])
def test_arrows_and_dashes_are_no_signs(told: str) -> None:
    assert as_profile(together(), told).probabilities == ((THIRD, 1 - THIRD), (1, 0))


def test_labels_that_differ_by_signs_alone() -> None:
    told = "Ann: x'; Ben: y’, z"
    tree = answered(("x", "x'"), ("y", "y'"), ("z", "z'"))
    assert as_profile(tree, told).probabilities == ((0, 1), (0, 1), (1, 0))
    tree = answered(("x", "¬x"), ("~y", "y"), ("z", "!z"))
    assert as_profile(tree, "Ann: ¬x; Ben: ~y, !z").probabilities == ((0, 1), (1, 0), (0, 1))
    tree = answered(("+1", "-1"), ("+1", "-1"), ("+1", "-1"))
    assert as_profile(tree, "Ann: -1; Ben: +1").probabilities == ((0, 1), (1, 0), (1, 0))
    told = "Ann: L; Ben: L after L, R' after R"
    tree = answered(("L", "R"), ("L", "R"), ("L'", "R'"))
    assert as_profile(tree, told).probabilities == ((1, 0), (1, 0), (0, 1))
    told = "Ann: +1; Ben (-1): Bet; Ben (+1): Check"
    assert as_profile(answered(("-1", "+1")), told).probabilities == ((0, 1), (1, 0), (0, 1))


def test_information_sets_whose_labels_differ_by_signs_alone() -> None:
    tree = answered(labels=("s", "A+", "A-"))
    wanted = ((1, 0), (1, 0), (0, 1))
    forms: list[Any] = [
        {"s": "Bet", "A+": "Bet", "A-": "Check"},
        "Ann bets; Ben at A+: Bet; Ben at A-: Check",
        "player,label,action\nAnn,s,Bet\nBen,A+,Bet\nBen,A-,Check",
    ]
    for told in forms:
        assert as_profile(tree, told).probabilities == wanted
    with pytest.raises(UserError, match="does not say what is done at Ben's information set 'A-'"):
        as_profile(tree, {"s": "Bet", "A+": "Bet"})


def test_a_number_that_is_another_sets_label_is_refused() -> None:
    tree = answered(labels=("2", "1", "0"))
    with pytest.raises(UserError, match="label of an information set, and the number of another"):
        as_profile(tree, '{"0": "Bet", "1": "Check", "2": "Bet"}')
    same = answered(labels=("0", "1", "2"))
    assert as_profile(same, '{"0": "Bet", "1": "Check", "2": "Bet"}').probabilities[1] == (0, 1)


def test_a_label_beside_a_number_of_another_set_is_refused() -> None:
    tree = answered(labels=("a", "b", "c"))
    head = "player,infoset,label,action\nAnn,0,a,Bet\n"
    assert as_profile(tree, f"{head}Ben,1,b,Bet\nBen,2,c,Check").probabilities[2] == (0, 1)
    with pytest.raises(UserError, match=r"row 2 .* label mean"):
        as_profile(tree, f"{head}Ben,1,c,Bet\nBen,2,b,Check")


def test_a_line_after_one_in_our_own_words_speaks_of_the_same_player() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    for node in builder.move(0, builder.chance(["K", "J"], [HALF, HALF])):
        bet, check = builder.move(node, builder.information_set(0, ["Bet", "Check"]))
        builder.pay(bet, [1, -1])
        for end in builder.move(check, builder.information_set(1, ["Bet", "Check"])):
            builder.pay(end, [end, -end])
    tree, places = builder.build(), all_places(builder.build())
    lines = [
        f"{tree.player_name(own.player)} {places[number]}: Bet always"
        for number, own in enumerate(tree.information_sets)
        if not own.is_chance
    ]
    king = [line for line in lines if "K" in line]
    with pytest.raises(UserError, match="does not say what is done at Ben's information set"):
        as_profile(tree, "\n".join([*reversed(king), "after J: Check"]))


def test_a_profile_of_too_few_rows_is_an_error_of_the_users() -> None:
    with pytest.raises(UserError, match="one probability for each action"):
        BehaviourProfile(together(), ())


def test_columns_by_row_belong_to_their_rows() -> None:
    data = {"player": {"0": "Ann", "1": "Ben"}, "action": {"1": "Check", "0": "Bet"}}
    assert as_profile(together(), data).probabilities == ((1, 0), (0, 1))
    twice = [{"player": "Ann", "action": "Bet", "prob": "1/3", "p": 1}]
    with pytest.raises(UserError, match="2 columns 'probability'"):
        as_profile(together(), twice)
