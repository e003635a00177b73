"""The compiler's stages in a row, with a model that answers from a list."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

import nl2efg
from nl2efg.errors import (
    CompilationError,
    DescriptionError,
    Nl2efgError,
    RefusalError,
    UnavailableError,
    UserError,
)
from nl2efg.formats import read_efg
from nl2efg.gambit import installed_generation
from nl2efg.pipeline import write_folder
from nl2efg.schema.record import CompilationRecord
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = pytest.mark.process

MISSING_OUTCOME = CODE.replace('label="nobody"', 'label="nobody"').rsplit("g.set_outcome", 1)[0]
BROKEN = CODE.replace('children["Leave"], "Otto"', 'children["Wait"], "Otto"')


def test_a_text_becomes_a_solved_game() -> None:
    model = coin_model()
    compilation = nl2efg.compile(TEXT, model=model, name="coin")
    assert model.stages == ["information", "code"]
    assert compilation.tree.players == ("Ida", "Otto")
    assert len(compilation.tree) == 5
    assert compilation.diagnostics == ()
    assert compilation.assumptions == ("Can Otto wait? Assumed: He cannot.",)
    assert compilation.equilibria[0].values == (1, 0)
    assert read_efg(compilation.efg) == compilation.tree
    assert compilation.graph.number_of_nodes() == 5
    assert compilation.game.title == "A coin"
    record = compilation.record
    assert (record.status, record.prompt_tokens, record.completion_tokens) == ("compiled", 20, 10)
    assert CompilationRecord.model_validate_json(record.model_dump_json()) == record


def test_the_asynchronous_twin_and_a_running_loop() -> None:
    async def inside_a_loop() -> tuple[int, int]:
        twin = await nl2efg.compile_async(TEXT, model=coin_model(), solve=False)
        return len(twin.tree), len(nl2efg.compile(TEXT, model=coin_model(), solve=False).tree)

    assert asyncio.run(inside_a_loop()) == (5, 5)


def test_a_program_that_raises_is_repaired_with_its_diagnostics() -> None:
    model = coin_model(code=fenced(BROKEN), repair_1=fenced(CODE))
    compilation = nl2efg.compile(TEXT, model=model, solve=False)
    assert model.stages == ["information", "code", "repair-1"]
    prompt = model.asked[-1].messages[-1].content
    assert "line 5" in prompt
    assert "Wait" in prompt
    assert [attempt.built for attempt in compilation.record.attempts] == [False, True]


def test_a_leaf_without_outcome_is_repaired_or_fails() -> None:
    repaired = coin_model(code=fenced(MISSING_OUTCOME), repair_1=fenced(CODE))
    assert len(nl2efg.compile(TEXT, model=repaired, solve=False).record.attempts) == 2
    stubborn = coin_model(code=fenced(MISSING_OUTCOME), repair_1=fenced(MISSING_OUTCOME))
    with pytest.raises(CompilationError, match=r"no game came out \(attempts: 2\)") as caught:
        nl2efg.compile(TEXT, model=stubborn)
    record = caught.value.record
    assert isinstance(record, CompilationRecord)
    assert record.status == "failed"
    assert record.efg is None
    assert record.attempts[-1].efg is not None


def test_repairs_end_after_the_rounds_that_were_asked_for() -> None:
    replies = {f"repair_{n}": fenced(BROKEN + f"# {n}\n") for n in range(1, 4)}
    model = coin_model(code=fenced(BROKEN), **replies)
    with pytest.raises(CompilationError):
        nl2efg.compile(TEXT, model=model, rounds=2)
    assert model.stages == ["information", "code", "repair-1", "repair-2"]


def test_the_better_attempt_is_kept_when_the_service_fails_in_between() -> None:
    extra = CODE.replace('["Ida", "Otto"]', '["Ida", "Otto", "Nobody"]')
    extra = extra.replace("[1, 0]", "[1, 0, 0]").replace("[0, 1]", "[0, 1, 0]")
    extra = extra.replace("[0, 0]", "[0, 0, 0]")
    model = coin_model(code=fenced(extra), repair_1=UnavailableError("503"))
    compilation = nl2efg.compile(TEXT, model=model, solve=False)
    assert compilation.diagnostics
    assert compilation.record.error == "503"


def test_failures_of_the_service_keep_what_was_made() -> None:
    model = coin_model(code=RefusalError("the model declined"))
    with pytest.raises(RefusalError) as caught:
        nl2efg.compile(TEXT, model=model)
    record = caught.value.record
    assert isinstance(record, CompilationRecord)
    assert record.sketch is not None
    assert [exchange.stage for exchange in record.exchanges] == ["information"]


def test_a_text_that_is_no_game_says_why() -> None:
    reply = json.dumps({"is_game": False, "why_not": "nobody chooses anything"})
    with pytest.raises(CompilationError, match="nobody chooses anything"):
        nl2efg.compile("It rained all day.", model=coin_model(information=reply))


def test_without_a_sketch_stage_1_is_not_asked() -> None:
    model = coin_model()
    nl2efg.compile(TEXT, model=model, sketch=False, solve=False)
    assert model.stages == ["code"]


def test_the_author_is_asked_about_open_points() -> None:
    model = coin_model()
    compilation = nl2efg.compile(
        TEXT, model=model, solve=False, ask=lambda points: [(points[0].question, "For a minute.")]
    )
    assert "Can Otto wait? For a minute." in model.asked[1].messages[-1].content
    assert compilation.assumptions == ("Can Otto wait? The author says: For a minute.",)


def test_a_game_that_takes_long_to_tell_is_not_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nl2efg.pipeline.verification.MAX_TOLD", 10)
    heard: list[str] = []
    model = coin_model()
    nl2efg.compile(TEXT, model=model, critic=True, solve=False, progress=heard.append)
    assert model.stages == ["information", "code"]
    assert any(line.startswith("no critic: ") for line in heard)


def test_the_critic_counts_only_with_a_quote() -> None:
    finding = {"quote": "takes it or throws it away", "problem": "Otto can also keep", "fix": "no"}
    invented = {"quote": "Otto has three choices", "problem": "one is missing", "fix": "add it"}
    critique = json.dumps({"contradictions": [finding, invented]})
    model = coin_model(critic=critique, repair_1=fenced(CODE + "# the text supports it\n"))
    compilation = nl2efg.compile(TEXT, model=model, critic=True, solve=False)
    assert model.stages == ["information", "code", "critic", "repair-1"]
    messages = [found.message for found in compilation.record.attempts[0].diagnostics]
    assert any("Otto can also keep" in message for message in messages)
    assert not any("one is missing" in message for message in messages)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "empty"), (" \n", "empty"), ("a\0b", "binary"), ("x" * 100_001, "at most 100,000")],
)
def test_texts_that_cannot_be_descriptions(text: str, problem: str) -> None:
    with pytest.raises(DescriptionError, match=problem):
        nl2efg.compile(text, model=coin_model())


def test_options_are_checked() -> None:
    with pytest.raises(UserError, match="no option 'sample'"):
        nl2efg.compile(TEXT, model=coin_model(), sample=3)
    with pytest.raises(UserError, match="samples must be at least 1"):
        nl2efg.compile(TEXT, model=coin_model(), samples=0)


def test_a_program_of_the_first_call_is_in_the_transcript(tmp_path: Path) -> None:
    both = f"```json\n{SKETCH}\n```\n{fenced(BROKEN)}"
    model = coin_model(information=both, repair_1=fenced(CODE))
    folder = nl2efg.compile(TEXT, model=model, name="coin").write(tmp_path / "coin.nl2efg")
    assert model.stages == ["information", "repair-1"]
    transcript = folder / "transcript"
    first = transcript / "01-information.attempt.py"
    assert 'children["Wait"]' in first.read_text(encoding="utf-8")
    assert "Wait" in (transcript / "01-information.diagnostics.txt").read_text(encoding="utf-8")
    assert (transcript / "02-repair-1.attempt.py").is_file()
    remark = "# As the model wrote it. The installed pygambit does not run it: it is written for"
    other = installed_generation() == 17
    assert (remark in first.read_text(encoding="utf-8")) == other


def test_the_folder_holds_everything(tmp_path: Path) -> None:
    model = coin_model(code=fenced(BROKEN), repair_1=fenced(CODE))
    compilation = nl2efg.compile(TEXT, model=model, name="coin")
    folder = compilation.write(tmp_path / "coin.nl2efg")
    names = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert names >= {
        "game.efg", "game.py", "tree.svg", "report.html", "compilation.json",
        "transcript/01-information.prompt.md", "transcript/01-information.reply.md",
        "transcript/02-code.attempt.py", "transcript/02-code.diagnostics.txt",
        "transcript/03-repair-1.attempt.py",
    }  # fmt: skip
    assert read_efg((folder / "game.efg").read_text()) == compilation.tree
    again = CompilationRecord.model_validate_json((folder / "compilation.json").read_text())
    assert again == compilation.record
    compilation.write(folder)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["coin.nl2efg"]


def test_a_foreign_folder_is_never_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "notes"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    compilation = nl2efg.compile(TEXT, model=coin_model(), solve=False)
    with pytest.raises(UserError, match="nothing was overwritten"):
        write_folder(compilation.record, {}, mine)
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_the_public_names_are_functions_whatever_is_imported_first() -> None:
    import nl2efg.comparison
    import nl2efg.schema.built
    import nl2efg.solving

    for name in set(nl2efg.__all__) - {"__version__", "errors"}:
        assert callable(getattr(nl2efg, name)), name
    with pytest.raises(AttributeError):
        _ = nl2efg.nothing  # type: ignore[attr-defined]
    assert issubclass(nl2efg.Nl2efgError, Nl2efgError)


def test_the_largest_class_of_samples_is_taken() -> None:
    generous = CODE.replace("[1, 0]", "[2, 0]")
    swapped = CODE.replace('"Take", "Throw away"', '"Throw away", "Take"')
    codes = [fenced(generous), fenced(CODE), fenced(swapped), fenced(BROKEN)]
    model = coin_model(information=[SKETCH] * 4, code=codes, repair_1=[fenced(BROKEN)] * 4)
    compilation = nl2efg.compile(TEXT, model=model, samples=4, solve=False)
    agreed = compilation.record.consensus
    assert agreed is not None
    assert (agreed.samples, agreed.agreeing, agreed.clusters) == (4, 2, ((1, 2), (0,)))
    assert compilation.record.chosen_sample == 1
    assert "Ida" in agreed.differences[0]
    assert read_efg(agreed.alternatives[0]).path_payoffs[1] == (2, 0)


def test_several_models_make_one_consensus() -> None:
    models = [coin_model(), coin_model()]
    compilation = nl2efg.compile(TEXT, model=models, solve=False)
    agreed = compilation.record.consensus
    assert agreed is not None
    assert agreed.agreeing == 2


def test_a_game_that_is_too_large_is_said_to_be_and_not_repaired() -> None:
    wide = CODE.replace('["Take", "Throw away"]', "[str(n) for n in range(300)]")
    model = coin_model(code=fenced(wide))
    with pytest.raises(CompilationError, match="more than 100 nodes") as told:
        nl2efg.compile(TEXT, model=model, max_nodes=100)
    assert "--max-nodes 500" in told.value.hint
    assert model.stages == ["information", "code"]
    assert told.value.record is not None
    built = nl2efg.compile(TEXT, model=coin_model(), max_nodes=100, solve=False)
    assert len(built.tree) == 5
