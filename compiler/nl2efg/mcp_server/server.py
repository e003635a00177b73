"""The server itself: over stdio, or over HTTP on loopback with a token."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from mcp.server.mcpserver import MCPServer, UserMessage
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nl2efg.errors import Nl2efgError, NotFoundError
from nl2efg.frontend.prompts import render
from nl2efg.mcp_server.host_log import plain_log
from nl2efg.mcp_server.stdio_lines import MAX_LINE
from nl2efg.mcp_server.tools import Tools, add_tools
from nl2efg.pipeline import Example, check_description, example, examples
from nl2efg.schema.diagnostic_codes import explain, known_codes
from nl2efg.schema.record import CompilationRecord
from nl2efg.schema.sketch import Sketch

INSTRUCTIONS = """\
nl2efg compiles games told in words to exact extensive-form games, checks, solves and draws them.
compile(text) -> a game's handle; where it returns a question instead, write the reply that its
messages ask for and call answer(job, reply). Then check or examine the game against the text,
describe it, solve it, verify_profile what you believe is an equilibrium, draw it. Numbers are exact
fractions. A game is named by its handle, by the name of a bundled game, or by .efg text.
"""
LOOPBACK = "127.0.0.1"
MAX_BODY = MAX_LINE
MAX_SESSIONS = 32


def make_server() -> MCPServer[Any]:
    """A server with its tools, resources and prompts."""
    plain_log()
    tools = Tools()

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            tools.jobs.close()

    server: MCPServer[Any] = MCPServer(
        "nl2efg",
        title="nl2efg",
        instructions=INSTRUCTIONS,
        version=version("nl2efg"),
        lifespan=lifespan,
        log_level="ERROR",
    )
    add_tools(server, tools)
    _add_resources(server)
    _add_prompts(server)
    return server


def _add_resources(server: MCPServer[Any]) -> None:
    @server.resource("nl2efg://games", mime_type="application/json")
    def games() -> str:
        """The bundled games: names with titles."""
        return json.dumps({each.name: each.title for each in examples()})

    @server.resource("nl2efg://games/{name}/text", mime_type="text/plain")
    def game_text(name: str) -> str:
        """The description of a bundled game."""
        return _found(name).text

    @server.resource("nl2efg://games/{name}/efg", mime_type="text/plain")
    def game_efg(name: str) -> str:
        """A bundled game in the .efg format."""
        return _found(name).reference

    @server.resource("nl2efg://diagnostics", mime_type="application/json")
    def diagnostics() -> str:
        """All codes of findings, with titles."""
        return json.dumps({code: entry.title for code, entry in known_codes().items()})

    @server.resource("nl2efg://diagnostics/{code}", mime_type="text/plain")
    def diagnostic(code: str) -> str:
        """What a finding means, with an example and what to do."""
        try:
            entry = explain(code)
        except NotFoundError as error:
            raise ResourceNotFoundError(error.message) from None
        parts = (entry.title, entry.explanation, entry.example, entry.remedy)
        return "\n\n".join(part for part in parts if part)

    @server.resource("nl2efg://schema/sketch", mime_type="application/schema+json")
    def sketch_schema() -> str:
        """The schema of stage 1's sketch."""
        return json.dumps(Sketch.model_json_schema())

    @server.resource("nl2efg://schema/compilation", mime_type="application/schema+json")
    def record_schema() -> str:
        """The schema of a compilation's record."""
        return json.dumps(CompilationRecord.model_json_schema())


def _found(name: str) -> Example:
    try:
        return example(name)
    except NotFoundError as error:
        raise ResourceNotFoundError(error.message) from None


def _add_prompts(server: MCPServer[Any]) -> None:
    @server.prompt()
    def information(text: str) -> list[Any]:
        """Stage 1: read a description; who moves when, knowing what; and the program."""
        return _turns("information", text, program=True)

    @server.prompt()
    def code(text: str) -> list[Any]:
        """Stage 2: write the program that builds the game of a description."""
        return _turns("code", text, sketch="")


def _turns(stage: str, text: str, **values: Any) -> list[Any]:
    """The messages of a stage as a prompt's, which knows no system role."""
    try:
        check_description(text)
    except Nl2efgError as error:
        raise MCPError(INVALID_PARAMS, error.message) from None
    system = {name: value for name, value in values.items() if name == "program"}
    return [
        UserMessage(render(f"{stage}.system", **system)),
        UserMessage(render(f"{stage}.user", text=text, answers=(), **values)),
    ]


class TokenGate:
    """Lets through what brings the token.

    Args:
        app: what stands behind it.
        token: the secret.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request without the token, before anything of it is read."""
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            if not hmac.compare_digest(headers.get(b"authorization", b""), self._expected):
                refusal = PlainTextResponse("a token is needed", status_code=401)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def http_app(port: int, token: str) -> ASGIApp:
    """The server as a web application for loopback.

    Args:
        port: where it will listen; other hosts' names are refused.
        token: the secret that every request must bring.
    """
    hosts = [f"{name}:{port}" for name in (LOOPBACK, "localhost", "[::1]")]
    guard = TransportSecuritySettings(
        allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
    )
    app = make_server().streamable_http_app(
        transport_security=guard,
        max_request_body_size=MAX_BODY,
        max_sessions=MAX_SESSIONS,
        host=LOOPBACK,
    )
    return TokenGate(app, token)
