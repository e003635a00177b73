"""Unit tests run in their own process alone: nor do they use what another test left running."""

from __future__ import annotations

from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def _no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("what asks the sandbox or a solver's process lies in tests/integration")

    monkeypatch.setattr("nl2efg.sandbox.pool.Builders._take", refuse)
    monkeypatch.setattr("nl2efg.sandbox.pool.Builders.get_ready", refuse)
    monkeypatch.setattr("nl2efg.solving.pygambit.process.WarmProcess.ask", refuse)
