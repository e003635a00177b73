"""What a model thought aloud before its answer, as the families of models mark it."""

from __future__ import annotations

import re

_PAIRS = (
    ("<think>", "</think>"),  # DeepSeek, Qwen and most others
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),  # Gemini's compatible endpoint
    ("<reasoning>", "</reasoning>"),
    ("<reason>", "</reason>"),
    ("<seed:think>", "</seed:think>"),  # ByteDance Seed
    ("[THINK]", "[/THINK]"),  # Magistral
    ("\u25c1think\u25b7", "\u25c1/think\u25b7"),  # Kimi
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Cohere
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),  # gpt-oss
)
"""How thoughts begin and end."""

_CLOSERS = dict(_PAIRS)
_OPENING = re.compile("|".join(re.escape(opening) for opening, _ in _PAIRS))
_CLOSING = re.compile("|".join(re.escape(closing) for _, closing in _PAIRS))


def without_thoughts(text: str) -> tuple[str, str]:
    """A reply without what its model thought aloud.

    A server may have taken the opening mark away, as it belongs to the prompt of some models: of a
    closing mark alone, all that stands before it is a thought.

    Args:
        text: the reply.

    Returns:
        The answer, and the thought that the reply ends within; empty if it ends in none.
    """
    kept: list[str] = []
    end = 0
    while opened := _OPENING.search(text, end):
        closing = _CLOSERS[opened[0]]
        closed = text.find(closing, opened.end())
        if closed < 0:
            break
        kept.append(text[end : opened.start()])
        end = closed + len(closing)
    stop = opened.start() if opened else len(text)
    answer = "".join((*kept, text[end:stop]))
    # What is left of marks closes a thought whose opening mark is not there.
    start = max((match.end() for match in _CLOSING.finditer(answer)), default=0)
    return answer[start:], text[stop:]
