"""Each check finds its fault, and leaves the game beside it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from nl2efg.checks import check, severity
from nl2efg.formats.files import load_game
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.mcp_server.results import finding
from nl2efg.resources import shipped
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic, Severity, quoted
from tests.trees import absent_minded_driver, game_trees, kuhn

PENNIES = "Ann and Ben each show heads or tails of a coin, both at the same time."
ENTRY = (
    "Ann decides whether to enter the market of Ben. If she does, Ben can fight or yield. "
    "Both firms know all that has been done."
)


def codes(tree: GameTree, text: str | None = None) -> set[str]:
    """The codes of what would be errors and warnings if every code had earned it."""
    with patch.object(severity, "EARNED", frozenset(known_codes())):
        return {found.code for found in check(tree, text=text) if found.severity != Severity.NOTE}


def test_a_code_warns_only_if_it_has_earned_it() -> None:
    text = ENTRY + " If Ann yields, the market is shared."
    assert "C504" in codes(entry(), text)
    (one,) = (found for found in check(entry(), text=text) if found.code == "C504")
    assert one.severity is Severity.NOTE
    assert known_codes().keys() >= severity.EARNED


def notes(tree: GameTree, text: str | None = None) -> set[str]:
    return {found.code for found in check(tree, text=text) if found.severity == Severity.NOTE}


def pennies(*, hidden: bool = True, players: Sequence[str] = ("Ann", "Ben")) -> GameTree:
    builder = TreeBuilder(players)
    shared = builder.information_set(1, ["Heads", "Tails"])
    for first, node in enumerate(builder.move(0, builder.information_set(0, ["Heads", "Tails"]))):
        own = shared if hidden else builder.information_set(1, ["Heads", "Tails"])
        for second, end in enumerate(builder.move(node, own)):
            sign = 1 if first == second else -1
            builder.pay(end, [sign, -sign] + [0] * (len(players) - 2))
    return builder.build()


def entry(
    payoffs: Sequence[Sequence[int]] = ((0, 4), (-1, 1), (2, 2)),
    players: Sequence[str] = ("Ann", "Ben"),
    labels: Sequence[str] = ("Fight", "Yield"),
) -> GameTree:
    builder = TreeBuilder(players)
    out, inside = builder.move(0, builder.information_set(0, ["Out", "Enter"]))
    ends = [out, *builder.move(inside, builder.information_set(1, labels))]
    for end, row in zip(ends, payoffs, strict=False):
        builder.pay(end, [*row, *[0] * (len(players) - len(row))])
    return builder.build()


def weather(
    probabilities: Sequence[Fraction] = (Fraction(1, 4), Fraction(3, 4)), seen: bool = True
) -> GameTree:
    builder = TreeBuilder(["Ann"])
    draw = builder.chance(["Rain", "Dry"], probabilities)
    shared = builder.information_set(0, ["Coat", "Hat"])
    for number, node in enumerate(builder.move(0, draw)):
        own = builder.information_set(0, ["Coat", "Hat"]) if seen else shared
        for choice, end in enumerate(builder.move(node, own)):
            builder.pay(end, [int(number == choice)])
    return builder.build()


def test_right_games_are_not_flagged() -> None:
    assert codes(pennies(), PENNIES) == set()
    assert codes(entry(), ENTRY) == set()
    assert codes(
        weather(), "With probability 1/4 it rains. Ann sees it and takes coat or hat."
    ) == (set())
    assert codes(kuhn()) == codes(absent_minded_driver()) == set()


# Structure


def test_no_decision() -> None:
    builder = TreeBuilder(["Ann"])
    builder.pay(0, [1])
    assert "C101" in codes(builder.build())


def test_an_end_without_an_outcome() -> None:
    tree = entry(payoffs=((0, 4), (-1, 1)))
    (found,) = (one for one in check(tree) if one.code == "C102")
    assert found.severity == Severity.ERROR
    assert found.history == ("Enter", "Yield")


def test_payoffs_on_the_way_count_as_an_outcome() -> None:
    builder = TreeBuilder(["Ann"])
    left, _ = builder.move(0, builder.information_set(0, ["Left", "Right"]))
    builder.pay(0, [1])
    builder.pay(left, [1])
    assert "C102" not in codes(builder.build())


def test_a_player_who_never_moves() -> None:
    three = entry(players=("Ann", "Ben", "Cid"))
    assert "C103" in codes(three, ENTRY)
    told = ENTRY + " Cid is paid too, but has no say."
    assert "C103" in notes(three, told)
    assert "C103" not in codes(three, told)


def test_chance_as_a_player() -> None:
    assert "C104" in codes(pennies(players=("Ann", "Nature")))
    assert "C104" not in codes(pennies(players=("Ann", "Natalie")))


def test_labels() -> None:
    assert "C105" in notes(entry(labels=("Fight", "")))
    assert "C106" in codes(entry(labels=("Fight", "Fight")))
    assert "C107" in codes(entry(players=("Ann", "Ann")))
    assert {"C105", "C106", "C107"}.isdisjoint(codes(entry()) | notes(entry()))


def test_a_move_with_one_action() -> None:
    assert "C108" in notes(entry(labels=("Fight",)))


# Information


def test_absent_mindedness() -> None:
    driver = absent_minded_driver()
    silent = "A driver comes to two exits of the road, and at each of them can exit or continue."
    told = silent + " At an exit, the driver cannot remember whether it is the first."
    assert "C201" in codes(driver, silent)
    assert "C201" in notes(driver, told)
    assert "C201" not in codes(driver, told)


def forgetful() -> GameTree:
    builder = TreeBuilder(["Ann"])
    second = builder.information_set(0, ["Up", "Down"])
    for node in builder.move(0, builder.information_set(0, ["Left", "Right"])):
        for end in builder.move(node, second):
            builder.pay(end, [end])
    return builder.build()


def test_imperfect_recall() -> None:
    silent = "Ann goes left or right, and then she can go up or down, and that is the end of it."
    assert "C202" in codes(forgetful(), silent)
    assert "C202" not in codes(forgetful(), silent + " By then she has forgotten her first turn.")
    assert "C202" not in codes(forgetful(), "Ann va a la izquierda o a la derecha, y luego sube.")


def test_forgetting_that_the_tree_does_not_have() -> None:
    text = "Ann sees the weather, then forgets it, and with probability 1/4 it rains."
    assert "C203" in codes(weather(), text)
    assert "C203" not in codes(weather(), text.replace("forgets", "never forgets"))


def test_something_hidden_in_perfect_information() -> None:
    assert "C204" in codes(pennies(hidden=False), PENNIES)
    assert "C204" not in codes(pennies(hidden=False), PENNIES.replace("both at", "but not at"))


def test_a_draw_after_all_decisions_is_hidden_by_its_place() -> None:
    builder = TreeBuilder(["Ann"])
    for node in builder.move(0, builder.information_set(0, ["Coat", "Hat"])):
        for end in builder.move(node, builder.chance(["Rain", "Dry"], [Fraction(1, 2)] * 2)):
            builder.pay(end, [end])
    text = "Ann does not know whether it will rain, a matter of even odds, when she takes a coat."
    assert "C204" in notes(builder.build(), text)
    assert "C204" not in codes(builder.build(), text)


def two_cards(*, bob_blind: bool, split_after_bet: bool = False, relearn: bool = False) -> GameTree:
    """Ann has a card that Bob does not see; he answers Pass and Bet, and after Bet again."""
    builder = TreeBuilder(["Ann", "Bob"])
    shared = {kind: builder.information_set(1, ["Yes", "No"]) for kind in ("Pass", "Bet", "Later")}
    for card in builder.move(0, builder.chance(["High", "Low"], [Fraction(1, 2)] * 2)):
        own = builder.information_set(0, ["Pass", "Bet"])
        for kind, node in zip(("Pass", "Bet"), builder.move(card, own), strict=True):
            joined = bob_blind and not (split_after_bet and kind == "Bet")
            bobs = shared[kind] if joined else builder.information_set(1, ["Yes", "No"])
            first, end = builder.move(node, bobs)
            builder.pay(end, [1, -1])
            if kind == "Bet":
                builder.pay(first, [2, -2])
                continue
            again = builder.information_set(1, ["Yes", "No"]) if relearn else shared["Later"]
            for last in builder.move(first, again):
                builder.pay(last, [0, 0])
    return builder.build()


CARDS = "Ann is dealt a card, high or low with even odds. She can pass or bet. Then Bob answers. "


def test_a_player_who_sees_what_the_text_hides() -> None:
    blind_ann = TreeBuilder(["Ann", "Bob"])
    anns = blind_ann.information_set(0, ["Pass", "Bet"])
    for card in blind_ann.move(0, blind_ann.chance(["High", "Low"], [Fraction(1, 2)] * 2)):
        for node in blind_ann.move(card, anns):
            for end in blind_ann.move(node, blind_ann.information_set(1, ["Yes", "No"])):
                blind_ann.pay(end, [end, 0])
    text = CARDS + "Bob must answer without seeing the card."
    assert "C205" in codes(blind_ann.build(), text)
    assert "C205" not in codes(two_cards(bob_blind=True), text)
    rival = CARDS + "After Bob has been called, his rival decides without seeing the card."
    assert "C205" not in codes(blind_ann.build(), rival)


def test_everything_seen_in_the_text() -> None:
    text = "Ann shows heads or tails. Then so does Ben. All moves are visible to both players."
    assert "C206" in codes(pennies(), text)
    assert "C206" not in codes(pennies(hidden=False), text)


def test_a_player_who_sees_nothing() -> None:
    text = CARDS + "Bob observes what Ann did, but not her card."
    builder = TreeBuilder(["Ann", "Bob"])
    bobs = builder.information_set(1, ["Yes", "No"])
    for card in builder.move(0, builder.chance(["High", "Low"], [Fraction(1, 2)] * 2)):
        for node in builder.move(card, builder.information_set(0, ["Pass", "Bet"])):
            for end in builder.move(node, bobs):
                builder.pay(end, [end, 0])
    assert "C207" in codes(builder.build(), text)
    assert "C207" not in codes(two_cards(bob_blind=True), text)
    only = text.replace("observes what", "only observes that")
    assert "C207" not in codes(builder.build(), only)


def test_knowledge_from_nowhere() -> None:
    text = CARDS + "If Ann passes and Bob says yes, he answers again. The card is hidden from Bob."
    assert "C208" in codes(two_cards(bob_blind=True, relearn=True), text)
    assert "C208" not in codes(two_cards(bob_blind=True), text)
    shown = text + " The card is then revealed."
    assert "C208" not in codes(two_cards(bob_blind=True, relearn=True), shown)


def test_a_draw_seen_only_at_times() -> None:
    text = CARDS + "The card is hidden from Bob."
    assert "C209" in codes(two_cards(bob_blind=True, split_after_bet=True), text)
    assert "C209" not in codes(two_cards(bob_blind=True), text)
    shown = text + " But who bets must show the card."
    assert "C209" not in codes(two_cards(bob_blind=True, split_after_bet=True), shown)


def test_a_draw_that_alone_is_seen() -> None:
    text = "A card is dealt from three. Ann bets or passes, and the card is hidden from her."
    builder = TreeBuilder(["Ann"])
    shared = builder.information_set(0, ["Bet", "Pass"])
    own = builder.information_set(0, ["Bet", "Pass"])
    draw = builder.chance(["J", "Q", "K"], [Fraction(1, 3)] * 3)
    for node, number in zip(builder.move(0, draw), (shared, shared, own), strict=True):
        for end in builder.move(node, number):
            builder.pay(end, [end])
    assert "C210" in codes(builder.build(), text)
    assert "C210" not in codes(builder.build(), text + " But a king is shown to her.")
    assert "C210" not in codes(kuhn(), text)


# Chance


def test_distributions() -> None:
    third = Fraction(1, 3)
    assert "C301" in codes(weather((third, third)))
    assert "C301" in codes(weather((Fraction(4, 3), -third)))
    assert "C301" not in codes(weather())
    assert "C302" in notes(weather((Fraction(1), Fraction(0))))


def test_chance_in_one_of_tree_and_text_only() -> None:
    text = "Ann can take a coat or a hat. She gets 1 if it is the right one, and that is all."
    assert "C303" in codes(weather(), text)
    assert "C303" not in codes(weather(), text + " It rains one time in four, by luck.")
    assert "C303" not in codes(weather(), "Ana puede llevar un abrigo o un sombrero, y nada más.")
    assert "C304" in codes(entry(), ENTRY + " With probability 1/2 Ben is strong.")
    assert "C304" not in codes(entry(), ENTRY)


def test_quoted_probabilities() -> None:
    text = "Ann sees the weather. It rains with probability 1/4 and is dry with probability {}."
    assert codes(weather(), text.format("3/4")) == set()
    assert "C305" in codes(weather((Fraction(1, 2), Fraction(1, 2))), text.format("75%"))


def test_probabilities_of_sequences_and_sums_are_known() -> None:
    text = "Each of two cards is dealt; a deal has probability {}, so they say."
    assert "C305" not in codes(kuhn(), text.format("1/6"))
    assert "C305" not in codes(kuhn(), text.format("2/3"))
    assert "C305" in codes(kuhn(), text.format("1/5"))


def test_equal_chances() -> None:
    text = "Rain and sun are equally likely, which Ann sees before she takes a coat or a hat."
    assert "C306" in codes(weather(), text)
    assert "C306" not in codes(weather((Fraction(1, 2), Fraction(1, 2))), text)


# Payoffs


def test_sums_of_payoffs() -> None:
    text = ENTRY + " It is a zero-sum game."
    assert "C401" in codes(entry(), text)
    assert "C401" not in codes(entry(payoffs=((0, 0), (-1, 1), (2, -2))), text)
    assert "C401" not in codes(entry(), ENTRY + " It is not a zero-sum game.")


def test_quoted_payoffs() -> None:
    text = ENTRY + " Out gives Ben a payoff of {}."
    assert "C402" in codes(entry(), text.format("7"))
    assert "C402" not in codes(entry(), text.format("4"))
    scaled = text.format("$4,000") + " A fight leaves him with a payoff of $1,000."
    assert "C402" not in codes(entry(), scaled)


def test_quoted_payoffs_that_are_only_parts() -> None:
    text = ENTRY + " Out gives Ben a payoff of 7{}."
    assert "C402" in codes(entry(), text.format(" for good"))
    assert "C402" not in codes(entry(), text.format(" minus a cost of 3"))
    assert "C402" not in codes(entry(), text.format(" in each of two rounds, which add up"))


def test_quoted_vectors() -> None:
    text = ENTRY + " After a fight, the payoffs are {}."
    assert "C403" in codes(entry(), text.format("(5, 1)"))
    assert "C403" not in codes(entry(), text.format("(-1, 1)"))
    assert "C403" not in codes(entry(), text.format("(1, 2, 3)"))


# Players


def test_players_that_the_text_does_not_name() -> None:
    text = "Player 1 goes left or right, and then the game is over for good."
    assert "C501" in codes(pennies(players=("Player 1", "Player 2")), text)
    both = text + " The second player then goes left or right too."
    assert "C501" not in codes(pennies(players=("Player 1", "Player 2")), both)
    for others in ("His opponent answers.", "It is for players 1 and 2.", "Both players are paid."):
        assert "C501" not in codes(pennies(players=("Player 1", "Player 2")), f"{text} {others}")
    assert "C501" in notes(entry(players=("Ann", "Incumbent")), ENTRY)


def test_the_number_of_players() -> None:
    assert "C502" in codes(entry(), ENTRY + " This is a three-player game.")
    assert "C502" not in codes(entry(), ENTRY + " This is a two-player game.")
    assert "C502" not in codes(entry(), ENTRY + " If three players came, it would be another game.")


def test_the_first_mover() -> None:
    assert "C503" in codes(entry(), "Ben makes the first move. Then Ann decides, and it ends.")
    assert "C503" not in codes(entry(), "Ann makes the first move. Then Ben decides, and it ends.")
    later = "In the second round, which is another game, Ben goes first. It begins with Ann."
    assert "C503" not in codes(entry(), later)
    assert "C503" not in codes(entry(), "If Ben moves first, it is another game than Ann's.")


def test_actions_of_somebody_else() -> None:
    assert "C504" in codes(entry(), ENTRY + " If Ann yields, the market is shared.")
    assert "C504" not in codes(entry(), ENTRY + " If Ben yields, the market is shared.")


# In general


def test_diagnostics_carry_place_and_sentence() -> None:
    lines = SourceMap(move={0: 3, 2: 9}, information_set={}, outcome={1: 7})
    tree = pennies(hidden=False)
    found = check(tree, text=PENNIES, lines=lines)
    assert [one.sentence for one in found if one.code == "C204"] == [PENNIES]
    (bare,) = (one for one in check(entry(payoffs=((0, 4),)), lines=lines) if one.code == "C102")
    assert (bare.history, bare.line) == (("Enter", "Fight"), 9)


def test_errors_come_first() -> None:
    builder = TreeBuilder(["Ann", "Nature"])
    builder.move(0, builder.information_set(1, ["Left"]))
    order = [one.severity for one in check(builder.build())]
    assert order == sorted(order, key=list(Severity).index)
    assert len(set(order)) == 3


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(game_trees())
def test_every_tree_can_be_checked(tree: GameTree) -> None:
    text = "Ann and Ben, without knowing anything, get a payoff of 3 with probability 1/2."
    for found in check(tree, text=text):
        assert found.code in known_codes()
        if found.history is not None:
            assert tree.find(found.history) is not None


@pytest.mark.slow
def test_a_deep_tree_is_checked() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for depth in range(20_000):
        end, node = builder.move(node, builder.information_set(depth % 2, ["Stop", "Go"]))
        builder.pay(end, [depth, 0])
    builder.pay(node, [0, 0])
    assert codes(builder.build(), ENTRY) == set()


GAMES = sorted((shipped("fixtures") / "games").glob("*/reference.efg"))


@pytest.mark.parametrize("reference", GAMES, ids=[path.parent.name for path in GAMES])
def test_no_bundled_game_is_flagged_against_its_own_description(reference: Path) -> None:
    text = (reference.parent / "description.txt").read_text(encoding="utf-8")
    weighty = [one for one in check(load_game(reference), text=text) if one.severity != "note"]
    assert weighty == []


def test_a_long_sentence_is_quoted_alike_everywhere() -> None:
    long = "begins " + "very " * 1000 + "ends"
    found = Diagnostic("C102", Severity.ERROR, "something", sentence=long)
    told = quoted(long)
    assert len(told) < 410
    assert told.startswith("begins")
    assert told.endswith("ends")
    assert f'"{told}"' in str(found)
    assert finding(found).sentence == told
    assert finding(replace(found, sentence=None)).sentence is None
    assert finding(replace(found, sentence="short")).sentence == "short"
