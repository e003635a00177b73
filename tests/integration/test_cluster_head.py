"""Whether the head of a cluster answers: a gRPC server does, what only is connected does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from nl2efg.batch.engines.ray.head import head_answers

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

pytestmark = pytest.mark.server

SETTINGS = b"\0\0\0\4\0\0\0\0\0"


async def _asked(handle: Handler) -> bool | None:
    """What is found of a server; None if it does not answer in time."""
    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        try:
            return await asyncio.wait_for(head_answers("127.0.0.1", port), 0.5)
        except TimeoutError:
            return None


async def _talks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(SETTINGS)
    writer.close()


async def _hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def _closes(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _is_another(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(
    ("handle", "answers"), [(_talks, True), (_hangs, None), (_closes, False), (_is_another, False)]
)
def test_a_head_that_talks_answers(handle: Handler, answers: bool | None) -> None:
    assert asyncio.run(_asked(handle)) is answers


def test_with_tls_it_is_enough_to_be_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USE_TLS", "1")
    assert asyncio.run(_asked(_hangs)) is True
