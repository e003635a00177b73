"""What holds for every test: no network but loopback, and no model by chance.

pytest-socket (see ``pyproject.toml``) closes all sockets but those to loopback. Those are opened
here; a test that asks for another host fails with ``SocketConnectBlockedError``.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from pytest_socket import enable_socket, socket_allow_hosts

from tests import kinds

LOOPBACK = ["127.0.0.1", "::1"]
CONFIGURING = ("NL2EFG_", "OPENAI_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
DISCARD_PORT = 9
SETTINGS = "_hypothesis_internal_use_settings"  # Hypothesis has no public name for a test's own

# What is tried must not depend on how busy the machine is. Where ``CI`` is set, Hypothesis tries
# the same examples each time: there a change is judged, and faults are sought with ``--examples``.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine and nothing else, and no name server is asked."""
    enable_socket()
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
    ask = socket.getaddrinfo

    def ask_no_server(host: Any, *args: Any, **options: Any) -> Any:
        if host not in (None, "localhost", *LOOPBACK):
            raise socket.gaierror(socket.EAI_NONAME, f"a test asked for the host {host!r}")
        return ask(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", ask_no_server)


@pytest.fixture(autouse=True)
def _no_model_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment of whoever runs the tests nor a ``.env`` chooses a model.

    Nor does their cache of replies answer.
    """
    for name in list(os.environ):
        if name.upper().startswith(CONFIGURING):
            monkeypatch.delenv(name)
    # Beside the test's own folder, which some tests list.
    monkeypatch.setenv("NL2EFG_CACHE", str(tmp_path.with_name(f"{tmp_path.name}.cache")))
    monkeypatch.setattr("nl2efg.models.settings.OLLAMA_PORT", DISCARD_PORT)
    monkeypatch.setattr("nl2efg.models.settings.DOTENV", tmp_path / ".env")


@pytest.fixture(autouse=True)
def _kind_is_said(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that starts a process or a server has the marker for it."""
    with kinds.starts() as started:
        yield
    unsaid = sorted(kind for kind in started if not request.node.get_closest_marker(kind))
    assert not unsaid, f"needs a marker, and a place outside tests/unit: {', '.join(unsaid)}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take ``--examples N``."""
    parser.addoption(
        "--examples", type=int, default=1, metavar="N",
        help="try N times as many random examples with each property test",
    )  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse what starts something below ``tests/unit``, and give property tests more examples."""
    times = config.getoption("--examples")
    for test in {each.obj for each in items if is_hypothesis_test(each.obj)} if times > 1 else ():
        usual = getattr(test, SETTINGS)
        setattr(test, SETTINGS, settings(usual, max_examples=usual.max_examples * times))
    for item in items:
        marked = [kind for kind in kinds.STARTS if item.get_closest_marker(kind)]
        if marked and "unit" in item.path.relative_to(Path(__file__).parent).parts:
            raise pytest.UsageError(f"{item.nodeid} is no unit test: it is marked {marked}")


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers, and let Ctrl-C work: a shell starts what runs behind it without."""
    for name, what in kinds.MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {what}")
    kinds.look_at_starts()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
