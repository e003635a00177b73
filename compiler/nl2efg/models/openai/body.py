"""The body of a chat-completions request, whichever way it travels.

Servers differ in what they accept: what one of them refuses is left out, and that is remembered
for the rest of the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nl2efg.models.openai.schema import strict_schema
from nl2efg.models.port import Request
from nl2efg.models.settings import OPENAI_URL, Settings

STRUCTURES = ("json_schema", "json_object", "")
"""Ways to ask for structured output, the strictest first; the last is the prompt alone."""

LENGTHS = ("max_completion_tokens", "max_tokens", "")
"""Names that the limit of a reply goes by; the last is none."""

REFUSED = (400, 404, 415, 422, 500, 501)
"""Status codes with which servers refuse a parameter; llama.cpp's server says 500."""


@dataclass(slots=True)
class Abilities:
    """What a model of a server has not refused yet."""

    structure: str = STRUCTURES[0]
    temperature: bool = True
    length: str = LENGTHS[0]


@cache
def abilities(base_url: str, model: str) -> Abilities:
    """What is known of a model, shared by all who ask it."""
    # max_completion_tokens is OpenAI's; most servers elsewhere know only the older name.
    length = LENGTHS[0] if base_url == OPENAI_URL else LENGTHS[1]
    return Abilities(length=length)


def make_body(request: Request, settings: Settings, known: Abilities) -> dict[str, Any]:
    """The body that asks a model for a reply."""
    sent: dict[str, Any] = {
        "model": settings.model,
        "messages": [
            {"role": message.role, "content": message.content} for message in request.messages
        ],
    }
    if request.schema is not None and known.structure == "json_schema":
        sent["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.schema_name,
                "strict": True,
                "schema": strict_schema(request.schema),
            },
        }
    elif request.schema is not None and known.structure == "json_object":
        sent["response_format"] = {"type": "json_object"}
    if settings.temperature is not None and known.temperature:
        sent["temperature"] = settings.temperature
    if settings.reply_tokens is not None and known.length:
        sent[known.length] = settings.reply_tokens
    return sent


def give_up(sent: Mapping[str, Any], status: int, complaint: str, known: Abilities) -> bool:
    """Remember what a server refused; whether there is anything to try without it.

    Calls run side by side: a parameter is given up as it was sent, not as it is known by now.

    Args:
        sent: the body that was refused.
        status: the refusal's HTTP status.
        complaint: all that the server said.
        known: changed by what is learnt.
    """
    if status not in REFUSED:
        return False
    complaint = complaint.lower()
    structure = sent.get("response_format", {}).get("type", "")
    if structure and any(
        word in complaint
        for word in ("response_format", "response format", "json_schema", "json schema", "schema")
    ):
        if known.structure == structure:
            known.structure = STRUCTURES[STRUCTURES.index(structure) + 1]
        return True
    if "temperature" in sent and "temperature" in complaint:
        known.temperature = False
        return True
    for name in LENGTHS[:2]:
        if name in sent and name in complaint:
            if known.length == name:
                other = LENGTHS[1 - LENGTHS.index(name)]
                known.length = other if other in complaint else ""
            return True
    return False
