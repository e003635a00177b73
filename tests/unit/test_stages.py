"""The model stages, with a model that answers from a list."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from nl2efg.errors import ReplyError
from nl2efg.frontend import (
    JsonReplyError,
    parse_json,
    prompts_sha256,
    read_information,
    repair_code,
    write_code,
)
from nl2efg.models import Message, Reply, Request
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch

SKETCH = {
    "title": "A coin",
    "players": [{"name": "Ida"}],
    "information_sets": [{"player": "Ida", "histories": [[]], "actions": ["Take", "Leave"]}],
    "claims": [{"history": ["Take"], "payoffs": [{"player": "Ida", "value": 0.5}]}],
}
TEXT = "Ida takes the coin or leaves it."


@dataclass
class Scripted:
    """A model that gives its replies in order and keeps what it was asked."""

    replies: list[str]
    asked: list[Request] = field(default_factory=list)
    name: str = "scripted"

    async def complete(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(self.replies[len(self.asked) - 1], self.name)


def heard(_: Request, __: Reply) -> None:
    """Nobody listens."""


def test_a_sketch_is_read_bare_fenced_and_from_prose() -> None:
    bare = json.dumps(SKETCH)
    for reply in (
        bare,
        f"Here it is:\n```json\n{bare}\n```\nDone.",
        f"First thought: {{unsure}}\n```json\n{bare}\n```",
        f"The game is {bare} as asked.",
        f"```json\n{bare}",
    ):
        assert parse_json(reply, Sketch).players[0].name == "Ida"


def test_numbers_of_a_sketch_stay_exact() -> None:
    values = {"1/3": "1/3", "−2": "-2", "1,000": "1000", 0.1: "1/10", 4: "4", "x+1": "x+1"}
    for given, expected in values.items():
        claim = {"history": [], "payoffs": [{"player": "P", "value": given}]}
        sketch = Sketch.model_validate({"players": ["P"], "claims": [claim]})
        assert sketch.claims[0].payoffs[0].value == expected


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("no object here", "there is no JSON object"),
        ("[1, 2]", "there is no JSON object"),
        ('{"players": [}', "cannot be read"),
        ('{"players": [{}]}', "players.0.name: Field required"),
        ("{" * 5000 + "}" * 5000, "cannot be read"),
    ],
)
def test_a_wrong_object_is_told_in_words(reply: str, problem: str) -> None:
    with pytest.raises(JsonReplyError) as caught:
        parse_json(reply, Sketch)
    assert any(problem in line for line in caught.value.problems)


def test_validation_errors_go_back_to_the_model() -> None:
    model = Scripted(['{"players": "Ida"}', f"```json\n{json.dumps(SKETCH)}\n```"])
    reading = asyncio.run(read_information(model, TEXT, heard))
    assert reading.sketch.title == "A coin"
    assert reading.program is None
    assert [request.stage for request in model.asked] == ["information", "information-again-1"]
    assert "players: Input should be a valid list" in model.asked[1].messages[-1].content
    assert TEXT in model.asked[0].messages[-1].content


def test_one_reply_gives_the_sketch_and_the_program() -> None:
    both = f"```json\n{json.dumps(SKETCH)}\n```\n```python\npass\n```"
    model = Scripted([both])
    reading = asyncio.run(read_information(model, TEXT, heard))
    assert (reading.sketch.title, reading.program) == ("A coin", both)
    assert reading.asked == model.asked[0].messages
    assert model.asked[0].schema is None  # it would forbid the second block


def test_the_program_of_a_reply_with_a_bad_sketch_is_kept() -> None:
    first = '```json\n{"players": "Ida"}\n```\n```python\npass\n```'
    model = Scripted([first, f"```json\n{json.dumps(SKETCH)}\n```"])
    reading = asyncio.run(read_information(model, TEXT, heard))
    assert (reading.sketch.title, reading.program) == ("A coin", first)
    assert model.asked[1].schema is not None


def test_without_a_program_the_object_stands_alone() -> None:
    model = Scripted([f"```json\n{json.dumps(SKETCH)}\n```"])
    reading = asyncio.run(read_information(model, TEXT, heard, program=False))
    assert reading.program is None
    assert model.asked[0].schema is not None
    assert "pygambit" not in "".join(message.content for message in model.asked[0].messages)


def test_a_sketch_that_never_validates_is_an_error() -> None:
    with pytest.raises(ReplyError, match="no valid sketch in 3 replies"):
        asyncio.run(read_information(Scripted(["no"] * 3), TEXT, heard))


def test_the_code_prompt_holds_text_sketch_and_answers() -> None:
    model = Scripted(["```python\npass\n```"])
    sketch = Sketch.model_validate(SKETCH)
    answers = [("How much is the coin?", "Half a dollar.")]
    _, asked = asyncio.run(write_code(model, TEXT, sketch, heard, answers=answers))
    prompt = asked[-1].content
    assert TEXT in prompt
    assert '"Take"' in prompt
    assert "How much is the coin? Half a dollar." in prompt
    _, without = asyncio.run(write_code(Scripted(["x"]), TEXT, None, heard))
    assert "Sketch" not in without[-1].content


def test_a_repair_shows_every_finding_but_notes() -> None:
    model = Scripted(["mended"])
    found = [
        Diagnostic(
            "B101", Severity.ERROR, "there is no such action", ("Up",), line=2, fix="name it"
        ),
        Diagnostic("I301", Severity.WARNING, "nothing is hidden", sentence="he cannot see"),
        Diagnostic("B102", Severity.NOTE, "taken as meant"),
    ]
    answer = asyncio.run(
        repair_code(
            model, TEXT, (Message("user", "code, please"),), "old reply", heard,
            number=2, code="a = 1\nb = node.children['Up']", built=False, diagnostics=found,
            output="seen so far",
        )
    )  # fmt: skip
    request = model.asked[0]
    assert (answer, request.stage) == ("mended", "repair-2")
    assert [message.role for message in request.messages] == ["user", "assistant", "user"]
    prompt = request.messages[-1].content
    for words in (
        "1. error B101, line 2, history (Up): there is no such action",
        "the code there: `b = node.children['Up']`",
        "mend: name it",
        '2. warning I301: nothing is hidden\n   the text says: "he cannot see"',
        "seen so far",
        "built no game",
    ):
        assert words in prompt
    assert "B102" not in prompt


def test_prompts_have_one_hash() -> None:
    assert len(prompts_sha256()) == 64


def _claim(value: object) -> str:
    claim = {"history": ["Take"], "payoffs": [{"player": "Ida", "value": value}]}
    return json.dumps(SKETCH | {"claims": [claim]})


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1,000", "1000"), (0.25, "1/4"), ("−3/6", "-1/2"), ("1e3", "1000"), ("1e-3", "1/1000"),
        (" 7 ", "7"), ("x", "x"), ("1/0", "1/0"), ("²", "²"), ("2-3", "2-3"), ("...", "..."),
    ],
)  # fmt: skip
def test_numbers_of_a_sketch(value: object, read: str) -> None:
    assert parse_json(_claim(value), Sketch).claims[0].payoffs[0].value == read


@pytest.mark.parametrize(
    "value",
    [
        "1e999999999", "-1e-2000000", "1.5E+2000", "1_0e9_999_999", "9" * 5000,
        "1/" + "7" * 5000, "9" * 300_000 + "e999", "1e" + "9" * 300_000,
    ],
)  # fmt: skip
def test_numbers_that_nobody_means_go_back_to_the_model(value: str) -> None:
    with pytest.raises(JsonReplyError, match="too many digits"):
        parse_json(_claim(value), Sketch)


def test_json_integers_beyond_pythons_limit_go_back_to_the_model() -> None:
    reply = _claim(1).replace('"value": 1', '"value": ' + "9" * 5000)
    with pytest.raises(JsonReplyError, match="cannot be read"):
        parse_json(reply, Sketch)


def test_half_a_character_in_a_sketch_is_replaced() -> None:
    found = parse_json(json.dumps(SKETCH | {"title": "half \ud83d"}), Sketch)
    assert found.title == "half \ufffd"
    assert found.model_dump_json()


def test_a_repair_prompt_stays_short() -> None:
    """A program can name its actions as it likes."""
    label = "x" * 100_000
    found = Diagnostic(
        "B202", Severity.ERROR, label, history=(label,) * 50, line=1, sentence=label, fix=label
    )
    model = Scripted(["better"])
    asyncio.run(
        repair_code(
            model, TEXT, (), "reply", heard, number=1, code=f"a = '{label}'", built=False,
            diagnostics=[found] * 40,
        )
    )  # fmt: skip
    assert len(model.asked[0].messages[-1].content) < 30 * 15_000


def test_a_place_is_told_in_full_unless_it_is_endless() -> None:
    def place(*history: str) -> str:
        return Diagnostic("B202", Severity.ERROR, "no", history=history, line=7).place

    steps = tuple(f"step {n}" for n in range(41))
    assert place(*steps) == f"line 7, history ({', '.join(steps)})"
    assert place("a" * 100) == f"line 7, history ({'a' * 100})"
    assert place("a" * 101) == f"line 7, history ({'a' * 99}…)"
    more = place(*steps, "last", "end")
    assert "step 29, … 3 more …, step 33," in more
    assert more.endswith("step 40, last, end)")
