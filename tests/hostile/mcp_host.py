"""A host of the MCP server, written by hand so that it may send what no SDK does."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.bounded import TOP

PATIENCE = 60.0
"""Seconds after which an answer does not come."""


class Host:
    """A server over stdio, started; what it says is read all the time, as a host does.

    Args:
        process: the server's.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.memory = 0
        self._said: queue.Queue[Any] = queue.Queue()
        self._log: list[bytes] = []
        self._number = 0
        for work in (self._read, self._hear, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)

    def _hear(self) -> None:
        assert self.process.stderr is not None
        self._log.extend(self.process.stderr)

    def _watch(self) -> None:
        status = Path(f"/proc/{self.process.pid}/status")
        while self.process.poll() is None:
            try:
                lines = status.read_text().splitlines()
            except OSError:
                return
            for line in lines:
                if line.startswith("VmRSS:"):
                    self.memory = max(self.memory, int(line.split()[1]) << 10)
            time.sleep(0.05)

    @property
    def log(self) -> str:
        """What the server has said on stderr."""
        return b"".join(self._log).decode("utf-8", "replace")

    def write(self, content: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(content)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        """Send a message."""
        self.write(json.dumps(message).encode() + b"\n")

    def request(self, method: str, **params: Any) -> int:
        """Send a request; its id comes back at once."""
        self._number += 1
        number = self._number
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def call(self, tool: str, **arguments: Any) -> int:
        """Call a tool without waiting for it."""
        return self.request("tools/call", name=tool, arguments=arguments)

    def hear(self) -> Any:
        """The server's next message; None if it has ended."""
        return self._said.get(timeout=PATIENCE)

    def answer(self, number: int) -> Any:
        """The answer to a request; others that come before it are thrown away."""
        while (message := self.hear()) is not None:
            if message.get("id") == number and "method" not in message:
                return message
        raise AssertionError(f"the server ended: {self.log[-2000:]}")

    def told(self, tool: str, **arguments: Any) -> str:
        """What a tool tells, be it an error."""
        answer = self.answer(self.call(tool, **arguments))
        return str(answer["result"]["content"][0]["text"])

    def is_well(self) -> bool:
        """Whether it still answers, and has told of no fault of its own."""
        return "result" in self.answer(self.request("ping")) and "Traceback" not in self.log


@contextmanager
def host(**capabilities: Any) -> Iterator[Host]:
    """A server to which a host has introduced itself; it is ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nl2efg", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(_paths())},
    )
    try:
        found = Host(process)
        found.answer(
            found.request(
                "initialize",
                protocolVersion="2025-06-18",
                capabilities=capabilities,
                clientInfo={"name": "host", "version": "1"},
            )
        )
        found.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        yield found
    finally:
        process.kill()
        process.wait()


def _paths() -> list[str]:
    return [
        str(TOP / "compiler"),
        str(TOP),
        *(path for path in sys.path if "site-packages" in path),
    ]
