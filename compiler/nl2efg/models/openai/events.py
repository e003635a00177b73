"""A streamed completion, put together from its events (Server-Sent Events, HTML standard, 9.2).

Servers differ in small things: events without a blank line between them, a whole message instead of
a piece, usage in each event or in the last, errors as events. Nothing is taken for granted.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from nl2efg.models.openai.bounds import MAX_EVENTS, MAX_REPLY_BYTES, TooLargeError

DONE = "[DONE]"
MAX_REREAD = 4 * MAX_REPLY_BYTES
"""Characters of events over several lines that are read again because they were not whole yet."""


async def read_lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a body, as they come; without their ends."""
    rest: list[bytes] = []
    async for piece in pieces:
        *whole, last = piece.split(b"\n")
        for line in whole:
            yield b"".join((*rest, line)).rstrip(b"\r")
            rest.clear()
        if last:
            rest.append(last)
    if rest:
        yield b"".join(rest).rstrip(b"\r")


@dataclass
class Assembly:
    """A completion that is being streamed.

    ``fields`` is what a completion that comes in one piece would hold; ``done`` says whether the
    service said that it has ended; ``pieces`` counts events that brought text or thoughts.
    """

    done: bool = False
    pieces: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)
    _refusals: list[str] = field(default_factory=list)
    _data: list[str] = field(default_factory=list)
    _finish: str | None = None
    _tools: bool = False
    _begun: bool = False
    _events: int = 0
    _reread: int = 0

    def add_line(self, line: bytes) -> None:
        """Take one line.

        Raises:
            TooLargeError: there are more events than any reply has.
            ValueError, RecursionError: an event cannot be read.
        """
        self._events += 1
        if self._events > 3 * MAX_EVENTS:
            raise TooLargeError(f"it has more than {MAX_EVENTS:,} events")
        text = line.decode("utf-8", "replace")
        if not text:
            if self._data:
                raise ValueError(f"an event that is no JSON: {''.join(self._data)[:200]}")
            return
        name, _, value = text.partition(":")
        if name != "data":
            return
        value = value.strip()
        if value == DONE:
            self.done = True
            return
        self._data.append(value)
        data = "\n".join(self._data)
        if len(self._data) > 1:
            self._reread += len(data)
        if self._reread > MAX_REREAD:
            raise TooLargeError("an event of it does not come to its end")
        try:
            event = json.loads(data)
        except ValueError:
            return  # the event goes on in the next line, or ends with a blank one
        self._data.clear()
        self._add(event)

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._texts)

    def completion(self) -> dict[str, Any]:
        """What has come so far, as a completion."""
        if not self._begun:
            return self.fields
        message: dict[str, Any] = {"content": self.text}
        if self._refusals:
            message["refusal"] = "".join(self._refusals)
        if self._tools:
            message["tool_calls"] = [{}]
        return {**self.fields, "choices": [{"message": message, "finish_reason": self._finish}]}

    def _add(self, event: Any) -> None:
        if not isinstance(event, dict):
            raise ValueError(f"an event that is no object: {str(event)[:200]}")
        for name in ("model", "usage", "error", "detail", "message"):
            if event.get(name):
                self.fields[name] = event[name]
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        self._begun = True
        if choice.get("error"):
            self.fields["error"] = choice["error"]
        if isinstance(choice.get("usage"), dict):
            self.fields["usage"] = choice["usage"]  # Moonshot puts it here
        self._finish = choice.get("finish_reason") or self._finish
        if self._finish:
            self.done = True
        whole = choice.get("message")
        delta = choice.get("delta") or (whole if not self._texts else None)
        if isinstance(delta, dict):
            self._add_delta(delta)

    def _add_delta(self, delta: dict[str, Any]) -> None:
        content = delta.get("content")
        parts = content if isinstance(content, list) else [content]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        said = "".join(text for text in texts if isinstance(text, str))
        if said:
            self._texts.append(said)
        refusal = delta.get("refusal")
        if isinstance(refusal, str):
            self._refusals.append(refusal)
        self._tools = self._tools or bool(delta.get("tool_calls") or delta.get("function_call"))
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if said or thought or refusal:
            self.pieces += 1
