"""OpenAI's files and batches on loopback, over real HTTP, as their reference describes them.

Use it so::

    with FakeBatchApi(author()) as api:
        ...  # talk to api.base_url
    assert len(api.batches) == 2

``answers`` is a step of :mod:`tests.fakes.openai_server`: what the model says to one request. A
batch moves by one state each time that it is looked at: validating, in_progress (or failed),
finalizing, completed; its requests are answered when it leaves in_progress. What may go wrong is
set by attributes, which tests change as they go:

``answered``   of each batch, how many requests are answered before it expires; None for all
``unwritten``  requests that expired are in no file, as if the service had forgotten them
``queue``      tokens that may be enqueued at once, four characters each; None for any number
``before``     called with method and path before anything is done; may fail or hang
``after``      called when it is done, before the answer is sent; may cut the line
``stuck``      batches stay in_progress
``torn``       so many downloads break in the middle
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NoReturn, cast
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import Loopback
from tests.fakes.openai_server import Handler, Received, Step

MAX_REQUESTS = 50_000
MAX_BYTES = 200_000_000
CREATED = 1_760_000_000


class HangUp(Exception):
    """Raised by a hook: the connection is closed without an answer."""


@dataclass
class StoredFile:
    """An uploaded file, or one that a batch wrote."""

    id: str
    filename: str
    purpose: str
    content: bytes
    created_at: int

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": self.created_at,
            "filename": self.filename,
            "purpose": self.purpose,
            "status": "processed",
        }


@dataclass
class StoredBatch:
    """A batch."""

    id: str
    input_file_id: str
    created_at: int
    metadata: dict[str, str] | None
    status: str = "validating"
    lines: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"total": 0, "completed": 0, "failed": 0}
    )
    errors: list[dict[str, Any]] = field(default_factory=list)
    output_file_id: str | None = None
    error_file_id: str | None = None
    tokens: int = 0
    expires: bool = False

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "errors": {"object": "list", "data": self.errors} if self.errors else None,
            "input_file_id": self.input_file_id,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": self.created_at,
            "expires_at": self.created_at + 86_400,
            "request_counts": self.counts,
            "metadata": self.metadata,
        }


class _Answer:
    """Stands for a connection: keeps what a step answers."""

    def __init__(self) -> None:
        self.status, self.body = 0, cast(object, None)

    def answer(self, status: int, body: object, headers: object = None) -> None:
        """Keep it."""
        self.status, self.body = status, json.loads(json.dumps(body))


class _Refused(Exception):
    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = {
            "message": message,
            "type": "invalid_request_error",
            "param": None,
            "code": code,
        }


class FakeBatchApi(Loopback):
    """The server; a context manager.

    Args:
        answers: what the model says.
        key: the only key that is let in; empty lets in everyone.

    ``files`` and ``batches`` hold what was made, by id; ``asked`` every request that was answered,
    with its ``custom_id``: those are paid for.
    """

    def __init__(self, answers: Step, key: str = "") -> None:
        self.answers, self.key = answers, key
        self.files: dict[str, StoredFile] = {}
        self.batches: dict[str, StoredBatch] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.calls: list[str] = []
        self.answered: Callable[[int], int | None] = lambda _: None
        self.unwritten = False
        self.queue: int | None = None
        self.stuck = False
        self.torn = 0
        self.cut: Callable[[str, bytes], bytes] = lambda _, content: content
        self.before: Callable[[str, str], None] = lambda *_: None
        self.after: Callable[[str, str], None] = lambda *_: None
        self.stopped = threading.Event()
        self._made = 0
        self._lock = threading.RLock()
        handler = type("_Handler", (_Handler,), {"api": self})
        self.serve(_Server(("127.0.0.1", 0), handler))

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        super().__exit__(*_)

    @property
    def uploads(self) -> list[StoredFile]:
        """Files of requests, in order."""
        return [file for file in self.files.values() if file.purpose == "batch"]

    @staticmethod
    def fail(status: int, message: str, code: str | None = None) -> NoReturn:
        """Answer a call with an error."""
        raise _Refused(status, message, code)

    def respond(self, method: str, target: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Status and body of one call."""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/v1")
        with self._lock:
            self.calls.append(f"{method} {path}")
        self.before(method, path)
        try:
            self._let_in(headers)
            with self._lock:
                found = 200, self._route(method, path, query, headers, body)
        except _Refused as refused:
            found = refused.status, {"error": refused.error}
        self.after(method, path)
        return found

    def _let_in(self, headers: Any) -> None:
        given = (headers.get("Authorization") or "").removeprefix("Bearer ")
        if self.key and given != self.key:
            raise _Refused(401, f"Incorrect API key provided: {given}.", "invalid_api_key")

    def _route(
        self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes
    ) -> Any:
        kind, _, rest = path.strip("/").partition("/")
        name, _, action = rest.partition("/")
        if kind == "files" and method == "POST" and not name:
            return self._upload(headers, body)
        if kind == "files" and method == "GET" and not name:
            kept = [f for f in self.files.values() if query.get("purpose") in (None, f.purpose)]
            return _page(kept, query, most=10_000)
        if kind == "files" and method == "GET" and action in ("", "content"):
            file = self._known(self.files, name, "file")
            return file.content if action else file.shown()
        if kind == "batches" and method == "POST" and not name:
            return self._create(json.loads(body))
        if kind == "batches" and method == "GET" and not name:
            return _page(list(self.batches.values()), query, most=100)
        if kind == "batches" and method == "GET" and not action:
            batch = self._known(self.batches, name, "batch")
            self._move(batch)
            return batch.shown()
        if kind == "batches" and method == "POST" and action == "cancel":
            return self._cancel(self._known(self.batches, name, "batch"))
        raise _Refused(404, f"Invalid URL ({method} /v1{path})")

    @staticmethod
    def _known(kept: dict[str, Any], name: str, kind: str) -> Any:
        if name not in kept:
            raise _Refused(404, f"No such {kind}: {name}")
        return kept[name]

    def _store(self, filename: str, purpose: str, content: bytes) -> StoredFile:
        self._made += 1
        made = StoredFile(
            f"file-{self._made:04d}", filename, purpose, content, CREATED + self._made
        )
        self.files[made.id] = made
        return made

    def _upload(self, headers: Any, body: bytes) -> Any:
        head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
        fields: dict[str, Any] = {}
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():  # type: ignore[attr-defined]
            fields[part.get_param("name", header="content-disposition")] = part
        if "purpose" not in fields or "file" not in fields:
            raise _Refused(400, "'purpose' and 'file' are required properties")
        purpose = fields["purpose"].get_payload(decode=True).decode()
        content = fields["file"].get_payload(decode=True)
        if purpose != "batch":
            raise _Refused(400, f"{purpose!r} is not one of the purposes")
        if len(content) > MAX_BYTES:
            raise _Refused(413, "The file is larger than 200 MB")
        return self._store(fields["file"].get_filename(), purpose, content).shown()

    def _create(self, given: dict[str, Any]) -> Any:
        if given.get("endpoint") != "/v1/chat/completions":
            raise _Refused(400, "Invalid value: 'endpoint'")
        if given.get("completion_window") != "24h":
            raise _Refused(400, "Invalid value: 'completion_window'. Supported: '24h'")
        file = self.files.get(given.get("input_file_id", ""))
        if file is None or file.purpose != "batch":
            raise _Refused(400, f"No such File object: {given.get('input_file_id')}")
        for name, value in (given.get("metadata") or {}).items():
            if len(name) > 64 or len(value) > 512:
                raise _Refused(400, "Invalid metadata")
        self._made += 1
        batch = StoredBatch(
            f"batch_{self._made:04d}", file.id, CREATED + self._made, given.get("metadata")
        )
        batch.tokens = len(file.content) // 4
        self.batches[batch.id] = batch
        return batch.shown()

    def _cancel(self, batch: StoredBatch) -> Any:
        if batch.status not in ("validating", "in_progress", "finalizing"):
            raise _Refused(409, f"Cannot cancel a batch with status '{batch.status}'.")
        batch.status = "cancelling"
        return batch.shown()

    def _move(self, batch: StoredBatch) -> None:
        if batch.status == "validating":
            batch.errors = self._validate(batch)
            batch.status = "failed" if batch.errors else "in_progress"
        elif batch.status == "in_progress" and not self.stuck:
            self._answer(batch)
            batch.status = "finalizing"
        elif batch.status == "finalizing":
            batch.status = "expired" if batch.expires else "completed"
        elif batch.status == "cancelling":
            if not batch.counts["completed"] + batch.counts["failed"]:
                self._answer(batch, most=len(batch.lines) // 2, code="batch_cancelled")
            batch.status = "cancelled"

    def _validate(self, batch: StoredBatch) -> list[dict[str, Any]]:
        content = self.files[batch.input_file_id].content
        errors: list[dict[str, Any]] = []

        def wrong(code: str, message: str, line: int | None = None) -> None:
            errors.append({"code": code, "message": message, "param": None, "line": line})

        names: set[str] = set()
        models: set[str] = set()
        for number, line in enumerate(content.splitlines(), 1):
            try:
                entry = json.loads(line)
            except ValueError:
                wrong("invalid_json_line", "This line is not parseable as valid JSON.", number)
                continue
            if entry.get("url") != "/v1/chat/completions" or entry.get("method") != "POST":
                wrong("invalid_url", "The URL does not match the batch's endpoint.", number)
            if not isinstance(entry.get("custom_id"), str) or len(entry["custom_id"]) > 64:
                wrong("invalid_custom_id", "The custom_id is missing or too long.", number)
            elif entry["custom_id"] in names:
                wrong("duplicate_custom_id", "The custom_id was used before.", number)
            names.add(entry.get("custom_id"))
            models.add(entry.get("body", {}).get("model"))
            batch.lines.append(entry)
        if not batch.lines:
            wrong("empty_file", "The input file is empty.")
        if len(batch.lines) > MAX_REQUESTS:
            wrong("too_many_tasks", "The batch has more than 50000 requests.")
        if len(models) > 1:
            wrong("mismatched_model", "All requests of a batch must be for one model.")
        running = ("validating", "in_progress", "finalizing", "cancelling")
        enqueued = sum(
            other.tokens
            for other in self.batches.values()
            if other is not batch and other.status in running and other.lines
        )
        if self.queue is not None and enqueued + batch.tokens > self.queue:
            wrong(
                "token_limit_exceeded",
                f"Enqueued token limit reached for {next(iter(models), '')}. Limit: "
                f"{self.queue:,} enqueued tokens. Please try again once some in_progress batches "
                "have been completed.",
            )
        batch.counts["total"] = len(batch.lines)
        return errors

    def _answer(
        self, batch: StoredBatch, most: int | None = None, code: str = "batch_expired"
    ) -> None:
        position = list(self.batches).index(batch.id)
        if most is None:
            most = self.answered(position)
            batch.expires = most is not None
        good: list[Any] = []
        bad: list[Any] = []
        for number, entry in enumerate(batch.lines):
            line = {"id": f"batch_req_{number}", "custom_id": entry["custom_id"], "response": None}
            if most is not None and number >= most:
                why = "This request could not be executed before the completion window expired."
                bad.append({**line, "error": {"code": code, "message": why}})
                continue
            answer = _Answer()
            self.answers(Received("/v1/chat/completions", {}, entry["body"]), cast(Handler, answer))
            self.asked.append((entry["custom_id"], entry["body"]))
            response = {
                "status_code": answer.status,
                "request_id": f"req_{number}",
                "body": answer.body,
            }
            (good if answer.status == 200 else bad).append(
                {**line, "response": response, "error": None}
            )
        batch.counts["completed"], batch.counts["failed"] = len(good), len(bad)
        if self.unwritten:
            bad = [line for line in bad if line["response"] is not None]
        # The order of lines is not that of the requests.
        good.reverse()
        batch.output_file_id = self._write(batch, "output", good)
        batch.error_file_id = self._write(batch, "error", bad)

    def _write(self, batch: StoredBatch, kind: str, lines: list[Any]) -> str | None:
        if not lines:
            return None
        content = "".join(json.dumps(line) + "\n" for line in lines).encode()
        return self._store(f"{batch.id}_{kind}.jsonl", "batch_output", content).id


def _page(kept: list[Any], query: dict[str, str], most: int) -> dict[str, Any]:
    """Newest first, as many as are asked for, after the one that is named."""
    kept = kept[::-1]
    if after := query.get("after"):
        kept = kept[[found.id for found in kept].index(after) + 1 :]
    limit = min(int(query.get("limit", 20)), most)
    shown = [found.shown() for found in kept[:limit]]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(kept) > limit,
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is killed is part of several tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: FakeBatchApi

    def do_GET(self) -> None:
        """Look."""
        self._respond(b"")

    def do_POST(self) -> None:
        """Make."""
        self._respond(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _respond(self, body: bytes) -> None:
        try:
            status, found = self.api.respond(self.command, self.path, self.headers, body)
        except HangUp:
            self.close_connection = True
            return
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        kind = "application/octet-stream" if isinstance(found, bytes) else "application/json"
        content = self.api.cut(f"{self.command} {self.path}", content)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if isinstance(found, bytes) and self.api.torn > 0:
            self.api.torn -= 1
            self.close_connection = True
            content = content[: len(content) // 2]
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Tests read the API's lists instead."""
