"""Descriptions that give orders to the model: whatever the model does, nothing gets out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import CompilationError
from nl2efg.models.replay import recorded_model
from nl2efg.pipeline import example
from tests.scripted import TEXT, coin_model, fenced

pytestmark = pytest.mark.process

SECRET = "a-key-that-nobody-may-see"
OBEYED = """\
import os, subprocess
print(os.environ)
open({file!r}, "w").write(os.environ.get("OPENAI_API_KEY", "none"))
subprocess.run(["touch", {file!r}])
"""


def test_the_recorded_model_read_the_game_and_not_the_orders() -> None:
    text = example("injected_instructions").text
    compilation = nl2efg.compile(text, model=recorded_model(text), solve=False)
    assert compilation.tree.players == ("Nora", "Owen")
    code = compilation.record.attempts[-1].code
    assert "environ" not in code
    assert "subprocess" not in code


def test_a_model_that_obeys_reaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    target = tmp_path / "stolen"
    obeyed = fenced(OBEYED.format(file=str(target)))
    model = coin_model(code=obeyed, repair_1=obeyed)
    with pytest.raises(CompilationError) as caught:
        nl2efg.compile(TEXT, model=model)
    record = caught.value.record
    assert record is not None
    assert SECRET not in record.model_dump_json()  # type: ignore[attr-defined]
    assert not target.exists()
    assert os.environ["OPENAI_API_KEY"] == SECRET
    assert "imports `os`" in record.attempts[0].diagnostics[0].message  # type: ignore[attr-defined]
