"""The sketch against the tree, provenance, and the critic's findings."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.checks import check
from nl2efg.checks.sketch import MAX_OF_A_KIND
from nl2efg.frontend.critique import Critique, read_critique
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.provenance import provenance
from nl2efg.provenance.sketch_findings import sketch_findings
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch
from tests.trees import game_trees

TEXT = (
    "Ann the seller and Ben the buyer meet. The good is sound in one case of four. "
    "Ann knows whether it is, and asks a high or a low price. "
    "Ben hears the price but cannot see the good, and buys or leaves. "
    "If he leaves, both get 0. A sound good at a high price gives both 2."
)
HALF = {"payoffs": [{"player": "Ann", "value": "0"}, {"player": "Ben", "value": "0"}]}


def market(
    *, hidden: bool = True, sound: Fraction = Fraction(1, 4), first: int = 2, blind: bool = False
) -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    shared = {price: builder.information_set(1, ["Buy", "Leave"]) for price in ("High", "Low")}
    for state, node in enumerate(
        builder.move(0, builder.chance(["Sound", "Bad"], [sound, 1 - sound]))
    ):
        own = builder.information_set(0, ["High", "Low"])
        for price, answer in zip(("High", "Low"), builder.move(node, own), strict=True):
            if blind:
                price = "High"
            joined = shared[price] if hidden else builder.information_set(1, ["Buy", "Leave"])
            bought, left = builder.move(answer, joined)
            builder.pay(bought, [first - state, first - 2 * state])
            builder.pay(left, [0, 0])
    return builder.build()


def sketch(**changes: Any) -> Sketch:
    told: dict[str, Any] = {
        "players": [
            {"name": "Ann", "quote": "Ann the seller"},
            {"name": "Ben", "quote": "Ben the buyer"},
        ],
        "chance": [
            {
                "histories": [[]],
                "outcomes": ["Sound", "Bad"],
                "probabilities": ["1/4", "3/4"],
                "quote": "sound in one case of four",
            }
        ],
        "information_sets": [
            {"player": "Ann", "histories": [["Sound"]], "actions": ["High", "Low"]},
            {"player": "Ann", "histories": [["Bad"]], "actions": ["High", "Low"]},
            {
                "player": "Ben",
                "histories": [["*", "High"]],
                "actions": ["Buy", "Leave"],
                "knows": "the price",
                "hidden": "the good",
                "quote": "cannot see the good",
            },
            {"player": "Ben", "histories": [["*", "Low"]], "actions": ["Buy", "Leave"]},
        ],
        "claims": [
            {"history": ["*", "*", "Leave"], "quote": "both get 0", **HALF},
            {
                "history": ["Sound", "High", "Buy"],
                "payoffs": [{"player": "Ann", "value": 2}, {"player": "Ben", "value": 2}],
                "quote": "A sound good at a high price gives both 2",
            },
        ],
    }
    told.update(changes)
    return Sketch.model_validate(told)


def found(tree: GameTree, reading: Sketch, text: str = TEXT) -> list[Diagnostic]:
    return [
        one
        for one in check(tree, text=text, sketch=reading)
        if one.code.startswith("C6") and one.code != "C614"
    ]


def codes(tree: GameTree, reading: Sketch) -> set[str]:
    return {one.code for one in found(tree, reading)}


def test_agreement() -> None:
    assert found(market(), sketch()) == []


def test_loose_names_and_labels_agree() -> None:
    told = sketch().model_dump_json().replace("Ann", "ANN").replace("Sound", "sound!")
    assert found(market(), Sketch.model_validate_json(told)) == []


def test_other_players() -> None:
    three = [{"name": "Ann"}, {"name": "Ben"}, {"name": "Cid"}]
    assert "C601" in codes(market(), sketch(players=three))


def test_missing_history() -> None:
    own = [{"player": "Ben", "histories": [["Sound", "Middle"]], "actions": ["Buy", "Leave"]}]
    (one,) = found(market(), sketch(information_sets=own))
    assert one.code == "C602"
    assert one.history == ("Sound",)
    assert "High, Low" in one.message


def test_simultaneous_moves_may_be_told_either_way_round() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    shared = builder.information_set(1, ["Up", "Down"])
    for node in builder.move(0, builder.information_set(0, ["Left", "Right"])):
        for end in builder.move(node, shared):
            builder.pay(end, [0, 0])
    claim = {"history": ["Up", "Left"], **HALF}
    assert found(builder.build(), sketch(chance=[], information_sets=[], claims=[claim])) == []


def test_another_mover_and_other_actions() -> None:
    own = [{"player": "Ben", "histories": [["Sound"]], "actions": ["High", "Low"]}]
    assert codes(market(), sketch(information_sets=own)) == {"C603"}
    own = [{"player": "Ann", "histories": [["Sound"]], "actions": ["High", "Free"]}]
    assert codes(market(), sketch(information_sets=own)) == {"C604"}


def test_a_set_that_the_tree_splits() -> None:
    split = [one for one in found(market(hidden=False), sketch()) if one.code == "C605"]
    assert len(split) == 2
    assert split[0].history == ("Bad", "High")
    assert split[0].sentence is not None
    assert "cannot see the good" in split[0].sentence
    assert "the good" in split[0].message


def test_sets_that_the_tree_joins() -> None:
    (one,) = found(market(blind=True), sketch())
    assert one.code == "C606"
    assert "apart" in one.message


def test_chance() -> None:
    assert codes(market(sound=Fraction(1, 2)), sketch()) == {"C608"}
    elsewhere = sketch().chance[0].model_dump() | {"histories": [["Sound"]]}
    assert codes(market(), sketch(chance=[elsewhere])) == {"C607"}


def test_claims() -> None:
    assert codes(market(first=3), sketch()) == {"C610"}
    early = {"history": ["Sound", "High"], **HALF}
    assert codes(market(), sketch(claims=[early])) == {"C609"}


def test_an_order_frees_the_payoffs_that_it_names() -> None:
    order = ["u[Ann](Sound, High, Buy) > u[Ann](Bad, High, Buy)"]
    told = sketch(
        payoff_order=order,
        claims=[
            {"history": ["Sound", "High", "Buy"], "payoffs": [{"player": "Ann", "value": "99"}]}
        ],
    )
    assert found(market(), told) == []
    broken = [order[0].replace(">", "<")]
    (one,) = found(market(), sketch(payoff_order=broken))
    assert one.code == "C611"
    unread = ["u[Ann](Sound, High > 1", "u[Cid](Sound, High, Buy) > 0"]
    notes = found(market(), sketch(payoff_order=unread))
    assert {(one.code, one.severity) for one in notes} == {("C612", Severity.NOTE)}


def test_many_findings_of_a_kind_are_cut() -> None:
    builder = TreeBuilder(["Ann"])
    labels = [f"a{number}" for number in range(40)]
    for end in builder.move(0, builder.information_set(0, labels)):
        builder.pay(end, [1])
    claims = [
        {"history": [label], "payoffs": [{"player": "Ann", "value": "2"}]} for label in labels
    ]
    told = sketch(players=[{"name": "Ann"}], chance=[], information_sets=[], claims=claims)
    wrong = found(builder.build(), told)
    assert len(wrong) == MAX_OF_A_KIND
    assert f"and {40 - MAX_OF_A_KIND} more" in wrong[-1].message


def test_a_text_that_is_no_game_is_not_compared() -> None:
    assert found(market(), Sketch(is_game=False)) == []


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(game_trees(), game_trees())
def test_a_sketch_of_a_tree_agrees_with_it_and_any_other_does_no_harm(
    tree: GameTree, other: GameTree
) -> None:
    told = read_off(tree)
    assert [one for one in check(tree, sketch=told) if one.code.startswith("C6")] == []
    check(other, sketch=told)


def read_off(tree: GameTree) -> Sketch:
    """The sketch that says exactly what a tree is."""
    chance, sets = [], []
    for own, nodes in zip(tree.information_sets, tree.members, strict=True):
        row = {"histories": [list(tree.history(node)) for node in nodes]}
        if own.probabilities is not None:
            numbers = list(map(str, own.probabilities))
            chance.append({**row, "outcomes": list(own.actions), "probabilities": numbers})
        else:
            name = tree.players[own.player]
            sets.append({**row, "player": name, "actions": list(own.actions)})
    claims = [
        {
            "history": list(tree.history(node)),
            "payoffs": [
                {"player": name, "value": str(value)}
                for name, value in zip(tree.players, tree.path_payoffs[node], strict=True)
            ],
        }
        for node in tree.terminals
    ]
    return Sketch.model_validate(
        {
            "players": [{"name": name} for name in tree.players],
            "chance": chance,
            "information_sets": sets,
            "claims": claims,
        }
    )


# Provenance


CODE = """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Ben"])
# The good is sound in one case of four
g.append_move(g.root, g.players.chance, ["Sound", "Bad"])
g.append_move(g.root.children[0], "Ann", ["High", "Low"])
"""


def test_provenance_by_quotes_comments_and_words() -> None:
    tree = market()
    lines = SourceMap(move={0: 4, 1: 5}, information_set={0: 4}, outcome={})
    rows = provenance(tree, text=TEXT, sketch=sketch(), lines=lines, code=CODE)
    by_kind = {kind: [row for row in rows if row.kind == kind] for kind in {r.kind for r in rows}}
    assert [(row.name, row.line) for row in by_kind["player"]] == [("Ann", 2), ("Ben", 2)]
    assert all(row.sentence and row.sentence.startswith("Ann the") for row in by_kind["player"])
    assert len(by_kind["move"]) == sum(number >= 0 for number in tree.set_of)
    (probability,) = by_kind["probability"]
    assert probability.sentence is not None
    assert "one case of four" in probability.sentence
    assert probability.line == 4
    bens = [row for row in by_kind["information set"] if row.node == tree.find(("Sound", "High"))]
    assert bens[0].sentence is not None
    assert "cannot see" in bens[0].sentence
    paid = {row.node: row.sentence for row in by_kind["payoff"]}
    assert paid[tree.find(("Sound", "High", "Buy"))] == TEXT[TEXT.index("A sound") :]
    assert paid[tree.find(("Bad", "Low", "Buy"))] is None


def test_provenance_without_a_sketch() -> None:
    lines = SourceMap(move={0: 4}, information_set={}, outcome={})
    rows = provenance(market(), text=TEXT, lines=lines, code=CODE)
    moves = [row for row in rows if row.kind == "move"]
    assert moves[0].sentence == "The good is sound in one case of four."
    sets = [row for row in rows if row.kind == "information set"]
    assert any(row.sentence and "cannot see the good" in row.sentence for row in sets)


def test_payoffs_are_found_by_their_numbers_and_actions() -> None:
    text = (
        "Ann asks a high or a low price. "
        "If the good is sound, the price is high and Ben buys, they get (2, 2). "
        "If it is bad and he buys at a high price, they get (1, 0)."
    )
    paid = {row.node: row.sentence for row in provenance(market(), text=text)}
    tree = market()
    assert "they get (2, 2)" in str(paid[tree.find(("Sound", "High", "Buy"))])
    assert "they get (1, 0)" in str(paid[tree.find(("Bad", "High", "Buy"))])
    assert paid[tree.find(("Bad", "Low", "Leave"))] is None


def test_what_no_sentence_supports_is_assumed() -> None:
    rows = provenance(market(), text="Zoe und Yan spielen.", code="broken (")
    assert {row.sentence for row in rows} == {None}


@settings(max_examples=40, deadline=None)
@given(game_trees())
def test_every_part_has_a_row(tree: GameTree) -> None:
    rows = provenance(tree, text=TEXT, sketch=read_off(tree))
    sentences = {row.sentence for row in rows} - {None}
    assert all(sentence in TEXT for sentence in sentences if sentence)
    kinds = [row.kind for row in rows]
    chance = sum(own.is_chance for own in tree.information_sets)
    assert kinds.count("player") == len(tree.players)
    assert kinds.count("probability") == chance
    assert kinds.count("information set") == len(tree.information_sets) - chance
    assert kinds.count("payoff") == sum(outcome >= 0 for outcome in tree.outcome_of)


# The critic


def reply(*points: dict[str, Any]) -> str:
    return json.dumps({"contradictions": list(points)})


def test_a_contradiction_that_quotes_the_text() -> None:
    point = {"quote": "cannot  see the GOOD", "problem": "Ben sees it.", "fix": "Hide it."}
    (one,) = read_critique(f"Here:\n```json\n{reply(point)}\n```", TEXT)
    assert (one.code, one.severity) == ("C701", Severity.WARNING)
    assert one.sentence is not None
    assert one.sentence.startswith("Ben hears")
    assert one.fix == "Hide it"


def test_quotes_that_the_text_does_not_hold_are_dropped() -> None:
    points = [
        {"quote": "Ben sees the good", "problem": "made up", "fix": ""},
        {"quote": "", "problem": "no quote", "fix": None},
    ]
    (one,) = read_critique(reply(*points), TEXT)
    assert (one.code, one.severity) == ("C702", Severity.NOTE)
    assert "2 points" in one.message


@pytest.mark.parametrize(
    "text", ["no json", "", "{", "```json\n[1, 2]\n```", '{"contradictions": 3}', '{"points": []}']
)
def test_no_critique(text: str) -> None:
    (one,) = read_critique(text, TEXT)
    assert (one.code, one.severity) == ("C702", Severity.NOTE)


def test_agreement_of_the_critic() -> None:
    assert read_critique(f"All is well. {reply()}", TEXT) == ()
    assert Critique.model_validate_json(reply()).contradictions == []


# The codes


def test_the_codes_in_the_sources_are_the_documented_ones() -> None:
    package = Path(str(import_module("nl2efg").__file__)).parent
    used = {
        code
        for file in (
            *package.glob("checks/*.py"),
            package / "provenance" / "sketch_findings.py",
            package / "examination" / "disagreements.py",
            package / "frontend" / "critique.py",
            *package.glob("pipeline/*.py"),
        )
        for code in re.findall(r'"(C\d{3})"', file.read_text(encoding="utf-8"))
    }
    assert used == {code for code in known_codes() if re.fullmatch(r"C\d{3}", code)}


def test_every_code_has_a_test() -> None:
    here = Path(__file__).parent
    tested = {
        code
        for file in here.glob("test_check*.py")
        for code in re.findall(r'"(C\d{3})"', file.read_text(encoding="utf-8"))
    }
    assert tested == {code for code in known_codes() if re.fullmatch(r"C\d{3}", code)}


def test_checks_and_report_read_the_sketch_alike() -> None:
    """Simultaneous moves told in the other order: neither the checks nor the report object."""
    from nl2efg.drawing.html.sketch_table import compare_sketch

    builder = TreeBuilder(["Ann", "Ben"])
    hidden = builder.information_set(1, ["L", "R"])
    for row, node in enumerate(builder.move(0, builder.information_set(0, ["U", "D"]))):
        for column, end in enumerate(builder.move(node, hidden)):
            builder.pay(end, [row, column])
    claim = {
        "history": ["L", "D"],
        "payoffs": [{"player": "Ann", "value": "1"}, {"player": "Ben", "value": "0"}],
    }
    own = {"player": "Ann", "histories": [[]], "actions": ["U", "D"]}
    reading = sketch(chance=[], information_sets=[own], claims=[claim])
    tree = builder.build()
    assert found(tree, reading) == []
    assert [row.agrees for row in compare_sketch(reading, tree)] == [True, True]


@settings(max_examples=40)
@given(game_trees())
def test_a_row_of_the_report_disagrees_exactly_where_a_check_does(tree: GameTree) -> None:
    from nl2efg.drawing.html.sketch_table import compare_sketch

    for reading in (sketch(), sketch(claims=[])):
        parts = {
            one.subject is not None and id(one.subject)
            for one in sketch_findings(SketchMatch(tree, reading))
        }
        rows = compare_sketch(reading, tree)
        subjects = [*reading.information_sets, *reading.claims]
        for subject, row in zip(subjects, rows, strict=True):
            if id(subject) in parts:
                assert row.agrees is False


def test_a_whole_sketch_is_compared_by_structure() -> None:
    """Other labels and another order of simultaneous moves are the same game; C614 tells others."""
    told = sketch().model_dump_json()
    for old, new in (("Sound", "Peach"), ("Bad", "Lemon"), ("Buy", "Take"), ("Leave", "Go")):
        told = told.replace(f'"{old}"', f'"{new}"')
    other = Sketch.model_validate_json(told)
    both = {"Ann": 2, "Ben": 2}, {"Ann": 1, "Ben": 0}
    claims = [
        {
            "history": [good, "*", "Take"],
            "payoffs": [{"player": name, "value": str(value)} for name, value in paid.items()],
        }
        for good, paid in zip(("Peach", "Lemon"), both, strict=True)
    ]
    claims.append({"history": ["*", "*", "Go"], **HALF})
    whole = other.model_validate(other.model_dump() | {"claims": claims})
    right = check(market(), text=TEXT, sketch=whole)
    assert not [one for one in right if one.code.startswith("C6")]
    (wrong,) = (
        one for one in check(market(hidden=False), text=TEXT, sketch=whole) if one.code == "C614"
    )
    assert wrong.severity is Severity.WARNING
    assert "Ben's information set" in wrong.message
    assert "is split in the game" in wrong.message


def test_the_more_exact_claim_counts() -> None:
    claims = [
        {"history": ["*", "*", "*"], **HALF},
        {
            "history": ["Sound", "High", "Buy"],
            "payoffs": [{"player": "Ann", "value": 2}, {"player": "Ben", "value": 2}],
        },
        {
            "history": ["*", "*", "Buy"],
            "payoffs": [{"player": "Ann", "value": 1}, {"player": "Ben", "value": 0}],
        },
        {"history": ["*", "*"], **HALF},
    ]
    told = [one.message for one in found(market(), sketch(claims=claims)) if one.code == "C610"]
    # One of the good's four sales pays what the general rule says it does not.
    assert len(told) == 1
    assert "C609" not in codes(market(), sketch(claims=claims))


def test_a_claim_of_named_actions_counts_before_one_of_any() -> None:
    """``High|Low`` says more than ``*``: the general rule is not held against these ends."""
    tree = market()
    claims: list[dict[str, Any]] = [{"history": ["*"] * 3, **HALF}, {"history": ["*"] * 2, **HALF}]
    for node in tree.terminals:
        ann, ben = map(str, tree.path_payoffs[node])
        claims.append(
            {
                "history": [f"{step}|nothing" for step in tree.history(node)],
                "payoffs": [{"player": "Ann", "value": ann}, {"player": "Ben", "value": ben}],
            }
        )
    assert "C610" in codes(tree, sketch(claims=claims[:2]))
    assert "C610" not in codes(tree, sketch(claims=claims))
