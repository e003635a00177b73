"""A game that a model changes as its author says: ``nl2efg edit``, over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import CompilationError, DescriptionError
from nl2efg.formats import load_efg
from nl2efg.pipeline.folder import read_record
from nl2efg.pipeline.versions import read_history
from tests.command_line import Ran, Run, ran
from tests.fakes.openai_server import FakeService, status, text
from tests.scripted import CODE, TEXT, fenced

pytestmark = [pytest.mark.process, pytest.mark.server]

WORDS = "Otto gets 2 for taking the coin"
RICHER = fenced(CODE.replace("[0, 1]", "[0, 2]"))


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], coin: Path) -> Run:
    monkeypatch.chdir(coin.parent)

    def run(*arguments: str, service: FakeService | None = None) -> Ran:
        more = ["--base-url", service.base_url, "--model", "fake"] if service else []
        return ran(capsys, "edit", "coin.nl2efg", *arguments, *more).flowing

    return run


def test_a_change_is_told_before_it_is_taken_and_can_be_undone(edit: Run, coin: Path) -> None:
    with FakeService(text(RICHER)) as service:
        ran = edit(WORDS, service=service)
        assert ran.code == 4
        assert "after (Leave, Take) Otto gets 2 (was 1)" in ran.err
        assert "the same command with --yes takes the change, at no cost" in ran.err
        assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 1)
        (asked,) = service.requests
        said = asked.body["messages"][1]["content"]
        assert all(part in said for part in (TEXT, WORDS, "append_move", "Otto"))
        ran = edit(WORDS, "--yes", service=service)
        assert (ran.code, len(service.requests)) == (0, 1)
    assert "edited by a model Otto gets 2 for taking the coin" in ran.out
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 2)
    record = read_record(coin)
    assert record.text.endswith(f"The author adds, and this counts: {WORDS}\n")
    assert [each.stage for each in record.exchanges] == ["information", "code", "edit-1"]
    assert (coin / "transcript/03-edit-1.attempt.py").exists()
    assert not (coin / "unfinished").exists()
    history = read_history(coin)
    assert history is not None
    assert [each.how for each in history.versions] == ["compiled", "edited by a model"]
    assert edit("--undo").code == 0
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 1)
    assert read_record(coin).text == TEXT


def test_what_comes_back_is_run_checked_and_repaired(edit: Run, coin: Path) -> None:
    broken = fenced(CODE.replace("Throw away", "Burn", 1))
    with FakeService(text(broken), text(RICHER)) as service:
        assert edit(WORDS, "--yes", service=service).code == 0
        asked = service.requests[1].body["messages"]
    assert "The program built no game" in asked[-1]["content"]
    stages = [each.stage for each in read_record(coin).exchanges]
    assert stages == ["information", "code", "edit-1", "repair-1"]


def test_json_alone_is_on_stdout(edit: Run, coin: Path) -> None:
    with FakeService(text(RICHER)) as service:
        ran = edit(WORDS, "--json", service=service)
        assert (ran.code, ran.out) == (4, "")
        ran = edit(WORDS, "--yes", "--json", service=service)
    assert json.loads(ran.out)["revision"]["words"] == WORDS


def test_two_edits_follow_each_other(edit: Run, coin: Path) -> None:
    both = fenced(CODE.replace("[0, 1]", "[0, 2]").replace("[1, 0]", "[5, 0]"))
    with FakeService(text(RICHER), text(both)) as service:
        assert edit(WORDS, "--yes", service=service).code == 0
        ran = edit("Ida gets 5", "--yes", service=service)
        assert "changed after (Take) Ida gets 5 (was 1)" in ran.out
        said = service.requests[1].body["messages"][1]["content"]
    assert "[0, 2]" in said  # the program of the first edit
    assert WORDS in said
    assert [each.stage for each in read_record(coin).exchanges][2:] == ["edit-1", "edit-2"]


def test_a_change_that_gives_no_game_leaves_all_as_it_was(edit: Run, coin: Path) -> None:
    before = (coin / "compilation.json").read_bytes()
    with FakeService(text(fenced("1 / 0"))) as service:
        ran = edit(WORDS, "--yes", "--rounds", "1", service=service)
    assert ran.code == 1
    assert "the game is as it was" in ran.err
    assert (coin / "compilation.json").read_bytes() == before
    assert read_record(coin / "unfinished").status == "failed"


def test_a_service_that_fails_keeps_what_came(edit: Run, coin: Path) -> None:
    steps = [text(fenced("1 / 0")), status(401, "revoked"), text(RICHER)]
    with FakeService(*steps) as service:
        assert edit(WORDS, "--yes", service=service).code == 3
        assert edit(WORDS, "--yes", service=service).code == 0
        assert len(service.requests) == 3


def test_nothing_changed_is_nothing_taken(edit: Run, coin: Path) -> None:
    with FakeService(text(fenced(CODE))) as service:
        ran = edit("Nothing at all", "--yes", service=service)
    assert (ran.code, "the game is the same" in ran.err) == (4, True)
    history = read_history(coin)
    assert history is not None
    assert len(history.versions) == 1


def examined(otto: int) -> str:
    """A second reader's answers, of a text in which Otto gets so much for the coin."""
    ends = {"E1": [1, 0], "E2": [0, otto], "E3": [0, 0]}
    known = {"K1": ["nothing", 2], "K2": ["Ida left the coin", 2]}
    return f"```json\n{json.dumps({'K': known, 'E': ends})}\n```"


def test_an_edit_is_verified_against_the_text_with_the_instruction(edit: Run, coin: Path) -> None:
    with FakeService(text(RICHER), text(examined(2))) as service:
        assert edit(WORDS, "--yes", "--verify", service=service).code == 0
        prompt = service.requests[1].body["messages"][-1]["content"]
    assert TEXT in prompt
    assert WORDS in prompt
    assert "append_move" not in prompt  # the reader sees no program
    record = read_record(coin)
    assert [each.stage for each in record.exchanges][-2:] == ["edit-1", "examination"]
    assert record.examination is not None
    assert all(answer.agrees for answer in record.examination.answers)
    assert json.loads((coin / "exam.json").read_text())["asked"] == 5
    assert edit("--undo").code == 0
    assert not (coin / "exam.json").exists()  # the compile was not verified


def test_an_edit_that_the_reader_disagrees_with_is_repaired(coin: Path) -> None:
    poorer = fenced(CODE.replace("[0, 1]", "[0, 3]"))
    model = nl2efg.ScriptedModel(
        {
            "edit-1": poorer,
            "examination": examined(2),
            "examination-again": examined(2),
            "repair-1": RICHER,
            "examination-1": examined(2),
        }
    )
    new = nl2efg.edit(nl2efg.Compilation.load(coin), WORDS, model=model, verify=True)
    assert nl2efg.changes(nl2efg.Compilation.load(coin), new) == (
        "after (Leave, Take) Otto gets 2 (was 1)",
    )
    assert "[0, 3]" in str(model.asked[3].messages)
    assert not [found for found in new.diagnostics if found.code.startswith("C8")]


def test_what_speaks_against_an_edit_is_told_before_it_is_taken(edit: Run, coin: Path) -> None:
    with FakeService(text(RICHER), text("I would rather not.")) as service:
        ran = edit(WORDS, "--verify", service=service)
        assert ran.code == 4
        assert "note C807: the examination's reply of fake holds no answers" in ran.err
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 1)


def test_an_edit_whose_verifier_fails_is_not_taken(edit: Run, coin: Path) -> None:
    steps = (text(RICHER), status(401, "revoked"), text(examined(2)))
    with FakeService(*steps) as service:
        ran = edit(WORDS, "--yes", "--verifier", "reader", service=service)
        assert ran.code == 3
        assert "the same command goes on from there" in ran.err
        assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 1)
        assert edit(WORDS, "--yes", "--verifier", "reader", service=service).code == 0
        # The program is not asked for again, the reader that failed is.
        assert [each.body["model"] for each in service.requests] == ["fake", "reader", "reader"]
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 2)


def test_an_open_point_is_answered(edit: Run, coin: Path) -> None:
    assert read_record(coin).assumptions == ("Can Otto wait? Assumed: He cannot.",)
    assert 'data-question="Can Otto wait?"' in (coin / "report.html").read_text()
    with FakeService(text(RICHER)) as service:
        ran = edit("--answer", "May Ida wait?", "No", service=service)
        assert (ran.code, "open are: Can Otto wait?" in ran.err) == (2, True)
        assert service.requests == []
        ran = edit("--yes", "--answer", "can Otto wait", "He takes 2 then.", service=service)
        assert ran.code == 0, ran.err
        assert (
            "Can Otto wait? He takes 2 then." in service.requests[0].body["messages"][1]["content"]
        )
    record = read_record(coin)
    assert record.assumptions == ("Can Otto wait? The author says: He takes 2 then.",)
    assert "data-question" not in (coin / "report.html").read_text()


@pytest.mark.parametrize("words", [(), ("  ",), ("--undo", WORDS), ("--undo",)], ids=str)
def test_edits_that_are_a_mistake(edit: Run, coin: Path, words: tuple[str, ...]) -> None:
    with FakeService(text(RICHER)) as service:
        assert edit(*words, service=service).code == 2
        assert service.requests == []


def test_the_library_edits_too(coin: Path) -> None:
    old = nl2efg.Compilation.load(coin)
    model = nl2efg.ScriptedModel({"edit-1": RICHER})
    new = nl2efg.edit(old, WORDS, model=model)
    assert nl2efg.changes(old, new) == ("after (Leave, Take) Otto gets 2 (was 1)",)
    assert new.equilibria
    with pytest.raises(DescriptionError):
        nl2efg.edit(old, " ", model=model)
    with pytest.raises(CompilationError) as caught:
        nl2efg.edit(old, WORDS, model=nl2efg.ScriptedModel({"edit-1": "no"}), rounds=0)
    assert caught.value.record is not None


def test_a_stopped_edit_says_that_nothing_was_changed_and_how_to_go_on(
    edit: Run, coin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with FakeService(text(RICHER)) as service:
        with monkeypatch.context() as patched:
            patched.setattr("nl2efg.revision.instruction.edited", stopped)
            before = edit(WORDS, "--yes", service=service)
        assert (before.code, service.requests) == (130, [])
        assert before.err.endswith("stopped; nothing was changed")
        with monkeypatch.context() as patched:
            patched.setattr("nl2efg.revision.instruction.revised", stopped)
            done = edit(WORDS, "--yes", service=service)
        assert (done.code, len(service.requests)) == (130, 1)
        assert "the same command goes on from there" in done.err
        assert done.err.endswith("stopped; nothing was changed")
        assert edit(WORDS, "--yes", service=service).code == 0
        assert len(service.requests) == 1
    assert load_efg(coin / "game.efg").path_payoffs[3] == (0, 2)
