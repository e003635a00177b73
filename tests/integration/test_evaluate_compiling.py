"""Trials from the compiler: what is asked, kept, chosen and left unanswered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from nl2efg.errors import (
    BudgetError,
    RefusalError,
    SandboxError,
    StorageError,
    UnavailableError,
    UserError,
)
from nl2efg.evaluation import Judgement, Points, Trial, evaluate
from nl2efg.evaluation.kept_replies import keeping, kept_file
from nl2efg.evaluation.run_trials import TrialTask, ablated, compile_trials
from nl2efg.models import ScriptedModel
from nl2efg.models.cached import CachedModel
from nl2efg.models.replay import RecordingFile
from nl2efg.pipeline import compile
from tests.corpora import WRONG, coin_corpus
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = pytest.mark.process


def test_layers_to_leave_out() -> None:
    options = ablated(["sketch", "repair"])
    assert (options.sketch, options.rounds, options.check, options.solve) == (False, 0, True, False)
    with pytest.raises(UserError, match="cannot be left out"):
        ablated(["everything"])


def test_trials_from_the_compiler(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path)
    model = ScriptedModel({"information": SKETCH, "code": [fenced(CODE), fenced(WRONG)]})
    task = TrialTask(corpus.games["coin"], model, 2)
    trials = asyncio.run(compile_trials([task], without=["repair", "check"]))
    judged = evaluate(corpus, trials)
    assert sorted(each.right for each in judged.judged) == [False, True]
    total = judged.total()
    assert (total.trials, total.right, total.calls) == (2, 1, 4)
    assert {each.setting for each in trials} == {"without repair, check"}
    assert {each.points for each in trials} == {Points(("Can Otto wait? He cannot.",))}


def test_the_consensus_is_the_compilers_own(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path)
    codes = [fenced(WRONG), fenced(CODE), fenced(CODE), "No.", fenced(WRONG)]
    model = ScriptedModel({"information": SKETCH, "code": codes})
    options = {"rounds": 0, "check": False, "solve": False}
    compiled = compile(TEXT, model=model, samples=5, **options)
    task = TrialTask(corpus.games["coin"], model, 5)
    trials = asyncio.run(compile_trials([task], without=["repair", "check"]))
    (taken,) = [number for number, trial in enumerate(trials) if trial.taken]
    assert taken == compiled.record.chosen_sample
    assert trials[taken].tree == compiled.tree
    (cell,) = evaluate(corpus, trials).cells
    assert cell.consensus is (taken in (1, 2))
    assert cell.agreeing == 2


def test_what_the_service_did_not_answer_is_not_judged(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path)
    gone = UnavailableError("the service is gone")
    model = ScriptedModel(
        {"information": SKETCH, "code": [fenced(CODE), gone, RefusalError("never")]}
    )
    trials = asyncio.run(compile_trials([TrialTask(corpus.games["coin"], model, 3)]))
    found = evaluate(corpus, trials)
    assert [each.judgement for each in found.judged] == [Judgement.RIGHT, Judgement.NO_GAME]
    assert found.unanswered == 1
    assert "the service is gone" in found.problems[0]
    assert found.idle == {}
    assert [trial.taken for trial in trials] == [True, False, False]


def test_a_machine_without_isolation_says_nothing_about_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SandboxError("nothing holds here")

    monkeypatch.setattr("nl2efg.pipeline.sample.build_reply", refuse)
    task = TrialTask(coin_corpus(tmp_path).games["coin"], coin_model(), 2)
    with pytest.raises(SandboxError, match="nothing holds"):
        asyncio.run(compile_trials([task]))


def test_a_spent_budget_ends_the_asking(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path)
    model = ScriptedModel({"information": BudgetError("all spent")})
    trials = asyncio.run(compile_trials([TrialTask(corpus.games["coin"], model, 20)]))
    assert len(model.asked) <= 8
    found = evaluate(corpus, trials)
    assert (found.cells, found.unanswered) == ((), 20)
    assert found.idle == {"coin": "not answered"}


def test_kept_replies_are_not_asked_for_again(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path / "games")
    file = kept_file(tmp_path, "org/model:7b", "two/coin")
    assert file == tmp_path / "org%2Fmodel%3A7b" / "two%2Fcoin.jsonl"
    assert kept_file(tmp_path, "..", "a") == tmp_path / "%2E." / "a.jsonl"

    def run(
        model: ScriptedModel, without: Sequence[str] = ()
    ) -> tuple[list[Trial], CachedModel[RecordingFile]]:
        keeper = keeping(model, file)
        task = TrialTask(corpus.games["coin"], keeper, 2)
        return asyncio.run(compile_trials([task], without=without)), keeper

    first = ScriptedModel({"information": SKETCH, "code": [fenced(CODE), UnavailableError("gone")]})
    trials, _ = run(first)
    assert [bool(trial.unanswered) for trial in trials] == [False, True]
    second = coin_model()
    trials, keeper = run(second)
    assert [(request.stage, request.sample) for request in second.asked] == [("code", 1)]
    assert keeper.store.replayed == 3
    assert evaluate(corpus, trials).total().right == 2
    third = coin_model()
    run(third, ["sketch"])
    assert third.stages == ["code", "code"], "another prompt is another question"


def test_a_reply_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    corpus = coin_corpus(tmp_path / "games")
    folder = tmp_path / "kept"
    keeper = keeping(coin_model(), folder / "coin.jsonl")
    folder.write_text("now a file", encoding="utf-8")
    with pytest.raises(StorageError, match=r"coin\.jsonl cannot be read") as caught:
        asyncio.run(compile_trials([TrialTask(corpus.games["coin"], keeper, 1)]))
    assert "--keep" in caught.value.hint
    with pytest.raises(UserError, match="cannot be read"):
        keeping(coin_model(), folder / "coin.jsonl")


def test_layers_may_be_added() -> None:
    options = ablated(["repair", "verify", "tree-first"])
    assert (options.rounds, options.verify, options.method) == (0, True, "tree-first")
    with pytest.raises(UserError, match="cannot be left out or added"):
        ablated(["luck"])
