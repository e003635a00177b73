"""The critic: a model compares the description with a telling of the game that was built."""

from __future__ import annotations

from nl2efg.frontend.information import Heard
from nl2efg.frontend.prompts import render
from nl2efg.models import Message, Model, Request

STAGE = "critic"


async def ask_critic(
    model: Model, text: str, telling: str, heard: Heard, *, sample: int = 0
) -> str:
    """Ask for the contradictions between a description and ``telling``; returns the reply.

    Raises:
        ServiceError: of the model's.
    """
    messages = (
        Message("system", render("critic.system")),
        Message("user", render("critic.user", text=text, telling=telling)),
    )
    request = Request(STAGE, messages, text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return reply.text
