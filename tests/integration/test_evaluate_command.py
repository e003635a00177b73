"""``nl2efg eval`` and ``nl2efg diff``."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from nl2efg.cli.app import main
from nl2efg.formats import write_efg
from nl2efg.game import TreeBuilder
from nl2efg.models.cached import CachedModel
from nl2efg.models.replay import RecordingFile
from nl2efg.pipeline import compile_async, examples
from tests.corpora import WRONG, choice, coin_corpus, put
from tests.fakes.openai_server import FakeService, Received, Step, choose, status, text
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = [pytest.mark.process, pytest.mark.server]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_eval_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "games"
    put(corpus, "plain", write_efg(choice(1, 2)), {"title": "plain", "names": "free"})
    put(corpus, "unreferenced", None)
    file = tmp_path / "replies.jsonl"
    rows = [
        {"game": "plain", "reply": write_efg(choice(2, 1)), "label": "correct"},
        {"game": "plain", "reply": "I cannot do that."},
        {"game": "unknown", "reply": write_efg(choice(2, 1))},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, out, err = run(capsys, "eval", corpus, "--replies", file, "--json")
    assert code == 0
    assert json.loads(out)["total"]["right"] == 1
    assert "unreferenced" in err
    assert "'unknown'" in err
    code, out, _ = run(capsys, "eval", corpus, "--replies", file, "--markdown")
    assert "Agreement with the labels: 1 of 1" in out
    for arguments in (
        ("eval", corpus, "--replies", tmp_path / "none"),
        ("eval", tmp_path / "none", "--replies", file),
        ("eval", corpus, "--replies", file, "--json", "--markdown"),
        ("eval", corpus, "--ablate", "everything"),
    ):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (2, "")
        assert err.startswith(("nl2efg: ", "left out: "))


def recorded_corpus(folder: Path) -> Path:
    """Two games, one of them with two recorded samples: the first right, the second not."""
    coin_corpus(folder)
    put(folder / "deep", "plain", write_efg(choice(1, 2)), {"title": "plain", "names": "free"})
    model = coin_model(code=[fenced(CODE), fenced(WRONG)])
    recorder = CachedModel(model, RecordingFile(folder / "coin" / "replies.jsonl"))
    asyncio.run(compile_async(TEXT, model=recorder, samples=2, check=False, solve=False))
    return folder


def test_recorded_replies_are_judged_without_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = recorded_corpus(tmp_path / "games")
    code, out, err = run(capsys, "eval", corpus, "--json")
    assert code == 0
    assert "replies recorded of scripted, for 1 of 2 games" in err
    assert "left out" not in err
    found = json.loads(out)
    assert (found["total"]["trials"], found["total"]["right"]) == (2, 1)
    assert found["idle"] == {"plain": "not recorded"}
    code, out, _ = run(capsys, "eval", corpus, "--samples", "1", "--markdown")
    assert "| coin | right | 1 | 1 |" in out
    assert "| plain | not recorded |" in out
    assert "1 game; of each" in out
    assert "remark" not in out
    file = corpus / "coin" / "replies.jsonl"
    file.write_text(re.sub('"prompt_sha256": "..', '"prompt_sha256": "xx', file.read_text("utf-8")))
    _, stale, _ = run(capsys, "eval", corpus, "--samples", "1", "--markdown")
    assert "| answers with a remark | 2 | 2 calls; --json tells them |" in stale
    _, told, _ = run(capsys, "eval", corpus, "--samples", "1", "--json")
    assert "an earlier prompt" in json.loads(told)["trials"][0]["remarks"][0]
    # A configured model is not asked for what --recorded replays.
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    again = run(capsys, "eval", corpus, "--samples", "1", "--markdown", "--recorded")
    assert (again[0], again[1]) == (code, stale)


def test_every_bundled_game_has_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "eval", "--json", "--samples", "1")
    assert code == 0
    assert "left out" not in err
    found = json.loads(out)
    known = {game.name for game in examples()}
    assert {game["name"] for game in found["games"]} | set(found["idle"]) == known
    assert found["total"]["trials"] == len(known) - len(found["idle"])


def test_options_of_eval_that_exclude_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = recorded_corpus(tmp_path / "games")
    replies = tmp_path / "programs.jsonl"
    for arguments, words in (
        (("--recorded", "--model", "m"), "--recorded and --model"),
        (("--recorded", "--keep", tmp_path), "--recorded and --keep"),
        (("--replies", replies, "--ablate", "check"), "--replies and --ablate"),
        (("--replies", replies, "--samples", "2"), "--replies and --samples"),
        (("--ablate", "sketch"), "needs a model"),
    ):
        code, out, err = run(capsys, "eval", corpus, *arguments)
        assert (code, out) == (2, "")
        assert words in err
    plain = tmp_path / "plain"
    put(plain, "plain", write_efg(choice(1, 2)), {"title": "plain", "names": "free"})
    for arguments, words in (
        ((plain, "--recorded"), "no game of this corpus is recorded"),
        ((plain,), "no model is configured"),
        (("--keep", tmp_path), "--keep: for a model, and none is configured"),
    ):
        code, out, err = run(capsys, "eval", *arguments)
        assert (code, out) == (3, "")
        assert words in err


def answers(received: Received) -> Step:
    """Stage 1 gets the sketch and stage 2 the code."""
    return text(SKETCH if received.asks_for_the_sketch else fenced(CODE))


def test_eval_asks_a_model_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, kept = tmp_path / "games", tmp_path / "kept"
    coin_corpus(corpus)
    monkeypatch.setenv("NL2EFG_PRICE_IN", "100")
    monkeypatch.setenv("NL2EFG_PRICE_OUT", "100")
    monkeypatch.setattr("nl2efg.cli.progress.LINES", 0.0)
    command = ("eval", corpus, "--model", "m", "--samples", "3", "--keep", kept, "--json")
    steps = [choose(answers), choose(answers), choose(answers), choose(answers), status(401)]
    with FakeService(*steps) as service:
        code, out, err = run(capsys, *command, "--base-url", service.base_url)
    assert code == 3
    first = json.loads(out)
    assert first["unanswered"] == 3 - first["total"]["trials"] > 0
    assert "left out: coin: " in err
    with FakeService(choose(answers)) as service:
        code, out, err = run(capsys, *command, "--base-url", service.base_url)
        assert (code, len(service.requests)) == (0, 2)
    again = json.loads(out)
    assert (again["total"]["trials"], again["total"]["right"]) == (3, 3)
    assert "compiling: 3 of 3" in err
    assert "6 answers of " in err
    assert "4 of them kept from before; this start cost $" in err
    assert 0 < again["total"]["cost"] < again["total"]["tokens"] * 1e-4


def test_nothing_answered_is_the_services_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "games"
    coin_corpus(corpus)
    with FakeService(status(401)) as service:
        code, out, err = run(capsys, "eval", corpus, "--model", "m", "--base-url", service.base_url)
    assert (code, out) == (3, "")
    assert "nothing was answered" in err


def test_a_budget_ends_an_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "games"
    coin_corpus(corpus)
    monkeypatch.setenv("NL2EFG_PRICE_IN", "1000")
    monkeypatch.setenv("NL2EFG_PRICE_OUT", "1000")
    with FakeService(choose(answers)) as service:
        code, _, err = run(
            capsys, "eval", corpus, "--model", "m", "--base-url", service.base_url,
            "--samples", "40", "--max-cost", "20",
        )  # fmt: skip
        assert len(service.requests) < 80
    assert code == 3
    assert "--max-cost" in err


def test_every_figure_is_defined_in_the_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    _, told, _ = run(capsys, "eval", "--help")
    for measure in (
        "pass@1",
        "pass@k",
        "consensus",
        "right at the first attempt",
        "open points and contradictions reported",
        "texts of no game recognised",
        "model calls, tokens",
    ):
        assert f"{measure}: " in " ".join(told.split()), measure


def test_diff_tells_actions_whose_labels_repeat_or_are_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def game(name: str, labels: list[str]) -> Path:
        builder = TreeBuilder(["", ""])
        first, second = builder.information_set(0, labels), builder.information_set(1, labels)
        leaves = [leaf for node in builder.move(0, first) for leaf in builder.move(node, second)]
        for paid, leaf in enumerate(leaves):
            builder.pay(leaf, [paid, paid * paid])
        (tmp_path / name).write_text(write_efg(builder.build()), encoding="utf-8")
        return tmp_path / name

    a, b = game("a.efg", ["1", "1"]), game("b.efg", ["1", ""])
    code, out, _ = run(capsys, "diff", a, b, "--json")
    assert code == 0
    found = json.loads(out)["bijection"]
    assert found["players"] == [{"a": "", "b": ""}] * 2
    pairs = [{"a": "1", "b": "1"}, {"a": "1", "b": ""}]
    assert [each["actions"] for each in found["information_sets"]] == [pairs, pairs]
    code, out, _ = run(capsys, "diff", a, b)
    assert "1 is the action without a name" in out


def test_diff_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = {}
    for name, tree in (
        ("a", choice(1, 2)),
        ("b", choice(2, 1, player="Eve\x1b[31m")),
        ("c", choice(2, 2)),
    ):
        names[name] = tmp_path / f"{name}.efg"
        names[name].write_text(write_efg(tree), encoding="utf-8")
    code, out, err = run(capsys, "diff", names["a"], names["b"])
    assert (code, err) == (0, "")
    assert out.startswith("the same game")
    assert "\x1b" not in out
    code, out, _ = run(capsys, "diff", names["a"], names["c"], "--json")
    assert code == 1
    assert json.loads(out)["verdict"] == "different"
    code, out, _ = run(capsys, "diff", names["a"], names["b"], "--json")
    found = json.loads(out)["bijection"]
    assert found["nodes"] == [[0, 0], [1, 2], [2, 1]]
    assert [set(each) for each in found["players"]] == [{"a", "b"}]
    assert len(found["information_sets"][0]["actions"]) == 2
    code, out, _ = run(capsys, "diff", names["a"], names["b"], "--budget", "1")
    assert code == 4
    assert "undecided" in out
    code, out, _ = run(
        capsys,
        "diff",
        names["b"],
        names["a"],
        "--payoffs",
        "constraints",
        "--open",
        "u[Ann](take 1)",
        "--constraint",
        "u[Ann](take 1) > 1",
    )
    assert code == 0
    names["a"].write_text("EFG 2 R oops", encoding="utf-8")
    for arguments in (
        (names["a"], names["c"]),
        (names["b"], names["c"], "--structure", "alike"),
        (names["b"], tmp_path / "none.efg"),
        (names["b"], names["c"], "--payoffs", "constraints", "--constraint", "u[Ann](x) > 1"),
    ):
        code, out, err = run(capsys, "diff", *arguments)
        assert (code, out) == (2, "")
        assert err
