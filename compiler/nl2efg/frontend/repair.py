"""Self-debug: a program goes back to its model with everything that was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nl2efg.frontend.information import Heard
from nl2efg.frontend.prompts import render
from nl2efg.frontend.stages import repair_stage
from nl2efg.models import Message, Model, Request
from nl2efg.schema.diagnostics import Diagnostic, Severity

MAX_OUTPUT = 1000
MAX_DIAGNOSTICS = 30
MAX_WORDS = 2000
"""Characters of a message, of a line of code, of a sentence and of advice, of one diagnostic."""


async def repair_code(
    model: Model,
    text: str,
    asked: tuple[Message, ...],
    reply: str,
    heard: Heard,
    *,
    number: int,
    code: str,
    built: bool,
    diagnostics: Sequence[Diagnostic],
    output: str = "",
    sample: int = 0,
) -> str:
    """Ask for the program again, with all diagnostics of the last attempt at once.

    Only the last attempt is shown, so a conversation does not grow with its repairs.

    Args:
        asked: the conversation that led to the first program.
        reply: the model's last reply.
        number: which repair this is, from 1.
        code: the program as it was found in the reply.
        built: whether it gave a game.
        diagnostics: what was found; notes are left out.
        output: what the program printed.

    Returns:
        The new reply.

    Raises:
        ServiceError: of the model's.
    """
    grave = [found for found in diagnostics if found.severity is not Severity.NOTE]
    prompt = render(
        "repair.user",
        built=built,
        diagnostics=[_for_prompt(found, code) for found in grave[:MAX_DIAGNOSTICS]],
        output=output[-MAX_OUTPUT:],
    )
    messages = (*asked, Message("assistant", reply), Message("user", prompt))
    request = Request(repair_stage(number), messages, text, sample)
    answer = await model.complete(request)
    heard(request, answer)
    return answer.text


def _for_prompt(found: Diagnostic, code: str) -> dict[str, Any]:
    lines = code.splitlines()
    inside = found.line is not None and 1 <= found.line <= len(lines)
    source = lines[found.line - 1].strip() if inside and found.line else ""
    return {
        "severity": found.severity.value,
        "code": found.code,
        "place": found.place,
        "message": _shorten(found.message),
        "source": _shorten(source),
        "sentence": _shorten(found.sentence or ""),
        "fix": _shorten(found.fix or ""),
    }


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + "…"
