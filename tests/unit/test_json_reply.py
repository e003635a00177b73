"""JSON in replies: whatever stands around it, the answer is read, and never a draft of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from nl2efg.frontend import JsonReplyError, parse_json
from nl2efg.frontend.critique import Critique
from nl2efg.frontend.thoughts import _PAIRS, without_thoughts


class Shape(BaseModel):
    """A shape of which every field has a default, as the sketch's do."""

    model_config = ConfigDict(extra="ignore")

    title: str = ""
    players: list[str] = Field(default_factory=list)
    notes: list[dict[str, str]] = Field(default_factory=list)


ANSWER = {"title": "A coin", "players": ["Ida", "Otto"]}
BARE = json.dumps(ANSWER)
DRAFT = json.dumps({"title": "A draft", "players": ["Nobody"]})


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(BARE, id="bare"),
        pytest.param(f"\ufeff{BARE}", id="byte order mark"),
        pytest.param(f"```json\n{BARE}\n```", id="fenced"),
        pytest.param(f"```json\n{BARE}", id="fence left open"),
        pytest.param(f"The set {{Ida, Otto}} plays. {BARE}", id="braces before"),
        pytest.param(f"{BARE}\nHere {{Ida}} moves first, }} then {{}}.", id="braces behind"),
        pytest.param(f'{BARE} Each is like {{"name": "Ida"}}.', id="another object behind"),
        pytest.param(f"{BARE}\n{BARE}", id="twice"),
        pytest.param(f"{BARE}{BARE}", id="twice without a break"),
        pytest.param(f"Draft: {DRAFT}\nAnswer: {BARE}", id="a draft before"),
        pytest.param(f'{BARE} where {{"title": "short"}} was left out', id="a part behind"),
        pytest.param(f"Draft: {DRAFT[:-1]}\nAnswer: {BARE}", id="a broken draft before"),
        pytest.param(BARE.replace("]}", ",],}"), id="trailing commas"),
        pytest.param(f"So:\n{BARE.replace(']}', ', ] , }')}\nDone.", id="trailing commas in prose"),
        pytest.param(f'{{"sketch": {BARE}}}', id="wrapped"),
        pytest.param(f'{{"ok": true, "result": {{"sketch": {BARE}}}}}', id="wrapped twice"),
        pytest.param(f"[{BARE}]", id="in a list"),
        pytest.param(f'{{"name": "sketch", "arguments": {BARE}}}', id="tool call"),
        pytest.param(
            json.dumps({"name": "sketch", "arguments": BARE}), id="tool call with text arguments"
        ),
        pytest.param(f"<tool_call>\n{BARE}\n</tool_call>", id="tool call in tags"),
        *(
            pytest.param(f"{opening}{DRAFT}{closing}{BARE}", id=f"thoughts in {opening}")
            for opening, closing in _PAIRS
        ),
        *(
            pytest.param(f"Well, {DRAFT}. {closing}\n{BARE}", id=f"thoughts up to {closing}")
            for _, closing in _PAIRS
        ),
    ],
)
def test_the_answer_is_read(reply: str) -> None:
    assert parse_json(reply, Shape) == Shape(**ANSWER)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("", "there is no JSON object"),
        ("I cannot do that.", "there is no JSON object"),
        ("{}", "none of the keys"),
        ('{"error": "no game"}', "it has 'error'"),
        ('{"error": {"message": "overloaded", "code": 3}}', "it has 'message', 'code'"),
        ("[]", "there is no JSON object"),
        ('["Ida"]', "there is no JSON object"),
        (json.dumps(Shape.model_json_schema()), "Input should be"),
        (f"<think>Perhaps {DRAFT}", "within its thoughts"),
        (f"<think>{DRAFT}</think>", "there is no JSON object"),
        (f"{DRAFT} is wrong, so it is {BARE[:-9]}", "cannot be read"),
        ('{"title": 5}', "title: Input should be a valid string"),
        (f'{{"a": {BARE}, "b": {DRAFT}}}', "none of the keys"),
    ],
)
def test_what_is_no_answer_is_told(reply: str, problem: str) -> None:
    with pytest.raises(JsonReplyError) as caught:
        parse_json(reply, Shape)
    assert any(problem in said for said in caught.value.problems), caught.value.problems


def test_marks_in_what_an_object_quotes_are_no_thoughts() -> None:
    quoted = {"title": "He said </think> and <think>", "players": ["Ida"]}
    assert parse_json(json.dumps(quoted), Shape).title == quoted["title"]


def test_both_stages_read_alike() -> None:
    found = {"contradictions": [{"quote": "a", "problem": "b"}]}
    reply = f"<think>{{draft}}</think> So: {json.dumps({'critique': found})[:-2]},}}}}"
    assert parse_json(reply, Critique).contradictions[0].problem == "b"


@pytest.mark.parametrize(
    "reply",
    [
        '{"' * 50_000,
        '{"title": "' + '\\"' * 100_000,
        '{"title": ' * 50_000,
        "[{" * 100_000,
        '{"a": 1, ' + "," * 100_000,
        '{"title": [' + "[" * 100_000,
        "<think>" * 50_000,
        "</think>" * 50_000,
    ],
)
def test_a_reply_made_to_be_slow_is_refused(reply: str) -> None:
    with pytest.raises(JsonReplyError):
        parse_json(reply, Shape)


prose = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='{}[]"<>◁▷|'))


@given(prose, prose, st.builds(Shape, title=prose, players=st.lists(prose)))
def test_prose_around_changes_nothing(before: str, after: str, shape: Shape) -> None:
    assert parse_json(f"{before}\n{shape.model_dump_json()}\n{after}", Shape) == Shape(
        **json.loads(shape.model_dump_json())
    )


@given(st.text('<>/think{}" x', max_size=60))
def test_thoughts_are_only_ever_taken_away(text: str) -> None:
    answer, open_thought = without_thoughts(text)
    assert len(answer) + len(open_thought) <= len(text)
    assert text.endswith(open_thought)
    assert "</think>" not in answer
