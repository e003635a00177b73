"""A proxy on loopback that takes every connection to one server, whatever host it is for.

It speaks SOCKS 5 (RFC 1928, without authentication) and HTTP (RFC 9112, section 3.2.2).
"""

from __future__ import annotations

import socket
import threading
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.loopback import Loopback


class FakeProxy(Loopback):
    """The proxy; a context manager.

    Args:
        port: of the server on this machine that everything is taken to.

    ``wanted`` holds the hosts and ports that were asked for.
    """

    def __init__(self, port: int) -> None:
        self.wanted: list[tuple[str, int]] = []
        self.target = ("127.0.0.1", port)
        handler = type("_Handler", (_Handler,), {"proxy": self})
        server = ThreadingTCPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        self.serve(server)

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"


class _Handler(BaseRequestHandler):
    proxy: FakeProxy

    def handle(self) -> None:
        """One connection."""
        asked: Any = self.request
        first = asked.recv(1)
        head = b""
        if first == b"\x05":
            self._socks(asked)
        elif first:
            head = self._http(first, asked)
        else:
            return
        with socket.create_connection(self.proxy.target) as server:
            server.sendall(head)
            back = threading.Thread(target=_pump, args=(server, asked), daemon=True)
            back.start()
            _pump(asked, server)
            back.join()

    def _socks(self, asked: Any) -> None:
        asked.recv(asked.recv(1)[0])  # the ways of authentication that it knows
        asked.sendall(b"\x05\x00")
        kind = asked.recv(4)[3]
        assert kind == 3, "the name of a host, which is looked up by the proxy"
        host = asked.recv(asked.recv(1)[0]).decode()
        self.proxy.wanted.append((host, int.from_bytes(asked.recv(2), "big")))
        asked.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")

    def _http(self, first: bytes, asked: Any) -> bytes:
        head = first
        while b"\r\n" not in head:
            head += asked.recv(4096)
        line, rest = head.split(b"\r\n", 1)
        method, url, version = line.decode().split(" ")
        parts = urlsplit(url)
        self.proxy.wanted.append((parts.hostname or "", parts.port or 80))
        return f"{method} {parts.path} {version}\r\n".encode() + rest


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(4096):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
