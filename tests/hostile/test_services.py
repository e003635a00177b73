"""A service that means harm: what it sends is bounded, watched from outside the process."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.openai_server import FakeService, Handler, Received, Step, raw, text

pytestmark = [pytest.mark.server, pytest.mark.process]

MAX_MEMORY = 400 << 20
"""Bytes that the whole process may take at most; it takes some 100 MB in peace."""

ASK = """
import asyncio, sys
from nl2efg.errors import Nl2efgError
from nl2efg.models import Message, Request
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.openai.retry import RetryPolicy
from nl2efg.models.settings import Settings
settings = Settings("m", sys.argv[1], timeout=20.0)
asked = OpenAIModel(settings, policy=RetryPolicy(tries=1, deadline=1.0))
try:
    print(asyncio.run(asked.complete(Request("code", (Message("user", "x"),), "t"))).text[:50])
except Nl2efgError as error:
    print(type(error).__name__, error.message)
"""


def bomb(unfolded: int) -> bytes:
    """Blanks that a small gzip body unfolds to."""
    made = zlib.compressobj(9, wbits=31)
    piece = b" " * (1 << 20)
    return b"".join(made.compress(piece) for _ in range(unfolded >> 20)) + made.flush()


def endless(head: bytes, piece: bytes, most: int = 3 << 30) -> Step:
    """Go on until the client has had enough, or until it has taken 3 GB."""

    def step(_: Received, handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        try:
            for _ in range(most // len(piece)):
                handler.wfile.write(piece)
        except OSError:
            return

    return step


def head(code: int = 200, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {code} x\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode()


USAGE = json.dumps(
    {"choices": [{"message": {"content": "hi"}}], "usage": {"prompt_tokens": 10**1000, "cost": -1}}
).encode()
CODE = json.dumps({"error": {"message": "it answers", "code": "1" * 5000}}).encode()
MB = b" " * (1 << 20)
EVENT = b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n' * 10_000


# A process begins with the peak of the one that it was forked from, so a small one stands between.
_LAUNCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.STDOUT)
print(os.wait4(process.pid, 0)[2].ru_maxrss, file=sys.stderr)
"""


def measured(command: list[str], folder: Path) -> tuple[str, int]:
    """What a process says, and the most memory in bytes that it took."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCH, *command], cwd=folder, capture_output=True, text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "NL2EFG_"))},
    )  # fmt: skip
    return done.stdout, int(done.stderr) * 1024


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(lambda: raw(bomb(2 << 30), content_encoding="gzip"), "unfolds", id="gzip"),
        pytest.param(
            lambda: raw(bomb(2 << 30), 500, content_encoding="gzip"), "unfolds", id="gzip, 500"
        ),
        pytest.param(
            lambda: raw(gzip.compress(bomb(1 << 30)), content_encoding="gzip, gzip"),
            "encoded as",
            id="gzip in gzip",
        ),
        pytest.param(lambda: raw(b"x", content_encoding="br"), "encoded as", id="unasked encoding"),
        pytest.param(lambda: endless(head(), MB), "more than", id="endless body"),
        pytest.param(lambda: endless(head(400), MB), "more than", id="endless error"),
        pytest.param(
            lambda: endless(head(kind="text/event-stream"), EVENT), "more than", id="endless events"
        ),
        pytest.param(
            lambda: endless(head(kind="text/event-stream"), b"data: x" + MB),
            "more than",
            id="an event without end",
        ),
        pytest.param(
            lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"y" * 900 + b"\r\n"),
            "UnavailableError",
            id="endless header",
        ),
        pytest.param(
            lambda: raw(b"data: 1,\n" * 1_400_000, content_type="text/event-stream"),
            "does not come to its end",
            id="an event of a million lines",
        ),
        pytest.param(
            lambda: raw(b'{"choices": [' + b"[]," * 10_000_000 + b"[]]}"),
            "more than",
            id="empty lists",
        ),
        pytest.param(lambda: raw(USAGE), "hi", id="tokens beyond any float"),
        pytest.param(lambda: raw(CODE), "it answers", id="a code of 5,000 digits"),
        pytest.param(
            lambda: raw(b'{"detail": [{"loc": 5, "msg": 1}]}', 422), "5: 1", id="a place in no list"
        ),
        pytest.param(
            lambda: raw(b'{"error":' * 900 + b"1" + b"}" * 900, 400), "400", id="nested errors"
        ),
        pytest.param(lambda: raw(b"[" * 5_000_000), "no chat completion", id="nested JSON"),
        pytest.param(lambda: raw(b"", 307, Location="http://169.254.1.1/v1"), "307", id="redirect"),
    ],
)
def test_what_a_service_sends_is_bounded(
    step: Callable[[], Step], words: str, tmp_path: Path
) -> None:
    with FakeService(step()) as service:
        said, memory = measured([sys.executable, "-c", ASK, service.base_url], tmp_path)
    assert words in said
    assert "Traceback" not in said
    assert memory < MAX_MEMORY


def test_a_huge_dotenv_is_refused(tmp_path: Path) -> None:
    with (tmp_path / ".env").open("wb") as file:
        file.truncate(700 << 20)
    said, memory = measured([sys.executable, "-m", "nl2efg", "models"], tmp_path)
    assert "734,003,200 bytes" in said
    assert memory < MAX_MEMORY


def test_a_key_of_the_environment_stays_where_dotenv_alone_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user of this machine may listen at the port that a folder's .env names."""
    (tmp_path / "story.txt").write_text("Ann moves left or right.")
    with FakeService(text("hi"), models=("m", "n")) as service:
        (tmp_path / ".env").write_text(f"OPENAI_BASE_URL={service.base_url}\nNL2EFG_MODEL=m\n")
        command = [sys.executable, "-m", "nl2efg", "story.txt"]
        ran = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "OPENAI_API_KEY": "sk-secret-0123456789"},
        )  # fmt: skip
        assert not service.requests
    assert ran.returncode == 2
    assert "it was not sent" in ran.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://proxy:1"),
        ("ALL_PROXY", "http://"),
        ("https_proxy", "http://h:99999"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
    ],
)
def test_what_the_environment_says_wrong_is_named(name: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("Ann moves left or right.")
    clean = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    clean |= {"OPENAI_API_KEY": "sk-0123456789", "NL2EFG_MODEL": "m", name: value}
    command = [sys.executable, "-m", "nl2efg", "story.txt"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2, ran.stderr
    assert name in ran.stderr
    assert "Traceback" not in ran.stderr
