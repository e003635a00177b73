"""The MCP server, asked by the protocol's own inspector.

``npm install -g @modelcontextprotocol/inspector`` brings it; it needs Node.js 22. Skipped where
``mcp-inspector`` is not on the path.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.scripted import TEXT

pytest.importorskip("mcp")

from tests.mcp_hosts import listening

INSPECTOR = shutil.which("mcp-inspector")
pytestmark = [
    pytest.mark.process,
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(INSPECTOR is None, reason="mcp-inspector from npm is not here"),
]
SERVER = (sys.executable, "-P", "-m", "nl2efg", "mcp")


def inspected(*arguments: str) -> tuple[int, str]:
    """Exit code and stdout of the inspector."""
    done = subprocess.run(
        [str(INSPECTOR), "--cli", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def asked(where: tuple[str, ...], method: str, *arguments: str) -> Any:
    """What a method gives back."""
    code, out = inspected(*where, "--method", method, *arguments)
    assert code == 0, out
    return json.loads(out)


def called(where: tuple[str, ...], tool: str, **arguments: str) -> Any:
    """What a tool gives back."""
    pairs = [f"{name}={value}" for name, value in arguments.items()]
    return asked(where, "tools/call", "--tool-name", tool, "--tool-arg", *pairs)


def look(where: tuple[str, ...]) -> None:
    """List, compile, solve and draw."""
    names = {tool["name"] for tool in asked(where, "tools/list")["tools"]}
    assert {"compile", "solve", "draw", "edit", "simulate"} <= names
    asked_back = called(where, "compile", text=TEXT)["structuredContent"]
    assert asked_back["status"] == "question"
    assert TEXT in asked_back["question"]["messages"][-1]["content"]
    solved = called(where, "solve", game="trust_game")["structuredContent"]
    assert solved["equilibria"][0]["max_regret"] == "0"
    (picture,) = called(where, "draw", game="trust_game", form="png")["content"]
    assert picture["mimeType"] == "image/png"
    assert base64.b64decode(picture["data"]).startswith(b"\x89PNG")


def test_over_stdio() -> None:
    look(SERVER)
    assert asked(SERVER, "prompts/list")["prompts"]
    assert asked(SERVER, "resources/list")["resources"]


def test_over_http_with_the_token() -> None:
    token = secrets.token_urlsafe(24)

    async def go() -> None:
        async with listening(token) as port:
            address = (f"http://127.0.0.1:{port}/mcp", "--transport", "http")
            header = ("--header", f"Authorization: Bearer {token}")
            await asyncio.to_thread(look, (*address, *header))
            code, _ = await asyncio.to_thread(inspected, *address, "--method", "tools/list")
            assert code

    asyncio.run(go())
