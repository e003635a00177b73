"""The critic: a model compares the description with a telling of the game built from it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nl2efg.frontend.information import Heard
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import CRITIC
from nl2efg.models import Message, Model, Request
from nl2efg.prose.text import prose_of
from nl2efg.schema.diagnostics import Diagnostic, Severity

MAX_CONTRADICTIONS = 20

Words = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Contradiction(BaseModel):
    """One point in which the telling differs from the text."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    quote: Words = Field(default="", description="words of the text, verbatim")
    problem: str = Field(description="what differs")
    fix: Words = Field(default="", description="what would mend it")


class Critique(BaseModel):
    """A critic's reply."""

    model_config = ConfigDict(extra="ignore")

    contradictions: list[Contradiction]


async def ask_critic(
    model: Model, text: str, telling: str, heard: Heard, *, sample: int = 0
) -> str:
    """Ask for the contradictions between a description and a telling of its game.

    Args:
        model: who answers.
        text: the description.
        telling: the game that was built, in English.
        heard: told of the exchange.
        sample: number of the independent sample.

    Returns:
        The reply, for :func:`read_critique`.

    Raises:
        ServiceError: of the model's.
    """
    messages = (
        Message("system", render("critic.system")),
        Message("user", render("critic.user", text=text, telling=telling)),
    )
    request = Request(CRITIC, messages, text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return reply.text


def read_critique(reply: str, text: str) -> tuple[Diagnostic, ...]:
    """The contradictions of a critic's reply that quote the text; all others are dropped.

    Args:
        reply: what the model wrote: a JSON object of the shape of :class:`Critique`, bare,
            fenced, or in the midst of prose.
        text: the description.

    Returns:
        A warning ``C701`` for each contradiction whose quote the text holds verbatim (but for
        white space and the kind of quote marks); a note ``C702`` that counts those dropped, or
        says that the reply holds no critique.
    """
    try:
        critique = parse_json(reply, Critique)
    except JsonReplyError:
        return (
            Diagnostic(
                "C702", Severity.NOTE, "the critic's reply holds no critique and is not used"
            ),
        )
    prose = prose_of(text)
    found = []
    dropped = 0
    for point in critique.contradictions[:MAX_CONTRADICTIONS]:
        sentence = prose.sentence_of(point.quote)
        if sentence is None:
            dropped += 1
            continue
        found.append(
            Diagnostic(
                "C701",
                Severity.WARNING,
                f"the critic: {point.problem.rstrip('.')}",
                sentence=sentence,
                fix=point.fix.rstrip(".") or None,
            )
        )
    if dropped:
        points = "1 point" if dropped == 1 else f"{dropped} points"
        message = f"{points} of the critic quote words that the text does not hold: dropped"
        found.append(Diagnostic("C702", Severity.NOTE, message))
    return tuple(found)
