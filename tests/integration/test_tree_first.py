"""The second way to the game: the tree first, then one question a node; and both ways mixed."""

from __future__ import annotations

import json

import pytest

import nl2efg
from nl2efg.errors import UserError
from nl2efg.models import ScriptedModel
from tests.corpora import WRONG
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = pytest.mark.process


def known(**answers: object) -> str:
    return f"```json\n{json.dumps({'K': answers})}\n```"


BOTH = known(K1=["nothing", 2], K2=["that Ida left it", 2])


def tree_model(**stages: str) -> ScriptedModel:
    return coin_model(tree=fenced(CODE), knowledge_1=BOTH, **stages)


def test_tree_first() -> None:
    model = tree_model()
    compilation = nl2efg.compile(TEXT, model=model, method="tree-first", solve=False)
    assert model.stages == ["tree", "knowledge-1"]
    usual = nl2efg.compile(TEXT, model=coin_model(), solve=False)
    assert nl2efg.compare(compilation.tree, usual.tree, "isomorphic", names="anchored").same
    assert "information" not in compilation.record.exchanges[0].prompt
    assert compilation.record.attempts[0].stage == "tree"


def test_what_looks_alike_is_joined() -> None:
    text = "Ann and Ben each write H or T, unseen. Ann wins 1 from Ben if they agree, else he wins."
    code = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Ben"])
g.append_move(g.root, "Ann", ["H", "T"])
for one in ["H", "T"]:
    g.append_move(g.root.children[one], "Ben", ["H", "T"])
    for two in ["H", "T"]:
        won = 1 if one == two else -1
        g.set_outcome(g.root.children[one].children[two], g.add_outcome([won, -won]))
"""
    model = ScriptedModel(
        {
            "tree": fenced(code),
            "knowledge-1": known(K1=["nothing", 2], K2=["nothing", 2], K3=["Nothing.", 2]),
        }
    )
    compilation = nl2efg.compile(text, model=model, method="tree-first", solve=False)
    assert sorted(map(len, compilation.tree.members)) == [1, 2]


def test_a_choice_that_the_reader_does_not_find_is_repaired() -> None:
    model = coin_model(
        tree=fenced(CODE), knowledge_1=known(K1=["nothing", 2], K2=None), repair_1=fenced(CODE)
    )
    compilation = nl2efg.compile(TEXT, model=model, method="tree-first", solve=False)
    assert model.stages == ["tree", "knowledge-1", "repair-1"]
    assert "C801" in model.asked[-1].messages[-1].content
    assert compilation.record.status == "compiled"


@pytest.mark.parametrize("reply", ["I cannot say.", known(K1=["nothing", 2])])
def test_knowledge_that_was_not_answered_is_repaired(reply: str) -> None:
    model = coin_model(tree=fenced(CODE), knowledge_1=reply, repair_1=fenced(CODE))
    compilation = nl2efg.compile(TEXT, model=model, method="tree-first", solve=False)
    assert model.stages == ["tree", "knowledge-1", "repair-1"]
    assert "C807" in model.asked[-1].messages[-1].content
    assert compilation.record.status == "compiled"


def test_a_tree_that_does_not_build_is_repaired() -> None:
    model = coin_model(tree="no program", repair_1=fenced(CODE))
    nl2efg.compile(TEXT, model=model, method="tree-first", solve=False)
    assert model.stages == ["tree", "repair-1"]


def test_methods_in_turn() -> None:
    model = tree_model()
    compilation = nl2efg.compile(TEXT, model=model, method="mixed", samples=2, solve=False)
    assert sorted(model.stages) == ["code", "information", "knowledge-1", "tree"]
    consensus = compilation.record.consensus
    assert consensus is not None
    assert consensus.agreeing == 2
    assert consensus.methods == ("sketch", "tree-first")
    assert consensus.ways == ("sketch", "tree-first")
    assert consensus.dissent == ()


def test_who_differs_is_told_and_agreement_across_ways_counts_more() -> None:
    """Two games are made twice each; the one that both ways come to is taken."""
    other = WRONG.replace("[0, 2]", "[0, 3]")
    model = ScriptedModel(
        {
            "information": SKETCH,
            "code": [fenced(WRONG), "", fenced(CODE), "", fenced(WRONG)],
            "tree": ["", fenced(CODE), "", fenced(other)],
            "knowledge-1": BOTH,
        }
    )
    compilation = nl2efg.compile(
        TEXT, model=model, method="mixed", samples=5, rounds=0, check=False, solve=False
    )
    consensus = compilation.record.consensus
    assert consensus is not None
    assert (consensus.agreeing, consensus.ways) == (2, ("tree-first", "sketch"))
    assert [each.partition(":")[0] for each in consensus.dissent] == [
        "samples 1, 5 (sketch)",
        "sample 4 (tree-first)",
    ]
    assert "gets 1 in A and 3 in B" in consensus.dissent[1]


def test_an_unknown_method_is_told() -> None:
    with pytest.raises(UserError, match="no method"):
        nl2efg.compile(TEXT, model=coin_model(), method="guess")  # type: ignore[arg-type]
