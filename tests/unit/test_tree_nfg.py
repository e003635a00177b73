"""Reading .nfg files."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import FormatError
from nl2efg.formats import read_game, read_nfg
from nl2efg.game import NO_OUTCOME, has_perfect_recall

LABELLED = 'NFG 1 R "Prisoners" { "Ann" "Ben" }\n{ { "C" "D" } { "c" "d" } }\n"A comment"\n'


def test_payoffs_go_with_the_first_player_fastest() -> None:
    tree = read_nfg(LABELLED + "2 2 3 0 0 3 1 1")
    assert (tree.title, tree.comment, tree.players) == ("Prisoners", "A comment", ("Ann", "Ben"))
    assert len(tree.information_sets) == 2
    assert has_perfect_recall(tree)
    found = {tree.history(leaf): tree.path_payoffs[leaf] for leaf in tree.terminals}
    assert found == {("C", "c"): (2, 2), ("D", "c"): (3, 0), ("C", "d"): (0, 3), ("D", "d"): (1, 1)}


def test_counts_of_strategies_and_no_comment() -> None:
    tree = read_nfg('NFG 1 D "" { "A" "B" } { 3 1 }\n1.5 1/3, -1e1 2 5 6')
    assert tree.information_sets[0].actions == ("1", "2", "3")
    assert tree.path_payoffs[tree.terminals[1]] == (-10, 2)
    assert tree.path_payoffs[tree.terminals[0]] == (Fraction(3, 2), Fraction(1, 3))


def test_outcomes_may_be_shared_or_missing() -> None:
    tree = read_nfg(LABELLED + '{ { "both" 1, 1 } { "" 5 6 } }\n1 0 0 2')
    assert [tree.outcome_of[leaf] for leaf in tree.terminals] == [0, NO_OUTCOME, NO_OUTCOME, 1]
    assert tree.outcomes[0].label == "both"
    shared = read_nfg(LABELLED + '{ { "x" 1 1 } }\n1 1 1 1')
    assert len(shared.outcomes) == 1


def test_the_first_word_decides() -> None:
    assert read_game("\ufeff" + LABELLED + "2 2 3 0 0 3 1 1").title == "Prisoners"
    assert read_game('EFG 2 R "tree" { "A" } t "" 0').title == "tree"
    with pytest.raises(FormatError, match="'EFG'"):
        read_game("Once upon a time")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NFG 2 R", "version"),
        ('NFG 1 R "x" { "A" "B" } { 2 } 1', "strategies of 2 players"),
        ('NFG 1 R "x" { "A" } { { } } 1', "at least one strategy"),
        ('NFG 1 R "x" { "A" } { 0 } 1', "at least one strategy"),
        ('NFG 1 R "x" { "A" } { 999999999 } 1', "too short"),
        ('NFG 1 R "x" { "A" "B" "C" } { 30 30 30 } 1', "too short"),
        (LABELLED + "2 2 3 0 0 3 1", "a payoff, but the file ends"),
        (LABELLED + "2 2 3 0 0 3 1 1 1", "more follows"),
        (LABELLED + '{ { "x" 1 1 } } 1 2 1 1', "no outcome 2"),
        (LABELLED + '{ { "x" 1 } } 1 1 1 1', "a payoff"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(FormatError, match="game") as caught:
        read_nfg(text, "game")
    assert message in caught.value.message
    assert caught.value.line


@given(st.text(), st.sampled_from(["NFG 1 R ", LABELLED, 'NFG 1 R "" { "A" } ']))
def test_any_text_is_a_game_or_a_format_error(text: str, head: str) -> None:
    with suppress(FormatError):
        read_nfg(head + text)


@given(st.lists(st.sampled_from(["{", "}", '"a"', "1", "2", "-1", "1/2", ","]), max_size=30))
def test_any_tokens_are_a_game_or_a_format_error(tokens: list[str]) -> None:
    with suppress(FormatError):
        read_nfg('NFG 1 R "" { "A" "B" } ' + " ".join(tokens))


def test_a_note_brings_no_control_characters_in() -> None:
    text = LABELLED.replace("A comment", "A comment\n[labels: p:Ann=%1B%5B31m a:C=%C2%9BC]")
    tree = read_nfg(text + "2 2 3 0 0 3 1 1")
    assert tree.players == ("\ufffd[31m", "Ben")
    assert tree.information_sets[0].actions == ("\ufffdC", "D")
