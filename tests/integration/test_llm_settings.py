"""Flags, environment and .env; the choice of a model; Ollama's port."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_socket import SocketConnectBlockedError

from nl2efg.errors import NoModelError, UnavailableError, UserError
from nl2efg.models import choose_model
from nl2efg.models.budget import Budget, Price
from nl2efg.models.choice import Offered
from nl2efg.models.flags import ModelFlags
from nl2efg.models.openai.client import OpenAIModel
from nl2efg.models.paste import PasteModel
from nl2efg.models.replay import recorded_model
from nl2efg.models.settings import (
    OPENAI_URL,
    Ollama,
    Settings,
    detect_ollama,
    is_loopback,
    load_settings,
    place_of,
)
from tests.fakes.openai_server import FakeService, text

pytestmark = pytest.mark.server

KEY = "sk-test-0123456789abcdef"


def load(dotenv: Path, /, **environment: str) -> Settings | None:
    return load_settings(environment=environment, dotenv=dotenv)


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_nothing_is_configured(dotenv: Path) -> None:
    assert load(dotenv) is None
    assert load(dotenv, OPENAI_API_KEY="  ", OPENAI_BASE_URL="") is None
    # A model's name alone reaches nobody, and must not keep a bundled game from its recordings.
    assert load(dotenv, NL2EFG_MODEL="gpt-4o") is None


def test_a_key_is_enough_for_openai(dotenv: Path) -> None:
    # No model is taken by a name that goes away one day: it is chosen among what there is.
    assert load(dotenv, OPENAI_API_KEY=KEY) == Settings("", OPENAI_URL, KEY)


def test_flags_go_before_the_environment_and_that_before_dotenv(dotenv: Path) -> None:
    dotenv.write_text(f"OPENAI_API_KEY={KEY}-env-file\nNL2EFG_MODEL=c\nNL2EFG_TIMEOUT=5\n")
    found = load(dotenv, OPENAI_API_KEY=KEY, NL2EFG_MODEL="b", OPENAI_MODEL="ignored")
    assert found == Settings("b", OPENAI_URL, KEY, timeout=5.0)
    found = load_settings(
        ModelFlags(
            models=("a",),
            base_url="http://127.0.0.1:1/v1/",
            key="k",
            timeout=9.0,
            price_in=1.0,
            price_out=2.0,
        ),
        environment={"NL2EFG_MODEL": "b", "OPENAI_API_KEY": KEY, "NL2EFG_PRICE_IN": "7"},
        dotenv=dotenv,
    )
    assert found == Settings("a", "http://127.0.0.1:1/v1", "k", 9.0, price=Price(1.0, 2.0))
    found = load(dotenv, NL2EFG_TIMEOUT="6")
    assert found is not None
    assert found.timeout == 6.0
    assert (found.model, found.key) == ("c", f"{KEY}-env-file")


def test_dotenv_changes_no_environment(dotenv: Path) -> None:
    dotenv.write_text(f"OPENAI_API_KEY={KEY}\n")
    before = dict(os.environ)
    assert load_settings(dotenv=dotenv) is not None
    assert dict(os.environ) == before


def test_the_default_dotenv_is_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nl2efg.models.settings.DOTENV", Path(".env"))
    monkeypatch.chdir(tmp_path)
    assert load_settings() is None
    (tmp_path / ".env").write_text(f'OPENAI_API_KEY="{KEY}"  # mine\n')
    found = load_settings()
    assert found is not None
    assert found.key == KEY


def test_a_key_does_not_go_where_only_dotenv_says(dotenv: Path) -> None:
    """A folder from somebody else may hold a .env that names their server."""
    dotenv.write_text("OPENAI_BASE_URL=https://evil.example/v1\nNL2EFG_MODEL=m\n")
    with pytest.raises(UserError, match=r"it was not sent") as caught:
        load(dotenv, OPENAI_API_KEY=KEY)
    assert KEY not in str(caught.value)
    dotenv.write_text("OPENAI_BASE_URL=http://127.0.0.1:8000/v1\nNL2EFG_MODEL=m\n")
    with pytest.raises(UserError, match=r"it was not sent"):
        # Another user of this machine may be listening there.
        load(dotenv, OPENAI_API_KEY=KEY)
    dotenv.write_text(f"OPENAI_BASE_URL=https://mine.example\nNL2EFG_MODEL=m\nOPENAI_API_KEY={KEY}")
    assert load(dotenv) is not None


def test_dotenv_cannot_quote_the_environment(dotenv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", KEY)
    dotenv.write_text("OPENAI_BASE_URL=http://127.0.0.1/${SECRET_OF_MINE}\nNL2EFG_MODEL=m\n")
    found = load_settings(dotenv=dotenv)
    assert found is not None
    assert found.base_url == "http://127.0.0.1/${SECRET_OF_MINE}"


def test_a_key_is_in_no_repr() -> None:
    settings = Settings("m", key=KEY)
    assert KEY not in f"{settings} {settings!r} {OpenAIModel(settings)!r} {[settings]}"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"OPENAI_BASE_URL": "localhost:8000", "NL2EFG_MODEL": "m"}, "no address"),
        ({"OPENAI_BASE_URL": "ftp://x/v1", "NL2EFG_MODEL": "m"}, "no address"),
        ({"OPENAI_BASE_URL": "http://", "NL2EFG_MODEL": "m"}, "no address"),
        ({"OPENAI_BASE_URL": "http://h:99999/v1", "NL2EFG_MODEL": "m"}, "no address"),
        ({"OPENAI_BASE_URL": "http://[::1/v1", "NL2EFG_MODEL": "m"}, "no address"),
        ({"OPENAI_API_KEY": "sk-äöü"}, "not ASCII"),
        ({"OPENAI_API_KEY": "sk-a\nsk-b"}, "line break"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_TIMEOUT": "soon"}, "NL2EFG_TIMEOUT is 'soon'"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_TIMEOUT": "0"}, "above 0"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_TIMEOUT": "inf"}, "NL2EFG_TIMEOUT"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_TEMPERATURE": "-1"}, "at least 0"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_REPLY_TOKENS": "1.5"}, "whole number"),
        ({"OPENAI_API_KEY": KEY, "NL2EFG_PRICE_IN": "1"}, "one price"),
    ],
)
def test_settings_that_cannot_be_used(
    dotenv: Path, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(UserError, match=words) as caught:
        load(dotenv, **environment)
    assert KEY not in str(caught.value)


def test_a_bad_address_in_dotenv_is_said(dotenv: Path) -> None:
    dotenv.write_text("OPENAI_BASE_URL=http://[::1/v1\nNL2EFG_MODEL=m\n")
    with pytest.raises(UserError, match="no address"):
        load(dotenv, OPENAI_API_KEY=KEY)


def test_a_binary_dotenv_is_said(dotenv: Path) -> None:
    dotenv.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot be read"):
        load(dotenv)


def test_a_service_without_a_model_is_said(dotenv: Path) -> None:
    found = load(dotenv, OPENAI_BASE_URL="http://user:secret@127.0.0.1:1/v1?token=secret")
    assert found is not None
    assert (found.model, found.place) == ("", "http://127.0.0.1:1/v1")
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        choose_model(UNRECORDED, ModelFlags(base_url="http://user:secret@127.0.0.1:1/v1?a=secret"))
    assert "secret" not in str(caught.value)
    assert "address" in caught.value.hint  # a model's name would not help


def test_openais_model_without_a_key_is_said(dotenv: Path) -> None:
    with pytest.raises(NoModelError, match="gpt-4o of OpenAI's is asked for, but there is no key"):
        load_settings(model="gpt-4o", environment={}, dotenv=dotenv)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://127.8.8.8/v1", True),
        ("http://localhost:1234/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://127.evil.example/v1", False),
        ("http://localhost.evil.example/v1", False),
        ("http://127.0.0.1@evil.example/v1", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_loopback_is_loopback(url: str, local: bool) -> None:
    assert is_loopback(url) is local


@given(user=st.text("abc", min_size=1), password=st.text("xyz", min_size=3))
def test_places_are_shown_without_passwords(user: str, password: str) -> None:
    shown = place_of(f"https://{user}:{password}@host:8/v1?key={password}#{password}")
    assert shown == "https://host:8/v1"


# --- Ollama -------------------------------------------------------------------------------------


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    with FakeService(text("hi"), models=("llama3.1:8b", "qwen3:4b")) as service:
        monkeypatch.setattr("nl2efg.models.settings.OLLAMA_PORT", service.port)
        yield service


def test_ollama_is_found(ollama: FakeService) -> None:
    assert detect_ollama() == Ollama(ollama.base_url, ("llama3.1:8b", "qwen3:4b"))


def test_no_ollama_is_found() -> None:
    assert detect_ollama() is None


def test_a_proxy_is_not_asked_for_ollama(
    ollama: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert detect_ollama() is not None


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"models": [{}]}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
        b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"[" * 200_000,
        b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
)
def test_something_else_on_its_port_is_not_ollama(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("nl2efg.models.settings.OLLAMA_PORT", server.getsockname()[1])

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert detect_ollama() is None
        thread.join()


def test_a_silent_port_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("nl2efg.models.settings.OLLAMA_PORT", server.getsockname()[1])
        assert detect_ollama(timeout=0.1) is None


# --- The choice ---------------------------------------------------------------------------------

UNRECORDED = "A game that nobody has recorded: one player chooses left or right."


def test_the_ways_to_a_model_are_listed_when_there_is_none() -> None:
    with pytest.raises(NoModelError) as caught:
        choose_model(UNRECORDED)
    assert "no model is configured" in caught.value.message
    for way in ("OPENAI_API_KEY", "--base-url", "--paste", "nl2efg examples"):
        assert way in caught.value.hint


def test_pasting_goes_before_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert isinstance(choose_model(UNRECORDED, ModelFlags(paste=True)), PasteModel)
    chosen = choose_model(UNRECORDED, ModelFlags(paste_folder=tmp_path))
    assert isinstance(chosen, PasteModel)
    assert chosen.folder == tmp_path


def test_a_configured_model_goes_before_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nl2efg.models.choice.is_recorded", lambda _: True)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NL2EFG_MODEL", "m")
    assert isinstance(choose_model(UNRECORDED), OpenAIModel)


def test_recordings_go_before_a_local_server(
    ollama: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nl2efg.models.choice.is_recorded", lambda _: True)
    monkeypatch.setattr("nl2efg.models.choice.recorded_model", lambda _: "recorded")
    assert choose_model(UNRECORDED, offer=lambda found: found.models[0]) == "recorded"


def test_a_local_server_is_offered(ollama: FakeService) -> None:
    offered: list[Offered] = []

    def take(found: Offered) -> str:
        offered.append(found)
        return found.models[1]

    chosen = choose_model(UNRECORDED, offer=take)
    assert isinstance(chosen, OpenAIModel)
    assert (chosen.settings.model, chosen.settings.base_url) == ("qwen3:4b", ollama.base_url)
    assert [found.models for found in offered] == [ollama.models]


def test_a_local_server_that_is_declined_is_named(ollama: FakeService) -> None:
    with pytest.raises(NoModelError, match=r"llama3.1:8b, qwen3:4b") as caught:
        choose_model(UNRECORDED, offer=lambda _: None)
    assert "--provider ollama --model llama3.1:8b" in caught.value.hint


def test_an_ollama_without_models_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeService(text("hi")) as service:
        monkeypatch.setattr("nl2efg.models.settings.OLLAMA_PORT", service.port)
        with pytest.raises(NoModelError, match="has no models") as caught:
            choose_model(UNRECORDED)
    assert "ollama pull" in caught.value.hint


def test_dollars_need_a_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(UserError, match=r"that of house-model is not known") as caught:
        choose_model(UNRECORDED, model="house-model", budget=Budget(cost=1.0))
    assert "NL2EFG_PRICE_IN" in caught.value.hint
    assert "--max-tokens" in caught.value.hint
    monkeypatch.setenv("NL2EFG_PRICE_IN", "0.5")
    monkeypatch.setenv("NL2EFG_PRICE_OUT", "1")
    chosen = choose_model(UNRECORDED, model="house-model", budget=Budget(cost=1.0))
    assert isinstance(chosen, OpenAIModel)
    assert chosen.settings.price == Price(0.5, 1.0)


def test_recorded_model_is_a_choice_of_its_own() -> None:
    with pytest.raises(NoModelError, match="no recorded replies"):
        recorded_model(UNRECORDED)


def test_no_test_reaches_beyond_loopback() -> None:
    with pytest.raises(OSError, match=r"a test asked for the host"):
        socket.create_connection(("models.example", 443), timeout=1)
    with (
        socket.socket() as outside,
        pytest.warns(UserWarning, match=r"192\.0\.2\.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outside.connect(("192.0.2.1", 443))
