"""A server on loopback in a thread of its own, for as long as a test needs it."""

from __future__ import annotations

import threading
from socketserver import BaseServer
from typing import Any, Self


class Loopback:
    """A context manager around a server; a fake sets one up with :meth:`serve`."""

    _server: Any
    _thread: threading.Thread

    def serve(self, server: BaseServer) -> None:
        """Take a server that listens already; it answers from when the context is entered."""
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return f"http://127.0.0.1:{self.port}/v1"
