"""Services that answer a byte at a time, or list without end, and what the Batch API may send."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nl2efg.errors import Nl2efgError, UnavailableError
from nl2efg.models import settings
from nl2efg.models.openai.retry import RetryPolicy
from nl2efg.models.settings import Settings
from tests.fakes.openai_server import FakeService, raw
from tests.hostile.bounded import run_python
from tests.hostile.test_services import ASK

pytestmark = [pytest.mark.server, pytest.mark.process]

PATIENCE = 60.0
"""Seconds after which a call that should have been given up in one or two hangs."""

DRIP = 0.2


class _Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answer: Callable[[str, _Hostile], None]

    def do_GET(self) -> None:
        """Whatever the test wants."""
        type(self).answer(self.path, self)

    do_POST = do_GET

    def send(self, content: bytes, status: int = 200) -> None:
        """Send a JSON body."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drip(self, head: bytes, piece: bytes = b"X") -> None:
        """Go on for as long as somebody listens, never silent for long."""
        self.close_connection = True
        try:
            self.wfile.write(head)
            while True:
                self.wfile.write(piece)
                time.sleep(DRIP)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up here."""


@contextmanager
def hostile(answer: Callable[[str, _Hostile], None]) -> Iterator[str]:
    """A server with one way to answer; its address."""
    handler = type("Handler", (_Hostile,), {"answer": staticmethod(answer)})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SLOW = {
    "a header that never ends": HEAD + b"X-More: ",
    "a body that never ends": HEAD + b"Connection: close\r\n\r\n",
}


def asked(base_url: str, call: str, seconds: float = 0.5) -> Any:
    """What a call of the Batch API comes to."""
    from nl2efg.batch.engines.openai_batch.service import BatchService

    async def run() -> Any:
        made = Settings("m", base_url, timeout=seconds)
        async with BatchService(made, policy=RetryPolicy(tries=1, deadline=1.0)) as service:
            async with asyncio.timeout(PATIENCE):
                return await eval(call, {"service": service, "Path": Path})

    return asyncio.run(run())


@pytest.mark.parametrize("head", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("call", ["batch('b')", "find_file('f', 1)", "find_batch('f', 'n')"])
def test_a_byte_now_and_then_is_no_answer_of_the_batch_api(head: bytes, call: str) -> None:
    with (
        hostile(lambda _, handler: handler.drip(head)) as url,
        pytest.raises(UnavailableError, match="did not answer within"),
    ):
        asked(url, f"service.{call}")


def test_a_file_that_comes_byte_by_byte_is_given_up(tmp_path: Path) -> None:
    def answer(path: str, handler: _Hostile) -> None:
        if path.endswith("content"):
            handler.drip(SLOW["a body that never ends"])
        else:
            handler.send(json.dumps({"id": "f", "bytes": 1000}).encode())

    with hostile(answer) as url, pytest.raises(UnavailableError, match="did not answer within"):
        asked(url, f"service.download('f', Path({str(tmp_path / 'f')!r}))")


def test_lists_whose_pages_never_end_are_looked_through_in_part() -> None:
    entry = {"id": "b", "filename": "x", "bytes": 2, "status": "completed", "input_file_id": "y"}
    pages = []

    def answer(path: str, handler: _Hostile) -> None:
        pages.append(path)
        body = {"data": [{**entry, "id": f"b{len(pages)}"}] * 1000, "has_more": True}
        handler.send(json.dumps(body).encode())

    with hostile(answer) as url:
        assert asked(url, "service.find_batch('f', 'n')", PATIENCE) is None
        assert asked(url, "service.find_file('f', 1)", PATIENCE) == ""
    assert len(pages) < 50


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"id": "../../models", "status": "completed"}',
        b'{"id": ["b"], "status": "completed"}',
        b'{"id": "b", "status": 7}',
        b'{"id": "b", "status": "x", "request_counts": {"completed": "many", "failed": 0}}',
        b'{"id": "b", "status": "x", "output_file_id": {"a": 1}}',
        b'{"id": "b", "status": "x", "output_file_id": "../b/cancel"}',
        b'{"id": "b", "status": "failed", "errors": {"data": [1, 2]}}',
        b'{"id": "b", "status": "failed", "errors": {"data": 5}}',
    ],
)
def test_a_batch_in_another_form_is_no_answer(body: bytes) -> None:
    with (
        hostile(lambda _, handler: handler.send(body)) as url,
        pytest.raises(Nl2efgError, match=r"Batch API"),
    ):
        asked(url, "service.batch('b')", PATIENCE)


@pytest.mark.parametrize("size", [None, "1", -1, 1 << 60, {}])
def test_a_file_of_no_size_is_no_answer(size: object, tmp_path: Path) -> None:
    body = json.dumps({"id": "f", "bytes": size}).encode()
    with (
        hostile(lambda _, handler: handler.send(body)) as url,
        pytest.raises(UnavailableError, match="Batch API"),
    ):
        asked(url, f"service.download('f', Path({str(tmp_path / 'f')!r}))", PATIENCE)
    assert not list(tmp_path.glob("f"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_an_answer_without_an_end_of_its_line_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"custom_id": "x"}\n')
    with (tmp_path / "b").open("wb") as file:
        file.truncate(1300 << 20)
    found = run_python(
        "from pathlib import Path\n"
        "from nl2efg.batch.engines.openai_batch.collect import _lines\n"
        f"files = [Path({str(tmp_path / 'b')!r}), Path({str(tmp_path / 'a')!r})]\n"
        "print(list(_lines(files, print)))\n"
    )
    assert found.losses == []
    assert "b:1 is no answer" in found.output
    assert "[{'custom_id': 'x'}]" in found.output


def test_how_long_a_context_is_is_not_waited_for_byte_by_byte(tmp_path: Path) -> None:
    """A server that cut a prompt is asked for its context, when the reply is there already."""

    def answer(path: str, handler: _Hostile) -> None:
        if path == "/api/ps":
            handler.drip(SLOW["a header that never ends"])
        else:
            body = {"choices": [{"message": {"content": "hi"}}], "usage": {"prompt_tokens": 3}}
            handler.send(json.dumps(body).encode())

    ask = ASK.replace('Message("user", "x")', 'Message("user", "x" * 5000)')
    with hostile(answer) as url:
        found = run_python(f"import sys; sys.argv[1:] = [{url!r}]\n{ask}")
    assert found.losses == []
    assert found.output.startswith("hi")


def test_a_port_that_answers_byte_by_byte_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with hostile(lambda _, handler: handler.drip(SLOW["a body that never ends"], b" ")) as url:
        monkeypatch.setattr(settings, "OLLAMA_PORT", int(url.split(":")[2].split("/")[0]))
        found: list[object] = []
        work = threading.Thread(
            target=lambda: found.append(settings.detect_ollama(timeout=0.3)), daemon=True
        )
        work.start()
        work.join(PATIENCE)
        assert found == [None]


def test_a_list_of_models_that_never_comes_is_given_up() -> None:
    from nl2efg.models.openai.client import OpenAIModel

    with hostile(lambda _, handler: handler.drip(HEAD, b"X-More: more\r\n")) as url:
        model = OpenAIModel(Settings("m", url, timeout=0.5))

        async def names() -> list[str]:
            async with asyncio.timeout(PATIENCE):
                return await model.models()

        with pytest.raises(UnavailableError, match="did not answer within"):
            asyncio.run(names())


NAMES = json.dumps([{"id": f"gpt-{n % 10}-turb{n:x}"} for n in range(200_000)]).encode()


def test_a_mistyped_name_is_looked_for_among_the_first_names_alone(tmp_path: Path) -> None:
    missing = json.dumps({"error": {"message": "no such model", "code": "model_not_found"}})
    with FakeService(raw(missing.encode(), 404)) as service:
        service.before_list.append(lambda _, handler: handler.send(200, NAMES, {}))
        ask = ASK.replace('Settings("m"', 'Settings("gpt-4-turbo"')
        found = run_python(f"import sys; sys.argv[1:] = [{service.base_url!r}]\n{ask}", seconds=15)
    assert found.losses == []
    assert "NoModelError" in found.output
