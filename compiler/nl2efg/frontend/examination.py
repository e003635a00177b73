"""The examination as a stage: questions about a built game, answered from its text alone."""

from __future__ import annotations

from nl2efg.examination import Answers, Questions, read_answers
from nl2efg.examination.answers import Reply
from nl2efg.frontend.information import Heard
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import examination_stage
from nl2efg.models import Message, Model, Request


def examination_messages(text: str, questions: Questions) -> tuple[Message, ...]:
    """The conversation that puts the questions.

    Args:
        text: the description.
        questions: about the tree; its answers are not told.
    """
    return (
        Message("system", render("examination.system")),
        Message("user", render("examination.user", text=text, **questions.prompt_data())),
    )


def examination_answers(reply: str, questions: Questions) -> Answers | None:
    """The answers in a reply; None if it holds none."""
    try:
        return read_answers(parse_json(reply, Reply), questions)
    except JsonReplyError:
        return None


async def ask_examination(
    model: Model,
    text: str,
    questions: Questions,
    heard: Heard,
    *,
    number: int = 0,
    sample: int = 0,
    again: bool = False,
) -> Answers | None:
    """Put the questions to a reader.

    Args:
        model: who answers; better not the one that wrote the program.
        text: the description.
        questions: about the tree that was built from it.
        heard: told of the exchange.
        number: how many programs of this sample were examined before.
        sample: number of the independent sample.
        again: whether this is a second look at what the reader disagreed with.

    Returns:
        The answers; None if the reply holds none.

    Raises:
        ServiceError: of the model's.
    """
    stage = examination_stage(number, again=again)
    request = Request(stage, examination_messages(text, questions), text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return examination_answers(reply.text, questions)
