"""Information sets from answers about knowledge: the tree first, then who knows what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from nl2efg.comparison import cluster, compare
from nl2efg.errors import ReplyError
from nl2efg.examination.answers import Answers, Knowledge
from nl2efg.examination.knowledge_sets import BATCH, knowledge_questions, with_knowledge
from nl2efg.game import CHANCE, NO_SET, GameTree, TreeBuilder
from nl2efg.game.analysis import has_perfect_information
from tests.trees import game_trees, kuhn


def open_tree(tree: GameTree) -> GameTree:
    """The game as if everybody saw everything."""
    sets, set_of = [], []
    for number in tree.set_of:
        if number == NO_SET:
            set_of.append(NO_SET)
            continue
        set_of.append(len(sets))
        sets.append(tree.information_sets[number])
    return replace(tree, information_sets=tuple(sets), set_of=tuple(set_of))


@settings(max_examples=200, deadline=None)
@given(game_trees())
def test_true_answers_give_the_game_back(tree: GameTree) -> None:
    seen = open_tree(tree)
    assert has_perfect_information(seen)
    batches = knowledge_questions(seen)
    asked = [node for batch in batches for node in batch.decisions]
    assert sorted(asked) == [n for n in range(len(tree)) if tree.player_of(n) not in (None, CHANCE)]
    answers = [
        Answers(
            {node: Knowledge(f"knows {tree.set_of[node]}") for node in batch.decisions}, {}, {}, 0
        )
        for batch in batches
    ]
    assert compare(with_knowledge(seen, answers), tree, "isomorphic", names="anchored").same


def test_without_answers_everybody_sees_everything() -> None:
    assert has_perfect_information(with_knowledge(kuhn(), []))


def test_large_trees_are_asked_in_batches_and_very_large_ones_not_at_all() -> None:
    def fan(count: int) -> GameTree:
        builder = TreeBuilder(["Ann", "Ben"])
        labels = [str(n) for n in range(count)]
        for node in builder.move(0, builder.information_set(0, labels)):
            for end in builder.move(node, builder.information_set(1, ["l", "r"])):
                builder.pay(end, [0, 0])
        return builder.build()

    assert [len(batch.decisions) for batch in knowledge_questions(fan(BATCH - 1))] == [BATCH]
    batches = knowledge_questions(fan(BATCH + 5))
    assert [len(batch.decisions) for batch in batches] == [1, BATCH, 5]
    with pytest.raises(ReplyError, match="too many decisions"):
        knowledge_questions(fan(700))


def test_agreement_across_methods_weighs_more() -> None:
    one = kuhn()
    other = replace(one, outcomes=one.outcomes[::-1])
    trees = [other, one, other, one, other]
    assert cluster(trees).clusters[0] == (0, 2, 4)
    kinds = ["sketch", "sketch", "sketch", "tree-first", "sketch"]
    assert cluster(trees, kinds=kinds).clusters[0] == (1, 3)
