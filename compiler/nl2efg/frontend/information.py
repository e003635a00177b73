"""Stage 1: from the description to the sketch, and with it, as a rule, the program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from nl2efg.errors import ReplyError
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import INFORMATION, again_stage
from nl2efg.models import Message, Model, Reply, Request
from nl2efg.schema.sketch import Sketch

MAX_TRIES = 3
_PROGRAM = re.compile(r"^[ \t]*```[ \t]*(?:python|py)[0-9.]*\b", re.IGNORECASE | re.MULTILINE)

Answers = Sequence[tuple[str, str]]
"""Questions that stage 1 found open, each with the author's answer."""

Heard = Callable[[Request, Reply], None]
"""Called with every exchange as soon as it is there."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stage 1 gave.

    Args:
        sketch: what the text says.
        program: the reply that also holds a program; None if there was none, or none was asked.
        asked: the conversation that led to that reply, for self-debug to continue; where no
            program was asked, to the reply with the sketch.
        reply: the whole reply with the sketch.
    """

    sketch: Sketch
    program: str | None = None
    asked: tuple[Message, ...] = ()
    reply: str = ""


async def read_information(
    model: Model,
    text: str,
    heard: Heard,
    *,
    sample: int = 0,
    answers: Answers = (),
    program: bool = True,
) -> Reading:
    """Ask a model for the sketch of a description and for the program that builds its game.

    One call for both saves the second prompt, the text and the sketch. An object that does not
    validate is sent back with all that is wrong, up to ``MAX_TRIES`` replies in all; the program
    of the first reply that has one is kept.

    Args:
        model: who answers.
        text: the description.
        heard: told of every exchange.
        sample: number of the independent sample.
        answers: what the author said about open points.
        program: whether to ask for the program as well.

    Raises:
        ReplyError: no object validated.
        ServiceError: of the model's.
    """
    messages = [
        Message("system", render("information.system", program=program)),
        Message("user", render("information.user", text=text, answers=answers, program=program)),
    ]
    problems: list[str] = []
    kept: tuple[str | None, tuple[Message, ...]] = (None, ())
    for attempt in range(MAX_TRIES):
        # A schema would forbid the second block; it is sent where the object stands alone.
        alone = not program or attempt > 0
        request = Request(
            again_stage(attempt) if attempt else INFORMATION,
            tuple(messages),
            text,
            sample,
            schema=sketch_schema() if alone else None,
            schema_name="sketch" if alone else "",
        )
        reply = await model.complete(request)
        heard(request, reply)
        if kept[0] is None and program and has_program(reply.text):
            kept = (reply.text, tuple(messages))
        try:
            sketch = parse_json(reply.text, Sketch)
            return Reading(sketch, *(kept if program else (None, tuple(messages))), reply.text)
        except JsonReplyError as error:
            problems = error.problems
        messages += [
            Message("assistant", reply.text),
            Message("user", render("information.again", problems=problems)),
        ]
    raise ReplyError(
        f"stage 1 gave no valid sketch in {MAX_TRIES} replies; the last: {'; '.join(problems)}",
        hint="try a stronger model, or go without the sketch (--no-sketch)",
    )


async def mend_sketch(
    model: Model,
    text: str,
    asked: tuple[Message, ...],
    reply: str,
    problems: Sequence[str],
    heard: Heard,
    *,
    stage: str,
    sample: int = 0,
) -> Reading:
    """Send a sketch back with what is wrong in the game that it stands for.

    Args:
        model: who answers.
        text: the description.
        asked: the conversation that led to the sketch.
        reply: with the sketch.
        problems: what is wrong, in words.
        heard: told of the exchange.
        stage: the name of this stage.
        sample: number of the independent sample.

    Raises:
        JsonReplyError: the reply holds no valid sketch.
        ServiceError: of the model's.
    """
    messages = (
        *asked,
        Message("assistant", reply),
        Message("user", render("sketch.repair", problems=problems)),
    )
    request = Request(stage, messages, text, sample, schema=sketch_schema(), schema_name="sketch")
    answer = await model.complete(request)
    heard(request, answer)
    return Reading(parse_json(answer.text, Sketch), None, messages, answer.text)


def has_program(reply: str) -> bool:
    """Whether a reply holds a block that is marked as Python."""
    return _PROGRAM.search(reply) is not None


@cache
def sketch_schema() -> dict[str, Any]:
    """The JSON schema of a sketch, without titles and descriptions.

    The prompt says what is meant.
    """
    found = _without_words(Sketch.model_json_schema())
    assert isinstance(found, dict)
    return found


def _without_words(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_words(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: value
        for key, value in schema.items()
        if key not in ("title", "description") or not isinstance(value, str)
    }
    # The names of properties are not words about them, even where one is called "title".
    return {
        key: {name: _without_words(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _without_words(value)
        for key, value in kept.items()
    }
