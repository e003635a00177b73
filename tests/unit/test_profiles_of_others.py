"""Profiles as other programs and papers write them, and the words of nl2efg on one line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import nl2efg
from nl2efg.equilibria.wording import profile_words
from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile
from tests.trees import kuhn

HALF = Fraction(1, 2)


def test_a_policy_of_openspiel_is_read_by_the_labels_of_its_states() -> None:
    tree = kuhn()
    sets = [(n, own) for n, own in enumerate(tree.information_sets) if not own.is_chance]
    labels = list(dict.fromkeys(label for _, own in sets for label in own.actions))
    profile = as_profile(tree, nl2efg.solve(tree, all=False).equilibria[0])
    of_file = {
        f"{own.player}-{own.player}-{n}-{own.label}": [
            (labels.index(label), p)
            for label, p in zip(own.actions, profile.probabilities[n], strict=True)
        ]
        for n, own in sets
    }
    assert as_profile(tree, of_file) == profile
    of_tree = {
        f"{tree.players[own.player]} at set {n}": list(enumerate(profile.probabilities[n]))
        for n, own in sets
    }
    assert as_profile(tree, of_tree) == profile

    class Policy:
        def policy_table(self) -> dict[str, list[tuple[int, Any]]]:
            return of_file

    assert as_profile(tree, Policy()) == profile
    with pytest.raises(UserError, match="names no information set"):
        as_profile(tree, {"0-0-1-": [(0, 1.0)]})
    with pytest.raises(UserError, match="no information state of this game"):
        as_profile(tree, {"Ann at set 99": [(0, 1.0)]})
    with pytest.raises(UserError, match="no action 7"):
        as_profile(tree, {next(iter(of_tree)): [(7, 1.0)]})


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("(Not trust; Abuse)", ("Not trust", "Abuse")),
        ("(not trust, abuse)", ("Not trust", "Abuse")),
        ("⟨Trust, Honour⟩", ("Trust", "Honour")),
    ],
)
def test_a_tuple_of_actions_as_papers_write_it(told: str, read: tuple[str, str]) -> None:
    tree = nl2efg.as_tree("trust_game")
    held = as_profile(tree, told)
    assert held == as_profile(tree, {"Buyer": read[0], "Seller": read[1]})


def test_labels_decide_which_of_a_players_sets_a_tuple_means() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    ann = builder.information_set(0, ["In", "Out"])
    fight = builder.information_set(1, ["Fight", "Yield"])
    again = builder.information_set(1, ["Stay", "Leave"])
    moves = builder.move(0, ann)
    for node, own in zip(moves, (fight, again), strict=True):
        for end in builder.move(node, own):
            builder.pay(end, [0, 0])
    tree = builder.build()
    wanted = as_profile(tree, {"Ann": "In", 1: "Yield", 2: "Stay"})
    assert (
        as_profile(tree, "(In; Yield, Stay)") == as_profile(tree, "(In; (Stay, Yield))") == wanted
    )
    for told in ("(In; Yield)", "(In, Yield, Stay)", "(In; Yield, Fight)", "(Yield; In, Stay)"):
        with pytest.raises(UserError):
            as_profile(tree, told)
    with pytest.raises(UserError):  # nothing says which price comes first
        as_profile(prices(), "(5; Buy, Leave, Buy, Buy)")


def test_a_result_with_one_equilibrium_stands_for_it() -> None:
    tree = kuhn()
    one = nl2efg.solve(tree, all=False)
    assert as_profile(tree, one) == one.equilibria[0].profile
    assert as_profile(tree, one.equilibria) == one.equilibria[0].profile
    assert as_profile(tree, one.record().equilibria[0]) == one.equilibria[0].profile
    with pytest.raises(UserError, match="0 equilibria in it"):
        as_profile(tree, replace(one, equilibria=()))


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        ("0.333333", "0.666667", "1/3 for 0.333333"),
        ("0.33", "0.67", "1/3 for 0.33"),
        ("0.3", "0.7", ""),
        ("1/3", "2/3", None),
    ],
)
def test_a_claim_in_rounded_decimals_is_told_to_hold_as_fractions(
    one: str, two: str, words: str | None
) -> None:
    exact = nl2efg.solve("kuhn_poker", all=False).equilibria[0].words
    told = "\n".join(exact).replace("one time in three", one).replace("two times in three", two)
    assert told.count(one) >= 3
    found = nl2efg.verify("kuhn_poker", told)
    assert found.holds is (words is None)
    assert found.unrounded.partition(",")[0] in (words or "", f"2/3 for {two}")
    assert bool(found.unrounded) == bool(words)
    assert found.record().unrounded == found.unrounded


def prices() -> GameTree:
    """A buyer knows the value and the price; labels are numbers."""
    builder = TreeBuilder(["Seller", "Buyer"])
    value = builder.chance(["Low", "High"], [HALF, HALF])
    price = builder.information_set(0, ["2", "5"])
    for node in builder.move(0, value):
        for named in builder.move(node, price):
            for end in builder.move(named, builder.information_set(1, ["Buy", "Leave"])):
                builder.pay(end, [0, 0])
    return builder.build()


@pytest.mark.parametrize("between", [". ", "; ", ";\n", ".\n"])
def test_the_words_of_an_equilibrium_are_read_on_one_line(between: str) -> None:
    tree = prices()
    wanted = as_profile(tree, [["0", "1"], ["1", "0"], ["0", "1"], ["1", "0"], ["1/3", "2/3"]])
    told = between.join(profile_words(wanted)) + between.strip()
    assert as_profile(tree, told) == wanted
    kuhns = as_profile(kuhn(), nl2efg.solve(kuhn(), all=False).equilibria[0])
    assert as_profile(kuhn(), between.join(profile_words(kuhns))) == kuhns


@pytest.mark.parametrize(
    "keys",
    [
        ["Low, 2", "Low, 5", "High, 2", "High, 5"],
        ["Low > 2", "Low > 5", "High > 2", "High > 5"],
        ["after Low, 2", "after Low, 5", "after High, 2", "after High, 5"],
        ["Buyer after Low, 2", "Buyer after Low, 5", "Buyer after High, 2", "Buyer after High, 5"],
    ],
)
def test_a_key_that_is_a_whole_history_is_that_place(keys: list[str]) -> None:
    tree = prices()
    done = dict(zip(keys, ("Buy", "Leave", "Buy", "Buy"), strict=True))
    wanted = as_profile(tree, [["0", "1"], ["1", "0"], ["0", "1"], ["1", "0"], ["1", "0"]])
    assert as_profile(tree, {"Seller": "5", "Buyer": done}) == wanted
    assert as_profile(tree, {"Seller": "5", **done}) == wanted
