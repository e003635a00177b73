"""The way to a service: proxies, certificates, a server that starts again, who else answers."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from nl2efg.cli.app import main
from nl2efg.errors import UnavailableError, UserError
from nl2efg.models import Message, Request
from nl2efg.models.openai.client import OpenAIModel
from tests.fakes.batch_api import FakeBatchApi
from tests.fakes.openai_server import FakeService, text
from tests.fakes.ordinal_games import author
from tests.fakes.proxy import FakeProxy
from tests.killing import rows, write_corpus
from tests.openai_client import QuickClock, ask, model
from tests.waves import assert_paid_once, run

pytestmark = [pytest.mark.server, pytest.mark.process]

ELSEWHERE = "http://models.test/v1"


# --- proxies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
@pytest.mark.parametrize("variable", ["ALL_PROXY", "http_proxy"])
def test_a_proxy_is_gone_through(
    scheme: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if scheme != "http":
        pytest.importorskip("socksio", reason="pip install 'nl2efg[socks]'")
    with FakeService(text("hi")) as service, FakeProxy(service.port) as proxy:
        monkeypatch.setenv(variable, f"{scheme}://{proxy.place}")
        assert ask(model(ELSEWHERE)).text == "hi"
        assert proxy.wanted == [("models.test", 80)]


def test_without_socksio_a_socks_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(UserError, match="ALL_PROXY names a SOCKS proxy") as caught:
        ask(model(ELSEWHERE))
    assert caught.value.hint == "pip install 'nl2efg[socks]'"


def test_a_proxy_that_is_away_is_tried_again_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    clock = QuickClock()
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        ask(model(ELSEWHERE, clock=clock))
    assert len(clock.slept) == 5
    assert "the proxy" in caught.value.hint


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("address", ["gopher://127.0.0.1:70", "http://", "http://h:port", "::::"])
@pytest.mark.parametrize("engine", ["", "local", "openai-batch"])
def test_a_proxy_that_cannot_be_used_is_the_users(
    variable: str,
    address: str,
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv(variable, address)
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    (tmp_path / "story.txt").write_text("Ann moves left or right.")
    command = ["batch", str(corpus), "-o", str(tmp_path / "run"), "--engine", engine]
    with pytest.raises(SystemExit) as ended:
        main(
            [
                *(command if engine else [str(tmp_path / "story.txt")]),
                *("--base-url", ELSEWHERE, "--model", "m"),
            ]
        )
    said = capsys.readouterr().err
    assert ended.value.code == 2, said
    assert f"{variable} is no proxy that can be used: {address!r}" in said
    assert "Traceback" not in said


def test_a_password_of_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://ann:secret@127.0.0.1:70")
    with pytest.raises(UserError) as caught:
        ask(model(ELSEWHERE))
    assert "secret" not in str(caught.value)


# --- certificates -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate of nobody's for this machine, and a server's way to use it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    file, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=test"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(file)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return file, context


def test_a_certificate_that_is_named_is_accepted_on_this_machine_too(
    certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, tls = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with FakeService(text("hi"), tls=tls) as service:
        assert service.base_url.startswith("https://127.0.0.1:")
        assert ask(model(service)).text == "hi"


def test_a_certificate_of_nobodys_is_refused_once(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    clock = QuickClock()
    with (
        FakeService(text("hi"), tls=certificate[1]) as service,
        pytest.raises(UnavailableError, match=r"certificate of .* is not accepted") as caught,
    ):
        ask(model(service, clock=clock))
    assert service.connections == 1
    assert not clock.slept
    assert "SSL_CERT_FILE" in caught.value.hint


@pytest.mark.parametrize("engine", ["", "local", "openai-batch"])
@pytest.mark.parametrize("content", [None, "no certificate"])
@pytest.mark.parametrize("url", ["https://models.test/v1", "http://127.0.0.1:9/v1"])
def test_certificates_that_cannot_be_read_are_the_users(
    engine: str,
    content: str | None,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "certs.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    corpus = write_corpus(tmp_path / "c.jsonl", 2)
    (tmp_path / "story.txt").write_text("Ann moves left or right.")
    command = ["batch", str(corpus), "-o", str(tmp_path / "run"), "--engine", engine]
    with pytest.raises(SystemExit) as ended:
        main(
            [
                *(command if engine else [str(tmp_path / "story.txt")]),
                *("--base-url", url, "--model", "m"),
            ]
        )
    said = capsys.readouterr().err
    assert ended.value.code == 2, said
    assert "SSL_CERT_FILE" in said
    assert "Traceback" not in said


# --- local servers ------------------------------------------------------------------------------


def test_a_local_server_that_starts_again_is_waited_for() -> None:
    """One that was never there is not: see ``test_llm_openai.py``."""
    with FakeService(text("one")) as service:
        asked, port = model(service), service.port
        assert ask(asked).text == "one"
    clock, heard = QuickClock(), list[str]()

    async def sleep(seconds: float) -> None:
        clock.slept.append(seconds)
        clock.at += seconds
        if len(clock.slept) == 20:  # far more often than other failures are tried again
            up.enter_context(FakeService(text("two"), port=port))

    clock.sleep = sleep
    asked.clock, asked.heard = clock, heard.append
    with ExitStack() as up:
        assert ask(asked).text == "two"
    assert len(heard) == 20
    assert "cannot be reached" in heard[0]
    assert clock.at < asked.policy.deadline


@pytest.mark.parametrize("context", [4096, 0])
def test_ollama_says_how_long_its_context_is(context: int) -> None:
    notices: list[str] = []
    usage = {"prompt_tokens": 200, "completion_tokens": 3}
    messages = (Message("user", "word " * 1000),)
    with FakeService(text("hi", usage=usage), models=("m",), context=context) as service:
        asked: OpenAIModel = model(service, notice=notices.append)
        reply = asyncio.run(asked.complete(Request("code", messages, "t")))
    assert reply.note == notices[0]
    assert ("its context is 4,096 tokens" in reply.note) == bool(context)
    assert "OLLAMA_CONTEXT_LENGTH" in reply.note


# --- the Batch API's files ----------------------------------------------------------------------


def test_a_file_with_more_than_its_bytes_is_not_read(tmp_path: Path) -> None:
    corpus, grown = write_corpus(tmp_path / "c.jsonl", 2), [True]

    def cut(call: str, content: bytes) -> bytes:
        return content + b" " * 5_000_000 if call.endswith("/content") and grown[0] else content

    with FakeBatchApi(author()) as api:
        api.cut = cut
        with pytest.raises(UnavailableError, match=r"more than its [0-9,]+ bytes"):
            run(api, corpus, tmp_path / "run", tries=3)
        kept = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
        assert kept < 2_000_000
        grown[0] = False
        run(api, corpus, tmp_path / "run", tries=3)
        assert_paid_once(api)
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 2


def test_an_answer_without_end_is_not_read(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "c.jsonl", 2)

    def cut(call: str, content: bytes) -> bytes:
        return content + b" " * (10 << 20) if call == "POST /v1/files" else content

    with FakeBatchApi(author()) as api:
        api.cut = cut
        with pytest.raises(UnavailableError, match="more than 8,388,608 bytes"):
            run(api, corpus, tmp_path / "run", tries=3)
        assert api.calls == ["POST /files"], "it is not asked for again"
