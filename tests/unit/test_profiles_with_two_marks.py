"""Profiles told by two things that a player knows: each means what stands there, or is refused."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile

HALF = Fraction(1, 2)
CARDS, MOVES, ACTIONS = ("K", "J"), ("Bet", "Check"), ("Raise", "Fold")

Choice = dict[tuple[str, str], str]
"""What Ben does, by his card and Ann's move."""


@cache
def game() -> GameTree:
    """Ben is dealt a card; Ann bets or checks without seeing it; Ben, who knows both, answers."""
    builder = TreeBuilder(["Ann", "Ben"])
    ann = builder.information_set(0, MOVES)
    for card in builder.move(0, builder.chance(CARDS, [HALF, HALF])):
        for node in builder.move(card, ann):
            for end in builder.move(node, builder.information_set(1, ACTIONS)):
                builder.pay(end, [end, -end])
    return builder.build()


EACH = [
    ("{a}s with {c} after {m}", ", "),
    ("{a}s with {c} after {m}", " and "),
    ("{a}s after {m} with {c}", ", "),
    ("{a}s after {m} with {c}", " and "),
    ("{a}s with {c} after a {m}", "; "),
    ("{a}s with {c}, after {m}", "; "),
    ("{a}s with {c} and after {m}", ", "),
    ("{a}s with {c} if Ann {m}s", ", "),
    ("{a}s if Ann {m}s with {c}", ", "),
    ("after {m} with {c} {a}s", ", "),
    ("after {m} with {c} {a}s", " and "),
    ("after {m}, with {c}, {a}s", "; "),
    ("with {c} after {m} {a}s", " but "),
    ("with {c} after {m}: {a}", "; "),
    ("({c}, {m}): {a}", "; "),
    ("{a} ({c}, {m})", ", "),
    ("with {c} if Ann {m}s he {a}s", ", "),
]
"""Of each of the four cases, and what joins them."""

OUTER = [
    ("After {o}, Ben {0} with {i0} and {1} with {i1}", ". "),
    ("After {o}, Ben {0} with {i0}, {1} with {i1}", ". "),
    ("After {o} Ben {0} with {i0}; after {o} he {1} with {i1}", "; "),
    ("After {o}, Ben with {i0} {0} and with {i1} {1}", ". "),
    ("After {o}, Ben {0} with {i0}, otherwise {1}", ". "),
    ("If Ann {o}s, Ben {0} with {i0} and {1} with {i1}", ". "),
    ("If Ann {o}s, Ben {0} with {i0} and {1} with {i1}", ", "),
    ("If Ann {o}s Ben {0} with {i0}, but {1} with {i1}", ". "),
    ("When Ann {o}s, Ben {0} with {i0} and {1} with {i1}", "; "),
    ("With {o}, Ben {0} after {i0} and {1} after {i1}", ". "),
    ("With {o} Ben {0} after {i0}, {1} after {i1}", ", "),
    ("Ben with {o} {0} after {i0} and {1} after {i1}", ". "),
    ("Ben {0} after {i0} and {1} after {i1} with {o}", ". "),
    ("Ben {0} with {o} after {i0} and {1} after {i1}", ". "),
    ("Ben after {o} {0} with {i0} and {1} with {i1}", ", "),
    ("Ben with {o}: {0} after {i0}, {1} after {i1}", ". "),
    ("With {o}: after {i0} Ben {0}, after {i1} Ben {1}", ". "),
]
"""One of the two things first, and the two cases of the other behind it."""

IN_PART = {
    ("If Ann {o}s, Ben {0} with {i0} and {1} with {i1}", ", "),
    ("Ben {0} after {i0} and {1} after {i1} with {o}", ". "),
    ("Ben {0} with {o} after {i0} and {1} after {i1}", ". "),
    ("With {o}: after {i0} Ben {0}, after {i1} Ben {1}", ". "),
}
"""Read as they are meant, or refused."""


def choices() -> list[Choice]:
    places = list(product(CARDS, MOVES))
    return [dict(zip(places, actions, strict=True)) for actions in product(ACTIONS, repeat=4)]


def rows(choice: Choice) -> tuple[tuple[int, int], ...]:
    return tuple((1, 0) if choice[place] == "Raise" else (0, 1) for place in product(CARDS, MOVES))


def read(told: str) -> tuple[object, ...] | None:
    """What Ben does as it is read; None where it is refused."""
    tree = game()
    try:
        found = as_profile(tree, f"{told}. Ann: 1/2 Bet, 1/2 Check").probabilities
    except UserError:
        return None
    own = [n for n, each in enumerate(tree.information_sets) if each.player == 1]
    return tuple(found[n] for n in own)


@pytest.mark.parametrize(("form", "joint"), EACH)
@pytest.mark.parametrize("turn", [0, 1])
def test_four_cases_are_read_as_they_are_told(form: str, joint: str, turn: int) -> None:
    for choice in choices():
        told = [form.format(c=card, m=move, a=choice[card, move]) for card, move in choice]
        assert read("Ben " + joint.join(told[::-1] if turn else told)) == rows(choice), told


@pytest.mark.parametrize(("form", "joint"), OUTER)
@pytest.mark.parametrize("turn", [0, 1])
def test_cases_within_a_case_are_read_so_or_refused(form: str, joint: str, turn: int) -> None:
    of_card = "{i0}" in form and "ith {o}" in form
    inner = (MOVES if of_card else CARDS)[:: -1 if turn else 1]
    refused = 0
    for choice in choices():
        told = []
        for outer in CARDS if of_card else MOVES:
            own = [choice[(outer, each) if of_card else (each, outer)] for each in inner]
            words = [f"{action}s" for action in own]
            told.append(form.format(*words, o=outer, i0=inner[0], i1=inner[1]))
        made = read(joint.join(told))
        refused += made is None
        assert made in (None, rows(choice)), told
    assert bool(refused) == ((form, joint) in IN_PART)


@pytest.mark.parametrize(
    ("told", "raises"),
    [
        ("with K or J after Bet", {("K", "Bet"), ("J", "Bet")}),
        ("after Bet with K or J", {("K", "Bet"), ("J", "Bet")}),
        ("with K after Bet or Check", {("K", "Bet"), ("K", "Check")}),
        ("after Bet or Check with K", {("K", "Bet"), ("K", "Check")}),
        ("with K or with J after Check", {("K", "Check"), ("J", "Check")}),
        ("with K after Bet or with J after Check", {("K", "Bet"), ("J", "Check")}),
        ("with K after Bet or J after Check", {("K", "Bet"), ("J", "Check")}),
        ("with K or after Check", {("K", "Bet"), ("K", "Check"), ("J", "Check")}),
        ("with K and J", set(product(CARDS, MOVES))),
        ("with K and with J after Bet", {("K", "Bet"), ("J", "Bet")}),
        ("with K, J", set(product(CARDS, MOVES))),
        ("after a Bet or a Check", set(product(CARDS, MOVES))),
        ("with a K if Ann checks", {("K", "Check")}),
        ("in K, after Check", {("K", "Check")}),
    ],
)
def test_where_something_is_done(told: str, raises: set[tuple[str, str]]) -> None:
    wanted = tuple((1, 0) if place in raises else (0, 1) for place in product(CARDS, MOVES))
    rest = "; otherwise folds" if len(raises) < 4 else ""
    assert read(f"Ben raises {told}{rest}") == wanted


@pytest.mark.parametrize(
    "told",
    [
        "Ben raises; with K",
        "Ben raises. After Bet with K",
        "Ben raises, after Bet; Ben",
        "Ben raises with K, otherwise",
        "Ben raises at the start",
    ],
)
def test_places_without_an_action_are_refused(told: str) -> None:
    assert read(told) is None


def test_what_somebody_else_did_is_no_action_of_the_phrase() -> None:
    with pytest.raises(UserError, match="does not say what is done at Ann's"):
        as_profile(game(), "Ben raises if Ann bets; Ben folds if Ann checks")


@pytest.mark.parametrize(
    "told", ["with K or J after Bet or Check " * 40, "with K " * 20_000, "with K, J " * 10_000]
)
def test_places_that_multiply_are_bounded(told: str) -> None:
    assert read(f"Ben raises {told}") is None
