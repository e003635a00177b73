"""A reply that reached its limit of length goes on where it stopped: what was paid for is kept.

Services have ways of their own to go on with an assistant's message, most have none. A further
turn of the conversation works with all of them. Models then repeat a little of what they had said,
open the block of code again, think again, or begin anew: :func:`join` knows these habits.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from nl2efg.errors import Nl2efgError, TruncatedError
from nl2efg.models.port import Message, Model, Reply, Request

MAX_TIMES = 8
"""Times that a reply goes on. Each brings something new, or it was the last."""

SUFFIX = "-more"
"""Of the stage of a request that goes on with a reply."""

GO_ON = (
    "Your reply reached its limit of length and was cut. Go on exactly where it stopped, within a "
    "line or a word if need be. Repeat nothing of it, begin no new block of code within an open "
    "one, and say nothing else."
)

_THOUGHTS = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*```", re.MULTILINE)
_OPENING = re.compile(r"\s*```([\w+-]*)[ \t]*\n")
_SAME = 60
"""Characters in common that are no accident."""

MAX_REPEATED = 20_000
"""Characters of the end of a reply in which the beginning of what follows is looked for."""

_FEW = 4
"""The same within one line that was cut, if a letter is among them."""

_TAIL, _TURNS = 240, 4
"""A model goes round in circles when its last characters have come so often."""


class WholeReplies:
    """A model whose replies go on where they were cut.

    Args:
        model: who answers, and raises what was cut.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The other model's name."""
        return self._model.name

    async def complete(self, request: Request) -> Reply:
        """Answer one request; as :func:`complete_whole`."""
        return await complete_whole(self._model.complete, request)


async def complete_whole(ask: Callable[[Request], Awaitable[Reply]], request: Request) -> Reply:
    """Ask, and go on for as long as the reply is cut at its limit.

    Args:
        ask: answers one request.
        request: what is asked.

    Returns:
        The whole reply, with what all its parts took.

    Raises:
        Nl2efgError: as ``ask``; its ``exchange`` is the request with all that came of the reply.
    """
    so_far: Reply | None = None
    for times in range(MAX_TIMES + 1):
        try:
            reply = await ask(request if so_far is None else further(request, so_far))
        except Nl2efgError as error:
            part = error.exchange[1] if error.exchange is not None else None
            came = _both(so_far, part)
            if came is not None:
                error.exchange = (request, came)
            if came is None or times == MAX_TIMES or not _goes_on(error, so_far, came):
                raise
            so_far = came
        else:
            if so_far is None:
                return reply
            whole = _both(so_far, reply)
            assert whole is not None
            note = f"it reached its limit of length, and went on {_often(times)}"
            return replace(whole, note="; ".join(filter(None, (reply.note, note))))
    raise AssertionError("the last round returns or raises")


def further(request: Request, so_far: Reply) -> Request:
    """The request that goes on with a reply; without a schema, as a rest fits none."""
    turns = (Message("assistant", so_far.text), Message("user", GO_ON))
    return replace(
        request,
        stage=f"{request.stage}{SUFFIX}",
        messages=(*request.messages, *turns),
        schema=None,
        schema_name="",
    )


def join(first: str, more: str) -> str:
    """The beginning of a reply and what a model wrote when asked to go on, as one text.

    Args:
        first: as far as the reply came.
        more: what followed; all of it is kept but what it repeats.
    """
    thoughts = _THOUGHTS.match(more)
    if thoughts and "<think" not in first.rpartition("</think")[2]:
        more = more[thoughts.end() :]
    if len(first.strip()) >= _SAME and more.strip()[:_SAME] == first.strip()[:_SAME]:
        return max(first, more, key=len)  # it began anew
    line = first.rpartition("\n")[2]
    # Where the line that opens a block was cut itself, it is repeated like any other.
    within = len(_FENCE.findall(first)) % 2 and not _FENCE.match(line)
    opening = _OPENING.match(more) if within else None
    # Without a language it may be the end of the block.
    if opening and (opening[1] or len(_FENCE.findall(more)) % 2 == 0):
        more = more[opening.end() :]
        if line.strip() and not more.startswith(line) and not _overlap(first, more):
            # A new block begins a new line.
            return f"{first}\n{more}"
    return first + more[_overlap(first, more) :]


def _overlap(first: str, more: str) -> int:
    """Characters at the beginning of a text that repeat the end of another."""
    line = first.rpartition("\n")[2]
    if len(line) >= _FEW and re.search(r"[^\W\d_]", line) and more.startswith(line):
        return len(line)
    head = more[:_SAME]
    if len(head) < _SAME:
        return 0
    first = first[-MAX_REPEATED:]  # each place may take as long as what is behind it
    start = first.find(head)
    while start >= 0:
        if more.startswith(first[start:]):
            return len(first) - start
        start = first.find(head, start + 1)
    return 0


def _both(first: Reply | None, second: Reply | None) -> Reply | None:
    if first is None or second is None:
        return first or second
    return replace(
        second,
        text=join(first.text, second.text),
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        completion_tokens=first.completion_tokens + second.completion_tokens,
        cost=first.cost + second.cost,
    )


def _goes_on(error: Nl2efgError, before: Reply | None, came: Reply) -> bool:
    """Whether it is worth going on: something new came, and no endless repetition."""
    text = came.text.strip()
    if not isinstance(error, TruncatedError) or not error.goes_on or not text:
        return False
    if before is not None and len(came.text) <= len(before.text):
        return False
    return text.count(text[-_TAIL:]) < _TURNS or len(text) < _TURNS * _TAIL


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
