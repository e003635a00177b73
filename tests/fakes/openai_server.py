"""A model service on loopback that speaks OpenAI's chat-completions protocol over real HTTP.

Use it so::

    with FakeService(text("```python\\n…```"), status(429, retry_after="2")) as service:
        ...  # talk to service.base_url
    assert service.requests[0].body["model"] == "m"

A script is a list of steps, one for each request in order; the last step answers all further
requests too. A step is a function of the request and the open socket's handler, so a test can do
anything that a server can: answer (``text``, ``completion``, ``raw``), fail (``status``), answer
slowly (``slow``), cut the body (``half``), hang up (``drop``) or say nothing for ever (``hang``).
``choose`` makes a step that depends on the request, for servers that refuse a parameter.

The server speaks HTTP/1.1 with keep-alive, counts tokens in ``usage`` as services do, refuses
unknown paths with 404, wrong keys with OpenAI's 401 body, and keeps what it was sent.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes.loopback import Loopback


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def asks_for_the_sketch(self) -> bool:
        """Whether it is stage 1's question, by the words its prompt begins with."""
        first = str(self.body["messages"][0]["content"])
        return first.startswith("You compile the description")


Step = Callable[[Received, "Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the script's steps."""

    protocol_version = "HTTP/1.1"
    service: FakeService

    def do_GET(self) -> None:
        """Ollama's list of models and OpenAI's."""
        if self.path == f"{self.service.path}/models" and self.service.before_list:
            self.service.before_list.pop(0)(Received(self.path, {}, {}), self)
        elif self.path == "/api/tags":
            self.answer(200, {"models": [{"name": name} for name in self.service.models]})
        elif self.path == "/api/ps" and self.service.context:
            loaded = {"name": self.service.models[0], "context_length": self.service.context}
            self.answer(200, {"models": [loaded]})
        elif self.path == f"{self.service.path}/models" and self.service.models:
            data = [{"id": name, "object": "model"} for name in self.service.models]
            self.answer(200, {"object": "list", "data": data})
        else:
            self.answer(404, {"error": {"message": "not found"}})

    def do_POST(self) -> None:
        """A chat completion."""
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        # Keys in lower case: HTTP does not tell them apart.
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, body)
        step = self.service.receive(received)
        if self.path.split("?")[0] != f"{self.service.path}/chat/completions":
            self.answer(404, {"error": {"message": f"Invalid URL (POST {self.path})"}})
        elif self.service.key and headers.get("authorization") != f"Bearer {self.service.key}":
            given = headers.get("authorization", "").removeprefix("Bearer ")
            self.answer(
                401,
                {
                    "error": {
                        "message": f"Incorrect API key provided: {given}.",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "invalid_api_key",
                    }
                },
            )
        else:
            step(received, self)

    def answer(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        """Send a JSON body."""
        self.send(status, json.dumps(body).encode(), headers or {})

    def send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        """Send bytes; JSON unless the headers say otherwise."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Tests read ``FakeService.requests`` instead."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    connections = 0

    def get_request(self) -> Any:
        """Count connections, whatever comes of them."""
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of several tests."""


class FakeService(Loopback):
    """The server; a context manager.

    Args:
        steps: the script.
        key: the only key that is let in; empty lets in everyone.
        models: what Ollama's list says.
        path: the part of the address before ``/chat/completions``.
        port: where to listen; 0 for any.
        tls: with a certificate, for a server that speaks HTTPS.
        context: tokens of the context that Ollama says its first model has.

    ``requests`` holds what it was sent; ``before_list`` what is answered to those who ask for the
    models before the list is; ``stopped`` is set when the test is over.
    """

    def __init__(
        self,
        *steps: Step,
        key: str = "",
        models: tuple[str, ...] = (),
        path: str = "/v1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        context: int = 0,
    ) -> None:
        self.context, self._scheme = context, "https" if tls else "http"
        self.steps, self.key, self.models, self.path = steps, key, models, path
        self.requests: list[Received] = []
        self.before_list: list[Step] = []
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        handler = type("_Handler", (Handler,), {"service": self})
        server = _Server(("127.0.0.1", port), handler)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        self.serve(server)

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        super().__exit__(*_)

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return f"{self._scheme}://127.0.0.1:{self.port}{self.path}"

    @property
    def connections(self) -> int:
        """How often somebody has connected."""
        return self._server.connections

    def receive(self, received: Received) -> Step:
        """Keep a request, and say what answers it."""
        with self._lock:
            self.requests.append(received)
            return self.steps[min(len(self.requests), len(self.steps)) - 1]


def completion(
    message: Mapping[str, Any],
    *,
    finish: str | None = "stop",
    usage: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    **fields: Any,
) -> Step:
    """A chat completion with this message; ``usage`` counts words, in long prompts a token for four
    characters, unless it is given."""

    def step(received: Received, handler: Handler) -> None:
        sizes = [str(sent["content"]) for sent in received.body["messages"]]
        words = sum(len(sent.split()) for sent in sizes)
        if (characters := sum(map(len, sizes))) > 400:
            words = max(words, characters // 4)
        said = len(str(message.get("content") or "").split())
        counted = {
            "prompt_tokens": words,
            "completion_tokens": said,
            "total_tokens": words + said,
        }
        answer = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": f"{received.body['model']}-2026-01-01",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", **message},
                    "finish_reason": finish,
                }
            ],
            "usage": counted if usage is None else (dict(usage) or None),
            **fields,
        }
        handler.answer(200, answer, headers)

    return step


def text(content: str, **fields: Any) -> Step:
    """A completion that says ``content``."""
    return completion({"content": content}, **fields)


def status(
    code: int,
    message: str = "no",
    *,
    kind: str | None = None,
    param: str | None = None,
    error_code: str | None = None,
    **headers: str,
) -> Step:
    """An error with OpenAI's body; header names with ``_`` for ``-``, such as retry_after="2"."""
    error = {"message": message, "type": kind, "param": param, "code": error_code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, handler: handler.answer(code, {"error": error}, named)


def raw(content: bytes, code: int = 200, **headers: str) -> Step:
    """These bytes; header names with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, handler: handler.send(code, content, named)


def drop(_: Received, handler: Handler) -> None:
    """Hang up without a word."""
    handler.close_connection = True
    handler.connection.close()


def half(_: Received, handler: Handler) -> None:
    """Hang up in the middle of a body."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.wfile.flush()
    drop(_, handler)


def hang(_: Received, handler: Handler) -> None:
    """Say nothing until the test is over."""
    handler.service.stopped.wait(30)
    handler.close_connection = True


def drip(_: Received, handler: Handler) -> None:
    """Send a blank now and then, so that no single read times out, and never finish."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.service.stopped.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def slow(seconds: float, step: Step) -> Step:
    """Answer after a while."""

    def late(received: Received, handler: Handler) -> None:
        handler.service.stopped.wait(seconds)
        step(received, handler)

    return late


def choose(rule: Callable[[Received], Step]) -> Step:
    """Answer as the request asks for."""
    return lambda received, handler: rule(received)(received, handler)
