"""``nl2efg solve``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.errors import UserError
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.pipeline.options import make_options
from nl2efg.solving import method_choice, sequential_search, stage_problem
from tests.references.textbook import beer_quiche
from tests.trees import absent_minded_driver, kuhn


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["solve", *arguments])
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def meeting_of_three() -> GameTree:
    """Three players who are paid for choosing the same number."""
    builder = TreeBuilder(["A", "B", "C"])
    sets = [builder.information_set(i, ["0", "1"]) for i in range(3)]
    for a, after_a in enumerate(builder.move(0, sets[0])):
        for b, after_b in enumerate(builder.move(after_a, sets[1])):
            for c, leaf in enumerate(builder.move(after_b, sets[2])):
                builder.pay(leaf, [int(a == b == c)] * 3)
    return builder.build()


def saved(folder: Path, tree: GameTree, name: str = "game.efg") -> str:
    file = folder / name
    file.write_text(write_efg(tree), encoding="utf-8")
    return str(file)


def test_an_equilibrium_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, saved(tmp_path, kuhn()))
    assert code == 0
    assert "Alice gets -1/18" in out
    assert "certificate (exact): max regret 0" in out


def test_json_is_nothing_but_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, saved(tmp_path, absent_minded_driver()), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["equilibria"][0]["players"][0]["value"] == "4/3"


def test_a_folder_gives_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved(tmp_path, kuhn(), "kuhn.efg")
    (tmp_path / "broken.efg").write_text("EFG 2 R", encoding="utf-8")
    code, out, err = run(capsys, str(tmp_path))
    assert code == 1
    assert "1 of 2 certified, 1 with exact zero regret, 1 subgame-perfect" in out
    assert "perfect recall: 1 of 1 certified" in out
    assert "refused: " in out
    assert "2/2" in err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--concept", "fair"], "there is no concept 'fair'"),
        (["--budget", "0"], "no time"),
        (["--concept", "qre", "--all"], "all does not go with qre"),
        (["--concept", "Nash"], "security"),
        (["--concept", "ce", "--one"], "--one does not go with --concept ce"),
        (["--concept", "efce", "--all"], "--all does not go with --concept efce"),
        (["--concept", "security", "--select", "risk"], "--select does not go with"),
        (["--select", "welfare", "--one"], "--one does not go with --select"),
        (["--select", "beauty"], "there is no such rule"),
        (["--select", "risk"], "strict equilibria in pure plans; there is none"),
    ],
)
def test_wrong_options_exit_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    code, out, err = run(capsys, saved(tmp_path, kuhn()), *arguments)
    assert (code, out) == (2, "")
    assert problem in err


def test_games_that_cannot_be_solved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = TreeBuilder([], "nobody plays")
    code, _, err = run(capsys, saved(tmp_path, nobody.build()))
    assert code == 2
    assert "player" in err
    code, _, err = run(capsys, str(tmp_path / "missing.efg"))
    assert code == 2
    assert "missing.efg" in err
    empty = tmp_path / "empty"
    empty.mkdir()
    code, _, err = run(capsys, str(empty))
    assert code == 2
    assert "no .efg or .nfg file" in err


def test_refinements_and_beliefs_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, saved(tmp_path, beer_quiche()))
    assert code == 0
    assert "belief of Bully at Quiche: supported if P(Surly, Quiche) ≤ 1/2" in out
    assert "intuitive criterion: no" in out
    assert "Component: equilibria 1, 3 span a continuum" in out
    assert "Equilibrium 4 of 4" in out


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ("ce", "the mediator draws"),
        ("cce", "before he is told anything"),
        ("efce", "who disobeys is told no more"),
        ("rationalisable", "left to Stranger"),
        ("security", "Bully secures"),
        ("stackelberg", "Stranger commits to"),
        ("perfect", "perfect: yes"),
        ("proper", "proper: yes"),
    ],
)
def test_every_concept_has_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], concept: str, words: str
) -> None:
    file = saved(tmp_path, beer_quiche())
    code, out, _ = run(capsys, file, "--concept", concept)
    assert code == 0
    assert words in out
    code, out, _ = run(capsys, file, "--concept", concept, "--json")
    assert json.loads(out)


def test_many_equilibria_are_told_by_outcome_and_large_games_by_what_is_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    builder.pay(out, [5, 5])
    for node in builder.move(entered, builder.information_set(1, ["a", "b", "c"])):
        for leaf in builder.move(node, builder.information_set(1, ["x", "y", "z"])):
            builder.pay(leaf, [0, 3])
    file = saved(tmp_path, builder.build())
    code, brief, _ = run(capsys, file)
    assert code == 0
    assert "Equilibrium 2 of 81" not in brief
    assert "play is the same in 80 more" in brief
    _, full, _ = run(capsys, file, "--full")
    assert "Equilibrium 81 of 81" in full
    _, poker, _ = run(capsys, saved(tmp_path, kuhn(7)), "--one")
    assert "more information sets, of which play comes to" in poker
    assert len(poker.splitlines()) < 40


def test_probabilities_are_told_in_words_or_as_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, kuhn())
    _, words, _ = run(capsys, file)
    assert "two times in three" in words
    for more in ((), ("--full",)):
        _, numbers, _ = run(capsys, file, "--numbers", *more)
        assert "2/3" in numbers
        assert "times in" not in numbers


def test_the_best_profile_is_shown_where_none_is_certified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_problem, "STAGE_TOLERANCE", -1.0)
    monkeypatch.setattr(method_choice, "polished", lambda *_, **__: iter(()))
    monkeypatch.setattr(method_choice, "two_mix", lambda _: None)
    monkeypatch.setattr(method_choice, "gambit", lambda *_: lambda _: None)
    builder = TreeBuilder(["A", "B", "C"])
    sets = [builder.information_set(i, ["0", "1"]) for i in range(3)]
    for a, after_a in enumerate(builder.move(0, sets[0])):
        for b, after_b in enumerate(builder.move(after_a, sets[1])):
            for c, leaf in enumerate(builder.move(after_b, sets[2])):
                builder.pay(leaf, [int(a == b), int(b == c), int(c != a)])
    code, out, _ = run(capsys, saved(tmp_path, builder.build()), "--budget", "1")
    assert code == 1
    assert "an ε-equilibrium" in out
    assert "max regret" in out


def test_a_concept_that_does_not_exist_is_refused_before_a_model_is_asked() -> None:
    with pytest.raises(UserError, match="there is no concept 'fair'"):
        make_options(concept="fair")
    assert make_options(concept="sequential", all_equilibria=True).concept == "sequential"


def test_a_selection_is_told_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game = saved(tmp_path, beer_quiche())
    code, out, _ = run(capsys, game, "--select", "welfare")
    assert code == 0
    assert "Equilibrium 1 of 4" in out
    assert "Equilibrium 2 of 4" not in out
    assert "Selected by welfare: 2 of 4 (the payoffs sum to 19/5)." in out
    code, out, _ = run(capsys, game, "--select", "welfare", "--json")
    assert json.loads(out)["selection"]["equilibria"] == [1, 3]


def test_a_selection_from_a_list_that_may_lack_some_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, saved(tmp_path, meeting_of_three()), "--select", "welfare")
    assert code == 0
    assert "(of those found: the payoffs sum to 3)" in out


OUTSIDE = """EFG 2 R "outside option" { "A" "B" }
p "" 1 1 "" { "Out" "In" } 0
t "" 1 "" { 2 2 }
p "" 1 2 "" { "T" "W" } 0
p "" 2 1 "" { "t" "w" } 0
t "" 2 "" { 3 1 }
t "" 3 "" { 0 0 }
p "" 2 1 "" { "t" "w" } 0
t "" 4 "" { 0 0 }
t "" 5 "" { 1 3 }
"""


def test_proper_and_not_subgame_perfect_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "outside.efg"
    file.write_text(OUTSIDE, encoding="utf-8")
    _, out, _ = run(capsys, str(file), "--concept", "proper")
    explained = out.count("proper is of plans of action")
    assert explained == out.count("subgame-perfect: no") == 1


def test_which_beliefs_of_sequential_equilibria_are_consistent_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, beer_quiche())
    _, out, _ = run(capsys, file, "--concept", "sequential")
    assert "all of these beliefs are consistent" in out
    assert "of each information set alone" not in out


def test_what_is_certified_where_none_is_proper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequential_search, "_from_logit_path", lambda *_: iter(()))
    code, out, _ = run(capsys, saved(tmp_path, meeting_of_three()), "--concept", "proper")
    assert code == 1
    assert ": found Nash equilibria, certified as such" in out
    assert ": certified" not in out
