"""What services' complaints mean: words by which each is known, in the services' own messages.

Codes alone do not tell: an unknown model is a 404 at OpenAI and a 400 at DeepSeek and OpenRouter, a
wrong key a 401 here and a 400 at Gemini and xAI, a prompt too long a 400, 413, 422 or 500.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Complaint(Enum):
    """What is wrong, whatever the status says."""

    CONTEXT = "the prompt is too long"
    KEY = "the key is wrong"
    MODEL = "the model is not known"
    CREDIT = "there is no credit left"
    FILTER = "a filter stopped the text"
    BUSY = "the service is overloaded, or still loading"
    MINUTE = "the request is larger than a minute's allowance"


_WORDS: tuple[tuple[Complaint, str], ...] = (
    # OpenAI, Groq, vLLM; llama.cpp's server; Gemini; Anthropic; Together; Bedrock; xAI; Ollama
    (
        Complaint.CONTEXT,
        r"context_length_exceeded|context[ _](?:length|window|size)|exceed_context_size"
        r"|maximum (?:prompt|model|input|sequence) length|max_model_len|longer than the maximum"
        r"|prompt is too long|input is too long|too many (?:input )?tokens"
        r"|input token count.{0,40}exceeds|exceeds the (?:maximum|available|context)"
        r"|reduce the length of the messages|token_limit_reached|request_too_large",
    ),
    # OpenAI; Gemini; xAI; Azure; DeepSeek; LiteLLM
    (
        Complaint.KEY,
        r"invalid_api_key|api_key_invalid|incorrect api key|api key not valid"
        r"|invalid api[ -]?key|invalid subscription key|authentication[ _]fail"
        r"|no api[ -]?key|missing api[ -]?key|api key (?:is )?(?:expired|required|missing)"
        r"|invalid x-api-key|invalid authentication|no auth credentials",
    ),
    # OpenAI; DeepSeek ("Model Not Exist"); OpenRouter; Mistral; Together; vLLM; Ollama; Groq
    (
        Complaint.MODEL,
        r"model_not_found|model not exist|not a valid model|invalid[ _]model|unknown model"
        r"|no endpoints found|model.{0,80}(?:does not exist|not found|is not supported|decommission"
        r"|has been deprecated|unavailable for|no longer available)|not found, try pulling"
        r"|unable to access model|no such model|deploymentnotfound",
    ),
    (
        Complaint.CREDIT,
        r"insufficient_quota|insufficient[ _](?:balance|credit|fund)|billing|payment required"
        r"|credit balance is too low|out of credits|exceeded your current quota, please check",
    ),
    (
        Complaint.FILTER,
        r"content_filter|content_policy|content management policy|responsibleai|content exists risk"
        r"|moderation|data_inspection_failed|inappropriate content|prohibited_content"
        r"|flagged by|invalid_prompt|violat\w+ .{0,30}polic",
    ),
    (
        Complaint.BUSY,
        r"loading model|model is (?:currently )?loading|overloaded|engine_overloaded"
        r"|temporarily (?:unavailable|rate-limited)|server[ _]busy"
        r"|no available channel"
        r"|capacity|try again later|cold start",
    ),
)
_PATTERNS = tuple((complaint, re.compile(words, re.IGNORECASE)) for complaint, words in _WORDS)
_MINUTE = re.compile(r"request too large.{0,120}(?:per minute|tpm)", re.IGNORECASE | re.DOTALL)
MAX_CHARACTERS = 4_000
"""Characters of a complaint that are looked through."""


def complaint_in(words: str) -> Complaint | None:
    """What a service's words complain of; None if they are not known.

    Args:
        words: message, code and type together.
    """
    words = words[:MAX_CHARACTERS]
    if _MINUTE.search(words):
        return Complaint.MINUTE
    return next((complaint for complaint, known in _PATTERNS if known.search(words)), None)


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """The error in a reply's body, whatever its shape.

    Args:
        message: what it says; empty if nothing.
        code: of the service, or of HTTP; empty if there is none.
        kind: its type or status, such as ``invalid_request_error`` or ``INVALID_ARGUMENT``.
        param: the parameter that it blames.
        fields: all of it, with what gateways pass on from a provider.
    """

    message: str = ""
    code: str = ""
    kind: str = ""
    param: str = ""
    fields: Mapping[str, Any] | None = None

    @property
    def words(self) -> str:
        """Everything in it that may name what is wrong."""
        return f"{self.code} {self.kind} {self.param} {self.message} {self.fields or ''}"

    @property
    def status(self) -> int | None:
        """A status of HTTP in it, as gateways put it into a reply with status 200."""
        short = len(self.code) == 3 and self.code.isdecimal()
        return int(self.code) if short and 400 <= int(self.code) < 600 else None


def error_object(body: object) -> ErrorObject:
    """Find the error in a body.

    ``{"error": {…}}`` (OpenAI), ``[{"error": {…}}]`` (Gemini), ``{"error": "…"}`` (Ollama, LM
    Studio), ``{"detail": …}`` (FastAPI, Mistral), ``{"message": …}`` (vLLM, Bedrock), ``{"error":
    {"metadata": {"raw": …}}}`` (OpenRouter, with a provider's own words), or bare text.
    """
    while True:  # and no recursion: a service may nest them as deep as it likes
        if isinstance(body, list) and body:
            body = body[0]
        elif isinstance(body, Mapping) and isinstance(body.get("error"), Mapping | list):
            body = body["error"]
        else:
            break
    if not isinstance(body, Mapping):
        return ErrorObject(message=str(body or ""))
    said = body.get("message") or body.get("error") or body.get("detail") or body.get("msg") or ""
    details = body.get("detail")
    if isinstance(details, list) and details and isinstance(details[0], Mapping):
        said = "; ".join(
            f"{_place(entry.get('loc'))}: {entry.get('msg', entry)}"
            for entry in details[:8]
            if isinstance(entry, Mapping)
        )
    metadata = body.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    return ErrorObject(
        message=f"{said}: {raw}" if raw else str(said),
        code=str(body.get("code") or ""),
        kind=str(body.get("type") or body.get("status") or ""),
        param=str(body.get("param") or ""),
        fields=body,
    )


def _place(found: object) -> str:
    return ".".join(map(str, found)) if isinstance(found, list) else str(found or "")
