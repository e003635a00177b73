"""Stage 2: from the description and the sketch to pygambit code."""

from __future__ import annotations

from nl2efg.frontend.information import Answers, Heard
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import CODE
from nl2efg.models import Message, Model, Request
from nl2efg.schema.sketch import Sketch


async def write_code(
    model: Model,
    text: str,
    sketch: Sketch | None,
    heard: Heard,
    *,
    sample: int = 0,
    answers: Answers = (),
) -> tuple[str, tuple[Message, ...]]:
    """Ask a model for the program.

    Asked where stage 1 gave no program, or where the author answered what the text leaves open.

    Args:
        model: who answers.
        text: the description.
        sketch: stage 1's reading; None to go without.
        heard: told of every exchange.
        sample: number of the independent sample.
        answers: what the author said about open points.

    Returns:
        The reply, and the conversation that led to it, for self-debug to continue.

    Raises:
        ServiceError: of the model's.
    """
    shown = sketch.model_dump_json(exclude_defaults=True) if sketch else ""
    messages = (
        Message("system", render("code.system")),
        Message("user", render("code.user", text=text, sketch=shown, answers=answers)),
    )
    request = Request(CODE, messages, text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return reply.text, messages
