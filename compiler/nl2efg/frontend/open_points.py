"""Open points as a stage: a reader of the text alone is asked by topics what it leaves open."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from nl2efg.examination.open_points import OpenPoints, OpenQuestions
from nl2efg.frontend.information import Heard
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import OPEN_POINTS
from nl2efg.models import Message, Model, Request
from nl2efg.prose.text import prose_of

MAX_POINTS = 12
"""Points that one reader may add."""


class Reply(BaseModel):
    """The JSON object of a reply."""

    model_config = ConfigDict(extra="ignore")

    T: dict[str, Any] = Field(default_factory=dict, description="what is open, by topic")
    Q: dict[str, Any] = Field(default_factory=dict, description="words that settle a question")


def open_points_messages(text: str, asked: OpenQuestions) -> tuple[Message, ...]:
    """The conversation that asks what a text leaves open.

    Args:
        text: the description.
        asked: topics and points.
    """
    return (
        Message("system", render("open_points.system")),
        Message(
            "user",
            render("open_points.user", text=text, topics=asked.topics, points=asked.points),
        ),
    )


def read_open_points(reply: str, asked: OpenQuestions, text: str) -> OpenPoints | None:
    """The open points of a reply; None if it holds no answers.

    A point counts as settled only by words that the text holds.
    """
    try:
        found = parse_json(reply, Reply)
    except JsonReplyError:
        return None
    prose = prose_of(text)
    settled = []
    for number, point in enumerate(asked.points, 1):
        quote = found.Q.get(f"Q{number}")
        sentence = prose.sentence_of(quote) if isinstance(quote, str) and quote.strip() else None
        if sentence is not None:
            settled.append((point, sentence))
    further: list[str] = []
    for number in range(1, len(asked.topics) + 1):
        given = found.T.get(f"T{number}")
        for each in given if isinstance(given, list) else [given]:
            if isinstance(each, str) and each.strip():
                further.append(each.strip())
    return OpenPoints(tuple(dict.fromkeys(further))[:MAX_POINTS], tuple(settled))


async def ask_open_points(
    model: Model, text: str, asked: OpenQuestions, heard: Heard, *, sample: int = 0
) -> OpenPoints | None:
    """Ask a reader what a text leaves open.

    Args:
        model: who answers; better not the one that found the points that are asked.
        text: the description.
        asked: topics and points.
        heard: told of the exchange.
        sample: number of the independent sample.

    Returns:
        The answers; None if the reply holds none.

    Raises:
        ServiceError: of the model's.
    """
    request = Request(OPEN_POINTS, open_points_messages(text, asked), text, sample)
    reply = await model.complete(request)
    heard(request, reply)
    return read_open_points(reply.text, asked, text)
