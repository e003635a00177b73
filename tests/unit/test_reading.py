"""The sketch read as a game: whole where it is whole, else with its gaps in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.comparison import compare
from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.game import CHANCE, GameTree
from nl2efg.game.history import loose
from nl2efg.reading import built_from_sketch, read_sketch
from nl2efg.reading.sketch_game import MAX_NODES
from nl2efg.schema.sketch import Sketch
from tests.trees import game_trees, kuhn


def pennies(**changes: Any) -> Sketch:
    """Matching pennies in the short form, with patterns."""
    told: dict[str, Any] = {
        "players": ["Ann", "Ben"],
        "information_sets": [
            {"player": "Ann", "at": "", "actions": ["H", "T"]},
            {"player": "Ben", "at": "*", "actions": ["H", "T"]},
        ],
        "claims": [
            {"end": "* > *", "pays": [-1, 1]},
            {"end": "H > H", "pays": [1, -1]},
            {"end": "T > T", "pays": ["1", "-1"]},
        ],
    }
    return Sketch.model_validate(told | changes)


def payoffs(tree: GameTree) -> list[tuple[Fraction, ...]]:
    return [tree.path_payoffs[node] for node in tree.terminals]


def test_the_more_exact_claim_counts() -> None:
    read = read_sketch(pennies())
    assert read.is_whole
    assert read.tree is not None
    assert payoffs(read.tree) == [(1, -1), (-1, 1), (-1, 1), (1, -1)]
    assert len(read.tree.members) == 2


def test_named_actions_are_more_exact_than_any_action() -> None:
    claims = [
        {"end": "* > *", "pays": [0, 0]},
        {"end": "H > *", "pays": [1, 1]},
        {"end": "H|T > T", "pays": [2, 2]},
        {"end": "T > T", "pays": [3, 3]},
    ]
    read = read_sketch(pennies(claims=claims))
    assert read.is_whole
    assert read.tree is not None
    assert payoffs(read.tree) == [(1, 1), (2, 2), (0, 0), (3, 3)]


def test_steps_that_are_seen_split_an_entry() -> None:
    seen = [
        {"player": "Ann", "at": "", "actions": ["H", "T"]},
        {"player": "Ben", "at": "?", "actions": ["H", "T"]},
    ]
    read = read_sketch(pennies(information_sets=seen))
    assert read.tree is not None
    assert len(read.tree.members) == 3


def test_a_loose_move_yields_to_an_exact_end() -> None:
    told = Sketch.model_validate(
        {
            "players": ["Ann", "Ben"],
            "information_sets": [
                {"player": "Ann", "at": "", "actions": ["In", "Out"]},
                {"player": "Ben", "at": "*", "actions": ["Fight", "Share"]},
            ],
            "claims": [
                {"end": "Out", "pays": [0, 2]},
                {"end": "In > Fight", "pays": [-1, -1]},
                {"end": "In > Share", "pays": [1, 1]},
            ],
        }
    )
    read = read_sketch(told)
    assert read.is_whole
    assert read.tree is not None
    assert payoffs(read.tree) == [(-1, -1), (1, 1), (0, 2)]


def test_chance_with_letters_at_their_working_values() -> None:
    told = Sketch.model_validate(
        {
            "players": ["Ann"],
            "parameters": [{"symbol": "p", "value": "1/3"}],
            "chance": [{"at": "", "outcomes": ["wet", "dry"], "probabilities": ["p", "1 - p"]}],
            "information_sets": [{"player": "Ann", "at": "?", "actions": ["go", "stay"]}],
            "claims": [{"end": "* > go", "pays": ["6*p"]}, {"end": "* > stay", "pays": [0]}],
        }
    )
    read = read_sketch(told)
    assert read.is_whole
    assert read.tree is not None
    assert read.tree.information_sets[0].probabilities == (Fraction(1, 3), Fraction(2, 3))
    assert payoffs(read.tree) == [(2,), (0,), (2,), (0,)]


def test_claims_may_tell_simultaneous_moves_the_other_way_round() -> None:
    told = {
        "players": ["Ann", "Ben"],
        "information_sets": [
            {"player": "Ann", "at": "", "actions": ["U", "D"]},
            {"player": "Ben", "at": "*", "actions": ["L", "R"]},
        ],
        "claims": [
            {"end": f"{column} > {row}", "pays": [number, 0]}
            for number, (row, column) in enumerate(["UL", "UR", "DL", "DR"])
        ],
    }
    read = read_sketch(Sketch.model_validate(told))
    assert read.is_whole
    assert read.tree is not None
    assert [row[0] for row in payoffs(read.tree)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"claims": [{"end": "H > H", "pays": [1, -1]}]}, "what (H, T) pays Ann is not said"),
        ({"information_sets": []}, "who moves is not said at the root"),
        (
            {"claims": [{"end": "* > *", "pays": [0, 0]}, {"end": "H > X", "pays": [1, 1]}]},
            "the sketch speaks of (H, X), which its own moves do not reach",
        ),
        (
            {"claims": [{"end": "H > *", "pays": [0, 0]}, {"end": "* > H", "pays": [1, 1]}]},
            "two claims pay Ann different sums at (H, H)",
        ),
        (
            {"chance": [{"at": "", "outcomes": ["a", "b"], "probabilities": ["p", "q"]}]},
            "two entries of the sketch move at the root",
        ),
        (
            {
                "information_sets": [
                    {"player": "Cid", "at": "", "actions": ["H", "T"]},
                    {"player": "Ben", "at": "*", "actions": ["H", "T"]},
                ]
            },
            "'Cid' moves, who is no player of the sketch, at the root",
        ),
    ],
)
def test_gaps_are_told(changes: dict[str, Any], words: str) -> None:
    told = pennies(**changes)
    read = read_sketch(told)
    assert not read.is_whole
    assert words in (*read.gaps, *read.unpaid)
    built = built_from_sketch(told)
    assert built.tree is None
    assert built.diagnostics[0].code == "B120"


def test_probabilities_must_be_numbers_that_sum_to_one() -> None:
    for numbers in (["p", "q"], ["1/2", "1/3"], ["1/2"], ["-1/2", "3/2"]):
        event = {"at": "", "outcomes": ["a", "b"], "probabilities": numbers}
        read = read_sketch(pennies(information_sets=[], chance=[event]))
        assert any("probabilities" in gap for gap in read.gaps)


def test_orders_leave_payoffs_open() -> None:
    read = read_sketch(pennies(payoff_order=["u[Ann](H, H) > u[Ann](H, T)", "no order"]))
    assert read.tree is not None
    ends = read.tree.terminals
    assert read.open_payoffs == {(ends[0], 0), (ends[1], 0)}
    assert len(read.orders) == 1


def test_a_sketch_of_a_large_game_is_not_grown_for_ever() -> None:
    deep = {
        "players": ["Ann"],
        "information_sets": [
            {"player": "Ann", "at": " > ".join(["*"] * depth), "actions": list("abcdefgh")}
            for depth in range(12)
        ],
    }
    read = read_sketch(Sketch.model_validate(deep))
    assert read.tree is None
    assert f"more than {MAX_NODES:,} nodes" in read.gaps[0]


def test_no_game() -> None:
    assert read_sketch(Sketch(is_game=False)).tree is None


def told_by(tree: GameTree) -> Sketch | None:
    """A sketch that says of every node what happens there; None where labels would mislead."""
    for own in tree.information_sets:
        folded = [loose(label) for label in own.actions]
        odd = any("|" in label or label in ("*", "?", "") for label in own.actions)
        if len(set(folded)) < len(folded) or odd or any(" > " in label for label in own.actions):
            return None
    names = [loose(name) for name in tree.players]
    if len(set(names)) < len(names) or not names or "" in names:
        return None
    chance, sets = [], []
    for number, own in enumerate(tree.information_sets):
        at = [list(tree.history(node)) for node in tree.members[number]]
        if own.player == CHANCE:
            given = list(map(str, own.probabilities or ()))
            chance.append({"at": at, "outcomes": own.actions, "probabilities": given})
        else:
            name = tree.players[own.player]
            sets.append({"player": name, "at": at, "actions": own.actions})
    claims = [
        {"end": list(tree.history(node)), "pays": list(map(str, tree.path_payoffs[node]))}
        for node in tree.terminals
    ]
    return Sketch.model_validate(
        {
            "players": list(tree.players),
            "chance": chance,
            "information_sets": sets,
            "claims": claims,
        }
    )


@settings(max_examples=200, deadline=None)
@given(game_trees())
def test_a_sketch_of_every_node_is_the_game(tree: GameTree) -> None:
    told = told_by(tree)
    if told is None:
        return
    read = read_sketch(told)
    assert read.gaps == ()
    assert read.is_whole
    assert read.tree is not None
    assert compare(read.tree, tree, "isomorphic", names="anchored").same


def test_kuhn_without_any_code() -> None:
    told = told_by(kuhn())
    assert told is not None
    built = built_from_sketch(told)
    assert built.tree is not None
    assert compare(built.tree, kuhn(), "isomorphic", names="anchored").same


def test_ends_of_one_chosen_number_are_as_good_as_each_other() -> None:
    """The order names two ends; the others keep their ranks, whatever the numbers are."""
    order = ["u[Ann](H, H) > u[Ann](H, T)", "u[Ben](H, T) > u[Ben](H, H)"]
    told = pennies(payoff_order=order)
    tree = read_sketch(told).tree
    assert tree is not None
    paid = tuple(
        replace(each, payoffs=tuple(9 * v for v in each.payoffs)) for each in tree.outcomes
    )
    assert compare_with_sketch(replace(tree, outcomes=paid), told).same
    untied = (replace(paid[0], payoffs=(Fraction(10), Fraction(-9))), *paid[1:])
    assert compare_with_sketch(replace(tree, outcomes=untied), told).same is False
