"""A reply that was cut at its limit goes on: what models do when they are asked to."""

from __future__ import annotations

import asyncio

import pytest

from nl2efg.errors import TruncatedError, UnavailableError
from nl2efg.models import Reply, Request
from nl2efg.models.continuation import GO_ON, MAX_TIMES, complete_whole, join
from tests.fakes.ordinal_games import program, sketch
from tests.openai_client import SCHEMA, request
from tests.scripted import CODE, SKETCH, fenced

WHOLES = (
    fenced(CODE),
    f"{SKETCH}\n\n{fenced(CODE)}",
    sketch(3),
    program(77),
    '{"payoffs": [[0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [1, 1], [0, 0], [0, 0], [0, 0]]}',
)
CUTS = [(whole, at) for whole in WHOLES for at in range(1, len(whole))]


def test_an_exact_rest_is_kept_as_it_is() -> None:
    for whole, at in CUTS:
        assert join(whole[:at], whole[at:]) == whole


def test_a_repeated_line_stands_once() -> None:
    for whole, at in CUTS:
        line = whole[:at].rpartition("\n")[2]
        if len(line) >= 4 and any(letter.isalpha() for letter in line):
            assert join(whole[:at], line + whole[at:]) == whole
            if whole[:at].count("```") % 2 and not line.startswith("```"):
                assert join(whole[:at], f"```python\n{line}{whole[at:]}") == whole


def test_many_repeated_characters_stand_once() -> None:
    for whole, at in CUTS:
        if at >= 100:
            assert join(whole[:at], whole[at - 80 :]) == whole


def test_a_reply_that_begins_anew_takes_the_place_of_the_first() -> None:
    for whole, at in CUTS:
        if len(whole[:at].strip()) >= 60:
            assert join(whole[:at], whole) == whole


def test_thoughts_before_the_rest_are_left_out() -> None:
    assert join('{"a": [1,', "<think>where was I?</think>\n2]}") == '{"a": [1,2]}'
    assert join("<think>first ", "then</think>{}") == "<think>first then</think>{}"


def test_a_block_that_is_opened_again_begins_a_new_line() -> None:
    assert join("```python\na = 1", "```python\nb = 2\n```") == "```python\na = 1\nb = 2\n```"


def asked(*answers: str | Exception) -> tuple[Reply, list[Request]]:
    """Ask a model whose replies are cut but for the last."""
    left, seen = list(answers), list[Request]()

    async def ask(one: Request) -> Reply:
        seen.append(one)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        if answer.endswith("…"):
            error = TruncatedError("cut")
            error.exchange = (one, Reply(answer[:-1], "m", 10, 5, 0.25))
            raise error
        return Reply(answer, "m", 10, 5, 0.25)

    return asyncio.run(complete_whole(ask, request(schema=SCHEMA))), seen


def test_all_parts_are_counted_and_asked_for_in_turn() -> None:
    reply, seen = asked("one, …", "two, …", "three")
    assert reply.text == "one, two, three"
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cost) == (30, 15, 0.75)
    assert reply.note == "it reached its limit of length, and went on 2 times"
    assert [one.stage for one in seen] == ["code", "code-more", "code-more"]
    assert [one.schema is None for one in seen] == [False, True, True]
    told = [(message.role, message.content) for message in seen[2].messages]
    assert told[-2:] == [("assistant", "one, two, "), ("user", GO_ON)]
    assert len(told) == len(seen[0].messages) + 2, "one turn, however often it goes on"


@pytest.mark.parametrize(
    ("answers", "calls", "kept"),
    [
        (("…",), 1, ""),
        (("the same line…",), 2, "the same line"),
        (tuple(f"{number} …" for number in range(20)), MAX_TIMES + 1, "0 1 2 3 4 5 6 7 8 "),
        (("again and again " * 100 + "…",), 1, "again and again " * 100),
        (("half …", UnavailableError("away")), 2, "half "),
    ],
    ids=["nothing came", "nothing new", "no end", "in circles", "away"],
)
def test_it_ends_and_keeps_what_came(
    answers: tuple[str | Exception, ...], calls: int, kept: str
) -> None:
    seen: list[Request] = []

    async def ask(one: Request) -> Reply:
        seen.append(one)
        answer = answers[min(len(seen), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        error = TruncatedError("cut")
        error.exchange = (one, Reply(answer[:-1], "m", 10, 5))
        raise error

    with pytest.raises((TruncatedError, UnavailableError)) as caught:
        asyncio.run(complete_whole(ask, request()))
    assert caught.value.exchange is not None
    about, came = caught.value.exchange
    assert (about.stage, came.text) == ("code", kept)
    assert len(seen) == calls


def test_a_full_context_is_not_gone_on_with() -> None:
    full = TruncatedError("full")
    full.goes_on = False
    full.exchange = (request(), Reply("half", "m"))
    with pytest.raises(TruncatedError):
        asked(full)
