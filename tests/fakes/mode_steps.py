"""What modes are made of: steps of a service, and what has to come of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nl2efg.errors import (
    Nl2efgError,
    NoModelError,
    TruncatedError,
    UnavailableError,
)
from tests.fakes.openai_server import (
    Handler,
    Received,
    Step,
    choose,
    drop,
    status,
    text,
)


@dataclass(frozen=True)
class Must:
    """What nl2efg must do.

    Args:
        text: the reply; None if it must fail.
        error: the error's kind, and words of its message or hint.
        calls: requests that it may take; None where retries fill the time.
        waited: seconds that must be waited before the last call.
        tokens: prompt and completion tokens that must be counted.
        cost: US dollars.
        note: words that the user must hear.
        lacks: a field that the last request must not have any more.
        has: a field that the last request must have.
    """

    text: str | None = "hi"
    error: type[Nl2efgError] | None = None
    words: str = ""
    calls: int | None = 1
    waited: float | None = None
    tokens: tuple[int, int] | None = None
    cost: float | None = None
    note: str = ""
    lacks: str = ""
    has: str = ""


@dataclass(frozen=True)
class Mode:
    """A shape, and what it must lead to.

    Args:
        name: the service, and what it does.
        steps: the script.
        must: what nl2efg must do.
        settings: of the model, beside its name and address.
        schema: whether the request wants JSON of a schema.
    """

    name: str
    steps: tuple[Step, ...]
    must: Must = Must()
    settings: Mapping[str, Any] = field(default_factory=dict)
    schema: bool = False


def events(*found: object, end: bool = True, comment: str = "", close: bool = False) -> Step:
    """A stream of events: objects as JSON, bytes as they are."""

    def step(_: Received, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        if comment:
            handler.wfile.write(f": {comment}\n\n".encode())
        for event in found:
            body = event if isinstance(event, bytes) else json.dumps(event).encode()
            handler.wfile.write(b"data: " + body + b"\n\n")
        if end:
            handler.wfile.write(b"data: [DONE]\n\n")
        if close:
            drop(_, handler)

    return step


def chunked(content: bytes, *, end: bool = True) -> Step:
    """A body in one chunk, with the chunk that ends it or without."""

    def step(_: Received, handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n" if end else b"")
        if not end:
            drop(_, handler)

    return step


def delta(content: str | None = None, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    """An event with a piece of a reply."""
    piece = {} if content is None else {"content": content}
    piece |= fields.pop("delta", {})
    return {
        "object": "chat.completion.chunk",
        "model": "m-1",
        "choices": [{"index": 0, "delta": piece, "finish_reason": finish}],
        **fields,
    }


def usage(prompt: int, completed: int, **fields: Any) -> dict[str, Any]:
    """An event with what a call took, and no choice."""
    counted = {"prompt_tokens": prompt, "completion_tokens": completed, **fields}
    return {"choices": [], "usage": counted}


def refusing(word: str, code: int, message: str, **fields: Any) -> Step:
    """Refuse requests that have a field, and answer others."""
    return choose(lambda got: status(code, message, **fields) if word in got.body else text("hi"))


def error(code: int, body: object, **headers: str) -> Step:
    """An error with a body of the service's own shape."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, handler: handler.answer(code, body, named)


def ok(**fields: Any) -> Step:
    """A body with status 200 that is not quite a completion."""
    return lambda _, handler: handler.answer(200, fields)


def limit(seconds: float, step: Step) -> tuple[tuple[Step, ...], Must]:
    return (step, text("hi")), Must(calls=2, waited=seconds)


def again(step: Step) -> tuple[tuple[Step, ...], Must]:
    return (step, text("hi")), Must(calls=2)


def goes_on(step: Step) -> tuple[tuple[Step, ...], Must]:
    return (step, text("i")), Must(calls=2, note="went on once")


def fails(step: Step, kind: type[Nl2efgError], words: str) -> tuple[tuple[Step, ...], Must]:
    return (step,), Must(None, kind, words)


def counts(counted: dict[str, Any], prompt: int, completed: int) -> tuple[tuple[Step, ...], Must]:
    return (text("hi", usage=counted),), Must(tokens=(prompt, completed))


CUT, GONE, FAILED = TruncatedError, NoModelError, UnavailableError
BAD = {"error": {"code": 400, "message": "Request contains an invalid argument.",
                 "status": "INVALID_ARGUMENT"}}  # fmt: skip
KEYLESS = [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.",
                      "status": "INVALID_ARGUMENT"}}]  # fmt: skip
RETRY_INFO = [{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED",
                         "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo",
                                      "retryDelay": "27s"}]}}]  # fmt: skip
