"""Stage 1: from the description to the sketch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from nl2efg.errors import ReplyError
from nl2efg.llm import Message, Model, Reply, Request
from nl2efg.sketch import Sketch
from nl2efg.stages.prompts import render
from nl2efg.stages.reply import JsonReplyError, parse_json

STAGE = "information"
MOST_TRIES = 3

Answers = Sequence[tuple[str, str]]
"""Questions that stage 1 found open, each with the author's answer."""

Heard = Callable[[Request, Reply], None]
"""Called with every exchange as soon as it is there."""


async def read_information(
    model: Model, text: str, heard: Heard, *, sample: int = 0, answers: Answers = ()
) -> Sketch:
    """Ask a model for the sketch of a description.

    A reply that does not validate is sent back with all that is wrong, up to ``MOST_TRIES``
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
    problems: list[str] = []
    async for reply in _conversation(model, text, heard, sample, answers, problems):
        try:
            return parse_json(reply, Sketch)
        except JsonReplyError as error:
            problems[:] = error.problems
    raise ReplyError(
        f"stage 1 gave no valid sketch in {MOST_TRIES} replies; the last: {'; '.join(problems)}",
        hint="try a stronger model, or go without the sketch (--no-sketch)",
    )


async def _conversation(
    model: Model, text: str, heard: Heard, sample: int, answers: Answers, problems: list[str]
) -> AsyncIterator[str]:
    messages = [
        Message("system", render("information.system")),
        Message("user", render("information.user", text=text, answers=answers, structured=False)),
    ]
    for attempt in range(MOST_TRIES):
        stage = STAGE if not attempt else f"{STAGE}-again-{attempt}"
        request = Request(
            stage,
            tuple(messages),
            text,
            sample,
            schema=Sketch.model_json_schema(),
            schema_name="sketch",
        )
        reply = await model.complete(request)
        heard(request, reply)
        yield reply.text
        messages += [
            Message("assistant", reply.text),
            Message("user", render("information.again", problems=problems)),
        ]
