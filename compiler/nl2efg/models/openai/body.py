"""The body of a chat-completions request, whichever way it travels.

Servers differ in what they accept: what one of them refuses is left out, and that is remembered
for the rest of the process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from nl2efg.models.openai.schema import strict_schema
from nl2efg.models.port import Message, Request
from nl2efg.models.settings import OPENAI_URL, Settings

STRUCTURES = ("json_schema", "json_object", "")
"""Ways to ask for structured output, the strictest first; the last is the prompt alone."""

LENGTHS = ("max_completion_tokens", "max_tokens", "")
"""Names that the limit of a reply goes by; the last is none."""

REFUSED = (400, 404, 415, 422, 500, 501)
"""Status codes with which servers refuse a parameter; llama.cpp's server says 500."""

_STRUCTURE = re.compile(
    r"response[_ ]format|json[_ ]schema|\bschema\b|json_validate_failed|failed to generate json"
    r"|structured output|grammar|request contains an invalid argument",
    re.IGNORECASE,
)
_NO_SYSTEM = re.compile(
    r"system (?:role|prompt|message|instruction)s? (?:is |are )?not (?:supported|enabled|allowed)"
    r"|developer instruction is not enabled|only user and assistant roles|unsupported role"
    r"|roles must alternate|system role|does not support .{0,20}system",
    re.IGNORECASE,
)
_MUST_STREAM = re.compile(
    r"only supports? stream|stream(?:ing)?\W{0,4} (?:must be|is required|should be set to) ?\W*true"
    r"|only support stream mode|streaming is required|please enable the stream",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Abilities:
    """What a model of a server has not refused yet.

    Args:
        structure: how structured output is asked for.
        temperature, effort, system: whether that is taken.
        length: the name of the limit of a reply.
        stream: whether replies may come piece by piece.
        must_stream: whether they come in no other way.
        stream_usage: whether a streamed reply may be asked to say what it took.
        ratio: fewest tokens a character of prompt that the server has counted; 0.0 if none.
    """

    structure: str = STRUCTURES[0]
    temperature: bool = True
    length: str = LENGTHS[0]
    effort: bool = True
    system: bool = True
    stream: bool = True
    must_stream: bool = False
    stream_usage: bool = True
    ratio: float = 0.0


@cache
def abilities(base_url: str, model: str) -> Abilities:
    """What is known of a model, shared by all who ask it."""
    from nl2efg.models.providers import provider_at

    # max_completion_tokens is OpenAI's; most servers elsewhere know only the older name.
    length = LENGTHS[0] if base_url == OPENAI_URL else LENGTHS[1]
    provider = provider_at(base_url)
    if provider is None:
        return Abilities(length=length)
    return Abilities(structure=provider.structure, length=provider.length or length)


def make_body(
    request: Request, settings: Settings, known: Abilities, *, stream: bool = False
) -> dict[str, Any]:
    """The body that asks a model for a reply.

    Args:
        request: the call.
        settings: of the model.
        known: what it has refused before.
        stream: whether the reply may come piece by piece, as it cannot in a batch.
    """
    sent: dict[str, Any] = {
        "model": settings.model,
        "messages": _messages(request.messages, known),
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
    if settings.effort and known.effort:
        sent |= _effort(settings)
    wanted = known.stream and settings.stream is not False
    if stream and (known.must_stream or wanted):
        sent["stream"] = True
        if known.stream_usage:
            sent["stream_options"] = {"include_usage": True}
    return _merged(sent, settings.extra_body)


def _effort(settings: Settings) -> dict[str, Any]:
    from nl2efg.models.providers import provider_at

    provider = provider_at(settings.base_url)
    if provider is not None and provider.effort == "reasoning.effort":
        return {"reasoning": {"effort": settings.effort}}
    return {"reasoning_effort": settings.effort}


def _merged(body: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A body with further fields, objects in it field by field."""
    for name, value in more.items():
        old = body.get(name)
        if isinstance(old, dict) and isinstance(value, Mapping):
            body[name] = _merged(dict(old), value)
        else:
            body[name] = value
    return body


def _messages(messages: Sequence[Message], known: Abilities) -> list[dict[str, str]]:
    if known.system:
        return [{"role": message.role, "content": message.content} for message in messages]
    # What a model has no role for stands before what the user says first.
    preface = "\n\n".join(each.content for each in messages if each.role == "system")
    found = [
        {"role": each.role, "content": each.content} for each in messages if each.role != "system"
    ]
    if preface and found and found[0]["role"] == "user":
        found[0]["content"] = f"{preface}\n\n{found[0]['content']}"
    elif preface:
        found.insert(0, {"role": "user", "content": preface})
    return found


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
    if _MUST_STREAM.search(complaint) and not sent.get("stream"):
        known.must_stream = True
        return True
    lower = complaint.lower()
    roles = [message.get("role") for message in sent.get("messages", ())]
    if "system" in roles and _NO_SYSTEM.search(complaint):
        known.system = False
        return True
    if "stream_options" in sent and "stream_options" in lower:
        known.stream_usage = False
        return True
    for name in ("reasoning_effort", "reasoning"):
        if name in sent and (name in lower or "thinking" in lower):
            known.effort = False
            return True
    if "temperature" in sent and "temperature" in lower:
        known.temperature = False
        return True
    for name in LENGTHS[:2]:
        if name in sent and name in lower:
            if known.length == name:
                other = LENGTHS[1 - LENGTHS.index(name)]
                known.length = other if other in lower else ""
            return True
    structure = sent.get("response_format", {}).get("type", "")
    if structure and _STRUCTURE.search(complaint):
        if known.structure == structure:
            known.structure = STRUCTURES[STRUCTURES.index(structure) + 1]
        return True
    if sent.get("stream") and "stream" in lower:
        known.stream = False
        return True
    return False
