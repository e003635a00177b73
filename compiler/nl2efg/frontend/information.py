"""Stage 1: from the description to the sketch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from nl2efg.errors import ReplyError
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.prompts import render
from nl2efg.models import Message, Model, Reply, Request
from nl2efg.schema.sketch import Sketch

STAGE = "information"
MAX_TRIES = 3

Answers = Sequence[tuple[str, str]]
"""Questions that stage 1 found open, each with the author's answer."""

Heard = Callable[[Request, Reply], None]
"""Called with every exchange as soon as it is there."""


async def read_information(
    model: Model, text: str, heard: Heard, *, sample: int = 0, answers: Answers = ()
) -> Sketch:
    """Ask a model for the sketch of a description.

    A reply that does not validate is sent back with all that is wrong, up to ``MAX_TRIES``
    replies in all.

    Args:
        model: who answers.
        text: the description.
        heard: told of every exchange.
        sample: number of the independent sample.
        answers: what the author said about open points.

    Raises:
        ReplyError: no reply validated.
        ServiceError: of the model's.
    """
    messages = [
        Message("system", render("information.system")),
        Message("user", render("information.user", text=text, answers=answers)),
    ]
    problems: list[str] = []
    for attempt in range(MAX_TRIES):
        request = Request(
            STAGE if not attempt else f"{STAGE}-again-{attempt}",
            tuple(messages),
            text,
            sample,
            schema=_schema(),
            schema_name="sketch",
        )
        reply = await model.complete(request)
        heard(request, reply)
        try:
            return parse_json(reply.text, Sketch)
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


@cache
def _schema() -> dict[str, Any]:
    return Sketch.model_json_schema()
