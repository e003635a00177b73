"""The forms in which a sketch may be written, and what its patterns mean on a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.history import find_history
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.sketch import Sketch

SHORT = {
    "title": "Two cards",
    "players": ["Ann", {"name": "Ben", "quote": "Ben"}],
    "chance": [{"at": "", "outcomes": ["High", "Low"], "probabilities": ["1/2", 0.5]}],
    "information_sets": [
        {"player": "Ann", "at": "?", "actions": ["Bet", "Pass"]},
        {"player": "Ben", "at": ["* > Bet"], "actions": ["Call", "Fold"], "quote": None},
    ],
    "claims": [
        {"end": "* > Pass", "pays": [0, 0]},
        {"end": "High|Low > Bet > Fold", "pays": [1, -1]},
        {"end": "High > Bet > Call", "pays": ["3/2", None]},
    ],
}


def two_cards() -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    ben = builder.information_set(1, ["Call", "Fold"])
    deals = builder.move(0, builder.chance(["High", "Low"], ["1/2", "1/2"]))
    for node, gain in zip(deals, (2, -2), strict=True):
        bet, passed = builder.move(node, builder.information_set(0, ["Bet", "Pass"]))
        call, fold = builder.move(bet, ben)
        builder.pay(call, [gain, -gain])
        builder.pay(fold, [1, -1])
        builder.pay(passed, [0, 0])
    return builder.build()


def test_the_short_form_is_the_long_one() -> None:
    sketch = Sketch.model_validate(SHORT)
    assert [player.name for player in sketch.players] == ["Ann", "Ben"]
    assert sketch.chance[0].histories == [[]]
    assert sketch.information_sets[0].histories == [["?"]]
    assert sketch.information_sets[1].histories == [["*", "Bet"]]
    assert sketch.information_sets[1].quote == ""
    assert sketch.claims[2].history == ["High", "Bet", "Call"]
    assert [(row.player, row.value) for row in sketch.claims[2].payoffs] == [("Ann", "3/2")]


def test_a_sketch_survives_being_written_and_read() -> None:
    sketch = Sketch.model_validate(SHORT)
    assert Sketch.model_validate_json(sketch.model_dump_json(exclude_defaults=True)) == sketch


@pytest.mark.parametrize(
    ("given_object", "message"),
    [
        ({}, "a game has players"),
        ({"error": "overloaded"}, "a game has players"),
        ({**SHORT, "claims": [{"end": "* > Pass", "pays": [0]}]}, "1 payoffs for 2 players"),
    ],
)
def test_an_object_that_is_no_sketch_is_refused(
    given_object: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        Sketch.model_validate(given_object)


def test_a_text_without_a_game_needs_no_players() -> None:
    assert not Sketch.model_validate({"is_game": False, "why_not": "a recipe"}).is_game


def test_a_contradiction_may_list_its_statements_and_ask_nothing() -> None:
    entry = {"statements": ["each gets 3", "Ann gets 4"], "why": "later", "followed": "4"}
    (found,) = Sketch.model_validate({**SHORT, "contradictions": [entry]}).contradictions
    assert found.question == 'Which of these holds: "each gets 3" or "Ann gets 4"?'
    assert (found.assumed, found.quote) == ("4", "each gets 3")
    with pytest.raises(ValueError, match="question"):
        Sketch.model_validate({**SHORT, "contradictions": [{**entry, "statements": ["one"]}]})


def test_a_contradiction_may_say_what_was_followed() -> None:
    entry = {"question": "3 or 4?", "followed": "3, the first"}
    sketch = Sketch.model_validate({**SHORT, "contradictions": [entry]})
    assert sketch.contradictions[0].assumed == "3, the first"


def test_a_seen_step_makes_one_set_for_each_action() -> None:
    tree = two_cards()
    sketch = Sketch.model_validate(SHORT)
    match = SketchMatch(tree, sketch)
    ann, ben = sketch.information_sets
    assert match.sets(ann) == [
        find_history(tree, ["High"]),
        find_history(tree, ["Low"]),
    ]
    assert match.sets(ben) == [find_history(tree, ["*", "Bet"])]


def test_alternatives_and_labels_that_look_like_patterns() -> None:
    tree = two_cards()
    assert find_history(tree, ["High|Low", "Pass"]) == find_history(tree, ["?", "Pass"])
    builder = TreeBuilder(["Ann"])
    for node in builder.move(0, builder.information_set(0, ["A|B", "A", "?"])):
        builder.pay(node, [0])
    odd = builder.build()
    assert find_history(odd, ["A|B"]) == (1,)
    assert find_history(odd, ["?"]) == (3,)
    assert find_history(odd, ["*"]) == (1, 2, 3)


@given(st.lists(st.text(alphabet="abc xyz", min_size=1).map(str.strip).filter(bool), max_size=5))
def test_a_history_written_as_one_text_is_its_labels(labels: list[str]) -> None:
    entry = {"player": "P", "at": " > ".join(labels), "actions": ["l", "r"]}
    sketch = Sketch.model_validate({"players": ["P"], "information_sets": [entry]})
    assert sketch.information_sets[0].histories == [labels]
