"""What several tests of the commands start from."""

from __future__ import annotations

from pathlib import Path

import pytest

import nl2efg
from tests.command_line import Ran, Run, ran
from tests.scripted import TEXT, coin_model


@pytest.fixture
def coin(tmp_path: Path) -> Path:
    """The folder of a compile of the coin."""
    return nl2efg.compile(TEXT, model=coin_model(), name="coin").write(tmp_path / "coin.nl2efg")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], coin: Path) -> Run:
    """Runs commands where the coin's folder lies."""
    monkeypatch.chdir(coin.parent)

    def run(*arguments: str) -> Ran:
        return ran(capsys, *arguments).flowing

    return run
