"""An edit: a program that built a game goes to a model with what its author wants changed."""

from __future__ import annotations

from nl2efg.frontend.information import Heard
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import edit_stage
from nl2efg.models import Message, Model, Request

MAX_TOLD = 100_000
"""Characters of a game told in words; a longer telling is left out, the program is there."""


async def edit_code(
    model: Model,
    text: str,
    instruction: str,
    heard: Heard,
    *,
    code: str,
    telling: str,
    number: int = 1,
) -> tuple[str, tuple[Message, ...]]:
    """Ask for the program of the changed game.

    Args:
        model: who answers.
        text: the description.
        instruction: what its author wants changed, in words.
        heard: told of the exchange.
        code: the program that builds the game as it is.
        telling: that game in words.
        number: which edit of the game this is, from 1.

    Returns:
        The reply, and the conversation that led to it, for self-debug to continue.

    Raises:
        ServiceError: of the model's.
    """
    told = telling if len(telling) <= MAX_TOLD else ""
    prompt = render("edit.user", text=text, code=code, telling=told, instruction=instruction)
    messages = (Message("system", render("edit.system")), Message("user", prompt))
    request = Request(edit_stage(number), messages, text)
    reply = await model.complete(request)
    heard(request, reply)
    return reply.text, messages
