"""How often Python looks for garbage: seldom in a short command, as usual in one that runs long."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch.engines.local import Progress
from nl2efg.cli import main
from nl2efg.cli.garbage import NEW_OBJECTS, USUAL, rare_collections


def test_a_short_command_looks_seldom_and_leaves_all_as_it_was() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with rare_collections():
        assert gc.get_threshold() == (NEW_OBJECTS, *before[1:])
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)


def test_a_batch_looks_as_often_as_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[tuple[int, int, int]] = []

    def engine(*_: Any, **__: Any) -> Any:
        async def run(*_: Any, **__: Any) -> Progress:
            met.append(gc.get_threshold())
            return Progress()

        return run

    monkeypatch.setattr("nl2efg.batch.engines.engine", engine)
    file = tmp_path / "replies.jsonl"
    file.write_text(json.dumps({"id": "a", "reply": "none"}) + "\n")
    before = gc.get_threshold()
    with pytest.raises(SystemExit) as end:
        main(["batch", "--replies", str(file), "-o", str(tmp_path / "run"), "-q"])
    assert not end.value.code
    assert met == [USUAL]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
