"""What a text may leave open: which topics a game has, and how a reader's answers are taken."""

from __future__ import annotations

import asyncio
import json
from fractions import Fraction

from hypothesis import given, settings

from nl2efg.examination.open_points import OpenPoints, open_questions
from nl2efg.frontend.open_points import MAX_POINTS, open_points_messages, read_open_points
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.models import ScriptedModel
from nl2efg.pipeline.open_points import find_open_points, open_points_record
from nl2efg.schema.diagnostics import Severity
from tests.trees import game_trees

TEXT = "Ann bids 1 or 2. Ben, who has not seen the bid, bids too. The higher bid wins a book."
POINTS = ("Who wins at equal bids?", "Does Ben see Ann's bid?")


def topics(tree: GameTree) -> set[str]:
    return {each.split(":")[0] for each in open_questions(tree).topics}


def alone(*, chance: bool = False, again: bool = False) -> GameTree:
    builder = TreeBuilder(["Ann"])
    node = 0
    if chance:
        node, other = builder.move(node, builder.chance(["a", "b"], [Fraction(1, 2)] * 2))
        builder.pay(other, [1])
    for _ in range(1 + again):
        node, other = builder.move(node, builder.information_set(0, ["go", "stop"]))
        builder.pay(other, [0])
    builder.pay(node, [2])
    return builder.build()


def test_topics_follow_the_kind_of_game() -> None:
    usual = {"missing parts", "choices", "payoffs", "net or gross"}
    assert topics(alone()) == usual
    assert topics(alone(chance=True)) == usual | {"knowledge", "chance"}
    assert topics(alone(again=True)) == usual | {"knowledge", "time"}


@settings(max_examples=100, deadline=None)
@given(game_trees())
def test_ties_and_order_are_asked_among_several_players(tree: GameTree) -> None:
    assert {"ties", "order"}.isdisjoint(topics(tree)) == (len(tree.players) == 1)


def reply(**found: object) -> str:
    return f"I think.\n```json\n{json.dumps(found)}\n```"


def test_a_point_is_settled_by_words_of_the_text_alone() -> None:
    asked = open_questions(alone(), POINTS)
    given = {"Q1": "the lower bid wins", "Q2": "who has  not seen the bid"}
    found = read_open_points(reply(T={}, Q=given), asked, TEXT)
    assert found == OpenPoints((), ((POINTS[1], "Ben, who has not seen the bid, bids too."),))


def test_small_liberties_are_taken() -> None:
    asked = open_questions(alone())
    given = {"T1": None, "T2": " What is a book worth? ", "T3": ["What is a book worth?", "", 3]}
    found = read_open_points(reply(T=given), asked, TEXT)
    assert found == OpenPoints(("What is a book worth?",))
    many = {"T1": [f"What of {n}?" for n in range(MAX_POINTS + 5)]}
    assert len((read_open_points(reply(T=many), asked, TEXT) or OpenPoints()).further) == MAX_POINTS
    assert read_open_points("No idea.", asked, TEXT) is None


def test_the_prompt_holds_what_is_asked() -> None:
    asked = open_questions(alone(), (*POINTS, POINTS[0]))
    _, user = open_points_messages(TEXT, asked)
    assert TEXT in user.content
    assert "Q2. Does Ben see" in user.content
    assert "Q3" not in user.content
    assert all(topic in user.content for topic in asked.topics)


def test_where_two_readers_differ_a_note_says_so() -> None:
    given = {"T1": ["What is a book worth?"]}
    reader = ScriptedModel({"open-points": reply(T=given, Q={"Q2": "who has not seen the bid"})})
    points, notes = asyncio.run(
        find_open_points(alone(), TEXT, reader, lambda *_: None, points=POINTS)
    )
    assert {one.code: one.sentence for one in notes} == {
        "C809": "Ben, who has not seen the bid, bids too.",
        "C810": None,
    }
    assert all(one.severity is Severity.NOTE for one in notes)
    told = open_points_record(POINTS, points)
    assert [(one.found_by, bool(one.settled_by)) for one in told] == [
        ("both", False),
        ("first reading", True),
        ("second reader", False),
    ]


def test_a_reader_without_answers_is_said() -> None:
    reader = ScriptedModel({"open-points": "No idea."}, name="other")
    points, (note,) = asyncio.run(find_open_points(alone(), TEXT, reader, lambda *_: None))
    assert points == OpenPoints()
    assert note.code == "C807"
    assert "other" in note.message
