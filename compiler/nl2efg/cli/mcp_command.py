"""``nl2efg mcp``: the compiler as tools of an agent."""

from __future__ import annotations

import os
import secrets
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from nl2efg.cli.garbage import often_collected
from nl2efg.errors import UserError

TOKEN = "NL2EFG_MCP_TOKEN"
MIN_TOKEN = 16


def mcp(
    http: Annotated[
        int | None,
        typer.Option(
            "--http", min=1, max=65535, metavar="PORT", help="serve HTTP on this machine alone"
        ),
    ] = None,
) -> None:
    """Serve the Model Context Protocol: an agent's own model reads, nl2efg does the rest.

    Over stdin and stdout by default, as a host starts it; with [bold]--http 8765[/bold] at
    http://127.0.0.1:8765/mcp, for whoever brings the token in NL2EFG_MCP_TOKEN, of 16 characters or
    more (a new one is made and shown if it is not set). No key is needed, and no file of this
    machine is read for a host.
    """
    from nl2efg.cli.terminal import note

    if find_spec("mcp") is None:
        raise UserError(
            "the package mcp is not installed", hint="pip install 'nl2efg[mcp]', or use the library"
        )
    if http is None:
        from nl2efg.mcp_server.server import make_server
        from nl2efg.mcp_server.stdio_lines import bound_stdin

        if sys.stdin.isatty():
            note("an agent's host starts this, and its messages are awaited here; Ctrl-C ends it")
        often_collected()
        bound_stdin(note)
        make_server().run("stdio")
        return
    _serve_http(http, _token())


def _token() -> str:
    from nl2efg.cli.terminal import note

    token = os.environ.get(TOKEN, "")
    if not token:
        token = secrets.token_urlsafe(24)
        note(f"every request needs the header  Authorization: Bearer {token}")
    elif len(token) < MIN_TOKEN:
        raise UserError(
            f"{TOKEN} is too short", hint=f"at least {MIN_TOKEN} characters that nobody guesses"
        )
    return token


def _serve_http(port: int, token: str) -> None:
    import uvicorn

    from nl2efg.cli.terminal import note
    from nl2efg.mcp_server.server import LOOPBACK, http_app

    often_collected()
    note(f"serving http://{LOOPBACK}:{port}/mcp; Ctrl-C ends it")
    try:
        uvicorn.run(
            http_app(port, token),
            host=LOOPBACK,
            port=port,
            http="h11",  # httptools, if it is there, takes headers without end
            log_level="error",
            access_log=False,
        )
    except SystemExit:
        raise UserError(
            f"cannot listen on port {port}", hint="another program may use it: name another"
        ) from None
