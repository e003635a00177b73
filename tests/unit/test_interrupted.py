"""Ctrl-C before a command has begun: no traceback, and the exit code that shells know."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

import pytest

from nl2efg.cli import INTERRUPTED, main


class Interrupted(MetaPathFinder):
    """Somebody presses Ctrl-C while a module is looked for."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """As the import system asks."""
        if name == "nl2efg.cli.app":
            raise KeyboardInterrupt


def test_while_modules_load(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "nl2efg.cli.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as end:
        main(["show", "kuhn_poker"])
    assert end.value.code == INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_before_the_command_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nl2efg.cli.app.with_main_job", stopped)
    with pytest.raises(SystemExit) as end:
        main(["show", "kuhn_poker"])
    assert end.value.code == INTERRUPTED
    assert capsys.readouterr() == ("", "")
