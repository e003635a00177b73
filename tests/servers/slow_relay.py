"""A relay that lets streamed events through slowly, as if the model behind it were slow."""

from __future__ import annotations

import http.client
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.loopback import Loopback


class SlowRelay(Loopback):
    """The relay; a context manager.

    Args:
        port: of the server on this machine.
        rate: events with content a second.

    ``asked`` holds method and path of each request.
    """

    def __init__(self, port: int, rate: float) -> None:
        self.behind, self.rate = port, rate
        self.asked: list[str] = []
        handler = type("_Handler", (_Handler,), {"relay": self})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        self.serve(server)


class _Handler(BaseHTTPRequestHandler):
    relay: SlowRelay

    def do_GET(self) -> None:
        """Pass on."""
        self._pass(b"")

    def do_POST(self) -> None:
        """Pass on, slowly."""
        self._pass(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _pass(self, body: bytes) -> None:
        self.relay.asked.append(f"{self.command} {self.path}")
        server = http.client.HTTPConnection("127.0.0.1", self.relay.behind)
        server.request(self.command, self.path, body, {"Content-Type": "application/json"})
        answer = server.getresponse()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", ""))
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):  # whoever asked has had enough
            for line in answer:
                if line.startswith(b"data:") and b'"content"' in line:
                    time.sleep(1 / self.relay.rate)
                self.wfile.write(line)
                self.wfile.flush()
        server.close()

    def log_message(self, format: str, *args: object) -> None:
        """What was asked is in ``SlowRelay.asked``."""
