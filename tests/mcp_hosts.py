"""Hosts of the MCP server: the server as they start it, and what its tools give them."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp import types
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters


def served(*arguments: str) -> StdioServerParameters:
    """The server as a host starts it."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "nl2efg", "mcp", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


class FakeHost:
    """A host whose model answers from a list."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.asked: list[types.CreateMessageRequestParams] = []

    async def sample(
        self, _: Any, params: types.CreateMessageRequestParams
    ) -> types.CreateMessageResult | types.ErrorData:
        """Answer a question of the server's."""
        self.asked.append(params)
        if not self.replies:
            return types.ErrorData(code=-1, message="I would rather not")
        text = types.TextContent(type="text", text=self.replies.pop(0))
        return types.CreateMessageResult(role="assistant", content=text, model="fake-host")


def run(test: Callable[[Client], Awaitable[None]], **options: Any) -> None:
    """Run a test against a server over stdio."""

    async def go() -> None:
        async with Client(served(), read_timeout_seconds=120, **options) as client:
            await test(client)

    asyncio.run(go())


async def data(client: Client, name: str, **arguments: Any) -> Any:
    """What a tool gives back, as data."""
    found = await client.call_tool(name, arguments)
    assert not found.is_error, found.content
    structured = found.structured_content
    return structured["result"] if structured and set(structured) == {"result"} else structured


async def refusal(client: Client, name: str, **arguments: Any) -> str:
    """What a tool says that refuses."""
    found = await client.call_tool(name, arguments)
    assert found.is_error
    return str(found.content[0].text)  # type: ignore[union-attr]


@asynccontextmanager
async def listening(token: str) -> AsyncIterator[int]:
    """The server over HTTP, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "nl2efg", "mcp", "--http", str(port)],
        env={**os.environ, "NL2EFG_MCP_TOKEN": token, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )
    try:
        while True:
            assert server.poll() is None, server.stderr and server.stderr.read()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            break
        yield port
    finally:
        server.terminate()
        server.communicate()
