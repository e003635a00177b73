"""A service's reply is bounded: what may come over the wire, and what it may unfold to.

Whoever answers may be another program on the same port, a captive portal or an attacker: a body of
2 MB that unfolds to 2 GB, an endless one, an error page of gigabytes. The HTTP library decodes
without a bound, so bodies are decoded here instead. Its own limit on a header (100 kB) stands.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from functools import cache
from importlib import import_module
from typing import Any

from nl2efg.models.openai.cut_bodies import CutBodyError

MAX_REPLY_BYTES = 32 << 20
"""Bytes of a reply, as sent and as unfolded: a token of a stream has some 300 bytes around it."""

MAX_WHOLE_BYTES = 8 << 20
"""Bytes of one that comes in one piece, which JSON's reader makes a hundred times as large at
worst; the longest replies of models have about one million."""

MAX_ERROR_BYTES = 1 << 20
MAX_FILE_BYTES = 4 << 30
"""Bytes of a file of the Batch API, which is written to disk as it comes."""

MAX_EVENTS = 500_000
"""Events of a streamed reply; one a token, of which models write at most some 100,000."""

ENCODING = "gzip"
"""The only encoding that is asked for, and decoded."""

_PIECE = 1 << 16


class TooLargeError(Exception):
    """A reply passes a bound; what is left of it is not read."""


def http_library() -> Any:
    """The HTTP library that the SDK uses: ``httpx2``, or ``httpx`` under older versions."""
    import openai

    client = next(
        base for base in openai.DefaultAsyncHttpxClient.__mro__ if base.__name__ == "AsyncClient"
    )
    return import_module(client.__module__.partition(".")[0])


async def bound(response: Any) -> None:
    """Bound a response before its body is read: an event hook of the HTTP library's client."""
    streamed = "event-stream" in response.headers.get("content-type", "")
    limit = MAX_REPLY_BYTES if streamed else MAX_WHOLE_BYTES
    if response.status_code >= 400:
        limit = MAX_ERROR_BYTES
    if response.status_code < 400 and response.request.url.path.endswith("/content"):
        limit = MAX_FILE_BYTES
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    response.headers.pop("content-encoding", None)
    response.stream = _stream_class()(response.stream, encoding, limit)


@cache
def _stream_class() -> type:
    # The library reads a body from an instance of its own class only.
    base: type = http_library().AsyncByteStream

    class BoundedStream(base):  # type: ignore[misc]
        """A body that ends with an error where it passes its bound, or where its end is missing.

        Args:
            stream: the body as it comes.
            encoding: its ``Content-Encoding``.
            limit: bytes that may come, and that it may unfold to.
        """

        def __init__(self, stream: Any, encoding: str, limit: int) -> None:
            self._stream, self._encoding, self._limit = stream, encoding, limit

        async def __aiter__(self) -> AsyncIterator[bytes]:
            if self._encoding not in ("", "identity", ENCODING, f"x-{ENCODING}", "deflate"):
                raise TooLargeError(f"its body is encoded as {self._encoding!r}, unasked")
            plain = self._encoding in ("", "identity")
            # 32 + 15: gzip or zlib, told apart by their first bytes.
            decoder = None if plain else zlib.decompressobj(wbits=47)
            sent = unfolded = 0
            async for chunk in self._stream:
                sent += len(chunk)
                if sent > self._limit:
                    raise TooLargeError(f"it has more than {self._limit:,} bytes")
                if decoder is None:
                    yield chunk
                    continue
                rest = chunk
                while rest:
                    try:
                        piece = decoder.decompress(rest, _PIECE)
                    except zlib.error as error:
                        raise TooLargeError(f"its body cannot be decoded: {error}") from None
                    rest = decoder.unconsumed_tail
                    unfolded += len(piece)
                    if unfolded > self._limit:
                        raise TooLargeError(f"it unfolds to more than {self._limit:,} bytes")
                    if piece:
                        yield piece
            if decoder is not None and sent and not decoder.eof:
                raise CutBodyError

        async def aclose(self) -> None:
            await self._stream.aclose()

    return BoundedStream
