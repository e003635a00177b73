"""The examination: its questions tell no answers and cover the game; disagreements are found."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.examination import (
    Answers,
    Questions,
    compare_answers,
    make_questions,
    read_answers,
)
from nl2efg.examination.answers import Knowledge, Payoff, Reply
from nl2efg.examination.questions import MAX_DECISIONS, MAX_DRAWS, MAX_ENDS, MAX_STEPS
from nl2efg.frontend.examination import examination_answers, examination_messages
from nl2efg.game import CHANCE, GameTree, TreeBuilder
from nl2efg.schema.diagnostic_codes import known_codes
from tests.trees import game_trees, kuhn

TEXT = "Ann and Ben play."


def honest(questions: Questions) -> Answers:
    """The answers of a reader for whom the tree is right."""
    tree = questions.tree
    infosets = tree.information_sets
    return Answers(
        {
            node: Knowledge(f"set {tree.set_of[node]}", len(infosets[tree.set_of[node]].actions))
            for node in questions.decisions
        },
        {node: tuple(map(Payoff, tree.path_payoffs[node])) for node in questions.ends},
        {node: infosets[tree.set_of[node]].probabilities for node in questions.draws},
        0,
    )


def codes(tree: GameTree, answers: Answers) -> list[str]:
    return [one.code for one in compare_answers(make_questions(tree), answers)]


@settings(max_examples=200, deadline=None)
@given(game_trees())
def test_a_reader_who_reads_the_tree_agrees(tree: GameTree) -> None:
    questions = make_questions(tree)
    assert compare_answers(questions, honest(questions)) == ()


@settings(max_examples=200, deadline=None)
@given(game_trees())
def test_small_games_are_asked_whole_and_every_set_is_met(tree: GameTree) -> None:
    questions = make_questions(tree)
    decisions = [n for n in range(len(tree)) if tree.player_of(n) not in (None, CHANCE)]
    decisions.sort(key=lambda n: tree.information_sets[tree.set_of[n]].player)
    if len(decisions) <= MAX_DECISIONS:
        assert list(questions.decisions) == decisions
    if len(tree.terminals) <= MAX_ENDS:
        assert questions.ends == tuple(tree.terminals)
    own = {n for n, each in enumerate(tree.information_sets) if not each.is_chance}
    if len(own) <= MAX_DECISIONS:
        assert {tree.set_of[node] for node in questions.decisions} == own


def wide(sets: int, members: int) -> GameTree:
    """A draw of many outcomes, of which a player learns a part."""
    builder = TreeBuilder(["Ann"])
    count = sets * members
    nodes = builder.move(
        0, builder.chance([str(n) for n in range(count)], [Fraction(1, count)] * count)
    )
    owns = [builder.information_set(0, ["a", "b"]) for _ in range(sets)]
    for number, node in enumerate(nodes):
        for value, end in enumerate(builder.move(node, owns[number % sets])):
            builder.pay(end, [value * (number % 3)])
    return builder.build()


def test_large_games_are_sampled_alike_each_time_and_it_is_said() -> None:
    tree = wide(15, 10)
    questions = make_questions(tree)
    assert questions == make_questions(tree)
    assert len(questions.decisions) == MAX_DECISIONS
    assert len(questions.ends) == MAX_ENDS
    assert len(questions.draws) <= MAX_DRAWS
    met = [tree.set_of[node] for node in questions.decisions]
    assert all(met.count(number) >= 2 for number in set(met))
    assert len(set(met)) == 15
    assert {tree.path_payoffs[node] for node in questions.ends} == {(0,), (1,), (2,)}
    assert questions.coverage == "40 of 150 decisions, 40 of 300 ends"
    assert not questions.is_whole


def test_very_deep_nodes_are_not_asked() -> None:
    builder = TreeBuilder(["Ann"])
    node = 0
    for _ in range(MAX_STEPS + 5):
        stop, node = builder.move(node, builder.information_set(0, ["stop", "go"]))
        builder.pay(stop, [0])
    builder.pay(node, [1])
    tree = builder.build()
    questions = make_questions(tree)
    assert max(tree.depth[n] for n in (*questions.decisions, *questions.ends)) <= MAX_STEPS
    assert not questions.is_whole


def test_the_prompt_tells_no_answer() -> None:
    """Two games that differ in sets, payoffs and probabilities alone are asked alike."""
    tree = kuhn()
    sets = tuple(
        replace(
            own, label=f"secret {n}", probabilities=own.probabilities and own.probabilities[::-1]
        )
        for n, own in enumerate(tree.information_sets)
    )
    paid = tuple(
        replace(each, label="secret", payoffs=tuple(7 * v for v in each.payoffs))
        for each in tree.outcomes
    )
    other = replace(tree, information_sets=sets, outcomes=paid)
    asked = [examination_messages(TEXT, make_questions(each)) for each in (tree, other)]
    assert asked[0] == asked[1]
    assert "secret" not in asked[1][1].content


def market() -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    good, bad = builder.move(0, builder.chance(["Good", "Bad"], [Fraction(1, 4), Fraction(3, 4)]))
    joined = builder.information_set(1, ["Buy", "Leave"])
    for state, node in enumerate((good, bad)):
        sell, keep = builder.move(node, builder.information_set(0, ["Sell", "Keep"]))
        builder.pay(keep, [0, 0])
        bought, left = builder.move(sell, joined)
        builder.pay(bought, [2, 1 - 2 * state])
        builder.pay(left, [0, 0])
    return builder.build()


def changed(tree: GameTree, **changes: dict[int, Any]) -> Answers:
    answers = honest(make_questions(tree))
    return replace(answers, **{kind: getattr(answers, kind) | new for kind, new in changes.items()})


def node(tree: GameTree, *labels: str) -> int:
    from nl2efg.game import find_history

    (found,) = find_history(tree, labels)
    return found


def test_every_kind_of_disagreement() -> None:
    tree = market()
    sold = node(tree, "Good", "Sell"), node(tree, "Bad", "Sell")
    kept = node(tree, "Good", "Keep")
    ann = node(tree, "Good"), node(tree, "Bad")
    for answers, wanted in (
        (changed(tree, decisions={ann[0]: None}), ["C801"]),
        (changed(tree, ends={kept: None}), ["C801"]),
        (changed(tree, draws={0: None}), ["C801"]),
        (changed(tree, decisions={ann[0]: Knowledge("set 1", 3)}), ["C802"]),
        (changed(tree, decisions={sold[0]: Knowledge("that it is good", 2)}), ["C803"]),
        (changed(tree, decisions={each: Knowledge("Nothing!", 2) for each in ann}), ["C804"]),
        (changed(tree, draws={0: (Fraction(1, 2), Fraction(1, 2))}), ["C805"]),
        (changed(tree, ends={kept: (Payoff(Fraction(1)), None)}), ["C806"]),
    ):
        assert codes(tree, answers) == wanted


def test_ranks_are_compared_with_the_payoffs() -> None:
    tree = market()
    order = sorted({tree.path_payoffs[end][0] for end in tree.terminals})
    ranked = {
        end: (Payoff(rank=1 + order.index(tree.path_payoffs[end][0])), None)
        for end in tree.terminals
    }
    assert codes(tree, changed(tree, ends=ranked)) == []
    worse = ranked | {node(tree, "Good", "Keep"): (Payoff(rank=9), None)}
    assert codes(tree, changed(tree, ends=worse)) == ["C806"]


def test_what_is_rounded_agrees() -> None:
    tree = market()
    end = node(tree, "Good", "Sell", "Buy")
    third = replace(
        tree,
        outcomes=tuple(
            replace(each, payoffs=(Fraction(2, 3), each.payoffs[1]))
            if each.payoffs[0] == 2
            else each
            for each in tree.outcomes
        ),
    )
    rounded = Reply(E={f"E{1 + list(third.terminals).index(end)}": ["0.667", 1]})
    assert (
        compare_answers(make_questions(third), read_answers(rounded, make_questions(third))) == ()
    )


def test_a_reply_is_read_with_its_liberties() -> None:
    tree = market()
    questions = make_questions(tree)
    reply = {
        "K": {"K1": ["good", 2], "2": "bad", "K3": None, "K4": 7},
        "E": {"E1": ["2", "#3"], "E2": ["0 #1", "−1/2"], "E3": None, "E4": ["?", "x"], "E5": [1]},
        "C": {"C1": ["25e-2", "3/4"]},
    }
    found = examination_answers(f"So:\n```json\n{json.dumps(reply)}\n```", questions)
    assert found is not None
    first, second, third, _ = questions.decisions
    assert found.decisions == {
        first: Knowledge("good", 2),
        second: found.decisions[second],
        third: None,
    }
    ends = questions.ends
    assert found.ends[ends[0]] == (Payoff(Fraction(2)), Payoff(rank=3))
    assert found.ends[ends[1]] == (Payoff(Fraction(0), 1), Payoff(Fraction(-1, 2)))
    assert found.ends[ends[2]] is None
    assert found.ends[ends[3]] == (None, None)
    assert found.draws == {0: (Fraction(1, 4), Fraction(3, 4))}
    assert found.unread == 3


@pytest.mark.parametrize("reply", ["", "no JSON", "[]", '{"K": 3}', '{"K": {"K1": {}}, "E": []}'])
def test_what_is_no_answer(reply: str) -> None:
    questions = make_questions(market())
    found = examination_answers(reply, questions)
    assert found is None or compare_answers(questions, found) == ()


def test_a_disagreement_becomes_a_finding() -> None:
    tree = market()
    (one,) = compare_answers(
        make_questions(tree), changed(tree, draws={0: (Fraction(1, 2), Fraction(1, 2))})
    )
    told = one.diagnostic(tree, line=4, sentence="One in four is good.")
    assert str(told).startswith(
        "warning C805: an independent reader of the text says: at the root "
    )
    assert "in the game Good 1/4, Bad 3/4; which is right? (line 4, the root)" in str(told)


def test_a_reply_without_answers_is_said() -> None:
    """That becomes note C807 where the pipeline asks; see ``tests/integration/test_verify.py``."""
    assert {"C807", "C808"} <= known_codes().keys()
    assert examination_answers("none", make_questions(market())) is None
