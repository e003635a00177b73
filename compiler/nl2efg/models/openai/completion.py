"""What a chat completion says: text, or one of the ways in which there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nl2efg.errors import RefusalError, ReplyError, TruncatedError, UnavailableError
from nl2efg.models.budget import FIRST_REPLY, Spent, estimate_tokens
from nl2efg.models.openai.failure import without_key
from nl2efg.models.port import Message, Reply
from nl2efg.models.settings import Settings

MIN_TOKENS_A_CHARACTER = 1 / 10
"""No tokenizer packs English or code tighter; a lower count means that a prompt was cut."""


def read_completion(
    completion: Any, settings: Settings, messages: Sequence[Message], spent: Spent
) -> Reply:
    """The reply in a completion.

    Nothing in it is taken for granted: the SDK does not check what servers send.

    Args:
        completion: what the SDK returned.
        settings: of the model that was asked.
        messages: what was sent.
        spent: filled with what the call took, also where there is no reply.

    Raises:
        RefusalError: the model declined, or a filter stopped it.
        TruncatedError: the reply was cut at the token limit.
        ReplyError: it is empty, or no text.
        UnavailableError: it is no chat completion.
    """
    counted = _count(completion, settings, messages, spent)
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices or getattr(choices[0], "message", None) is None:
        said = getattr(completion, "error", None) or completion
        raise UnavailableError(
            f"{settings.model} at {settings.place} answered with something that is no chat "
            f"completion: {without_key(str(said), settings.key)}",
            hint="the address should end before /chat/completions, often in /v1",
        )
    text = _text(choices[0], settings)
    named = getattr(completion, "model", None)
    return Reply(
        text=text,
        model=named if isinstance(named, str) and named else settings.model,
        prompt_tokens=spent.prompt_tokens if counted else 0,
        completion_tokens=spent.completion_tokens if counted else 0,
        cost=spent.cost,
        note=_note(messages, spent),
    )


def _count(completion: Any, settings: Settings, messages: Sequence[Message], spent: Spent) -> bool:
    """Count what a call took; whether the service says so, or it had to be estimated."""
    usage = getattr(completion, "usage", None)
    spent.prompt_tokens = _tokens(getattr(usage, "prompt_tokens", None))
    spent.completion_tokens = _tokens(getattr(usage, "completion_tokens", None))
    counted = bool(spent.prompt_tokens)
    if not counted:
        # A budget must not become boundless because a server does not count.
        spent.prompt_tokens = estimate_tokens(messages)
        spent.completion_tokens = spent.completion_tokens or FIRST_REPLY
    if settings.price is not None:
        spent.cost = settings.price.cost(spent.prompt_tokens, spent.completion_tokens)
    return counted


def _tokens(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _text(choice: Any, settings: Settings) -> str:
    message = choice.message
    reason = getattr(choice, "finish_reason", None)
    refusal = getattr(message, "refusal", None)
    if refusal:
        raise RefusalError(
            f"{settings.model} declined to answer: {without_key(str(refusal), settings.key)}",
            hint="rephrase the text, or take another model",
        )
    if reason == "content_filter":
        raise RefusalError(
            f"the service's content filter stopped {settings.model}'s reply",
            hint="rephrase the text, or take another model",
        )
    if reason == "length":
        raise TruncatedError(
            f"{settings.model}'s reply was cut at the token limit"
            + (f" of {settings.reply_tokens}" if settings.reply_tokens else ""),
            hint="raise NL2EFG_REPLY_TOKENS or the server's own limit, or take a model with room "
            "for longer replies",
        )
    text, others = _parts(getattr(message, "content", None))
    if text.strip():
        return text
    if getattr(message, "tool_calls", None) or getattr(message, "function_call", None):
        others.append("a tool call")
    if others:
        raise ReplyError(
            f"{settings.model} replied with {', '.join(others)} and no text",
            hint="take a model that writes text",
        )
    raise ReplyError(f"{settings.model}'s reply is empty", hint="try again, or take another model")


def _parts(content: Any) -> tuple[str, list[str]]:
    """The text of a message's content, and names of what else is in it."""
    if content is None or isinstance(content, str):
        return content or "", []
    texts, others = [], []
    for part in content if isinstance(content, list) else [content]:
        fields = part if isinstance(part, dict) else {}
        if isinstance(fields.get("text"), str):
            texts.append(fields["text"])
        else:
            others.append(f"a part of type {fields.get('type') or type(part).__name__}")
    return "".join(texts), others


def _note(messages: Sequence[Message], spent: Spent) -> str:
    characters = sum(len(message.content) for message in messages)
    if not 0 < spent.prompt_tokens < characters * MIN_TOKENS_A_CHARACTER:
        return ""
    return (
        f"the server counted {spent.prompt_tokens} tokens in a prompt of {characters} characters: "
        "it may have cut it; give its model a longer context (Ollama: OLLAMA_CONTEXT_LENGTH)"
    )
