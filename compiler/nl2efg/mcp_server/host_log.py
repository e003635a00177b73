"""What a server says on stderr, where its host keeps a log or shows it to a person."""

from __future__ import annotations

import logging
import sys

from starlette.requests import ClientDisconnect

from nl2efg.text import terminal_text

MAX_CHARACTERS = 8_000
"""Of one entry: a traceback of ours fits, and what a peer sent does not."""

_PEERS = ("mcp.shared.jsonrpc_dispatcher", "mcp.server.streamable_http")
"""Who tells of what a peer sent."""


class _Plain(logging.Formatter):
    """Entries that steer no terminal and have an end."""

    def format(self, record: logging.LogRecord) -> str:
        """As it is told."""
        text = terminal_text(super().format(record))
        return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def _in_a_line(record: logging.LogRecord) -> bool:
    """What a peer did wrong is no fault of ours: a prompt without its argument, half a body."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, ValueError | ClientDisconnect):
        why = str(error) or type(error).__name__
        record.msg, record.args = f"{record.getMessage()}: {why}", ()
        record.exc_info = record.exc_text = None
    return True


def plain_log() -> None:
    """Have the SDK's errors told plainly; without this it draws tracebacks of 60,000 characters."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain("nl2efg mcp: %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    for name in _PEERS:
        logging.getLogger(name).addFilter(_in_a_line)  # once, however often it is asked for
