"""Comparison of trees on chosen examples."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from nl2efg.comparison import Comparison, OutOfBudgetError, Verdict, canonical_form, compare
from nl2efg.errors import ConstraintError, UserError
from nl2efg.game import NO_SET, GameTree, InformationSet, TreeBuilder
from tests.reshaped import rebuilt, shuffled
from tests.trees import absent_minded_driver, kuhn

BITS = st.integers(0, 1).map(Fraction)
SLOW = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)


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
    assert dict(found.bijection.actions[0])["on, then left"] in ("b", "c")
    assert not compare(stepwise(True), stepwise(False)).same


@pytest.mark.slow
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


@pytest.mark.slow
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
