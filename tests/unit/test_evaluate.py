"""Evaluation: expected.json, corpora, judging, intervals, tables and the two commands."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.cli.app import main
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.evaluate import (
    Judgement,
    Trial,
    broken_expectations,
    evaluate,
    load_corpus,
    load_expected,
    load_replies,
    pass_at,
    wilson,
)
from nl2efg.evaluate.compiling import ablated, compile_trials
from nl2efg.evaluate.tables import as_json, as_lines, as_markdown
from nl2efg.tree import GameTree, TreeBuilder, write_efg
from tests.scripted import CODE, SKETCH, TEXT, Scripted, fenced
from tests.trees import kuhn


def choice(*payoffs: int, player: str = "Ann") -> GameTree:
    """One player picks one of some payoffs."""
    builder = TreeBuilder([player], "A choice")
    labels = [f"take {number}" for number in range(len(payoffs))]
    for end, value in zip(
        builder.move(0, builder.information_set(0, labels)), payoffs, strict=True
    ):
        builder.pay(end, [value])
    return builder.build()


def put(folder: Path, name: str, reference: str | None, expected: object = None) -> None:
    """Write one game of a corpus."""
    own = folder / name
    own.mkdir(parents=True)
    (own / "description.txt").write_text("Ann takes one of the prizes.", encoding="utf-8")
    if reference is not None:
        (own / "reference.efg").write_text(reference, encoding="utf-8")
    if expected is not None:
        text = expected if isinstance(expected, str) else json.dumps(expected)
        (own / "expected.json").write_text(text, encoding="utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "games"
    put(folder, "plain", write_efg(choice(1, 2)))
    put(
        folder,
        "open",
        write_efg(choice(1, 2, 3)),
        {
            "title": "Open",
            "payoffs": "constraints",
            "open_payoffs": ["u[Ann](take 2)"],
            "constraints": ["u[Ann](take 2) > u[Ann](take 1)"],
        },
    )
    put(folder, "nothing", None, {"title": "No game", "is_game": False})
    put(folder, "unreferenced", None)
    put(folder, "broken", "EFG 2 R oops")
    put(folder, "ill_set", write_efg(choice(1, 2)), {"title": "x", "payofs": "exact"})
    put(
        folder,
        "lost",
        write_efg(choice(1, 2)),
        {"title": "x", "payoffs": "constraints", "constraints": ["u[Ann](take 9) > 0"]},
    )
    return folder


def test_a_corpus_goes_on_without_what_is_broken(corpus: Path) -> None:
    found = load_corpus(corpus)
    assert set(found.games) == {"plain", "open", "nothing", "lost"}
    assert "reference.efg is missing" in found.problems["unreferenced"]
    assert "reference.efg" in found.problems["broken"]
    assert "payofs" in found.problems["ill_set"]
    judged = evaluate(found, [Trial("1", "lost", choice(1)), Trial("2", "plain", choice(2, 1))])
    assert [each.judgement for each in judged.judged] == [Judgement.RIGHT]
    assert any("lost" in problem and "no such history" in problem for problem in judged.problems)


def test_trials_are_judged_as_the_game_says(corpus: Path) -> None:
    unpaid = TreeBuilder(["Ann"])
    ends = unpaid.move(0, unpaid.information_set(0, ["a", "b", "c"]))
    unpaid.pay(ends[0], [1])
    unpaid.pay(ends[1], [2])
    trials = [
        (Trial("a", "plain", choice(2, 1, player="Eve")), Judgement.RIGHT),
        (Trial("b", "plain", choice(1, 3)), Judgement.WRONG),
        (Trial("c", "plain", None), Judgement.NO_GAME),
        (Trial("d", "open", choice(1, 2, 7)), Judgement.RIGHT),
        (Trial("e", "open", choice(1, 2, 0)), Judgement.WRONG),
        (Trial("f", "open", unpaid.build()), Judgement.WRONG),
        (Trial("g", "nothing", None, refused=True), Judgement.RIGHT),
        (Trial("h", "nothing", choice(1)), Judgement.WRONG),
        (Trial("i", "nothing", None, error="no connection"), Judgement.WRONG),
    ]
    found = evaluate(load_corpus(corpus), [trial for trial, _ in trials])
    judgements = {each.trial.id: each.judgement for each in found.judged}
    assert judgements == {trial.id: judgement for trial, judgement in trials}
    words = {each.trial.id: each.difference for each in found.judged}
    assert words["b"] == "after (take 1), Ann gets 3 in A and 2 in B"
    assert "breaks the constraint" in words["e"]
    assert "no outcome" in words["f"]


def test_consensus_is_found_without_the_reference(corpus: Path) -> None:
    warning = Diagnostic("C101", Severity.WARNING, "odd")
    games = [choice(1, 2), choice(5, 6), choice(2, 1), None, choice(5, 5)]
    trials = [
        Trial(str(n), "plain", tree, "m", "s", label=n in (0, 2)) for n, tree in enumerate(games)
    ]
    found = evaluate(
        load_corpus(corpus), trials, lambda tree, _: () if tree == choice(2, 1) else (warning,)
    )
    (cell,) = found.cells
    assert cell.consensus is True
    assert (cell.agreeing, cell.right) == (2, 2)
    assert not found.disagreements
    flags, wrong, right = found.flags()
    assert [(flag.code, flag.wrong, flag.right) for flag in flags] == [("C101", 2, 1)]
    assert (wrong, right) == (2, 1)
    total = found.total()
    assert (total.trials, total.built, total.right, total.k) == (5, 4, 2, 5)
    assert total.pass_k.share == 1
    markdown = as_markdown(found)
    assert "| plain | 5 | 4 | 2 | 40.0 %" in markdown
    assert "## Left out" in markdown
    assert "C101" in as_lines(found)
    data = json.loads(json.dumps(as_json(found)))
    assert data["total"]["right"] == 2
    assert len(data["trials"]) == 5


def test_a_mended_trial_says_nothing_about_its_label(corpus: Path) -> None:
    slip = (Diagnostic("B302", Severity.NOTE, "mended"),)
    trial = Trial("1", "plain", choice(1, 2), label=False, diagnostics=slip)
    found = evaluate(load_corpus(corpus), [trial])
    assert found.labelled == []
    assert [each.right for each in found.mended] == [True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "expected.json:1:2"),
        ("[]", "the file"),
        ('{"title": 1, "structure": "same"}', "structure"),
        ('{"title": "x", "constraints": ["u[A](a) > 0"]}', "constraints"),
        ('{"title": "x", "recorded": {"outcome": "maybe"}}', "recorded.outcome"),
    ],
)
def test_a_wrong_expected_file_is_told(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "expected.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=words):
        load_expected(file)


def test_expectations_are_checked_against_the_reference(tmp_path: Path) -> None:
    put(
        tmp_path,
        "kuhn",
        write_efg(kuhn()),
        {
            "title": "Kuhn poker",
            "facts": {
                "players": 2,
                "terminals": 30,
                "information_sets": {"Alice": 6, "Bob": 6},
                "zero_sum": True,
                "perfect_recall": True,
            },
            "values": [{"player": "Alice", "value": "-1/18", "source": "Kuhn 1950"}],
        },
    )
    game = load_corpus(tmp_path).games["kuhn"]
    assert game.reference is not None
    assert broken_expectations(game.expected, game.reference) == []
    broken = broken_expectations(game.expected, choice(1))
    assert {"players: 2 expected, 1 found", "there is no player 'Alice'"} <= set(broken)


def test_replies_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    rows = [
        '{"game": "plain", "reply": "EFG\\u2028", "label": "correct"}',
        "{",
        "[1]",
        '{"game": "plain"}',
        '{"game": "plain", "reply": "x", "label": "perhaps"}',
        "",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    replies, problems = load_replies(file)
    assert [(reply.id, reply.label) for reply in replies] == [("line 1", True)]
    assert len(problems) == 4
    assert all(
        f"{file}:{line}:" in problem for line, problem in zip((2, 3, 4, 5), problems, strict=True)
    )
    file.write_text("nothing", encoding="utf-8")
    with pytest.raises(UserError, match="no line is a reply"):
        load_replies(file)
    with pytest.raises(NotFoundError):
        load_replies(tmp_path / "none.jsonl")


def test_intervals() -> None:
    # Brown, Cai and DasGupta (2001), formula (4), by hand for 2 of 10 and for none of 10.
    rate = wilson(2, 10)
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.0567, 0.5098)
    assert wilson(0, 10).low == 0
    assert round(wilson(0, 10).high, 4) == 0.2775
    assert pass_at(1, 5, 2) == pytest.approx(0.4)
    assert pass_at(2, 5, 2) == pytest.approx(1 - 3 / 10)
    assert pass_at(5, 5, 1) == 1
    assert round(wilson(1.0, 1).low, 3) == 0.207
    for call in (lambda: wilson(0, 0), lambda: pass_at(6, 5, 1)):
        with pytest.raises(ValueError):
            call()


@given(st.integers(1, 60), st.data())
def test_wilson_contains_the_share(tries: int, data: st.DataObject) -> None:
    rate = wilson(data.draw(st.integers(0, tries)), tries)
    assert 0 <= rate.low <= rate.share + 1e-12
    assert rate.share - 1e-12 <= rate.high <= 1


def test_layers_to_leave_out() -> None:
    options = ablated(["sketch", "repair"])
    assert (options.sketch, options.rounds, options.check, options.solve) == (False, 0, True, False)
    with pytest.raises(UserError, match="cannot be left out"):
        ablated(["everything"])


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_eval_command(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert json.loads(out)["bijection"]["nodes"] == [[0, 0], [1, 2], [2, 1]]
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


def test_trials_from_the_compiler(tmp_path: Path) -> None:
    own = tmp_path / "coin"
    own.mkdir()
    (own / "description.txt").write_text(TEXT, encoding="utf-8")
    builder = TreeBuilder(["Ida", "Otto"])
    taken, left = builder.move(0, builder.information_set(0, ["Take", "Leave"]))
    found, thrown = builder.move(left, builder.information_set(1, ["Take", "Throw away"]))
    for node, paid in ((taken, [1, 0]), (found, [0, 1]), (thrown, [0, 0])):
        builder.pay(node, paid)
    (own / "reference.efg").write_text(write_efg(builder.build()), encoding="utf-8")
    corpus = load_corpus(tmp_path)
    wrong = CODE.replace("[0, 1]", "[0, 2]")
    model = Scripted({"information": SKETCH, "code": [fenced(CODE), fenced(wrong)]})
    trials = asyncio.run(
        compile_trials(corpus, lambda _: [model], samples=2, without=["repair", "check"])
    )
    judged = evaluate(corpus, trials)
    assert sorted(each.right for each in judged.judged) == [False, True]
    total = judged.total()
    assert (total.trials, total.right, total.calls) == (2, 1, 4)
    assert {each.setting for each in trials} == {"without repair, check"}
