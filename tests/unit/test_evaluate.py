"""Evaluation: expected.json, corpora, judging, intervals and tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.evaluation import (
    Expected,
    Judgement,
    Points,
    Reported,
    Trial,
    broken_expectations,
    evaluate,
    load_corpus,
    load_expected,
    load_replies,
    pass_at,
    wilson,
)
from nl2efg.evaluation.json_report import as_json
from nl2efg.evaluation.reported_points import points_of, report, tells
from nl2efg.evaluation.tables import as_lines, as_markdown
from nl2efg.examination.open_points import OpenPoints
from nl2efg.formats import write_efg
from nl2efg.game import TreeBuilder
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch
from tests.corpora import choice, put
from tests.trees import kuhn


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "games"
    put(folder, "plain", write_efg(choice(1, 2)), {"title": "plain", "names": "free"})
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


def test_games_are_found_at_any_depth(tmp_path: Path) -> None:
    efg = write_efg(choice(1, 2))
    for name in ("one/a", "two/a", "two/deep/b", ".hidden/c"):
        put(tmp_path, name, efg)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.svg").write_text("<svg/>", encoding="utf-8")
    put(tmp_path, "empty", efg)
    (tmp_path / "empty" / "description.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "reference.efg").write_text(efg, encoding="utf-8")
    found = load_corpus(tmp_path)
    assert list(found.games) == ["b", "one/a", "two/a"]
    assert found.games["b"].folder == tmp_path / "two" / "deep" / "b"
    assert set(found.problems) == {"empty", "half"}
    assert "the description is empty" in found.problems["empty"]
    assert "description.txt" in found.problems["half"]
    assert list(load_corpus(tmp_path / "two" / "deep" / "b").games) == ["b"]


def test_what_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("Ann chooses.", encoding="utf-8")
    for folder, words in (
        (tmp_path, "no game that can be used"),
        (tmp_path / "none", "does not exist"),
        (tmp_path / "story.txt", "is no folder"),
    ):
        with pytest.raises(UserError, match=words) as told:
            load_corpus(folder)
        assert "nl2efg batch" in told.value.hint


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
    assert total.pass_k is not None
    assert total.pass_k.share == 1
    assert total.first is None
    markdown = as_markdown(found)
    assert "| plain | 2 of 5 right | 5 | 4 | 40.0 %" in markdown
    assert "### Left out" in markdown
    assert "| nothing | not recorded |" in markdown
    assert "| lost | cannot be judged |" in markdown
    assert "| broken | cannot be used |" in markdown
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


def sketched(**points: Sequence[tuple[str, str]]) -> Sketch:
    """A sketch with assumptions and contradictions: pairs of a question and what was taken."""
    return Sketch.model_validate(
        {"players": ["Ida"]}
        | {
            kind: [{"question": question, "assumed": taken} for question, taken in pairs]
            for kind, pairs in points.items()
        }
    )


@pytest.mark.parametrize(
    ("entry", "point", "told"),
    [
        ("payoff", "What are the PAYOFFS in numbers?", True),
        ("rent", "Do both parents see different numbers?", False),
        ("3 or 4 for the landlord's rent", "Is the rent 3 or 4? 4 for the landlord", True),
        ("3 or 4 for the landlord's rent", "Is the rent 3? The landlord takes it", False),
        ("3 or 4", "Is it 34?", False),
        ("payoff|worth", "What is each end worth?", True),
        ("payoff|worth 3|three", "What are the payoffs, three or two?", True),
        ("payoff|worth 3|three", "What is it worth?", False),
        ("1/2", "The odds are not told: 1/2", True),
        ("0.5", "The odds are not told: 0.25", False),
        ("谁先走", "不知道谁先走。", True),
        ("谁先走", "不知道概率。", False),
    ],
)
def test_a_point_tells_an_entry(entry: str, point: str, told: bool) -> None:
    assert tells(point, entry) is told


def test_points_are_held_against_what_must_be_reported() -> None:
    expected = Expected(title="x", assumptions=("price",), contradictions=("3 or 4",))
    sketch = sketched(
        assumptions=[("What is the price?", "2"), ("Is it 3 or 4?", "3"), ("Who begins?", "Ann")],
    )
    found = report(points_of(sketch), expected)
    assert found == Reported(told=("price",), missing=("3 or 4",), further=2)
    again = report(points_of(sketched(contradictions=[("3 here and 4 there", "4")])), expected)
    assert again == Reported(told=("3 or 4",), missing=("price",), further=0)
    assert report(points_of(None), expected).missing == ("price", "3 or 4")


def test_what_a_second_reader_says_of_open_points_counts() -> None:
    expected = Expected(title="x", assumptions=("price", "ties"))
    sketch = sketched(assumptions=[("What is the price?", "2"), ("Who begins?", "Ann")])
    second = OpenPoints(("How are ties broken?",), (("Who begins?", "Ann begins."),))
    found = report(points_of(sketch, second), expected)
    assert found == Reported(told=("price", "ties"), missing=(), further=0)
    assert report(points_of(None, second), expected).told == ("ties",)


def test_figures_of_games_with_different_numbers_of_compiles(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path, name, write_efg(choice(1, 2)), {"title": name, "assumptions": ["prize"]})
    put(tmp_path, "nothing", None, {"title": "No game", "is_game": False})
    told, silent = Points(("What are the prizes? 1 and 2", "Who is Ann?")), Points()
    good, bad = choice(1, 2), choice(1, 3)
    trials = [
        Trial("a0", "a", good, points=told, calls=2, tokens=10),
        Trial("a1", "a", good, points=silent, calls=3, tokens=30, repairs=1),
        Trial("a2", "a", bad, points=told, calls=2, tokens=20),
        Trial("a3", "a", None, points=silent, calls=1, tokens=20, refused=True, error="no game"),
        Trial("b0", "b", good, points=told, calls=3, tokens=40, again=1),
        Trial("n0", "nothing", None, points=silent, calls=1, tokens=5, refused=True, error="none"),
    ]
    found = evaluate(load_corpus(tmp_path), trials)
    total = found.total()
    assert total.pass_1 == wilson(0.5 + 1 + 1, 3)
    assert (total.several, total.k) == (1, 4)
    assert total.pass_k == wilson(1, 1)
    assert total.consensus == wilson(1, 1)
    assert total.first == wilson(2, 6)
    assert (total.repairs, total.again) == (1, 1)
    assert (total.demanded, total.told, total.further) == (5, 3, 3)
    assert (total.no_game, total.recognised, total.denied) == (1, 1, 1)
    assert (total.calls, total.calls_each, total.tokens, total.tokens_each) == (12, 2, 125, 20)
    by_game = {summary.name: summary for summary in found.by_game()}
    assert by_game["a"].pass_1 == wilson(2, 4)
    assert by_game["b"].pass_k is None
    markdown = as_markdown(found)
    for row in (
        "| pass@4 | 100.0 % [21, 100] | 1 game with 4 compiles or more |",
        "| open points and contradictions reported | 3 of 5 |",
        "| texts of no game recognised | 1 of 1 | 1 compile of such texts |",
        "| games taken for no game | 1 | 5 compiles of games |",
        "| tokens | median 20, 125 in all | 6 compiles |",
        "| a2 | wrong | after (take 1), Ann gets 3 in A and 2 in B |",
    ):
        assert row in markdown
    assert json.loads(json.dumps(as_json(found)))["total"]["told"] == 3


def test_a_game_counts_once_for_each_model(tmp_path: Path) -> None:
    put(tmp_path, "a", write_efg(choice(1, 2)))
    trials = [
        Trial("1", "a", choice(1, 2), model="m"),
        Trial("2", "a", choice(1, 2), model="n"),
        Trial("3", "a", choice(1, 3), model="n"),
    ]
    found = evaluate(load_corpus(tmp_path), trials)
    assert found.total().pass_1 == wilson(1.5, 2)
    markdown = as_markdown(found)
    assert "2 pairs of game and setting or model; of each" in markdown
    assert "| 1 pair of game and setting or model with 2 compiles or more |" in markdown
    assert "### By setting and model" in markdown


def test_consensus_that_there_is_no_game(tmp_path: Path) -> None:
    put(tmp_path, "nothing", None, {"title": "No game", "is_game": False})
    refused = [Trial(str(n), "nothing", None, refused=True) for n in range(2)]
    (cell,) = evaluate(load_corpus(tmp_path), refused).cells
    assert (cell.consensus, cell.agreeing) == (True, 2)
    misled = Trial("2", "nothing", choice(1))
    (cell,) = evaluate(load_corpus(tmp_path), [*refused, misled]).cells
    assert cell.consensus is False


def test_long_tables_are_folded_and_failures_cut(tmp_path: Path) -> None:
    names = [f"g{number:02}" for number in range(25)]
    for name in names:
        put(tmp_path, name, write_efg(choice(1, 2)))
    found = evaluate(load_corpus(tmp_path), [Trial(name, name, choice(1, 3)) for name in names])
    markdown = as_markdown(found)
    assert "<summary>By game: 25 rows</summary>" in markdown
    assert "| 5 more |" in markdown
    assert markdown.count("| wrong |") == 25 + 20
