"""``nl2efg doctor``: what it says and its exit codes, with isolation and without."""

from __future__ import annotations

import json

import pytest

from nl2efg.cli import main
from nl2efg.errors import SandboxError
from nl2efg.sandbox import host as sandbox
from nl2efg.sandbox.protocol.frames import Layer

pytestmark = pytest.mark.process


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return code


def test_where_isolation_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["isolated"] is True
    assert found["layers"]["limits"] is True
    assert set(found["layers"]) == {layer.word for layer in Layer}
    assert run(["doctor"]) == 0
    assert "generated code runs isolated" in capsys.readouterr().out


def test_where_it_does_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "STRONG", Layer(0))
    assert run(["doctor"]) == 1
    assert "neither seccomp nor namespaces" in capsys.readouterr().out
    monkeypatch.setenv(sandbox.ALLOW_WEAK, "1")
    sandbox._warn_of_weakness.cache_clear()
    with pytest.warns(RuntimeWarning):
        assert run(["doctor"]) == 1
    assert "as you allowed" in capsys.readouterr().out


def test_where_no_worker_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise SandboxError("there is no fork")

    monkeypatch.setattr(sandbox, "start_worker", broken)
    monkeypatch.setattr(sandbox, "Worker", broken)
    assert run(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["problem"] == "there is no fork"
    assert not any(found["layers"].values())
