"""The head of a Ray cluster: whether it still answers.

That it takes connections says nothing: the system takes them for a process that hangs. Ray's head
speaks gRPC, so it begins to talk HTTP/2 as soon as somebody else does.
"""

from __future__ import annotations

import asyncio
import os

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""How a client begins (RFC 9113, section 3.4), before settings of its own."""

_NO_SETTINGS = b"\0\0\0\4\0\0\0\0\0"
_HEADER, _KIND, _SETTINGS = 9, 3, 4
"""Of a frame: bytes of its header, the byte with its kind, and the kind of settings."""


async def head_answers(host: str, port: int) -> bool:
    """Whether a gRPC server begins to talk; it waits for one that does not.

    Args:
        host, port: where it listens. With Ray's TLS it is enough that it takes a connection.

    Raises:
        OSError: nothing listens there.
    """
    reader, writer = await asyncio.open_connection(host, port)
    try:
        if os.environ.get("RAY_USE_TLS", "0") not in ("", "0"):
            return True
        writer.write(_PREFACE + _NO_SETTINGS)
        await writer.drain()
        return (await reader.readexactly(_HEADER))[_KIND] == _SETTINGS
    except (asyncio.IncompleteReadError, ConnectionError):
        return False
    finally:
        writer.close()
