"""The tree first: a program without information sets, then what each player knows, node by node."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.examination import Answers, Questions
from nl2efg.frontend.examination import examination_answers, examination_messages
from nl2efg.frontend.information import Heard
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import TREE, knowledge_stage
from nl2efg.models import Message, Model, Request


async def write_tree(
    model: Model, text: str, heard: Heard, *, sample: int = 0
) -> tuple[str, tuple[Message, ...]]:
    """Ask for the program of a tree in which everybody sees everything.

    Returns:
        The reply, and the conversation that led to it.

    Raises:
        ServiceError: of the model's.
    """
    messages = (
        Message("system", render("tree.system")),
        Message("user", render("tree.user", text=text)),
    )
    request = Request(TREE, messages, text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return reply.text, messages


async def ask_knowledge(
    model: Model,
    text: str,
    questions: Sequence[Questions],
    heard: Heard,
    *,
    sample: int = 0,
) -> list[Answers | None]:
    """Ask what the players know at the nodes of a tree, batch after batch.

    Args:
        questions: about the tree; each batch is one call.

    Raises:
        ServiceError: of the model's.
    """
    found = []
    for number, batch in enumerate(questions, 1):
        stage = knowledge_stage(number)
        request = Request(stage, examination_messages(text, batch), text, sample)
        reply = await model.complete(request)
        heard(request, reply)
        found.append(examination_answers(reply.text, batch))
    return found
