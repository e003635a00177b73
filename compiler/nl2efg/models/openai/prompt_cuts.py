"""Prompts that a server has cut to its context, and says nothing of.

Ollama clips a prompt to its context, 4,096 tokens on small machines, and answers with status 200:
the game is then read from half a text. What shows it is the number of tokens that it counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nl2efg.models.openai.body import Abilities
from nl2efg.models.port import Message

MIN_TOKENS_A_CHARACTER = 1 / 5
"""The prompts of nl2efg take from 0.21 tokens a character upwards in the vocabularies of current
models; fewer mean that a prompt was cut."""

MIN_OF_EARLIER = 0.75
"""The part of a model's earlier tokens a character below which a prompt was cut."""

ASKED_SECONDS = 2.0
"""Seconds in which a local server says how long its context is."""

MIN_CHARACTERS = 400
"""Prompts shorter than this are never cut, and their ratio says little."""


def is_prompt_cut(messages: Sequence[Message], prompt_tokens: int, known: Abilities) -> bool:
    """Whether a server seems to have cut a prompt.

    Args:
        messages: what was sent.
        prompt_tokens: as the server counts them; 0 if it does not.
        known: of the model; its ratio is brought up to date.
    """
    characters = sum(len(message.content) for message in messages)
    if characters < MIN_CHARACTERS or prompt_tokens <= 0:
        return False
    ratio = prompt_tokens / characters
    if ratio < MIN_TOKENS_A_CHARACTER or ratio < MIN_OF_EARLIER * known.ratio:
        return True
    known.ratio = min(known.ratio or ratio, ratio)
    return False


def words_of_cut(messages: Sequence[Message], prompt_tokens: int, context: int | None) -> str:
    """What the user should hear of a prompt that was cut.

    Args:
        messages: what was sent.
        prompt_tokens: as the server counts them.
        context: tokens of the server's context, if it says so.
    """
    characters = sum(len(message.content) for message in messages)
    length = f" (its context is {context:,} tokens)" if context else ""
    return (
        f"the server counted {prompt_tokens:,} tokens in a prompt of {characters:,} characters: it "
        f"may have cut the prompt{length}, and the game is then read from a part of the text; give "
        "the model a longer context (Ollama: OLLAMA_CONTEXT_LENGTH=16384, or a model made with "
        "PARAMETER num_ctx 16384)"
    )


async def context_length(http: Any, base_url: str, model: str) -> int | None:
    """Tokens of a local server's context; None if it does not say.

    Args:
        http: the HTTP library's client.
        base_url: of the server; Ollama's own interface is at its root.
        model: the model that was asked.
    """
    parts = urlsplit(base_url)
    root = urlunsplit(parts._replace(path="", query="", fragment=""))
    try:
        # The library's own time-out starts anew with every byte.
        async with asyncio.timeout(ASKED_SECONDS):
            loaded = (await http.get(f"{root}/api/ps")).json()
    except Exception:  # noqa: BLE001  whatever answers there, it is only asked for a number
        return None
    models = loaded.get("models") if isinstance(loaded, Mapping) else None
    for entry in models if isinstance(models, list) else ():
        if isinstance(entry, Mapping) and entry.get("name") in (model, f"{model}:latest"):
            length = entry.get("context_length")
            return length if isinstance(length, int) else None
    return None
