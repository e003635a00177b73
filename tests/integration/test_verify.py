"""The examination in a compile and on the command line: what it asks, repairs and keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import nl2efg
from nl2efg.cli import main
from nl2efg.errors import UnavailableError
from nl2efg.models import ScriptedModel
from nl2efg.pipeline.folder import read_record
from nl2efg.schema.diagnostics import Severity
from tests.corpora import WRONG
from tests.scripted import CODE, NOTHING_OPEN, TEXT, coin_model, fenced

pytestmark = pytest.mark.process

RIGHT: dict[str, Any] = {
    "K": {"K1": ["nothing", 2], "K2": ["Ida left the coin", 2]},
    "E": {"E1": [1, 0], "E2": [0, 1], "E3": [0, 0]},
}


OPEN = json.dumps(
    {"T": {"T2": ["What if Otto is asleep?"]}, "Q": {"Q1": "takes it or throws it away"}}
)


def answers(**changes: Any) -> str:
    return f"```json\n{json.dumps(RIGHT | changes)}\n```"


def test_a_right_game_passes_with_one_more_call() -> None:
    model = coin_model(examination=answers())
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    assert model.stages == ["information", "code", "examination", "open-points"]
    assert not [one for one in compilation.diagnostics if one.code.startswith("C8")]
    record = compilation.record.examination
    assert record is not None
    assert (record.asked, record.unread, record.left_out) == (5, 0, "")
    assert all(answer.agrees for answer in record.answers)
    prompt = model.asked[2].messages[1].content
    assert "Ida: Leave; Otto: Take." in prompt
    assert "worth 1" in prompt


def test_what_is_disagreed_on_twice_is_repaired() -> None:
    model = coin_model(
        code=fenced(WRONG),
        examination=answers(),
        examination_again=answers(),
        repair_1=fenced(CODE),
        examination_1=answers(),
    )
    # No sketch: it would see the wrong payoff first.
    compilation = nl2efg.compile(TEXT, model=model, verify=True, sketch=False, solve=False)
    assert model.stages == [
        "code",
        "examination",
        "examination-again",
        "repair-1",
        "examination-1",
        "open-points",
    ]
    repair = model.asked[3].messages[-1].content
    assert "the game pays Ida 0, Otto 1; in the game it pays Ida 0, Otto 2" in repair
    assert not [one for one in compilation.diagnostics if one.severity is not Severity.NOTE]


def test_a_reader_who_thinks_better_of_it_is_not_followed() -> None:
    wrong = answers(E=RIGHT["E"] | {"E2": [5, 1]})
    model = coin_model(examination=wrong, examination_again=answers())
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    assert model.stages == [
        "information",
        "code",
        "examination",
        "examination-again",
        "open-points",
    ]
    assert not [one for one in compilation.diagnostics if one.code.startswith("C8")]
    assert "K1" not in model.asked[-2].messages[1].content


def test_what_survives_is_a_question_and_is_kept(tmp_path: Path) -> None:
    wrong = answers(E=RIGHT["E"] | {"E2": [5, 1]})
    again = f"```json\n{json.dumps({'E': RIGHT['E'] | {'E2': [5, 1]}})}\n```"
    model = coin_model(examination=wrong, examination_again=again)
    compilation = nl2efg.compile(TEXT, model=model, verify=True, rounds=0, solve=False)
    (one,) = (each for each in compilation.diagnostics if each.code == "C806")
    assert "which is right?" in one.message
    folder = compilation.write(tmp_path / "coin.nl2efg")
    exam = json.loads((folder / "exam.json").read_text(encoding="utf-8"))
    assert [each["agrees"] for each in exam["answers"] if each["kind"] == "payoffs"] == [
        True,
        False,
        True,
    ]
    assert read_record(folder).examination == compilation.record.examination


def test_another_reader_answers() -> None:
    model = coin_model()
    reader = ScriptedModel({"examination": answers(), "open-points": NOTHING_OPEN}, name="other")
    compilation = nl2efg.compile(TEXT, model=model, verifier=reader, solve=False)
    assert reader.stages == ["examination", "open-points"]
    assert compilation.record.examination is not None
    assert compilation.record.examination.reader == "other"


def test_a_reply_without_answers_is_a_note() -> None:
    model = coin_model(examination="I would rather not.")
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    assert [one.code for one in compilation.diagnostics if one.code.startswith("C8")] == ["C807"]
    assert "examination-again" not in model.stages


def test_a_reader_that_is_down_loses_nothing() -> None:
    model = coin_model(examination=UnavailableError("down"))
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    assert compilation.record.status == "compiled"
    assert compilation.record.examination is None
    assert "down" in compilation.record.error


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    compilation = nl2efg.compile(TEXT, model=coin_model(), solve=False)
    game, text = tmp_path / "coin.efg", tmp_path / "coin.txt"
    game.write_text(compilation.efg, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    return str(game), str(text)


@pytest.mark.parametrize(("paid", "code"), [(1, 0), (7, 1)])
def test_the_command(
    files: tuple[str, str],
    paid: int,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = answers(E=RIGHT["E"] | {"E2": [0, paid]})
    reader = ScriptedModel(
        {"examination": said, "examination-again": said, "open-points": OPEN}, name="reader"
    )
    monkeypatch.setattr("nl2efg.cli.models.models_for", lambda *_, **__: [reader])
    game, text = files
    with pytest.raises(SystemExit) as ended:
        main(["check", game, "--text", text, "--verify"])
    assert (ended.value.code or 0) == code
    shown = capsys.readouterr()
    assert "examined by reader: 5 questions" in shown.err
    assert ("C806" in shown.out) == bool(code)
    assert "finds this open: What if Otto is asleep?" in shown.out


def test_verifying_needs_the_text(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", files[0], "--verify"])
    assert ended.value.code == 2
    assert "--text" in capsys.readouterr().err


def test_a_payoff_that_the_text_leaves_open_is_a_note() -> None:
    model = coin_model(examination=answers(E=RIGHT["E"] | {"E3": ["?", "?"]}))
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    (one,) = (each for each in compilation.diagnostics if each.code == "C808")
    assert one.severity is Severity.NOTE
    assert "what Ida gets here (and 1 more payoffs); the game pays 0" in one.message
    assert "examination-again" not in model.stages


def test_open_points_are_compared_between_two_readers(tmp_path: Path) -> None:
    """What the text settles is no assumption any more, and what the second reader adds is one."""
    model = coin_model(examination=answers(), open_points=OPEN)
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    assert compilation.record.assumptions == (
        "What if Otto is asleep? Left open, as a second reader finds.",
    )
    found = {each.code: each for each in compilation.diagnostics if each.code.startswith("C8")}
    assert set(found) == {"C809", "C810"}
    assert {each.severity for each in found.values()} == {Severity.NOTE}
    assert "takes it or throws it away" in (found["C809"].sentence or "")
    asked = model.asked[-1].messages[1].content
    assert "Q1. Can Otto wait?" in asked
    assert "He cannot." not in asked
    folder = compilation.write(tmp_path / "coin.nl2efg")
    exam = json.loads((folder / "exam.json").read_text(encoding="utf-8"))
    assert [(each["question"], each["found_by"]) for each in exam["open_points"]] == [
        ("Can Otto wait?", "first reading"),
        ("What if Otto is asleep?", "second reader"),
    ]


def test_what_both_readers_find_open_stays_assumed() -> None:
    compilation = nl2efg.compile(
        TEXT, model=coin_model(examination=answers()), verify=True, solve=False
    )
    assert compilation.record.assumptions == ("Can Otto wait? Assumed: He cannot.",)
    record = compilation.record.examination
    assert record is not None
    assert [each.found_by for each in record.open_points] == ["both"]


def test_open_points_without_answers_are_a_note() -> None:
    model = coin_model(examination=answers(), open_points="I would rather not.")
    compilation = nl2efg.compile(TEXT, model=model, verify=True, solve=False)
    (one,) = (each for each in compilation.diagnostics if each.code.startswith("C8"))
    assert (one.code, one.severity) == ("C807", Severity.NOTE)
    assert compilation.record.assumptions == ("Can Otto wait? Assumed: He cannot.",)
