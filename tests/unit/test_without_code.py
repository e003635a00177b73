"""A compile without generated code: one call, the sketch read as a game, and its repairs."""

from __future__ import annotations

import json
from typing import Any

import pytest

import nl2efg
from nl2efg.errors import CompilationError, UserError
from nl2efg.models import ScriptedModel
from tests.scripted import SKETCH, TEXT

WHOLE: dict[str, Any] = json.loads(SKETCH)
WHOLE["claims"] += [
    {"history": ["Take"], "pays": [1, 0]},
    {"history": ["Leave", "Take"], "pays": [0, 1]},
]
GAPS = json.loads(SKETCH)


def told(sketch: dict[str, Any]) -> str:
    return f"```json\n{json.dumps(sketch)}\n```"


def test_one_call_makes_the_game() -> None:
    model = ScriptedModel({"information": told(WHOLE)})
    compilation = nl2efg.compile(TEXT, model=model, code=False, solve=False)
    assert model.stages == ["information"]
    assert model.asked[0].schema is not None
    assert "program" not in model.asked[0].messages[0].content
    assert [str(x) for x in compilation.tree.path_payoffs[compilation.tree.terminals[0]]] == [
        "1",
        "0",
    ]
    assert compilation.record.facts is not None
    assert compilation.record.facts.terminals == 3
    assert 'players=["Ida", "Otto"]' in compilation.code
    assert compilation.record.attempts[0].stage == "information"
    assert compilation.record.assumptions == ("Can Otto wait? Assumed: He cannot.",)


def test_gaps_are_sent_back() -> None:
    model = ScriptedModel({"information": told(GAPS), "repair-1": told(WHOLE)})
    compilation = nl2efg.compile(TEXT, model=model, code=False, solve=False)
    assert model.stages == ["information", "repair-1"]
    *_, before, sent = model.asked[1].messages
    assert before.content == told(GAPS)
    assert "B120" in sent.content
    assert "(Take)" in sent.content
    assert [attempt.built for attempt in compilation.record.attempts] == [False, True]


def test_a_sketch_that_stays_open_is_no_game() -> None:
    replies = {f"repair-{n}": told(GAPS) for n in range(1, 4)}
    model = ScriptedModel({"information": told(GAPS)} | replies)
    with pytest.raises(CompilationError, match="no whole game") as caught:
        nl2efg.compile(TEXT, model=model, code=False, solve=False)
    assert model.stages == ["information", "repair-1"]
    assert caught.value.record is not None


def test_a_repair_that_is_no_sketch_keeps_what_was_paid() -> None:
    model = ScriptedModel({"information": told(GAPS), "repair-1": "I am lost."})
    with pytest.raises(CompilationError) as caught:
        nl2efg.compile(TEXT, model=model, code=False, solve=False)
    record = caught.value.record
    assert record is not None
    assert [exchange.stage for exchange in record.exchanges] == ["information", "repair-1"]


def test_what_the_author_answers_is_asked_with() -> None:
    model = ScriptedModel({"information": [told(WHOLE), told(WHOLE)]})
    compilation = nl2efg.compile(
        TEXT,
        model=model,
        code=False,
        solve=False,
        ask=lambda points: [(points[0].question, "Never.")],
    )
    assert "Can Otto wait? Never." in model.asked[1].messages[1].content
    assert compilation.record.assumptions == ("Can Otto wait? The author says: Never.",)


def test_no_game_is_told() -> None:
    model = ScriptedModel({"information": told({"is_game": False, "why_not": "a river"})})
    with pytest.raises(CompilationError, match="a river"):
        nl2efg.compile(TEXT, model=model, code=False)


def test_a_game_that_is_too_large_is_not_made_smaller() -> None:
    model = ScriptedModel({"information": told(WHOLE)})
    with pytest.raises(CompilationError, match="too large"):
        nl2efg.compile(TEXT, model=model, code=False, max_nodes=4)
    assert model.stages == ["information"]


def test_the_examination_asks_about_it_as_well() -> None:
    right = {
        "K": {"K1": ["nothing", 2], "K2": ["Ida left the coin", 2]},
        "E": {"E1": [1, 0], "E2": [0, 1], "E3": [0, 0]},
    }
    wrong = WHOLE | {
        "claims": [*WHOLE["claims"][:2], {"history": ["Leave", "Take"], "pays": [0, 7]}]
    }
    model = ScriptedModel(
        {
            "information": told(wrong),
            "examination": told(right),
            "examination-again": told(right),
            "repair-1": told(WHOLE),
            "examination-1": told(right),
            "open-points": told({"T": {}}),
        }
    )
    compilation = nl2efg.compile(TEXT, model=model, code=False, verify=True, solve=False)
    assert "C806" in model.asked[3].messages[-1].content
    assert [attempt.built for attempt in compilation.record.attempts] == [True, True]
    assert compilation.tree.path_payoffs[compilation.tree.terminals[1]] == (0, 1)


def test_where_code_cannot_be_isolated_none_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nl2efg.pipeline.sample.can_run_code", lambda: False)
    model = ScriptedModel({"information": told(WHOLE)})
    for method in ("sketch", "mixed"):
        found = nl2efg.compile(TEXT, model=model, method=method, solve=False)  # type: ignore[arg-type]
        assert [one.code for one in found.diagnostics] == ["B121"]
    assert model.stages == ["information", "information"]


@pytest.mark.parametrize("also", [{"method": "tree-first"}, {"sketch": False}])
def test_other_ways_need_code(also: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="read from the sketch"):
        nl2efg.compile(TEXT, model=ScriptedModel({}), code=False, **also)
