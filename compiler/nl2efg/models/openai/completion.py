"""What a chat completion says: text, or one of the ways in which there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nl2efg.errors import (
    Nl2efgError,
    RefusalError,
    ReplyError,
    TruncatedError,
    UnavailableError,
)
from nl2efg.models.budget import FIRST_REPLY, Spent, estimate_tokens
from nl2efg.models.openai.failure import Failures, without_key
from nl2efg.models.openai.retry import Transient
from nl2efg.models.openai.usage import Usage, read_usage
from nl2efg.models.port import Message, Reply
from nl2efg.models.settings import Settings

EMPTY_TRIES = 3
"""Calls in a row that are worth making for an empty reply: DeepSeek's guide to JSON output says
that its API "may occasionally return empty content"."""

CUT = frozenset(("length", "max_tokens", "max_output_tokens", "token_limit"))
"""Finish reasons of a reply at its token limit."""

NO_ROOM = frozenset(("model_length", "context_length", "max_context_length"))
"""Finish reasons of a context that is full (Mistral's ``model_length``)."""

OUT_OF_TIME = frozenset(("time_limit", "timeout"))
"""Finish reasons of a service that ran out of time (watsonx)."""

FILTERED = frozenset(
    (
        "content_filter",
        "safety",
        "recitation",
        "prohibited_content",
        "blocklist",
        "spii",
        "refusal",
        "sensitive",
        "image_safety",
        "guardrail_intervened",
    )
)
"""Finish reasons of a filter: OpenAI's, Gemini's, Zhipu's, Bedrock's."""

PASSING = frozenset(
    (
        "insufficient_system_resource",
        "error",
        "network_error",
        "abort",
        "cancelled",
        "malformed_function_call",
        "malformed_response",
        "other",
        "unknown",
    )
)
"""Finish reasons of a service's trouble: DeepSeek's, OpenRouter's, Zhipu's, vLLM's, Gemini's."""


def read_completion(
    completion: Mapping[str, Any],
    settings: Settings,
    messages: Sequence[Message],
    spent: Spent,
    *,
    headers: Mapping[str, str] | None = None,
    note: str = "",
) -> Reply:
    """The reply in a completion.

    Nothing in it is taken for granted.

    Args:
        completion: the JSON object that the service sent.
        settings: of the model that was asked.
        messages: what was sent.
        spent: filled with what the call took, also where there is no reply.
        headers: that it came with; keys in lower case, or that ignore case.
        note: what the user should hear of it.

    Raises:
        RefusalError: the model declined, or a filter stopped it.
        TruncatedError: the reply was cut at the token limit.
        ReplyError: it is empty, or no text.
        UnavailableError: it is no chat completion.
        Transient: it holds a failure that may pass.
        Nl2efgError: another error that the service put into it.
    """
    usage, counted = _count(completion, settings, messages, spent)
    choice = _choice(completion)
    error = completion.get("error") or (choice or {}).get("error")
    if error and (choice is None or not _content(choice)[0].strip() or _failed(choice)):
        raise _error_in(error, settings, headers or {})
    if choice is None:
        raise _no_completion(completion, settings, headers or {})
    named = completion.get("model")
    return Reply(
        text=_text(choice, settings),
        model=named if isinstance(named, str) and named else settings.model,
        prompt_tokens=usage.prompt if counted else 0,
        completion_tokens=usage.completion if counted else 0,
        cost=spent.cost,
        note=note,
    )


def partial_reply(completion: Mapping[str, Any], settings: Settings, spent: Spent) -> Reply:
    """As much of a reply as came, and what it took, for the record."""
    choice = _choice(completion)
    named = completion.get("model")
    return Reply(
        text=_content(choice)[0] if choice else "",
        model=named if isinstance(named, str) and named else settings.model,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        cost=spent.cost,
        note="this reply did not come to its end",
    )


def _choice(completion: Mapping[str, Any]) -> Mapping[str, Any] | None:
    choices = completion.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, Mapping) or not isinstance(first.get("message"), Mapping):
        return None
    return first


def _failed(choice: Mapping[str, Any]) -> bool:
    return str(choice.get("finish_reason") or "").lower() in PASSING


def _count(
    completion: Mapping[str, Any], settings: Settings, messages: Sequence[Message], spent: Spent
) -> tuple[Usage, bool]:
    """Count what a call took; whether the service says so, or it had to be estimated."""
    usage = read_usage(completion.get("usage"))
    counted = bool(usage.prompt)
    if not counted:
        # A budget must not become boundless because a server does not count.
        usage = Usage(
            estimate_tokens(messages), usage.completion or FIRST_REPLY, charged=usage.charged
        )
    spent.prompt_tokens, spent.completion_tokens = usage.prompt, usage.completion
    spent.cost = usage.cost(settings.price)
    spent.unaccounted = False
    return usage, counted


def _error_in(error: object, settings: Settings, headers: Mapping[str, str]) -> Exception:
    """An error inside a reply with status 200, as gateways send what a provider said too late."""
    from nl2efg.models.openai.complaints import error_object

    found = error_object({"error": error})
    # A service that fails without a status has trouble of its own.
    return Failures(settings).of_error(found.status or 502, {"error": error}, headers)


def _no_completion(
    completion: Mapping[str, Any], settings: Settings, headers: Mapping[str, str]
) -> Exception:
    from nl2efg.models.openai.complaints import complaint_in, error_object

    found = error_object(completion)
    if found.message and complaint_in(found.words) is not None:
        return Failures(settings).of_error(found.status or 400, completion, headers)
    if "choices" in completion and not completion.get("choices"):
        blocked = completion.get("prompt_feedback") or completion.get("promptFeedback")
        if blocked:
            return RefusalError(
                f"the service's filter stopped the text: {without_key(str(blocked), settings.key)}",
                hint="rephrase the text, or take another model",
            )
    return UnavailableError(
        f"{settings.model} at {settings.place} answered with something that is no chat "
        f"completion: {without_key(str(dict(completion)), settings.key)}",
        hint="the address should end before /chat/completions, often in /v1",
    )


def _text(choice: Mapping[str, Any], settings: Settings) -> str:
    message = choice["message"]
    reason = str(choice.get("finish_reason") or "").strip().lower()
    reason = reason.partition(":")[0]  # Gemini: "content_filter: RECITATION"
    refusal = message.get("refusal")
    if refusal:
        raise RefusalError(
            f"{settings.model} declined to answer: {without_key(str(refusal), settings.key)}",
            hint="rephrase the text, or take another model",
        )
    if reason in FILTERED:
        raise RefusalError(
            f"the service's filter stopped {settings.model}'s reply ({reason})",
            hint="rephrase the text, or take another model",
        )
    if reason in CUT | NO_ROOM | OUT_OF_TIME:
        raise _cut(reason, settings)
    text, others = _content(choice)
    if reason in PASSING:
        raise Transient(
            UnavailableError(
                f"{settings.model} at {settings.place} ended its reply with {reason!r}",
                hint="the service has trouble; try again later",
            )
        )
    if text.strip():
        return text
    if message.get("tool_calls") or message.get("function_call"):
        others.append("a tool call")
    if others:
        raise ReplyError(
            f"{settings.model} replied with {', '.join(others)} and no text",
            hint="take a model that writes text",
        )
    raise _empty(message, settings)


def _cut(reason: str, settings: Settings) -> Nl2efgError:
    if reason in NO_ROOM:
        full = TruncatedError(
            f"{settings.model}'s context was full before its reply was whole",
            hint="shorten the text, or take a model with a longer context",
        )
        full.goes_on = False
        return full
    if reason in OUT_OF_TIME:
        return TruncatedError(
            f"{settings.place} ran out of time before {settings.model}'s reply was whole",
            hint="raise the service's limit of time, or take a faster model",
        )
    limit = f" of {settings.reply_tokens}" if settings.reply_tokens else ""
    return TruncatedError(
        f"{settings.model}'s reply was cut at the token limit{limit}",
        hint="raise NL2EFG_REPLY_TOKENS or the server's own limit, or take a model with room for "
        "longer replies",
    )


def _empty(message: Mapping[str, Any], settings: Settings) -> Transient:
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    words = "holds thoughts and no answer" if thoughts else "is empty"
    return Transient(
        ReplyError(f"{settings.model}'s reply {words}", hint="try again, or take another model"),
        tries=EMPTY_TRIES,
    )


def _content(choice: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The text of a message's content, and names of what else is in it."""
    content = choice["message"].get("content")
    if content is None or isinstance(content, str):
        return content or "", []
    texts, others = [], []
    for part in content if isinstance(content, list) else [content]:
        fields = part if isinstance(part, dict) else {}
        if fields.get("type") in ("thinking", "reasoning"):
            continue  # Mistral's Magistral sends its thoughts as a part
        if isinstance(fields.get("text"), str):
            texts.append(fields["text"])
        else:
            others.append(f"a part of type {fields.get('type') or type(part).__name__}")
    return "".join(texts), others
